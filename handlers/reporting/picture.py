"""The picture of a report in a chat: a drawing of the page, a few values until it is sent."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.model import Picture, Say
from bot.pictures import maker
from handlers.reporting import charts
from handlers.reporting.charts import Bar, Chart
from handlers.reporting.few import Hidden
from handlers.reporting.wording import Wording

KIND = "chart"


def picture_of(words: Wording, title: str, table: str) -> Picture | None:
    """The drawing of a table under `title`, in the reader's language; None where it has no rows
    or no clicks."""
    if not words.view.tables[table] or not words.view.net:
        return None
    chart = words.chart(table)
    chart = replace(chart, title=f"{charts.shortened(charts.clean(title))}: {chart.title}")
    alt = Say("text", text=f"{title}. {words.alt(table)}")
    return Picture(KIND, packed(chart), alt)


def packed(chart: Chart) -> str:
    """JSON of at most a few kilobytes; a number that is not told is null."""
    bars = [
        [bar.label, bar.clicks if isinstance(bar.clicks, int) else None, bar.told]
        for bar in chart.bars
    ]
    values = [chart.title, chart.language, bars, chart.upright, list(chart.named)]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def unpacked(values: str) -> Chart:
    title, language, bars, upright, named = json.loads(values)
    shown = [
        Bar(label, Hidden.WITHHELD if clicks is None else clicks, told)
        for label, clicks, told in bars
    ]
    return Chart(title, language, shown, upright, named)


@maker(KIND)
def _drawn(values: str) -> bytes:
    return charts.png(unpacked(values))
