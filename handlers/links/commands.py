"""Links: a manager makes one for a brand, fans get their own, everyone sees who sponsors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from bot.feature import Context, Feature, Glance
from bot.model import Choices, Effect, Refuse, Reply, Role, Say
from bot.wire import millis, moment
from bot.world import spell
from handlers.links import personal
from handlers.links.addresses import Destination, Wrong, destination, slug_ok
from handlers.links.disclosure import (
    USUAL_BN,
    USUAL_EN,
    OpenLink,
    label_of,
    one_line,
    wording,
)  # fmt: skip
from handlers.links.retention import retention, tidying
from storage import links as store
from storage.links import Link

LONGEST = 60  # characters of a brand's or a placement's name
LISTED = 8  # links shown at once
TRIES = 8
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def links(public_url: str) -> Feature:
    """`public_url` is where redirects are served; empty: links lead straight to the shop."""
    feature = Feature("links")
    _team(feature, public_url)
    _fans(feature, public_url)
    _kept(feature)
    retention(feature)
    return feature


def _team(feature: Feature, public_url: str) -> None:
    loopback = urlsplit(public_url).hostname in _LOOPBACK

    @feature.command("link new", role=Role.MANAGER)
    async def new(
        ctx: Context,
        brand: str,
        destination: str,
        placement: str,
        disclosure_bn: str = USUAL_BN,
        disclosure_en: str = USUAL_EN,
    ) -> list[Effect]:
        to = _checked(destination, loopback)
        where = one_line(placement, LONGEST, "placement")
        campaign = await _campaign(ctx, brand, disclosure_bn, disclosure_en)
        link = await _made(ctx, campaign, to, where)
        return [tidying(ctx), Reply(_made_words(link, to, public_url))]

    @feature.command("link end", role=Role.MANAGER)
    async def end(ctx: Context, address: str) -> Reply:
        slug = slug_of(address)
        if not await store.end_link(ctx.tx, ctx.community.id, slug, ctx.ms):
            raise Refuse(Say("link.unknown"))
        return Reply(Say("link.ended", slug=slug))

    @feature.suggest("link end", "address", role=Role.MANAGER)
    async def running(glance: Glance, so_far: str) -> Choices:
        now = millis(glance.now)
        found = await store.current(glance.tx, glance.community.id, now, 100)
        shown = [
            (f"{link.brand} · {link.placement} ({link.slug})"[:100], link.slug) for link in found
        ]
        return Choices(tuple(one for one in shown if so_far.lower() in one[0].lower())[:25])


def _checked(given: str, loopback: bool) -> Destination:
    """Links of a playground may lead to this machine. Raises Refuse, saying what is wrong."""
    found = destination(given, loopback=loopback)
    if isinstance(found, Wrong):
        raise Refuse(Say(f"link.wrong.{found}"))
    return found


async def _campaign(ctx: Context, brand: str, bn: str, en: str) -> str:
    """The open campaign of the brand, both made where there is none."""
    tx, home, name = ctx.tx, ctx.community.id, one_line(brand, LONGEST, "brand")
    found = await store.open_brand(tx, home, ctx.new_id(), name, ctx.ms)
    own = (
        wording(bn, USUAL_BN, found.name, "disclosure_bn"),
        wording(en, USUAL_EN, found.name, "disclosure_en"),
    )
    usual = (USUAL_BN.replace("{brand}", found.name), USUAL_EN.replace("{brand}", found.name))
    key = ctx.world.random(32)
    return await store.open_campaign(tx, home, ctx.new_id(), found.id, usual, own, key, ctx.ms)


async def _made(ctx: Context, campaign: str, to: Destination, placement: str) -> Link:
    tx, home, id = ctx.tx, ctx.community.id, ctx.new_id()
    for _ in range(TRIES):
        slug = spell(int.from_bytes(ctx.world.random(5), "big"), 7)
        if slug_ok(slug) and await store.add_link(
            tx, home, id, slug, campaign, to.url, placement, ctx.ms
        ):
            break
    link = await store.link(tx, home, id)
    if link is None:
        raise LookupError("no free slug")
    return link


def _made_words(link: Link, to: Destination, public_url: str) -> Say:
    host = to.host if to.host == to.readable else f"{to.readable} ({to.host})"
    how = Say("link.use", placement=link.placement) if public_url else Say("link.untracked")
    return Say(
        "link.made",
        label=label_of(link),
        brand=link.brand,
        placement=link.placement,
        host=host,
        address=f"{public_url}/{link.slug}" if public_url else link.destination,
        how=how,
        slug=link.slug,
    )


def slug_of(address: str) -> str:
    """The slug in whatever of a short address a person pasted."""
    path = re.split(r"[?#]", address.strip().lower())[0]
    return path.rstrip("/").rpartition("/")[2].partition(".")[0]


def _fans(feature: Feature, public_url: str) -> None:
    @feature.command("links")
    async def current(ctx: Context) -> Reply:
        found = await store.current(ctx.tx, ctx.community.id, ctx.ms, LISTED)
        if not found:
            return Reply(Say("link.none"))
        return await personal.handed(ctx, public_url, found)

    @feature.pressed(OpenLink)
    async def open_link(ctx: Context, press: OpenLink) -> Reply:
        link = await store.link(ctx.tx, ctx.community.id, press.link)
        if link is None:
            raise Refuse(Say("link.unknown"))
        if link.over_at is not None and link.over(ctx.ms):
            raise Refuse(Say("link.over", at=moment(link.over_at)))
        return await personal.opened(ctx, public_url, link)

    @feature.command("sponsors")
    async def sponsors(ctx: Context) -> Reply:
        found = await store.current(ctx.tx, ctx.community.id, ctx.ms, 1000)
        labels = {link.campaign: label_of(link) for link in reversed(found)}
        if not labels:
            return Reply(Say("sponsors.none", creator=ctx.community.name))
        listed = tuple(labels.values())
        return Reply(Say("sponsors.list", creator=ctx.community.name, sponsors=listed))


def _kept(feature: Feature) -> None:
    @feature.recalls
    async def recalls(ctx: Context) -> Sequence[Say]:
        given = await store.tokens_of(ctx.tx, ctx.member.id)
        clicks = await store.clicks_of(ctx.tx, ctx.community.id, ctx.member.id)
        return [Say("link.recalled", links=given, clicks=clicks)]

    @feature.forgets
    async def forgets(ctx: Context) -> None:
        await store.forget(ctx.tx, ctx.community.id, ctx.member.id)
