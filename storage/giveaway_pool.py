"""Who is in a giveaway: entering, leaving, the frozen list, the winners, and forgetting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class Entrant:
    """Who enters, and from where."""

    member: str
    platform: str
    user: str
    private: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """The pool after a change. `first_uncounted`: no change before it waits to be counted in
    public; `reachable`: the entrant once opened a private chat with us."""

    closes_at: int
    first_uncounted: bool
    counted_at: int | None
    number: int
    reachable: bool


@dataclass(frozen=True, slots=True)
class Account:
    """One account of somebody in the pool, with their entry's number and tickets."""

    number: int
    tickets: int
    platform: str
    user: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the frozen list; `commitment` in hexadecimal."""

    commitment: str
    tickets: int
    number: int


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody to be told in private."""

    number: int
    platform: str
    user: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Winner:
    """A winning entry; who it is is unknown when they were forgotten after the freeze."""

    number: int
    name: str
    reader: Reader | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a member in one giveaway."""

    prize: str
    number: int
    left: bool


# Entering and leaving ------------------------------------------------------------------------


def _turn(row: Row, number: int, reachable: bool = True) -> Turn:
    first = row["changes"] == row["counted"] + 1
    return Turn(row["closes_at"], first, row["counted_at"], number, reachable)


async def take_number(
    tx: Tx, community: str, giveaway: str, entrant: Entrant, now: int
) -> Turn | None:
    """The next entry number; None when it is not open, or this member has one already.

    Two units of one member at once may both be given one on PostgreSQL: `add_entry` decides.
    """
    row = await tx.one(
        "giveaway_number", id=giveaway, community=community, member=entrant.member,
        platform=entrant.platform, user_id=entrant.user, now=now,
    )  # fmt: skip
    if row is None:
        return None
    return _turn(row, row["number"], entrant.private or bool(row["reachable"]))


async def add_entry(tx: Tx, giveaway: str, entrant: Entrant, number: int, now: int) -> bool:
    """True when this member had no entry; if False the unit must not be kept."""
    added = await tx.run(
        "giveaway_entry_add", id=giveaway, member=entrant.member, number=number,
        platform=entrant.platform, user_id=entrant.user, private=int(entrant.private), now=now,
    )  # fmt: skip
    return added > 0


async def come_back(
    tx: Tx, community: str, giveaway: str, entrant: Entrant, now: int
) -> Turn | None:
    """Who left is in again with the old number; None when they had not, or it is not open.

    If None the unit must not be kept.
    """
    row = await tx.one("giveaway_touch", id=giveaway, community=community, step=1, now=now)
    back = row and await tx.one(
        "giveaway_entry_back", id=giveaway, member=entrant.member, platform=entrant.platform,
        user_id=entrant.user, private=int(entrant.private), now=now,
    )  # fmt: skip
    return _turn(row, back["number"]) if row and back else None


async def leave(tx: Tx, community: str, giveaway: str, member: str, now: int) -> Turn | None:
    """The entry stands no more; None when there was none, or it is not open.

    If None the unit must not be kept.
    """
    row = await tx.one("giveaway_touch", id=giveaway, community=community, step=-1, now=now)
    left = row and await tx.one("giveaway_entry_leave", id=giveaway, member=member, now=now)
    return _turn(row, left["number"]) if row and left else None


# The list ----------------------------------------------------------------------------------


async def accounts(tx: Tx, giveaway: str) -> list[Account]:
    """Everyone in the pool, an account a row, by entry number."""
    rows = await tx.all("giveaway_entrants", id=giveaway)
    return [Account(r["number"], r["tickets"], r["platform"], r["user_id"]) for r in rows]


async def put_list(tx: Tx, giveaway: str, lines: Sequence[Listed]) -> None:
    """The frozen list; it is never changed again."""
    rows = [
        {"id": giveaway, "commitment": x.commitment, "tickets": x.tickets, "number": x.number}
        for x in lines
    ]
    if rows:
        await tx.many("giveaway_list_add", rows)


async def frozen_list(tx: Tx, giveaway: str) -> list[tuple[str, int]]:
    """(commitment, tickets) of every entry, in no order."""
    rows = await tx.all("giveaway_list_of", id=giveaway)
    return [(row["commitment"], row["tickets"]) for row in rows]


async def put_winners(tx: Tx, giveaway: str, commitments: Sequence[str]) -> None:
    """The winning entries, first prize first."""
    rows = [
        {"id": giveaway, "commitment": commitment, "rank": rank}
        for rank, commitment in enumerate(commitments, 1)
    ]
    if rows:
        await tx.many("giveaway_rank", rows)


def _reader(row: Row) -> Reader:
    language = row["language"] or row["heard_language"]
    return Reader(row["number"], row["platform"], row["user_id"], language)


async def winners(tx: Tx, giveaway: str) -> list[Winner]:
    """By prize."""
    return [
        Winner(
            row["number"],
            tx.seal.open(row["name_sealed"]) if row["name_sealed"] else "",
            _reader(row) if row["user_id"] else None,
        )
        for row in await tx.all("giveaway_winners", id=giveaway)
    ]


async def private_entrants(tx: Tx, giveaway: str, after: int, most: int) -> list[Reader]:
    """Who entered in a private chat and did not win, by entry number from the one after `after`."""
    rows = await tx.all("giveaway_private_entrants", id=giveaway, after=after, most=most)
    return [_reader(row) for row in rows]


# Forgetting ----------------------------------------------------------------------------------


async def kept(tx: Tx, community: str, member: str) -> list[Kept]:
    rows = await tx.all("giveaways_of_member", community=community, member=member)
    return [Kept(row["prize"], row["number"], row["left_at"] is not None) for row in rows]


async def forget(tx: Tx, community: str, member: str) -> None:
    """Out of every open pool, and no longer to be found behind a number of an old list."""
    await tx.run("giveaway_forget_running", community=community, member=member)
    await tx.run("giveaway_forget_entries", community=community, member=member)


async def fade(tx: Tx, giveaway: str) -> None:
    """Delete the key and who entered, except the winners: the list is anonymous from now on."""
    await tx.run("giveaway_key_drop", id=giveaway)
    await tx.run("giveaway_entries_drop", id=giveaway)
