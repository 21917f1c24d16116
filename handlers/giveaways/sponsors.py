"""Who gives the prize: a giveaway that somebody pays for carries their label from the start."""

from __future__ import annotations

from bot.feature import Context
from bot.model import Refuse, Say
from handlers.links.making import MANY, named, slug_of
from storage import campaigns, links
from storage.campaigns import Campaign
from storage.links import Link

_SHORT = 3  # characters: a brand's name below that is found in too many words


async def sponsor_of(ctx: Context, sponsor: str, prize: str) -> Campaign | None:
    """The campaign of that name, brand or link. Without one, that of a brand whose name stands in
    the prize: a label too many does no harm.

    Raises Refuse where a sponsor is named that has no campaign, and so no label.
    """
    if sponsor.strip():
        return await _named(ctx, sponsor)
    said = prize.casefold()
    for one in await campaigns.newest(ctx.tx, ctx.community.id, ctx.ms, MANY):
        brand = one.brand_name.casefold()
        if not one.over(ctx.ms) and len(brand) >= _SHORT and brand in said:
            return one
    return None


async def _named(ctx: Context, sponsor: str) -> Campaign:
    running = [one for one in await named(ctx, sponsor) if not one.over(ctx.ms)]
    if running:
        return running[0]
    link = await _linked(ctx, sponsor)
    if link is not None:
        found = await campaigns.get(ctx.tx, ctx.community.id, link.campaign)
        if found is not None:
            return found
    raise Refuse(Say("giveaway.no_sponsor", sponsor=sponsor.strip()[:60]))


async def _linked(ctx: Context, sponsor: str) -> Link | None:
    found = await links.link_by_slug(ctx.tx, slug_of(sponsor))
    if found is None or found.community != ctx.community.id or found.over(ctx.ms):
        return None
    return found


async def link_for(ctx: Context, campaign: str, sponsor: str = "") -> str:
    """The id of the link behind the sponsor's ticket: the one named, else the campaign's first
    that goes through us, so that its clicks can be told; empty without one."""
    named = await _linked(ctx, sponsor) if sponsor.strip() else None
    if named is not None and named.campaign == campaign and not named.direct:
        return named.id
    found = await links.of_campaign(ctx.tx, ctx.community.id, campaign, ctx.ms, MANY)
    return next((one.id for one in found if not one.direct), "")


async def brand_of(ctx: Context, campaign: str | None) -> str:
    """The name of the brand that pays, empty for none."""
    found = await campaigns.get(ctx.tx, ctx.community.id, campaign) if campaign else None
    return found.brand_name if found else ""
