"""Who gives the prize: a giveaway that somebody pays for carries their label from the start."""

from __future__ import annotations

from bot.feature import Context
from bot.model import Refuse, Say
from handlers.links.making import MANY, named, slug_of
from storage import campaigns, links
from storage.campaigns import Campaign

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
    link = await links.link_by_slug(ctx.tx, slug_of(sponsor))
    if link is not None and link.community == ctx.community.id and not link.over(ctx.ms):
        found = await campaigns.get(ctx.tx, ctx.community.id, link.campaign)
        if found is not None:
            return found
    raise Refuse(Say("giveaway.no_sponsor", sponsor=sponsor.strip()[:60]))
