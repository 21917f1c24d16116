"""The pages of a report, from what may be shown to HTML that is whole without a script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import hdrs, web
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.model import Say
from bot.words import LANGUAGES, Reader
from handlers.reporting.charts import svg
from handlers.reporting.view import View
from handlers.reporting.wording import Wording
from storage.report_links import ReportLink
from storage.seals import Entry, Renewed

ROWS = 24  # of one table, the largest, so that the page stays small; days are all shown


@dataclass(frozen=True, slots=True)
class Sealing:
    """The newest entry of the community's chain, and the days that were sealed anew."""

    newest: Entry | None
    renewed: Sequence[Renewed]


class Pages:
    """`headers` are those of every answer: never kept by a browser or a proxy, found by no search,
    told to no other site. `framed`: a page of our own may show them in a frame."""

    def __init__(self, *, framed: bool = False) -> None:
        found = Environment(
            loader=PackageLoader("web", "pages"), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._page, self._door = (
            found.get_template("report.html"),
            found.get_template("report_door.html"),
        )
        style = found.get_template("report_style.html").render()
        self.headers = {
            "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex, nofollow", "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": _policy(style, framed=framed),
        }  # fmt: skip

    def door(self, link: ReportLink, language: str) -> web.Response:
        def part(one: str) -> dict[str, str]:
            say = _sayer(one)
            return {
                "language": one, "heading": say("door", brand=link.brand),
                "text": say("door_text", creator=link.creator), "button": say("open"),
            }  # fmt: skip

        return self._shown(self._door.render(parts=_both(part, language)), 200)

    def gone(self, link: ReportLink | None, language: str) -> web.Response:
        """Expired, taken back, or never there; only who once had it learns whose it was."""

        def part(one: str) -> dict[str, str]:
            say = _sayer(one)
            text = say("gone_text", creator=link.creator) if link else say("gone_unknown")
            return {"language": one, "heading": say("gone"), "text": text, "button": ""}

        return self._shown(self._door.render(parts=_both(part, language)), 410 if link else 404)

    def page(self, shown: View, language: str, sealing: Sealing, mark: str) -> web.Response:
        words = Wording(shown, language)
        return self._shown(self._page.render(_contents(words, sealing) | {"mark": mark}), 200)

    def file(self, data: bytes, kind: str, name: str) -> web.Response:
        named = f'attachment; filename="{name}"'
        charset = None if kind == "application/zip" else "utf-8"
        return web.Response(
            body=data, content_type=kind, charset=charset,
            headers=self.headers | {hdrs.CONTENT_DISPOSITION: named},
        )  # fmt: skip

    def _shown(self, html: str, status: int) -> web.Response:
        return web.Response(
            text=html, status=status, content_type="text/html", headers=self.headers
        )


def _both(part: Any, first: str) -> list[dict[str, str]]:
    return [part(one) for one in sorted(LANGUAGES, key=lambda one: one != first)]


def _sayer(language: str) -> Any:
    reader = Reader(language, "UTC")
    return lambda key, **values: reader.text(Say(f"report_page.{key}", **values))


def _policy(style: str, *, framed: bool) -> str:
    """Only our own script runs, and asks nobody but us; the page's style is known by its hash."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    around = "'self'" if framed else "'none'"
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; script-src 'self'; connect-src 'self'; "
        f"form-action 'self'; base-uri 'none'; frame-ancestors {around}"
    )


def _contents(words: Wording, sealing: Sealing) -> dict[str, Any]:
    shown, head, newest = words.view, words.view.report.head, sealing.newest
    updated = words.say("updated", at=words.at(shown.report.updated_at), zone=head.timezone)
    seal_head = newest and words.say(
        "seal.head", day=words.day(newest.day, "d MMMM y"), number=newest.number
    )
    return {
        "language": words.language, "other": next(o for o in LANGUAGES if o != words.language),
        "say": words.say, "tongue": words.tongue, "head": head,
        "title": words.say("title", brand=head.brand),
        "headline": words.headline(), "updated": updated, "pace": words.pace(),
        "waterfall": [(step, words.shown(count)) for step, count in words.waterfall()],
        "numbers": [(name, words.shown(count)) for name, count in shown.numbers.items()],
        "tables": [_table(words, name) for name in shown.tables if name != "products"
                   or shown.tables["products"]],
        "changes": words.changes(sealing.renewed), "definitions": words.definitions(),
        "sealed": newest, "seal_head": seal_head, "key": newest.signed_by if newest else "",
    }  # fmt: skip


def _table(words: Wording, name: str) -> dict[str, Any]:
    """A drawing, what it says in words, and the figures; or why there are none."""
    every = words.view.tables[name]
    rows = every if name == "days" else every[:ROWS]
    told = [(words.name(name, row.name), words.shown(row.clicks)) for row in rows]
    left = len(every) - len(rows)
    more = words.say("more_rows", count=left) if left else ""
    found: dict[str, Any] = {
        "name": name, "rows": told, "empty": words.why_empty(), "more": more,
    }  # fmt: skip
    if rows:
        # Ours: no script and no style, and every name in it was escaped by the writer of XML.
        found["drawing"] = Markup(_drawn(words, name))  # noqa: S704
        found["alt"] = words.alt(name)
    return found


def _drawn(words: Wording, name: str) -> str:
    """Read out by what stands around it."""
    return svg(words.chart(name)).replace("<svg ", '<svg aria-hidden="true" ', 1)
