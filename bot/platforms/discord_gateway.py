"""The connection on which Discord tells what happens: kept, resumed, and begun anew sparingly."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from random import SystemRandom
from typing import Any

import aiohttp
import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from bot.platforms.base import Busy, Doubt, Stopped

log = structlog.get_logger("discord")

TOLD = (
    "READY", "RESUMED", "INTERACTION_CREATE", "MESSAGE_CREATE", "GUILD_CREATE", "GUILD_DELETE",
)  # fmt: skip
TROUBLE = (OSError, TimeoutError, aiohttp.ClientError, discord.HTTPException, Busy, Doubt)
REFUSED = (
    "Discord does not accept DISCORD_TOKEN. Copy it again from the developer portal: "
    "your application → Bot → Reset Token."
)
CLOSED = {
    4004: REFUSED,
    4011: "Discord wants this bot split into shards: it is in more than 2,500 servers, "
    "which Adda does not serve.",
    4014: "Discord refused the connection for a privileged intent. Adda asks for none: "
    "check that DISCORD_TOKEN belongs to this bot's own application.",
}


def pause(tries: int) -> float:
    """Seconds before another try: longer each time up to a minute, never quite the same."""
    return min(60.0, 2.0 ** min(tries, 6)) * SystemRandom().uniform(0.5, 1.0) if tries else 0.0


class Patience:
    """When a new session may be begun, and how often trouble is worth a line in the log.

    Discord resets the token of a bot that begins more than 1,000 sessions a day: after five
    within ten minutes there is one in two minutes, 725 a day at most. `clock` is in seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self._begun: deque[float] = deque(maxlen=5)
        self._complained = float("-inf")

    def delay(self) -> float:
        """Seconds until the next session may be begun."""
        now = self.clock()
        if len(self._begun) < 5 or now - self._begun[0] > 600:
            return 0.0
        return max(0.0, self._begun[-1] + 120 - now)

    def begin(self) -> None:
        self._begun.append(self.clock())

    def complain(self, trouble: Exception) -> None:
        """Log that Discord cannot be reached, once a minute."""
        if self.clock() - self._complained >= 60:
            self._complained = self.clock()
            why = f"{type(trouble).__name__}: {trouble}"
            log.warning("Discord cannot be reached; trying again", why=why)


class Gateway(discord.Client):
    """The library's client without its caches: what comes in goes to `tell(name, payload)` raw.

    `listen` stands for the library's `connect`, which begins sessions without limit and cannot
    start while Discord is away.
    """

    def __init__(
        self,
        tell: Callable[[str, dict[str, Any]], None],
        trace: aiohttp.TraceConfig,
        patience: Patience,
        wait: Callable[[float], Awaitable[None]],
    ) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # no voice here
        super().__init__(
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=30.0,
            http_trace=trace,
        )
        self._connection.parsers = {name: partial(tell, name) for name in TOLD}
        self._patience = patience
        self._wait = wait
        self._tries = 0
        self.heard: float | None = None  # when something last came in, on the patience's clock

    async def listen(self, gateway: str, room: Callable[[], Awaitable[None]]) -> None:
        """Stay connected until cancelled; `room` holds reading back. Raises Stopped."""
        start = {"gateway": yarl.URL(gateway)}
        how: dict[str, Any] = {}
        while True:
            try:
                await self._begin(how or start)
                while True:
                    await room()
                    await self.ws.poll_event()
                    self._alive()
            except ReconnectWebSocket as again:
                how = self._resumption() if again.resume else {}
            except discord.ConnectionClosed as closed:
                raise Stopped(_sentence(closed)) from closed
            except TROUBLE as trouble:
                self._patience.complain(trouble)
                how = self._resumption()

    async def _begin(self, how: dict[str, Any]) -> None:
        delay = 0.0 if how.get("resume") else self._patience.delay()
        if seconds := max(pause(self._tries), delay):
            await self._wait(seconds)
        self._tries += 1
        socket = DiscordWebSocket.from_client(self, initial=True, **how)
        self.ws = await asyncio.wait_for(socket, 60.0)

    async def before_identify_hook(
        self,
        _shard_id: int | None,
        *,
        initial: bool = False,  # noqa: ARG002 - the library's signature
    ) -> None:
        """The library calls this just before it asks for a new session."""
        self._patience.begin()

    def _alive(self) -> None:
        if self.ws.session_id is not None:
            self.heard = self._patience.clock()

    def welcome(self) -> None:
        """The session stands (READY or RESUMED): the next break is a new one."""
        self._tries = 0

    def _resumption(self) -> dict[str, Any]:
        if not self.ws or self.ws.session_id is None:
            return {}
        return {
            "resume": True, "gateway": self.ws.gateway, "session": self.ws.session_id,
            "sequence": self.ws.sequence,
        }  # fmt: skip


def _sentence(closed: discord.ConnectionClosed) -> str:
    return CLOSED.get(closed.code, f"Discord ended the connection for good (code {closed.code}).")
