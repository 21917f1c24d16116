"""Downloads: which file of a community may be fetched, once, by whoever has its token."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Download:
    """All answers of `community`, or the entries of one `giveaway`, as "csv" or "json"; `timezone`
    is the community's."""

    community: str
    format: str
    timezone: str
    giveaway: str | None = None


async def offer(
    tx: Tx, community: str, token: str, format: str, now: int, expires_at: int,
    giveaway: str | None = None,
) -> None:  # fmt: skip
    """Only the token's hash is kept; what is over goes."""
    await tx.run("downloads_expire", now=now)
    await tx.run(
        "download_add", hash=_hash(token), community=community, format=format,
        expires_at=expires_at, giveaway=giveaway,
    )  # fmt: skip


async def offered(tx: Tx, token: str, now: int) -> bool:
    """Whether `take` would give it."""
    return await tx.one("download_find", hash=_hash(token), now=now) is not None


async def take(tx: Tx, token: str, now: int) -> Download | None:
    """What the token is for, to one caller only."""
    row = await tx.one("download_take", hash=_hash(token), now=now)
    if row is None:
        return None
    return Download(row["community"], row["format"], row["timezone"], row["giveaway"])


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
