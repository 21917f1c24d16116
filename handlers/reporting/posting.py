"""Sending to a brand's program: to the open internet alone, little of it, briefly, led nowhere."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from typing import Protocol

import aiohttp

from bot import __version__
from bot.model import Refuse, Say
from handlers.questions.fetching import Gate, checked

SECONDS = 10.0  # for everything together
LONGEST_LINE = 4096  # bytes of a header
AGENT = f"AddaBot/{__version__} (tells a brand's program the totals of a day)"


class Post(Protocol):
    """Sends to programs of brands."""

    def checked(self, address: str) -> str:
        """The address as it may be sent to. Raises Refuse."""

    async def __call__(self, address: str, body: bytes, headers: Mapping[str, str]) -> str:
        """Why it did not arrive, "" when it did: an HTTP status of three digits, or "name",
        "certificate", "silent" or "closed"."""


class Poster:
    """The real `Post`. For tests, `loopback` lets it send to this machine too, at any port and
    without https."""

    def __init__(
        self, *, loopback: bool = False, seconds: float = SECONDS,
        resolver: aiohttp.abc.AbstractResolver | None = None,
    ) -> None:  # fmt: skip
        self._loopback = loopback
        self._seconds = seconds
        self._resolver = resolver

    def checked(self, address: str) -> str:
        try:
            url = checked(address, self._loopback)
        except Refuse:
            raise Refuse(Say("report_hook.address")) from None
        if not self._loopback and not url.startswith("https:"):
            raise Refuse(Say("report_hook.address"))
        return url

    async def __call__(self, address: str, body: bytes, headers: Mapping[str, str]) -> str:
        gate = Gate(self._loopback)
        try:
            async with asyncio.timeout(self._seconds):
                status = await self._send(gate, self.checked(address), body, headers)
        except Refuse:
            return "closed"
        except (ssl.SSLError, aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError):
            return "certificate"
        except aiohttp.ClientConnectorDNSError:
            return "name"
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError):
            return "closed" if gate.refused else "silent"
        return "" if 200 <= status < 300 else str(status)

    async def _send(self, gate: Gate, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """The status is enough: nothing of the answer is read, and it leads nowhere."""
        connector = aiohttp.TCPConnector(
            socket_factory=gate.socket, resolver=self._resolver, use_dns_cache=False, limit=1
        )
        async with aiohttp.ClientSession(
            connector=connector, headers={"User-Agent": AGENT}, cookie_jar=aiohttp.DummyCookieJar()
        ) as session, session.post(
            url, data=body, headers=headers, allow_redirects=False, max_line_size=LONGEST_LINE
        ) as answer:  # fmt: skip
            return answer.status
