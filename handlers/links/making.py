"""Making sponsored links: which campaign they belong to, where they lead, and their short word."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bot.feature import Context
from bot.model import Refuse, Say
from bot.world import spell
from handlers.links.addresses import Destination, Wrong, destination, slug_ok
from handlers.links.disclosure import USUAL_BN, USUAL_EN, one_line, usual, wording
from storage import campaigns
from storage import links as store
from storage.campaigns import Campaign, Product
from storage.links import Link, NewLink

LONGEST = 60  # characters of a brand's, a product's or a placement's name
MANY = 200  # campaigns looked through for a name
TRIES = 8


@dataclass(frozen=True, slots=True)
class Where:
    """Where a link is to lead: a page of the shop, and the product it sells."""

    url: str
    product: Product | None = None


def checked(given: str, loopback: bool) -> Destination:
    """Links of a playground may lead to this machine. Raises Refuse, saying what is wrong."""
    found = destination(given, loopback=loopback)
    if isinstance(found, Wrong):
        raise Refuse(Say(f"link.wrong.{found}"))
    return found


async def log(
    ctx: Context, campaign: str, field: str, before: str, after: str, link: str | None = None
) -> None:
    """Keep a change for everyone who reads the report."""
    id, who = ctx.new_id(), ctx.member.id
    await campaigns.log(ctx.tx, id, campaign, link, who, field, before, after, ctx.ms)


# The campaign --------------------------------------------------------------------------------


async def named(ctx: Context, word: str) -> list[Campaign]:
    """The campaigns people mean by a word: an id, a name, or a brand; those not over first."""
    known = await campaigns.newest(ctx.tx, ctx.community.id, ctx.ms, MANY)
    said = " ".join(word.split()).casefold()
    return [
        c for c in known if said in (c.id, *(n.casefold() for n in (c.name, c.brand_name, c.title)))
    ]


async def campaign_of(ctx: Context, word: str, bn: str, en: str) -> Campaign:
    """The campaign of that name, or the brand's newest, both made where there is none; labels
    that are not the usual ones take the place of those it had."""
    running = [c for c in await named(ctx, word) if not c.over(ctx.ms)]
    if running and running[0].brand_name.casefold() != word.strip().casefold():
        return await _worded(ctx, running[0], bn, en)
    name = one_line(word, LONGEST, "brand")
    brand = await store.open_brand(ctx.tx, ctx.community.id, ctx.new_id(), name, ctx.ms)
    await campaigns.hold_brand(ctx.tx, brand.id)
    found = await campaigns.running(ctx.tx, ctx.community.id, brand.id, ctx.ms)
    if found is None:
        labels = usual(brand.name)
        found = Campaign(
            ctx.new_id(), brand.id, brand.name, "", *labels, ctx.ms, None, None, None, 0
        )
        found = replace(found, **_own(found, bn, en))  # type: ignore[arg-type]
        await campaigns.add(ctx.tx, ctx.community.id, found, ctx.world.random(32))
        return found
    return await _worded(ctx, found, bn, en)


async def _worded(ctx: Context, found: Campaign, bn: str, en: str) -> Campaign:
    own = _own(found, bn, en)
    return await changed(ctx, found.id, **own) if own else found


def _own(campaign: Campaign, bn: str, en: str) -> dict[str, str]:
    """The labels that somebody worded."""
    brand = campaign.brand_name
    given = {
        "disclosure_bn": wording(bn, USUAL_BN, brand, "disclosure_bn"),
        "disclosure_en": wording(en, USUAL_EN, brand, "disclosure_en"),
    }
    return {name: text for name, text in given.items() if text is not None}


async def changed(ctx: Context, id: str, **new: Any) -> Campaign:
    """The campaign with these fields new, and a line in its history for each that differs."""
    await campaigns.hold(ctx.tx, ctx.community.id, id)
    before = await campaigns.get(ctx.tx, ctx.community.id, id)
    if before is None:
        raise Refuse(Say("campaign.gone"))
    after = replace(before, **new)
    await campaigns.put(ctx.tx, ctx.community.id, after)
    for field in new:
        was, now = (str(getattr(one, field) or "") for one in (before, after))
        if was != now:
            await log(ctx, id, field, was, now)
    return after


# Where it leads ------------------------------------------------------------------------------


async def where(
    ctx: Context, campaign: Campaign, given: str, product: str, loopback: bool
) -> Where:
    """The page that was given, else that of the product, which a campaign of one need not name.

    Raises Refuse where nobody could tell.
    """
    known = await campaigns.products(ctx.tx, campaign.id)
    chosen = _chosen(known, product)
    if given.strip():
        url = checked(given, loopback).url
        same = next((one for one in known if one.destination == url), None)
        return Where(url, chosen or same)
    if chosen is None and len(known) == 1:
        chosen = known[0]
    if chosen is None:
        raise Refuse(_no_page(known))
    return Where(chosen.destination, chosen)


def _chosen(known: list[Product], product: str) -> Product | None:
    said = " ".join(product.split()).casefold()
    found = next((one for one in known if one.name.casefold() == said), None)
    if said and found is None:
        raise Refuse(_no_page(known) if known else Say("campaign.no_products"))
    return found


def _no_page(known: list[Product]) -> Say:
    if not known:
        return Say("option.missing", option=Say("option.destination"))
    return Say("campaign.which_product", products=", ".join(one.name for one in known))


# The link ------------------------------------------------------------------------------------


def custom(given: str) -> str:
    """The short word somebody chose for a link, empty for none. Raises Refuse."""
    word = given.strip().lower()
    if word and not slug_ok(word):
        raise Refuse(Say("link.bad_slug", slug=word[:60]))
    return word


async def made(
    ctx: Context, campaign: str, to: Where, placement: str, slug: str = "", direct: bool = False
) -> Link:
    """A link with its own word `slug`, or with one of seven random characters."""
    id, home = ctx.new_id(), ctx.community.id
    product = to.product.id if to.product else None
    for _ in range(TRIES):
        word = slug or spell(int.from_bytes(ctx.world.random(5), "big"), 7)
        new = NewLink(word, campaign, to.url, placement, product, direct)
        if (slug or slug_ok(word)) and await store.add_link(ctx.tx, home, id, new, ctx.ms):
            break
        if slug:
            raise Refuse(Say("link.slug_taken", slug=slug))
    link = await store.link(ctx.tx, home, id)
    if link is None:
        raise LookupError("no free slug")
    await log(ctx, campaign, "made", "", to.url, link.id)
    return link


async def link_at(ctx: Context, address: str, now: int | None = None) -> Link:
    """The community's link of this slug or short address; with `now`, one that is not over.

    Raises Refuse.
    """
    found = await store.link_by_slug(ctx.tx, slug_of(address))
    if found is None or found.community != ctx.community.id:
        raise Refuse(Say("link.unknown"))
    if now is not None and found.over(now):
        raise Refuse(Say("link.unknown"))
    return found


async def held_at(ctx: Context, address: str) -> Link:
    """The same of a running link that is to be changed: whoever changes one of its campaign at the
    same time waits, and sees what this leaves."""
    seen = await link_at(ctx, address, ctx.ms)
    await campaigns.hold(ctx.tx, ctx.community.id, seen.campaign)
    return await link_at(ctx, seen.slug, ctx.ms)


def slug_of(address: str) -> str:
    """The slug in whatever of a short address a person pasted."""
    path = address.strip().lower().split("?")[0].split("#")[0]
    return path.rstrip("/").rpartition("/")[2].partition(".")[0]
