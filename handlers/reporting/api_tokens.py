"""`/report token`: access for a brand's programs to the figures of one campaign."""

from __future__ import annotations

from typing import Literal

from bot.feature import Context, Feature, Glance
from bot.model import Choices, Refuse, Reply, Role, Say
from bot.world import code
from handlers.reporting.commands import TOKEN, named, suggested, title
from storage import api_tokens as store
from storage.report_links import Named


def api_tokens(public_url: str) -> Feature:
    """`public_url` is where the API is served."""
    feature = Feature("api tokens")
    address = public_url.rstrip("/")

    @feature.command("report token", role=Role.MANAGER)
    async def token(ctx: Context, campaign: str, access: Literal["new", "off"] = "new") -> Reply:
        if not address:
            raise Refuse(Say("report_link.no_web"))
        found = await named(ctx, campaign)
        return await (_new(ctx, found, address) if access == "new" else _off(ctx, found))

    @feature.suggest("report token", "campaign", role=Role.MANAGER)
    async def known(glance: Glance, so_far: str) -> Choices:
        return await suggested(glance, so_far)

    return feature


async def _new(ctx: Context, found: Named, address: str) -> Reply:
    token, key = (code(ctx.world.random(TOKEN)) for _ in range(2))
    id = ctx.new_id()
    await store.add(ctx.tx, ctx.community.id, found.id, id, token, key, ctx.ms)
    api = f"{address}/v1/openapi.json"
    return Reply(
        Say("api.made", campaign=title(found), token=token, id=id, secret=key, address=api)
    )


async def _off(ctx: Context, found: Named) -> Reply:
    count = await store.revoke(ctx.tx, ctx.community.id, found.id, ctx.ms)
    if not count:
        raise Refuse(Say("api.none", campaign=title(found)))
    return Reply(Say("api.revoked", campaign=title(found), count=count))
