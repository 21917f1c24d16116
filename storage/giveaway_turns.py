"""Entering and leaving a giveaway: each changes the pool and adds a line to its public log."""

from __future__ import annotations

from dataclasses import dataclass

from storage import giveaway_bans as bans
from storage.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class Entrant:
    """Who enters, and from where."""

    member: str
    platform: str
    user: str
    private: bool


@dataclass(frozen=True, slots=True)
class Log:
    """The public log's last line while the unit lasts, and the key under which people stand in
    it."""

    number: int
    head: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Turn:
    """The pool after a change, and who changes it.

    `first_uncounted`: no change before it waits to be counted in public. `reachable`: the entrant
    once opened a private chat with us; `seen_at` is when we first met them, `accounts` are theirs
    as (platform, user). `log` is None in a giveaway of the first version, which has none.
    """

    number: int
    closes_at: int
    opened_at: int
    plan: str
    first_uncounted: bool
    counted_at: int | None
    reachable: bool
    seen_at: int
    accounts: tuple[tuple[str, str], ...]
    banned: bool
    log: Log | None


def _turn(tx: Tx, row: Row, number: int, entrant: Entrant) -> Turn:
    other = (tuple(row["other"].split(":", 1)),) if row["other"] else ()
    return Turn(
        number, row["closes_at"], row["published_at"], row["plan"],
        row["changes"] == row["counted"] + 1, row["counted_at"],
        entrant.private or bool(row["reachable"]), row["seen_at"],
        ((entrant.platform, entrant.user), *other), bool(row["banned"]), log_of(tx, row),
    )  # fmt: skip


def log_of(tx: Tx, row: Row) -> Log | None:
    """The log of the giveaway of this row (log_number, log_head, key_sealed)."""
    if row["log_head"] is None or row["key_sealed"] is None:
        return None
    return Log(row["log_number"], row["log_head"], bytes.fromhex(tx.seal.open(row["key_sealed"])))


async def take_number(
    tx: Tx, community: str, giveaway: str, entrant: Entrant, now: int
) -> Turn | None:
    """The next entry number; None when it is not open, or this member has one already.

    Two units of one member at once may both be given one on PostgreSQL: `add_entry` decides.
    """
    row = await tx.one(
        "giveaway_number", id=giveaway, community=community, member=entrant.member,
        platform=entrant.platform, user_id=entrant.user, now=now,
        account=bans.hashed(tx, community, entrant.platform, entrant.user),
    )  # fmt: skip
    return _turn(tx, row, row["number"], entrant) if row else None


async def add_entry(tx: Tx, giveaway: str, entrant: Entrant, turn: Turn, now: int) -> bool:
    """True when this member had no entry; if False the unit must not be kept."""
    added = await tx.run(
        "giveaway_entry_add", id=giveaway, member=entrant.member, number=turn.number,
        platform=entrant.platform, user_id=entrant.user, private=int(entrant.private), now=now,
        line=turn.log.number + 1 if turn.log else None,
    )  # fmt: skip
    return added > 0


async def _touch(
    tx: Tx, community: str, giveaway: str, entrant: Entrant, step: int, now: int
) -> Row | None:
    return await tx.one(
        "giveaway_touch", id=giveaway, community=community, step=step, now=now,
        member=entrant.member, platform=entrant.platform, user_id=entrant.user,
        account=bans.hashed(tx, community, entrant.platform, entrant.user),
    )  # fmt: skip


async def come_back(
    tx: Tx, community: str, giveaway: str, entrant: Entrant, now: int
) -> Turn | None:
    """Who left is in again with the old number; None when they had not, or it is not open.

    If None the unit must not be kept.
    """
    row = await _touch(tx, community, giveaway, entrant, 1, now)
    back = row and await tx.one(
        "giveaway_entry_back", id=giveaway, member=entrant.member, platform=entrant.platform,
        user_id=entrant.user, private=int(entrant.private), now=now,
        line=row["log_number"] + 1 if row["log_head"] else None,
    )  # fmt: skip
    return _turn(tx, row, back["number"], entrant) if row and back else None


async def leave(tx: Tx, community: str, giveaway: str, entrant: Entrant, now: int) -> Turn | None:
    """The entry stands no more; None when there was none, or it is not open.

    If None the unit must not be kept.
    """
    row = await _touch(tx, community, giveaway, entrant, -1, now)
    left = row and await tx.one("giveaway_entry_leave", id=giveaway, member=entrant.member, now=now)
    return _turn(tx, row, left["number"], entrant) if row and left else None


async def entered_at(tx: Tx, giveaway: str, number: int) -> int | None:
    """When the entry with this number came in (ms)."""
    row = await tx.one("giveaway_entry", id=giveaway, number=number)
    return row["entered_at"] if row else None


async def click(tx: Tx, community: str, giveaway: str, entrant: Entrant, now: int) -> bool:
    """The free way to the ticket of the sponsor's link; False when it is not open."""
    if await _touch(tx, community, giveaway, entrant, 0, now) is None:
        return False
    await tx.run("giveaway_click", id=giveaway, member=entrant.member, now=now)
    return True


async def change(tx: Tx, giveaway: str, step: int) -> tuple[bool, Log | None]:
    """Somebody is taken out (-1) or stands otherwise (0) until the list is frozen, close or not;
    (whether that was still possible, the log)."""
    row = await tx.one("giveaway_change", id=giveaway, step=step)
    return (True, log_of(tx, row)) if row else (False, None)


async def out(tx: Tx, giveaway: str, member: str, now: int) -> bool:
    """Their entry stands no more, whoever took it out."""
    row = await tx.one("giveaway_entry_leave", id=giveaway, member=member, now=now)
    return row is not None


async def open_to(tx: Tx, community: str, member: str) -> list[str]:
    """The giveaways they are in whose list is not frozen yet."""
    rows = await tx.all("giveaways_open_to", community=community, member=member)
    return [row["id"] for row in rows]
