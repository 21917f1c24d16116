"""How campaigns and their links read to the team, and sponsors to everyone."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from bot.feature import Context
from bot.model import Button, Reply, Say
from bot.present import fit
from bot.wire import moment
from bot.words import Reader
from handlers.links.addresses import shown_host
from handlers.links.campaign_actions import AddPlace, AddProduct, Dates, Extras, History, Labels
from handlers.links.disclosure import label_of
from storage import campaigns
from storage import links as store
from storage.campaigns import Campaign, Change, Product
from storage.links import Link

LISTED = 8  # links of one campaign shown at once
PAGE = 70  # characters shown of a product's address
MOMENTS = ("starts_at", "ends_at", "ended")


def bot_place(ctx: Context) -> str:
    """The placement of links in the bot's own answers, as the community calls it."""
    return Reader(ctx.community.language, "UTC").text(Say("campaign.bot_place"))


def address_of(link: Link, public_url: str) -> str:
    """Where the link is opened: at ours, unless it is direct or we have no address."""
    return link.destination if link.direct or not public_url else f"{public_url}/{link.slug}"


def made(link: Link, public_url: str) -> Say:
    """A new link, and where to put it."""
    if link.direct:
        how = Say("link.is_direct")
    else:
        how = Say("link.use", placement=link.placement) if public_url else Say("link.untracked")
    return Say(
        "link.made",
        label=label_of(link),
        brand=link.brand,
        placement=link.placement,
        host=shown_host(link.destination),
        address=address_of(link, public_url),
        how=how,
        slug=link.slug,
    )


# A campaign ----------------------------------------------------------------------------------


async def summary(ctx: Context, campaign: Campaign, public_url: str, head: str) -> Reply:
    """All of a campaign after a first line by the key `head`, and what can be done with it."""
    products = await campaigns.products(ctx.tx, campaign.id)
    found = await store.of_campaign(ctx.tx, ctx.community.id, campaign.id, ctx.ms, LISTED + 1)
    lines = [
        label_of(campaign),
        Say(head, title=campaign.title),
        period(campaign, ctx.ms),
        *_extras(campaign),
        *(_product(one) for one in products),
        *_links(found, public_url),
        Say("campaign.next"),
    ]
    return Reply(Say("lines", lines=tuple(lines)), _buttons(campaign))


def period(campaign: Campaign, now: int) -> Say:
    """From when until when, in one line."""
    starts = moment(campaign.starts_at)
    if campaign.over(now):
        return Say("campaign.ended_at", at=moment(campaign.ends_at or 0))
    if campaign.ends_at is None:
        return Say("campaign.runs_open", starts=starts)
    return Say("campaign.runs", starts=starts, ends=moment(campaign.ends_at))


def _extras(campaign: Campaign) -> list[Say]:
    lines = []
    if campaign.goal:
        lines.append(Say("campaign.goal", clicks=campaign.goal))
    if campaign.coupon:
        lines.append(Say("campaign.coupon", coupon=campaign.coupon))
    if campaign.utm:
        lines.append(Say("campaign.utm_on"))
    return lines


def _product(product: Product) -> Say:
    page = urlsplit(product.destination)
    where = fit(f"{shown_host(product.destination)}{page.path}", PAGE, "codepoint")
    return Say("campaign.product", product=product.name, page=where)


def _links(found: Sequence[Link], public_url: str) -> list[Say]:
    if not found:
        return [Say("campaign.no_links")]
    lines = [Say("campaign.links")]
    lines += [
        Say("campaign.link", placement=link.placement, address=address_of(link, public_url))
        for link in found[:LISTED]
    ]
    if len(found) > LISTED:
        lines.append(Say("campaign.more_links"))
    if not public_url:
        lines.append(Say("link.untracked"))
    return lines


def _buttons(campaign: Campaign) -> tuple[Button, ...]:
    id = campaign.id
    return (
        Button(Say("campaign.place_button"), AddPlace(id)),
        Button(Say("campaign.dates_button"), Dates(id)),
        Button(Say("campaign.labels_button"), Labels(id)),
        Button(Say("campaign.extras_button"), Extras(id)),
        Button(Say("campaign.product_button"), AddProduct(id)),
        Button(Say("campaign.history_button"), History(id)),
    )


async def sponsor(ctx: Context, campaign: Campaign) -> list[Say]:
    """The label of a campaign, then what it is for and until when."""
    products = await campaigns.products(ctx.tx, campaign.id)
    named = ", ".join(one.name for one in products)
    lines = [label_of(campaign)]
    if campaign.ends_at is not None:
        until = moment(campaign.ends_at)
        what = named or campaign.brand_name
        lines.append(Say("sponsors.until", what=what, ends=until))
    elif named:
        lines.append(Say("text", text=named))
    return lines


# Its history ---------------------------------------------------------------------------------


def history(campaign: Campaign, changes: Sequence[Change]) -> Say:
    """What was changed and when, newest first."""
    if not changes:
        return Say("campaign.no_history", title=campaign.title)
    lines = tuple(_change(one) for one in changes)
    return Say("campaign.history", title=campaign.title, lines=lines)


def _change(change: Change) -> Say:
    field = Say(f"campaign.field.{change.field}")
    of: Say = field
    if change.slug is not None:
        there, slug = change.placement or "", change.slug
        of = Say("campaign.of_link", field=field, placement=there, slug=slug)
    if not change.before:
        return Say("campaign.set", at=moment(change.at), what=of, after=_shown(change, "after"))
    return Say(
        "campaign.change",
        at=moment(change.at),
        what=of,
        before=_shown(change, "before"),
        after=_shown(change, "after"),
    )


def _shown(change: Change, side: str) -> Say:
    text: str = getattr(change, side)
    if not text:
        return Say("campaign.nothing")
    if change.field in MOMENTS:
        return Say("text", text=moment(int(text)))
    if change.field == "utm":
        return Say("campaign.utm_yes")
    return Say("text", text=int(text) if change.field == "goal" else text)
