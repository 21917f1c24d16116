"""The program's commands: init, backup and restore, and how errors are said."""

from __future__ import annotations

import asyncio
import importlib
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest

from bot.__main__ import COMMANDS
from bot.commands import Trouble
from bot.commands.explain import explain
from bot.commands.online import PERMISSIONS
from bot.platforms.base import Stopped
from bot.settings import Settings
from storage import people
from storage.database import open_database
from storage.people import CodeRow
from storage.seal import Seal, WrongKey
from tests.box import Box
from tests.peers.discord import TOKEN as DISCORD
from tests.peers.discord import DiscordPeer
from tests.peers.telegram import TOKEN as TELEGRAM
from tests.peers.telegram import TelegramPeer
from tests.whole import contents

ROOT = Path(__file__).parent.parent
TOKENS = ("--telegram-token", TELEGRAM, "--discord-token", DISCORD)


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Box:
    return Box(tmp_path, monkeypatch)


@pytest.fixture
async def peers(box: Box) -> AsyncIterator[tuple[TelegramPeer, DiscordPeer]]:
    async with TelegramPeer() as telegram, DiscordPeer() as discord:
        box.attach(telegram, discord)
        yield telegram, discord


# The program --------------------------------------------------------------------------------------


def test_help_names_every_command_and_loads_no_library() -> None:
    code = "import sys, bot.__main__ as m; sys.stdout.write(m.parser().format_help())\n"
    code += "assert not {'pydantic', 'aiohttp', 'telegram', 'discord'} & set(sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert all(f"    {name} " in ran.stdout for name in COMMANDS)


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
    await process.stdout.readuntil(b"TELEGRAM_TOKEN")
    process.send_signal(signal.SIGINT)
    _, err = await process.communicate(b"")
    assert process.returncode == 130
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


# init ---------------------------------------------------------------------------------------------


async def test_init_writes_the_settings_and_shows_how_to_invite_and_own_the_bot(
    box: Box, peers: tuple[TelegramPeer, DiscordPeer]
) -> None:
    said = await box.run("init", "--yes", *TOKENS, "--community", "মিতু", "--operator", "o@e.org")
    assert (said.code, said.err) == (0, "")
    settings = Settings()
    assert (settings.telegram_token, settings.discord_token) == (TELEGRAM, DISCORD)
    assert (settings.community, settings.operator) == ("মিতু", "o@e.org")
    assert box.mode(".env") == box.mode("adda.key") == 0o600
    assert "https://t.me/adda_test_bot?startgroup\n" in said.out
    client = peers[1].world.bot["id"]
    invite = f"?client_id={client}&scope=bot+applications.commands&permissions={PERMISSIONS}\n"
    assert f"https://discord.com/oauth2/authorize{invite}" in said.out
    assert "needs no privileged intent" in said.out
    code = said.out.partition("?start=claim_")[2].split()[0]
    assert f"/claim {code}\n" in said.out
    assert await _used(settings, code) == CodeRow("home", 40, None)
    assert peers[0].invalid == peers[1].invalid == []


async def _used(settings: Settings, code: str) -> CodeRow | None:
    database = await open_database(settings.database_url, Seal(settings.secret()))
    try:
        return await database.unit(lambda tx: people.use_code(tx, code, 0))
    finally:
        await database.close()


def test_the_invitation_asks_for_no_more_rights_than_are_needed() -> None:
    assert discord.Permissions(PERMISSIONS) == discord.Permissions(
        view_channel=True, send_messages=True, send_messages_in_threads=True, embed_links=True,
        attach_files=True, read_message_history=True,
    )  # fmt: skip


@pytest.mark.usefixtures("peers")
async def test_init_asks_and_says_where_tokens_come_from(box: Box) -> None:
    typed = f"{TELEGRAM}\n\nhttps://links.example.com\nMitu\nen\nops@example.org\n"
    said = await box.run("init", typed=typed)
    assert said.code == 0
    assert "https://t.me/BotFather" in said.out
    assert "Leave every privileged intent off: this bot needs none." in said.out
    assert "Telegram: this is adda_test_bot ✓" in said.out
    settings = Settings()
    assert (settings.telegram_token, settings.discord_token) == (TELEGRAM, "")
    assert settings.public_url == "https://links.example.com"
    assert (settings.community, settings.language) == ("Mitu", "en")


@pytest.mark.usefixtures("peers")
async def test_a_wrong_token_is_asked_for_again(box: Box) -> None:
    typed = f"not a token\n{TELEGRAM[:-1]}x\n{TELEGRAM}\n" + "\n" * 5
    said = await box.run("init", typed=typed)
    assert said.code == 0
    assert "it should read like 123456789:AAF…" in said.err
    assert (
        "TELEGRAM_TOKEN looks wrong: Telegram answered 401. "
        "Copy it again from @BotFather → /mybots → API Token."
    ) in said.err
    assert Settings().telegram_token == TELEGRAM


@pytest.mark.usefixtures("peers")
@pytest.mark.parametrize(
    ("flag", "value", "sentence"),
    [
        ("--telegram-token", f"{TELEGRAM[:-1]}x", "TELEGRAM_TOKEN looks wrong: Telegram answered"),
        ("--discord-token", "another", "DISCORD_TOKEN looks wrong: Discord answered 401. Copy it"),
        ("--discord-token", "two words", "DISCORD_TOKEN looks wrong: it has spaces"),
        ("--public-url", "http://links.example.com", "PUBLIC_URL: 'http://links.example.com' must"),
        ("--operator", "a\nb", "OPERATOR may hold neither a line break"),
    ],
)
async def test_a_wrong_flag_is_a_sentence_and_nothing_is_written(
    box: Box, flag: str, value: str, sentence: str
) -> None:
    said = await box.run("init", "--yes", flag, value)
    assert (said.code, box.files()) == (1, set())
    assert said.err.startswith(sentence)


async def test_a_platform_that_cannot_be_reached_is_a_warning_and_a_choice(box: Box) -> None:
    flags = ("--telegram-token", TELEGRAM)
    refused = await box.run("init", *flags, typed="n\n")
    assert "Telegram cannot be asked" in refused.err
    assert (refused.code, box.files()) == (1, set())
    kept = await box.run("init", *flags, "--yes")
    assert "The token was not checked." in kept.err
    assert kept.code == 0
    assert Settings().telegram_token == TELEGRAM
    assert "/claim " in kept.out


async def test_with_nobody_to_ask_nothing_is_written(box: Box) -> None:
    said = await box.run("init")
    assert (said.code, box.files()) == (1, set())
    assert "There is nobody to ask. Give the answers as flags together with --yes" in said.err


async def test_init_keeps_what_it_does_not_know_and_asks_before_it_replaces(box: Box) -> None:
    before = "# mine\nCOMPOSE_PROJECT=adda\nexport COMMUNITY='Mitu' # hers\n\nLANGUAGE=en\n"
    box.put(".env", before, 0o644)
    await box.run("init", "--community", "Rima", typed="\n" * 3 + "n\n" + "\n" * 5)
    assert box.read(".env") == before
    await box.run("init", "--community", "Rima", typed="\n" * 3 + "y\n" + "\n" * 5)
    assert box.read(".env") == before.replace("export COMMUNITY='Mitu' # hers", "COMMUNITY=Rima")
    assert box.mode(".env") == 0o600


async def test_init_again_keeps_every_answer_with_enter_and_empties_one_with_a_dash(
    box: Box, peers: tuple[TelegramPeer, DiscordPeer]
) -> None:
    await box.run("init", "--yes", *TOKENS, "--operator", "ops")
    said = await box.run("init", typed="\n-\n\n\n\n\n")
    assert said.code == 0
    assert TELEGRAM not in said.out
    settings = Settings()
    assert (settings.telegram_token, settings.discord_token) == (TELEGRAM, "")
    assert settings.operator == "ops"
    assert len(peers[0].asked("getMe")) == 2


async def test_what_the_environment_says_is_not_asked_nor_written(box: Box) -> None:
    box.env(COMMUNITY="From the environment")
    said = await box.run("init", "--yes")
    assert "COMMUNITY: taken from the environment" in said.out
    assert ".env" not in box.files()


@pytest.mark.parametrize(
    "name",
    ["Mitu's kitchen", "a # b", 'say "hi"', "C:\\new\\table", "$HOME", "আড্ডা 🎉", "=", "' \\'"],
)
async def test_whatever_the_creator_is_called_is_read_as_it_was_given(box: Box, name: str) -> None:
    await box.run("init", "--yes", "--community", name)
    assert Settings().community == name


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
