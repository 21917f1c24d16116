"""Clicks on sponsored links: every request as a row, and the counts that reports are read from.

No question about counts goes without a community and a campaign, so that no brand ever reads
another's.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from storage.links import Link, link_of
from storage.tx import Tx

COUNTED = "human"  # the class of requests that count as clicks
FACETS = ("hour", "language", "device", "browser", "country", "referrer", "member")
_COLUMNS = 18  # of a ClickRow are columns of `clicks`
_ENCODE = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


class ClickRow(NamedTuple):
    """One request for a link as it is kept, column by column, and what it is counted under.

    `kind` is its class, `who` a pseudonym in the campaign, `otherwise` the class it would get from
    a person's agent; `day` ("2026-11-20") and `hour` ("07") are those of the community's zone,
    `visitor` is a key under a day's secret, `source` the
    referrer it is counted under.
    """

    id: str
    link: str
    at: int
    kind: str
    reason: str
    ruleset: str
    platform: str
    who: str | None
    device: str
    browser: str
    os: str
    referrer: str | None
    forwarded: int
    agent: str | None
    otherwise: str
    language: str | None
    country: str | None
    recovered: int
    day: str
    hour: str
    campaign: str
    visitor: str
    source: str


@dataclass(frozen=True, slots=True)
class Total:
    """How many requests of one class came to one placement over one platform."""

    placement: str
    platform: str
    kind: str
    clicks: int


@dataclass(frozen=True, slots=True)
class Facet:
    """How many counted clicks share a value: `facet` is "hour" ("00" to "23" in the community's
    zone), "language", "device", "browser", "country", "referrer" (a host) or "member" ("verified",
    "anonymous"); an empty value is one nobody knows."""

    facet: str
    value: str
    clicks: int


# Keeping -------------------------------------------------------------------------------------


async def standing(tx: Tx, slugs: Iterable[str]) -> dict[str, Link]:
    """Those of the links that there are, as they stand now, by slug."""
    rows = await tx.all("links_standing", rows=_table((slug,) for slug in slugs))
    links = (_link(tuple(dict(row).items())) for row in rows)
    return {link.slug: link for link in links}


@lru_cache(maxsize=4096)
def _link(row: tuple[tuple[str, Any], ...]) -> Link:
    """The same object for as long as nothing of it changes."""
    return link_of(dict(row))


async def add_clicks(tx: Tx, clicks: Sequence[ClickRow]) -> None:
    """Store clicks nobody stored before, and count them."""
    if clicks:
        await tx.run("clicks_add", rows=_table(click[:_COLUMNS] for click in clicks))
        await _count(tx, clicks)


async def recover_clicks(tx: Tx, clicks: Sequence[ClickRow]) -> int:
    """Store and count those of the clicks that are not stored yet; how many those are."""
    listed = _table(click[:_COLUMNS] for click in clicks)
    new = {row["id"] for row in await tx.all("clicks_recover", rows=listed)}
    await _count(tx, [click for click in clicks if click.id in new])
    return len(new)


async def add_agents(tx: Tx, agents: Iterable[tuple[str, str]], now: int) -> None:
    """Keep the words of agents, by their ids, as seen now."""
    if rows := [(id, words, now) for id, words in sorted(agents)]:
        await tx.run("click_agents_add", rows=_table(rows))


# Rows always go in one order, so that two processes never wait for one another in a circle.


async def _count(tx: Tx, clicks: Sequence[ClickRow]) -> None:
    totals = Counter((c.link, c.day, c.platform, c.kind) for c in clicks)
    await _add(tx, "click_totals_add", _counts(totals))
    counted = [click for click in clicks if click.kind == COUNTED]
    await _add(tx, "click_facets_add", _counts(_facets(counted)))
    await _add(tx, "click_members_add", _members(counted))
    visitors = sorted({(c.campaign, c.day, c.visitor) for c in counted})
    for (campaign, day), rows in groupby(visitors, key=lambda row: row[:2]):
        new = await tx.run("click_visitors_add", rows=_table(rows))
        if new:
            await tx.run("click_people_add", campaign=campaign, day=day, people=new)


async def _add(tx: Tx, query: str, rows: Sequence[Any]) -> None:
    if rows:
        await tx.run(query, rows=_table(rows))


def _facets(clicks: Sequence[ClickRow]) -> Counter[tuple[str, str, str, str]]:
    """By link, day, facet and value; an empty value is one that nobody knows."""
    alike = Counter(
        (c.link, c.day, c.hour, c.language, c.device, c.browser, c.country, c.source,
         "anonymous" if c.who is None else "verified")
        for c in clicks
    )  # fmt: skip
    found: Counter[tuple[str, str, str, str]] = Counter()
    for (link, day, *values), count in alike.items():
        for facet, value in zip(FACETS, values, strict=True):
            found[link, day, facet, value or ""] += count
    return found


def _members(clicks: Sequence[ClickRow]) -> list[tuple[str, str, int]]:
    first: dict[tuple[str, str], int] = {}
    for click in clicks:
        if click.who is not None:
            key = click.campaign, click.who
            first[key] = min(click.at, first.get(key, click.at))
    return [(*key, at) for key, at in sorted(first.items())]


def _counts(counts: Counter[Any]) -> list[tuple[Any, ...]]:
    return [(*key, count) for key, count in sorted(counts.items())]


def _table(rows: Iterable[Any]) -> str:
    return _ENCODE(list(rows))


# Reading -------------------------------------------------------------------------------------


async def totals(tx: Tx, community: str, campaign: str, since: str) -> list[Total]:
    """The campaign's counts from the day `since` (a date in the community's time zone) on."""
    rows = await tx.all("campaign_totals", community=community, campaign=campaign, since=since)
    return [Total(row["placement"], row["platform"], row["class"], row["clicks"]) for row in rows]


async def facets(tx: Tx, community: str, campaign: str, since: str) -> list[Facet]:
    """The campaign's counted clicks by every facet, from the day `since` on."""
    rows = await tx.all("campaign_facets", community=community, campaign=campaign, since=since)
    return [Facet(row["facet"], row["value"], row["clicks"]) for row in rows]


async def people(tx: Tx, community: str, campaign: str, since: str) -> dict[str, int]:
    """Estimated people by day, from the day `since` on; whoever comes on two days counts twice."""
    rows = await tx.all("campaign_people", community=community, campaign=campaign, since=since)
    return {row["day"]: row["people"] for row in rows}


async def verified(tx: Tx, community: str, campaign: str) -> int:
    """How many members' clicks counted, each member once."""
    row = await tx.one("campaign_members", community=community, campaign=campaign)
    return int(row["members"]) if row else 0
