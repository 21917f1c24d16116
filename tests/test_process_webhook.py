"""The whole program told by Telegram's webhook, at its own web server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.peers.telegram import TelegramPeer
from tests.process import Program, program, telegram_settings
from tests.process_telegram import answered, caught_up, texts
from web.webhook import SECRET


@pytest.fixture
async def peer() -> AsyncIterator[TelegramPeer]:
    async with TelegramPeer() as made:
        yield made
        assert made.invalid == []


@pytest.fixture
async def hooked(peer: TelegramPeer, tmp_path: Path) -> AsyncIterator[Program]:
    """A bot that is told by webhook, at its own web server."""
    async with program(tmp_path, **telegram_settings(peer), TELEGRAM_WEBHOOK="true") as made:
        made.settings["PUBLIC_URL"] = made.url
        await made.up()
        await peer.until(lambda: peer.webhook)
        yield made


async def test_by_webhook_an_update_is_answered_and_one_that_came_twice_once(
    hooked: Program, peer: TelegramPeer
) -> None:
    assert peer.webhook["url"].startswith(f"{hooked.url}/telegram/")
    update = peer.says("Rima", "/start")
    assert "Mitu" in await answered(peer, "Rima", 3.0)
    peer.again(update)
    await caught_up(peer)
    assert len(texts(peer, "Rima")) == 1
    assert peer.polls == []


async def test_by_webhook_nobody_else_is_believed(hooked: Program, peer: TelegramPeer) -> None:
    path, secret = peer.webhook["url"], peer.webhook["secret_token"]
    await hooked.stop()
    forged = peer.says("Mallory", "/start")
    await hooked.up()
    await answered(peer, "Mallory")
    forged["message"]["from"] = forged["message"]["chat"] = peer.person("Victim").card()
    forged["message"]["chat"] |= {"type": "private"}
    forged["update_id"] += 100
    async with aiohttp.ClientSession() as anyone:
        for address, header in ((path, "wrong"), (path, ""), (f"{path}x", secret)):
            async with anyone.post(address, json=forged, headers={SECRET: header}) as response:
                assert response.status == (401 if address == path else 404)
        async with anyone.post(path, data=b"{", headers={SECRET: secret}) as response:
            assert response.status == 400
    await caught_up(peer)
    assert texts(peer, "Victim") == []


async def test_by_webhook_what_came_while_it_was_dead_is_answered_once(
    hooked: Program, peer: TelegramPeer
) -> None:
    peer.says("Rima", "/start")
    await answered(peer, "Rima")
    await hooked.kill()
    peer.says("Mina", "/start")
    await hooked.up()
    await answered(peer, "Mina")
    await caught_up(peer)
    assert [len(texts(peer, who)) for who in ("Rima", "Mina")] == [1, 1]
    assert await hooked.stop() == 0
