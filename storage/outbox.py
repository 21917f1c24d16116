"""What is to be said and done: rows that outlive the process, leased, and settled once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class Letter:
    """One row: something to send, or a timer (`platform` is "self").

    `body` is JSON; `message` the platform's id of the message this key already has;
    `attempting_at` is set while a send that cannot safely be repeated is under way.
    """

    id: str
    community: str
    platform: str
    chat: str
    thread: str | None
    private: bool
    kind: str
    body: str
    language: str
    key: str | None
    ticket: str | None
    reply_to: str | None
    created_at: int
    due_at: int
    expires_at: int | None
    version: int = 1
    attempts: int = 0
    fence: int = 0
    attempting_at: int | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """How a letter ended: "sent", "expired", "doubt", or why it is gone; then `instead` is sent."""

    letter: Letter
    outcome: str
    message: str | None = None
    instead: Letter | None = None


async def first_time(tx: Tx, event: str, now: int) -> bool:
    """True when this event was never seen before; remembers it."""
    return await tx.run("inbox_add", id=event, now=now) > 0


async def add(tx: Tx, letter: Letter, leased_until: int | None) -> None:
    """Store a letter; one not yet sent with the same key takes its words instead."""
    await tx.run(
        "outbox_add", id=letter.id, community=letter.community, platform=letter.platform,
        chat=letter.chat, thread=letter.thread, private=int(letter.private), kind=letter.kind,
        body_sealed=tx.seal.close(letter.body), language=letter.language, key=letter.key,
        ticket=letter.ticket, reply_to=letter.reply_to, created_at=letter.created_at,
        due_at=letter.due_at, expires_at=letter.expires_at, leased_until=leased_until,
    )  # fmt: skip


def _letter(tx: Tx, row: Row) -> Letter:
    return Letter(
        row["id"], row["community"], row["platform"], row["chat"], row["thread"],
        bool(row["private"]), row["kind"], tx.seal.open(row["body_sealed"]), row["language"],
        row["key"], row["ticket"], row["reply_to"], row["created_at"], row["due_at"],
        row["expires_at"], row["version"], row["attempts"], row["fence"], row["attempting_at"],
        row["message"],
    )  # fmt: skip


async def claim(tx: Tx, platform: str, now: int, until: int, most: int) -> list[Letter]:
    """Lease up to `most` letters that are due, oldest first; nobody else gets them till `until`."""
    rows = await tx.all("outbox_claim", platform=platform, now=now, until=until, most=most)
    return sorted((_letter(tx, row) for row in rows), key=lambda one: (one.due_at, one.id))


async def next_due(tx: Tx, platform: str) -> int | None:
    """When the next letter may be claimed: it falls due, or its lease runs out."""
    row = await tx.one("outbox_next", platform=platform)
    return row["due_at"] if row else None


async def get(tx: Tx, letter: str) -> Letter | None:
    """A letter whose words are still kept."""
    row = await tx.one("outbox_get", id=letter)
    return _letter(tx, row) if row and row["body_sealed"] else None


async def waiting(tx: Tx, platform: str, now: int) -> int:
    """How many letters are due and not settled."""
    row = await tx.one("outbox_waiting", platform=platform, now=now)
    return int(row["waiting"]) if row else 0


async def attempting(tx: Tx, letters: Sequence[Letter], now: int) -> None:
    """Mark sends that may not be repeated, before they start."""
    await tx.many(
        "outbox_attempting", [{"id": x.id, "fence": x.fence, "now": now} for x in letters]
    )


async def settle(tx: Tx, done: Sequence[Settled], now: int) -> None:
    """Close letters: what was sent is deleted, anything else stays on record for a while.

    One whose words changed while it was sent goes out again as an edit.
    """
    ends = [
        (d, {"id": d.letter.id, "fence": d.letter.fence, "version": d.letter.version}) for d in done
    ]
    await tx.many("outbox_sent", [end for d, end in ends if d.outcome == "sent"])
    await tx.many(
        "outbox_settle",
        [end | {"now": now, "outcome": d.outcome[:200]} for d, end in ends if d.outcome != "sent"],
    )
    await tx.many("outbox_overtaken", [end for d, end in ends if d.letter.key is not None])
    for one in done:
        if one.instead is not None:
            await add(tx, one.instead, None)
    await put_messages(
        tx, [(d.letter.key, d.message) for d in done if d.letter.key and d.message], now
    )


async def put_messages(tx: Tx, messages: Sequence[tuple[str | None, str]], now: int) -> None:
    """Remember which message on the platform each key is."""
    rows = [{"key": key, "message": message, "now": now} for key, message in messages]
    await tx.many("message_put", rows)


async def again(tx: Tx, letters: Sequence[tuple[Letter, int]]) -> None:
    """Not sent: due again at the moment beside each letter."""
    await tx.many(
        "outbox_again", [{"id": x.id, "fence": x.fence, "due_at": due} for x, due in letters]
    )


async def postpone(tx: Tx, letters: Sequence[tuple[Letter, int]]) -> None:
    """Not tried yet: due at the moment beside each letter."""
    await tx.many(
        "outbox_postpone", [{"id": x.id, "fence": x.fence, "due_at": due} for x, due in letters]
    )


async def offer(tx: Tx, letter: Letter, now: int) -> None:
    """Close a letter but keep its words: the reader was told where to collect it."""
    await tx.many("outbox_offer", [{"id": letter.id, "fence": letter.fence, "now": now}])


async def settle_timer(tx: Tx, timer: str, fence: int) -> bool:
    """True when this timer was still there; it is gone now, in the unit that acts on it."""
    return await tx.one("timer_settle", id=timer, fence=fence) is not None


async def release_all(tx: Tx) -> None:
    """Free every lease: for a database with one process, when that process starts."""
    await tx.run("outbox_unlease")


async def prune(tx: Tx, settled_before: int, seen_before: int) -> None:
    """Forget what was settled and seen long ago."""
    await tx.run("outbox_prune", before=settled_before)
    await tx.run("inbox_prune", before=seen_before)


async def put_form(tx: Tx, platform: str, user: str, chat: str, body: str, now: int) -> None:
    """The form this person is filling here, one question at a time."""
    await tx.run(
        "form_put", platform=platform, user_id=user, chat=chat, body_sealed=tx.seal.close(body),
        now=now,
    )  # fmt: skip


async def get_form(tx: Tx, platform: str, user: str, chat: str) -> tuple[str, int] | None:
    """(body, last touched) of the form under way."""
    row = await tx.one("form_get", platform=platform, user_id=user, chat=chat)
    return (tx.seal.open(row["body_sealed"]), row["at"]) if row else None


async def drop_form(tx: Tx, platform: str, user: str, chat: str) -> None:
    await tx.run("form_drop", platform=platform, user_id=user, chat=chat)
