"""Asking the language service: within a budget, a time, and only while it is well."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

import structlog

from bot.world import World
from handlers.questions.assist.breaker import Breaker
from handlers.questions.assist.client import Client, Unusable, read_json
from storage import assist
from storage.database import Database

AT_ONCE = 4  # requests under way; whoever comes then does without, rather than wait
T = TypeVar("T")
log = structlog.get_logger("assist")


class Budget:
    """So many requests a day (UTC), counted in the database for all processes together."""

    def __init__(self, database: Database, world: World, daily: int) -> None:
        self._database = database
        self._world = world
        self._daily = daily
        self._spent = ""  # the day that is known to be spent

    @property
    def spent(self) -> bool:
        """True when today's requests are known to be used up."""
        return self._day() == self._spent

    async def spend(self) -> bool:
        """Count one request; False when today's are used up."""
        day = self._day()
        if day == self._spent:
            return False
        if await self._database.unit(partial(assist.spend, day=day, budget=self._daily)):
            return True
        self._spent = day
        log.warning("assist has used up its budget", day=day, requests=self._daily)
        return False

    def _day(self) -> str:
        return self._world.now().strftime("%Y-%m-%d")


class Service:
    """One method of the service (`path`) with its own breaker: another may be well."""

    def __init__(self, path: str, client: Client, budget: Budget, world: World) -> None:
        self._path = path
        self._client = client
        self._budget = budget
        self._breaker = Breaker(world.now)
        self._under_way = 0

    @property
    def resting(self) -> bool:
        """True while every question would be in vain."""
        return self._budget.spent or self._breaker.resting

    async def ask(
        self, body: Mapping[str, Any], read: Callable[[Any], T], seconds: float
    ) -> T | None:
        """What `read` makes of the JSON answer, on another thread; it raises Unusable if nothing.

        None when there is none in time, or it is no use asking now.
        """
        if self._under_way >= AT_ONCE or seconds <= 0 or not self._breaker.allow():
            return None
        self._under_way += 1
        try:
            return await self._try(body, read, seconds)
        except (Unusable, TimeoutError) as error:
            self._failed(error)
            return None
        except BaseException:
            self._breaker.gave_up()
            raise
        finally:
            self._under_way -= 1

    async def _try(
        self, body: Mapping[str, Any], read: Callable[[Any], T], seconds: float
    ) -> T | None:
        async with asyncio.timeout(seconds):
            if not await self._budget.spend():
                self._breaker.gave_up()
                return None
            payload = await self._client.post(self._path, body)
            found = await asyncio.to_thread(lambda: read(read_json(payload)))
        if self._breaker.open:
            log.info("assist is back", path=self._path)
        self._breaker.succeeded()
        return found

    def _failed(self, error: Unusable | TimeoutError) -> None:
        why = str(error) if isinstance(error, Unusable) else "no answer in time"
        self._breaker.failed(error.patience if isinstance(error, Unusable) else None)
        (log.warning if self._breaker.open else log.info)(
            "assist failed", path=self._path, why=why, resting=self._breaker.open
        )
