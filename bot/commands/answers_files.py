"""The files of `answers evaluate`: entries and questions, as tables or as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bot.commands import Misused
from handlers.questions.evaluate import Asked, Known, script_of
from handlers.questions.importing import Problem, column, rows

PROBLEMS = 10  # told of one file
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Record:
    """A row or a JSON object by column, with the line it begins at (or its number in a list)."""

    line: int
    cells: Mapping[str, Any]

    def texts(self, name: str) -> tuple[str, ...]:
        """What is in a cell, a list or a mapping: texts that are not empty."""
        match self.cells.get(name):
            case dict() as many:
                values = list(many.values())
            case list() as values:
                pass
            case value:
                values = [value]
        return tuple(text for one in values if one is not None and (text := str(one).strip()))

    def text(self, name: str) -> str:
        return " ".join(self.texts(name))


class _Wrong(Exception):
    """Why a record cannot be used."""


def read_knowledge(file: Path) -> list[Known]:
    """Entries: id, question, answer (also answer_bn, answer_en), phrases (a list, or one a line).

    An entry without an id is known by its question. Raises Misused, with every line that is wrong.
    """
    seen: dict[str, int] = {}

    def entry(record: Record) -> Known:
        phrases = [text for cell in record.texts("phrases") for text in cell.splitlines()]
        asked = (*record.texts("question"), *(text.strip() for text in phrases if text.strip()))
        if not asked:
            raise _Wrong("neither a question nor a phrase; write how fans ask for it")
        id = record.text("id") or asked[0]
        if (line := seen.setdefault(id, record.line)) != record.line:
            raise _Wrong(f"the id {id!r} is that of line {line} too; give each entry its own")
        answers = [name for name in record.cells if name.startswith("answer")]
        told = [text for name in answers for text in record.texts(name)]
        return Known(id, tuple(dict.fromkeys(asked)), tuple(dict.fromkeys(told)))

    return _made(file, entry, ("question",), "id,question,answer,phrases")


def read_questions(file: Path, known: Collection[str]) -> list[Asked]:
    """Questions: text, entry (the id of one that is `known`, or empty), and perhaps script.

    Raises Misused, with every line that is wrong.
    """

    def question(record: Record) -> Asked:
        text, entry = record.text("text"), record.text("entry")
        if not text:
            raise _Wrong("no text")
        if entry and entry not in known:
            raise _Wrong(f"no entry has the id {entry!r}; leave the cell empty if none answers it")
        return Asked(text, entry or None, record.text("script") or script_of(text))

    return _made(file, question, ("text", "entry"), "text,entry")


def _made(
    file: Path, make: Callable[[Record], Made], needed: Sequence[str], example: str
) -> list[Made]:
    """What `make` makes of every record; all of them or none."""
    made: list[Made] = []
    wrong: list[str] = []
    names: set[str] = set()
    for line, record in _records(file):
        try:
            if isinstance(record, str):
                raise _Wrong(record)
            names |= record.cells.keys()
            made.append(make(record))
        except _Wrong as why:
            wrong.append(f"  line {line}: {why}.")
    if names and (missing := [name for name in needed if name not in names]):
        lacks = " and ".join(missing)
        raise Misused(f"{file} has no column {lacks}. Its first line should be: {example}")
    if wrong:
        more = [f"  … and {len(wrong) - PROBLEMS} more."] if len(wrong) > PROBLEMS else []
        told = "\n".join([*wrong[:PROBLEMS], *more])
        raise Misused(f"{file} was not used; correct these lines:\n{told}")
    if not made:
        raise Misused(f"{file} is empty. Its first line should be: {example}")
    return made


def _records(file: Path) -> Iterator[tuple[int, Record | str]]:
    """Every record with its line, or what is wrong with it."""
    text = _text(file)
    if text.lstrip()[:1] in ("{", "["):
        return _json(text)
    return _table(text)


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig").replace("\0", "")
    except FileNotFoundError:
        raise Misused(f"There is no {file}.") from None
    except UnicodeDecodeError:
        raise Misused(f"{file} is not UTF-8. Save it as “CSV UTF-8”.") from None
    except OSError as error:
        raise Misused(f"{file} cannot be read: {error.strerror}.") from None


def _table(text: str) -> Iterator[tuple[int, Record | str]]:
    names: list[str] = []
    for row in rows(text):
        if isinstance(row, Problem):
            yield row.line, "its quotes are not closed; double a quote that is part of the text"
        elif not names:
            names = [column(cell) for cell in row.cells]
        elif any(cell.strip() for cell in row.cells[len(names) :]):
            yield row.line, "more cells than columns; put a text that has commas in quotes"
        else:
            yield row.line, Record(row.line, dict(zip(names, row.cells, strict=False)))


def _json(text: str) -> Iterator[tuple[int, Record | str]]:
    """A list of objects, an object with a list in it, or an object a line."""
    try:
        whole = json.loads(text)
    except ValueError:
        return _json_lines(text)
    if isinstance(whole, dict):
        lists = [value for value in whole.values() if isinstance(value, list)]
        whole = lists[0] if len(lists) == 1 and "id" not in whole else [whole]
    return ((at, _record(at, one)) for at, one in enumerate(whole, 1))


def _json_lines(text: str) -> Iterator[tuple[int, Record | str]]:
    for at, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield at, _record(at, json.loads(line))
            except ValueError as error:
                yield at, f"not JSON ({error})"


def _record(at: int, value: object) -> Record | str:
    return Record(at, value) if isinstance(value, dict) else "not an object in braces"
