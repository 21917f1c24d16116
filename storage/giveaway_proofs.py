"""What everybody may read of a giveaway: its row, its frozen list, its log; by its id alone."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, fields

from storage.giveaway_log import Line
from storage.giveaways import Giveaway
from storage.tx import Row, Tx

_NAMES = tuple(field.name for field in fields(Giveaway))


@dataclass(frozen=True, slots=True)
class Published:
    """A giveaway that is no draft, with the creator's name and time zone."""

    giveaway: Giveaway
    creator: str
    zone: str


async def published(tx: Tx, giveaway: str) -> Published | None:
    row = await tx.one("proof_published", id=giveaway)
    return Published(_giveaway(row), row["creator"], row["zone"]) if row else None


def _giveaway(row: Row) -> Giveaway:
    return Giveaway(**{name: row[name] for name in _NAMES})


async def list_page(tx: Tx, giveaway: str, after: str, most: int) -> list[tuple[str, int]]:
    """(commitment, tickets) of the frozen list by commitment, from the one following `after`."""
    rows = await tx.all("proof_list_page", id=giveaway, after=after, most=most)
    return [(row["commitment"], row["tickets"]) for row in rows]


async def log_page(tx: Tx, giveaway: str, after: int, until: int, most: int) -> list[Line]:
    """Lines of the log from the one following number `after` up to `until`."""
    rows = await tx.all("proof_log_page", id=giveaway, after=after, until=until, most=most)
    return [Line(row["number"], row["event"], row["head"]) for row in rows]


async def news(tx: Tx, giveaway: str, after: int, until: int) -> list[Line]:
    """As `log_page`, all at once and without people entering, leaving, and being merged."""
    rows = await tx.all("proof_log_news", id=giveaway, after=after, until=until)
    return [Line(row["number"], row["event"], row["head"]) for row in rows]


async def platforms(tx: Tx, giveaway: str) -> dict[str, int]:
    """How many entered from each platform; too few once entries were deleted."""
    rows = await tx.all("proof_platforms", id=giveaway)
    return {row["platform"]: row["entered"] for row in rows}


async def numbers(tx: Tx, giveaway: str, commitments: Collection[str]) -> dict[str, int]:
    """Entry numbers by commitment, of those that are in the frozen list."""
    rows = json.dumps([[one] for one in commitments])
    found = await tx.all("proof_numbers", id=giveaway, rows=rows)
    return {row["commitment"]: row["number"] for row in found}


async def listed(tx: Tx, giveaway: str, commitments: Collection[str]) -> list[tuple[str, int]]:
    """(commitment, tickets) of those that are in the frozen list."""
    rows = json.dumps([[one] for one in commitments])
    found = await tx.all("proof_listed", id=giveaway, rows=rows)
    return [(row["commitment"], row["tickets"]) for row in found]


async def entered(tx: Tx, community: str, member: str, most: int) -> list[Giveaway]:
    """What this member is or was in, what ends or ended last first; cancelled ones left out."""
    rows = await tx.all("proof_entered", community=community, member=member, most=most)
    return [_giveaway(row) for row in rows]
