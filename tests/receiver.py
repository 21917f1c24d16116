"""A brand's program on this machine: takes webhooks, answers as it is told, and keeps them."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from handlers.reporting.signing import sign


@dataclass(frozen=True)
class Got:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def id(self) -> str:
        return self.headers["Adda-Id"]

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    def signed_with(self, key: str) -> bool:
        real = sign(key, self.headers["Adda-Timestamp"], self.raw)
        return hmac.compare_digest(real, self.headers["Adda-Signature"])


@dataclass
class Receiver:
    """`answers` are taken one by one, then all are 204: a status, "slow", "dead" or an address to
    be led to."""

    base: str = ""
    answers: list[int | str] = field(default_factory=list)
    got: list[Got] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.got.append(Got(request.path, dict(request.headers), await request.read()))
        said = self.answers.pop(0) if self.answers else 204
        if said == "slow":
            await self.over.wait()
        if said == "dead" and request.transport is not None:
            request.transport.abort()
        if isinstance(said, str):
            return web.Response(status=307, headers={"Location": said})
        return web.Response(status=said)


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    made = Receiver()
    runner = web.ServerRunner(web.Server(made.answer), shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    made.over.set()
    await runner.cleanup()
