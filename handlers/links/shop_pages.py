"""Whether a shop's page opens: asked from the open internet alone, little of it, and briefly."""

from __future__ import annotations

import asyncio
import ssl
from typing import Protocol
from urllib.parse import urljoin

import aiohttp

from bot import __version__
from bot.model import Refuse
from handlers.questions.fetching import Gate, checked

SECONDS, REDIRECTS = 10.0, 5  # for everything together
LONGEST_LINE = 4096  # bytes of a header
AGENT = f"AddaBot/{__version__} (checks once a day that a sponsored page opens)"
# What shops answer to robots though people get in: no sign that the page is broken.
_SHY = frozenset({401, 403, 405, 406, 408, 409, 425, 429, 451, 999})


class Probe(Protocol):
    """Why the page at an address does not open for people, "" when it does: an HTTP status of
    three digits, or "name", "certificate", "silent", "closed" or "circle"."""

    async def __call__(self, url: str) -> str: ...


class Prober:
    """The real `Probe`. For tests, `loopback` lets it ask this machine too, at any port."""

    def __init__(
        self, *, loopback: bool = False, seconds: float = SECONDS,
        resolver: aiohttp.abc.AbstractResolver | None = None,
    ) -> None:  # fmt: skip
        self._loopback = loopback
        self._seconds = seconds
        self._resolver = resolver

    async def __call__(self, url: str) -> str:
        gate = Gate(self._loopback)
        try:
            async with asyncio.timeout(self._seconds):
                return await self._ask(gate, url)
        except Refuse:
            return "closed"
        except (ssl.SSLError, aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError):
            return "certificate"
        except aiohttp.ClientConnectorDNSError:
            return "name"
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError):
            return "closed" if gate.refused else "silent"

    async def _ask(self, gate: Gate, url: str) -> str:
        """The status is enough: nothing of the page is read."""
        connector = aiohttp.TCPConnector(
            socket_factory=gate.socket, resolver=self._resolver, use_dns_cache=False, limit=1
        )
        async with aiohttp.ClientSession(
            connector=connector, headers={"User-Agent": AGENT},
            cookie_jar=aiohttp.DummyCookieJar(),
        ) as session:  # fmt: skip
            for _ in range(REDIRECTS + 1):
                async with session.get(
                    checked(url, self._loopback), allow_redirects=False,
                    max_line_size=LONGEST_LINE,
                ) as answer:  # fmt: skip
                    if answer.status not in (301, 302, 303, 307, 308):
                        return _verdict(answer.status)
                    url = urljoin(str(answer.url), answer.headers.get("Location", ""))
        return "circle"


def _verdict(status: int) -> str:
    return "" if status < 400 or status in _SHY else str(status)
