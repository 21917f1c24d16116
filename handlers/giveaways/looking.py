"""What anyone may read of giveaways: what runs, how it is drawn, what came out."""

from __future__ import annotations

from bot.feature import Context, Feature
from bot.model import Button, Refuse, Reply, Say
from bot.wire import moment
from handlers.giveaways import show
from handlers.giveaways.actions import Enter, How, Result
from handlers.giveaways.tools import Tools
from storage import giveaway_pool as pool
from storage import giveaways as store
from storage.giveaways import Standing

SHOWN = 8


def register(feature: Feature, _tools: Tools) -> None:
    feature.command("giveaway show")(running)
    feature.command("giveaway result")(last_result)
    feature.pressed(How)(how)
    feature.pressed(Result)(result)


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


async def standing(ctx: Context, giveaway: str) -> Standing | None:
    """Where the reader stands in it; None for what was never public."""
    found = await store.standing(ctx.tx, ctx.community.id, giveaway, ctx.member.id)
    return found if found is not None and found.giveaway.published_at is not None else None


async def how(ctx: Context, press: How) -> Reply:
    found = await store.get(ctx.tx, ctx.community.id, press.giveaway)
    if found is None or found.published_at is None:
        raise Refuse(Say("button.stale"))
    return Reply(show.how(found, ctx.language))


async def result(ctx: Context, press: Result) -> Reply:
    """Who won, and everything needed to check it."""
    found = await standing(ctx, press.giveaway)
    if found is None:
        raise Refuse(Say("button.stale"))
    if found.giveaway.cancelled_at is not None:
        raise Refuse(Say("giveaway.is_cancelled"))
    if found.giveaway.drawn_at is None:
        closes = moment(found.giveaway.closes_at or 0)
        raise Refuse(Say("giveaway.not_drawn", closes=closes))
    return Reply(show.result(found, await pool.winners(ctx.tx, press.giveaway)))


async def last_result(ctx: Context) -> Reply:
    """The result of the last draw, with buttons for those before it."""
    found = await store.drawn(ctx.tx, ctx.community.id, SHOWN)
    if not found:
        raise Refuse(Say("giveaway.no_result"))
    before = tuple(Button(Say("text", text=g.prize), Result(g.id)) for g in found[1:])
    latest = await result(ctx, Result(found[0].id))
    return Reply(latest.text, before)
