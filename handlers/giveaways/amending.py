"""What may still change once a giveaway is open: a later end, one more prize. Everybody is told,
and the new terms stand in the public log."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.feature import Context, Feature
from bot.model import Button, Effect, Field, Form, Later, Refuse, Reply, Role, Say
from bot.wire import moment
from handlers.giveaways import naming, rules, show, terms, times
from handlers.giveaways.actions import Freeze
from handlers.giveaways.drafting import checked_prize, checked_winners
from handlers.giveaways.fairness import Parameters
from handlers.giveaways.plan import Plan, unpacked
from handlers.giveaways.plan_actions import AddPrize, AskExtend, Extend
from handlers.giveaways.publishing import fixed_terms, worded
from handlers.giveaways.record import record
from handlers.giveaways.tools import Tools
from storage import giveaway_plans as plans
from storage import giveaways as store
from storage.giveaways import Giveaway

MOST_KINDS = 10  # of prizes in one giveaway


def register(feature: Feature, _tools: Tools) -> None:
    _extend(feature)
    _prizes(feature)
    for name in ("extend", "prizes"):
        feature.suggest(f"giveaway {name}", "giveaway", role=Role.MANAGER)(naming.suggest_running)


async def _open(ctx: Context, id: str) -> Giveaway:
    """Raises Refuse once it is closed."""
    found = await store.get(ctx.tx, ctx.community.id, id)
    if found is None or not found.open_at(ctx.ms):
        raise Refuse(Say("giveaway.not_running"))
    return found


# A later end ---------------------------------------------------------------------------------


def _extend(feature: Feature) -> None:
    @feature.command("giveaway extend", role=Role.MANAGER, think=times.prepared)
    async def extend(ctx: Context, _ready: None, until: str, giveaway: str = "") -> Reply:
        """Shows how the moment was read; a button makes it so."""
        found = naming.named(await naming.running(ctx), giveaway)
        ends = times.end(ctx, until).at
        at = int(ends.timestamp())
        later = [one for one in found if at * 1000 > (one.closes_at or 0)]
        if not later:
            raise Refuse(_earlier(ctx, found[0], until, ends))
        if len(found) > 1:
            return naming.which(Say("giveaway.extend_which"), later, lambda id: AskExtend(id, at))
        return await ask(ctx, AskExtend(found[0].id, at))

    @feature.pressed(AskExtend, role=Role.MANAGER)
    async def ask(ctx: Context, press: AskExtend) -> Reply:
        found, at = await _open(ctx, press.giveaway), moment(press.at * 1000)
        question = Say(
            "giveaway.extend_ask",
            prize=found.prize,
            old=moment(found.closes_at or 0),
            closes=at,
            night=times.night(ctx, at),
            left=times.left(at - ctx.now),
        )
        yes = Button(Say("giveaway.extend_yes"), Extend(found.id, press.at))
        return Reply(question, (yes,))

    @feature.pressed(Extend, role=Role.MANAGER)
    async def do(ctx: Context, press: Extend) -> list[Effect]:
        before, closes = await _open(ctx, press.giveaway), moment(press.at * 1000)
        if press.at * 1000 <= (before.closes_at or 0) or closes - ctx.now > times.YEAR:
            raise Refuse(_earlier(ctx, before, before.prize, closes))
        wanted = replace(before, closes_at=press.at * 1000)
        promise = terms.amended(before, close_at=press.at)
        after = await _amended(ctx, wanted, unpacked(before.plan), promise, "extend")
        told = Say(
            "giveaway.extended",
            prize=after.prize,
            old=moment(before.closes_at or 0),
            closes=closes,
            params=show.short(after.params_hash),
        )
        done = Reply(Say("giveaway.extend_done"))
        return [done, *await _told(ctx, after, told), Later(closes, Freeze(after.id))]


def _earlier(ctx: Context, found: Giveaway, given: str, read: datetime) -> Say:
    return Say(
        "giveaway.extend_earlier",
        given=given.strip()[:60],
        read=read,
        night=times.night(ctx, read),
        old=moment(found.closes_at or 0),
    )


# One more prize ------------------------------------------------------------------------------


def _prizes(feature: Feature) -> None:
    @feature.command("giveaway prizes", role=Role.MANAGER)
    async def prizes(
        ctx: Context, prize: str = "", winners: int = 1, giveaway: str = ""
    ) -> Reply | Form | list[Effect]:
        """Into the one that runs; of several, or with nothing said, it is asked for."""
        found = naming.named(await naming.running(ctx), giveaway)
        if len(found) > 1:
            return naming.which(Say("giveaway.prizes_which"), found, AddPrize)
        press = AddPrize(found[0].id)
        return await add(ctx, press, prize, winners) if prize else await ask(ctx, press)

    @feature.pressed(AddPrize, role=Role.MANAGER)
    async def ask(ctx: Context, press: AddPrize) -> Form:
        found = await _open(ctx, press.giveaway)
        fields = (
            Field("prize", Say("option.prize"), limit=terms.LONGEST_PRIZE),
            Field("winners", Say("option.winners"), required=False, value="1"),
        )
        return Form(Say("giveaway.prizes_title", prize=found.prize), fields, press)

    @feature.filled(AddPrize, role=Role.MANAGER)
    async def add(ctx: Context, form: AddPrize, prize: str, winners: int = 1) -> list[Effect]:
        prize = checked_prize(prize)
        checked_winners(winners)
        before = await _open(ctx, form.giveaway)
        plan = _with_prize(before, prize, winners)
        listed = terms.prizes(before, plan)
        promise = terms.amended(
            before, prize=terms.prizes_in_words(listed), winners=sum(n for _, n in listed)
        )
        wanted = replace(before, plan=plan.packed())
        after = await _amended(ctx, wanted, plan, promise, "prizes")
        told = Say(
            "giveaway.prizes_added",
            prize=after.prize,
            more=prize,
            winners=Say("giveaway.winners", count=winners),
            params=show.short(after.params_hash),
        )
        return [Reply(Say("giveaway.prizes_done")), *await _told(ctx, after, told)]


def _with_prize(before: Giveaway, prize: str, winners: int) -> Plan:
    """The plan with one prize more. Raises Refuse where that is too many."""
    if before.log_head is None:
        raise Refuse(Say("giveaway.old_kind"))
    plan = unpacked(before.plan)
    plan = replace(plan, more=(*plan.more, (prize, winners)))
    if len(plan.more) >= MOST_KINDS:
        raise Refuse(Say("giveaway.prizes_many", most=MOST_KINDS))
    count = sum(n for _, n in terms.prizes(before, plan))
    if count > terms.MOST_WINNERS:
        raise Refuse(Say("giveaway.prizes_full", count=count, most=terms.MOST_WINNERS))
    return plan


# Both ----------------------------------------------------------------------------------------


async def _amended(
    ctx: Context, wanted: Giveaway, plan: Plan, promise: Parameters, what: str
) -> Giveaway:
    """The giveaway as `wanted`, under this promise with new rules, and a line in the log; one of
    the first version has neither rules nor log."""
    bn, en = wanted.rules_bn or "", wanted.rules_en or ""
    if wanted.log_head is not None:
        bn, en = await worded(ctx, wanted, plan)
        promise = replace(promise, rules=rules.digest(bn, en))
    fixed = fixed_terms(promise, bn, en)
    after = await plans.amend(ctx.tx, ctx.community.id, wanted, wanted.plan, fixed, ctx.ms)
    if after is None:
        raise Refuse(Say("giveaway.amended_meanwhile"))
    if after.log_head is None:
        return after
    line = {"kind": "amend", "params": fixed.params, "what": what, "at": ctx.ms // 1000}
    last = await record(ctx.tx, after.id, line)
    return replace(after, log_number=last.number, log_head=last.head)


async def _told(ctx: Context, after: Giveaway, text: Say) -> list[Effect]:
    """The posts brought up to date, and a message of its own for each amendment."""
    stands = await store.stands(ctx.tx, after.id)
    kind = f"gx{(after.params_hash or '')[:8]}"
    announced = show.announce(kind, after, stands, show.labelled(after, text))
    return [*show.posts(after, stands), *announced]
