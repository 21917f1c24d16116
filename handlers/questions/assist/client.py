"""One OpenAI-compatible address: a JSON question, a JSON answer, and nothing else gets through."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

LARGEST = 8_000_000  # bytes of an answer: 64 vectors of 4,096 numbers
_PIECE = 65_536


class Unusable(Exception):
    """No answer, or not one to be used. Words of ours alone: never the address, key or content.

    `patience` is how many seconds the service asked to be left alone, if it said so.
    """

    def __init__(self, why: str, patience: float | None = None) -> None:
        super().__init__(why)
        self.patience = patience


class Client:
    """Follows no redirect, keeps no cookie, reads no more than `LARGEST` bytes.

    Plain http goes to private addresses only, whatever a name resolves to.
    """

    def __init__(self, base: str, key: str = "") -> None:
        self._base = base.rstrip("/")
        # Unpacked, an answer could be a thousand times larger than what was read.
        self._headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"
        self._session: aiohttp.ClientSession | None = None

    async def post(self, path: str, body: Mapping[str, Any]) -> bytes:
        """The answer to POST `path`. Raises Unusable; how long it may take is the caller's."""
        try:
            async with self._open().post(
                f"{self._base}/{path}", json=body, headers=self._headers, allow_redirects=False
            ) as response:
                if response.status != 200:
                    raise Unusable(f"HTTP {response.status}", _patience(response))
                if response.headers.get("Content-Encoding", "identity") != "identity":
                    raise Unusable("a packed answer")
                return await _whole(response)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise Unusable(type(error).__name__) from None

    async def close(self) -> None:
        """Let go of every connection; it may be used again."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            plain = self._base.startswith("http://")
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=_Nearby() if plain else None, keepalive_timeout=30
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None),
                auto_decompress=False,
            )
        return self._session


class _Nearby(AbstractResolver):
    """Names of private addresses only."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await ThreadedResolver().resolve(host, port, family)
        if not all(ip_address(one["host"].partition("%")[0]).is_private for one in found):
            raise OSError("plain http is for private addresses")
        return found

    async def close(self) -> None: ...


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    pieces, size = [], 0
    async for piece in response.content.iter_chunked(_PIECE):
        size += len(piece)
        if size > LARGEST:
            raise Unusable("too large an answer")
        pieces.append(piece)
    return b"".join(pieces)


def _patience(response: aiohttp.ClientResponse) -> float | None:
    asked = response.headers.get("Retry-After", "")
    return float(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else None


def read_json(payload: bytes) -> Any:
    """What the bytes say. Raises Unusable."""
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        raise Unusable("no JSON") from None
