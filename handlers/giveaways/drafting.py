"""Drafts: a template, the few things that must be said, and the preview on both platforms."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import timedelta

from bot.feature import Context, Feature
from bot.model import Button, Field, Form, Refuse, Reply, Role, Say
from handlers.giveaways import previews, terms, times
from handlers.giveaways.actions import Discard
from handlers.giveaways.plan import Plan
from handlers.giveaways.plan_actions import ShowDraft, Template
from handlers.giveaways.sponsors import link_for, sponsor_of
from handlers.giveaways.tools import Tools
from handlers.when import Moment
from storage import giveaway_plans as plans
from storage import giveaways as store
from storage.campaigns import Campaign
from storage.giveaway_plans import Draft, NewDraft

A_DAY = "24"  # hours, which a number alone means
ONE_HOUR = timedelta(hours=1)
TEMPLATES = {
    "one": ("prize", "until"),
    "several": ("prize", "winners", "until"),
    "sponsored": ("prize", "sponsor", "until", "winners", "click"),
}
_BEFOREHAND = {"until": A_DAY, "winners": "1", "click": "1"}
_MANY_BEFOREHAND = "3"


def register(feature: Feature, tools: Tools) -> None:
    """New drafts, and looking at one again."""

    @feature.command("giveaway new", role=Role.MANAGER, think=times.prepared)
    async def new(
        ctx: Context,
        _ready: None,
        prize: str = "",
        until: str = A_DAY,
        winners: int = 1,
        sponsor: str = "",
    ) -> Reply:
        """A draft and its preview; with nothing said, the templates."""
        if not prize:
            return _templates()
        return await drafted(ctx, tools, prize, until, winners, sponsor, 0)

    @feature.pressed(Template, role=Role.MANAGER)
    async def ask(_ctx: Context, press: Template) -> Form:
        if press.kind not in TEMPLATES:
            raise Refuse(Say("button.stale"))
        fields = tuple(_field(press.kind, name) for name in TEMPLATES[press.kind])
        return Form(Say("giveaway.template_title"), fields, press)

    @feature.filled(Template, role=Role.MANAGER)
    async def fill(
        ctx: Context, form: Template, prize: str, until: str = A_DAY, winners: int = 1,
        sponsor: str = "", click: int = 0,
    ) -> Reply:  # fmt: skip
        if form.kind == "sponsored" and not sponsor.strip():
            raise Refuse(Say("option.missing", option=Say("option.sponsor")))
        return await drafted(ctx, tools, prize, until, winners, sponsor, click)

    @feature.pressed(ShowDraft, role=Role.MANAGER)
    async def look(ctx: Context, press: ShowDraft) -> Reply:
        return await previews.preview(ctx, await held(ctx, press.giveaway))

    @feature.pressed(Discard, role=Role.MANAGER)
    async def discard(ctx: Context, press: Discard) -> Reply:
        """Gone, whatever timers wait for it: they find nothing."""
        if not await store.discard(ctx.tx, ctx.community.id, press.giveaway):
            raise Refuse(Say("button.stale"))
        return Reply(Say("giveaway.discarded"))


def _templates() -> Reply:
    choice = tuple(Button(Say(f"giveaway.template_{kind}"), Template(kind)) for kind in TEMPLATES)
    return Reply(Say("giveaway.template"), choice)


def _field(kind: str, name: str) -> Field:
    many = kind == "several" and name == "winners"
    value = _MANY_BEFOREHAND if many else _BEFOREHAND.get(name, "")
    needed = name == "prize" or (kind == "sponsored" and name == "sponsor")
    return Field(name, Say(f"option.{name}"), needed, value=value)


async def held(ctx: Context, id: str) -> Draft:
    """The draft. Raises Refuse when it was published or thrown away."""
    found = await plans.draft(ctx.tx, ctx.community.id, id)
    if found is None:
        raise Refuse(Say("button.stale"))
    return found


async def drafted(
    ctx: Context, tools: Tools, prize: str, until: str, winners: int, sponsor: str, click: int
) -> Reply:
    """A draft, open to everybody with the same chance, and its preview: nothing is public yet."""
    prize = checked_prize(prize)
    checked_winners(winners)
    ends = times.end(ctx, until)
    await previews.places(ctx)
    who = await sponsor_of(ctx, sponsor, prize)
    plan = await _plan(ctx, tools, who, sponsor, click)
    id, hours = ctx.new_id(), lasting(ctx, ends)
    at = None if hours else round(ends.at.timestamp() * 1000)
    new = NewDraft(prize, winners, hours or 1, at, plan.packed())
    await plans.add(ctx.tx, ctx.community.id, id, new, ctx.ms, who)
    return await previews.preview(ctx, await held(ctx, id))


def lasting(ctx: Context, ends: Moment) -> int:
    """Whole hours, counted from when it is published; 0 where a moment was meant."""
    if ends.span is None or ends.span % ONE_HOUR:
        return 0
    return (ends.at - ctx.now) // ONE_HOUR


async def _plan(ctx: Context, tools: Tools, who: Campaign | None, sponsor: str, click: int) -> Plan:
    """Equal chances for everybody; with a sponsor adults only, and their link may give a ticket."""
    plan = Plan(beacon="drand" if tools.relays is not None else "commit-reveal")
    if who is None:
        return plan
    figure("click", click, 0, plan.cap)
    plan = replace(plan, adult=True, link=await link_for(ctx, who.id, sponsor))
    return replace(plan, tickets={"enter": 1, "click": click}) if click and plan.link else plan


# What people write ---------------------------------------------------------------------------


def checked_prize(prize: str) -> str:
    """In one line. Raises Refuse."""
    prize = " ".join(prize.split())
    if all(unicodedata.category(letter)[0] in "CZ" for letter in prize):  # nothing to be seen
        raise Refuse(Say("giveaway.no_prize"))
    if len(prize) > terms.LONGEST_PRIZE:
        most = terms.LONGEST_PRIZE
        raise Refuse(Say("giveaway.long_prize", most=most, length=len(prize)))
    return prize


def checked_winners(winners: int) -> None:
    if not 1 <= winners <= terms.MOST_WINNERS:
        raise Refuse(Say("giveaway.bad_winners", most=terms.MOST_WINNERS, given=winners))


def figure(option: str, given: int, least: int, most: int) -> int:
    """The number, if it can be. Raises Refuse."""
    if not least <= given <= most:
        label = Say(f"option.{option}")
        raise Refuse(Say("giveaway.bad_figure", option=label, least=least, most=most, given=given))
    return given


def short_text(option: str, given: str, most: int) -> str:
    """In one line. Raises Refuse."""
    given = " ".join(given.split())
    if len(given) > most:
        label = Say(f"option.{option}")
        raise Refuse(Say("giveaway.long_text", option=label, most=most, length=len(given)))
    return given
