"""The page of a giveaway: what everybody may know, as HTML that is whole without a script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from handlers.giveaways.facts import Facts
from web.giveaway_words import Telling, sentences

Part = dict[str, Any]


class Pages:
    """`headers` are those of every answer; `relays` may be asked by the page's own script."""

    def __init__(self, relays: Sequence[str]) -> None:
        found = Environment(
            loader=PackageLoader("web", "pages"), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._page, self._unknown = (
            found.get_template("giveaway.html"),
            found.get_template("report_door.html"),
        )
        self._relays = relays
        report, own = (
            found.get_template(f"{name}_style.html").render() for name in ("report", "giveaway")
        )
        self.headers = {
            "Cache-Control": "no-cache", "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex, nofollow", "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": _policy((report, report + own), relays),
        }  # fmt: skip

    def page(self, facts: Facts, language: str, now: int) -> web.Response:
        """`now` in milliseconds."""
        contents = Telling(facts, language, now).contents()
        contents |= {"relays": " ".join(self._relays), "sentences": sentences(language)}
        return self._shown(self._page.render(contents), 200)

    def unknown(self, language: str) -> web.Response:
        """The same whatever was asked for, drafts as well."""
        parts = [Telling.unknown(one) for one in sorted(("bn", "en"), key=lambda o: o != language)]
        return self._shown(self._unknown.render(parts=parts), 404)

    def _shown(self, html: str, status: int) -> web.Response:
        return web.Response(
            text=html, status=status, content_type="text/html", headers=self.headers
        )


def _policy(styles: Iterable[str], relays: Sequence[str]) -> str:
    """Only our own script runs; it may ask us for the proof and the relays for the beacon."""
    digests = (base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in styles)
    may_ask = " ".join(["'self'", *relays])
    known = " ".join(f"'sha256-{one}'" for one in digests)
    return (
        f"default-src 'none'; style-src {known}; script-src 'self'; "
        f"connect-src {may_ask}; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
