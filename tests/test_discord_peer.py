"""The loopback Discord server, judged by the plain library: what it accepts works here too."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import discord
import pytest
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.peers import discord_limits as limits
from tests.peers.discord import DiscordPeer


class Plain(discord.Client):
    """A bot as the library's documentation writes it."""

    def __init__(self, **intents: bool) -> None:
        wanted = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, **intents)
        super().__init__(intents=wanted)
        self.tree = app_commands.CommandTree(self)
        self.seen: list[discord.Message] = []
        self.error: Exception | None = None

    async def setup_hook(self) -> None:
        @self.tree.command(name="ask")
        async def ask(interaction: discord.Interaction, question: str) -> None:
            await interaction.response.send_message(f"about {question}", ephemeral=True)

        @self.tree.command(name="slow")
        async def slow(interaction: discord.Interaction) -> None:
            await interaction.response.defer(ephemeral=True)
            await interaction.followup.send("at last")
            await interaction.followup.send("and more", ephemeral=True)

        @self.tree.command(name="twice")
        async def twice(interaction: discord.Interaction) -> None:
            await interaction.response.defer()
            await interaction.client.http.request(
                Route("POST", f"/interactions/{interaction.id}/{interaction.token}/callback"),
                json={"type": 5},
            )

        self.tree.error(self.on_command_error)
        await self.tree.sync()

    async def on_command_error(
        self, _interaction: discord.Interaction, error: app_commands.AppCommandError
    ) -> None:
        self.error = error

    async def on_message(self, message: discord.Message) -> None:
        self.seen.append(message)


@asynccontextmanager
async def attached(monkeypatch: pytest.MonkeyPatch, bot: Plain) -> AsyncIterator[DiscordPeer]:
    async with DiscordPeer() as peer:
        monkeypatch.setattr(Route, "BASE", peer.api_base)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(peer.gateway_url))
        running = asyncio.create_task(bot.start(peer.token))
        try:
            await peer.ready()
            yield peer
        finally:
            await bot.close()
            await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def bot(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Plain, DiscordPeer]]:
    plain = Plain()
    async with attached(monkeypatch, plain) as peer:
        yield plain, peer


async def test_a_plain_bot_logs_in_registers_commands_and_answers(
    bot: tuple[Plain, DiscordPeer],
) -> None:
    _, peer = bot
    told = await peer.slash("Rina", "ask", {"question": "দাম"})
    body = await asyncio.wait_for(peer.answers(told), 3)
    assert body["type"] == 4
    assert body["data"]["content"] == "about দাম"
    assert told.private
    assert peer.invalid == []


async def test_a_follow_up_to_a_deferral_is_the_reply_and_the_next_one_is_not(
    bot: tuple[Plain, DiscordPeer],
) -> None:
    _, peer = bot
    told = await peer.slash("Rina", "slow")
    await peer.until(lambda: told.followups)
    reply = peer.reply(told)
    assert reply is not None
    assert reply["content"] == "at last"
    assert reply["flags"] == 1 << 6
    assert peer.world.messages[told.followups[0]]["content"] == "and more"


async def test_a_second_acknowledgement_is_refused(bot: tuple[Plain, DiscordPeer]) -> None:
    plain, peer = bot
    await peer.slash("Rina", "twice")
    await peer.until(lambda: plain.error)
    assert "40060" in str(plain.error)


async def test_an_answer_after_three_seconds_is_refused(bot: tuple[Plain, DiscordPeer]) -> None:
    _, peer = bot
    told = peer.world.interaction("Rina", 2, None)
    peer.rest.replies.interactions[told.token] = told
    peer.ages(told, 3.1)
    route = Route("POST", f"/interactions/{told.id}/{told.token}/callback")
    with pytest.raises(discord.NotFound, match="10062"):
        await bot[0].http.request(route, json={"type": 5})


async def test_a_nonce_is_sent_once_however_often(bot: tuple[Plain, DiscordPeer]) -> None:
    plain, peer = bot
    channel = peer.world.guild("Adda fans")["channels"][0]["id"]
    body = {
        "content": "once", "nonce": "0001", "enforce_nonce": True, "allowed_mentions": {"parse": []}
    }  # fmt: skip
    route = Route("POST", "/channels/{channel_id}/messages", channel_id=channel)
    first, second = [await plain.http.request(route, json=body) for _ in range(2)]
    assert first["id"] == second["id"]
    assert [m["content"] for m in peer.messages] == ["once"]


async def test_only_text_meant_for_the_bot_can_be_read(bot: tuple[Plain, DiscordPeer]) -> None:
    plain, peer = bot
    await peer.says("Rina", "not for you")
    await peer.mentions("Rina", "for you")
    await peer.dm("Rina", "for you alone")
    await peer.until(lambda: len(plain.seen) == 3)
    assert [m.content.partition("> ")[2] or m.content for m in plain.seen] == [
        "", "for you", "for you alone",
    ]  # fmt: skip


async def test_what_happened_during_a_break_is_told_when_the_bot_resumes(
    bot: tuple[Plain, DiscordPeer],
) -> None:
    plain, peer = bot
    peer.gateway.reset()
    await peer.dm("Rina", "are you there?")
    await peer.until(lambda: plain.seen)
    assert len(peer.gateway.resumes) == 1
    assert len(peer.gateway.identifies) == 1


async def test_a_privileged_intent_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Plain(message_content=True)
    async with DiscordPeer() as peer:
        monkeypatch.setattr(Route, "BASE", peer.api_base)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(peer.gateway_url))
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await plain.start(peer.token)
        await plain.close()


async def test_a_wrong_token_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Plain()
    async with DiscordPeer() as peer:
        monkeypatch.setattr(Route, "BASE", peer.api_base)
        with pytest.raises(discord.LoginFailure):
            await plain.start("wrong")
        await plain.close()


async def test_too_many_requests_are_asked_again_in_time(bot: tuple[Plain, DiscordPeer]) -> None:
    plain, peer = bot
    peer.fail("GET", "/users/@me", 429, retry_after=0.2)
    await plain.http.request(Route("GET", "/users/@me"))
    assert [r.status for r in peer.sent if r.path == "/users/@me"] == [200, 429, 200]
    assert peer.invalid == []


async def test_asking_again_too_early_is_noticed(bot: tuple[Plain, DiscordPeer]) -> None:
    plain, peer = bot
    peer.fail("GET", "/users/@me", 429, retry_after=60.0)
    impatient = asyncio.create_task(plain.http.request(Route("GET", "/users/@me")))
    await peer.until(lambda: peer.sent[-1].status == 429)
    impatient.cancel()
    await plain.http.request(Route("GET", "/users/@me", metadata="another bucket"))
    assert "before it was allowed" in peer.invalid[0]


MESSAGE: dict[str, Any] = {"content": "hello", "allowed_mentions": {"parse": []}}
BUTTON = {"type": 2, "style": 1, "label": "Enter", "custom_id": "ge:1"}


def rows(*buttons: dict[str, Any], count: int = 1) -> dict[str, Any]:
    return MESSAGE | {"components": [{"type": 1, "components": list(buttons)}] * count}


@pytest.mark.parametrize(
    "body",
    [
        MESSAGE | {"content": "ক" * 2001},
        MESSAGE | {"content": ""},
        MESSAGE | {"allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        MESSAGE | {"nonce": "x" * 26},
        MESSAGE | {"contents": "a typo"},
        MESSAGE | {"flags": 1 << 6},
        rows(*[BUTTON | {"custom_id": str(n)} for n in range(6)]),
        rows(BUTTON, count=6),
        rows(BUTTON, BUTTON),
        rows(BUTTON | {"custom_id": "x" * 101}),
        rows(BUTTON | {"label": "x" * 81}),
        rows(BUTTON | {"url": "https://example.com"}),
        rows({"type": 2, "style": 5, "label": "Go", "url": "https://e.com/" + "x" * 512}),
        rows({"type": 2, "style": 5, "label": "Go", "url": "javascript:alert(1)"}),
    ],
)
def test_a_message_against_the_limits_is_noticed(body: dict[str, Any]) -> None:
    assert limits.message(body)
    assert limits.message(rows(BUTTON)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"name": "প্রশ্ন"},
        {"name": "Ask"},
        {"name": "x" * 33},
        {"description": ""},
        {"description": "x" * 101},
        {"options": [{"type": 3, "name": f"o{n}", "description": "d"} for n in range(26)]},
        {"options": [{"type": 3, "name": "a", "description": "d"},
                     {"type": 3, "name": "b", "description": "d", "required": True}]},
        {"options": [{"type": 1, "name": "a", "description": "d"},
                     {"type": 3, "name": "b", "description": "d"}]},
        {"options": [{"type": 3, "name": "a", "description": "d", "autocomplete": True,
                      "choices": [{"name": "x", "value": "x"}]}]},
        {"options": [{"type": 3, "name": f"o{n}", "description": "d",
                      "choices": [{"name": "n" * 90, "value": f"{m}" * 90} for m in range(9)]}
                     for n in range(6)]},
    ],
)  # fmt: skip
def test_a_command_against_the_limits_is_noticed(change: dict[str, Any]) -> None:
    command = {"type": 1, "name": "ask", "description": "Ask something"}
    assert limits.commands([command]) == []
    assert limits.commands([command | change])


def test_it_runs_as_its_own_process() -> None:
    lines = json.dumps({"call": "state"}) + "\n"
    done = subprocess.run(
        [sys.executable, "-m", "tests.peers.discord"],
        cwd=Path(__file__).parent.parent, input=lines, capture_output=True, text=True, timeout=20,
        check=True,
    )  # fmt: skip
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["api_base"].startswith("http://127.0.0.1:")
    assert second["identifies"] == 0
