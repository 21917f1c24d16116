"""`addabot links reclassify`: kept clicks are judged again by the rules of this version."""

from __future__ import annotations

import argparse
import asyncio

from bot.commands.run import opened
from bot.settings import Settings
from bot.wire import millis
from bot.world import real_world
from handlers.links.classify import RULESET
from handlers.links.reclassify import Done, reclassify
from storage import reclassify as store
from storage.seal import Seal

Names = list[tuple[str, str, str]]  # campaigns: id, brand, name


def reclassify_command(args: argparse.Namespace) -> int:
    """Judge again, or with `args.dry_run` only say what would change; prints what moved."""
    done, names = asyncio.run(_reclassify(Settings(), dry=args.dry_run))
    print("\n".join(report(done, names, dry=args.dry_run)))
    return 0


async def _reclassify(settings: Settings, *, dry: bool) -> tuple[Done, Names]:
    world, seal = real_world(), Seal(settings.secret())
    async with opened(settings, seal) as database:
        done = await reclassify(database, lambda: millis(world.now()), dry=dry)
        async with database.read() as tx:
            return done, await store.names(tx, sorted({campaign for campaign, *_ in done.moves}))


def report(done: Done, names: Names, *, dry: bool) -> list[str]:
    """The lines of what moved, a table by campaign where anything did."""
    moved = done.moves.total()
    verb = "would move" if dry else "moved"
    lines = [f"Ruleset {RULESET}: {done.judged:,} clicks judged, {moved:,} {verb}."]
    if moved:
        lines.append(f"{'campaign':40}{'was':14}{'now':14}{'clicks':>10}")
    for id, brand, name in names:
        title = f"{brand} · {name}" if name else brand
        for (campaign, was, now), clicks in sorted(done.moves.items()):
            if campaign == id:
                lines.append(f"{title[:38]:40}{was:14}{now:14}{clicks:>10,}")
    if done.unknown:
        lines.append(f"{done.unknown:,} clicks of before ruleset 2 have no agent to be judged by.")
    return lines
