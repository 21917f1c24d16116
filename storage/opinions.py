"""What people said of answers: helpful or wrong, each person once an answer."""

from __future__ import annotations

from storage.tx import Tx


async def helpful(tx: Tx, entry: str, member: str, now: int) -> bool:
    """True the first time this person finds this entry's answer of use."""
    return await tx.run("opinion_helpful", entry=entry, member=member, now=now) > 0


async def wrong(tx: Tx, entry: str, member: str, now: int) -> bool:
    """True the first time this person calls this entry's answer wrong."""
    return await tx.run("opinion_wrong", entry=entry, member=member, now=now) > 0


async def counted(tx: Tx, member: str) -> tuple[int, int]:
    """How many answers this person called helpful, and wrong."""
    row = await tx.one("opinions_of", member=member)
    return (row["helpful"], row["wrong"]) if row else (0, 0)


async def forget(tx: Tx, member: str) -> None:
    await tx.run("opinions_forget", member=member)
