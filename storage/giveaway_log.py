"""The public log of a giveaway: lines that are only ever added, each chained to the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Line:
    """`event` is canonical JSON, `head` (hexadecimal) chains all lines up to this one."""

    number: int
    event: str
    head: str


async def last(tx: Tx, giveaway: str) -> tuple[int, str]:
    """(number, head) of the last line, which stays the last until this unit is over.

    Raises LookupError for a giveaway that was never published.
    """
    row = await tx.one("giveaway_log_last", id=giveaway)
    if row is None:
        raise LookupError(f"the giveaway {giveaway} has no log")
    return row["log_number"], row["log_head"]


async def put(tx: Tx, giveaway: str, lines: Sequence[Line]) -> None:
    """Add lines after the last one, at least one."""
    await tx.many("giveaway_log_add", [
        {"id": giveaway, "number": x.number, "event": x.event, "head": x.head} for x in lines
    ])  # fmt: skip
    await tx.run("giveaway_log_move", id=giveaway, number=lines[-1].number, head=lines[-1].head)


async def lines(tx: Tx, giveaway: str) -> list[Line]:
    rows = await tx.all("giveaway_log_of", id=giveaway)
    return [Line(row["number"], row["event"], row["head"]) for row in rows]
