"""One row of an import, whatever it came in: named cells become what an entry says; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.model import Community, Refuse, Say
from bot.wire import millis
from handlers.links.commands import slug_of
from handlers.questions import cards
from handlers.questions.drafts import QUESTION, answers_of, draft
from handlers.questions.normalise import normalise
from storage.holdings import Content
from storage.knowledge import Draft

LANGUAGES = {"answer_bn": "bn", "answer_en": "en", "answer_bn_latn": "bn-Latn"}
FACTS = {  # a product card's columns, and what is kept of each
    **{name: name for name in cards.LIMITS if name not in ("inside", "outside")},
    "delivery_inside": "inside", "delivery_outside": "outside",
}  # fmt: skip
COLUMNS = (
    "id", "question", "answer", "phrases", *LANGUAGES, *FACTS, "delivery", "checked", "link",
)  # fmt: skip
HOME = Community("", "")
SIZE, ROWS, PHRASES, ID = 20_000_000, 100_000, 300, 100  # of all: characters, rows; of one row
PROBLEMS = 10_000  # more broken rows than that are no slips: it is another kind of file

_DIGITS = str.maketrans("০১২৩৪৫৬৭৮৯", "0123456789")
_DAY = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})|([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})"
)

Unit = Literal["line", "entry", "heading"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why what begins at `line` (of a list: the `line`th entry, from 1) was left out."""

    line: int
    why: Say
    unit: Unit = "line"
    name: str = ""

    def said(self) -> Say:
        """With where it is."""
        if self.unit == "heading":
            return Say("import.at_heading", line=self.line, heading=self.name[:80], why=self.why)
        return Say(f"import.at_{self.unit}", line=self.line, why=self.why)


@dataclass(slots=True)
class Found:
    """What was read: (line, content) of every good row, and what is wrong with the others."""

    unit: Unit = "line"
    rows: list[tuple[int, Content]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _seen: dict[tuple[str, str], int] = field(default_factory=dict)

    def wrong(self, line: int, why: Say, name: str = "") -> None:
        self.problems.append(Problem(line, why, self.unit, name))

    def take(self, line: int, cells: Mapping[str, str], home: Community) -> None:
        """Make a row of cells, or a problem."""
        try:
            content = content_of(cells, home)
            self._only_once(content.draft, line)
        except Refuse as refusal:
            self.wrong(line, refusal.say, cells.get("question", ""))
        else:
            self.rows.append((line, content))

    def full(self, line: int) -> bool:
        """True, with the reason among the problems, when no more should be read."""
        if len(self.rows) > ROWS:
            self.rows.clear()
            self.problems = [Problem(line, Say("import.too_many", limit=ROWS), self.unit)]
        elif len(self.problems) > PROBLEMS:
            self.rows.clear()
            self.wrong(line, Say("import.too_broken", limit=PROBLEMS))
            self.problems = self.problems[-1:]
        else:
            return False
        return True

    def _only_once(self, made: Draft, line: int) -> None:
        """Two rows of one id or one question would overwrite each other: the first one counts."""
        keys = [("asked", made.asked)] + ([("id", made.ref)] if made.ref else [])
        earlier = next((self._seen[key] for key in keys if key in self._seen), None)
        if earlier is not None:
            raise Refuse(Say(f"import.twice_{self.unit}", earlier=earlier))
        self._seen |= dict.fromkeys(keys, line)


def content_of(cells: Mapping[str, str], home: Community) -> Content:
    """What the cells say; `home` has the language of an answer whose words do not tell, and the
    time zone of days. Raises Refuse with what is wrong."""
    ref = cells.get("id", "").strip()
    if len(ref) > ID:
        raise Refuse(Say("import.long_id", limit=ID))
    fixed = {name: cells.get(column, "") for column, name in LANGUAGES.items()}
    facts = _facts(cells)
    told = any(text.strip() for text in (cells.get("answer", ""), *fixed.values()))
    answers = answers_of(cells.get("answer", ""), home.language, fixed) if told or not facts else {}
    made = draft(
        cells.get("question", ""), answers, _phrases(cells.get("phrases", "")), ref or None
    )
    checked_at = _noon(cells.get("checked", ""), home.timezone) if facts else None
    return Content(made, facts, checked_at, slug_of(cells.get("link", "")) or None)


def _facts(cells: Mapping[str, str]) -> dict[str, str]:
    written = cards.delivery(cells.get("delivery", ""))
    written |= {name: cells[column] for column, name in FACTS.items() if cells.get(column)}
    return {name: kept for name, text in written.items() if (kept := cards.fact(name, text))}


def _noon(cell: str, zone: str) -> int | None:
    """The middle of the day the cell names, in milliseconds."""
    found = _DAY.fullmatch(cell.strip().translate(_DIGITS))
    if not cell.strip():
        return None
    try:
        if found is None:
            raise ValueError
        year, month, day = (
            (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
        )
        return millis(datetime(int(year), int(month), int(day), 12, tzinfo=ZoneInfo(zone)))
    except ValueError:
        raise Refuse(Say("import.no_day", cell=cell.strip()[:40])) from None


def _phrases(cell: str) -> tuple[str, ...]:
    lines = [" ".join(line.split()) for line in cell.splitlines()]
    phrases = tuple(dict.fromkeys(line for line in lines if normalise(line)))
    if len(phrases) > PHRASES:
        raise Refuse(Say("import.many_phrases", limit=PHRASES))
    if too_long := next((line for line in phrases if len(line) > QUESTION), None):
        raise Refuse(Say("draft.long_question", limit=QUESTION, length=len(too_long)))
    return phrases
