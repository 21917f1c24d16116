"""Calls to Discord's HTTP interface, their failures told apart."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
import discord
from discord.http import Route
from discord.webhook.async_ import async_context

from bot.pictures import NAME, TYPE
from bot.platforms.base import Busy, Doubt, Gone
from bot.platforms.discord_write import FILE, parted

Json = dict[str, Any]
DEADLINE = 15.0  # seconds for one call
AGAIN = 2.0  # seconds until a call that may be repeated is
EXPIRED = {10015, 10062, 50027}  # unknown webhook, unknown interaction, dead token
REFUSED = {10003, 10004, 50001, 50007, 50013, 50278}  # gone or closed places, closed DMs
ALREADY = 40060  # the interaction has its first answer


class Answered(Gone):
    """The interaction has had its first answer already."""

    def __init__(self) -> None:
        super().__init__("answered")


class Calls:
    """Calls by the bot's token and by an interaction's. Raise `Busy`, `Doubt` or `Gone`.

    The library would sleep on "too many requests" and on server errors and call again; `watch`
    turns these answers into ours before it does, so that the wait outlives the process.
    """

    def __init__(self, clock: Callable[[], float], unauthorised: Callable[[], None]) -> None:
        self.trace = aiohttp.TraceConfig()
        self.trace.on_request_end.append(self._watch)
        self._clock, self._unauthorised = clock, unauthorised
        self._quiet: dict[str, float] = {}  # path, or "" for all, and until when
        self._session: aiohttp.ClientSession | None = None

    async def by_token(self, http: discord.http.HTTPClient, route: Route, body: Any = None) -> Any:
        """A call by the bot's token."""
        self._hold(route.url)
        bare, png = parted(body) if isinstance(body, dict) else (body, None)
        given: Json = {} if bare is None else {"json": bare}
        if png is not None:
            given = {"form": _form(bare, png)}
        return await self._named(http.request(route, **given))

    async def by_ticket(self, route: Route, body: Json | None = None) -> Any:
        """A call by an interaction's token, which Discord does not slow down with the others."""
        self._hold(route.url, exempt=True)
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0)
            self._session = aiohttp.ClientSession(connector=connector, trace_configs=[self.trace])
        params = {"with_response": "1"} if route.path.endswith("/callback") else None
        bare, png = parted(body) if body is not None else (None, None)
        given: Json = {"payload": bare} if png is None else {"multipart": _form(bare, png)}
        adapter = async_context.get()
        return await self._named(adapter.request(route, self._session, params=params, **given))

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _hold(self, url: str, *, exempt: bool = False) -> None:
        """Do not ask again what we were told to wait with: such calls count against the bot.

        `exempt` from what was told of all calls at once.
        """
        now = self._clock()
        self._quiet = {path: until for path, until in self._quiet.items() if until > now}
        told = (t for path, t in self._quiet.items() if url.endswith(path) and (path or not exempt))
        until = max(told, default=now)
        if until > now:
            raise Busy(until - now)

    async def _watch(
        self, _session: aiohttp.ClientSession, _context: Any, seen: aiohttp.TraceRequestEndParams
    ) -> None:
        status = seen.response.status
        if status == 429:
            seconds, everywhere = _wait_of(await seen.response.read(), seen.response.headers)
            path = "" if everywhere else seen.url.path
            self._quiet[path] = self._clock() + seconds
            raise Busy(seconds)
        if status >= 500:
            if seen.method == "POST":
                raise Doubt(f"Discord answered {status}")
            raise Busy(AGAIN, f"Discord answered {status}")

    async def _named(self, call: Any) -> Any:
        try:
            async with asyncio.timeout(DEADLINE):
                return await call
        except discord.RateLimited as limited:
            raise Busy(limited.retry_after) from limited
        except discord.HTTPException as error:
            raise self._reason(error) from error
        except aiohttp.ClientConnectorError as error:
            raise Busy(AGAIN, "Discord cannot be reached") from error
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise Doubt(f"the answer was lost: {type(error).__name__}") from error

    def _reason(self, error: discord.HTTPException) -> Exception:
        if error.code in EXPIRED:
            return Gone("expired")
        if error.code in REFUSED:
            return Gone("blocked")
        if error.code == ALREADY:
            return Answered()
        if error.status >= 500:
            return Doubt(f"Discord answered {error.status}")
        if error.status == 401:
            self._unauthorised()
            return Busy(300.0, "Discord no longer accepts the token")
        return Gone(f"Discord refused it: {error.text or error.status} ({error.code})")


def _form(body: Json | None, png: bytes) -> list[Json]:
    """A body with a picture, as fields of a form."""
    text = json.dumps(body, ensure_ascii=False)
    picture = {"name": FILE, "value": png, "filename": NAME, "content_type": TYPE}
    return [{"name": "payload_json", "value": text}, picture]


def _wait_of(body: bytes, headers: Mapping[str, str]) -> tuple[float, bool]:
    """How many seconds to wait, and whether with everything."""
    try:
        told = json.loads(body)
        return float(told["retry_after"]), bool(told.get("global"))
    except (ValueError, TypeError, KeyError):  # not Discord itself but what stands before it
        return float(headers.get("Retry-After", 60)), True
