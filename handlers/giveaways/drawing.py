"""What time does to a giveaway: the count is renewed, the list frozen, the winners drawn and told.

Each step is one unit of work that checks by a conditional update that it still has to happen, and
leaves the timer of the next step behind: a crash anywhere only delays.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.feature import Context, Glance
from bot.model import Button, Effect, Later, Place, Post, Role, Say
from bot.wire import moment
from handlers.giveaways import show, terms
from handlers.giveaways.actions import Count, Draw, Fade, Freeze, Result, Tell
from handlers.giveaways.terms import Closing, Drawing
from storage import giveaway_pool as pool
from storage import giveaways as store
from storage import people
from storage.giveaway_pool import Reader, Winner
from storage.giveaways import Giveaway

TOLD_AT_ONCE = 20  # private messages, then a pause, so that answers to others need not wait
PAUSE = timedelta(seconds=2)


async def count(ctx: Context, due: Count) -> list[Post]:
    """The number of entries in the public posts."""
    found = await store.count(ctx.tx, ctx.community.id, due.giveaway, ctx.ms)
    return show.posts(found, await store.stands(ctx.tx, found.id)) if found else []


# Freezing ------------------------------------------------------------------------------------


async def close(glance: Glance, due: Freeze) -> Closing | None:
    """The list to freeze. The row is read before the pool: what changes later shows in it."""
    found = await store.get(glance.tx, glance.community.id, due.giveaway)
    if found is None or found.frozen_at is not None or found.cancelled_at is not None:
        return None
    keys = await store.keys(glance.tx, due.giveaway)
    accounts = await pool.accounts(glance.tx, due.giveaway)
    return await asyncio.to_thread(terms.close, found, keys.key, accounts)


async def freeze(ctx: Context, due: Freeze, closing: Closing | None) -> list[Effect]:
    """Close the pool over that list and say so; if somebody left meanwhile, think again."""
    if closing is None:
        return []
    frozen = await store.freeze(
        ctx.tx, ctx.community.id, due.giveaway, closing.changes, closing.root, closing.head,
        len(closing.lines), closing.tickets, ctx.ms,
    )  # fmt: skip
    if frozen is None:
        return await _once_more(ctx, due)
    await pool.put_list(ctx.tx, frozen.id, closing.lines)
    stands = await store.stands(ctx.tx, frozen.id)
    return [
        *show.posts(frozen, stands),
        *show.announce("gf", frozen, stands, show.frozen(frozen)),
        Later(ctx.now, Draw(frozen.id)),
    ]


async def _once_more(ctx: Context, due: Freeze) -> list[Effect]:
    """Somebody left after the list was made, or it is closed already."""
    found = await store.get(ctx.tx, ctx.community.id, due.giveaway)
    if found is None or found.frozen_at is not None or found.cancelled_at is not None:
        return []
    return [Later(max(ctx.now, moment(found.closes_at or 0)), due)]


# Drawing -------------------------------------------------------------------------------------


async def rank(glance: Glance, due: Draw) -> Drawing | None:
    """The winners of the frozen list, which nothing can change any more."""
    found = await store.get(glance.tx, glance.community.id, due.giveaway)
    if found is None or found.frozen_at is None or found.drawn_at is not None:
        return None
    keys = await store.keys(glance.tx, due.giveaway)
    lines = await pool.frozen_list(glance.tx, due.giveaway)
    return await asyncio.to_thread(terms.draw, found, keys.secret, lines)


async def draw(ctx: Context, due: Draw, drawing: Drawing | None) -> list[Effect]:
    """Winners and all that is said about them, in one unit, once."""
    if drawing is None:
        return []
    drawn = await store.draw(
        ctx.tx, ctx.community.id, due.giveaway, drawing.head, drawing.secret, ctx.ms
    )
    if drawn is None:
        return []
    await pool.put_winners(ctx.tx, drawn.id, drawing.winners)
    winners = await pool.winners(ctx.tx, drawn.id)
    stands = await store.stands(ctx.tx, drawn.id)
    check = (Button(Say("giveaway.result_button"), Result(drawn.id)),)
    return [
        *show.posts(drawn, stands),
        *show.announce("gd", drawn, stands, show.drawn(drawn, winners), check),
        *(_to_winner(ctx, drawn, one, one.reader) for one in winners if one.reader),
        *await _to_team(ctx, drawn, winners),
        Later(ctx.now, Tell(drawn.id, 0)),
        Later(ctx.now + terms.KEEP, Fade(drawn.id)),
    ]


def _to_winner(ctx: Context, drawn: Giveaway, winner: Winner, reader: Reader) -> Post:
    text = Say(
        "giveaway.you_win", prize=drawn.prize, number=winner.number, creator=ctx.community.name
    )
    return _private(ctx, reader, text, f"gn:{drawn.id}:{winner.number}", drawn)


def _private(ctx: Context, reader: Reader, text: Say, key: str | None, about: Giveaway) -> Post:
    """To where they entered from; cancelled ones have no result to look at."""
    check = (Button(Say("giveaway.result_button"), Result(about.id)),)
    return Post(
        Place(reader.platform, reader.user), show.labelled(about, text),
        check if about.drawn_at else (), key,
        reader.language or ctx.community.language,
    )  # fmt: skip


async def _to_team(ctx: Context, drawn: Giveaway, winners: list[Winner]) -> list[Post]:
    """Those who hand over the prizes learn who they are."""
    text = show.for_team(drawn, winners)
    return [
        Post(
            Place(one.platform, one.user_id), text,
            key=f"gm:{drawn.id}:{one.platform}:{one.user_id}",
            language=one.language or ctx.community.language,
        )
        for one in await people.team(ctx.tx, ctx.community.id, Role.MANAGER)
    ]  # fmt: skip


# Afterwards ----------------------------------------------------------------------------------


async def tell(ctx: Context, due: Tell) -> list[Effect]:
    """Who entered in a private chat reads there how it ended; nobody else is written to."""
    found = await store.get(ctx.tx, ctx.community.id, due.giveaway)
    readers = await pool.private_entrants(ctx.tx, due.giveaway, due.after, TOLD_AT_ONCE)
    if found is None or not readers:
        return []
    told = [_private(ctx, one, _how_it_ended(found, one.number), None, found) for one in readers]
    return [*told, Later(ctx.now + PAUSE, Tell(found.id, readers[-1].number))]


def _how_it_ended(giveaway: Giveaway, number: int) -> Say:
    if giveaway.cancelled_at is not None:
        reason = giveaway.reason or ""
        return Say("giveaway.cancelled", prize=giveaway.prize, reason=reason)
    return Say("giveaway.you_lose", prize=giveaway.prize, number=number)


async def fade(ctx: Context, due: Fade) -> None:
    """From now on the list says nothing about who entered, and still proves the draw."""
    found = await store.get(ctx.tx, ctx.community.id, due.giveaway)
    if found is not None and (found.drawn_at or found.cancelled_at):
        await pool.fade(ctx.tx, found.id)
