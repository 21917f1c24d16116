"""What else a creator may choose for a draft, a short form each: who may enter, bonus tickets, the
draw, the rules. What is not touched stays open and equal."""

from __future__ import annotations

from dataclasses import replace

from bot.feature import Context, Feature
from bot.model import Action, Field, Form, Refuse, Reply, Role, Say
from handlers.giveaways import previews
from handlers.giveaways.beacon import LONGEST_SOURCE
from handlers.giveaways.drafting import figure, held, short_text
from handlers.giveaways.fairness import MAX_TICKETS
from handlers.giveaways.plan import Plan, Requirements, Source, unpacked
from handlers.giveaways.plan_actions import Bonus, Drawing, Rules, Who
from handlers.giveaways.sponsors import link_for
from handlers.giveaways.tools import Tools
from storage import giveaway_plans as plans
from storage.giveaway_plans import Draft

MOST_DAYS = 3650
MOST_HOURS = 8760
MOST_RESERVES = 100
MOST_CLAIM = 720  # hours: a month
LONGEST_ROLE = 20  # digits of an id
LONGEST = 100
_NOTHING = ("", "-", "–", "none", "no", "নেই", "না")


def register(feature: Feature, tools: Tools) -> None:
    _who(feature)
    _bonus(feature)
    _draw(feature, tools)
    _rules(feature)


def _field(name: str, value: object, most: int = LONGEST) -> Field:
    return Field(name, Say(f"option.{name}"), required=False, value=str(value), limit=most)


def _yes_no(ctx: Context, value: bool) -> str:
    words = ("no", "yes") if ctx.language == "en" else ("না", "হ্যাঁ")
    return words[value]


def _form(title: str, draft: Draft, then: Action, *fields: Field) -> Form:
    return Form(Say(f"giveaway.{title}", prize=draft.giveaway.prize), fields, then)


async def _planned(ctx: Context, id: str) -> tuple[Draft, Plan]:
    draft = await held(ctx, id)
    return draft, unpacked(draft.giveaway.plan)


async def _chosen(ctx: Context, id: str, plan: Plan) -> Reply:
    """The draft with this plan, shown again."""
    draft = await plans.set_plan(ctx.tx, ctx.community.id, id, plan.packed())
    if draft is None:
        raise Refuse(Say("button.stale"))
    return await previews.preview(ctx, draft)


def _text(given: str) -> str:
    return "" if given.strip().lower() in _NOTHING else given


# Who may enter -------------------------------------------------------------------------------


def _who(feature: Feature) -> None:
    @feature.pressed(Who, role=Role.MANAGER)
    async def ask(ctx: Context, press: Who) -> Form:
        draft, plan = await _planned(ctx, press.giveaway)
        now = plan.requirements
        return _form(
            "who_title", draft, press, _field("account_days", now.account_days),
            _field("member_days", now.member_days), _field("seen_hours", now.seen_hours),
            _field("role_id", now.role), _field("both", _yes_no(ctx, now.both)),
        )  # fmt: skip

    @feature.filled(Who, role=Role.MANAGER)
    async def fill(
        ctx: Context, form: Who, account_days: int = 0, member_days: int = 0, seen_hours: int = 0,
        role_id: str = "", both: bool = False,
    ) -> Reply:  # fmt: skip
        _, plan = await _planned(ctx, form.giveaway)
        role = _text(role_id).strip().removeprefix("<@&").removesuffix(">")
        if role and not (role.isascii() and role.isdigit()):
            raise Refuse(Say("option.not_whole", option=Say("option.role_id"), given=role[:60]))
        asked = Requirements(
            figure("account_days", account_days, 0, MOST_DAYS),
            figure("member_days", member_days, 0, MOST_DAYS),
            figure("seen_hours", seen_hours, 0, MOST_HOURS),
            short_text("role_id", role, LONGEST_ROLE),
            both,
        )
        return await _chosen(ctx, form.giveaway, replace(plan, requirements=asked))


# Bonus tickets -------------------------------------------------------------------------------


def _bonus(feature: Feature) -> None:
    @feature.pressed(Bonus, role=Role.MANAGER)
    async def ask(ctx: Context, press: Bonus) -> Form:
        draft, plan = await _planned(ctx, press.giveaway)
        fields = [_field("linked", plan.tickets.get("linked", 0))]
        if draft.giveaway.campaign is not None:
            fields.append(_field("click", plan.tickets.get("click", 0)))
        return _form("bonus_title", draft, press, *fields, _field("cap", plan.cap))

    @feature.filled(Bonus, role=Role.MANAGER)
    async def fill(
        ctx: Context, form: Bonus, linked: int = 0, click: int = 0, cap: int = 10
    ) -> Reply:
        draft, plan = await _planned(ctx, form.giveaway)
        most = figure("cap", cap, 1, MAX_TICKETS)
        given = {
            "linked": figure("linked", linked, 0, most),
            "click": figure("click", click, 0, most),
        }
        link = await _link(ctx, draft, plan) if click else plan.link
        tickets = {"enter": 1, **{reason: many for reason, many in given.items() if many}}
        return await _chosen(
            ctx, form.giveaway, replace(plan, tickets=tickets, cap=most, link=link)
        )


async def _link(ctx: Context, draft: Draft, plan: Plan) -> str:
    """The sponsor's link. Raises Refuse where there is none that could be told apart."""
    campaign = draft.giveaway.campaign
    found = plan.link or (await link_for(ctx, campaign) if campaign else "")
    if not found:
        raise Refuse(Say("giveaway.no_click_link"))
    return found


# The draw ------------------------------------------------------------------------------------


def _draw(feature: Feature, tools: Tools) -> None:
    @feature.pressed(Drawing, role=Role.MANAGER)
    async def ask(ctx: Context, press: Drawing) -> Form:
        draft, plan = await _planned(ctx, press.giveaway)
        return _form(
            "draw_title", draft, press, _field("reserves", plan.reserves),
            _field("claim_hours", plan.claim_h), _field("beacon", plan.beacon),
            _field("source", plan.source, LONGEST_SOURCE),
        )  # fmt: skip

    @feature.filled(Drawing, role=Role.MANAGER)
    async def fill(
        ctx: Context, form: Drawing, reserves: int = 0, claim_hours: int = 48,
        beacon: Source = "commit-reveal", source: str = "",
    ) -> Reply:  # fmt: skip
        _, plan = await _planned(ctx, form.giveaway)
        named = short_text("source", _text(source), LONGEST_SOURCE)
        if beacon == "drand" and tools.relays is None:
            raise Refuse(Say("giveaway.no_relays"))
        if beacon == "manual" and not named:
            raise Refuse(Say("giveaway.no_source"))
        chosen = replace(
            plan, reserves=figure("reserves", reserves, 0, MOST_RESERVES),
            claim_h=figure("claim_hours", claim_hours, 1, MOST_CLAIM),
            beacon=beacon, source=named if beacon == "manual" else "",
        )  # fmt: skip
        return await _chosen(ctx, form.giveaway, chosen)


# The rules -----------------------------------------------------------------------------------


def _rules(feature: Feature) -> None:
    @feature.pressed(Rules, role=Role.MANAGER)
    async def ask(ctx: Context, press: Rules) -> Form:
        draft, plan = await _planned(ctx, press.giveaway)
        return _form(
            "rules_title", draft, press, _field("region", plan.region),
            _field("contact", plan.contact), _field("adult", _yes_no(ctx, plan.adult)),
            _field("challenge", _yes_no(ctx, plan.challenge)),
        )  # fmt: skip

    @feature.filled(Rules, role=Role.MANAGER)
    async def fill(
        ctx: Context, form: Rules, region: str = "", contact: str = "", adult: bool = False,
        challenge: bool = False,
    ) -> Reply:  # fmt: skip
        _, plan = await _planned(ctx, form.giveaway)
        chosen = replace(
            plan, region=short_text("region", _text(region), LONGEST),
            contact=short_text("contact", _text(contact), LONGEST),
            adult=adult, challenge=challenge,
        )  # fmt: skip
        return await _chosen(ctx, form.giveaway, chosen)
