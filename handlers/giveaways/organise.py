"""The team's side of giveaways: list, end, cancel; and all that its modules declare."""

from __future__ import annotations

from bot.feature import Context, Feature
from bot.model import Button, Effect, Field, Form, Later, Refuse, Reply, Role, Say
from bot.wire import moment
from handlers.giveaways import (
    amending,
    choosing,
    drafting,
    naming,
    publishing,
    rehearsing,
    scheduling,
    show,
    terms,
)  # fmt: skip
from handlers.giveaways.actions import CallOff, EndNow, Fade, Freeze, Tell
from handlers.giveaways.plan_actions import ShowDraft
from handlers.giveaways.record import record
from handlers.giveaways.tools import Tools
from storage import giveaway_plans as plans
from storage import giveaways as store
from storage.giveaways import Giveaway

LISTED = 15
DRAFTS = 5


def register(feature: Feature, tools: Tools) -> None:
    """What the team may do."""
    drafting.register(feature, tools)
    choosing.register(feature, tools)
    publishing.register(feature, tools)
    scheduling.register(feature, tools)
    amending.register(feature, tools)
    rehearsing.register(feature)
    feature.command("giveaway list", role=Role.HELPER)(list_)
    feature.command("giveaway end", role=Role.MANAGER)(end)
    feature.command("giveaway cancel", role=Role.MANAGER)(cancel)
    feature.pressed(EndNow, role=Role.MANAGER)(end_now)
    feature.pressed(CallOff, role=Role.MANAGER)(ask_to_call_off)
    feature.filled(CallOff, role=Role.MANAGER)(call_off)
    for name in ("end", "cancel"):
        feature.suggest(f"giveaway {name}", "giveaway", role=Role.MANAGER)(naming.suggest_running)


# Looking -------------------------------------------------------------------------------------


async def list_(ctx: Context) -> Reply:
    """The last ones and how they stand; drafts can be taken up again."""
    drafts = [one.giveaway for one in await plans.drafts(ctx.tx, ctx.community.id, DRAFTS)]
    found = await store.recent(ctx.tx, ctx.community.id, LISTED)
    if not found and not drafts:
        return Reply(Say("giveaway.list_empty"))
    lines = tuple(_repeated(one, _line(ctx, one)) for one in (*drafts, *found))
    more: tuple[Button, ...] = ()
    if ctx.member.role >= Role.MANAGER:
        more = tuple(
            Button(Say("giveaway.open_draft_button", prize=one.prize), ShowDraft(one.id))
            for one in drafts
        )
    return Reply(Say("giveaway.list", lines=lines), more)


def _repeated(g: Giveaway, line: Say) -> Say:
    return line if g.repeats is None else Say("giveaway.line_repeats", line=line)


def _line(ctx: Context, g: Giveaway) -> Say:
    if g.published_at is None:
        if g.opens_at is None:
            return Say("giveaway.line_draft", prize=g.prize)
        return Say("giveaway.line_later", prize=g.prize, opens=moment(g.opens_at))
    if g.cancelled_at is not None:
        return Say("giveaway.line_cancelled", prize=g.prize, reason=g.reason or "")
    if g.drawn_at is not None:
        count = Say("giveaway.entries", count=g.entrants or 0)
        return Say("giveaway.line_drawn", prize=g.prize, at=moment(g.drawn_at), entries=count)
    if not g.open_at(ctx.ms):
        return Say("giveaway.line_closed", prize=g.prize)
    count, closes = Say("giveaway.entries", count=g.entered), moment(g.closes_at or 0)
    return Say("giveaway.line_running", prize=g.prize, closes=closes, entries=count)


# Ending --------------------------------------------------------------------------------------


async def end(ctx: Context, giveaway: str = "") -> Reply | list[Effect]:
    """Close the running one at once; of several, ask which."""
    found = naming.named(await naming.running(ctx), giveaway)
    if len(found) == 1:
        return await end_now(ctx, EndNow(found[0].id))
    return naming.which(Say("giveaway.end_which"), found, EndNow)


async def end_now(ctx: Context, press: EndNow) -> list[Effect]:
    if await store.end(ctx.tx, ctx.community.id, press.giveaway, ctx.ms) is None:
        raise Refuse(Say("giveaway.not_running"))
    return [Reply(Say("giveaway.ended")), Later(ctx.now, Freeze(press.giveaway))]


async def cancel(ctx: Context, reason: str = "", giveaway: str = "") -> Reply | Form | list[Effect]:
    """Cancel the running one, asking for the reason if it was not given; of several, ask which."""
    found = naming.named(await naming.running(ctx), giveaway)
    if len(found) > 1:
        return naming.which(Say("giveaway.cancel_which"), found, CallOff)
    press = CallOff(found[0].id)
    return await call_off(ctx, press, reason) if reason.strip() else _ask_reason(found[0])


def _ask_reason(giveaway: Giveaway) -> Form:
    field = Field("reason", Say("option.reason"), limit=terms.LONGEST_REASON)
    title = Say("giveaway.cancel_title", prize=giveaway.prize)
    return Form(title, (field,), CallOff(giveaway.id))


async def ask_to_call_off(ctx: Context, press: CallOff) -> Form:
    found = await store.get(ctx.tx, ctx.community.id, press.giveaway)
    if found is None or not found.open_at(ctx.ms):
        raise Refuse(Say("giveaway.not_running"))
    return _ask_reason(found)


async def call_off(ctx: Context, action: CallOff, reason: str) -> list[Effect]:
    """Cancelled in public, with the reason; nothing of its series follows by itself."""
    reason = " ".join(reason.split())
    if len(reason) > terms.LONGEST_REASON:
        most = terms.LONGEST_REASON
        raise Refuse(Say("giveaway.long_reason", most=most, length=len(reason)))
    gone = await store.cancel(ctx.tx, ctx.community.id, action.giveaway, reason, ctx.ms)
    if gone is None:
        raise Refuse(Say("giveaway.not_running"))
    if gone.log_head is not None:
        line = {"kind": "cancel", "why": reason, "at": ctx.ms // 1000}
        await record(ctx.tx, gone.id, line)
    await plans.stop_series(ctx.tx, ctx.community.id, gone.series or gone.id)
    stands = await store.stands(ctx.tx, gone.id)
    told = show.labelled(gone, Say("giveaway.cancelled", prize=gone.prize, reason=reason))
    return [
        Reply(Say("giveaway.cancel_done")),
        *show.posts(gone, stands),
        *show.announce("gc", gone, stands, told),
        Later(ctx.now, Tell(gone.id, 0)),
        Later(ctx.now + terms.KEEP, Fade(gone.id)),
    ]
