"""`addabot backup` and `addabot restore`: the whole database in one file, and back."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from bot.commands import Trouble
from bot.settings import Settings
from bot.world import real_world
from storage import backup as store
from storage.address import backup_folder, database_name
from storage.schema import schema_version
from storage.seal import Seal


def backup_command(args: argparse.Namespace) -> int:
    """Write a backup to `args.file`, or to a name with the date in the backup folder."""
    settings = Settings()
    if not asyncio.run(schema_version(settings.database_url)):
        raise Trouble("There is nothing to back up yet: the database is empty.")
    file = args.file or _dated(settings.database_url)
    if file.exists():
        raise Trouble(f"{file} exists already. Give another name, or none.")
    done = asyncio.run(store.backup(settings.database_url, file))
    size = file.stat().st_size / 1e6
    print(f"Wrote {file}: {done.rows:,} rows of {len(done.tables)} tables, {size:.1f} MB.")
    print(
        f"The key ({_key(settings)}) is not in it. Keep a copy of the key in another place: "
        "without it nobody can read what is sealed."
    )
    return 0


def restore_command(args: argparse.Namespace) -> int:
    """Put `args.file` in the place of the database; with `args.force` even of one that is used."""
    settings = Settings()
    _try_key(settings, args.file)
    before = _dated(settings.database_url, "before-restore") if args.force else None
    done = asyncio.run(store.restore(settings.database_url, args.file, before=before))
    print(f"Restored {done.rows:,} rows of {len(done.tables)} tables from {args.file}.")
    if before is not None and before.exists():
        print(f"What was there before is in {before}.")
    return 0


def _try_key(settings: Settings, file: Path) -> None:
    """Refuse a backup that this machine's key does not open, and never make a new key for it."""
    sample = store.sealed_sample(file)
    if sample is None:
        return
    if not settings.secret_key and not settings.secret_key_file.exists():
        raise Trouble(
            f"The key that sealed this backup is missing. Copy it to {settings.secret_key_file} "
            "(mode 600), or set SECRET_KEY; nothing was changed."
        )
    Seal(settings.secret()).open(sample)


def _dated(url: str, name: str = "") -> Path:
    moment = real_world().now().strftime("%Y%m%d-%H%M%S")
    return backup_folder(url) / f"{name or database_name(url)}-{moment}.zip"


def _key(settings: Settings) -> str:
    return "SECRET_KEY" if settings.secret_key else str(settings.secret_key_file)
