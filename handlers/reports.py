"""Reports: what a brand's links brought, counted so that the brand can check it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from zoneinfo import ZoneInfo

from bot.feature import Context, Feature
from bot.model import Picture, Refuse, Reply, Role, Say
from bot.wire import moment
from handlers.links.classify import Class
from handlers.links.clicks import WEB
from handlers.reporting.few import FEW, Hidden, Shown, alone
from handlers.reporting.few import total as total_of
from handlers.reporting.figures import figures
from handlers.reporting.picture import picture_of
from handlers.reporting.view import View, view
from handlers.reporting.wording import Wording
from storage import campaigns, links
from storage import clicks as store
from storage import reclassify as revisions
from storage.campaigns import Campaign
from storage.clicks import Total
from storage.links import Brand
from storage.reclassify import Moved

DAYS, LONGEST = 30, 92
PERIODS = (7, DAYS, 90)  # of a brand: two that differ by a day would tell of that day
CAMPAIGNS = 5  # of one brand, the newest


def reports() -> Feature:
    """Brands read their own figures, the team everyone's."""
    feature = Feature("reports")

    @feature.command("report show", role=Role.BRAND)
    async def report(
        ctx: Context, brand: str = "", campaign: str = "", placement: str = "", days: int = DAYS
    ) -> Reply:
        if not 1 <= days <= LONGEST:
            raise Refuse(Say("report.days", most=LONGEST))
        if ctx.member.role < Role.HELPER and days not in PERIODS:
            raise Refuse(Say("report.periods", first=PERIODS[0], second=DAYS, third=PERIODS[2]))
        asked = Asked(campaign.strip().lower(), placement.strip().lower(), days)
        lines: list[Say] = []
        picture: Picture | None = None
        for one in await _campaigns(ctx, brand.strip(), asked):
            shown = await _shown(ctx, one, days)
            lines += await _told(ctx, one, shown, asked)
            table = "placements" if asked.placement else "days" if days > 1 else "hours"
            picture = picture or picture_of(Wording(shown, ctx.language), one.title, table)
        if not lines:
            return Reply(Say("report.nothing"))
        lines.append(Say("report.definitions", zone=ctx.community.timezone))
        return Reply(Say("lines", lines=tuple(lines)), picture=picture)

    return feature


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted, in lower case; empty is all."""

    campaign: str = ""
    placement: str = ""
    days: int = DAYS


async def _campaigns(ctx: Context, brand: str, asked: Asked) -> list[Campaign]:
    """What this person may read of it. Raises Refuse where a campaign was named that is none."""
    found: list[Campaign] = []
    for one in await _readable(ctx, brand):
        found += await campaigns.of_brand(ctx.tx, ctx.community.id, one.id, CAMPAIGNS)
    if not asked.campaign:
        return found
    named = [c for c in found if asked.campaign in (c.name.lower(), c.title.lower())]
    if not named:
        raise Refuse(Say("report.no_campaign", campaign=asked.campaign[:60]))
    return named


async def _shown(ctx: Context, campaign: Campaign, days: int) -> View:
    """The figures of the page, as this person may see them, over the last days up to today."""
    until = ctx.now.astimezone(ZoneInfo(ctx.community.timezone)).date()
    since = until - timedelta(days=days - 1)
    found = await figures(ctx.tx, ctx.community.id, campaign.id, since, until, ctx.now)
    if found is None:
        raise LookupError(f"the campaign {campaign.id} vanished")
    return view(found, exact=ctx.member.role >= Role.HELPER)


async def _readable(ctx: Context, name: str) -> list[Brand]:
    """The brands whose figures this person may read; a brand of others is as unknown as none."""
    if ctx.member.role >= Role.HELPER:
        found = await links.brands(ctx.tx, ctx.community.id)
    else:
        found = await links.brands_of(ctx.tx, ctx.community.id, ctx.member.id)
    if not name:
        return found
    named = [brand for brand in found if brand.name.lower() == name.lower()]
    if not named:
        raise Refuse(Say("report.unknown", brand=name[:60]))
    return named


async def _told(ctx: Context, campaign: Campaign, shown: View, asked: Asked) -> list[Say]:
    """A campaign: the sum, each place, what was left out and why, people, what was moved."""
    if not shown.report.gross:
        began = moment(campaign.starts_at)
        lines = [Say("report.none", brand=campaign.title, days=asked.days, since=began)]
    else:
        clicks = cell(shown.net)
        lines = [Say("report.campaign", clicks=clicks, brand=campaign.title, days=asked.days)]
        if shown.exact:
            since = shown.report.since
            totals = await store.totals(ctx.tx, ctx.community.id, campaign.id, since)
            lines += _for_the_team(totals, asked)
        else:
            lines += for_the_brand(shown, asked)
        lines += _in_short(shown)
    moved = await revisions.of_campaign(ctx.tx, ctx.community.id, campaign.id)
    return [*lines, *_revised(moved, exact=shown.exact), Say("text", text="")]


def _for_the_team(totals: list[Total], asked: Asked) -> list[Say]:
    """Each placement with its platforms, then what was left out by its exact reason."""
    human = [total for total in totals if total.kind == Class.HUMAN]
    places = {total.placement for total in human}
    lines = [_of_placement(place, human) for place in _wanted(places, asked)]
    out = Counter[str]()
    for total in totals:
        if total.kind != Class.HUMAN:
            out[total.kind] += total.clicks
    if out:
        reasons = [Say(f"report.class.{kind}", clicks=out[kind]) for kind in Class if kind in out]
        lines.append(Say("report.left_out", clicks=out.total(), reasons=_in_a_row(reasons)))
    return lines


def for_the_brand(shown: View, asked: Asked | None = None) -> list[Say]:
    """The same tables as on the page, with nothing in them that the page does not tell."""
    places = {row.name: row.clicks for row in shown.tables["placements"]}
    lines = [
        Say("report.platform", platform=f"{place}:", clicks=cell(places[place]))
        for place in _wanted(places, asked or Asked())
    ]
    platforms = [
        Say("report.platform", platform=_platform(row.name), clicks=cell(row.clicks))
        for row in shown.tables["platforms"]
    ]
    if platforms:
        lines.append(Say("report.platforms", platforms=_in_a_row(platforms)))
    steps = [
        Say("report.platform", platform=Say(f"report_page.step.{row.name}"), clicks=clicks)
        for row in shown.left_out
        if (clicks := cell(row.clicks)) != 0
    ]
    if steps:
        lines.append(Say("report.left_out_parts", reasons=_in_a_row(steps)))
    return lines


def _wanted(places: Iterable[str], asked: Asked) -> list[str]:
    """Raises Refuse where a place was named of which there is nothing to tell."""
    found = sorted(places)
    if not asked.placement:
        return found
    named = [place for place in found if place.lower() == asked.placement]
    if not named:
        raise Refuse(Say("report.no_place", placement=asked.placement[:60]))
    return named


def _in_short(shown: View) -> list[Say]:
    """The single figures of the page that say most."""
    numbers = shown.numbers
    lines = [Say("report.people", people=cell(numbers["people"]))]
    if numbers["answered"] != 0:
        lines.append(
            Say(
                "report_page.headline_questions", answered=cell(numbers["answered"]),
                helpful=cell(numbers["helpful"]),
            )
        )  # fmt: skip
    return lines


def _revised(moved: list[Moved], *, exact: bool) -> list[Say]:
    """What newer rulesets moved: each move that changes the sum, the others of a ruleset as one."""
    lines: list[Say] = []
    rest: dict[tuple[int, int], list[int]] = {}
    for one in moved:
        if Class.HUMAN in (one.was, one.now):
            lines.append(_of_move(one, exact))
        else:
            rest.setdefault((int(one.ruleset), one.at), []).append(one.clicks)
    for (ruleset, at), parts in rest.items():
        shown = cell(sum(parts) if exact else total_of(parts))
        lines.append(Say("report.revision.rest", ruleset=ruleset, at=moment(at), clicks=shown))
    return lines


def _of_move(one: Moved, exact: bool) -> Say:
    return Say(
        "report.revision.counted", ruleset=int(one.ruleset), at=moment(one.at),
        clicks=cell(one.clicks if exact else alone(one.clicks)), was=Say(f"report.kind.{one.was}"),
        now=Say(f"report.kind.{one.now}"),
    )  # fmt: skip


def _of_placement(placement: str, human: list[Total]) -> Say:
    here = [total for total in human if total.placement == placement]
    platforms = [
        Say("report.platform", platform=_platform(one.platform), clicks=one.clicks) for one in here
    ]
    clicks = sum(one.clicks for one in here)
    return Say(
        "report.placement", placement=placement, clicks=clicks, platforms=_in_a_row(platforms)
    )


def _platform(name: str) -> str | Say:
    return Say("report.shared") if name == WEB else name.capitalize()


def cell(shown: Shown) -> int | Say:
    """A number as the page shows it."""
    if isinstance(shown, int):
        return shown
    return Say("report.few", few=FEW) if shown is Hidden.FEW else Say("report_page.withheld")


def _in_a_row(said: Iterable[Say]) -> Say:
    return reduce(lambda first, rest: Say("report.and", first=first, rest=rest), said)
