"""Drafts that publish themselves: at a moment, and again every week or month."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Literal

from bot.feature import Context, Feature
from bot.model import Button, Effect, Field, Form, Later, Place, Post, Refuse, Reply, Role, Say
from bot.wire import moment
from handlers.giveaways import naming, series, times
from handlers.giveaways.drafting import held
from handlers.giveaways.plan_actions import (
    Again,
    AskStart,
    DropStart,
    Open,
    Repeat,
    ShowDraft,
    Start,
)  # fmt: skip
from handlers.giveaways.publishing import published
from handlers.giveaways.tools import Tools
from storage import campaigns, people
from storage import giveaway_plans as plans
from storage import giveaways as store
from storage.giveaway_plans import Draft
from storage.giveaways import Giveaway

OFF = ("off", "stop", "বন্ধ", "থামান", "না", "no")
Every = Literal["weekly", "monthly", "off"]


def register(feature: Feature, tools: Tools) -> None:
    _schedule(feature)
    _repeat(feature)
    feature.due(Open)(partial(_open, tools))
    feature.due(Again)(partial(_again, tools))
    feature.suggest("giveaway schedule", "giveaway", role=Role.MANAGER)(naming.suggest_drafts)
    feature.suggest("giveaway repeat", "giveaway", role=Role.MANAGER)(naming.suggest_any)


# At a moment ---------------------------------------------------------------------------------


def _schedule(feature: Feature) -> None:
    @feature.command("giveaway schedule", role=Role.MANAGER, think=times.prepared)
    async def schedule(ctx: Context, _ready: None, opens: str, giveaway: str = "") -> Reply:
        """Shows how the moment was read; a button makes it so."""
        drafts = [one.giveaway for one in await plans.drafts(ctx.tx, ctx.community.id, 25)]
        if not drafts:
            raise Refuse(Say("giveaway.no_draft"))
        found = naming.named(drafts, giveaway)
        off = opens.strip().lower() in OFF
        if off and not giveaway:
            found = [g for g in found if g.opens_at is not None] or found
        at = 0 if off else round(times.start(ctx, opens).at.timestamp())
        if len(found) > 1:
            action = DropStart if off else partial(Start, at=at)
            return naming.which(Say("giveaway.later_which"), found, action)
        if off:
            return await drop(ctx, DropStart(found[0].id))
        return await _asked(ctx, found[0].id, at)

    @feature.pressed(AskStart, role=Role.MANAGER, think=times.prepared)
    async def ask(ctx: Context, press: AskStart, _ready: None) -> Form:
        draft = await held(ctx, press.giveaway)
        title = Say("giveaway.later_title", prize=draft.giveaway.prize)
        return Form(title, (Field("opens", Say("option.opens"), limit=60),), press)

    @feature.filled(AskStart, role=Role.MANAGER)
    async def fill(ctx: Context, form: AskStart, opens: str) -> Reply:
        at = round(times.start(ctx, opens).at.timestamp())
        return await _asked(ctx, form.giveaway, at)

    @feature.pressed(Start, role=Role.MANAGER)
    async def start(ctx: Context, press: Start) -> list[Effect]:
        draft = await _startable(ctx, press.giveaway, press.at)
        kept = await plans.set_opens(ctx.tx, ctx.community.id, press.giveaway, press.at * 1000)
        if kept is None:
            raise Refuse(Say("button.stale"))
        at = moment(press.at * 1000)
        done = Say("giveaway.later_done", prize=draft.giveaway.prize, opens=at)
        return [Reply(done), Later(at, Open(press.giveaway, press.at))]

    @feature.pressed(DropStart, role=Role.MANAGER)
    async def drop(ctx: Context, press: DropStart) -> Reply:
        """The timer that is left finds that it is not meant any more."""
        draft = await plans.set_opens(ctx.tx, ctx.community.id, press.giveaway, None)
        if draft is None:
            raise Refuse(Say("button.stale"))
        show = Button(
            Say("giveaway.open_draft_button", prize=draft.giveaway.prize),
            ShowDraft(draft.giveaway.id),
        )
        return Reply(Say("giveaway.later_off", prize=draft.giveaway.prize), (show,))


async def _startable(ctx: Context, id: str, at: int) -> Draft:
    """The draft, if it can open then (unix seconds). Raises Refuse."""
    draft, opens = await held(ctx, id), moment(at * 1000)
    if opens <= ctx.now:
        night = times.night(ctx, opens)
        raise Refuse(Say("giveaway.past_time", given=draft.giveaway.prize, read=opens, night=night))
    if draft.ends_at is not None and draft.ends_at <= at * 1000:
        raise Refuse(Say("giveaway.later_after_end", opens=opens, closes=moment(draft.ends_at)))
    return draft


async def _asked(ctx: Context, id: str, at: int) -> Reply:
    """How the moment was read, and a button that takes it."""
    draft, opens = await _startable(ctx, id, at), moment(at * 1000)
    ask = Say(
        "giveaway.later_ask",
        prize=draft.giveaway.prize,
        opens=opens,
        night=times.night(ctx, opens),
        left=times.left(opens - ctx.now),
    )
    return Reply(ask, (Button(Say("giveaway.later_yes"), Start(id, at)),))


async def _open(tools: Tools, ctx: Context, due: Open) -> list[Effect]:
    """Publish, unless it was published, discarded or put off; late after downtime."""
    draft = await plans.draft(ctx.tx, ctx.community.id, due.giveaway)
    if draft is None or draft.giveaway.opens_at != due.at * 1000:
        return []
    try:
        return (await published(ctx, tools, draft))[1]
    except Refuse as refusal:
        await plans.set_opens(ctx.tx, ctx.community.id, due.giveaway, None)
        why = Say("giveaway.not_opened", prize=draft.giveaway.prize, why=refusal.say)
        return [*await _to_team(ctx, f"zj:{due.giveaway}:{due.at}", why, draft.giveaway)]


# Again and again -----------------------------------------------------------------------------


def _repeat(feature: Feature) -> None:
    @feature.command("giveaway repeat", role=Role.MANAGER)
    async def repeat(ctx: Context, every: Every, giveaway: str = "") -> Reply | list[Effect]:
        """Of a draft, of one that runs, else of the last one."""
        found = naming.named(await _repeatable(ctx, every), giveaway)
        if len(found) > 1:
            return naming.which(Say("giveaway.repeat_which"), found, partial(Repeat, every=every))
        return await choose(ctx, Repeat(found[0].id, every))

    @feature.pressed(Repeat, role=Role.MANAGER)
    async def choose(ctx: Context, press: Repeat) -> list[Effect]:
        found = await store.get(ctx.tx, ctx.community.id, press.giveaway)
        if found is None or press.every not in ("weekly", "monthly", "off"):
            raise Refuse(Say("button.stale"))
        if press.every == "off":
            await plans.stop_series(ctx.tx, ctx.community.id, found.series or found.id)
            return [Reply(Say("giveaway.repeat_off", prize=found.prize))]
        kept = await plans.repeat(ctx.tx, ctx.community.id, found.id, press.every)
        if kept is None:
            raise Refuse(Say("button.stale"))
        opening = kept if kept.published_at else _as_if_opened(ctx, kept)
        opens = series.opens(ctx, opening)
        done = Say(f"giveaway.repeat_{press.every}", prize=kept.prize, opens=opens)
        return [Reply(done), *(series.next_of(ctx, kept) if kept.published_at else [])]


def _as_if_opened(ctx: Context, draft: Giveaway) -> Giveaway:
    """A draft's times as they will be if it opens when it is to."""
    opens = draft.opens_at or ctx.ms
    return replace(draft, published_at=opens, closes_at=opens + draft.hours * 3_600_000)


async def _repeatable(ctx: Context, every: str) -> list[Giveaway]:
    """Raises Refuse where there is none."""
    if every == "off":
        found = await plans.repeating(ctx.tx, ctx.community.id, 25)
        if not found:
            raise Refuse(Say("giveaway.repeat_none"))
        return found
    drafts = [one.giveaway for one in await plans.drafts(ctx.tx, ctx.community.id, 25)]
    found = [*await store.running(ctx.tx, ctx.community.id, ctx.ms), *drafts]
    if not found:
        past = await store.recent(ctx.tx, ctx.community.id, 25)
        found = [g for g in past if g.cancelled_at is None][:1]
    if not found:
        raise Refuse(Say("giveaway.no_draft"))
    return found


async def _again(tools: Tools, ctx: Context, due: Again) -> list[Effect]:
    """The next of its series, once this one is drawn."""
    before = await plans.kept(ctx.tx, ctx.community.id, due.giveaway)
    if before is None or before.giveaway.repeats is None or before.giveaway.cancelled_at:
        return []
    g = before.giveaway
    held_row = await plans.repeat(ctx.tx, ctx.community.id, g.id, g.repeats or "")
    if held_row is None or await plans.followed(ctx.tx, ctx.community.id, g):
        return []
    opens = series.opens(ctx, g)
    if opens > ctx.now:  # extended meanwhile, or the period is another now
        return [Later(opens, due)]
    if not series.over(g):
        return [Later(ctx.now + series.REST, due)]
    return await _next(tools, ctx, before)


async def _next(tools: Tools, ctx: Context, before: Draft) -> list[Effect]:
    """What cannot be published stays a draft, and the team is told why."""
    g, id = before.giveaway, ctx.new_id()
    paid = await campaigns.get(ctx.tx, ctx.community.id, g.campaign) if g.campaign else None
    await plans.add(ctx.tx, ctx.community.id, id, series.following(ctx, before), ctx.ms, paid)
    draft = await held(ctx, id)
    try:
        if paid is not None and paid.over(ctx.ms):
            raise Refuse(Say("giveaway.no_sponsor", sponsor=paid.title))
        opened, effects = await published(ctx, tools, draft)
    except Refuse as refusal:
        why = Say("giveaway.again_failed", prize=g.prize, why=refusal.say)
        return [*await _to_team(ctx, f"zk:{g.id}", why, draft.giveaway)]
    done = Say("giveaway.again_opened", prize=g.prize, closes=moment(opened.closes_at or 0))
    return [*effects, *await _to_team(ctx, f"zk:{g.id}", done)]


async def _to_team(ctx: Context, key: str, text: Say, draft: Giveaway | None = None) -> list[Post]:
    """Those who could do something about it."""
    under: tuple[Button, ...] = ()
    if draft is not None:
        label = Say("giveaway.open_draft_button", prize=draft.prize)
        under = (Button(label, ShowDraft(draft.id)),)
    return [
        Post(
            Place(one.platform, one.user_id), text, under,
            key=f"{key}:{one.platform}:{one.user_id}",
            language=one.language or ctx.community.language,
        )
        for one in await people.team(ctx.tx, ctx.community.id, Role.MANAGER)
    ]  # fmt: skip
