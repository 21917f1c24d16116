"""The page that checks a downloaded proof in the browser; it may connect nowhere."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.model import Say
from bot.words import LANGUAGES, Reader, catalogue

_SAID = "report_check.said."
_LOCALES = {"bn": "bn-BD", "en": "en-GB"}


class CheckPage:
    """A page for each language, made once."""

    def __init__(self) -> None:
        found = Environment(
            loader=PackageLoader("web", "pages"), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        page = found.get_template("report_check.html")
        style = found.get_template("report_style.html").render()
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self._pages = {language: page.render(_contents(language)) for language in LANGUAGES}
        self._headers = {
            "Cache-Control": "no-cache", "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex, nofollow",
            "Content-Security-Policy": (
                f"default-src 'none'; style-src 'sha256-{digest}'; script-src 'self'; "
                "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
            ),
        }  # fmt: skip

    def shown(self, language: str) -> web.Response:
        return web.Response(
            text=self._pages[language], content_type="text/html", headers=self._headers
        )


def _contents(language: str) -> dict[str, Any]:
    """The script fills in what it found, so its sentences are given with their places open."""
    reader = Reader(language, "UTC")
    names = sorted(key for key in catalogue()[language] if key.startswith(_SAID))
    return {
        "language": language, "locale": _LOCALES[language],
        "other": next(one for one in LANGUAGES if one != language),
        "say": lambda key: reader.text(Say(f"report_check.{key}")),
        "raw": lambda name: reader.text(Say(f"{_SAID}{name}")),
        "sentences": [name.removeprefix(_SAID) for name in names],
    }  # fmt: skip
