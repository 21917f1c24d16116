"""Short links: `GET /{slug}` leads to the shop once the click is on disk, or says why not."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

import structlog
from aiohttp import hdrs, web
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.model import Say
from bot.wire import millis, moment
from bot.words import LANGUAGES, Reader
from bot.world import World
from handlers.links.classify import PURPOSES, Class
from handlers.links.clicks import Clicks, Opening
from handlers.links.disclosure import label_of
from storage.links import Link

Network = IPv4Network | IPv6Network
log = structlog.get_logger("redirect")
_NAME = re.compile(r"([a-z0-9-]{3,40})(?:\.([a-z0-9]{12}))?")
# Never kept by a browser or a proxy, so that every opening comes here and is led by what is true
# then; the shop does not learn from which address of ours, or with whose token, somebody came.
LED = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


def redirect_routes(
    clicks: Clicks, world: World, trusted: Sequence[Network] = ()
) -> list[web.RouteDef]:
    """`GET` and `HEAD` of `/{slug}` and `/{slug}.{token}`; `trusted` are the proxies whose
    X-Forwarded-For is believed. `clicks.run()` must be running beside them."""
    pages = Pages()

    async def lead(request: web.Request) -> web.StreamResponse:
        found = _NAME.fullmatch(request.match_info["name"].lower())
        if found is None:
            return pages.unknown()
        try:
            link = await clicks.find(found[1])
        except Exception as problem:  # a fan is told what to do, whatever it is
            log.warning("links cannot be looked up", why=repr(problem))
            return pages.away()
        if link is None:
            return pages.unknown()
        link, kind = await clicks.record(link, _opening(request, found[2] or "", trusted))
        if link.over(millis(world.now())):
            return pages.ended(link)
        if kind is Class.PREVIEW:
            return pages.preview(link)
        return web.Response(status=302, headers={hdrs.LOCATION: link.destination, **LED})

    return [web.get("/{name}", lead)]


def _opening(request: web.Request, token: str, trusted: Sequence[Network]) -> Opening:
    headers = request.headers
    return Opening(
        request.method,
        headers.get(hdrs.USER_AGENT, ""),
        {name: headers[name] for name in PURPOSES if name in headers},
        client(request.remote or "", headers.getall("X-Forwarded-For", ()), trusted),
        headers.get(hdrs.REFERER, ""),
        token,
        headers.get("DNT") == "1" or headers.get("Sec-GPC") == "1",
    )


def client(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """Whose request it is: the peer, or what the nearest trusted proxies say, from the right.

    What stands further left than the first address not trusted was written by that address.
    """
    address = peer
    hops = [hop.strip() for hop in ",".join(forwarded).split(",")]
    while hops and _within(address, trusted):
        hop = hops.pop()
        if not _is_address(hop):
            break
        address = hop
    return address


def _within(address: str, networks: Sequence[Network]) -> bool:
    return (
        bool(networks)
        and _is_address(address)
        and any(ip_address(address) in network for network in networks)
    )


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


class Pages:
    """The small pages a short link may show instead of leading on, in both languages."""

    def __init__(self) -> None:
        found = Environment(
            loader=PackageLoader("web", "pages"), autoescape=True, undefined=StrictUndefined
        )
        self._page = found.get_template("link.html")
        self._headers = LED | {
            "Content-Security-Policy": _policy(self._page.render(parts=[], title="")),
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex, nofollow",
        }

    def preview(self, link: Link) -> web.Response:
        """For what fetches a link to show it in a chat: who pays, never the shop itself."""
        return self._shown(200, "preview", link, brand=link.brand)

    def ended(self, link: Link) -> web.Response:
        return self._shown(410, "ended", link, at=moment(link.over_at or 0))

    def unknown(self) -> web.Response:
        """The same whatever was asked for, so that guessing teaches nothing."""
        return self._shown(404, "unknown")

    def away(self) -> web.Response:
        return self._shown(503, "away")

    def _shown(
        self, status: int, page: str, link: Link | None = None, **values: Any
    ) -> web.Response:
        parts = []
        for language in LANGUAGES:
            say = Reader(language, link.timezone if link else "UTC").text
            parts.append(
                {
                    "language": language,
                    "label": say(label_of(link)) if link else "",
                    "heading": say(Say(f"link_page.{page}")),
                    "text": say(Say(f"link_page.{page}_text", **values)),
                }
            )
        title = " · ".join(part["label"] or part["heading"] for part in parts)
        html = self._page.render(parts=parts, title=title)
        return web.Response(
            text=html, status=status, content_type="text/html", headers=self._headers
        )


def _policy(page: str) -> str:
    """Nothing is loaded and nothing runs; the page's own style is known by its hash."""
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256((style[1] if style else "").encode()).digest())
    return (
        f"default-src 'none'; style-src 'sha256-{digest.decode()}'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
