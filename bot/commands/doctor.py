"""`addabot doctor`: looks at all that Adda needs, and says what to do where something is wrong."""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sqlite3
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError

from bot.commands import dotenv
from bot.commands.checks import Finding, bad, good, off
from bot.commands.doctor_online import SWITCHED_OFF, online
from bot.commands.explain import UNUSABLE, explain
from bot.settings import Settings
from bot.world import World, real_world
from storage.address import BadAddress, backup_folder, is_postgres, shown, sqlite_path
from storage.database import Database, database
from storage.outbox import first_time
from storage.schema import TooNew, migrations, newest, schema_version
from storage.seal import Seal
from storage.setup import try_key
from storage.tx import Tx

PYTHON = (3, 11)
SQLITE = (3, 38)  # takes JSON apart with ->>
ROOM = 200_000_000  # bytes on the disk of the database that should be free
SECRET = 16  # letters of a SECRET_KEY that cannot be guessed


def doctor_command(_args: argparse.Namespace) -> int:
    """Print a line for each check; 1 if any of them failed."""
    findings = asyncio.run(examine())
    for one in findings:
        print(f"{one.mark} {one.what:<14} {one.words}")
    failed = sum(one.mark == "✗" for one in findings)
    print(f"\n{_sum(findings, failed)}")
    return int(failed > 0)


def _sum(findings: Sequence[Finding], failed: int) -> str:
    if failed:
        return f"{failed} of {len(findings)} need attention."
    if all(one.words == SWITCHED_OFF for one in findings if one.what in ("Telegram", "Discord")):
        return "Nothing is wrong, but there is no token yet: addabot init asks for one."
    return "All is well."


async def examine(world: World | None = None) -> list[Finding]:
    """Every check, in the order a person would put things right; nothing is changed."""
    findings = [_python(), _env_mode(dotenv.ENV)]
    try:
        settings = Settings()
        backup_folder(settings.database_url)
    except (ValidationError, BadAddress) as error:
        wrong = [bad("settings", words) for words in explain(error)[0].splitlines()]
        return [*findings, *wrong, off("the rest", "Looked at once the settings can be read.")]
    findings += _settings(dotenv.names())
    findings += [_key(settings), _disk(settings), _sqlite(settings)]
    findings += await _database(settings)
    return findings + await online(settings, world or real_world())


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= PYTHON:
        return good("Python", version)
    return bad("Python", f"{version} is too old. Install Python {PYTHON[0]}.{PYTHON[1]} or newer.")


def _env_mode(file: Path) -> Finding:
    if not file.exists():
        return off(
            str(file), "Not there; settings come from the environment. addabot init makes it."
        )
    mode = file.stat().st_mode & 0o777
    if mode & 0o077:
        return bad(str(file), f"Others may read your tokens (mode {mode:o}). chmod 600 {file}")
    return good(str(file), f"only you can read it (mode {mode:o})")


def _settings(names: Sequence[str]) -> list[Finding]:
    known = [name.upper() for name in Settings.model_fields]
    strange = [name for name in names if name.upper() not in known]
    found = [good("settings", "understood")]
    for name in strange:
        near = get_close_matches(name.upper(), known, 1)
        meant = f" Did you mean {near[0]}?" if near else ""
        found.append(off("settings", f"{name} in .env is not a setting of Adda.{meant}"))
    return found


def _key(settings: Settings) -> Finding:
    if settings.secret_key:
        if len(settings.secret_key) < SECRET:
            return bad("key", f"SECRET_KEY can be guessed. Use {SECRET} letters or more.")
        return good("key", "from SECRET_KEY")
    file = settings.secret_key_file
    if not file.exists():
        return off("key", f"{file} is made on the first start.")
    mode = file.stat().st_mode & 0o777
    if mode & 0o077:
        return bad("key", f"Others may read {file} (mode {mode:o}). chmod 600 {file}")
    if not is_postgres(settings.database_url):
        folder = sqlite_path(settings.database_url).resolve().parent
        if file.resolve().is_relative_to(folder):
            return bad(
                "key",
                f"{file} lies in the database's folder, so whoever takes one takes both. "
                "Move it elsewhere and set SECRET_KEY_FILE.",
            )
    return good("key", f"{file}, only you can read it. Keep a copy in another place.")


def _disk(settings: Settings) -> Finding:
    if is_postgres(settings.database_url):
        return off("disk", "PostgreSQL looks after its own.")
    folder = sqlite_path(settings.database_url).resolve().parent
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK):
        return bad("disk", f"This user may not write in {folder}. Change its owner or its mode.")
    free = shutil.disk_usage(folder).free
    if free < ROOM:
        return bad("disk", f"Only {free / 1e6:,.0f} MB are free in {folder}. Make room.")
    return good("disk", f"{free / 1e9:,.1f} GB free")


def _sqlite(settings: Settings) -> Finding:
    if is_postgres(settings.database_url):
        return off("SQLite", "PostgreSQL is used.")
    if sqlite3.sqlite_version_info >= SQLITE:
        return good("SQLite", sqlite3.sqlite_version)
    return bad(
        "SQLite",
        f"{sqlite3.sqlite_version} is too old. Take a Python that comes with {SQLITE[0]}."
        f"{SQLITE[1]} or newer, or set DATABASE_URL to a PostgreSQL.",
    )


async def _database(settings: Settings) -> list[Finding]:
    url = settings.database_url
    try:
        schema = await schema_version(url)
        wanted = newest(migrations())
        if schema > wanted:
            return [bad("database", str(TooNew(schema, wanted)))]
        if not schema:
            return [off("database", f"{shown(url)} is empty; the first start sets it up.")]
        if schema < wanted:
            words = f"schema {schema}; the next start brings it to {wanted}, after a backup"
            return [good("database", words)]
        return [await _used(settings, schema)]
    except UNUSABLE as error:
        return [bad("database", explain(error)[0])]


async def _used(settings: Settings, schema: int) -> Finding:
    if not settings.secret_key and not settings.secret_key_file.exists():
        return bad(
            "database",
            f"It is in use, but its key {settings.secret_key_file} is missing. Put it back.",
        )
    opened = database(settings.database_url, Seal(settings.secret()))
    await opened.open()
    try:
        async with opened.read() as tx:
            sealed = await try_key(tx)
        await _write_nothing(opened)
    finally:
        await opened.close()
    fits = "the key fits" if sealed else "nothing sealed yet"
    return good("database", f"{shown(settings.database_url)}, schema {schema}, writable, {fits}")


class _Undo(Exception):
    """What was written is taken back."""


async def _write_nothing(opened: Database) -> None:
    async def unit(tx: Tx) -> None:
        await first_time(tx, "doctor", 0)
        raise _Undo

    try:
        await opened.unit(unit)
    except _Undo:
        return
