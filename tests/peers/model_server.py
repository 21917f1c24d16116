"""A loopback OpenAI-compatible service for embeddings and chat that can also misbehave."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from aiohttp import web

Json = dict[str, Any]
DIMENSIONS = 64


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one request.

    `silent`: no answer ever comes. `cut`: the connection is reset after so many bytes of an answer
    that promises more. `endless`: the body goes on until the client leaves. Otherwise `status`,
    `headers` and `body` are what is answered.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    silent: bool = False
    cut: int | None = None
    endless: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it came."""

    path: str
    headers: Mapping[str, str]
    body: Json

    @property
    def said(self) -> str:
        """All that was written to the model."""
        texts: list[str] = self.body.get("input") or []
        return "\n".join([*texts, *(m["content"] for m in self.body.get("messages", []))])


class ModelServer:
    """`async with ModelServer() as server:` then use `server.base` as ASSIST_URL.

    Texts that hold a key of `alike` get nearly the vector of its value; others one of their own.
    `replies` are the contents of chat answers, in turn; the last one stays. `faults` come first.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.faults: deque[Fault] = deque()
        self.alike: dict[str, str] = {}
        self.replies: deque[str] = deque(['{"parts": []}'])
        self.sent = 0  # bytes of endless bodies
        self._over = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> ModelServer:
        app = web.Application(client_max_size=2**24)
        app.router.add_post("/v1/{path:.+}", self._handle)
        app.router.add_route("*", "/elsewhere", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.base = f"http://{host}:{port}/v1"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        if self._runner is not None:
            await self._runner.cleanup()

    def count(self, path: str) -> int:
        """How many requests came to it."""
        return sum(call.path == path for call in self.calls)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info.get("path", request.path)
        body = json.loads(await request.read() or b"{}")
        self.calls.append(Call(path, dict(request.headers), body))
        if self.faults:
            return await self._misbehave(request, self.faults.popleft())
        answer = {"embeddings": self._embeddings, "chat/completions": self._chat}.get(path)
        return web.json_response(answer(body)) if answer else web.Response(status=404)

    async def _misbehave(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.silent:
            await self._over.wait()
        if fault.cut is not None:
            await self._begin(request, b"{" + b" " * fault.cut)
        if fault.endless:
            await self._pour(request)
        if fault.silent or fault.cut is not None or fault.endless:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        return web.Response(status=fault.status, body=fault.body, headers=fault.headers)

    async def _begin(self, request: web.Request, body: bytes) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(10**9)})
        await response.prepare(request)
        await response.write(body)
        return response

    async def _pour(self, request: web.Request) -> None:
        response = await self._begin(request, b"[")
        try:
            for _ in range(1000):
                await response.write(b"0," * 50_000)
                self.sent += 100_000
        except ConnectionError:
            return

    def _embeddings(self, body: Json) -> Json:
        vectors = [self._vector(text) for text in body["input"]]
        data = [{"index": at, "embedding": one} for at, one in enumerate(vectors)]
        return {"object": "list", "model": body["model"], "data": data[::-1]}

    def _vector(self, text: str) -> list[float]:
        meant = next((there for here, there in self.alike.items() if here in text), text)
        own, common = _noise(meant), _noise("what all texts have in common")
        return [2 * c + o + 0.2 * n for c, o, n in zip(common, own, _noise(text), strict=True)]

    def _chat(self, body: Json) -> Json:
        text = self.replies.popleft() if len(self.replies) > 1 else self.replies[0]
        message = {"role": "assistant", "content": text}
        return {"model": body["model"], "choices": [{"index": 0, "message": message}]}


def _noise(seed: str) -> list[float]:
    """Numbers between -1 and 1 that only `seed` decides."""
    return [byte / 127.5 - 1 for byte in hashlib.shake_128(seed.encode()).digest(DIMENSIONS)]
