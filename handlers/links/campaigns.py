"""Campaigns in chat: new, list, edit, product, history, end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

from bot.feature import Context, Feature, Glance
from bot.model import Action, Button, Choices, Effect, Refuse, Reply, Role, Say
from bot.present import fit
from bot.wire import millis, moment
from handlers.links import dates, making, telling
from handlers.links.campaign_actions import AddProduct, Dates, End, History, Show
from handlers.links.disclosure import USUAL, labels, one_line, usual
from handlers.links.looking import looking
from handlers.links.making import LONGEST, MANY
from handlers.links.retention import tidying
from storage import campaigns as store
from storage import links, people
from storage.campaigns import Campaign, Product

PLACES = 6  # links made at once, one for each place where the bot is
OFFERED = 6  # campaigns to choose from
LISTED = 15
CHANGES = 20  # shown of a history
MOST_GOAL = 1_000_000_000
MOST_YEARS = 10
NOTHING = ("", "-", "–", "—", "নেই", "নাই", "none", "no")  # takes a value away
_ASKED = ("brand", "product", "destination", "ends", "disclosure")


def commands(feature: Feature, public_url: str, loopback: bool) -> None:
    _new(feature, public_url, loopback)
    _looking(feature, public_url)
    _changing(feature, public_url, loopback)
    for name in ("edit", "product", "history", "end"):
        feature.suggest(f"campaign {name}", "campaign", role=Role.MANAGER)(_suggested)


def _new(feature: Feature, public_url: str, loopback: bool) -> None:
    @feature.command("campaign new", role=Role.MANAGER, form=True, asks=_ASKED)
    async def new(
        ctx: Context,
        brand: str,
        product: str,
        destination: str,
        ends: str = "",
        starts: str = "",
        goal: int = 0,
        coupon: str = "",
        disclosure: str = USUAL,
    ) -> list[Effect]:
        to = making.checked(destination, loopback)
        span = period(ctx, starts, ends)
        wanted = (one_line(product, LONGEST, "product"), goal_of(goal), coupon_of(coupon))
        campaign = await _made(ctx, brand, wanted, span, disclosure)
        item = Product(ctx.new_id(), campaign.name, to.url)
        await store.add_product(ctx.tx, campaign.id, item, ctx.ms)
        await _links_everywhere(ctx, campaign, item)
        shown = await telling.summary(ctx, campaign, public_url, "campaign.made")
        return [tidying(ctx), looking(ctx), shown]


async def _made(
    ctx: Context, brand: str, wanted: tuple[str, int | None, str | None],
    span: tuple[int, int | None], disclosure: str,
) -> Campaign:  # fmt: skip
    """The campaign, named after its first product. Raises Refuse where it runs already."""
    name, goal, coupon = wanted
    home = ctx.community.id
    of = await links.open_brand(
        ctx.tx, home, ctx.new_id(), one_line(brand, LONGEST, "brand"), ctx.ms
    )
    await store.hold_brand(ctx.tx, of.id)
    for there in await store.newest(ctx.tx, home, ctx.ms, MANY):
        same = there.brand == of.id and there.name.casefold() == name.casefold()
        if same and not there.over(ctx.ms):
            raise Refuse(Say("campaign.there", title=there.title), _show(there))
    own, common = labels(disclosure, of.name), usual(of.name)
    bn, en = (given or plain for given, plain in zip(own, common, strict=True))
    made = Campaign(ctx.new_id(), of.id, of.name, name, bn, en, *span, goal, coupon, 0)
    await store.add(ctx.tx, home, made, ctx.world.random(32))
    await making.log(ctx, made.id, "made", "", made.title)
    return made


async def _links_everywhere(ctx: Context, campaign: Campaign, product: Product) -> None:
    """A link for the bot's own answers and one for each place where it is, so that each is counted
    apart."""
    to = making.Where(product.destination, product)
    await making.made(ctx, campaign.id, to, telling.bot_place(ctx))
    for place in (await people.places(ctx.tx, ctx.community.id))[:PLACES]:
        title = fit(place.title or place.chat, LONGEST - 12, "codepoint")
        await making.made(ctx, campaign.id, to, f"{title} ({place.platform.capitalize()})")


# What people write ---------------------------------------------------------------------------


def period(ctx: Context, starts: str, ends: str) -> tuple[int, int | None]:
    """From when until when, in milliseconds; without a start from now on, without an end open.

    Raises Refuse for a day nobody could read, one that is past, and an end before the start.
    """
    today = ctx.now.astimezone(ZoneInfo(ctx.community.timezone)).date()
    first = today if _none(starts) else _day(starts, today)
    if first < today:
        raise Refuse(Say("campaign.past", given=starts.strip()[:60]))
    begins = ctx.ms if first == today else dates.starts(first, ctx.community.timezone)
    if _none(ends):
        return begins, None
    last = _day(ends, first)
    closes = dates.ends(last, ctx.community.timezone)
    if closes <= ctx.ms:
        raise Refuse(Say("campaign.past", given=ends.strip()[:60]))
    if closes <= begins:
        raise Refuse(Say("campaign.ends_first", starts=moment(begins), ends=moment(closes)))
    return begins, closes


def _day(text: str, today: date) -> date:
    found = dates.day(text, today)
    if found is None or found.year > today.year + MOST_YEARS:
        raise Refuse(Say("campaign.no_day", given=text.strip()[:60]))
    return found


def _none(text: str) -> bool:
    return text.strip().lower() in NOTHING


def goal_of(goal: int) -> int | None:
    """The number of clicks promised, None for none."""
    if not 0 <= goal <= MOST_GOAL:
        raise Refuse(Say("campaign.bad_goal", most=MOST_GOAL, given=goal))
    return goal or None


def coupon_of(text: str) -> str | None:
    return None if _none(text) else one_line(text, LONGEST, "coupon")


# Looking -------------------------------------------------------------------------------------


def _looking(feature: Feature, public_url: str) -> None:
    @feature.command("campaign list", role=Role.HELPER)
    async def list_(ctx: Context) -> Reply:
        found = await store.newest(ctx.tx, ctx.community.id, ctx.ms, LISTED)
        if not found:
            return Reply(Say("campaign.none"))
        lines = tuple(
            Say("campaign.line", title=one.title, period=telling.period(one, ctx.ms))
            for one in found
        )
        running = [one for one in found if not one.over(ctx.ms)]
        return Reply(Say("campaign.list", lines=lines), tuple(map(_show, running[:OFFERED])))

    @feature.command("campaign edit", role=Role.MANAGER)
    async def edit(ctx: Context, campaign: str = "") -> Reply:
        found = await picked(ctx, campaign, Show)
        return await telling.summary(ctx, found, public_url, "campaign.is")

    @feature.pressed(Show, role=Role.MANAGER)
    async def show(ctx: Context, press: Show) -> Reply:
        return await edit(ctx, press.campaign)

    @feature.command("campaign history", role=Role.HELPER)
    async def history(ctx: Context, campaign: str = "") -> Reply:
        found = await picked(ctx, campaign, History, over=True)
        changes = await store.changes(ctx.tx, ctx.community.id, found.id, CHANGES)
        return Reply(telling.history(found, changes))

    @feature.pressed(History, role=Role.HELPER)
    async def pressed_history(ctx: Context, press: History) -> Reply:
        return await history(ctx, press.campaign)


def _show(campaign: Campaign) -> Button:
    return _choice(campaign, Show)


def _choice(campaign: Campaign, kind: Callable[[str], Action]) -> Button:
    title = fit(campaign.title, LONGEST, "codepoint")
    return Button(Say("text", text=title), kind(campaign.id))


async def picked(
    ctx: Context, word: str, kind: Callable[[str], Action], *, over: bool = False
) -> Campaign:
    """The campaign of that name or brand; the only one that is not over where none was named.

    Raises Refuse with a button of `kind` for each it could be.
    """
    known = await store.newest(ctx.tx, ctx.community.id, ctx.ms, MANY)
    if not over:
        known = [one for one in known if not one.over(ctx.ms)]
    if not known:
        raise Refuse(Say("campaign.none"))
    ids = {one.id for one in await making.named(ctx, word)}
    meant = [one for one in known if one.id in ids] if word.strip() else known
    if len(meant) == 1:
        return meant[0]
    choice = [_choice(one, kind) for one in (meant or known)[:OFFERED]]
    if word.strip() and not meant:
        raise Refuse(Say("campaign.unknown", campaign=word.strip()[:60]), *choice)
    raise Refuse(Say("campaign.which"), *choice)


async def _suggested(glance: Glance, so_far: str) -> Choices:
    found = await store.newest(glance.tx, glance.community.id, millis(glance.now), MANY)
    shown = [(one.title[:100], one.id) for one in found]
    return Choices(tuple(one for one in shown if so_far.lower() in one[0].lower())[:25])


# Changing ------------------------------------------------------------------------------------


def _changing(feature: Feature, public_url: str, loopback: bool) -> None:
    @feature.command("campaign product", role=Role.MANAGER)
    async def product(ctx: Context, campaign: str, product: str, destination: str) -> Reply:
        to = making.checked(destination, loopback)
        found = await picked(ctx, campaign, AddProduct)
        await keep_product(ctx, found, one_line(product, LONGEST, "product"), to.url)
        return await telling.summary(ctx, found, public_url, "campaign.kept")

    @feature.command("campaign end", role=Role.MANAGER)
    async def end(ctx: Context, campaign: str = "") -> Reply:
        found = await picked(ctx, campaign, End)
        begins = min(found.starts_at, ctx.ms)
        await making.changed(ctx, found.id, starts_at=begins, ends_at=ctx.ms)
        again = Button(Say("campaign.dates_button"), Dates(found.id))
        return Reply(Say("campaign.ended", title=found.title), (again,))

    @feature.pressed(End, role=Role.MANAGER)
    async def pressed_end(ctx: Context, press: End) -> Reply:
        return await end(ctx, press.campaign)


async def keep_product(ctx: Context, campaign: Campaign, name: str, url: str) -> None:
    """A new product, or another page for the one of that name, which its links follow."""
    await store.hold(ctx.tx, ctx.community.id, campaign.id)
    known = await store.products(ctx.tx, campaign.id)
    there = next((one for one in known if one.name.casefold() == name.casefold()), None)
    if there is None:
        await store.add_product(ctx.tx, campaign.id, Product(ctx.new_id(), name, url), ctx.ms)
        await making.log(ctx, campaign.id, "product", "", f"{name}: {url}")
        return
    if there.destination == url:
        return
    moved = await store.move_product(ctx.tx, campaign.id, there, url)
    before, after = f"{name}: {there.destination}", f"{name}: {url}"
    await making.log(ctx, campaign.id, "product", before, after)
    for link in moved:
        await making.log(ctx, campaign.id, "destination", there.destination, url, link)
