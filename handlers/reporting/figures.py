"""Figures: the one model of a report, counted from roll-ups, exact; `view` says who sees what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.wire import millis
from storage import figures as store
from storage.figures import COUNTED, Head, Span
from storage.tx import Tx

K = TypeVar("K")
Facets = Mapping[tuple[str, str], int]

# What is taken from all requests until the clicks are left, in the order of the rules.
STEPS: Mapping[str, tuple[str, ...]] = {
    "checks": ("head", "prefetch"),
    "previews": ("preview",),
    "bots": ("automation", "bot"),
    "self": ("self",),
    "rate": ("rate",),
    "repeats": ("repeat",),
    "incentivised": ("incentivised",),
}
OTHER = "other"  # a class this program does not know: counted apart, never lost
HOUR, LANGUAGE = "hour", "language"  # facets
VERIFIED = ("member", "verified")


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a table; parts of a table add up to its total."""

    name: str
    clicks: int


@dataclass(frozen=True, slots=True)
class Change:
    """A destination or a term that was changed; `placement` is empty for the campaign's own."""

    at: int
    placement: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Revision:
    """Clicks that a newer ruleset counts as something else."""

    at: int
    ruleset: str
    was: str
    now: str
    clicks: int


@dataclass(frozen=True, slots=True)
class Tables:
    """Clicks, by one thing each; the parts of every table make the total.

    `within` are the clicks by (product, placement): a product's are those of its placements.
    """

    days: tuple[Part, ...]
    hours: tuple[Part, ...]
    placements: tuple[Part, ...]
    products: tuple[Part, ...]
    platforms: tuple[Part, ...]
    languages: tuple[Part, ...]
    within: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Reach:
    """`people` are estimated anew each day; `verified` clicks came from members known by a
    personal link, `members` are how many of those there are; `intents` presses of a button."""

    people: int
    verified: int
    members: int
    intents: int


@dataclass(frozen=True, slots=True)
class Talk:
    """Questions that an ad of the campaign answered, and what fans said of that. `entrants` is
    None where no giveaway belongs to the campaign."""

    answered: int
    helpful: int
    wrong: int
    entrants: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """A campaign in a time, exact: for the team, and for `view` to make what a brand sees.

    `since` and `until` are days in the zone of `head`, both within; moments are ms. `gross` is
    every request, `left_out` what was taken from it, `net` the clicks; `expected` how many of the
    goal there should be by now.
    """

    community: str
    campaign: str
    head: Head
    since: str
    until: str
    updated_at: int
    gross: int
    left_out: tuple[Part, ...]
    net: int
    tables: Tables
    reach: Reach
    talk: Talk
    expected: int | None
    changes: tuple[Change, ...]
    revisions: tuple[Revision, ...]


async def figures(
    tx: Tx, community: str, campaign: str, since: date, until: date, now: datetime
) -> Report | None:
    """The campaign from `since` to `until`, both within; None where the community has none such."""
    head = await store.head(tx, community, campaign)
    if head is None:
        return None
    span = _span(community, campaign, since, until, head.timezone)
    by_day = await store.days(tx, span)
    by_facet = await store.facets(tx, span)
    classes = _sums((kind, clicks) for (_, kind), clicks in by_day.items())
    net = classes.pop(COUNTED, 0)
    places = await store.places(tx, span)
    return Report(
        community=community, campaign=campaign, head=head, since=span.since, until=span.until,
        updated_at=millis(now),
        gross=net + sum(classes.values()), left_out=_left_out(classes), net=net,
        tables=_tables(_days(by_day, since, until), places, by_facet, net),
        reach=await _reach(tx, span, by_facet),
        talk=Talk(*await store.questions(tx, span), await store.entrants(tx, span)),
        expected=_expected(head, now),
        changes=tuple(Change(**dict(row)) for row in await store.changes(tx, span)),
        revisions=tuple(
            Revision(**dict(row)) for row in await store.revisions(tx, community, campaign)
        ),
    )  # fmt: skip


def _tables(
    days: tuple[Part, ...], places: Mapping[tuple[str, str, str], int], by_facet: Facets, net: int
) -> Tables:
    return Tables(
        days=days,
        hours=_hours(by_facet),
        placements=_parts((place, n) for (place, _, _), n in places.items()),
        products=_parts((product, n) for (_, product, _), n in places.items()),
        platforms=_parts((platform, n) for (_, _, platform), n in places.items()),
        languages=_languages(by_facet, net),
        within=_sums(((product, place), n) for (place, product, _), n in places.items()),
    )


async def _reach(tx: Tx, span: Span, by_facet: Facets) -> Reach:
    return Reach(
        people=await store.people(tx, span),
        verified=by_facet.get(VERIFIED, 0),
        members=await store.members(tx, span),
        intents=await store.intents(tx, span),
    )


def _span(community: str, campaign: str, since: date, until: date, timezone: str) -> Span:
    zone = ZoneInfo(timezone)
    first, end = (
        millis(datetime(day.year, day.month, day.day, tzinfo=zone))
        for day in (since, until + timedelta(days=1))
    )
    return Span(community, campaign, since.isoformat(), until.isoformat(), first, end)


def _sums(pairs: Iterable[tuple[K, int]]) -> dict[K, int]:
    found: dict[K, int] = defaultdict(int)
    for name, clicks in pairs:
        found[name] += clicks
    return dict(found)


def _parts(pairs: Iterable[tuple[str, int]]) -> tuple[Part, ...]:
    """The largest first; names in one order on every database."""
    sums = _sums(pairs)
    return tuple(Part(name, sums[name]) for name in sorted(sums, key=lambda n: (-sums[n], n)))


def _left_out(classes: Mapping[str, int]) -> tuple[Part, ...]:
    steps = [
        Part(step, sum(classes.get(kind, 0) for kind in kinds)) for step, kinds in STEPS.items()
    ]
    other = sum(classes.values()) - sum(step.clicks for step in steps)
    return (*steps, Part(OTHER, other)) if other else tuple(steps)


def _days(by_day: Mapping[tuple[str, str], int], since: date, until: date) -> tuple[Part, ...]:
    count = (until - since).days + 1
    names = ((since + timedelta(days=n)).isoformat() for n in range(count))
    return tuple(Part(name, by_day.get((name, COUNTED), 0)) for name in names)


def _hours(by_facet: Facets) -> tuple[Part, ...]:
    """All 24 of them, "00" to "23"; none where hours were not counted."""
    found = {int(value): n for (facet, value), n in by_facet.items() if facet == HOUR}
    return tuple(Part(f"{hour:02}", found.get(hour, 0)) for hour in range(24)) if found else ()


def _languages(by_facet: Facets, net: int) -> tuple[Part, ...]:
    """Clicks without a language are a part of their own, so that the parts make the total."""
    found = {value: n for (facet, value), n in by_facet.items() if facet == LANGUAGE}
    if rest := net - sum(found.values()):
        found[""] = found.get("", 0) + rest
    return _parts(found.items())


def _expected(head: Head, now: datetime) -> int | None:
    """How many clicks there should be by now on an even way to the goal."""
    if head.goal is None or head.ends_at is None or head.ends_at <= head.starts_at:
        return None
    gone = min(millis(now), head.ends_at) - head.starts_at
    return max(0, head.goal * gone // (head.ends_at - head.starts_at))
