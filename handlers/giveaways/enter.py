"""The fans' side of giveaways: see what runs, enter, leave, read how it is drawn and what came out.

Entering is the hot path: two statements of its own, three when the public count becomes due.
"""

from __future__ import annotations

from datetime import timedelta

from bot.feature import Context
from bot.model import Button, Effect, Later, Refuse, Reply, Say
from bot.wire import moment
from handlers.giveaways import show
from handlers.giveaways.actions import Count, Enter, How, Leave, Result
from storage import giveaway_pool as pool
from storage import giveaways as store
from storage.giveaway_pool import Entrant, Turn
from storage.giveaways import Standing

COUNT_EVERY = timedelta(seconds=15)  # a group takes 20 messages a minute, edits included
SHOWN = 8


async def running(ctx: Context) -> Reply:
    """What can be entered now."""
    found = (await store.running(ctx.tx, ctx.community.id, ctx.ms))[:SHOWN]
    if not found:
        return Reply(Say("giveaway.none_running"))
    if len(found) == 1:
        return Reply(show.post(found[0]), show.buttons(found[0]))
    lines = tuple(
        show.labelled(g, Say("giveaway.line_open", prize=g.prize, closes=moment(g.closes_at or 0)))
        for g in found
    )
    choice = tuple(Button(Say("giveaway.enter_this", prize=g.prize), Enter(g.id)) for g in found)
    return Reply(Say("giveaway.running", lines=lines), choice)


async def enter(ctx: Context, press: Enter) -> Reply | list[Effect]:
    """In, once. A number taken for who turns out to be in already is undone with the unit."""
    who = Entrant(ctx.member.id, ctx.who.platform, ctx.who.user, ctx.place.private)
    id, community = press.giveaway, ctx.community.id
    turn = await pool.take_number(ctx.tx, community, id, who, ctx.ms)
    if turn is None:
        standing = await _standing(ctx, id)
        if standing is None or not (standing.left and standing.giveaway.open_at(ctx.ms)):
            return Reply(_state(ctx, standing))
        turn = await pool.come_back(ctx.tx, community, id, who, ctx.ms)
        in_now = turn is not None
    else:
        in_now = await pool.add_entry(ctx.tx, id, who, turn.number, ctx.ms)
    if turn is None or not in_now:
        raise Refuse(_state(ctx, await _standing(ctx, id)))
    key = "giveaway.entered" if turn.reachable else "giveaway.entered_unreachable"
    welcome = Say(key, number=turn.number, closes=moment(turn.closes_at))
    return [Reply(welcome), *_recount(ctx, id, turn)]


async def leave(ctx: Context, press: Leave) -> Reply | list[Effect]:
    """Out; the number is kept for coming back."""
    turn = await pool.leave(ctx.tx, ctx.community.id, press.giveaway, ctx.member.id, ctx.ms)
    if turn is None:
        raise Refuse(_state(ctx, await _standing(ctx, press.giveaway)))
    return [Reply(Say("giveaway.left")), *_recount(ctx, press.giveaway, turn)]


def _recount(ctx: Context, giveaway: str, turn: Turn) -> list[Effect]:
    """The first change since the last count asks for the next; the others are in it as well."""
    if not turn.first_uncounted:
        return []
    soon = ctx.now if turn.counted_at is None else moment(turn.counted_at) + COUNT_EVERY
    return [Later(max(ctx.now, soon), Count(giveaway))]


async def _standing(ctx: Context, giveaway: str) -> Standing | None:
    """Where the reader stands in it; None for what was never public."""
    found = await store.standing(ctx.tx, ctx.community.id, giveaway, ctx.member.id)
    return found if found is not None and found.giveaway.published_at is not None else None


def _state(ctx: Context, standing: Standing | None) -> Say:
    """Why nothing changed."""
    if standing is None:
        return Say("button.stale")
    if standing.giveaway.cancelled_at is not None:
        return Say("giveaway.is_cancelled")
    if not standing.giveaway.open_at(ctx.ms):
        return Say("giveaway.closed")
    if standing.number is None or standing.left:
        return Say("giveaway.not_in")
    return Say("giveaway.again", number=standing.number)


async def how(ctx: Context, press: How) -> Reply:
    found = await store.get(ctx.tx, ctx.community.id, press.giveaway)
    if found is None or found.published_at is None:
        raise Refuse(Say("button.stale"))
    return Reply(show.how(found))


async def result(ctx: Context, press: Result) -> Reply:
    """Who won, and everything needed to check it."""
    standing = await _standing(ctx, press.giveaway)
    if standing is None:
        raise Refuse(Say("button.stale"))
    if standing.giveaway.cancelled_at is not None:
        raise Refuse(Say("giveaway.is_cancelled"))
    if standing.giveaway.drawn_at is None:
        closes = moment(standing.giveaway.closes_at or 0)
        raise Refuse(Say("giveaway.not_drawn", closes=closes))
    return Reply(show.result(standing, await pool.winners(ctx.tx, press.giveaway)))


async def last_result(ctx: Context) -> Reply:
    """The result of the last draw, with buttons for those before it."""
    found = await store.drawn(ctx.tx, ctx.community.id, SHOWN)
    if not found:
        raise Refuse(Say("giveaway.no_result"))
    before = tuple(Button(Say("text", text=g.prize), Result(g.id)) for g in found[1:])
    latest = await result(ctx, Result(found[0].id))
    return Reply(latest.text, before)


async def recall(ctx: Context) -> list[Say]:
    """A person's entries, for /mydata."""
    kept = await pool.kept(ctx.tx, ctx.community.id, ctx.member.id)
    return [
        Say("mydata.giveaway_left" if one.left else "mydata.giveaway",
            prize=one.prize, number=one.number)
        for one in kept
    ]  # fmt: skip


async def forget(ctx: Context) -> None:
    """Out of what runs; in old lists only a number and a commitment stay, with nobody behind."""
    await pool.forget(ctx.tx, ctx.community.id, ctx.member.id)
