"""Telegram: receives by polling or by webhook, confirms after the commit, sends what it is told."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import structlog
from telegram import (
    Bot,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeDefault,
)
from telegram.error import BadRequest, ChatMigrated, TelegramError
from telegram.helpers import create_deep_linked_url

from bot.model import Event, Place
from bot.platforms.base import (
    CommandCard,
    Gone,
    Membership,
    Outgoing,
    Receiver,
    Sent,
    photographed,
)
from bot.platforms.limits import TELEGRAM
from bot.platforms.telegram_http import TelegramHttp
from bot.platforms.telegram_members import membership
from bot.platforms.telegram_patience import Patience, jittered
from bot.platforms.telegram_read import ALLOWED, Json, Reader
from bot.platforms.telegram_write import UNCHANGED, menu, plainer, request, trouble, typed_names

LINGER = 50  # seconds a poll waits for something to happen
WATCH = 60.0  # seconds between looks at the webhook
LOOPBACK = ("127.0.0.1", "::1", "localhost")
LOST = "an event was not taken and will come again"

log = structlog.get_logger("telegram")


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram delivers, and the secret (1–256 of A-Z a-z 0-9 _ -) that proves it is they."""

    address: str
    secret: str


class Telegram:
    """One bot. Addresses are what the token is appended to: "https://api.telegram.org/bot".

    `now` gives the moment of events that carry none, `pause` waits between tries; `login` is our
    address on the domain that was set for this bot at @BotFather.
    """

    name = "telegram"

    def __init__(
        self,
        token: str,
        now: Callable[[], datetime],
        *,
        login: str = "",
        api_base: str = "https://api.telegram.org/bot",
        file_base: str = "https://api.telegram.org/file/bot",
        webhook: Webhook | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._url = f"{_safe(api_base, 'TELEGRAM_API_BASE')}{token}/"
        self._http = TelegramHttp()
        self._bot = Bot(
            token,
            base_url=api_base,
            base_file_url=_safe(file_base, "TELEGRAM_FILE_BASE"),
            request=self._http,
            get_updates_request=self._http,
        )
        self.capabilities = replace(TELEGRAM, login=login)
        self._now, self._webhook = now, webhook
        self._patience = Patience(pause)
        self._core: Receiver | None = None
        self._reader: Reader | None = None
        self._offset: int | None = None
        self._heard: float | None = None
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def fresh(self) -> float | None:
        """Seconds since Telegram last answered the receiving side, None before the first."""
        return None if self._heard is None else time.monotonic() - self._heard

    def deep_link(self, payload: str) -> str | None:
        """An address that opens a private chat with the bot; None until its name is known."""
        return create_deep_linked_url(self._bot.username, payload) if self._reader else None

    async def membership(self, place: Place, user: str) -> Membership | None:
        """Whether this person is in that group now. Raises `Busy` or `Gone`."""
        return await membership(self._call, place, user)

    def born(self, user: str) -> datetime | None:  # noqa: ARG002
        """Telegram's ids tell nothing of when an account was made."""
        return None

    async def run(self, core: Receiver, commands: Sequence[CommandCard]) -> None:
        """Receive until cancelled. Raises `Stopped` when the token is refused."""
        at_last, webhook = self._patience.at_last, self._webhook
        await at_last(self._bot.initialize)
        reader = Reader(self._bot.id, self._bot.username, typed_names(commands))
        self._core, self._reader = core, reader
        await at_last(lambda: self._publish(commands))
        await at_last(self._choose)
        log.info("receiving", bot=f"@{self._bot.username}", by="webhook" if webhook else "polling")
        try:
            while True:
                await (self._poll(core, reader) if webhook is None else self._watch(webhook))
        finally:
            self._core = None  # the webhook takes nothing more

    async def _choose(self) -> None:
        """Tell Telegram which way updates come; those that wait already come that way too."""
        if self._webhook is None:
            await self._bot.delete_webhook(drop_pending_updates=False)
        else:
            hook = self._webhook
            await self._bot.set_webhook(
                hook.address, secret_token=hook.secret, allowed_updates=ALLOWED
            )

    # Receiving --------------------------------------------------------------------------------

    async def _poll(self, core: Receiver, reader: Reader) -> None:
        """One batch: it is confirmed by the next poll, which asks for what comes after it."""
        while core.crowded():
            self._heard = time.monotonic()  # a rest of our own choice is no silence
            await self._patience.pause(0.2)
        updates = await self._patience.at_last(self._ask)
        # With nothing left unconfirmed no offset is needed, and after a quiet week Telegram
        # begins to count anew, perhaps from a lower number.
        self._offset = None
        if updates and not await _to_its_end(self._take(core, reader, updates)):
            await self._patience.pause(jittered(1))

    async def _ask(self) -> list[Json]:
        linger = LINGER if self._heard is not None else 0  # the first only shows that it works
        values: dict[str, Any] = {"timeout": linger, "allowed_updates": ALLOWED}
        if self._offset is not None:
            values["offset"] = self._offset
        updates: list[Json] = await self._http.call(
            f"{self._url}getUpdates", values, read=LINGER + 10.0
        )
        self._heard = time.monotonic()
        return updates

    async def _take(self, core: Receiver, reader: Reader, updates: Sequence[Json]) -> bool:
        """Hand a batch to the core; what it did not commit, and all after it, comes again."""
        events = [(update["update_id"], self._read(reader, update)) for update in updates]
        ours = [(number, event) for number, event in events if event is not None]
        results = await asyncio.gather(
            *(core.handle(event) for _, event in ours), return_exceptions=True
        )
        lost = [number for (number, _), got in zip(ours, results, strict=True) if got is not None]
        self._offset = min(lost, default=max(number for number, _ in events) + 1)
        for got in results:
            if got is not None:
                self._patience.grumble(LOST, repr(got))
        return not lost

    def _read(self, reader: Reader, update: Json) -> Event | None:
        try:
            return reader.event(update, self._now())
        except Exception:  # a shape we do not know must not hold up everything behind it
            log.exception("unreadable update")
            return None

    async def receive(self, raw: bytes, secret: str | None) -> int:
        """One update by webhook; the HTTP status to answer. Telegram repeats all but a 200."""
        if self._webhook is None or self._core is None or self._reader is None:
            return 503
        if not hmac.compare_digest((secret or "").encode(), self._webhook.secret.encode()):
            return 401
        if self._core.crowded():
            return 503
        try:
            update = json.loads(raw)
        except ValueError:
            return 400
        self._heard = time.monotonic()
        event = self._read(self._reader, update)
        try:
            if event is not None:
                await self._core.handle(event)
        except Exception as error:  # not committed: it must come again
            self._patience.grumble(LOST, repr(error))
            return 500
        return 200

    async def _watch(self, webhook: Webhook) -> None:
        """Take the webhook back if another copy took it away."""
        info = await self._patience.at_last(self._bot.get_webhook_info)
        self._heard = time.monotonic()
        if info.url != webhook.address:
            self._patience.grumble("the webhook was moved and is set again", info.url)
            await self._patience.at_last(self._choose)
        await self._patience.pause(WATCH)

    async def _publish(self, commands: Sequence[CommandCard]) -> None:
        """Set the command menus that differ from what Telegram shows already."""
        everyone, team = BotCommandScopeDefault(), BotCommandScopeAllChatAdministrators()
        for scope in (everyone, team):
            for code, language in ((None, "en"), ("en", "en"), ("bn", "bn")):
                await self._publish_one(commands, scope, code, language, team=scope is team)

    async def _publish_one(
        self,
        commands: Sequence[CommandCard],
        scope: BotCommandScope,
        code: str | None,
        language: str,
        *,
        team: bool,
    ) -> None:
        wanted = menu(commands, language, team=team)
        try:
            if list(await self._bot.get_my_commands(scope, code)) != wanted:
                await self._bot.set_my_commands(wanted, scope, code)
        except BadRequest as error:  # the menu is a help, not a need
            log.warning("the command menu was refused", language=code, why=error.message)

    # Sending ----------------------------------------------------------------------------------

    async def send(self, out: Outgoing) -> Sent:
        """Send one thing. Raises `Busy`, `Doubt` or `Gone`, nothing else."""
        out = await photographed(out)
        try:
            return await self._send(out)
        except Gone as gone:
            if (plain := plainer(out, gone.why)) is None:
                raise
            if out.picture is None:
                self._patience.grumble("set the domain of PUBLIC_URL at @BotFather", gone.why)
            return await self.send(plain)

    async def _send(self, out: Outgoing) -> Sent:
        method, values = request(out)
        self._under_way += 1
        self._idle.clear()
        try:
            if out.how == "message" and out.ticket is not None:
                result, _ = await asyncio.gather(
                    self._call(method, values), self._acknowledge(out.ticket)
                )
            else:
                result = await self._call(method, values)
        except TelegramError as error:
            if UNCHANGED in error.message.lower():
                return Sent(out.message)
            raise trouble(error) from None
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()
        return Sent(str(result["message_id"]) if isinstance(result, dict) else out.message)

    async def _call(self, method: str, values: dict[str, Any]) -> Any:
        try:
            return await self._http.call(self._url + method, values)
        except ChatMigrated as moved:  # a group that became a supergroup has another id
            return await self._http.call(
                self._url + method, values | {"chat_id": moved.new_chat_id}
            )

    async def _acknowledge(self, query: str) -> None:
        """End the waiting sign on a button whose answer is a message; too late is no harm."""
        try:
            await self._call("answerCallbackQuery", {"callback_query_id": query})
        except TelegramError as error:
            log.debug("not acknowledged", why=error.message)

    async def close(self) -> None:
        """Let go of connections, once what is being sent has been, or 5 s later."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(5):
                await self._idle.wait()
        await self._bot.shutdown()


async def _to_its_end(work: Coroutine[Any, Any, bool]) -> bool:
    """Its result; who is cancelled meanwhile waits for it first, unless cancelled again."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
    finally:
        task.cancel()


def _safe(address: str, setting: str) -> str:
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return address
    raise ValueError(f"{setting} must begin with https://; plain http is for 127.0.0.1 alone.")
