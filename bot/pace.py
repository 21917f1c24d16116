"""How long to wait before speaking, so that no platform's limit is met."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from bot.platforms.base import Pace


class Pacer:
    """Keeps to a platform's `Pace`. `clock` is in seconds and only ever moves forward."""

    def __init__(self, pace: Pace, clock: Callable[[], float]) -> None:
        self._pace = pace
        self._clock = clock
        self._chats: dict[str, float] = {}  # chat → when it may be written to next
        self._groups: dict[str, deque[float]] = {}  # group → its sends of the last minute
        self._next = 0.0  # when anyone may be written to next
        self._burst = 1.0  # how far "next" may lag behind: short bursts are fine

    def delay(self, chat: str, group: bool) -> float:
        """Seconds until this chat may be written to; 0.0 takes the turn."""
        now = self._clock()
        waits = [self._overall(now), self._chats.get(chat, now) - now]
        if group and self._pace.group_per_minute is not None:
            waits.append(self._group(chat, now, self._pace.group_per_minute))
        wait = max(waits)
        if wait > 0:
            return wait
        self._take(chat, group, now)
        return 0.0

    def hold(self, seconds: float, chat: str | None = None) -> None:
        """The platform said to wait: this chat, or everyone."""
        until = self._clock() + seconds
        if chat is None:
            self._next = max(self._next, until + self._burst)
        else:
            self._chats[chat] = max(self._chats.get(chat, 0.0), until)

    def _overall(self, now: float) -> float:
        return self._next - self._burst - now

    def _group(self, chat: str, now: float, per_minute: float) -> float:
        sends = self._groups.setdefault(chat, deque())
        while sends and sends[0] <= now - 60:
            sends.popleft()
        return sends[0] + 60 - now if len(sends) >= per_minute else 0.0

    def _take(self, chat: str, group: bool, now: float) -> None:
        if self._pace.overall_per_second:
            self._next = max(self._next, now) + 1 / self._pace.overall_per_second
        if self._pace.chat_per_second:
            self._forget(now)
            self._chats[chat] = now + 1 / self._pace.chat_per_second
        if group and self._pace.group_per_minute is not None:
            self._groups.setdefault(chat, deque()).append(now)

    def _forget(self, now: float) -> None:
        """Chats that are free again need not be remembered."""
        if len(self._chats) > 10_000:
            self._chats = {chat: at for chat, at in self._chats.items() if at > now}
            self._groups = {chat: s for chat, s in self._groups.items() if s and s[-1] > now - 60}
