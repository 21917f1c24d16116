"""What was asked of the language service today, by all processes together."""

from __future__ import annotations

from storage.tx import Tx


async def spend(tx: Tx, day: str, budget: int) -> bool:
    """Count one request of `day` ("2026-11-20"); False, counting none, when `budget` were made."""
    return budget > 0 and bool(await tx.run("assist_spend", day=day, budget=budget))


async def spent(tx: Tx, day: str) -> int:
    """How many requests were made on `day`."""
    row = await tx.one("assist_spent", day=day)
    return row["requests"] if row else 0
