"""What tests of the whole program against a loopback Telegram share."""

from __future__ import annotations

import asyncio

from aiohttp import web

from tests.peers.telegram import TelegramPeer
from tests.peers.telegram_wire import Call
from tests.process import START, Program


class SlowPeer(TelegramPeer):
    """Messages it is asked to send while its `gate` is closed arrive only when that opens; while
    it is `deaf` it drops polls unread."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.gate.set()
        self.held = 0
        self.deaf = False

    async def _answer(self, request: web.BaseRequest, call: Call) -> web.StreamResponse:
        if call.method == "getUpdates" and self.deaf and request.transport is not None:
            request.transport.abort()
            return web.Response()
        if call.method == "sendMessage" and not self.gate.is_set():
            self.held += 1
            self._stir()
            await self.gate.wait()
        return await super()._answer(request, call)


async def begin(bot: Program, peer: TelegramPeer) -> None:
    """Start, and return when it waits for updates; the first poll waits for none."""
    polls = len(peer.polls)
    await bot.up()
    await peer.until(lambda: len(peer.polls) > polls and peer.polling, START)


def texts(peer: TelegramPeer, who: str) -> list[str]:
    """What a person reads in their private chat."""
    return [message["text"] for message in peer.seen(who)]


async def answered(peer: TelegramPeer, who: str, within: float = 10.0) -> str:
    """The only thing they read, when it comes."""
    await peer.until(lambda: peer.seen(who), within)
    (text,) = texts(peer, who)
    return text


async def caught_up(peer: TelegramPeer, within: float = 10.0) -> None:
    """Returns when all that was written before is handled: somebody new was answered, too."""
    last = f"number {len(peer.sent)}"
    peer.says(last, "/help")
    await answered(peer, last, within)


def tries(peer: TelegramPeer, who: str) -> list[Call]:
    """Every message it asked Telegram to send to them."""
    chat = peer.person(who).id
    return [call for call in peer.asked("sendMessage") if call.values["chat_id"] == chat]
