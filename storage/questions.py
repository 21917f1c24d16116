"""Questions of fans: kept a day for their buttons, or until the team has answered; all sealed."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from storage.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it comes in: `plain` is `text` normalised, `entry` what the bot answered,
    `message` the platform's id of the message in that place."""

    member: str
    platform: str
    user: str
    chat: str
    thread: str | None
    private: bool
    message: str | None
    text: str
    plain: str
    language: str
    entry: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """`handed_at`: given to the team, to wait with all of its `theme`; `answered_at`: answered."""

    id: str
    member: str
    platform: str
    user: str
    chat: str
    thread: str | None
    private: bool
    text: str
    theme: str | None
    language: str
    entry: str | None
    handed_at: int | None
    answered_at: int | None

    @property
    def waits(self) -> bool:
        return self.handed_at is not None and self.answered_at is None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question as `people` asked it in so many `wordings`; `entry` is the answer that somebody
    called wrong, `reason` ("wrong", "old", "other" or "words") why, `note` what they wrote."""

    id: str
    text: str
    people: int
    wordings: int
    entry: str | None
    reason: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Wording:
    """One way in which `people` asked the question of a theme."""

    id: str
    theme: str
    text: str
    people: int


def same(tx: Tx, community: str, plain: str) -> str:
    """What stands for a normalised text, so that it is known again but cannot be read."""
    key = tx.seal.derive("same question")
    return hmac.digest(key, f"{community}:{plain}".encode(), hashlib.sha256).hex()


def _question(tx: Tx, row: Row) -> Question:
    return Question(
        row["id"], row["member"], row["platform"], row["user_id"], row["chat"], row["thread"],
        bool(row["private"]), tx.seal.open(row["text_sealed"]), row["theme"], row["language"],
        row["entry"], row["handed_at"], row["answered_at"],
    )  # fmt: skip


async def keep(tx: Tx, community: str, asked: Asked, new_id: str, now: int, forget_at: int) -> str:
    """Keep a question; the same person's same question, while open, is one. Returns its id."""
    row = await tx.one(
        "question_keep", id=new_id, community=community, member=asked.member,
        platform=asked.platform, user_id=asked.user, chat=asked.chat, thread=asked.thread,
        private=int(asked.private), message=asked.message, text_sealed=tx.seal.close(asked.text),
        same=same(tx, community, asked.plain), language=asked.language,
        entry=asked.entry, now=now, forget_at=forget_at,
    )  # fmt: skip
    return str(row["id"]) if row else new_id


async def hand_over(
    tx: Tx, community: str, question: str, now: int, forget_at: int, reason: str | None = None
) -> str | None:
    """The team gets it, beside those of the same words; the theme, which has the question's own
    id when nobody waits for the same. None when they have it, or have answered it."""
    row = await tx.one(
        "question_hand_over", community=community, id=question, now=now, forget_at=forget_at,
        reason=reason,
    )  # fmt: skip
    return row["theme"] if row else None


async def said_here(tx: Tx, community: str, question: Question, since: int) -> bool:
    """True when somebody else was told in the same public place, after `since`, that the team has
    this question."""
    row = await tx.one(
        "question_said_here", community=community, theme=question.theme, id=question.id,
        platform=question.platform, chat=question.chat, thread=question.thread, since=since,
    )  # fmt: skip
    return row is not None


async def answered_here(tx: Tx, community: str, asked: Asked, since: int) -> bool:
    """True when the bot answered the same words in the same public place after `since`."""
    row = await tx.one(
        "question_answered_here", community=community, same=same(tx, community, asked.plain),
        platform=asked.platform, chat=asked.chat, thread=asked.thread, since=since,
    )  # fmt: skip
    return row is not None


async def chosen(tx: Tx, community: str, question: str, entry: str) -> None:
    """The fan took this entry's answer."""
    await tx.run("question_chosen", community=community, id=question, entry=entry)


async def blamed(tx: Tx, community: str, question: str, reason: str, note: str = "") -> None:
    """Why the fan called the answer wrong."""
    await tx.run(
        "question_blamed", community=community, id=question, reason=reason,
        note_sealed=tx.seal.close(note) if note else None,
    )  # fmt: skip


async def get(tx: Tx, community: str, question: str) -> Question | None:
    row = await tx.one("question_get", community=community, id=question)
    return _question(tx, row) if row else None


async def of_message(
    tx: Tx, community: str, platform: str, chat: str, message: str
) -> Question | None:
    """The question that was asked by this message of a platform."""
    row = await tx.one(
        "question_of_message", community=community, platform=platform, chat=chat, message=message
    )
    return _question(tx, row) if row else None


async def drop(tx: Tx, community: str, question: str, member: str) -> bool:
    """Forget a question of this member that the team has not answered; True when it was there."""
    row = await tx.one("question_drop", community=community, id=question, member=member)
    return row is not None


async def shared(tx: Tx, community: str, question: str) -> bool:
    """True when somebody else waits for an answer to the same."""
    row = await tx.one("question_shared", community=community, id=question)
    return row is not None


async def count(tx: Tx, community: str, late_before: int) -> tuple[int, int]:
    """How many themes wait, and how many of them since before this moment; among the first
    hundred thousand questions."""
    row = await tx.one("questions_count", community=community, before=late_before)
    return (row["waiting"], row["late"]) if row else (0, 0)


async def waiting(tx: Tx, community: str, most: int, skip: int) -> list[Waiting]:
    """Themes that wait, longest first."""
    rows = await tx.all("questions_page", community=community, most=most, skip=skip)
    return [
        Waiting(
            r["id"], tx.seal.open(r["text_sealed"]), r["people"], r["wordings"], r["entry"],
            r["reason"], tx.seal.open(r["note_sealed"]) if r["note_sealed"] else "",
        )
        for r in rows
    ]  # fmt: skip


async def wanted(tx: Tx, community: str, most: int) -> list[tuple[str, int]]:
    """(a wording, people) of the themes most people wait for."""
    rows = await tx.all("questions_wanted", community=community, most=most)
    return [(tx.seal.open(r["text_sealed"]), r["people"]) for r in rows]


async def wordings(tx: Tx, community: str, most: int) -> list[Wording]:
    """Different wordings of all that waits: the newest, in the order they came."""
    rows = await tx.all("questions_wordings", community=community, most=most)
    return [_wording(tx, row) for row in rows]


async def wordings_of(tx: Tx, community: str, theme: str, most: int) -> list[Wording]:
    """Different wordings of one theme, the commonest first."""
    rows = await tx.all("questions_wordings_of", community=community, theme=theme, most=most)
    return [_wording(tx, row) for row in rows]


def _wording(tx: Tx, row: Row) -> Wording:
    return Wording(row["id"], row["theme"], tx.seal.open(row["text_sealed"]), row["people"])


async def join(tx: Tx, community: str, theme: str, into: str) -> bool:
    """All of `theme` waits with the questions of `into`; False when nobody waits there any more."""
    return await tx.run("question_join", community=community, theme=theme, into=into) > 0


async def apart(tx: Tx, community: str, question: Question) -> bool:
    """What was asked in these words waits by itself; False when there is nothing to part."""
    moved = await tx.run(
        "question_apart", community=community, id=question.id, theme=question.theme
    )
    return moved > 0


async def answer(tx: Tx, community: str, question: str, now: int) -> list[Question]:
    """Close all of this question's theme; each question is in the result of one call only."""
    rows = await tx.all("question_answer", community=community, id=question, now=now)
    return sorted((_question(tx, row) for row in rows), key=lambda one: one.id)


async def late(tx: Tx, community: str, before: int, now: int, most: int) -> list[Question]:
    """Questions that wait since before this moment, each in the result of one call only."""
    rows = await tx.all("questions_late", community=community, before=before, now=now, most=most)
    return sorted((_question(tx, row) for row in rows), key=lambda one: one.id)


async def next_late(tx: Tx, community: str) -> int | None:
    """Since when the next waits whose fan has not been told that it takes longer."""
    row = await tx.one("questions_late_next", community=community)
    return row["handed_at"] if row else None


async def of_member(tx: Tx, community: str, member: str, most: int) -> list[tuple[str, int]]:
    """(text, when) of what this person asked and is still kept, newest first."""
    rows = await tx.all("questions_of", community=community, member=member, most=most)
    return [(_all_said(tx, r), r["asked_at"]) for r in rows]


def _all_said(tx: Tx, row: Row) -> str:
    sealed = (row["text_sealed"], row["note_sealed"])
    return " / ".join(tx.seal.open(one) for one in sealed if one)


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
