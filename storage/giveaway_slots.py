"""Who holds a prize: winners as drawn, reserves who moved up, what they claimed, who lost it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from storage.giveaway_pool import Account
from storage.giveaways import Giveaway, giveaway_of
from storage.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class Slot:
    """One person's hold on one prize, slots counted from 1; moments in milliseconds.

    `deadline` is until when it can be claimed; `details` say where the prize should go, until it
    was delivered; `lost_why` is "lapsed", "left" or "disqualified: " and the reason.
    """

    giveaway: str
    slot: int
    commitment: str
    number: int
    since: int
    deadline: int
    claimed_at: int | None
    lost_at: int | None
    lost_why: str | None
    delivered_at: int | None
    details: str


@dataclass(frozen=True, slots=True)
class Holder:
    """A slot and who stands behind it: nothing is known of who deleted their data."""

    slot: Slot
    name: str
    platform: str


@dataclass(frozen=True, slots=True)
class Held:
    """A slot of one member."""

    slot: Slot
    giveaway: Giveaway


@dataclass(frozen=True, slots=True)
class Way:
    """One account of a person who is to be told: `open` if they wrote there in private before and
    do not refuse us, as far as we know."""

    platform: str
    user: str
    language: str | None
    open: bool


@dataclass(frozen=True, slots=True)
class Reserve:
    """The next in line, the first of them with `place` 1; `known` unless their data is deleted."""

    commitment: str
    number: int
    place: int
    known: bool


def _slot(tx: Tx, row: Row) -> Slot:
    return Slot(
        row["giveaway"], row["slot"], row["commitment"], row["number"], row["since"],
        row["deadline"] or 0, row["claimed_at"], row["lost_at"], row["lost_why"],
        row["delivered_at"], tx.seal.open(row["details_sealed"]) if row["details_sealed"] else "",
    )  # fmt: skip


# The list ------------------------------------------------------------------------------------


async def listed(tx: Tx, giveaway: str) -> list[tuple[str, int, int]]:
    """(commitment, tickets, entry number) of every line of the frozen list, in no order."""
    rows = await tx.all("giveaway_list_of", id=giveaway)
    return [(row["commitment"], row["tickets"], row["number"]) for row in rows]


async def candidate(tx: Tx, giveaway: str, number: int) -> list[Account]:
    """The accounts behind an entry of the frozen list; none if their data is deleted."""
    rows = await tx.all("giveaway_candidate", id=giveaway, number=number)
    return [Account(r["number"], r["tickets"], r["platform"], r["user_id"]) for r in rows]


async def rank(tx: Tx, giveaway: str, winners: Sequence[str], reserves: Sequence[str]) -> None:
    """Keep the outcome of the draw, both in order."""
    ranks = [*enumerate(winners, 1), *((-place, one) for place, one in enumerate(reserves, 1))]
    rows = [{"id": giveaway, "commitment": one, "rank": rank} for rank, one in ranks]
    await tx.many("giveaway_rank", rows)


async def reach(tx: Tx, giveaway: str, number: int) -> list[Way]:
    """The accounts of an entry that do not refuse us: those open first, in that order the one
    entered with first."""
    rows = await tx.all("giveaway_reach", id=giveaway, number=number)
    found = [
        Way(row["platform"], row["user_id"], row["language"] or row["heard_language"],
            row["private_at"] is not None)
        for row in rows
        if row["blocked_at"] is None
    ]  # fmt: skip
    return sorted(found, key=lambda way: not way.open)


# Holding -------------------------------------------------------------------------------------


async def open_slots(
    tx: Tx, giveaway: str, holders: Sequence[tuple[int, str]], now: int, deadline: int
) -> None:
    """(slot, commitment): these may claim until the deadline."""
    rows = json.dumps(holders)
    await tx.run("giveaway_slot_add", id=giveaway, rows=rows, now=now, deadline=deadline)
    await tx.run("giveaway_reopen", id=giveaway)


async def holders(tx: Tx, giveaway: str) -> list[Holder]:
    """Everyone who holds or held a prize, by slot, the present holder last."""
    rows = await tx.all("giveaway_slots_of", id=giveaway)
    return [
        Holder(
            _slot(tx, row), tx.seal.open(row["name_sealed"]) if row["name_sealed"] else "",
            row["platform"] or "",
        )
        for row in rows
    ]  # fmt: skip


async def of_member(tx: Tx, community: str, member: str) -> list[Held]:
    """What this member won, lost or not, the oldest first."""
    rows = await tx.all("giveaway_slots_of_member", community=community, member=member)
    return [Held(_slot(tx, row), giveaway_of(row)) for row in rows]


async def claim(
    tx: Tx, giveaway: str, slot: int, number: int, details: str, now: int
) -> Slot | None:
    """Claimed in time by its holder; None when it was not theirs any more, or claimed before."""
    row = await tx.one(
        "giveaway_slot_claim", id=giveaway, slot=slot, number=number, now=now,
        details=tx.seal.close(details),
    )  # fmt: skip
    return _slot(tx, row) if row else None


async def lapse(tx: Tx, giveaway: str, slot: int, number: int, why: str, now: int) -> Slot | None:
    """Lost because it was not claimed in time; None when it was, or is not theirs any more."""
    row = await tx.one(
        "giveaway_slot_lapse", id=giveaway, slot=slot, number=number, why=why, now=now
    )
    return _slot(tx, row) if row else None


async def take(tx: Tx, giveaway: str, slot: int, number: int, why: str, now: int) -> Slot | None:
    """Taken from its holder; None when it is not theirs any more, or was delivered."""
    row = await tx.one(
        "giveaway_slot_take", id=giveaway, slot=slot, number=number, why=why, now=now
    )
    return _slot(tx, row) if row else None


async def deliver(tx: Tx, giveaway: str, slot: int, now: int) -> Slot | None:
    """Handed over, what was told for that deleted; None unless it was claimed and still there."""
    row = await tx.one("giveaway_slot_deliver", id=giveaway, slot=slot, now=now)
    return _slot(tx, row) if row else None


async def next_reserve(tx: Tx, giveaway: str) -> Reserve | None:
    """Who moves up next. Only within a unit that holds the giveaway's log: two prizes that fall
    free at once must not go to one person."""
    row = await tx.one("giveaway_reserve", id=giveaway)
    if row is None:
        return None
    return Reserve(row["commitment"], row["number"], -row["rank"], row["member"] is not None)


async def pass_over(tx: Tx, giveaway: str, commitment: str) -> None:
    """A reserve who cannot move up stands in line no more."""
    await tx.run("giveaway_pass", id=giveaway, commitment=commitment)


async def claimed_in(tx: Tx, community: str, most: int) -> list[Giveaway]:
    """Those whose prizes are claimed, drawn last first."""
    rows = await tx.all("giveaways_with_claims", community=community, most=most)
    return [giveaway_of(row) for row in rows]


async def forget(tx: Tx, member: str) -> None:
    """Where this member's prizes should go; before their entries are deleted."""
    await tx.run("giveaway_details_forget", member=member)
