"""Which members opened a link: for the team alone, and only where the community decided so."""

from __future__ import annotations

from bot.feature import Context, Feature, Glance
from bot.model import Choices, Refuse, Reply, Role, Say
from bot.wire import millis, moment
from handlers.links.commands import slug_of
from handlers.links.disclosure import label_of
from handlers.links.identity import MemberIdentity
from storage import links as store
from storage import tokens
from storage.links import Link

SHOWN = 50  # members named at once, those who came last


def clickers() -> Feature:
    """Names and moments of verified openings, since the community shows them."""
    feature = Feature("clickers")

    @feature.command("link clickers", role=Role.HELPER)
    async def of_link(ctx: Context, address: str) -> Reply:
        await _refuse_others(ctx)
        link = await store.link_by_slug(ctx.tx, slug_of(address))
        if link is None or link.community != ctx.community.id:
            raise Refuse(Say("link.unknown"))
        return Reply(Say("lines", lines=(label_of(link), *await _lines(ctx, link))))

    @feature.suggest("link clickers", "address", role=Role.HELPER)
    async def running(glance: Glance, so_far: str) -> Choices:
        now = millis(glance.now)
        found = await store.current(glance.tx, glance.community.id, now, 100)
        shown = [(f"{one.brand} · {one.placement} ({one.slug})"[:100], one.slug) for one in found]
        return Choices(tuple(one for one in shown if so_far.lower() in one[0].lower())[:25])

    return feature


async def _refuse_others(ctx: Context) -> None:
    """Raises Refuse where nobody is named, and for whoever stands for a brand as well."""
    standing = await tokens.standing(ctx.tx, ctx.community.id, ctx.member.id)
    if standing.identity != MemberIdentity.ON:
        raise Refuse(Say("clickers.off", state=Say(f"identity.state.{standing.identity}")))
    if await store.brands_of(ctx.tx, ctx.community.id, ctx.member.id):
        raise Refuse(Say("clickers.brand"))


async def _lines(ctx: Context, link: Link) -> list[Say]:
    found = await tokens.clickers(ctx.tx, ctx.community.id, link.id, SHOWN)
    if not found:
        return [Say("clickers.none", brand=link.brand, placement=link.placement)]
    head = Say("clickers.head", brand=link.brand, placement=link.placement)
    return [head, *(
        Say("clickers.one", name=one.name, platform=one.platform, at=moment(one.at))
        for one in found
    )]  # fmt: skip
