"""Links: a manager makes one for a place, fans get their own, everyone sees who sponsors."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from bot.feature import Context, Feature
from bot.model import Effect, Refuse, Reply, Role, Say
from bot.wire import moment
from handlers.links import campaign_forms, campaigns, editing, making, personal, telling
from handlers.links.disclosure import USUAL_BN, USUAL_EN, OpenLink, one_line
from handlers.links.looking import looking
from handlers.links.making import slug_of as slug_of
from handlers.links.retention import retention, tidying
from storage import campaigns as campaign_store
from storage import links as store
from storage.links import Link

LISTED = 8  # links shown at once
LOOKED_AT = 100
SPONSORS = 100
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def links(public_url: str) -> Feature:
    """`public_url` is where redirects are served; empty: links lead straight to the shop."""
    feature = Feature("links")
    loopback = urlsplit(public_url).hostname in _LOOPBACK
    _making(feature, public_url, loopback)
    editing.commands(feature, public_url, loopback)
    campaigns.commands(feature, public_url, loopback)
    campaign_forms.forms(feature, public_url, loopback)
    _fans(feature, public_url)
    retention(feature)

    @feature.forgets
    async def forgets(ctx: Context) -> None:
        await campaign_store.forget(ctx.tx, ctx.member.id)

    return feature


def _making(feature: Feature, public_url: str, loopback: bool) -> None:
    form = ("brand", "destination", "placement", "disclosure_bn", "disclosure_en")

    @feature.command("link new", role=Role.MANAGER, asks=form)
    async def new(
        ctx: Context,
        *,
        brand: str,
        destination: str = "",
        placement: str,
        disclosure_bn: str = USUAL_BN,
        disclosure_en: str = USUAL_EN,
        product: str = "",
        slug: str = "",
        direct: bool = False,
    ) -> list[Effect]:
        if destination.strip():
            making.checked(destination, loopback)
        word = making.custom(slug)
        there = one_line(placement, making.LONGEST, "placement")
        campaign = await making.campaign_of(ctx, brand, disclosure_bn, disclosure_en)
        to = await making.where(ctx, campaign, destination, product, loopback)
        link = await making.made(ctx, campaign.id, to, there, word, direct)
        return [tidying(ctx), looking(ctx), Reply(telling.made(link, public_url))]


def _once_each(found: Sequence[Link], ours: str) -> list[Link]:
    """A fan is shown an offer once, not once for every place it was posted in: the link that was
    made for the bot's own answers (placement `ours`), else the first of `found`."""
    chosen: dict[tuple[str, str | None, str], Link] = {}
    for one in found:
        offer = (one.campaign, one.product, one.destination)
        if offer not in chosen or one.placement == ours:
            chosen[offer] = one
    return list(chosen.values())


def _fans(feature: Feature, public_url: str) -> None:
    @feature.command("links")
    async def current(ctx: Context) -> Reply:
        found = await store.current(ctx.tx, ctx.community.id, ctx.ms, LOOKED_AT)
        if not found:
            return Reply(Say("link.none"))
        if ctx.member.role < Role.HELPER:
            found = _once_each(found, telling.bot_place(ctx))
        return await personal.handed(ctx, public_url, found[:LISTED])

    @feature.pressed(OpenLink)
    async def open_link(ctx: Context, press: OpenLink) -> Reply:
        link = await store.link(ctx.tx, ctx.community.id, press.link)
        if link is None:
            raise Refuse(Say("link.unknown"))
        if link.over_at is not None and link.over(ctx.ms):
            raise Refuse(Say("link.over", at=moment(link.over_at)))
        if not link.begun(ctx.ms):
            raise Refuse(Say("link.not_yet", at=moment(link.starts_at)))
        return await personal.opened(ctx, public_url, link)

    @feature.command("sponsors")
    async def sponsors(ctx: Context) -> Reply:
        found = await campaign_store.sponsoring(ctx.tx, ctx.community.id, ctx.ms, SPONSORS)
        if not found:
            return Reply(Say("sponsors.none", creator=ctx.community.name))
        listed = tuple([line for one in found for line in await telling.sponsor(ctx, one)])
        return Reply(Say("sponsors.list", creator=ctx.community.name, sponsors=listed))
