"""Opening a draft: the terms, the keys, the log's first line and the posts, in one unit."""

from __future__ import annotations

from dataclasses import replace

from bot.feature import Context, Feature
from bot.model import Effect, Later, Refuse, Reply, Role, Say
from bot.wire import moment
from handlers.giveaways import fairness, previews, rules, series, show, terms
from handlers.giveaways.actions import Freeze, Publish
from handlers.giveaways.plan import Plan, unpacked
from handlers.giveaways.record import record
from handlers.giveaways.sponsors import brand_of
from handlers.giveaways.tools import Tools
from storage import giveaway_plans as plans
from storage import giveaways as store
from storage.giveaway_plans import Draft, Terms
from storage.giveaways import Giveaway, Keys, Stand

KEY_BYTES = 32


def register(feature: Feature, tools: Tools) -> None:
    @feature.pressed(Publish, role=Role.MANAGER)
    async def publish(ctx: Context, press: Publish) -> list[Effect]:
        """Open it to everyone, now."""
        draft = await plans.draft(ctx.tx, ctx.community.id, press.giveaway)
        if draft is None:
            raise Refuse(await _why_not(ctx, press.giveaway))
        opened, effects = await published(ctx, tools, draft)
        places = len(await store.stands(ctx.tx, opened.id))
        done = Say("giveaway.published", places=places, closes=moment(opened.closes_at or 0))
        return [Reply(done), *effects]


async def _why_not(ctx: Context, id: str) -> Say:
    found = await store.get(ctx.tx, ctx.community.id, id)
    return Say("giveaway.published_before" if found else "button.stale")


async def published(ctx: Context, tools: Tools, draft: Draft) -> tuple[Giveaway, list[Effect]]:
    """Fix the terms, commit to a secret, post everywhere, and leave the timer of the close.

    Raises Refuse, before anything is written, where its end is past or there is nowhere to post.
    """
    closes = draft.closes_at(ctx.ms)
    if closes <= ctx.ms:
        raise Refuse(Say("giveaway.draft_past", closes=moment(closes)))
    stands = [Stand(p.platform, p.chat, p.thread) for p in await previews.places(ctx)]
    keys = Keys(ctx.world.random(KEY_BYTES), ctx.world.random(fairness.SECRET_BYTES))
    opened = await _open(ctx, tools, draft.giveaway, closes, keys.secret)
    await store.put_keys(ctx.tx, opened.id, keys)
    await store.put_stands(ctx.tx, opened.id, stands)
    return opened, [
        *show.posts(opened, stands),
        Later(moment(closes), Freeze(opened.id)),
        *series.next_of(ctx, opened),
    ]


async def _open(
    ctx: Context, tools: Tools, draft: Giveaway, closes: int, secret: bytes
) -> Giveaway:
    plan = unpacked(draft.plan)
    dated = replace(draft, published_at=ctx.ms, closes_at=closes)
    bn, en = await worded(ctx, dated, plan)
    promise = terms.promise(
        dated, plan, closes // 1000, secret, rules.digest(bn, en), chain=tools.chain
    )
    fixed = fixed_terms(promise, bn, en)
    opened = await plans.publish(ctx.tx, ctx.community.id, draft, fixed, ctx.ms)
    if opened is None:
        raise Refuse(Say("giveaway.published_before"))
    line = {"kind": "open", "params": fixed.params, "at": ctx.ms // 1000}
    last = await record(ctx.tx, opened.id, line)
    return replace(opened, log_number=last.number, log_head=last.head)


async def worded(ctx: Context, giveaway: Giveaway, plan: Plan) -> tuple[str, str]:
    """The rules of a giveaway with its times, in Bengali and English."""
    sponsor = await brand_of(ctx, giveaway.campaign)
    return rules.made(giveaway, plan, ctx.community, sponsor)


def fixed_terms(promise: fairness.Parameters, bn: str, en: str) -> Terms:
    """Terms as they are kept."""
    params, hashed = promise.canonical().decode(), promise.digest().hex()
    return Terms(promise.close_at * 1000, params, hashed, bn, en)
