"""`giveaway proof`: the proof of a draw as a file, for a host whose pages nobody can reach."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from bot.commands import Misused, Trouble
from bot.commands.run import opened
from bot.settings import Settings
from handlers.giveaways.proof import provable, write
from storage import giveaway_proofs, giveaways, people
from storage.database import Database, Glimpses
from storage.giveaways import Giveaway
from storage.seal import Seal


def proof_command(args: argparse.Namespace) -> int:
    """Write the proof of the giveaway `args.id`, or of the one drawn last, to `args.file`."""
    if args.file.exists():
        raise Trouble(f"{args.file} exists already. Give another name.")
    settings = Settings()
    asyncio.run(_write(settings, args.file, args.id))
    print(f"Wrote {args.file}. Check it with: python -m bot giveaway verify {args.file}")
    return 0


async def _write(settings: Settings, file: Path, id: str | None) -> None:
    async with opened(settings, Seal(settings.secret())) as database:
        found = await _named(database, id) if id else await _latest(database)
        if found is None or not provable(found):
            raise Misused("There is no such giveaway that was drawn, so there is no proof yet.")
        with file.open("xb") as into:
            await write(Glimpses(database), found, into)


async def _named(database: Database, id: str) -> Giveaway | None:
    async with database.read() as tx:
        found = await giveaway_proofs.published(tx, id)
    return found.giveaway if found else None


async def _latest(database: Database) -> Giveaway | None:
    async with database.read() as tx:
        home = await people.home_community(tx)
        drawn = await giveaways.drawn(tx, home.id, 1) if home else []
    return drawn[0] if drawn else None
