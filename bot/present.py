"""Fit text and buttons to a platform; pure functions."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from bot.platforms.base import Capabilities, Key

_HASANT = "\u09cd"
_JOINERS = "\u200c\u200d\ufe0e\ufe0f\u20e3"
_ENDS = ("\n\n", "\n", "। ", "। ", ". ", "? ", "! ", "; ", ", ", " ")


def length(text: str, unit: str) -> int:
    """How long a platform finds the text: UTF-16 units or code points."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 if unit == "utf16" else len(text)


def whole(text: str, at: int) -> bool:
    """True when cutting before `text[at]` splits no letter as a reader sees it."""
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if before == "\u200d" or after in _JOINERS or unicodedata.category(after)[0] == "M":
        return False
    if before == _HASANT and "\u0985" <= after <= "\u09b9":  # a conjunct: ক্ + ষ
        return False
    if 0x1F3FB <= ord(after) <= 0x1F3FF:  # skin tones belong to the emoji before
        return False
    return not (_flag(before) and _flag(after) and _flags_before(text, at) % 2)


def _flag(letter: str) -> bool:
    return 0x1F1E6 <= ord(letter) <= 0x1F1FF


def _flags_before(text: str, at: int) -> int:
    start = at
    while start and _flag(text[start - 1]):
        start -= 1
    return at - start


def _room(text: str, limit: int, unit: str) -> int:
    """How many code points from the start take at most `limit` units."""
    if length(text, unit) <= limit:
        return len(text)
    if unit != "utf16":
        return limit
    used = 0
    for at, letter in enumerate(text):
        used += 2 if ord(letter) > 0xFFFF else 1
        if used > limit:
            return at
    return len(text)


def _cut(text: str, room: int) -> int:
    """Where to cut so that at most `room` code points stay: paragraph, sentence, word, letter."""
    for end in _ENDS:
        at = text.rfind(end, room // 3, room)
        if at > 0 and at + len(end) <= room:
            return at + len(end)
    at = room
    while at > 1 and not whole(text, at):
        at -= 1
    return at if whole(text, at) else room


def pieces(text: str, limit: int, unit: str, first: int | None = None) -> tuple[str, ...]:
    """The text in parts of at most `limit` units, the first of at most `first` where given;
    nothing but white space at the cuts is lost."""
    parts: list[str] = []
    while text:
        room = _room(text, limit if first is None or parts else min(first, limit), unit)
        at = len(text) if room == len(text) else max(_cut(text, room), 1)
        parts.append(text[:at].strip() or text[:at])
        text = text[at:].lstrip()
    return tuple(parts) or ("",)


def fit(text: str, limit: int, unit: str) -> str:
    """One text of at most `limit` units, ending in … where something was left out."""
    if length(text, unit) <= limit:
        return text
    room = _room(text, limit - 1, unit)
    return text[: _cut(text, room)].rstrip() + "…" if room > 0 else ""


def rows(keys: Iterable[Key], caps: Capabilities) -> tuple[tuple[Key, ...], ...]:
    """Buttons in rows, labels within the limit; what has no room is left out from the end."""
    fitted = [
        Key(fit(key.label, caps.label, caps.unit), key.data, key.url, key.login)
        for key in keys
        if max(len(key.url or ""), len(key.login or "")) <= caps.url
    ]
    lines = [tuple(fitted[at : at + caps.row]) for at in range(0, len(fitted), caps.row)]
    return tuple(lines[: caps.rows])
