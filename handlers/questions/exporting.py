"""Everything the team taught, as a table or JSON that `importing` reads back; pure."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bot.wire import moment
from handlers.questions.normalise import normalise
from handlers.questions.rows import FACTS, LANGUAGES
from handlers.questions.tables import safe
from storage.holdings import Content, Held

COLUMNS = ("id", "question", *LANGUAGES, "phrases", *FACTS, "checked", "link")


def as_csv(entries: Iterable[Held], zone: str) -> str:
    """Begins with a byte order mark, without which spreadsheets spoil Bengali, and holds no
    formula. `zone` is that of the days on which cards were checked."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        cells = cells_of(entry.content, zone)
        writer.writerow(safe(cells.get(name, "")) for name in COLUMNS)
    return "\ufeff" + text.getvalue()


def as_json(entries: Iterable[Held], zone: str) -> str:
    """A list of objects, without what an entry does not say; `phrases` are a list."""
    listed = [_object(cells_of(entry.content, zone)) for entry in entries]
    return json.dumps({"entries": listed}, ensure_ascii=False, indent=1) + "\n"


def cells_of(content: Content, zone: str) -> dict[str, str]:
    """By column; what is not said is left out."""
    draft, facts = content.draft, content.facts
    phrases = dict.fromkeys(" ".join(phrase.split()) for phrase in draft.phrases)
    cells = {
        "id": draft.ref or "",
        "question": " ".join(draft.question.split()),
        **{column: draft.answers.get(name, "") for column, name in LANGUAGES.items()},
        "phrases": "\n".join(phrase for phrase in phrases if normalise(phrase)),
        **{column: facts.get(name, "") for column, name in FACTS.items()},
        "link": content.link or "",
    }
    if content.checked_at is not None:
        cells["checked"] = moment(content.checked_at).astimezone(ZoneInfo(zone)).date().isoformat()
    return {name: text for name in COLUMNS if (text := cells.get(name, ""))}


def _object(cells: Mapping[str, str]) -> dict[str, Any]:
    return {name: text.split("\n") if name == "phrases" else text for name, text in cells.items()}
