"""Forms behind a campaign's buttons: each opens with what holds now, and changes that alone."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from bot.feature import Context, Feature
from bot.model import Field, Form, Refuse, Reply, Role, Say
from bot.wire import moment
from handlers.links import making, telling
from handlers.links.campaign_actions import AddPlace, AddProduct, Dates, Extras, Labels
from handlers.links.campaigns import NOTHING, coupon_of, goal_of, keep_product, period
from handlers.links.disclosure import labels, one_line
from handlers.links.making import LONGEST
from storage import campaigns as store
from storage.campaigns import Campaign

SHORT = 60
ADDRESS = 2000


def forms(feature: Feature, public_url: str, loopback: bool) -> None:
    _place(feature, public_url)
    _dates(feature, public_url)
    _labels(feature, public_url)
    _extras(feature, public_url)
    _product(feature, public_url, loopback)


async def _campaign(ctx: Context, id: str) -> Campaign:
    found = await store.get(ctx.tx, ctx.community.id, id)
    if found is None:
        raise Refuse(Say("campaign.gone"))
    return found


def _asked(name: str, value: str = "", **more: Any) -> Field:
    return Field(name, Say(f"option.{name}"), value=value, **more)


async def _kept(ctx: Context, public_url: str, id: str, **new: Any) -> Reply:
    after = await making.changed(ctx, id, **new)
    return await telling.summary(ctx, after, public_url, "campaign.kept")


# Another place -------------------------------------------------------------------------------


def _place(feature: Feature, public_url: str) -> None:
    @feature.pressed(AddPlace, role=Role.MANAGER)
    async def ask(ctx: Context, press: AddPlace) -> Form:
        campaign = await _campaign(ctx, press.campaign)
        products = await store.products(ctx.tx, campaign.id)
        fields = [_asked("placement", limit=LONGEST)]
        if len(products) > 1:
            fields.append(_asked("product", products[0].name, required=False, limit=LONGEST))
        fields.append(_asked("slug", required=False, limit=SHORT))
        return Form(Say("campaign.place_title", title=campaign.title), tuple(fields), press)

    @feature.filled(AddPlace, role=Role.MANAGER)
    async def add(
        ctx: Context, form: AddPlace, placement: str, product: str = "", slug: str = ""
    ) -> Reply:
        campaign = await _campaign(ctx, form.campaign)
        if campaign.over(ctx.ms):
            raise Refuse(Say("campaign.is_over", title=campaign.title))
        there = one_line(placement, LONGEST, "placement")
        to = await making.where(ctx, campaign, "", product, loopback=False)
        link = await making.made(ctx, campaign.id, to, there, making.custom(slug))
        return Reply(telling.made(link, public_url))


# Dates ---------------------------------------------------------------------------------------


def _dates(feature: Feature, public_url: str) -> None:
    @feature.pressed(Dates, role=Role.MANAGER)
    async def ask(ctx: Context, press: Dates) -> Form:
        campaign = await _campaign(ctx, press.campaign)
        begins, closes = _written(ctx, campaign.starts_at), _written(ctx, campaign.ends_at)
        fields = (
            _asked("starts", begins, required=False, limit=SHORT),
            _asked("ends", closes, required=False, limit=SHORT),
        )
        return Form(Say("campaign.dates_title", title=campaign.title), fields, press)

    @feature.filled(Dates, role=Role.MANAGER)
    async def change(ctx: Context, form: Dates, starts: str = "", ends: str = "") -> Reply:
        campaign = await _campaign(ctx, form.campaign)
        begins, closes = _new_period(ctx, campaign, starts.strip(), ends.strip())
        return await _kept(ctx, public_url, campaign.id, starts_at=begins, ends_at=closes)


def _new_period(ctx: Context, campaign: Campaign, starts: str, ends: str) -> tuple[int, int | None]:
    """What was left as it stood stays to the millisecond, even where it is past by now."""
    kept_start = starts == _written(ctx, campaign.starts_at) or starts.lower() in NOTHING
    kept_end = ends == _written(ctx, campaign.ends_at)
    if not kept_start:
        begins, closes = period(ctx, starts, "" if kept_end else ends)
    else:
        begins, closes = campaign.starts_at, None if kept_end else _end(ctx, campaign, ends)
    closes = campaign.ends_at if kept_end else closes
    if closes is not None and closes <= begins:
        raise Refuse(Say("campaign.ends_first", starts=moment(begins), ends=moment(closes)))
    return begins, closes


def _end(ctx: Context, campaign: Campaign, ends: str) -> int | None:
    """A span counts from the start where that is still to come, else from today."""
    later = campaign.starts_at > ctx.ms
    return period(ctx, _written(ctx, campaign.starts_at) if later else "", ends)[1]


def _written(ctx: Context, at: int | None) -> str:
    """The day as it stands in a form."""
    zone = ZoneInfo(ctx.community.timezone)
    return "" if at is None else f"{moment(at).astimezone(zone):%d.%m.%Y}"


# Words ---------------------------------------------------------------------------------------


def _labels(feature: Feature, public_url: str) -> None:
    @feature.pressed(Labels, role=Role.MANAGER)
    async def ask(ctx: Context, press: Labels) -> Form:
        campaign = await _campaign(ctx, press.campaign)
        both = f"{campaign.disclosure_bn}\n{campaign.disclosure_en}"
        field = _asked("disclosure", both, required=False, long=True, limit=500)
        return Form(Say("campaign.labels_title", title=campaign.title), (field,), press)

    @feature.filled(Labels, role=Role.MANAGER)
    async def change(ctx: Context, form: Labels, disclosure: str = "") -> Reply:
        campaign = await _campaign(ctx, form.campaign)
        bn, en = labels(disclosure, campaign.brand_name)
        return await _kept(
            ctx, public_url, campaign.id, disclosure_bn=bn or campaign.disclosure_bn,
            disclosure_en=en or campaign.disclosure_en,
        )  # fmt: skip


def _extras(feature: Feature, public_url: str) -> None:
    @feature.pressed(Extras, role=Role.MANAGER)
    async def ask(ctx: Context, press: Extras) -> Form:
        campaign = await _campaign(ctx, press.campaign)
        fields = (
            _asked("name", campaign.name, required=False, limit=LONGEST),
            _asked("goal", str(campaign.goal or 0), required=False, limit=SHORT),
            _asked("coupon", campaign.coupon or "", required=False, limit=LONGEST),
            _asked("utm", _yes_no(ctx, campaign.utm), required=False, limit=SHORT),
        )
        return Form(Say("campaign.extras_title", title=campaign.title), fields, press)

    @feature.filled(Extras, role=Role.MANAGER)
    async def change(
        ctx: Context, form: Extras, name: str = "", goal: int = 0, coupon: str = "",
        utm: bool = False,
    ) -> Reply:  # fmt: skip
        called = "" if name.strip() in NOTHING else one_line(name, LONGEST, "name")
        return await _kept(
            ctx, public_url, form.campaign, name=called, goal=goal_of(goal),
            coupon=coupon_of(coupon), utm=int(utm),
        )  # fmt: skip


def _yes_no(ctx: Context, value: int) -> str:
    words = ("no", "yes") if ctx.language == "en" else ("না", "হ্যাঁ")
    return words[bool(value)]


# Products ------------------------------------------------------------------------------------


def _product(feature: Feature, public_url: str, loopback: bool) -> None:
    @feature.pressed(AddProduct, role=Role.MANAGER)
    async def ask(ctx: Context, press: AddProduct) -> Form:
        campaign = await _campaign(ctx, press.campaign)
        fields = (_asked("product", limit=LONGEST), _asked("destination", limit=ADDRESS))
        return Form(Say("campaign.product_title", title=campaign.title), fields, press)

    @feature.filled(AddProduct, role=Role.MANAGER)
    async def add(ctx: Context, form: AddProduct, product: str, destination: str) -> Reply:
        to = making.checked(destination, loopback)
        campaign = await _campaign(ctx, form.campaign)
        await keep_product(ctx, campaign, one_line(product, LONGEST, "product"), to.url)
        return await telling.summary(ctx, campaign, public_url, "campaign.kept")
