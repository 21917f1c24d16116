"""The fans' side of giveaways: enter, leave, and what is kept of them.

Entering is the hot path: four statements of its own, five when the public count becomes due.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from bot.feature import Context, Feature
from bot.model import Effect, Later, Refuse, Reply, Say
from bot.wire import millis, moment
from handlers.giveaways import (
    ban,
    challenge,
    connecting,
    eligibility,
    entrants,
    looking,
    pulling,
    receipts,
)
from handlers.giveaways.actions import Count, Enter, Leave
from handlers.giveaways.eligibility import Facts, Known
from handlers.giveaways.fan_actions import Solve
from handlers.giveaways.persons import commitment
from handlers.giveaways.plan import Plan, unpacked
from handlers.giveaways.record import following
from handlers.giveaways.tools import Tools
from storage import giveaway_bans as bans
from storage import giveaway_log, people
from storage import giveaway_pool as pool
from storage import giveaway_turns as turns
from storage.giveaway_turns import Entrant, Turn
from storage.giveaways import Standing

COUNT_EVERY = timedelta(seconds=15)  # a group takes 20 messages a minute, edits included

planned = lru_cache(maxsize=256)(unpacked)  # the same few plans, entered many times


def register(feature: Feature, tools: Tools) -> None:
    """What anyone may do, what the team may do about who is in, and what is kept of a person."""
    looking.register(feature, tools)
    receipts.register(feature, tools)
    connecting.register(feature, tools)
    entrants.register(feature, tools)
    ban.register(feature, tools)
    feature.pressed(Enter)(enter)
    feature.pressed(Leave)(leave)
    feature.pressed(Solve)(solve)
    feature.recalls(recall)
    feature.forgets(forget)


# Entering ------------------------------------------------------------------------------------


async def enter(ctx: Context, press: Enter) -> Reply | list[Effect]:
    """In, once. A number taken for who may not be in, or is already, is undone with the unit."""
    who, id, community = entrant(ctx), press.giveaway, ctx.community.id
    turn = await turns.take_number(ctx.tx, community, id, who, ctx.ms)
    if turn is None:
        standing = await looking.standing(ctx, id)
        if standing is None or not (standing.left and standing.giveaway.open_at(ctx.ms)):
            return Reply(_state(ctx, standing))
        turn = await turns.come_back(ctx.tx, community, id, who, ctx.ms)
        in_now = turn is not None
    else:
        in_now = await turns.add_entry(ctx.tx, id, who, turn, ctx.ms)
    if turn is None or not in_now:
        raise Refuse(_state(ctx, await looking.standing(ctx, id)))
    plan = planned(turn.plan)
    await _admitted(ctx, id, plan, turn)
    await logged(ctx, id, turn, kind="enter", n=turn.number)
    return [Reply(await _welcome(ctx, id, plan, turn)), *recount(ctx, id, turn)]


def entrant(ctx: Context) -> Entrant:
    return Entrant(ctx.member.id, ctx.who.platform, ctx.who.user, ctx.place.private)


async def _admitted(ctx: Context, giveaway: str, plan: Plan, turn: Turn) -> None:
    """Raises Refuse for who may not enter, as far as is known now, or must press once more."""
    facts = Facts(ctx.ms, turn.opened_at, turn.seen_at, _known(ctx, turn), turn.banned)
    failed = eligibility.failing(plan.requirements, facts)
    if failed is not None:
        raise Refuse(failed.say)
    if plan.challenge:
        await challenge.passed(ctx, giveaway, turn)


def _known(ctx: Context, turn: Turn) -> list[Known]:
    """What came with the press of one account, and nothing of the other."""
    who = ctx.who
    this = Known(who.platform, _ms(who.born), None, _ms(who.since), who.roles)
    return [this, *(Known(platform) for platform, _ in turn.accounts[1:])]


def _ms(at: datetime | None) -> int | None:
    return None if at is None else millis(at)


async def logged(ctx: Context, giveaway: str, turn: Turn, **event: Any) -> None:
    """A line in the public log about this person, if it has one."""
    if turn.log is None:
        return
    made = commitment(turn.log.key, giveaway, turn.accounts)
    lines = following(turn.log.number, turn.log.head, {**event, "C": made})
    await giveaway_log.put(ctx.tx, giveaway, lines)


async def _welcome(ctx: Context, giveaway: str, plan: Plan, turn: Turn) -> Say:
    """Short where others are by, and the receipt where they are not."""
    key = "giveaway.entered" if turn.reachable else "giveaway.entered_unreachable"
    welcome = Say(key, number=turn.number, closes=moment(turn.closes_at))
    if not ctx.place.private or turn.log is None:
        return welcome
    mine = await receipts.short_of(ctx, giveaway, plan)
    return Say("lines", lines=(welcome, *mine))


async def solve(ctx: Context, press: Solve) -> Reply | list[Effect]:
    """The right one of three was pressed: then they are in."""
    if await looking.standing(ctx, press.giveaway) is None:
        raise Refuse(Say("button.stale"))
    wrong = await challenge.solved(ctx, press)
    if wrong is None:
        return await enter(ctx, Enter(press.giveaway))
    again = challenge.asked(ctx, press.giveaway, wrong)
    return Reply(Say("lines", lines=(Say("giveaway.wrong_one"), again.say)), again.buttons)


# Leaving -------------------------------------------------------------------------------------


async def leave(ctx: Context, press: Leave) -> Reply | list[Effect]:
    """Out; the number is kept for coming back."""
    turn = await turns.leave(ctx.tx, ctx.community.id, press.giveaway, entrant(ctx), ctx.ms)
    if turn is None:
        raise Refuse(_state(ctx, await looking.standing(ctx, press.giveaway)))
    await logged(ctx, press.giveaway, turn, kind="leave")
    return [Reply(Say("giveaway.left")), *recount(ctx, press.giveaway, turn)]


def recount(ctx: Context, giveaway: str, turn: Turn) -> list[Effect]:
    """The first change since the last count asks for the next; the others are in it as well."""
    if not turn.first_uncounted:
        return []
    soon = ctx.now if turn.counted_at is None else moment(turn.counted_at) + COUNT_EVERY
    return [Later(max(ctx.now, soon), Count(giveaway))]


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


# What is kept --------------------------------------------------------------------------------


async def recall(ctx: Context) -> list[Say]:
    """A person's entries, and that they may make none, for /mydata."""
    kept = await pool.kept(ctx.tx, ctx.community.id, ctx.member.id)
    lines = [
        Say("mydata.giveaway_left" if one.left else "mydata.giveaway",
            prize=one.prize, number=one.number)
        for one in kept
    ]  # fmt: skip
    ban = await bans.banned(ctx.tx, ctx.community.id, await _accounts(ctx))
    return [*lines, Say("mydata.giveaway_banned", at=moment(ban.at))] if ban else lines


async def _accounts(ctx: Context) -> list[tuple[str, str]]:
    known = await people.identities(ctx.tx, ctx.community.id, ctx.member.id)
    return [(one.platform, one.user_id) for one in known]


async def forget(ctx: Context) -> None:
    """Out of what runs; in old lists only a number and a commitment stay, with nobody behind."""
    accounts = await _accounts(ctx)
    for giveaway in await turns.open_to(ctx.tx, ctx.community.id, ctx.member.id):
        await pulling.pull(ctx.tx, giveaway, ctx.member.id, accounts, ctx.ms)
    await pool.forget(ctx.tx, ctx.member.id)
    await connecting.forget(ctx)
