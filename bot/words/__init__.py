"""Every sentence Adda says, a folder a language: keys, `{values}` and plural forms."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime
from babel.numbers import format_decimal
from babel.plural import PluralRule

from bot.model import Say, Value

_MARKS = re.compile(r"(https?://\S+)|[*_~`|\\]|^[>#-]", re.MULTILINE)
LANGUAGES = ("bn", "en")
Template = str | dict[str, str]  # by plural form: "one", "other"
_BENGALI_DIGITS = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, Template]:
    found: dict[str, Template] = {}
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict) and set(value) - {"one", "other"}:
            found |= _flat(value, f"{key}.")
        else:
            found[key] = value
    return found


@lru_cache(maxsize=1)
def catalogue() -> dict[str, dict[str, Template]]:
    """By language, then key: a template, or {"one": …, "other": …}."""
    folder = resources.files("bot.words")
    return {language: _sentences(folder / language) for language in LANGUAGES}


def _sentences(folder: Traversable) -> dict[str, Template]:
    found: dict[str, Template] = {}
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            found |= _flat(tomllib.loads(file.read_text("utf-8")))
    return found


def number(value: int, language: str) -> str:
    """A whole number in the reader's digits: 1,25,000 as ১,২৫,০০০."""
    near = abs(value) < 100_000  # so far both languages group alike, at a tenth of Babel's cost
    grouped = f"{value:,}" if near else format_decimal(value, locale=language)
    return grouped.translate(_BENGALI_DIGITS) if language == "bn" else grouped


@lru_cache(maxsize=8)
def _plural(language: str) -> PluralRule:
    return Locale.parse(language).plural_form


_DAY_PARTS = ((4, "রাত"), (6, "ভোর"), (12, "সকাল"), (15, "দুপুর"), (18, "বিকেল"), (20, "সন্ধ্যা"))


def day_part(hour: int) -> str:
    """The Bengali word said with a clock time."""
    return next((word for end, word in _DAY_PARTS if hour < end), "রাত")


@lru_cache(maxsize=4096)
def moment(at: datetime, language: str, zone: str) -> str:
    """Weekday, day and clock time in `zone`: "শুক্রবার, ২০ নভেম্বর রাত ৯:০০"."""
    local = at.astimezone(ZoneInfo(zone))
    if language != "bn":
        return format_datetime(local, "EEE d MMM, h:mm a", locale="en").replace("\u202f", " ")
    day = format_datetime(local, "EEEE, d MMMM", locale="bn")
    clock = f"{local.hour % 12 or 12}:{local.minute:02}"
    return f"{day} {day_part(local.hour)} {clock}".translate(_BENGALI_DIGITS)


def _escaped(text: str) -> str:
    """Markdown's signs with a backslash before them; addresses as they are."""
    return _MARKS.sub(lambda m: m[0] if m[1] else "\\" + m[0], text)


class Reader:
    """Who a sentence is for: language ("bn", "en"), time zone, and how moments are written.

    With `unix`, moments become `<t:…:F>`, which the platform shows in the reader's own zone. With
    `markdown`, what people wrote is escaped, so that a prize called *gold* stays as it was typed.
    """

    __slots__ = ("_texts", "language", "markdown", "unix", "zone")

    def __init__(
        self, language: str, zone: str, unix: bool = False, markdown: bool = False
    ) -> None:
        self.language = language if language in LANGUAGES else "bn"
        self.zone = zone
        self.unix = unix
        self.markdown = markdown
        self._texts = catalogue()[self.language]

    def text(self, say: Say) -> str:
        """The sentence as this reader reads it. Raises KeyError for a key nobody wrote."""
        template = self._texts[say.key]
        if isinstance(template, dict):
            count = next((v for v in say.values.values() if isinstance(v, int)), 0)
            template = template[_plural(self.language)(count)]
        if not say.values:
            return template
        return template.format_map({k: self._value(v) for k, v in say.values.items()})

    def _value(self, value: Value) -> str:
        match value:
            case str():
                return _escaped(value) if self.markdown else value
            case int():
                return number(value, self.language)
            case Say():
                return self.text(value)
            case tuple():
                return "\n".join(self.text(line) for line in value)
            case datetime() if self.unix:
                return f"<t:{int(value.timestamp())}:F>"
            case datetime():
                return moment(value, self.language, self.zone)
