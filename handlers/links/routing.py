"""Where a link leads this reader: its rules by language and device, then what it carries; pure."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.links.utm import CLICK_ID, extended, parameters
from storage.links import Link, Rule

LANGUAGES = ("bn", "en")
DEVICES = ("android", "ios", "desktop")
_DESKTOPS = ("desktop", "windows", "macos", "linux", "chromeos")


def target(
    link: Link, rules: Iterable[Rule], language: str, device: str, *, click_id: str | None = None
) -> str:
    """The address to send a reader of `language` ("bn", "en", …) on `device` to, in printable
    ASCII; a device is "android", "ios", "desktop" or the name of its operating system.

    The first of `rules` that fits holds, else the link's own destination. `click_id` is appended
    where the shop is to report what came of the click.
    """
    url = next(
        (rule.destination for rule in rules if _fits(rule, language, device)), link.destination
    )
    more = parameters(link) if link.utm else []
    if click_id is not None:
        more.append((CLICK_ID, click_id))
    return extended(url, more) if more else url


def _fits(rule: Rule, language: str, device: str) -> bool:
    family = "desktop" if device.lower() in _DESKTOPS else device.lower()
    return rule.language in ("", language.lower()[:2]) and rule.device in ("", family)
