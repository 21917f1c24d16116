"""Where a link may lead, and what its own short word may be."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

import idna

LONGEST = 2_000  # characters

# Everything the web server answers itself, or may some day.
_RESERVED_WORDS = """
about account accounts admin answers api app assets brand brands campaign campaigns claim contact
creator demo discord docs error favicon forgetme giveaway giveaways healthz help home index legal
link links login logout metrics mydata new ping playground privacy proof proofs qr r g v1 v2 ready
report reports robots rules security settings sitemap sponsor sponsors start static status
telegram terms test verify webhook webhooks well-known www
"""
RESERVED = frozenset(_RESERVED_WORDS.split())


class Wrong(StrEnum):
    """Why an address cannot be a destination."""

    LENGTH = "length"
    CHARACTER = "character"
    SCHEME = "scheme"
    USERINFO = "userinfo"
    HOST = "host"
    PORT = "port"


@dataclass(frozen=True, slots=True)
class Destination:
    """An address a browser can be sent to.

    `url` is printable ASCII with the host in punycode, fit for a header; `host` is that host alone
    and `readable` the same in its own letters, to be shown beside it.
    """

    url: str
    host: str
    readable: str


def destination(text: str, *, loopback: bool = False) -> Destination | Wrong:
    """The destination a person typed, or why it is none; `loopback` allows this machine too."""
    text = text.strip()
    if len(text) > LONGEST:
        return Wrong.LENGTH
    if any(map(_unfit, text)):
        return Wrong.CHARACTER
    try:
        parts = urlsplit(text)
    except ValueError:  # brackets that hold no address
        return Wrong.HOST
    if parts.scheme not in {"http", "https"} or not text[len(parts.scheme) :].startswith("://"):
        return Wrong.SCHEME
    if "@" in parts.netloc:
        return Wrong.USERINFO
    name = parts.hostname or ""
    host = _bracketed(name, loopback) if "[" in parts.netloc else _host(name, loopback)
    return Wrong.HOST if host is None else _destination(parts, host)


def shown_host(url: str) -> str:
    """The host of a destination in its own letters, with the punycode beside it where it differs.

    `url` is one that `destination` gave.
    """
    host = urlsplit(url).hostname or ""
    readable = _readable(host)
    return host if host == readable else f"{readable} ({host})"


def slug_ok(text: str) -> bool:
    """Whether a custom word may be a link: 3 to 40 of a-z, 0-9 and inner hyphens, not reserved.

    Chats leave a hyphen at the end out of the link they make, so there can be none.
    """
    return bool(_SLUG.fullmatch(text)) and text not in RESERVED


def _destination(parts: SplitResult, host: str) -> Destination | Wrong:
    try:
        port = parts.port
    except ValueError:
        return Wrong.PORT
    netloc = f"[{host}]" if ":" in host else host
    url = urlunsplit(
        (
            parts.scheme,
            netloc if port is None else f"{netloc}:{port}",
            quote(parts.path, safe=_KEPT),
            quote(parts.query, safe=_KEPT),
            quote(parts.fragment, safe=_KEPT),
        )
    )
    return Wrong.LENGTH if len(url) > LONGEST else Destination(url, host, _readable(host))


def _unfit(character: str) -> bool:
    # Browsers drop tabs and line breaks inside an address and read \ as /, so that a checked text
    # and the visited address could differ. The two joiners are letters' parts in Bengali.
    category = unicodedata.category(character)
    return character == "\\" or (category[0] in "CZ" and character not in "\u200c\u200d")


def _bracketed(name: str, loopback: bool) -> str | None:
    try:
        return name if loopback and IPv6Address(name).is_loopback else None
    except AddressValueError:
        return None


def _host(name: str, loopback: bool) -> str | None:
    host = _ascii(name)
    if host is None:
        return None
    if host == "localhost" or host.endswith(".localhost"):
        return host if loopback else None
    if "." not in host:
        return None
    if _NUMBER.fullmatch(host.rpartition(".")[2]):  # a browser takes it for an IPv4 address
        return host if _is_open_v4(host, loopback) else None
    return host


def _ascii(name: str) -> str | None:
    try:  # plain names go past the stricter rules for international ones: a_b.example works
        international = not name.isascii() or "xn--" in name
        host = idna.encode(name, uts46=True).decode() if international else name
    except idna.IDNAError:
        return None
    labels = host.split(".")
    return host if len(host) <= 253 and all(map(_LABEL.fullmatch, labels)) else None


def _is_open_v4(host: str, loopback: bool) -> bool:
    try:
        address = IPv4Address(host)
    except AddressValueError:
        return False
    return loopback if address.is_loopback else address.is_global


def _readable(host: str) -> str:
    try:
        return idna.decode(host)
    except idna.IDNAError:
        return host


_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{1,38}[a-z0-9]")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_KEPT = "!#$%&'()*+,/:;=?@[]~"  # as typed: what is already escaped is not escaped again
