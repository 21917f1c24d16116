"""Commands of the team: an address by which a brand opens its report, and taking it back."""

from __future__ import annotations

from datetime import timedelta

from bot.feature import Context, Feature, Glance
from bot.model import Button, Choices, Refuse, Reply, Role, Say
from bot.wire import millis, moment
from bot.world import code
from handlers.reporting import cards
from storage import report_links as store
from storage import seals, tokens
from storage.report_links import Kept, Named

PATH = "r"  # of the page, before the token
TOKEN = 32  # letters of five bits
DAYS, LONGEST = 90, 730
LISTED = 3  # addresses shown at once


def reporting(public_url: str) -> Feature:
    """`public_url` is where the page is served."""
    feature = Feature("reporting")
    _sharing(feature, public_url.rstrip("/"))
    cards.commands(feature)
    feature.recalls(cards.recalled)

    @feature.suggest("report show", "campaign", role=Role.MANAGER)
    @feature.suggest("report link", "campaign", role=Role.MANAGER)
    @feature.suggest("report revoke", "campaign", role=Role.MANAGER)
    async def known(glance: Glance, so_far: str) -> Choices:
        return await suggested(glance, so_far)

    @feature.forgets
    async def forgets(ctx: Context) -> None:
        """Before the clicks lose their pseudonyms: see `storage.seals.forget`."""
        found = await tokens.pseudonyms(ctx.tx, ctx.community.id, ctx.member.id)
        for who in found.values():
            await seals.forget(ctx.tx, ctx.community.id, who)
        await cards.forgotten(ctx)

    return feature


def _sharing(feature: Feature, public_url: str) -> None:
    @feature.command("report link", role=Role.MANAGER)
    async def link(ctx: Context, campaign: str, days: int = DAYS) -> Reply:
        if not public_url:
            raise Refuse(Say("report_link.no_web"))
        if not 1 <= days <= LONGEST:
            raise Refuse(Say("report_link.days", most=LONGEST))
        found = await named(ctx, campaign)
        token = code(ctx.world.random(TOKEN))
        until = ctx.now + timedelta(days=days)
        home = ctx.community.id
        before = await store.links_of(ctx.tx, home, found.id, LISTED)
        await store.add(ctx.tx, home, found.id, ctx.new_id(), token, ctx.ms, millis(until))
        address = f"{public_url}/{PATH}/{token}"
        said = Say("report_link.made", campaign=title(found), address=address, until=until)
        lines = (said, *(_kept(one, ctx.ms) for one in before))
        button = Button(Say("report_link.open"), address)
        return Reply(Say("lines", lines=lines), (button,))

    @feature.command("report revoke", role=Role.MANAGER)
    async def revoke(ctx: Context, campaign: str) -> Reply:
        found = await named(ctx, campaign)
        count = await store.revoke(ctx.tx, ctx.community.id, found.id, ctx.ms)
        if not count:
            raise Refuse(Say("report_link.none", campaign=title(found)))
        return Reply(Say("report_link.revoked", campaign=title(found), count=count))


async def suggested(glance: Glance, so_far: str) -> Choices:
    """Campaigns that somebody who is typing may mean."""
    found = await store.campaigns(glance.tx, glance.community.id, millis(glance.now))
    names = [title(one)[:100] for one in found if so_far.lower() in title(one).lower()]
    return Choices(tuple((name, name) for name in dict.fromkeys(names))[:25])


async def named(ctx: Context, name: str) -> Named:
    """The newest campaign of that name, or of the brand of that name. Raises Refuse."""
    wanted = name.strip().lower()
    for one in await store.campaigns(ctx.tx, ctx.community.id, ctx.ms):
        if wanted in (title(one).lower(), one.name.lower(), one.brand.lower()):
            return one
    raise Refuse(Say("report_link.unknown", name=name.strip()[:60]))


def title(one: Named) -> str:
    return f"{one.brand} · {one.name}" if one.name else one.brand


def _kept(one: Kept, now: int) -> Say:
    """An address made before, and whether it was opened."""
    made = moment(one.made_at)
    if one.revoked_at is not None or one.expires_at <= now:
        return Say("report_link.over", made=made, openings=one.openings)
    if one.last_at is None:
        return Say("report_link.unopened", made=made)
    return Say("report_link.opened", made=made, openings=one.openings, last=moment(one.last_at))
