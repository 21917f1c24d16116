"""The small pages a short link may show instead of leading on, in both languages."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import idna
from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.model import Say
from bot.wire import moment
from bot.words import LANGUAGES, Reader
from handlers.links.around import Around
from handlers.links.disclosure import label_of
from storage.links import Link

# Never kept by a browser or a proxy, so that every opening comes here and is led by what is true
# then; the shop does not learn from which address of ours, or with whose token, somebody came.
LED = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
GO = "go"  # the query by which the button of a preview page is told from other pages of ours
_REL = "nofollow sponsored noopener noreferrer"
Part = dict[str, Any]


class Pages:
    """`preview` is for what fetches links, the others for people; `language` is the reader's."""

    def __init__(self) -> None:
        found = Environment(
            loader=PackageLoader("web", "pages"), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._page = found.get_template("link.html")
        empty = self._page.render(parts=[], title="", language="bn", graph=None)
        self._headers = LED | {
            "Content-Security-Policy": _policy(empty),
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex, nofollow",
        }
        self._unknown = self._rendered([self._part(one, "unknown") for one in LANGUAGES])
        self._away = self._rendered([self._part(one, "away") for one in LANGUAGES])

    def preview(self, link: Link, around: Around) -> web.Response:
        """For what fetches a link to show it in a chat: who pays for what, never the shop."""
        parts = [
            self._part(one, "preview", link, brand=link.brand)
            for one in _ordered(around.language, LANGUAGES)
        ]
        first, name = parts[0], _name(link, around.language)
        graph = {"title": first["label"], "text": f"{name}. {first['text']}"}
        return self._shown(200, self._rendered(parts, graph))

    def check(self, link: Link, name: str, destination: str, language: str) -> web.Response:
        """For a person who wants to know first; the button goes on as the link `name` would, or
        straight to the shop where the link is direct."""
        to = destination if link.direct else f"/{name}?{GO}"
        parts = []
        for one in _ordered(language, LANGUAGES):
            part = self._part(one, "check", link, brand=link.brand)
            part["facts"] = _facts(one, link, destination)
            part["go"] = {"to": to, "rel": _REL, "label": _say(one, Say("link.open"))}
            parts.append(part)
        return self._shown(200, self._rendered(parts))

    def ended(self, link: Link, around: Around, language: str) -> web.Response:
        """What runs instead leads to the page that says first who pays."""
        parts = []
        for one in _ordered(language, LANGUAGES):
            part = self._part(one, "ended", link, at=moment(link.over_at or 0))
            part["running"] = _say(one, Say("link_page.running"))
            part["others"] = [
                {"label": _say(one, label_of(other)), "to": f"/{other.slug}+",
                 "name": _name(other, one)}
                for other in around.running
            ]  # fmt: skip
            parts.append(part)
        return self._shown(410, self._rendered(parts))

    def early(self, link: Link, language: str) -> web.Response:
        at = moment(link.starts_at)
        parts = [self._part(one, "early", link, at=at) for one in _ordered(language, LANGUAGES)]
        return self._shown(200, self._rendered(parts))

    def unknown(self) -> web.Response:
        """The same whatever was asked for, so that guessing teaches nothing."""
        return self._shown(404, self._unknown)

    def away(self) -> web.Response:
        return self._shown(503, self._away)

    def _part(self, language: str, page: str, link: Link | None = None, **values: Any) -> Part:
        say = Reader(language, link.timezone if link else "UTC").text
        return {
            "language": language,
            "label": say(label_of(link)) if link else "",
            "heading": say(Say(f"link_page.{page}")),
            "text": say(Say(f"link_page.{page}_text", **values)),
            "facts": [], "go": None, "others": [],
        }  # fmt: skip

    def _rendered(self, parts: list[Part], graph: dict[str, str] | None = None) -> bytes:
        title = " · ".join(part["label"] or part["heading"] for part in parts)
        language = parts[0]["language"]
        return self._page.render(parts=parts, title=title, language=language, graph=graph).encode()

    def _shown(self, status: int, page: bytes) -> web.Response:
        return web.Response(
            body=page, status=status, content_type="text/html", charset="utf-8",
            headers=self._headers,
        )  # fmt: skip


def _say(language: str, say: Say) -> str:
    return Reader(language, "UTC").text(say)


def _name(link: Link, language: str) -> str:
    """The offer's name: its product and brand, or the campaign, or the brand alone."""
    name = link.product or link.campaign_name
    if not name:
        return link.brand
    return _say(language, Say("link_page.product", product=name, brand=link.brand))


def _facts(language: str, link: Link, destination: str) -> list[dict[str, str]]:
    host = urlsplit(destination).hostname or ""
    facts = [("pays", link.brand, ""), ("item", link.product or "", "")]
    readable = readable_host(host)
    facts.append(("leads", readable, host if readable != host else ""))
    return [
        {"name": _say(language, Say(f"link_page.{key}")), "value": value, "puny": puny}
        for key, value, puny in facts
        if value
    ]


def readable_host(host: str) -> str:
    """The host in its own letters; as it is where that cannot be."""
    try:
        return idna.decode(host)
    except idna.IDNAError:
        return host


def _ordered(first: str, languages: Iterable[str]) -> list[str]:
    return sorted(languages, key=lambda language: language != first)


def _policy(page: str) -> str:
    """Nothing is loaded and nothing runs; the page's own style is known by its hash."""
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256((style[1] if style else "").encode()).digest())
    return (
        f"default-src 'none'; style-src 'sha256-{digest.decode()}'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
