"""Addresses by which a brand opens its report, browsers that have, and when that was."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from storage.tx import Row, Tx

QUIET = 60_000  # ms in which opening a report again is not kept again


@dataclass(frozen=True, slots=True)
class ReportLink:
    """What an address or a browser's cookie opens; `creator` and `brand` are names."""

    id: str
    community: str
    campaign: str
    expires_at: int
    revoked_at: int | None
    creator: str
    timezone: str
    brand: str

    def over(self, now: int) -> bool:
        return self.revoked_at is not None or self.expires_at <= now


@dataclass(frozen=True, slots=True)
class Kept:
    """An address as the team sees it; moments in ms."""

    made_at: int
    expires_at: int
    revoked_at: int | None
    openings: int
    last_at: int | None


@dataclass(frozen=True, slots=True)
class Named:
    """A campaign, by the name of its brand and its own, which may be empty."""

    id: str
    brand: str
    name: str


async def add(
    tx: Tx, community: str, campaign: str, id: str, token: str, now: int, expires_at: int
) -> bool:  # fmt: skip
    """False where the community has no such campaign. Only the token's hash is kept."""
    return bool(await tx.run(
        "report_link_add", id=id, hash=_hash(token), community=community, campaign=campaign,
        now=now, expires_at=expires_at,
    ))  # fmt: skip


async def find(tx: Tx, token: str) -> ReportLink | None:
    """What an address opens, or opened once; None for one that never was."""
    return _link(await tx.one("report_link_find", hash=_hash(token)))


async def enter(tx: Tx, link: ReportLink, cookie: str, id: str, now: int) -> None:
    """A browser may see the report from now on; that is an opening with this id."""
    await tx.run("report_sessions_expire", now=now)
    await tx.run("report_session_add", hash=_hash(cookie), link=link.id, expires_at=link.expires_at)
    await opened(tx, link.id, id, now)


async def entered(tx: Tx, link: str, cookie: str) -> ReportLink | None:
    """What a browser's cookie opens at the address of this link."""
    return _link(await tx.one("report_session_find", hash=_hash(cookie), link=link))


async def opened(tx: Tx, link: str, id: str, now: int) -> None:
    """Keep that it was opened, once a minute at most."""
    await tx.run("report_opened", id=id, link=link, now=now, since=now - QUIET)


async def revoke(tx: Tx, community: str, campaign: str, now: int) -> int:
    """How many addresses open nothing any more."""
    return await tx.run("report_links_revoke", community=community, campaign=campaign, now=now)


async def links_of(tx: Tx, community: str, campaign: str, most: int) -> list[Kept]:
    """Newest first."""
    rows = await tx.all("report_links_of", community=community, campaign=campaign, most=most)
    return [Kept(**dict(row)) for row in rows]


async def campaigns(tx: Tx, community: str, now: int) -> list[Named]:
    """Those that are not over first, then the newest."""
    rows = await tx.all("report_campaigns", community=community, now=now)
    return [Named(row["id"], row["brand"], row["name"]) for row in rows]


def _link(row: Row | None) -> ReportLink | None:
    return ReportLink(**dict(row)) if row else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
