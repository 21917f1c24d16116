"""What is destroyed of clicks, and when: day keys, visitors, old rows. Counts stay.

Everything is deleted a bounded number of rows at a time; each function says how many it deleted.
"""

from __future__ import annotations

from storage.tx import Tx


async def day_key(tx: Tx, day: str, new: bytes, now: int) -> bytes:
    """The secret of a day (ISO date, UTC), one for all processes: `new` if there was none."""
    await tx.run("day_key_add", day=day, key_sealed=tx.seal.close(new.hex()), now=now)
    row = await tx.one("day_key_get", day=day)
    if row is None:
        raise LookupError(f"the key of {day} vanished")
    return bytes.fromhex(tx.seal.open(row["key_sealed"]))


async def destroy_day_keys(tx: Tx, before: str) -> int:
    """Destroy the secrets of the days before this one (ISO date, UTC)."""
    return await tx.run("day_keys_destroy", before=before)


async def forget_clicks(tx: Tx, before: int, most: int) -> int:
    """Delete clicks of before this moment (ms), the oldest first."""
    return await tx.run("clicks_forget_old", before=before, most=most)


async def forget_visitors(tx: Tx, community: str, before: str, most: int) -> int:
    """Delete the visitors of the days before this one; how many there were is kept."""
    return await tx.run("click_visitors_forget_old", community=community, before=before, most=most)


async def forget_agents(tx: Tx, before: int, most: int) -> int:
    """Delete the words of agents nobody had since this moment (ms)."""
    return await tx.run("click_agents_forget_old", before=before, most=most)
