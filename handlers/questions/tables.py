"""Tables of answers, CSV or TSV: a good row becomes an entry, a broken one a sentence; pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.model import Community, Say
from handlers.questions.rows import COLUMNS, FACTS, HOME, SIZE, Found, Problem

_SPOKEN = {"প্রশ্ন": "question", "উত্তর": "answer"}  # headings people write themselves
_DELIMITERS = ",;\t"
_FORMULA = re.compile("'*[=+\\-@\t\r]")  # what a spreadsheet would run, behind any number of '


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of the row that begins at `line` (from 1)."""

    line: int
    cells: list[str]


def import_csv(text: str, home: Community = HOME) -> Found:
    """Never raises.

    The first row names the columns: id, question, answer, phrases (one a line in the cell),
    answer_bn, answer_en, answer_bn_latn, and those of a product card, in any order; only a
    question and one of the answers are needed. Delimiter , ; or tab; a byte order mark is fine.
    """
    found = Found()
    if len(text) > SIZE:
        found.wrong(1, Say("import.too_large", limit=SIZE))
        return found
    table = rows(text.removeprefix("\ufeff").replace("\0", ""))
    head = next(table, None)
    if not isinstance(head, Row):
        found.problems.append(head or Problem(1, Say("import.empty")))
        return found
    names = [column(cell) for cell in head.cells]
    if wrong := _wrong_head(names):
        found.wrong(head.line, wrong)
    else:
        _read(found, names, table, home)
    return found


def is_table(text: str) -> bool:
    """Whether the first line names columns of ours, even if not all that are needed."""
    head = next(rows(next((line for line in text.splitlines() if line.strip()), "")), None)
    names = {column(cell) for cell in head.cells} if isinstance(head, Row) else set()
    return bool(names & {"question"} and len(names) > 1) or len(names & set(COLUMNS)) > 1


def column(cell: str) -> str:
    """The name of a column, from its heading."""
    name = cell.strip().lower()
    return _SPOKEN.get(name, name)


def plain(cell: str) -> str:
    """What a cell says, without the apostrophe that `safe` put before it."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def safe(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would take for a formula.

    `plain` gives back any text that went through here.
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _wrong_head(names: Sequence[str]) -> Say | None:
    known = [name for name in names if name in COLUMNS]
    told = any(name.startswith("answer") or name in FACTS for name in known)
    if "question" not in known or not told:
        return Say("import.no_columns", columns=", ".join(COLUMNS))
    twice = next((name for name in known if known.count(name) > 1), None)
    return Say("import.column_twice", column=twice) if twice else None


def _read(
    found: Found, names: Sequence[str], table: Iterator[Row | Problem], home: Community
) -> None:
    for row in table:
        if isinstance(row, Problem):
            found.problems.append(row)
        elif beyond := _beyond(row.cells[len(names) :]):
            found.wrong(row.line, Say("import.more_cells", cell=beyond[:60]))
        else:
            found.take(row.line, _named(names, row.cells), home)
        if found.full(row.line):
            return


def _named(names: Sequence[str], cells: Sequence[str]) -> Mapping[str, str]:
    return {name: plain(cell) for name, cell in zip(names, cells, strict=False)}


def _beyond(cells: Sequence[str]) -> str:
    return cells[0].strip() or "…" if any(cell.strip() for cell in cells) else ""


def rows(text: str) -> Iterator[Row | Problem]:
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
                    yield Row(at + 1, cells)
                at = start + reader.line_num
        except csv.Error:
            yield Problem(at + 1, Say("import.quotes"))
            at += 1


def _delimiter(first: str) -> str:
    """What stands between the names of columns; a comma when there is but one."""
    try:
        return csv.Sniffer().sniff(first[:2000], _DELIMITERS).delimiter
    except csv.Error:
        return ","
