"""What a frozen list is drawn from: a round that is fetched, or a value that somebody gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.feature import Context, Feature, Glance
from bot.model import Button, Effect, Field, Form, Later, Refuse, Reply, Role, Say
from handlers.giveaways import show_draw, telling, terms
from handlers.giveaways.actions import Draw, Paste, Seek
from handlers.giveaways.beacon import LONGEST_TAKEN, Kind, accepted, normalised
from handlers.giveaways.record import record
from handlers.giveaways.relays import Fetched
from handlers.giveaways.tools import Tools
from storage import giveaways as store
from storage.giveaways import Giveaway

TOLD_AFTER = 10  # tries, some minutes: then the team learns how to paste the value
NO_RELAYS = timedelta(hours=1)  # until the next look whether there are any
MOST = 8  # giveaways a pasted signature is tried on, or that are offered


def register(feature: Feature, tools: Tools) -> None:
    beaconing = Beaconing(tools)
    feature.due(Seek, think=beaconing.fetch)(beaconing.seek)
    feature.command("giveaway beacon")(beaconing.given)
    feature.pressed(Paste)(ask)
    feature.filled(Paste)(beaconing.pasted)


async def taken(ctx: Context, giveaway: str, value: str, source: str) -> list[Effect]:
    """From this it is drawn, and from nothing else; nothing where it had a value before."""
    found = await store.take(ctx.tx, ctx.community.id, giveaway, value)
    if found is None:
        return []
    line = {"kind": "beacon", "value": value, "source": source, "at": ctx.ms // 1000}
    await record(ctx.tx, found.id, line)
    return [Later(ctx.now, Draw(found.id))]


@dataclass(frozen=True, slots=True)
class Beaconing:
    """Fetches rounds, and checks what is pasted."""

    tools: Tools

    async def fetch(self, glance: Glance, due: Seek) -> Fetched | None:
        """The round; None when nobody waits for it any more."""
        found = await store.get(glance.tx, glance.community.id, due.giveaway)
        if found is None or found.round is None or not _waits(found):
            return None
        if self.tools.relays is None:
            return Fetched(None)
        return await self.tools.relays.fetch(found.round)

    async def seek(self, ctx: Context, due: Seek, fetched: Fetched | None) -> list[Effect]:
        """Keep what was fetched; else try again, later each time, and once tell the team."""
        if fetched is None:
            return []
        if fetched.signature is not None:
            return await taken(ctx, due.giveaway, fetched.signature, "relay")
        again = Later(ctx.now + (fetched.again or NO_RELAYS), Seek(due.giveaway, due.tries + 1))
        told: list[Effect] = []
        if due.tries == (0 if fetched.again is None else TOLD_AFTER):
            found = await store.get(ctx.tx, ctx.community.id, due.giveaway)
            if found is not None:
                text = show_draw.awaits_round(found, self.tools.chain)
                told = [*await telling.team(ctx, found, "gb", text)]
        return [again, *told]

    async def given(self, ctx: Context, value: str = "") -> Reply | Form | list[Effect]:
        """A signature decides by itself whose it is; manual values are the team's to give."""
        waiting = await _waiting(ctx)
        rounds = [one for one in waiting if terms.beacon_of(one).kind is Kind.DRAND]
        if value.strip() and rounds:
            return await self._signature(ctx, rounds, value)
        if len(waiting) > 1:
            choice = tuple(Button(Say("text", text=g.prize), Paste(g.id)) for g in waiting)
            return Reply(Say("giveaway.beacon_which"), choice)
        if value.strip():
            return await self.pasted(ctx, Paste(waiting[0].id), value)
        return _form(waiting[0])

    async def pasted(self, ctx: Context, action: Paste, value: str) -> list[Effect]:
        found = next((one for one in await _waiting(ctx) if one.id == action.giveaway), None)
        if found is None:
            raise Refuse(Say("giveaway.beacon_none"))
        if terms.beacon_of(found).kind is Kind.DRAND:
            return await self._signature(ctx, [found], value)
        said = normalised(value)
        if not 0 < len(said) <= LONGEST_TAKEN:
            raise Refuse(Say("giveaway.beacon_long", most=LONGEST_TAKEN))
        done = Reply(Say("giveaway.beacon_values", prize=found.prize, value=said))
        return [done, *await taken(ctx, found.id, said, "team")]

    async def _signature(
        self, ctx: Context, waiting: Sequence[Giveaway], pasted: str
    ) -> list[Effect]:
        """Anybody may bring it: it can be checked, and there is only one."""
        for one in waiting[:MOST]:
            number = one.round or 0
            if self.tools.chain.moment(number) * 1000 > ctx.ms:
                continue
            signature = accepted(self.tools.chain, number, pasted)
            if signature is not None:
                done = Reply(Say("giveaway.beacon_done", prize=one.prize))
                return [done, *await taken(ctx, one.id, signature, "pasted")]
        raise Refuse(show_draw.not_the_round(waiting[0], self.tools.chain))


def _waits(giveaway: Giveaway) -> bool:
    over = giveaway.drawn_at is not None or giveaway.cancelled_at is not None
    return giveaway.frozen_at is not None and giveaway.signature is None and not over


async def _waiting(ctx: Context) -> list[Giveaway]:
    """What this person may give a value to. Raises Refuse where there is nothing."""
    kinds = {Kind.DRAND, Kind.MANUAL} if ctx.member.role >= Role.MANAGER else {Kind.DRAND}
    found = [
        one
        for one in await store.awaiting(ctx.tx, ctx.community.id)
        if terms.beacon_of(one).kind in kinds
    ]
    if not found:
        raise Refuse(Say("giveaway.beacon_none"))
    return found[:MOST]


async def ask(ctx: Context, press: Paste) -> Form:
    """The form for one of several."""
    for one in await _waiting(ctx):
        if one.id == press.giveaway:
            return _form(one)
    raise Refuse(Say("giveaway.beacon_none"))


def _form(giveaway: Giveaway) -> Form:
    asked = Field("value", Say("option.value"), long=True, limit=LONGEST_TAKEN)
    return Form(Say("giveaway.beacon_title", prize=giveaway.prize), (asked,), Paste(giveaway.id))
