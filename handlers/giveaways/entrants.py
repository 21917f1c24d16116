"""What the team may see of who is in: how many, their tickets, a file of entries, odd clusters."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from typing import Literal

from bot.feature import Context, Feature, Glance
from bot.model import Button, Called, Refuse, Reply, Role, Say
from bot.wire import millis
from bot.world import code as code_of
from handlers.giveaways import tickets
from handlers.giveaways.checks import Checks
from handlers.giveaways.clusters import Clusters, clusters
from handlers.giveaways.plan import unpacked
from handlers.giveaways.tools import Tools
from storage import downloads, giveaways
from storage import giveaway_challenges as challenges
from storage import giveaway_entrants as store
from storage import giveaway_pool as pool
from storage.giveaways import Giveaway
from storage.tx import Tx

LASTS = timedelta(minutes=10)
TOKEN = 32  # letters of five bits
PATH = "answers"  # of the page that gives files away once
LOOKED_AT = 30  # giveaways looked through for a prize
SHOWN = 12  # entry numbers in a line, and groups of them


def register(feature: Feature, tools: Tools) -> None:
    """`tools.public_url` is where files are fetched; `tools.checks` knows how old accounts are."""

    @feature.command("giveaway entrants", role=Role.HELPER)
    async def entrants(
        ctx: Context, prize: str = "", file: Literal["no", "csv", "json"] = "no"
    ) -> Reply:
        found = await named(ctx.tx, ctx.community.id, prize)
        shown = await _counts(ctx, found)
        if file == "no":
            return Reply(shown)
        if ctx.member.role < Role.MANAGER:
            raise Refuse(Say("role.needed", role=Say("role.manager")))
        if not tools.public_url:
            raise Refuse(Say("export.no_web"))
        token = code_of(ctx.world.random(TOKEN))
        until = millis(ctx.now + LASTS)
        await downloads.offer(ctx.tx, ctx.community.id, token, file, ctx.ms, until, found.id)
        address = f"{tools.public_url.rstrip('/')}/{PATH}/{token}"
        lines = (shown, Say("giveaway.entries_file"))
        return Reply(Say("lines", lines=lines), (Button(Say("export.open"), address),))

    async def look(glance: Glance, called: Called) -> tuple[Giveaway, Clusters] | None:
        prize = called.args.get("prize", called.text.removeprefix("clusters"))
        found = await _find(glance.tx, glance.community.id, prize)
        if found is None:
            return None
        seen = await store.seen(glance.tx, found.id)
        checks = tools.checks

        def born(platform: str, user: str) -> int | None:
            return checks.born(platform, user) if isinstance(checks, Checks) else None

        return found, await asyncio.to_thread(clusters, seen, born)

    @feature.command("giveaway clusters", role=Role.MANAGER, think=look)
    async def hints(ctx: Context, seen: tuple[Giveaway, Clusters] | None, prize: str = "") -> Reply:
        if seen is None:
            raise Refuse(Say("giveaway.no_prize_like", prize=prize[:60]))
        found, odd = seen
        solved, failed = await challenges.counted(ctx.tx, found.id)
        lines = [Say("giveaway.clusters", prize=found.prize, total=odd.total), *_hints(odd)]
        if solved or failed:
            lines.append(Say("giveaway.challenged", solved=solved, failed=failed))
        return Reply(Say("lines", lines=(*lines, Say("giveaway.hints_only"))))


async def named(tx: Tx, community: str, prize: str) -> Giveaway:
    """The newest published giveaway whose prize holds these words. Raises Refuse."""
    found = await _find(tx, community, prize)
    if found is None:
        raise Refuse(Say("giveaway.no_prize_like", prize=prize.strip()[:60]))
    return found


async def _find(tx: Tx, community: str, prize: str) -> Giveaway | None:
    said = " ".join(prize.split()).casefold()
    recent = await giveaways.recent(tx, community, LOOKED_AT)
    return next((one for one in recent if said in one.prize.casefold()), None)


async def _counts(ctx: Context, found: Giveaway) -> Say:
    counts = await store.counts(ctx.tx, found.id)
    lines = [Say("giveaway.entrants", prize=found.prize, count=counts.entries)]
    lines += [
        Say("giveaway.entrants_on", platform=platform, count=count)
        for platform, count in counts.platforms
    ]
    lines.append(Say("giveaway.entrants_more", connected=counts.connected, left=counts.left))
    lines.append(Say("giveaway.entrants_tickets", count=await _tickets(ctx.tx, found)))
    return Say("lines", lines=tuple(lines))


async def _tickets(tx: Tx, found: Giveaway) -> int:
    """All tickets: of the frozen list, before that as they stand now."""
    if found.tickets is not None:
        return found.tickets
    plan = unpacked(found.plan)
    if set(plan.tickets) <= {tickets.ENTER}:
        return found.entered * tickets.count(plan, (tickets.ENTER,))
    accounts = await pool.accounts(tx, found.id)
    people = (list(group) for _, group in groupby(accounts, attrgetter("number")))
    return sum(tickets.count(plan, tickets.reasons(person)) for person in people)


def _hints(odd: Clusters) -> list[Say]:
    """A line for each kind there is any of."""
    groups = {"together": odd.together, "bursts": odd.bursts, "same_day": odd.twins}
    lines = [
        Say(f"giveaway.odd_{name}", groups=len(found), entries=_numbers(found[0]))
        for name, found in groups.items()
        if found
    ]
    singles = {"fresh": odd.fresh, "silent": odd.silent}
    lines += [
        Say(f"giveaway.odd_{name}", count=len(found), entries=_numbers(found))
        for name, found in singles.items()
        if found
    ]
    return lines or [Say("giveaway.odd_nothing")]


def _numbers(found: Iterable[int]) -> str:
    numbers = [str(number) for number in found]
    return ", ".join(numbers[:SHOWN]) + (" …" if len(numbers) > SHOWN else "")
