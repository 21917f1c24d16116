"""Starting the whole program: what it says when it cannot, and one platform that stops alone."""

from __future__ import annotations

import json
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.peers.discord import DiscordPeer
from tests.peers.telegram import TelegramPeer
from tests.process import Program, discord_settings, program, telegram_settings


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramPeer]:
    async with TelegramPeer() as peer:
        yield peer
        assert peer.invalid == []


@pytest.fixture
async def discord() -> AsyncIterator[DiscordPeer]:
    async with DiscordPeer() as peer:
        yield peer
        assert peer.invalid == []


async def refused(bot: Program, *arguments: str) -> tuple[int, str]:
    """The exit code, and all it said, of a start that cannot succeed."""
    await bot.start(*arguments)
    return await bot.ended(20), "\n".join(bot.log)


async def platforms(bot: Program) -> dict[str, str]:
    """What it says of each platform."""
    await bot.says('"links"')
    told = [json.loads(line) for line in bot.log if '"event": "platform"' in line]
    return {line["name"]: line["state"] for line in told}


# Nothing to run ---------------------------------------------------------------------------------


async def test_without_a_token_it_says_so_and_names_the_demo(tmp_path: Path) -> None:
    async with program(tmp_path) as bot:
        code, said = await refused(bot)
    assert code != 0
    assert said.startswith("There is no token")
    assert "python -m bot demo" in said
    assert "Traceback" not in said


async def test_a_port_that_is_taken_is_named_with_the_remedy(
    tmp_path: Path, telegram: TelegramPeer
) -> None:
    async with program(tmp_path, **telegram_settings(telegram)) as bot:
        with socket.socket() as other:
            other.bind(("127.0.0.1", bot.port))
            other.listen()
            code, said = await refused(bot)
    assert code == 1
    assert said.endswith(f"Port {bot.port} is taken. Set HTTP_PORT.")
    assert "Traceback" not in said
    assert "inside Adda" not in said
    assert telegram.polls == []


async def test_a_webhook_without_an_address_is_refused_with_the_remedy(
    tmp_path: Path, telegram: TelegramPeer
) -> None:
    given = telegram_settings(telegram)
    async with program(tmp_path, TELEGRAM_WEBHOOK="true", **given) as bot:
        code, said = await refused(bot)
    assert code != 0
    assert said == (
        "TELEGRAM_WEBHOOK needs PUBLIC_URL, the https address at which Telegram reaches this "
        "server."
    )


async def test_a_setting_that_is_wrong_is_named(tmp_path: Path, telegram: TelegramPeer) -> None:
    async with program(tmp_path, HTTP_PORT="many", **telegram_settings(telegram)) as bot:
        code, said = await refused(bot)
    assert (code, said) == (2, "HTTP_PORT: 'many' is not a whole number.")


async def test_another_key_than_the_databases_is_refused_and_nothing_changed(
    tmp_path: Path, telegram: TelegramPeer
) -> None:
    async with program(tmp_path, **telegram_settings(telegram)) as bot:
        await bot.up()
        await telegram.until(lambda: telegram.polling)
        telegram.says("Rima", "/start")
        await telegram.until(lambda: telegram.seen("Rima"))
        assert await bot.stop() == 0
        bot.settings["SECRET_KEY"] = "another secret of the tests"
        code, said = await refused(bot)
    assert code == 1
    assert said.startswith("This database was sealed with another SECRET_KEY.")


async def test_a_database_of_a_newer_program_is_left_alone(
    tmp_path: Path, telegram: TelegramPeer
) -> None:
    async with program(tmp_path, **telegram_settings(telegram)) as bot:
        await bot.up()
        assert await bot.stop() == 0
        with closing(sqlite3.connect(tmp_path / "data" / "adda.db")) as db, db:
            db.execute("update schema_version set version = version + 1")
        code, said = await refused(bot)
    assert code == 1
    assert said.startswith("The database is from a newer version")
    assert said.endswith("nothing was changed.")


# One platform of two ----------------------------------------------------------------------------


async def test_one_token_runs_one_platform(tmp_path: Path, telegram: TelegramPeer) -> None:
    async with program(tmp_path, **telegram_settings(telegram)) as bot:
        await bot.up()
        assert await platforms(bot) == {"telegram": "on", "discord": "off (no token)"}
        assert await bot.stop() == 0


async def test_the_other_token_runs_the_other_platform(
    tmp_path: Path, discord: DiscordPeer
) -> None:
    async with program(tmp_path, **discord_settings(discord)) as bot:
        await bot.up()
        assert await platforms(bot) == {"telegram": "off (no token)", "discord": "on"}
        await discord.ready()
        assert await bot.stop() == 0


async def test_a_wrong_telegram_token_stops_telegram_alone(
    tmp_path: Path, telegram: TelegramPeer, discord: DiscordPeer
) -> None:
    given = {**telegram_settings(telegram), **discord_settings(discord)}
    given["TELEGRAM_TOKEN"] = "4242424242:AAF-another_token_0123456789abcdefghijk"
    async with program(tmp_path, **given) as bot:
        await bot.up()
        line = await bot.says("platform is off")
        assert "TELEGRAM_TOKEN looks wrong: Telegram answered 401." in line
        assert "another_token" not in "\n".join(bot.log)
        await discord.ready()
        told = await discord.dm("Rima", "hello")
        await discord.until(lambda: len(discord.messages) == 1)
        assert discord.messages[0]["channel_id"] == told["channel_id"]
        assert await bot.stop() == 0


async def test_a_wrong_discord_token_stops_discord_alone(
    tmp_path: Path, telegram: TelegramPeer, discord: DiscordPeer
) -> None:
    given = {**telegram_settings(telegram), **discord_settings(discord)}
    async with program(tmp_path, **{**given, "DISCORD_TOKEN": "another"}) as bot:
        await bot.up()
        line = await bot.says("platform is off")
        assert "Discord does not accept DISCORD_TOKEN." in line
        await telegram.until(lambda: telegram.polling)
        telegram.says("Rima", "/start")
        await telegram.until(lambda: telegram.seen("Rima"))
        assert await bot.stop() == 0


async def test_a_token_taken_back_stops_its_platform_and_the_other_goes_on(
    tmp_path: Path, telegram: TelegramPeer, discord: DiscordPeer
) -> None:
    given = {**telegram_settings(telegram), **discord_settings(discord)}
    async with program(tmp_path, **given) as bot:
        await bot.up()
        await telegram.until(lambda: telegram.polling)
        await discord.ready()
        discord.revoke()
        await discord.gateway.closes(4004)
        assert "DISCORD_TOKEN" in await bot.says("platform is off")
        telegram.says("Rima", "/start")
        await telegram.until(lambda: telegram.seen("Rima"))
        assert await bot.stop() == 0


async def test_it_starts_before_the_network_does(
    tmp_path: Path, telegram: TelegramPeer, discord: DiscordPeer
) -> None:
    await telegram.stop()
    discord.gateway.down = True
    discord.fail("GET", "/users/@me", 503, times=1)
    given = {**telegram_settings(telegram), **discord_settings(discord)}
    async with program(tmp_path, **given) as bot:
        await bot.up()
        await bot.says("waiting for Telegram")
        await bot.says("Discord cannot be reached")
        await telegram.start()
        discord.gateway.down = False
        telegram.says("Rima", "/start")
        await telegram.until(lambda: telegram.seen("Rima"), 15)
        await discord.ready(15)
        assert await bot.stop() == 0


# What it weighs ---------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_nothing_but_its_own_address_is_listened_on(
    tmp_path: Path, telegram: TelegramPeer
) -> None:
    async with program(tmp_path, **telegram_settings(telegram)) as bot:
        await bot.up()
        assert bot.listening() == {("127.0.0.1", bot.port)}
        assert await bot.stop() == 0
