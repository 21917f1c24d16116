"""A member's own entry, with everything by which it can be found in the public list and log."""

from __future__ import annotations

from dataclasses import dataclass

from storage.giveaway_turns import Log, log_of
from storage.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class Kept:
    """`line` of the public log is that of the entry, `head` the hash that chains the log up to it;
    `log` is where the log stands now, None once the key is deleted or where there never was one.
    `listed` is the commitment as it stands in the frozen list. `labels` are the disclosures of
    whoever gives the prize."""

    id: str
    prize: str
    plan: str
    closes_at: int
    over: bool
    number: int
    left: bool
    line: int | None
    head: str | None
    log: Log | None
    listed: str | None
    labels: tuple[str, str] | None


async def of(tx: Tx, community: str, giveaway: str, member: str) -> Kept | None:
    """None for who never entered."""
    row = await tx.one("giveaway_receipt", id=giveaway, community=community, member=member)
    return _kept(tx, row) if row else None


def _kept(tx: Tx, row: Row) -> Kept:
    labels = (row["disclosure_bn"], row["disclosure_en"]) if row["campaign"] else None
    over = row["frozen_at"] is not None or row["cancelled_at"] is not None
    return Kept(
        row["id"], row["prize"], row["plan"], row["closes_at"], over, row["number"],
        row["left_at"] is not None, row["line"], row["head"], log_of(tx, row), row["listed"],
        labels,
    )  # fmt: skip


async def entered(tx: Tx, community: str, member: str, most: int) -> list[str]:
    """The giveaways they are in that are not drawn yet, the next to close first."""
    rows = await tx.all("giveaways_in", community=community, member=member, most=most)
    return [row["id"] for row in rows]
