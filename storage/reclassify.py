"""Clicks judged again by a newer ruleset: their rows, and every count they have a part in."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storage.clicks import COUNTED, FACETS
from storage.tx import Tx

Moves = Counter[tuple[str, str, str]]  # clicks by campaign, the class they had and the one they got
_Who = dict[str, str | None]  # the pseudonym of each click's member
_Facets = Counter[tuple[str, str, str, str]]  # clicks by link, day, facet and value


@dataclass(frozen=True, slots=True)
class Kept:
    """A click as an older ruleset left it: `kind` is its class, `words` are those of its agent."""

    id: str
    at: int
    link: str
    kind: str
    platform: str
    who: str | None
    device: str
    browser: str
    referrer: str | None
    language: str | None
    country: str | None
    otherwise: str
    words: str
    campaign: str
    timezone: str


@dataclass(frozen=True, slots=True)
class Sources:
    """How many referrers of a link are counted apart in a day, and what the rest is called."""

    most: int
    rest: str


@dataclass(frozen=True, slots=True)
class Moved:
    """Clicks that a ruleset moved from one class to another, the last of them at `at` (ms)."""

    ruleset: str
    at: int
    was: str
    now: str
    clicks: int


@dataclass(frozen=True, slots=True)
class Revision:
    """What a click becomes, and the day ("2026-11-20") and hour ("07") it was counted under."""

    click: Kept
    becomes: str
    why: str
    day: str
    hour: str


async def older(tx: Tx, ruleset: int, after: tuple[int, str], most: int) -> list[Kept]:
    """Clicks of rulesets before this one that can be judged again, from this (at, id) on."""
    at, id = after
    rows = await tx.all("clicks_older", ruleset=ruleset, at=at, id=id, most=most)
    return [Kept(kind=row["class"], **{k: row[k] for k in _FIELDS}) for row in rows]


_FIELDS = tuple(name for name in Kept.__dataclass_fields__ if name != "kind")


async def without_agent(tx: Tx, ruleset: int) -> int:
    """How many clicks of older rulesets have nothing left of their agent to be judged by."""
    row = await tx.one("clicks_without_agent", ruleset=ruleset)
    return int(row["clicks"]) if row else 0


async def revise(
    tx: Tx, revisions: Sequence[Revision], ruleset: int, at: int, sources: Sources
) -> Moves:
    """Give clicks their new class and move what is counted; which ones really changed class.

    A click that someone else has judged again meanwhile is left as it is.
    """
    rows = [(r.click.id, r.click.kind, r.becomes, r.why) for r in revisions]
    done = await tx.all("clicks_revise", rows=_table(rows), ruleset=str(ruleset), number=ruleset)
    who = {row["id"]: row["who"] for row in done}
    moved = [r for r in revisions if r.click.id in who and r.becomes != r.click.kind]
    moves: Moves = Counter((r.click.campaign, r.click.kind, r.becomes) for r in moved)
    if moved:
        await _totals(tx, moved)
        await _counted(tx, moved, who, sources)
        listed = [(*key, count) for key, count in sorted(moves.items())]
        await tx.run("click_revisions_add", rows=_table(listed), ruleset=str(ruleset), at=at)
    return moves


async def names(tx: Tx, campaigns: Iterable[str]) -> list[tuple[str, str, str]]:
    """The id, brand and name of campaigns, by brand and name."""
    rows = await tx.all("click_revisions_named", rows=_table((c,) for c in campaigns))
    return [(row["id"], row["brand"], row["campaign"]) for row in rows]


async def of_campaign(tx: Tx, community: str, campaign: str) -> list[Moved]:
    """What newer rulesets moved, the newest first, of one ruleset the most clicks first."""
    rows = await tx.all("click_revisions_of", community=community, campaign=campaign)
    return [Moved(r["ruleset"], r["at"], r["was"], r["now"], r["clicks"]) for r in rows]


async def _totals(tx: Tx, moved: Sequence[Revision]) -> None:
    totals: Counter[tuple[str, str, str, str]] = Counter()
    for r in moved:
        totals[r.click.link, r.day, r.click.platform, r.click.kind] -= 1
        totals[r.click.link, r.day, r.click.platform, r.becomes] += 1
    await tx.run("click_totals_add", rows=_changes(totals))
    await tx.run("click_totals_clear", rows=_days(moved))


async def _counted(tx: Tx, moved: Sequence[Revision], who: _Who, sources: Sources) -> None:
    """What is told of counted clicks alone, when clicks begin or cease to count."""
    left = [r for r in moved if r.click.kind == COUNTED]
    come = [r for r in moved if r.becomes == COUNTED]
    if not left and not come:
        return
    facets = await _facets(tx, left, come, who, sources)
    await tx.run("click_facets_add", rows=_changes(facets))
    await tx.run("click_facets_clear", rows=_days(moved))
    await _leave(tx, _members(left, who))
    if new := _members(come, who):
        await tx.run("click_members_earlier", rows=_table([*key, at] for key, at in new.items()))
    if days := sorted({(r.click.campaign, r.day) for r in come}):
        await tx.run("click_people_least", rows=_table(days))
    if days := sorted({(r.click.campaign, r.day) for r in left}):
        await tx.run("click_people_most", rows=_table(days), counted=COUNTED)


async def _facets(
    tx: Tx, left: Sequence[Revision], come: Sequence[Revision], who: _Who, sources: Sources
) -> _Facets:
    """What each count of a value changes by."""
    rows = await tx.all("click_referrers", rows=_days([*left, *come]))
    known = Counter({(row["link"], row["day"], row["value"]): row["clicks"] for row in rows})
    changes: _Facets = Counter()
    for step, revisions in ((-1, left), (1, come)):
        for r in revisions:
            source = _source(r, known, sources, new=step > 0)
            known[r.click.link, r.day, source] += step
            for facet, value in zip(FACETS, _values(r, source, who), strict=True):
                changes[r.click.link, r.day, facet, value or ""] += step
    return changes


def _source(
    r: Revision, known: Counter[tuple[str, str, str]], sources: Sources, *, new: bool
) -> str:
    """The value that the click's referrer was counted under, or will be."""
    referrer = r.click.referrer or ""
    if not referrer or known[r.click.link, r.day, referrer] > 0:
        return referrer
    there = (key for key in known if key[:2] == (r.click.link, r.day) and known[key] > 0)
    named = sum(key[2] not in ("", sources.rest) for key in there)
    return referrer if new and named < sources.most else sources.rest


def _values(r: Revision, source: str, who: _Who) -> tuple[str | None, ...]:
    member = "anonymous" if who[r.click.id] is None else "verified"
    click = r.click
    return r.hour, click.language, click.device, click.browser, click.country, source, member


def _members(revisions: Sequence[Revision], who: _Who) -> dict[tuple[str, str], int]:
    """When each (campaign, member) made the first of the clicks."""
    first: dict[tuple[str, str], int] = {}
    for r in revisions:
        if pseudonym := who[r.click.id]:
            key = r.click.campaign, pseudonym
            first[key] = min(r.click.at, first.get(key, r.click.at))
    return dict(sorted(first.items()))


async def _leave(tx: Tx, members: dict[tuple[str, str], int]) -> None:
    """A member whose first counted click was older than those that left is there as before."""
    if not members:
        return
    known = await tx.all("click_members_first", rows=_table(members))
    rows = [row for row in known if row["first_at"] >= members[row["campaign"], row["who"]]]
    listed = _table(sorted((row["campaign"], row["who"]) for row in rows))
    await tx.run("click_members_leave", rows=listed, counted=COUNTED)
    await tx.run("click_members_later", rows=listed, counted=COUNTED)


# Rows go in one order, so that two processes never wait for one another in a circle.


def _changes(counts: Counter[tuple[str, str, str, str]]) -> str:
    return _table([(*key, change) for key, change in sorted(counts.items()) if change])


def _days(moved: Iterable[Revision]) -> str:
    return _table(sorted({(r.click.link, r.day) for r in moved}))


def _table(rows: Iterable[Sequence[str | int]]) -> str:
    return json.dumps([list(row) for row in rows], ensure_ascii=False)
