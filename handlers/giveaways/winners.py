"""The draw: the ranking of the frozen list, who is eligible down it, and telling everyone.

Winners, reserves, the public log, announcements, private messages and deadlines are one unit, which
happens once; run again it changes nothing.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from bot.feature import Context, Feature, Glance
from bot.model import Button, Effect, Later, Place, Post, Say
from handlers.giveaways import claims, show, show_draw, telling, terms
from handlers.giveaways.actions import Draw, Redraw, Result, Tell
from handlers.giveaways.beacon import Kind
from handlers.giveaways.log import Event
from handlers.giveaways.plan import unpacked
from handlers.giveaways.record import record
from handlers.giveaways.tools import Tools
from handlers.giveaways.walking import Drawing, Waiting, unchecked, walked
from storage import giveaway_pool as pool
from storage import giveaway_slots as slots
from storage import giveaways as store
from storage.giveaways import Giveaway

TOLD_AT_ONCE = 20  # private messages, then a pause, so that answers to others need not wait
PAUSE = timedelta(seconds=2)
SOONEST, LATEST = timedelta(seconds=5), timedelta(minutes=10)  # until a platform is asked again
TOLD_AFTER = 8  # tries, some twenty minutes: then the team learns why it waits


def register(feature: Feature, tools: Tools) -> None:
    drawing = Draws(tools)
    feature.due(Draw, think=drawing.rank)(draw)
    feature.due(Redraw, think=drawing.rank)(draw)
    feature.due(Tell)(tell)


@dataclass(frozen=True, slots=True)
class Draws:
    """Thinks about draws."""

    tools: Tools

    async def rank(self, glance: Glance, due: Draw | Redraw) -> Drawing | Waiting | None:
        """The outcome for a frozen list, which nothing can change any more; None where there is
        nothing to draw, or not yet."""
        found = await store.get(glance.tx, glance.community.id, due.giveaway)
        if found is None or found.frozen_at is None or found.drawn_at or found.cancelled_at:
            return None
        secret = None
        if terms.beacon_of(found).kind is Kind.COMMIT_REVEAL:
            secret = (await store.keys(glance.tx, due.giveaway)).secret.hex()
        value = secret or found.signature
        if value is None:
            return None
        lines = await slots.listed(glance.tx, due.giveaway)
        pairs = [(commitment, tickets) for commitment, tickets, _ in lines]
        order = await asyncio.to_thread(terms.ranked, found, value, pairs, self.tools.chain)
        if found.log_head is None:
            return unchecked(found, order, terms.terms_of(found), secret)
        numbers = {commitment: number for commitment, _, number in lines}
        return await walked(
            glance, found, self.tools.checks, numbers, order, terms.terms_of(found), secret
        )


async def draw(ctx: Context, due: Draw | Redraw, drawing: Drawing | Waiting | None) -> list[Effect]:
    """Winners and all that is said about them, in one unit, once."""
    if isinstance(drawing, Waiting):
        return await _later(ctx, due)
    if drawing is None:
        return []
    drawn = await store.draw(
        ctx.tx, ctx.community.id, due.giveaway, drawing.head, drawing.secret, ctx.ms
    )
    if drawn is None:
        return []
    await slots.rank(ctx.tx, drawn.id, drawing.winners, drawing.reserves)
    if drawn.log_head is not None:
        await record(ctx.tx, drawn.id, *_events(ctx, drawing))
    return [
        *await _announced(ctx, drawn, drawing),
        *await claims.opened(ctx, drawn, drawing.winners),
        *await _to_team(ctx, drawn),
        Later(ctx.now, Tell(drawn.id, 0)),
        *await claims.closed(ctx, drawn),
    ]


async def _later(ctx: Context, due: Draw | Redraw) -> list[Effect]:
    """Nothing changed; ask again, later each time, and once tell the team why it waits."""
    tries = due.tries if isinstance(due, Redraw) else 0
    pause = min(SOONEST * 2 ** min(tries, 10), LATEST)
    again = Later(ctx.now + pause, Redraw(due.giveaway, tries + 1))
    found = await store.get(ctx.tx, ctx.community.id, due.giveaway)
    if tries != TOLD_AFTER or found is None:
        return [again]
    text = Say("giveaway.draw_waits", prize=found.prize)
    return [again, *await telling.team(ctx, found, "gw", text)]


def _events(ctx: Context, drawing: Drawing) -> list[Event]:
    at = ctx.ms // 1000
    beacon: list[Event] = []
    if drawing.secret is not None:
        opened = {"kind": "beacon", "value": drawing.secret, "source": Kind.COMMIT_REVEAL.value}
        beacon = [{**opened, "at": at}]
    skips = [
        {"kind": "skip", "C": who, "rule": rule, "by": "bot", "at": at}
        for who, rule in drawing.skipped
    ]
    won = {"winners": list(drawing.winners), "reserves": list(drawing.reserves)}
    return [*beacon, *skips, {"kind": "draw", **won, "at": at}]


async def _announced(ctx: Context, drawn: Giveaway, drawing: Drawing) -> list[Effect]:
    """The winners in every place; where no prize is claimed, each is told that they won."""
    winners = await pool.winners(ctx.tx, drawn.id)
    stands = await store.stands(ctx.tx, drawn.id)
    check = (Button(Say("giveaway.result_button"), Result(drawn.id)),)
    text = show_draw.drawn(drawn, winners, drawing.reserves, drawing.skipped)
    told = [*show.posts(drawn, stands), *show.announce("gd", drawn, stands, text, check)]
    if unpacked(drawn.plan).claim_h:
        return [*told]
    for one in winners:
        win = Say(
            "giveaway.you_win", prize=drawn.prize, number=one.number, creator=ctx.community.name
        )
        told += await telling.person(ctx, drawn, one.number, "gn", win, check)
    return [*told]


async def _to_team(ctx: Context, drawn: Giveaway) -> list[Post]:
    """Those who hand over the prizes learn who they are."""
    text = show_draw.for_team(drawn, await pool.winners(ctx.tx, drawn.id))
    return await telling.team(ctx, drawn, "gm", text)


# Afterwards ----------------------------------------------------------------------------------


async def tell(ctx: Context, due: Tell) -> list[Effect]:
    """Who entered in a private chat reads there how it ended; nobody else is written to."""
    found = await store.get(ctx.tx, ctx.community.id, due.giveaway)
    readers = await pool.private_entrants(ctx.tx, due.giveaway, due.after, TOLD_AT_ONCE)
    if found is None or not readers:
        return []
    under = (Button(Say("giveaway.result_button"), Result(found.id)),) if found.drawn_at else ()
    told = [
        Post(
            Place(one.platform, one.user),
            show.labelled(found, _how_it_ended(found, one.number, one.place)), under,
            language=one.language or ctx.community.language,
        )
        for one in readers
    ]  # fmt: skip
    return [*told, Later(ctx.now + PAUSE, Tell(found.id, readers[-1].number))]


def _how_it_ended(giveaway: Giveaway, number: int, place: int) -> Say:
    if giveaway.cancelled_at is not None:
        reason = giveaway.reason or ""
        return Say("giveaway.cancelled", prize=giveaway.prize, reason=reason)
    if place:
        return Say("giveaway.you_wait", prize=giveaway.prize, number=number, place=place)
    return Say("giveaway.you_lose", prize=giveaway.prize, number=number)
