"""What a request says of its sender, and how much of it is believed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from socket import AF_INET, inet_pton

from aiohttp import hdrs

Network = IPv4Network | IPv6Network
LONGEST = 200  # characters of an Accept-Language header that are read
_COUNTRY = re.compile(r"[A-Z]{2}")
_NOWHERE = frozenset({"XX", "ZZ", "T1"})  # what proxies write when they do not know


def client(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """Whose request it is: the peer, or what the nearest trusted proxies say, from the right.

    What stands further left than the first address not trusted was written by that address.
    """
    address = peer
    hops = [hop.strip() for hop in ",".join(forwarded).split(",")]
    while hops and within(address, trusted):
        hop = hops.pop()
        if not _is_address(hop):
            break
        address = hop
    return address


def within(address: str, networks: Sequence[Network]) -> bool:
    ip = _parsed(address) if networks else None
    return ip is not None and any(ip in network for network in networks)


def _is_address(text: str) -> bool:
    try:
        inet_pton(AF_INET, text)  # a tenth of what the next one costs
    except (OSError, ValueError):
        return _parsed(text) is not None
    return True


@lru_cache(maxsize=1024)  # of a proxy, above all
def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def country(given: str) -> str:
    """The two letters a proxy wrote, "" where they are none."""
    return given if _COUNTRY.fullmatch(given) and given not in _NOWHERE else ""


def reader(languages: str) -> str:
    """The language an Accept-Language header asks for first: "bn", "en" or "other"; "" when it
    asks for none."""
    return _reader(languages[:LONGEST])


@lru_cache(maxsize=1024)
def _reader(languages: str) -> str:
    best, weight = "", 0.0
    for one in languages.lower().split(","):
        tag, _, more = one.strip().partition(";")
        value = _weight(more)
        if tag and value > weight:
            best, weight = tag.partition("-")[0].strip(), value
    return best if best in ("bn", "en", "") else "other"


def _weight(text: str) -> float:
    """Of "q=0.8"; one where nothing is said, nothing where it is no number."""
    name, _, value = text.strip().partition("=")
    if not name:
        return 1.0
    try:
        return float(value) if name == "q" else 1.0
    except ValueError:
        return 0.0


def from_ours(headers: Mapping[str, str]) -> bool:
    """True for a request that a page of our own address caused."""
    if headers.get("Sec-Fetch-Site") == "same-origin":
        return True
    referrer = headers.get(hdrs.REFERER)
    if not referrer:
        return False
    host = referrer.partition("//")[2].partition("/")[0]
    return bool(host) and host.lower() == headers.get(hdrs.HOST, "").lower()
