"""Clicks on sponsored links: every request as a row, and the totals that reports are read from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class ClickRow:
    """One request for a link as it is kept; `day` is the date in the community's time zone."""

    id: str
    link: str
    at: int
    day: str
    kind: str
    reason: str
    ruleset: str
    platform: str
    who: str | None
    device: str
    browser: str
    os: str
    referrer: str | None
    forwarded: bool


@dataclass(frozen=True, slots=True)
class Total:
    """How many requests of one class came to one placement over one platform."""

    placement: str
    platform: str
    kind: str
    clicks: int


async def add_clicks(tx: Tx, clicks: Sequence[ClickRow]) -> None:
    """Store clicks nobody stored before, and count them."""
    if clicks:
        await tx.many("click_add", [_values(click) for click in clicks])
        await _count(tx, clicks)


async def recover_clicks(tx: Tx, clicks: Sequence[ClickRow]) -> None:
    """Store and count those of the clicks that are not stored yet."""
    new = [c for c in clicks if await tx.one("click_recover", **_values(c)) is not None]
    if new:
        await _count(tx, new)


def _values(click: ClickRow) -> dict[str, Any]:
    return {
        "id": click.id, "link": click.link, "at": click.at, "kind": click.kind,
        "reason": click.reason, "ruleset": click.ruleset, "platform": click.platform,
        "who": click.who, "device": click.device, "browser": click.browser, "os": click.os,
        "referrer": click.referrer, "forwarded": int(click.forwarded),
    }  # fmt: skip


async def _count(tx: Tx, clicks: Sequence[ClickRow]) -> None:
    counts = Counter((c.link, c.day, c.platform, c.kind) for c in clicks)
    rows = [
        {"link": link, "day": day, "platform": platform, "kind": kind, "clicks": count}
        for (link, day, platform, kind), count in sorted(counts.items())  # one order: no deadlock
    ]
    await tx.many("click_total_add", rows)


async def totals(tx: Tx, community: str, campaign: str, since: str) -> list[Total]:
    """The campaign's counts from the day `since` (a date in the community's time zone) on."""
    rows = await tx.all("campaign_totals", community=community, campaign=campaign, since=since)
    return [Total(row["placement"], row["platform"], row["class"], row["clicks"]) for row in rows]


async def forget_old(tx: Tx, community: str, before: int) -> None:
    """Delete the clicks of before this moment, one by one kept until then; totals stay."""
    await tx.run("clicks_forget_old", community=community, before=before)
