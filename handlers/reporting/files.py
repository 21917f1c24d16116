"""Files of a report: a table and JSON that say what the page says, to the last figure; pure."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.wire import moment
from handlers.reporting.few import Hidden, Shown
from handlers.reporting.view import View
from handlers.reporting.wording import Wording

COLUMNS = ("section", "item", "value")
# What a spreadsheet would run, full-width forms too, behind spaces or apostrophes of any number.
_FORMULA = re.compile(r"[\s']*[=+\-@＝＋－＠﹢﹣﹦﹫−\t\r\n]")


def as_csv(view: View, language: str) -> str:
    """Definitions first; begins with a byte order mark, without which spreadsheets spoil Bengali.

    Three columns, so that one filter finds any figure: section, item, value.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in lines(view, language):
        writer.writerow(safe(str(cell)) for cell in row)
    return "\ufeff" + text.getvalue()


def safe(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def lines(view: View, language: str) -> Iterator[tuple[str, str, str | int]]:
    """(section, item, value) of all that is on the page."""
    told = contents(view, language)
    for section in ("definitions", "report", "waterfall", "numbers"):
        yield from ((section, item, value) for item, value in told[section].items())
    for table, rows in told["tables"].items():
        yield from ((table, row["name"], row["clicks"]) for row in rows)
    for section in ("changes", "revisions"):
        for row in told[section]:
            at = row.pop("at")
            yield section, at, ", ".join(f"{name}: {value}" for name, value in row.items())


def as_json(view: View, language: str) -> str:
    return json.dumps(contents(view, language), ensure_ascii=False, indent=1) + "\n"


def contents(view: View, language: str) -> dict[str, Any]:
    """Ready for JSON; a number that is not told is "<10" or "not shown"."""
    words, report = Wording(view, language), view.report
    return {
        "definitions": dict(words.definitions()),
        "report": _heading(view),
        "waterfall": {step: _plain(count) for step, count in words.waterfall()},
        "numbers": {name: _plain(count) for name, count in view.numbers.items()},
        "tables": {
            table: [{"name": row.name, "clicks": _plain(row.clicks)} for row in rows]
            for table, rows in view.tables.items()
        },
        "changes": [
            {"at": _at(change.at, report.head.timezone), "placement": change.placement,
             "field": change.field, "before": change.before, "after": change.after}
            for change in report.changes
        ],
        "revisions": [
            {"at": _at(one.at, report.head.timezone), "rules": one.ruleset, "was": one.was,
             "now": one.now, "clicks": _plain(clicks)}
            for one, clicks in view.revisions
        ],
    }  # fmt: skip


def _heading(view: View) -> dict[str, str | int]:
    report, head = view.report, view.report.head
    found: dict[str, str | int] = {
        "brand": head.brand, "campaign": head.campaign, "creator": head.creator,
        "since": report.since, "until": report.until, "time zone": head.timezone,
        "last update": _at(report.updated_at, head.timezone),
    }  # fmt: skip
    if head.goal is not None:
        found["goal"] = head.goal
    if report.expected is not None:
        found["expected by now"] = report.expected
    return found


def _at(at: int, zone: str) -> str:
    local: datetime = moment(at).astimezone(ZoneInfo(zone))
    return local.isoformat(timespec="seconds")


def _plain(count: Shown) -> int | str:
    return count.value if isinstance(count, Hidden) else count
