"""Asking Telegram until it answers: waits that grow, one log line a minute, never giving up."""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.platforms.base import Stopped
from bot.platforms.telegram_http import Flood

QUIET = 60.0  # seconds between log lines
LONGEST = 60.0  # seconds between tries
REFUSED = (
    "TELEGRAM_TOKEN looks wrong: Telegram answered 401. "
    "Copy it again from @BotFather → /mybots → API Token."
)
POLLING = "Another copy of this bot is polling (409 Conflict). Stop it, or wait 30 s."
WEBHOOK = (
    "Another copy of this bot receives by webhook (409 Conflict). "
    "Stop it, then start this one again."
)
T = TypeVar("T")

log = structlog.get_logger("telegram")


class Patience:
    """`pause` waits for some seconds."""

    def __init__(self, pause: Callable[[float], Awaitable[None]]) -> None:
        self.pause = pause
        self._grumbled = float("-inf")

    async def at_last(self, step: Callable[[], Awaitable[T]]) -> T:
        """What a step gives once it works. Raises `Stopped` when the token is refused."""
        failures = 0
        while True:
            try:
                return await step()
            except InvalidToken:  # whose text may hold the token
                raise Stopped(REFUSED) from None
            except TelegramError as error:
                failures += 1
                self.grumble("waiting for Telegram", _sentence(error))
                await self.pause(error.seconds if isinstance(error, Flood) else jittered(failures))

    def grumble(self, what: str, why: str) -> None:
        """Say what is wrong, once a minute at most."""
        if time.monotonic() - self._grumbled >= QUIET:
            self._grumbled = time.monotonic()
            log.warning(what, why=why)


def jittered(failures: int) -> float:
    """Seconds to wait after so many failures in a row."""
    return min(2.0 ** min(failures, 10), LONGEST) * random.uniform(0.5, 1.0)  # noqa: S311


def _sentence(error: TelegramError) -> str:
    if isinstance(error, Conflict):
        return WEBHOOK if "webhook" in error.message else POLLING
    return f"{type(error).__name__}: {error.message}"
