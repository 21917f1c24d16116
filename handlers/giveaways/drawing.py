"""What time does to a giveaway first: the count is renewed, and the list frozen.

Each step is one unit of work that checks by a conditional update that it still has to happen, and
leaves the timer of the next step behind: a crash anywhere only delays.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.feature import Context, Feature, Glance
from bot.model import Effect, Later, Post
from bot.wire import moment
from handlers.giveaways import beaconing, claims, handing, show, show_draw, telling, terms, winners
from handlers.giveaways.actions import Count, Draw, Fade, Freeze, Seek
from handlers.giveaways.beacon import Kind
from handlers.giveaways.log import Event
from handlers.giveaways.record import record
from handlers.giveaways.terms import Closing
from handlers.giveaways.tools import Tools
from storage import giveaway_pool as pool
from storage import giveaways as store
from storage.giveaways import Giveaway


def register(feature: Feature, tools: Tools) -> None:
    """What time does, and what becomes of the prizes."""
    feature.due(Count)(count)
    freezing = Freezing(tools)
    feature.due(Freeze, think=close)(freezing.freeze)
    feature.due(Fade)(fade)
    beaconing.register(feature, tools)
    winners.register(feature, tools)
    claims.register(feature)
    handing.register(feature)


async def count(ctx: Context, due: Count) -> list[Post]:
    """The number of entries in the public posts."""
    found = await store.count(ctx.tx, ctx.community.id, due.giveaway, ctx.ms)
    return show.posts(found, await store.stands(ctx.tx, found.id)) if found else []


async def close(glance: Glance, due: Freeze) -> Closing | None:
    """The list to freeze. The row is read before the pool: what changes later shows in it."""
    found = await store.get(glance.tx, glance.community.id, due.giveaway)
    if found is None or found.frozen_at is not None or found.cancelled_at is not None:
        return None
    keys = await store.keys(glance.tx, due.giveaway)
    accounts = await pool.accounts(glance.tx, due.giveaway)
    return await asyncio.to_thread(terms.close, found, keys.key, accounts)


@dataclass(frozen=True, slots=True)
class Freezing:
    """Closes pools, with the round that decides."""

    tools: Tools

    async def freeze(self, ctx: Context, due: Freeze, closing: Closing | None) -> list[Effect]:
        """Close the pool over that list and say so; if somebody left meanwhile, think again."""
        before = await store.get(ctx.tx, ctx.community.id, due.giveaway)
        if closing is None or before is None or before.frozen_at or before.cancelled_at:
            return []
        number = terms.round_of(before, ctx.ms, self.tools.chain)
        frozen = await store.freeze(
            ctx.tx, ctx.community.id, due.giveaway, closing.changes, closing.root, closing.head,
            len(closing.lines), closing.tickets, ctx.ms, number,
        )  # fmt: skip
        if frozen is None:
            return [Later(max(ctx.now, moment(before.closes_at or 0)), due)]
        await pool.put_list(ctx.tx, frozen.id, closing.lines)
        if frozen.log_head is not None:
            await record(ctx.tx, frozen.id, _event(frozen))
        return [*await self._told(ctx, frozen), *await self._next(ctx, frozen)]

    async def _told(self, ctx: Context, frozen: Giveaway) -> list[Effect]:
        stands = await store.stands(ctx.tx, frozen.id)
        text = show_draw.frozen(frozen, self.tools.chain)
        return [*show.posts(frozen, stands), *show.announce("gf", frozen, stands, text)]

    async def _next(self, ctx: Context, frozen: Giveaway) -> list[Effect]:
        """What it is drawn from is here, will be, or must be given."""
        match terms.beacon_of(frozen).kind:
            case Kind.COMMIT_REVEAL:
                return [Later(ctx.now, Draw(frozen.id))]
            case Kind.DRAND:
                out = moment(self.tools.chain.moment(frozen.round or 0) * 1000)
                return [Later(max(ctx.now, out), Seek(frozen.id, 0))]
            case Kind.MANUAL:
                text = show_draw.awaits_values(frozen)
                return [*await telling.team(ctx, frozen, "gv", text)]


def _event(frozen: Giveaway) -> Event:
    return {
        "kind": "freeze", "root": frozen.root, "head": frozen.head, "n": frozen.entrants,
        "tickets": frozen.tickets, "round": frozen.round or 0, "late": terms.late(frozen),
        "at": (frozen.frozen_at or 0) // 1000,
    }  # fmt: skip


async def fade(ctx: Context, due: Fade) -> None:
    """From now on the list says nothing about who entered, and still proves the draw."""
    if await store.purge(ctx.tx, ctx.community.id, due.giveaway, ctx.ms):
        await pool.fade(ctx.tx, due.giveaway)
