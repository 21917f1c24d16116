"""A dry run: what the ticket table would mean, before or while a giveaway runs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from bot.feature import Context, Feature, Glance
from bot.model import Refuse, Reply, Role, Say
from bot.wire import millis
from handlers.giveaways import naming, odds, terms
from handlers.giveaways.odds import Kind
from handlers.giveaways.plan import unpacked
from handlers.giveaways.plan_actions import Odds
from storage import giveaway_plans as plans
from storage import giveaways as store
from storage.giveaways import Giveaway


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Those it could be of, and what came out for the first."""

    of: tuple[Giveaway, ...]
    kinds: tuple[Kind, ...] = ()


def register(feature: Feature) -> None:
    feature.command("giveaway odds", role=Role.HELPER, think=_any)(command)
    feature.pressed(Odds, role=Role.HELPER, think=_one)(shown)


async def _any(glance: Glance, _called: Any) -> Rehearsal:
    """Of what runs and of drafts; rehearsed where there is one alone."""
    home = glance.community.id
    found = await store.running(glance.tx, home, millis(glance.now))
    drafts = await plans.drafts(glance.tx, home, naming.OFFERED)
    all_ = (*found, *(one.giveaway for one in drafts))
    return await _rehearsed(glance, all_[0]) if len(all_) == 1 else Rehearsal(all_)


async def _one(glance: Glance, press: Odds) -> Rehearsal:
    found = await store.get(glance.tx, glance.community.id, press.giveaway)
    return await _rehearsed(glance, found) if found else Rehearsal(())


async def _rehearsed(glance: Glance, giveaway: Giveaway) -> Rehearsal:
    plan = unpacked(giveaway.plan)
    winners = sum(count for _, count in terms.prizes(giveaway, plan))
    seed = sha256(f"{giveaway.id}:{millis(glance.now)}".encode()).digest()
    kinds = await asyncio.to_thread(odds.rehearse, plan, winners, seed)
    return Rehearsal((giveaway,), tuple(kinds))


async def command(ctx: Context, thought: Rehearsal) -> Reply:
    if len(thought.of) > 1:
        return naming.which(Say("giveaway.odds_which"), thought.of, Odds)
    return await shown(ctx, None, thought)


async def shown(_ctx: Context, _press: Odds | None, thought: Rehearsal) -> Reply:
    if not thought.kinds:
        raise Refuse(Say("giveaway.no_draft"))
    giveaway = thought.of[0]
    winners = sum(count for _, count in terms.prizes(giveaway, unpacked(giveaway.plan)))
    return Reply(
        Say(
            "giveaway.odds",
            prize=giveaway.prize,
            fans=odds.FANS,
            winners=Say("giveaway.winners", count=winners),
            kinds=tuple(_line(kind) for kind in thought.kinds),
        )
    )


def _line(kind: Kind) -> Say:
    return Say(
        "giveaway.odds_kind",
        kind=Say(f"giveaway.kind_{kind.name}"),
        tickets=kind.tickets,
        one_in=round(1 / kind.chance),
        fans=kind.fans,
        won=kind.won,
    )
