"""The words of a report in one language: names, numbers, days, definitions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from babel.dates import format_date

from bot.model import Say
from bot.wire import moment
from bot.words import Reader, catalogue, number
from handlers.reporting.charts import Bar, Chart
from handlers.reporting.few import FEW, Hidden, Shown
from handlers.reporting.figures import OTHER, STEPS, Change
from handlers.reporting.view import Row, View
from storage.figures import COUNTED
from storage.seals import Renewed

DEFINITIONS = ("click", "left_out", "people", "verified", "intents", "few", "sales", "seal")
BARS = 8  # in one chart; the table has them all
CHANGES, LONGEST = 6, 100  # of each kind, the newest; letters of a value: the CSV has them all
_BENGALI_DIGITS = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")
_BENGALI, _LATIN = re.compile("[\u0980-\u09ff]"), re.compile("[A-Za-z]")
_MOMENT = re.compile(r"1[0-9]{12}")
_NAMED = {
    "platforms": {"web": "web"},
    "products": {"": "no_product"},
    "languages": {"": "no_language", "bn": "bn", "en": "en", "other": "other"},
}


class Wording:
    """`view` in the words of `language` ("bn", "en")."""

    def __init__(self, view: View, language: str) -> None:
        self.view = view
        self._reader = Reader(language, view.report.head.timezone)
        self.language = self._reader.language

    def say(self, key: str, **values: str | int) -> str:
        return self._reader.text(Say(f"report_page.{key}", **values))

    def at(self, at: int) -> str:
        """A moment (ms) in the community's time zone."""
        return self._reader.text(Say("text", text=moment(at)))

    def shown(self, clicks: Shown) -> str:
        if clicks is Hidden.FEW:
            return self.say("few", few=FEW)
        return self.say("withheld") if isinstance(clicks, Hidden) else self.count(clicks)

    def count(self, value: int) -> str:
        return number(value, self.language)

    def day(self, iso: str, pattern: str = "d MMM") -> str:
        text = str(format_date(date.fromisoformat(iso), pattern, locale=self.language))
        return text.translate(_BENGALI_DIGITS) if self.language == "bn" else text

    def period(self) -> str:
        since, until = self.view.report.since, self.view.report.until
        last = self.day(until, "d MMMM y")
        if since == until:
            return last
        first = self.day(since, "d MMMM" if since[:4] == until[:4] else "d MMMM y")
        return self.say("period", since=first, until=last)

    def name(self, table: str, name: str) -> str:
        """A row's name as this reader knows it."""
        if table == "days":
            return self.day(name)
        if table == "hours":
            text = f"{name}:00"
            return text.translate(_BENGALI_DIGITS) if self.language == "bn" else text
        if name in (known := _NAMED.get(table, {})):
            return self.say(f"name.{known[name]}")
        return name.capitalize() if table == "platforms" else name

    def tongue(self, text: str) -> str:
        """The language of a name, where by its script it is another than the page's; else ""."""
        other = "bn" if _BENGALI.search(text) else "en" if _LATIN.search(text) else ""
        return other if other != self.language else ""

    def headline(self) -> str:
        """What happened, in one sentence or a few."""
        view, numbers = self.view, self.view.numbers
        if view.report.gross == 0 or view.net == 0:
            return self._empty()
        told = [
            self.say(
                "headline", period=self.period(), clicks=self.shown(view.net),
                people=self.shown(numbers["people"]),
            )
        ]  # fmt: skip
        if numbers["verified"] not in (0, Hidden.WITHHELD):
            told.append(self.say("headline_verified", verified=self.shown(numbers["verified"])))
        if numbers["answered"] != 0:
            told.append(
                self.say(
                    "headline_questions", answered=self.shown(numbers["answered"]),
                    helpful=self.shown(numbers["helpful"]),
                )
            )  # fmt: skip
        return " ".join(told)

    def _empty(self) -> str:
        published = self.view.report.head.published_at
        if published is None:
            return self.say("empty_unpublished")
        return self.say("empty", at=self.at(published))

    def pace(self) -> str | None:
        """How far it is to the number that was promised; None without one."""
        report = self.view.report
        if report.head.goal is None:
            return None
        goal, clicks = self.count(report.head.goal), self.shown(self.view.net)
        if report.expected is None:
            return self.say("goal", goal=goal, clicks=clicks)
        return self.say(
            "goal_expected", goal=goal, clicks=clicks, expected=self.count(report.expected)
        )

    def why_empty(self) -> str:
        """Why a table has no rows."""
        if not isinstance(self.view.net, int):
            return self.say("too_few")
        return self.say("not_counted" if self.view.net else "none_yet")

    def alt(self, table: str) -> str:
        """A drawing in words: its largest parts; the table has them all."""
        told = [row for row in self.view.tables[table] if isinstance(row.clicks, int)]
        largest = sorted(told, key=lambda row: -int(str(row.clicks)))[:3]
        lines = ", ".join(
            self.say("alt_line", name=self.name(table, row.name), clicks=self.shown(row.clicks))
            for row in largest
        )
        return self.say("alt", title=self.say(f"heading.{table}"), lines=lines)

    def changes(self, renewed: Sequence[Renewed]) -> list[str]:
        """What was changed, what newer rules moved, and which days were sealed anew; of each kind
        the newest, and then how many there are besides."""
        edits = [self._change(one) for one in self.view.report.changes if one.field != "made"]
        moves = [
            self.say(
                "moved", at=self.at(one.at), clicks=self.shown(clicks), was=self.kind(one.was),
                now=self.kind(one.now), ruleset=one.ruleset,
            )
            for one, clicks in self.view.revisions
        ]  # fmt: skip
        seals = [
            self.say(
                "resealed", at=self.at(one.at), day=self.day(one.day),
                reason=self.say(f"reason.{one.reason}"),
            )
            for one in renewed
        ]  # fmt: skip
        told = [line for kind in (edits, moves, seals) for line in kind[-CHANGES:]]
        more = len(edits) + len(moves) + len(seals) - len(told)
        return [*told, self.say("more_changes", count=more)] if more else told

    def _change(self, change: Change) -> str:
        known = f"report_page.field.{change.field}" in catalogue()[self.language]
        field = self.say(f"field.{change.field}") if known else change.field
        where = f"{change.placement}: " if change.placement else ""
        return self.say(
            "changed", at=self.at(change.at), what=f"{where}{field}",
            before=self._value(change.before), after=self._value(change.after),
        )  # fmt: skip

    def _value(self, text: str) -> str:
        """Moments stand in changes as milliseconds."""
        if _MOMENT.fullmatch(text):
            return self.at(int(text))
        return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"

    def kind(self, kind: str) -> str:
        """The step that a class of requests belongs to."""
        if kind == COUNTED:
            return self.say("step.net")
        step = next((step for step, kinds in STEPS.items() if kind in kinds), OTHER)
        return self.say(f"step.{step}")

    def definitions(self) -> list[tuple[str, str]]:
        return [(key, self.say(f"define.{key}")) for key in DEFINITIONS]

    def waterfall(self) -> list[tuple[str, Shown]]:
        """(step, how many), from all requests to the clicks."""
        left_out = [(row.name, row.clicks) for row in self.view.left_out]
        return [("gross", self.view.gross), *left_out, ("net", self.view.net)]

    def chart(self, table: str) -> Chart:
        """The drawing of a table: days and hours upright, of others the largest."""
        rows, title = self.view.tables[table], self.say(f"heading.{table}")
        upright = table in ("days", "hours")
        rows = rows if upright else rows[:BARS]
        bars = [self._bar(table, row) for row in rows]
        return Chart(title, self.language, bars, upright, _spread(len(bars)) if upright else ())

    def _bar(self, table: str, row: Row) -> Bar:
        return Bar(self.name(table, row.name), row.clicks, self.shown(row.clicks))


def _spread(count: int) -> list[int]:
    """At most four places, from the first to the last."""
    if count < 5:
        return list(range(count))
    return [0, count // 3, 2 * count // 3, count - 1]
