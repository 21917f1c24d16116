"""The program: its commands, how errors are said, backup and restore."""

from __future__ import annotations

import asyncio
import importlib
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import COMMANDS
from bot.commands import Trouble
from bot.commands.explain import explain
from bot.platforms.base import Stopped
from bot.settings import Settings
from storage import people
from storage.database import open_database
from storage.seal import Seal, WrongKey
from tests.box import Box
from tests.whole import contents

ROOT = Path(__file__).parent.parent


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Box:
    return Box(tmp_path, monkeypatch)


# The program --------------------------------------------------------------------------------------


def test_help_names_every_command_and_loads_no_library() -> None:
    code = "import sys, bot.__main__ as m; sys.stdout.write(m.parser().format_help())\n"
    code += "assert not {'pydantic', 'aiohttp', 'telegram', 'discord'} & set(sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert all(f"    {name.split()[0]} " in ran.stdout for name in COMMANDS)


def test_every_command_leads_somewhere() -> None:
    for where in COMMANDS.values():
        module, _, function = where.partition(":")
        assert callable(getattr(importlib.import_module(module), function))


async def test_an_unknown_command_is_answered_with_those_that_exist(box: Box) -> None:
    said = await box.run("dance")
    assert said.code == 2
    assert "invalid choice: 'dance'" in said.err
    assert "doctor" in said.err


@pytest.mark.parametrize("command", ["init", "backup", "run", "doctor"])
async def test_wrong_settings_are_a_sentence_each_whatever_is_asked(box: Box, command: str) -> None:
    box.env(HTTP_PORT="eighty", LANGUAGE="fr")
    said = await box.run(command)
    assert "HTTP_PORT: 'eighty' is not a whole number." in said.err + said.out
    assert "LANGUAGE: 'fr' is not known. Use 'bn' or 'en'." in said.err + said.out
    assert said.code == (1 if command == "doctor" else 2)


async def test_ctrl_c_stops_with_a_word(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "init", cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    await process.stdout.readuntil(b"TELEGRAM_TOKEN")
    ended = asyncio.create_task(process.wait())
    while not ended.done():  # one that comes between the prompt and the reading is not noticed
        process.send_signal(signal.SIGINT)
        await asyncio.wait([ended], timeout=2)
    err = await process.stderr.read()
    assert ended.result() == 130
    assert err.decode().strip() == "Stopped."


async def test_nobody_reading_on_is_no_error(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_shell(
        f"{sys.executable} -u -m bot doctor | head -n 1", cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "HTTP_PORT": "0"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    assert out.decode().startswith("✓ Python")
    assert err == b""


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (Trouble("Do this."), "Do this."),
        (Stopped("Discord refused the token."), "Discord refused the token."),
        (WrongKey("Put the old key back."), "Put the old key back."),
        (
            ExceptionGroup("tasks", [ExceptionGroup("more", [Trouble("The first.")])]),
            "The first.",
        ),
        (
            OSError(98, "error while attempting to bind on address ('127.0.0.1', 8080): taken"),
            "Port 8080 is taken. Set HTTP_PORT.",
        ),
        (PermissionError(13, "Permission denied", "/srv/adda.key"),
         "This user may not use /srv/adda.key. Change its owner or its mode."),
        (FileNotFoundError(2, "No such file", "b.zip"), "There is no b.zip."),
        (OSError(28, "No space left on device"), "The disk is full. Make room and try again."),
        (sqlite3.OperationalError("database is locked"), "Another program is writing"),
        (sqlite3.OperationalError("database or disk is full"), "The disk is full."),
        (sqlite3.OperationalError("attempt to write a readonly database"), "The database file is"),
        (sqlite3.DatabaseError("database disk image is malformed"), "The database file could not"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"), "A file that should be text"),
        (KeyError("a fault"), "Something went wrong inside Adda: KeyError: 'a fault'"),
    ],
)  # fmt: skip
def test_an_error_is_said_in_a_sentence(error: Exception, sentence: str) -> None:
    text, code = explain(error)
    assert text.startswith(sentence)
    assert "\n" not in text
    assert code == 1


def test_a_taken_port_is_set_where_the_command_takes_it_from() -> None:
    taken = OSError(98, "error while attempting to bind on address ('::1', 80, 0, 0): taken")
    assert explain(taken, "--port")[0] == "Port 80 is taken. Set --port."


# backup and restore -------------------------------------------------------------------------------


async def test_a_backup_moves_a_community_to_another_machine_with_its_key(box: Box) -> None:
    await box.run("init", "--yes")
    await _sealed_row(box)
    said = await box.run("backup", "out/adda.zip")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("Wrote out/adda.zip: ")
    assert "The key (adda.key) is not in it." in said.out
    before = await contents("sqlite:///data/adda.db")
    box.env(DATABASE_URL=f"sqlite:///{box.folder}/new/adda.db")
    restored = await box.run("restore", "out/adda.zip")
    assert (restored.code, restored.err) == (0, "")
    assert await contents(f"sqlite:///{box.folder}/new/adda.db") == before


async def _sealed_row(box: Box) -> None:
    database = await open_database(Settings().database_url, Seal(Settings().secret()))
    await database.unit(
        lambda tx: people.add_member(tx, "home", "m1", "telegram", "1", "Rima", 0, 0)
    )
    await database.close()
    assert "adda.key" in box.files()


async def test_a_backup_without_a_name_gets_one_with_the_date_and_never_replaces_another(
    box: Box,
) -> None:
    await box.run("init", "--yes")
    assert (await box.run("backup")).code == 0
    made = [name for name in box.files() if name.startswith("data/backups/adda-2")]
    assert len(made) == 1
    said = await box.run("backup", made[0])
    assert said.code == 1
    assert said.err.startswith(f"{made[0]} exists already.")


async def test_there_must_be_something_to_back_up(box: Box) -> None:
    said = await box.run("backup")
    assert said.err == "There is nothing to back up yet: the database is empty.\n"
    assert (said.code, box.files()) == (1, set())


async def test_a_used_database_is_replaced_by_force_alone_and_kept_in_a_backup(box: Box) -> None:
    await box.run("init", "--yes")
    await box.run("backup", "b.zip")
    refused = await box.run("restore", "b.zip")
    assert refused.code == 1
    assert "nothing was changed. With --force it is replaced, after a backup" in refused.err
    forced = await box.run("restore", "b.zip", "--force")
    assert forced.code == 0
    kept = forced.out.rpartition("What was there before is in ")[2].strip(".\n")
    assert (await box.run("restore", f"{kept}", "--force")).code == 0


async def test_a_backup_of_another_key_is_refused_and_no_key_is_made_for_it(box: Box) -> None:
    await box.run("init", "--yes")
    await _sealed_row(box)
    await box.run("backup", "b.zip")
    box.env(DATABASE_URL=f"sqlite:///{box.folder}/new/adda.db", SECRET_KEY_FILE="new.key")
    missing = await box.run("restore", "b.zip")
    assert "The key that sealed this backup is missing. Copy it to new.key" in missing.err
    box.put("new.key", "another secret")
    wrong = await box.run("restore", "b.zip")
    assert "was sealed with another SECRET_KEY" in wrong.err
    assert (missing.code, wrong.code) == (1, 1)
    assert "new/adda.db" not in box.files()


async def test_a_community_moves_to_another_database_and_back(box: Box, database_url: str) -> None:
    box.env(DATABASE_URL="sqlite:///first/adda.db")
    await box.run("init", "--yes")
    await _sealed_row(box)
    before = await contents("sqlite:///first/adda.db")
    await box.run("backup", "there.zip")
    box.env(DATABASE_URL=database_url)
    assert (await box.run("restore", "there.zip")).code == 0
    assert await contents(database_url) == before
    await box.run("backup", "back.zip")
    box.env(DATABASE_URL="sqlite:///back/adda.db")
    assert (await box.run("restore", "back.zip")).code == 0
    assert await contents("sqlite:///back/adda.db") == before
