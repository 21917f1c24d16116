"""`init`: questions, answers checked online, `.env`, and how to invite and own the bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest

from bot.commands.online import PERMISSIONS
from bot.settings import Settings
from storage import people
from storage.database import open_database
from storage.people import CodeRow
from storage.seal import Seal
from tests.box import Box
from tests.peers.discord import TOKEN as DISCORD
from tests.peers.discord import DiscordPeer
from tests.peers.telegram import TOKEN as TELEGRAM
from tests.peers.telegram import TelegramPeer

TOKENS = ("--telegram-token", TELEGRAM, "--discord-token", DISCORD)


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Box:
    return Box(tmp_path, monkeypatch)


@pytest.fixture
async def peers(box: Box) -> AsyncIterator[tuple[TelegramPeer, DiscordPeer]]:
    async with TelegramPeer() as telegram, DiscordPeer() as discord:
        box.attach(telegram, discord)
        yield telegram, discord


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
