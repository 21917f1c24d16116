"""`addabot answers import` and `addabot answers export`: answers from a file, and into one."""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from bot.commands import Misused, Trouble
from bot.commands.run import opened
from bot.delivery import timer_letter
from bot.model import Community, Later, Refuse
from bot.settings import Settings
from bot.setup import prepare
from bot.wire import millis
from bot.words import Reader
from bot.world import World, real_world
from handlers.questions.bringing import KEPT, Forget, GoOn
from handlers.questions.exporting import as_csv, as_json
from handlers.questions.importing import Kind, decoded, import_text
from handlers.questions.planning import Plan, nothing, plan_of, preview
from storage import holdings, imports, outbox, people
from storage.database import Database
from storage.imports import Import
from storage.seal import Seal
from storage.tx import Tx

KINDS: dict[str, Kind] = {
    ".csv": "table", ".tsv": "table", ".json": "json", ".md": "article",
}  # fmt: skip
_STEP = 1000  # rows between two lines about how far it is
_PROBLEMS = 100  # told


def import_command(args: argparse.Namespace) -> int:
    """Show what `args.file` would change, ask unless `args.yes`, and apply it."""
    data = _bytes(args.file)
    settings = Settings()
    return asyncio.run(_import(settings, args.file, data, args.yes))


def export_command(args: argparse.Namespace) -> int:
    """Write every answer to `args.file` (JSON if it is called .json), or as CSV to the output."""
    if args.file is not None and args.file.exists():
        raise Trouble(f"{args.file} exists already. Give another name, or none.")
    text, count = asyncio.run(_export(Settings(), args.file))
    if args.file is None:
        sys.stdout.write(text)
        return 0
    with args.file.open("x", encoding="utf-8", newline="") as file:
        file.write(text)
    print(f"Wrote {args.file}: {count:,} answers.")
    return 0


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise Misused(f"There is no {file}.") from None
    except IsADirectoryError:
        raise Misused(f"{file} is a folder. Give a file.") from None


async def _import(settings: Settings, file: Path, data: bytes, yes: bool) -> int:
    world, seal = real_world(), Seal(settings.secret())
    async with opened(settings, seal) as database:
        home = await _home(database, settings, world)
        reader = Reader("en", home.timezone)
        try:
            found = import_text(decoded(data), home, KINDS.get(file.suffix.lower()))
        except Refuse as refusal:
            raise Misused(f"{file}: {reader.text(refusal.say)}") from None
        async with database.read() as tx:
            plan = await plan_of(tx, home, found, millis(world.now()))
        if not plan.contents:
            raise Trouble(reader.text(nothing(plan, _PROBLEMS)))
        print(reader.text(preview(plan, world.now(), home, "en", _PROBLEMS)))
        if not yes and not _sure():
            print("Left. Nothing was changed; --yes applies without asking.")
            return 1
        done = await _apply(database, seal, world, home, plan)
    print(f"Added {done.added:,}, changed {done.changed:,}, left out {done.left_out:,}.")
    return 0


def _sure() -> bool:
    print("Apply? (y/N) ", end="", flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


async def _home(database: Database, settings: Settings, world: World) -> Community:
    await prepare(database, settings, world)
    async with database.read() as tx:
        row = await people.home_community(tx)
    if row is None:
        raise Trouble("There is no community yet. Start the bot once with: python -m bot run")
    return Community(row.id, row.name, row.language, row.timezone)


async def _apply(
    database: Database, seal: Seal, world: World, home: Community, plan: Plan
) -> Import:
    """Part by part, each durable; should this process die, the bot goes on where it stopped."""
    id, parts = world.new_id(), imports.seal_rows(seal, plan.contents)
    until = millis(world.now() + KEPT)

    async def begin(tx: Tx) -> None:
        now = world.now()
        await imports.add(tx, home.id, id, None, until)
        await imports.fill(tx, home.id, id, parts, len(plan.contents), len(plan.problems))
        await imports.start(tx, home.id, id, millis(now))
        timers = Later(now + timedelta(minutes=1), GoOn(id)), Later(now + KEPT, Forget(id))
        for timer in timers:
            await outbox.add(tx, timer_letter(world.new_id(), home.id, timer, millis(now)), None)

    async def step(tx: Tx) -> Import | None:
        now = millis(world.now())
        return await imports.forward(tx, home.id, id, world.new_id, now, until)

    await database.unit(begin)
    while (found := await database.unit(step)) is not None and found.done_at is None:
        if found.rows_applied % _STEP == 0:
            print(f"{found.rows_applied:,} / {found.total:,}", file=sys.stderr)
    async with database.read() as tx:
        done = found or await imports.get(tx, home.id, id)
    if done is None:
        raise Trouble("The import is gone; somebody removed it while it was applied.")
    return done


async def _export(settings: Settings, file: Path | None) -> tuple[str, int]:
    async with opened(settings, Seal(settings.secret())) as database:
        home = await _home(database, settings, real_world())
        async with database.read() as tx:
            entries = await holdings.everything(tx, home.id)
    write = as_json if file is not None and file.suffix.lower() == ".json" else as_csv
    return write(entries, home.timezone), len(entries)
