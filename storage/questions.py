"""Questions of fans: kept a day for their buttons, or until the team has answered; all sealed."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from storage.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it comes in: `plain` is `text` normalised, `entry` what the bot answered."""

    member: str
    platform: str
    user: str
    chat: str
    thread: str | None
    private: bool
    text: str
    plain: str
    language: str
    entry: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """`handed_at`: given to the team; `answered_at`: answered by them."""

    id: str
    member: str
    platform: str
    user: str
    chat: str
    thread: str | None
    private: bool
    text: str
    language: str
    entry: str | None
    handed_at: int | None
    answered_at: int | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question as `people` asked it; `entry` is the answer that somebody called wrong."""

    id: str
    text: str
    people: int
    entry: str | None


def _question(tx: Tx, row: Row) -> Question:
    return Question(
        row["id"], row["member"], row["platform"], row["user_id"], row["chat"], row["thread"],
        bool(row["private"]), tx.seal.open(row["text_sealed"]), row["language"],
        row["entry"], row["handed_at"], row["answered_at"],
    )  # fmt: skip


async def keep(tx: Tx, community: str, asked: Asked, new_id: str, now: int, forget_at: int) -> str:
    """Keep a question; the same person's same question, while open, is one. Returns its id."""
    key = tx.seal.derive("same question")
    same = hmac.digest(key, f"{community}:{asked.plain}".encode(), hashlib.sha256).hex()
    row = await tx.one(
        "question_keep", id=new_id, community=community, member=asked.member,
        platform=asked.platform, user_id=asked.user, chat=asked.chat, thread=asked.thread,
        private=int(asked.private), text_sealed=tx.seal.close(asked.text), same=same,
        language=asked.language, entry=asked.entry, now=now, forget_at=forget_at,
    )  # fmt: skip
    return str(row["id"]) if row else new_id


async def hand_over(tx: Tx, community: str, question: str, now: int, forget_at: int) -> bool:
    """The team gets it; False when they have it, or have answered it."""
    row = await tx.one(
        "question_hand_over", community=community, id=question, now=now, forget_at=forget_at
    )
    return row is not None


async def chosen(tx: Tx, community: str, question: str, entry: str) -> None:
    """The fan took this entry's answer."""
    await tx.run("question_chosen", community=community, id=question, entry=entry)


async def get(tx: Tx, community: str, question: str) -> Question | None:
    row = await tx.one("question_get", community=community, id=question)
    return _question(tx, row) if row else None


async def drop(tx: Tx, community: str, question: str, member: str) -> bool:
    """Forget a question of this member that the team has not answered; True when it was there."""
    row = await tx.one("question_drop", community=community, id=question, member=member)
    return row is not None


async def shared(tx: Tx, community: str, question: str) -> bool:
    """True when somebody else waits for an answer to the same."""
    row = await tx.one("question_shared", community=community, id=question)
    return row is not None


async def count(tx: Tx, community: str) -> int:
    """How many different questions wait, among the first thousand."""
    row = await tx.one("questions_count", community=community)
    return int(row["waiting"]) if row else 0


async def waiting(tx: Tx, community: str, most: int, skip: int) -> list[Waiting]:
    """Waiting questions, longest first; the same ones stand together."""
    rows = await tx.all("questions_page", community=community, most=most, skip=skip)
    return [Waiting(r["id"], tx.seal.open(r["text_sealed"]), r["people"], r["entry"]) for r in rows]


async def answer(tx: Tx, community: str, question: str, now: int) -> list[Question]:
    """Close this question and all that ask the same; each is in the result of one call only."""
    rows = await tx.all("question_answer", community=community, id=question, now=now)
    return sorted((_question(tx, row) for row in rows), key=lambda one: one.id)


async def of_member(tx: Tx, community: str, member: str, most: int) -> list[tuple[str, int]]:
    """(text, when) of what this person asked and is still kept, newest first."""
    rows = await tx.all("questions_of", community=community, member=member, most=most)
    return [(tx.seal.open(r["text_sealed"]), r["asked_at"]) for r in rows]


async def forget(tx: Tx, community: str, member: str) -> None:
    await tx.run("questions_forget", community=community, member=member)


async def forget_old(tx: Tx, community: str, now: int) -> int | None:
    """Delete what is kept long enough; when the next is due."""
    await tx.run("questions_forget_old", community=community, now=now)
    row = await tx.one("questions_forget_next", community=community)
    return row["forget_at"] if row else None


async def start_tidying(tx: Tx, community: str, now: int) -> bool:
    """True once for each community: its timer is to be started."""
    row = await tx.one("desk_get", community=community)
    if row is not None and row["tidied_since"] is not None:
        return False
    return await tx.one("desk_tidied", community=community, now=now) is not None


async def noticed_at(tx: Tx, community: str) -> int | None:
    """When the notice that the team sees now was begun."""
    row = await tx.one("desk_get", community=community)
    return row["noticed_at"] if row else None


async def begin_notice(tx: Tx, community: str, now: int) -> None:
    """From now on the team is told by a new message."""
    await tx.run("desk_noticed", community=community, now=now)
