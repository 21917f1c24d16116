"""Figures of one campaign, read from roll-ups alone; every question names its community too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from storage.tx import Row, Tx

COUNTED = "human"  # the class of requests that count as clicks


@dataclass(frozen=True, slots=True)
class Span:
    """One campaign and a time: days `since` to `until` ("2026-11-20", both within) in the
    community's zone, which are the moments from `first` until before `end` (ms)."""

    community: str
    campaign: str
    since: str
    until: str
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Head:
    """Whose campaign it is. Moments in ms; `published_at` is when its first link was made."""

    brand: str
    campaign: str
    creator: str
    timezone: str
    starts_at: int
    ends_at: int | None
    goal: int | None
    published_at: int | None


async def head(tx: Tx, community: str, campaign: str) -> Head | None:
    """None where the community has no such campaign."""
    row = await tx.one("figures_campaign", community=community, campaign=campaign)
    return Head(**dict(row)) if row else None


async def days(tx: Tx, span: Span) -> dict[tuple[str, str], int]:
    """Requests by (day, class)."""
    rows = await _days(tx, "figures_days", span)
    return {(row["day"], row["class"]): row["clicks"] for row in rows}


async def places(tx: Tx, span: Span) -> dict[tuple[str, str, str], int]:
    """Clicks by (placement, product or "", platform)."""
    rows = await _days(tx, "figures_places", span, counted=COUNTED)
    return {(row["placement"], row["product"], row["platform"]): row["clicks"] for row in rows}


async def facets(tx: Tx, span: Span) -> dict[tuple[str, str], int]:
    """Clicks by (facet, value), of the facets "hour", "language" and "member" alone."""
    rows = await _days(tx, "figures_facets", span)
    return {(row["facet"], row["value"]): row["clicks"] for row in rows}


async def _days(tx: Tx, query: str, span: Span, **more: str) -> list[Row]:
    return await tx.all(
        query, community=span.community, campaign=span.campaign, since=span.since,
        until=span.until, **more,
    )  # fmt: skip


async def _day_sums(tx: Tx, query: str, span: Span) -> Row:
    row = await tx.one(
        query, community=span.community, campaign=span.campaign, since=span.since,
        until=span.until,
    )  # fmt: skip
    if row is None:
        raise LookupError(f"{query} gave no sum")
    return row


async def people(tx: Tx, span: Span) -> int:
    """Estimated people, each counted once a day."""
    return int((await _day_sums(tx, "figures_people", span))["people"])


async def intents(tx: Tx, span: Span) -> int:
    """Presses of buttons that promise a link."""
    return int((await _day_sums(tx, "figures_intents", span))["intents"])


async def questions(tx: Tx, span: Span) -> tuple[int, int, int]:
    """Questions that an ad of the campaign answered: how many, called helpful, called wrong."""
    row = await _day_sums(tx, "figures_questions", span)
    return int(row["answered"]), int(row["helpful"]), int(row["wrong"])


async def members(tx: Tx, span: Span) -> int:
    """Members known by a personal link, whose first click was in this time."""
    row = await tx.one("figures_members", **_moments(span))
    return int(row["members"]) if row else 0


async def entrants(tx: Tx, span: Span) -> int | None:
    """People in the campaign's giveaways that began in this time; None without a giveaway."""
    row = await tx.one("figures_giveaways", **_moments(span))
    return int(row["entrants"]) if row and row["giveaways"] else None


async def changes(tx: Tx, span: Span) -> list[Row]:
    """What was changed in this time (at, field, before, after, placement), oldest first."""
    return await tx.all("figures_changes", **_moments(span))


def _moments(span: Span) -> dict[str, Any]:
    return {
        "community": span.community, "campaign": span.campaign, "first": span.first,
        "end": span.end,
    }  # fmt: skip


async def revisions(tx: Tx, community: str, campaign: str) -> list[Row]:
    """Clicks that a newer ruleset moved (at, ruleset, was, now, clicks), oldest first."""
    return await tx.all("figures_revisions", community=community, campaign=campaign)


async def mark(tx: Tx, community: str, campaign: str) -> tuple[int, ...]:
    """Something that differs once there is more to count; not for a brand's eyes."""
    row = await tx.one("figures_mark", community=community, campaign=campaign)
    return tuple(int(value) for value in dict(row).values()) if row else ()
