"""Who was asked to press the right one of three, and how they did."""

from __future__ import annotations

from dataclasses import dataclass

from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Challenge:
    """`tries` went wrong, the last at `tried_at` (ms)."""

    tries: int
    tried_at: int
    solved_at: int | None


async def of(tx: Tx, giveaway: str, member: str) -> Challenge | None:
    row = await tx.one("giveaway_challenge_of", id=giveaway, member=member)
    return Challenge(row["tries"], row["tried_at"], row["solved_at"]) if row else None


async def put(tx: Tx, giveaway: str, member: str, found: Challenge) -> None:
    await tx.run(
        "giveaway_challenge_put", id=giveaway, member=member, tries=found.tries,
        tried_at=found.tried_at, solved_at=found.solved_at,
    )  # fmt: skip


async def counted(tx: Tx, giveaway: str) -> tuple[int, int]:
    """(how many solved one, how many pressed wrong and never right)."""
    row = await tx.one("giveaway_challenges_count", id=giveaway)
    return (int(row["solved"] or 0), int(row["failed"] or 0)) if row else (0, 0)
