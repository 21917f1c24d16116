"""Answers as JSON: a list of objects with the names of a table's columns; pure."""

from __future__ import annotations

import json
from typing import Any

from bot.model import Community, Say
from handlers.questions.rows import COLUMNS, HOME, SIZE, Found

_LISTS = ("phrases", "colours", "sizes")


def import_json(text: str, home: Community = HOME) -> Found:
    """`[{"question": …, "answer": …}, …]` or `{"entries": […]}`; `line` counts entries from 1.

    A value is text or a number; `phrases`, `colours` and `sizes` may be lists. Never raises.
    """
    found = Found("entry")
    entries = _entries(text, found)
    for at, raw in enumerate(entries, 1):
        wrong = _wrong(raw)
        if wrong is not None:
            found.wrong(at, wrong)
        else:
            found.take(at, _cells(raw), home)
        if found.full(at):
            break
    if not entries and not found.problems:
        found.wrong(1, Say("import.empty"))
    return found


def _entries(text: str, found: Found) -> list[Any]:
    if len(text) > SIZE:
        found.wrong(1, Say("import.too_large", limit=SIZE))
        return []
    try:
        whole = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        found.unit = "line"
        found.wrong(error.lineno, Say("import.not_json", column=error.colno))
        return []
    except (ValueError, RecursionError):  # a number of thousands of digits, brackets without end
        found.unit = "line"
        found.wrong(1, Say("import.odd_json"))
        return []
    entries = whole.get("entries", whole) if isinstance(whole, dict) else whole
    if isinstance(entries, list):
        return entries
    found.wrong(1, Say("import.no_list"))
    return []


def _wrong(raw: Any) -> Say | None:
    if not isinstance(raw, dict):
        return Say("import.no_object")
    for name, value in raw.items():
        many = isinstance(value, list) and name in _LISTS
        parts = value if many else [value]
        if name in COLUMNS and not all(_is_text(part) for part in parts):
            return Say("import.no_text", name=name)
    return None


def _is_text(value: Any) -> bool:
    return value is None or (isinstance(value, str | int | float) and not isinstance(value, bool))


def _cells(raw: dict[str, Any]) -> dict[str, str]:
    return {name: _text(name, value) for name, value in raw.items() if name in COLUMNS}


def _text(name: str, value: Any) -> str:
    parts = value if isinstance(value, list) else [value]
    between = "\n" if name == "phrases" else ", "
    text = between.join(str(part) for part in parts if part is not None).replace("\0", "")
    return text.encode("utf-8", "replace").decode()  # JSON may hold halves of letters
