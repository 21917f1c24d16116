"""What the team may see of who is in a giveaway: numbers and moments, never names."""

from __future__ import annotations

from dataclasses import dataclass

from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry from the account (`platform`, `user`); moments in ms. `met_at` is when the bot first
    met the person, `silent`: they never wrote anything to it."""

    number: int
    platform: str
    user: str
    at: int
    left_at: int | None
    private: bool
    met_at: int
    silent: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How many are in by the platform they entered on, how many of them connected both accounts,
    and how many left."""

    platforms: tuple[tuple[str, int], ...]
    connected: int
    left: int

    @property
    def entries(self) -> int:
        return sum(count for _, count in self.platforms)


async def counts(tx: Tx, giveaway: str) -> Counts:
    rows = await tx.all("giveaway_platforms", id=giveaway)
    connected = await tx.one("giveaway_connected", id=giveaway)
    left = await tx.one("giveaway_left", id=giveaway)
    return Counts(
        tuple((row["platform"], int(row["entries"])) for row in rows),
        int(connected["people"]) if connected else 0, int(left["people"]) if left else 0,
    )  # fmt: skip


async def seen(tx: Tx, giveaway: str) -> list[Seen]:
    """Everyone who ever entered, by number, those who left as well."""
    return [
        Seen(
            row["number"], row["platform"], row["user_id"], row["entered_at"], row["left_at"],
            bool(row["private"]), row["joined_at"], bool(row["silent"]),
        )
        for row in await tx.all("giveaway_entered", id=giveaway)
    ]  # fmt: skip


async def holder(tx: Tx, giveaway: str, number: int) -> str | None:
    """The member behind an entry number; None when there is none, or they were forgotten."""
    row = await tx.one("giveaway_entry", id=giveaway, number=number)
    return row["member"] if row else None


async def listed(tx: Tx, giveaway: str) -> dict[int, str]:
    """Commitments of the frozen list by entry number; empty before."""
    rows = await tx.all("giveaway_listed", id=giveaway)
    return {row["number"]: row["commitment"] for row in rows}
