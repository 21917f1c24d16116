"""What a JSON call gives, checked: every mistake becomes a sentence with its remedy."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from bot.platforms.playground import BOT, LIMITS
from bot.words import LANGUAGES

LONGEST = 366 * 24 * 3600  # seconds of one advance

Check = Callable[[str, Any], Any]


class Wrong(ValueError):
    """A call that cannot be obeyed; the text says what to send instead."""


def read(given: Any, needed: Mapping[str, Check], optional: Mapping[str, Check]) -> dict[str, Any]:
    """The fields, checked. An optional field that is null was not given. Raises Wrong."""
    if not isinstance(given, Mapping):
        raise Wrong('Send an object such as {"who": "Rima"}.')
    checks = {**needed, **optional}
    for field in given:
        if field not in checks:
            known = f"It has: {', '.join(checks)}." if checks else "Send {}."
            raise Wrong(f"This call has no field {str(field)[:40]!r}. {known}")
    for field in needed:
        if field not in given:
            raise Wrong(f"{field!r} is missing. This call needs: {', '.join(needed)}.")
    return {
        field: checks[field](field, value)
        for field, value in given.items()
        if field in needed or value is not None
    }


def _string(field: str, value: Any, most: int | None = None) -> str:
    if not isinstance(value, str):
        raise Wrong(f"{field!r} must be text in quotes.")
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise Wrong(f"{field!r} holds a character nobody can type. Leave it out.")
    if most is not None and len(value) > most:
        raise Wrong(f"{field!r} may have {most} characters, not {len(value)}. Shorten it.")
    return value


def text(field: str, value: Any) -> str:
    """What someone writes, however long: the bot itself must bear it."""
    if not _string(field, value).strip():
        raise Wrong(f"{field!r} is empty. Write something.")
    return str(value)


def typed(field: str, value: Any) -> str:
    """What is being typed, perhaps nothing yet."""
    return _string(field, value, 100)


def line(field: str, value: Any) -> str:
    """A short text in one line, without white space around it."""
    found = _string(field, value, 100).strip()
    if not found or any(unicodedata.category(letter) == "Cc" for letter in found):
        raise Wrong(f"{field!r} must be a short text in one line.")
    return found


def name(field: str, value: Any) -> str:
    """Any name but the bot's own is a person."""
    found = line(field, value)
    if found == BOT or len(found) > 64:
        raise Wrong(f"{field!r} must be a name of at most 64 characters other than {BOT!r}.")
    return found


def platform(field: str, value: Any) -> str:
    return _one_of(field, value, LIMITS)


def language(field: str, value: Any) -> str:
    return _one_of(field, value, LANGUAGES)


def _one_of(field: str, value: Any, known: Any) -> str:
    if not isinstance(value, str) or value not in known:
        raise Wrong(f"{field!r} must be one of: {', '.join(known)}.")
    return value


def place(field: str, value: Any) -> str:
    """ "dm" or the name of a group."""
    return line(field, value)


def group(field: str, value: Any) -> str:
    if (found := line(field, value)) == "dm":
        raise Wrong(f"{field!r} must be the name of a group: nobody is added to a private chat.")
    return found


def button(field: str, value: Any) -> str:
    if (found := line(field, value)) == "url":
        raise Wrong("This button opens an address. Open its url instead of pressing it.")
    return found


def args(field: str, value: Any) -> str | dict[str, str]:
    """The rest of a command's line, or its options by name."""
    if isinstance(value, str):
        return _string(field, value).strip()
    return values(field, value)


def values(field: str, value: Any) -> dict[str, str]:
    """Values by name, as text; null ones were not given."""
    if not isinstance(value, dict):
        raise Wrong(f'{field!r} must be an object such as {{"prize": "Sari"}}.')
    return {
        line("a name", name): _plain(name, one) for name, one in value.items() if one is not None
    }


def _plain(field: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    return _string(field, value)


def seconds(field: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong(f"{field!r} must be a number such as 3600.")
    if not 0 <= value <= LONGEST:
        raise Wrong(f"{field!r} must be from 0 to {LONGEST} (a year).")
    return float(value)
