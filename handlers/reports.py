"""Reports: what a brand's links brought, counted so that the brand can check it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from functools import reduce
from zoneinfo import ZoneInfo

from bot.feature import Context, Feature
from bot.model import Refuse, Reply, Role, Say
from bot.wire import moment
from handlers.links.classify import Class
from handlers.links.clicks import WEB
from storage import clicks as store
from storage import links
from storage.clicks import Total
from storage.links import Brand, Campaign

DAYS = 30
CAMPAIGNS = 5  # of one brand, the newest
FEW = 10  # a brand is not told the exact size of a smaller group of people


def reports() -> Feature:
    """Brands read their own figures, the team everyone's."""
    feature = Feature("reports")

    @feature.command("report", role=Role.BRAND)
    async def report(ctx: Context, brand: str = "") -> Reply:
        since = ctx.now.astimezone(ZoneInfo(ctx.community.timezone)) - timedelta(days=DAYS - 1)
        lines: list[Say] = []
        for one in await _readable(ctx, brand.strip()):
            lines += await _of_brand(ctx, one, since.date().isoformat())
        if not lines:
            return Reply(Say("report.nothing"))
        lines.append(Say("report.definitions", zone=ctx.community.timezone))
        return Reply(Say("lines", lines=tuple(lines)))

    return feature


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


async def _of_brand(ctx: Context, brand: Brand, since: str) -> list[Say]:
    lines: list[Say] = []
    for campaign in await links.campaigns(ctx.tx, ctx.community.id, brand.id, CAMPAIGNS):
        totals = await store.totals(ctx.tx, ctx.community.id, campaign.id, since)
        lines += _of_campaign(brand, campaign, totals, exact=ctx.member.role >= Role.HELPER)
        lines.append(Say("text", text=""))
    return lines


def _of_campaign(
    brand: Brand, campaign: Campaign, totals: list[Total], *, exact: bool
) -> list[Say]:
    """The sum, then each placement with its platforms, then what was left out and why."""
    human = [total for total in totals if total.kind == Class.HUMAN]
    began = moment(campaign.starts_at)
    if not totals:
        return [Say("report.none", brand=brand.name, days=DAYS, since=began)]
    clicks = sum(total.clicks for total in human)
    lines = [Say("report.campaign", clicks=clicks, brand=brand.name, days=DAYS)]
    for placement in sorted({total.placement for total in human}):
        lines.append(_of_placement(placement, human, exact))
    out = Counter[str]()
    for total in totals:
        if total.kind != Class.HUMAN:
            out[total.kind] += total.clicks
    if out:
        reasons = [Say(f"report.class.{kind}", clicks=out[kind]) for kind in Class if kind in out]
        lines.append(Say("report.left_out", clicks=out.total(), reasons=_in_a_row(reasons)))
    return lines


def _of_placement(placement: str, human: list[Total], exact: bool) -> Say:
    here = [total for total in human if total.placement == placement]
    platforms = [
        Say("report.platform", platform=_platform(one.platform), clicks=_cell(one.clicks, exact))
        for one in here
    ]
    clicks = _cell(sum(one.clicks for one in here), exact)
    return Say(
        "report.placement", placement=placement, clicks=clicks, platforms=_in_a_row(platforms)
    )


def _platform(name: str) -> str | Say:
    return Say("report.shared") if name == WEB else name.capitalize()


def _cell(clicks: int, exact: bool) -> int | Say:
    return clicks if exact or clicks >= FEW else Say("report.few", few=FEW)


def _in_a_row(said: Iterable[Say]) -> Say:
    return reduce(lambda first, rest: Say("report.and", first=first, rest=rest), said)
