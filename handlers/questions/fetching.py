"""A page by its address, from the open internet alone: bounded in time, size and where it leads."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import zlib
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit

import aiohttp

from bot import __version__
from bot.model import Refuse, Say
from handlers.links.addresses import Wrong, destination
from handlers.questions.importing import Kind, decoded
from handlers.questions.markup import text_of

SIZE, SECONDS, REDIRECTS = 2_000_000, 10.0, 3  # bytes unpacked; for everything together
AGENT = f"AddaBot/{__version__} (reads one page because a manager of a community asked for it)"
_KINDS: dict[str, Kind | None] = {
    "text/html": "article",
    "application/xhtml+xml": "article",
    "text/markdown": "article",
    "text/x-markdown": "article",
    "text/csv": "table",
    "application/csv": "table",
    "text/tab-separated-values": "table",
    "application/json": "json",
    "text/json": "json",
    "text/plain": None,
}
_HTML = ("text/html", "application/xhtml+xml")
_CHARSETS = {  # by the names pages use; others are refused
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "cp1252", "ascii": "cp1252",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "windows-1252": "cp1252", "cp1252": "cp1252",
    "utf-16": "utf-16", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
}  # fmt: skip
_META = re.compile(rb"<meta[^<>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?([\w-]{1,40})", re.IGNORECASE)
_CLOSED_NETWORKS = """
0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24
224.0.0.0/3 2001::/23 2001:db8::/32 2002::/16 3fff::/20
"""
_CLOSED = tuple(map(ip_network, _CLOSED_NETWORKS.split()))
_OPEN6, _NAT64 = ip_network("2000::/3"), ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Page:
    """What was read; `kind` as the server says, None when that does not tell."""

    text: str
    kind: Kind | None


class Fetch(Protocol):
    """Reads the page at an address. Raises Refuse, with the reason and the remedy."""

    async def __call__(self, url: str) -> Page: ...


def is_open(address: str) -> bool:
    """Whether this is an address of the open internet: not of this machine, of a network behind
    it, or one that carries another address inside which might be."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if ip in _NAT64:  # how a network without IPv4 reaches all of it
            return is_open(str(ip_address(int(ip) & 0xFFFF_FFFF)))
        if ip not in _OPEN6:  # mapped addresses among them
            return False
    return not any(ip in network for network in _CLOSED if network.version == ip.version)


def checked(url: str, loopback: bool = False) -> str:
    """The address as it may be asked for: http or https, a public name, a usual port. Raises
    Refuse; `loopback` allows this machine, at any port."""
    found = destination(url, loopback=loopback)
    if isinstance(found, Wrong):
        raise Refuse(Say("fetch.closed" if found is Wrong.HOST else "fetch.address"))
    if not loopback and urlsplit(found.url).port not in (None, 80, 443):
        raise Refuse(Say("fetch.port"))
    return found.url


class Fetcher:
    """The real `Fetch`. For tests, `loopback` lets it read from this machine too, at any port."""

    def __init__(
        self, *, loopback: bool = False, seconds: float = SECONDS,
        resolver: aiohttp.abc.AbstractResolver | None = None,
    ) -> None:  # fmt: skip
        self._loopback = loopback
        self._seconds = seconds
        self._resolver = resolver

    async def __call__(self, url: str) -> Page:
        gate = Gate(self._loopback)
        try:
            async with asyncio.timeout(self._seconds):
                kind, data, charset = await self._read(gate, url)
        except TimeoutError:
            raise Refuse(Say("fetch.slow", seconds=round(self._seconds))) from None
        except (aiohttp.ClientError, OSError, ValueError, zlib.error) as error:
            if gate.refused:
                raise Refuse(Say("fetch.closed")) from None
            raise _trouble(error) from None
        text = await asyncio.to_thread(_text, kind, data, charset)
        return Page(text, _KINDS[kind])

    async def _read(self, gate: Gate, url: str) -> tuple[str, bytes, str]:
        """(content type, body, charset as the server says)."""
        connector = aiohttp.TCPConnector(
            socket_factory=gate.socket, resolver=self._resolver, use_dns_cache=False, limit=1
        )
        headers = {"User-Agent": AGENT, "Accept-Encoding": "gzip", "Accept": ", ".join(_KINDS)}
        async with aiohttp.ClientSession(
            connector=connector, headers=headers, auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        ) as session:  # fmt: skip
            for _ in range(REDIRECTS + 1):
                async with session.get(
                    checked(url, self._loopback), allow_redirects=False, max_line_size=4096
                ) as answer:
                    if answer.status not in (301, 302, 303, 307, 308):
                        return await _body(answer)
                    url = urljoin(str(answer.url), answer.headers.get("Location", ""))
        raise Refuse(Say("fetch.redirects", limit=REDIRECTS))


class Gate:
    """Makes the sockets, so that what is checked is the very address that is connected to,
    whatever a name meant a moment before."""

    def __init__(self, loopback: bool) -> None:
        self._loopback = loopback
        self.refused = False

    def socket(self, info: Any) -> socket.socket:
        family, kind, protocol, _, address = info
        if not (is_open(address[0]) or (self._loopback and ip_address(address[0]).is_loopback)):
            self.refused = True
            raise OSError("this address is not of the open internet")
        return socket.socket(family, kind, protocol)


async def _body(answer: aiohttp.ClientResponse) -> tuple[str, bytes, str]:
    kind = answer.content_type.lower()
    if answer.status != 200:
        raise Refuse(Say("fetch.status", status=str(answer.status)))
    if kind not in _KINDS:
        raise Refuse(Say("fetch.kind", kind=kind[:60]))
    packed = answer.headers.get("Content-Encoding", "identity").lower()
    if packed not in ("identity", "gzip", "x-gzip", "deflate", ""):
        raise Refuse(Say("fetch.packed", packing=packed[:20]))
    opener = zlib.decompressobj(47) if packed not in ("identity", "") else None
    data = bytearray()
    async for piece in answer.content.iter_chunked(65_536):
        data += opener.decompress(piece, SIZE + 1 - len(data)) if opener else piece
        if len(data) > SIZE:
            raise Refuse(Say("fetch.large", limit=SIZE // 1_000_000))
    return kind, bytes(data), answer.charset or ""


def _text(kind: str, data: bytes, charset: str) -> str:
    """The body as text; the mark at its start tells its encoding, else the server or the page."""
    marked = data[:4].startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    meta = _META.search(data[:4096]) if kind in _HTML else None
    name = (charset or (meta[1].decode("ascii", "replace") if meta else "")).strip().lower()
    if name and not marked:
        if name not in _CHARSETS:
            raise Refuse(Say("fetch.charset", charset=name[:40]))
        text = data.decode(_CHARSETS[name], "replace")
    else:
        text = decoded(data)
    return text_of(text) if kind in _HTML else text


def _trouble(error: Exception) -> Refuse:
    match error:
        case aiohttp.ClientConnectorDNSError() | socket.gaierror():
            return Refuse(Say("fetch.unknown"))
        case aiohttp.ClientConnectorCertificateError() | ssl.SSLError() | aiohttp.ClientSSLError():
            return Refuse(Say("fetch.certificate"))
        case zlib.error():
            return Refuse(Say("fetch.broken"))
    return Refuse(Say("fetch.broken"))
