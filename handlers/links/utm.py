"""Campaign parameters on the address of a shop, so that its own figures tell where people came
from; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote_plus, urlsplit, urlunsplit

from storage.links import Link

MEDIUM = "sponsored"
CLICK_ID = "click_id"
LONGEST = 100  # characters of a value
_SPACE = re.compile(r"[\s_]+")


def parameters(link: Link) -> list[tuple[str, str]]:
    """What tells the shop about `link`: the placement, that it is an ad, campaign and product."""
    named = {
        "utm_source": link.placement,
        "utm_medium": MEDIUM,
        "utm_campaign": link.campaign_name or link.brand,
        "utm_content": link.product or "",
    }
    return [(name, value) for name, text in named.items() if (value := _value(text))]


def extended(url: str, more: Iterable[tuple[str, str]]) -> str:
    """`url`, printable ASCII, with these parameters at the end of its query.

    What stands there stays as it is, letter for letter; a parameter that it has already, in
    whatever case, is not added.
    """
    parts = urlsplit(url)
    there = {_name(one) for one in re.split("[&;]", parts.query)}
    added = [
        f"{name}={quote(value, safe='-.~')}" for name, value in more if name.lower() not in there
    ]
    if not added:
        return url
    query = "&".join([parts.query.rstrip("&"), *added] if parts.query.strip("&") else added)
    return urlunsplit(parts._replace(query=query))


def _name(parameter: str) -> str:
    return unquote_plus(parameter.partition("=")[0]).lower()


def _value(text: str) -> str:
    """Lower case, a hyphen for every gap, so that one source is not counted as several."""
    return _SPACE.sub("-", text.lower().strip())[:LONGEST]
