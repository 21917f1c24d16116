"""Discord: interactions, messages and servers come in as events; answers go out."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import discord
import structlog
from discord.http import Route

from bot.model import Event, Place, Typing
from bot.platforms.base import (
    Busy,
    CommandCard,
    Doubt,
    Gone,
    Membership,
    Outgoing,
    Receiver,
    Sent,
    Stopped,
    photographed,
)
from bot.platforms.discord_gateway import REFUSED, TROUBLE, Gateway, Patience, pause
from bot.platforms.discord_http import Calls
from bot.platforms.discord_members import MEMBER, membership_of, no_member
from bot.platforms.discord_read import PLATFORM, born, event_of
from bot.platforms.discord_tickets import ACKNOWLEDGE, Ticket, Tickets
from bot.platforms.discord_write import body_of, commands_of, menu_label, message_of, unchanged
from bot.platforms.limits import DISCORD

log = structlog.get_logger("discord")

API = "https://discord.com/api/v10"
WINDOW = 256  # events under way at once; then the gateway is not read
AGAIN = (0.2, 1.0, 5.0)  # seconds between tries of an event: Discord does not repeat it
NEWS = timedelta(days=1)  # a server joined longer ago was welcomed then
KNOWN_DMS = 10_000
FINISH, FAREWELL = 3.0, 2.0  # seconds for events under way, and for the gateway's good-bye
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_COMMANDS = "/applications/{application_id}/commands"
_MESSAGES = "/channels/{channel_id}/messages"


class Discord:
    """The front door on Discord. Without privileged intents it hears what is meant for it.

    `wait(seconds)` and `later(seconds, call)` are asyncio's, and the tests'. Raises ValueError
    for plain http or ws to another machine: the token would travel in the clear.
    """

    name = PLATFORM
    capabilities = DISCORD

    def __init__(
        self,
        token: str,
        *,
        now: Callable[[], datetime],
        api_base: str = API,
        gateway_url: str = "",
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
        later: Callable[[float, Callable[[], None]], asyncio.TimerHandle] | None = None,
    ) -> None:
        for name, address in (("DISCORD_API_BASE", api_base), ("DISCORD_GATEWAY_URL", gateway_url)):
            _check(name, address)
        self._token, self._gateway_url = token, gateway_url
        self._now, self._clock, self._wait, self._later = now, clock, wait, later
        self._library_base, Route.BASE = Route.BASE, api_base.rstrip("/")
        self._calls = Calls(clock, self._refused)
        self._patience = Patience(clock)
        self.client = self._client()
        self._tickets = Tickets(self._calls.by_ticket, lambda: self._app)
        self._core: Receiver | None = None
        self._menus: dict[str, str] = {}
        self._dms: OrderedDict[str, str] = OrderedDict()  # user → the channel alone with them
        self._tasks: set[asyncio.Task[None]] = set()
        self._token_refused = asyncio.Event()

    # Receiving ----------------------------------------------------------------------------------

    async def run(self, core: Receiver, commands: Sequence[CommandCard]) -> None:
        """Receive until cancelled. Raises `Stopped` when trying again would not help."""
        self.attend(core, commands)
        gateway = await self._enter(commands)
        listening = asyncio.create_task(self.client.listen(gateway, self._room))
        refused = asyncio.create_task(self._token_refused.wait())
        both = {listening, refused}
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if self._token_refused.is_set():
                raise Stopped(REFUSED)
            await listening
        finally:
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)
            await self._finish()

    def attend(self, core: Receiver, commands: Sequence[CommandCard]) -> None:
        """Tell `core` what comes in from now on."""
        self._core = core
        self._menus = {menu_label(card): card.name for card in commands if card.menu}

    async def _enter(self, commands: Sequence[CommandCard]) -> str:
        """Log in and make the commands known, however long the network takes to come up; the
        gateway's address."""
        tries = 0
        while True:
            tries += 1
            await self.client.close()
            self.client = self._client()
            try:
                await self.client.login(self._token)
                await self.show_commands(commands)
                return self._gateway_url or str((await self._call("GET", "/gateway/bot"))["url"])
            except discord.LoginFailure as failure:
                raise Stopped(REFUSED) from failure
            except TROUBLE as trouble:
                self._patience.complain(trouble)
            await self._wait(pause(tries))

    async def show_commands(self, commands: Sequence[CommandCard]) -> None:
        """Make the commands known, if they changed. Raises `Busy` or `Doubt`."""
        wanted = commands_of(commands)
        try:
            if not unchanged(wanted, await self._call("GET", _COMMANDS, application_id=self._app)):
                await self._call("PUT", _COMMANDS, wanted, application_id=self._app)
        except Gone as gone:  # the old ones still work
            log.error("Discord does not take the commands", why=gone.why)

    def _client(self) -> Gateway:
        return Gateway(self._told, self._calls.trace, self._patience, self._wait)

    async def _room(self) -> None:
        """Returns while fewer events are under way than may be."""
        while len(self._tasks) >= WINDOW:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    def _told(self, name: str, raw: dict[str, Any]) -> None:
        """A dispatch, straight from the gateway."""
        if name in ("READY", "RESUMED"):
            self.client.welcome()
            return
        try:
            event = self._event(name, raw)
        except Exception:
            log.exception("not understood", dispatch=name, id=raw.get("id"))
            return
        if event is None:
            return
        if event.ticket is not None and not isinstance(event.intent, Typing):
            self._promise(self._tickets.open(event))
        self._start(self._take(event))

    def _event(self, name: str, raw: dict[str, Any]) -> Event | None:
        bot = str(self.client.user.id) if self.client.user else ""
        event = event_of(name, raw, bot=bot, menus=self._menus, now=self._now())
        if event is None or (name == "GUILD_CREATE" and self._now() - event.at > NEWS):
            return None
        if event.place.private:
            self._remember(event.place.chat, raw["channel_id"])
        return event

    def _promise(self, ticket: Ticket) -> None:
        """Discord gives an interaction up after three seconds without a word."""
        later = self._later or asyncio.get_running_loop().call_later
        ticket.timer = later(ACKNOWLEDGE, lambda: self._start(self._defer(ticket)))

    async def _defer(self, ticket: Ticket) -> None:
        try:
            await self._tickets.defer(ticket)
        except (Busy, Gone, Doubt) as problem:
            log.debug("not deferred", interaction=ticket.id, why=str(problem))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _take(self, event: Event) -> None:
        """Hand an event over, again if it was not kept: Discord tells everything once."""
        assert self._core is not None  # noqa: S101 - nothing comes in before `attend`
        for seconds in (*AGAIN, None):
            while self._core.crowded():
                await self._wait(0.05)
            try:
                await self._core.handle(event)
                return
            except Exception:
                log.exception("event not kept", event_id=event.id, again=seconds)
            if seconds is not None:
                await self._wait(seconds)

    # Sending ------------------------------------------------------------------------------------

    async def send(self, out: Outgoing) -> Sent:
        """Send one thing. Raises `Busy`, `Doubt` or `Gone`, nothing else."""
        if self.client.application_id is None:
            raise Busy(1.0, "not logged in to Discord yet")
        out = await photographed(out)
        try:
            return await self._send(out)
        except Gone as gone:
            if out.picture is None or gone.why == "expired":
                raise  # else it may be too large, or there is no right to attach files there
            return await self._send(replace(out, picture=None))

    async def _send(self, out: Outgoing) -> Sent:
        if out.ticket is not None:
            try:
                return await self._tickets.answer(out)
            except Gone as gone:
                if gone.why != "expired" or out.how not in ("message", "edit"):
                    raise
        return await (self._edit(out) if out.how == "edit" else self._message(out))

    async def _message(self, out: Outgoing) -> Sent:
        channel = await self._channel(out.place)
        made = await self._call("POST", _MESSAGES, message_of(out), channel_id=channel)
        if made["content"].strip() != out.text.strip():  # sent before, with the words of then
            return await self._edit(replace(out, message=made["id"]))
        return Sent(made["id"])

    async def _edit(self, out: Outgoing) -> Sent:
        channel = await self._channel(out.place)
        path = f"{_MESSAGES}/{{message_id}}"
        ids = {"channel_id": channel, "message_id": str(out.message)}
        await self._call("PATCH", path, body_of(out), **ids)
        return Sent(out.message)

    async def _channel(self, place: Place) -> str:
        if not place.private:
            if place.thread is None:
                raise Gone("the server has no channel to write in")
            return place.thread
        if place.chat not in self._dms:
            wanted = {"recipient_id": place.chat}
            opened = await self._call("POST", "/users/@me/channels", wanted)
            self._remember(place.chat, opened["id"])
        return self._dms[place.chat]

    def _remember(self, user: str, channel: str) -> None:
        self._dms[user] = channel
        self._dms.move_to_end(user)
        if len(self._dms) > KNOWN_DMS:
            self._dms.popitem(last=False)

    async def _call(self, method: str, path: str, body: Any = None, **ids: Any) -> Any:
        return await self._calls.by_token(self.client.http, Route(method, path, **ids), body)

    @property
    def _app(self) -> int:
        return self.client.application_id or 0

    def _refused(self) -> None:
        self._token_refused.set()

    # The rest -----------------------------------------------------------------------------------

    async def close(self) -> None:
        """Let go of connections; what is under way is finished first."""
        await self._finish()
        for task in self._tasks:
            task.cancel()
        await self._calls.close()
        try:
            async with asyncio.timeout(FAREWELL):
                await self.client.close()
        except TimeoutError:
            await self.client.http.close()
        Route.BASE = self._library_base

    async def _finish(self) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=FINISH)

    async def membership(self, place: Place, user: str) -> Membership | None:
        """Whether this person is in that server now. Raises `Busy` or `Gone`."""
        ids = {"guild_id": place.chat, "user_id": user}
        try:
            return membership_of(await self._call("GET", MEMBER, **ids))
        except Doubt as doubt:
            raise Busy(AGAIN[1], str(doubt)) from doubt  # a question may always be repeated
        except Gone as gone:
            if no_member(gone):
                return None
            raise

    def born(self, user: str) -> datetime | None:
        return born(user)

    def deep_link(self, payload: str) -> str | None:  # noqa: ARG002
        """Discord has no address that opens a chat and calls a command."""
        return None

    def fresh(self) -> float | None:
        """Seconds since the gateway last said something (heartbeats are answered every 41 s)."""
        heard = self.client.heard
        return None if heard is None else self._clock() - heard


def _check(name: str, address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme in ("http", "ws") and parts.hostname not in _LOOPBACK:
        raise ValueError(f"{name} must be https or wss: {address!r} would show the token to others")
