"""Reading a table of answers: each good row becomes a draft, each broken one a sentence; pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.model import Refuse, Say
from handlers.questions.drafts import QUESTION, answers_of, draft
from handlers.questions.normalise import normalise
from storage.knowledge import Draft

COLUMNS = ("id", "question", "answer", "phrases", "answer_bn", "answer_en")
SIZE, ROWS, PHRASES, ID = 20_000_000, 100_000, 200, 100  # of all: characters, rows; of one row
_SPOKEN = {"প্রশ্ন": "question", "উত্তর": "answer"}  # headings people write themselves
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the row that begins at `line` (from 1) was left out."""

    line: int
    why: Say


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: list[str]


def import_csv(text: str, language: str = "bn") -> tuple[list[tuple[int, Draft]], list[Problem]]:
    """(line, draft) of every good row, and what is wrong with the others; never raises.

    The first row names the columns: id, question, answer, phrases (one a line in the cell),
    answer_bn, answer_en, in any order; only a question and one of the answers are needed.
    Delimiter , ; or tab; a byte order mark is fine. `language` is what an answer is kept under
    when its words do not tell.
    """
    if len(text) > SIZE:
        return [], [Problem(1, Say("import.too_large", limit=SIZE))]
    rows = _rows(text.removeprefix("\ufeff").replace("\0", ""))
    head = next(rows, None)
    if not isinstance(head, _Row):
        return [], [head or Problem(1, Say("import.empty"))]
    names = [_column(cell) for cell in head.cells]
    wrong = _wrong_head(names)
    return ([], [Problem(head.line, wrong)]) if wrong else _read(names, rows, language)


def _column(cell: str) -> str:
    name = cell.strip().lower()
    return _SPOKEN.get(name, name)


def _wrong_head(names: list[str]) -> Say | None:
    known = [name for name in names if name in COLUMNS]
    if "question" not in known or not any(name.startswith("answer") for name in known):
        return Say("import.no_columns", columns=", ".join(COLUMNS))
    twice = next((name for name in known if known.count(name) > 1), None)
    return Say("import.column_twice", column=twice) if twice else None


def _read(
    names: list[str], rows: Iterator[_Row | Problem], language: str
) -> tuple[list[tuple[int, Draft]], list[Problem]]:
    drafts: list[tuple[int, Draft]] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        if isinstance(row, Problem):
            problems.append(row)
            continue
        try:
            made = _draft(
                dict(zip(names, row.cells, strict=False)), row.cells[len(names) :], language
            )
            _only_once(made, row.line, seen)
            if len(drafts) >= ROWS:
                raise Refuse(Say("import.too_many", limit=ROWS))
        except Refuse as refusal:
            problems.append(Problem(row.line, refusal.say))
        else:
            drafts.append((row.line, made))
    return drafts, problems


def _draft(cells: Mapping[str, str], beyond: list[str], language: str) -> Draft:
    if any(cell.strip() for cell in beyond):
        raise Refuse(Say("import.more_cells", cell=beyond[0].strip()[:60]))
    ref = cells.get("id", "").strip()
    if len(ref) > ID:
        raise Refuse(Say("import.long_id", limit=ID))
    fixed = {name: cells.get(f"answer_{name}", "") for name in ("bn", "en")}
    answers = answers_of(cells.get("answer", ""), language, fixed)
    phrases = _phrases(cells.get("phrases", ""))
    return draft(cells.get("question", ""), answers, phrases, ref or None)


def _phrases(cell: str) -> tuple[str, ...]:
    lines = [" ".join(line.split()) for line in cell.splitlines()]
    phrases = tuple(dict.fromkeys(line for line in lines if normalise(line)))
    if len(phrases) > PHRASES:
        raise Refuse(Say("import.many_phrases", limit=PHRASES))
    if too_long := next((line for line in phrases if len(line) > QUESTION), None):
        raise Refuse(Say("draft.long_question", limit=QUESTION, length=len(too_long)))
    return phrases


def _only_once(made: Draft, line: int, seen: dict[tuple[str, str], int]) -> None:
    """Two rows of one id or one question would overwrite each other: the first one counts."""
    keys = [("asked", made.asked)] + ([("id", made.ref)] if made.ref else [])
    if earlier := next((seen[key] for key in keys if key in seen), None):
        raise Refuse(Say("import.twice", earlier=earlier))
    seen |= dict.fromkeys(keys, line)


def _rows(text: str) -> Iterator[_Row | Problem]:
    """The rows that hold anything. After a quote that is never closed, or closed in the middle of
    a cell, reading goes on with the next line, so that one broken row costs no others."""
    lines = list(io.StringIO(text, newline=""))
    delimiter = _delimiter(next((line for line in lines if line.strip()), ""))
    at = 0
    while at < len(lines):
        start, rest = at, (lines[i] for i in range(at, len(lines)))
        reader = csv.reader(rest, delimiter=delimiter, skipinitialspace=True, strict=True)
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield _Row(at + 1, cells)
                at = start + reader.line_num
        except csv.Error:
            yield Problem(at + 1, Say("import.quotes"))
            at += 1


def _delimiter(first: str) -> str:
    """What stands between the names of columns; a comma when there is but one."""
    try:
        return csv.Sniffer().sniff(first, _DELIMITERS).delimiter
    except csv.Error:
        return ","
