"""Charts: one definition gives the drawing on a page and the picture in a chat; pure.

The drawing holds no script, no style and no number that is not shown: a page styles it by its
classes, in light and dark, and the picture by `STYLE`.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element

from bot.words import number
from handlers.reporting.few import Shown

WIDTH = 360  # as wide as a small phone's screen, so that letters on it are as large as meant
TICKS = 4
LONGEST = 26  # letters of a name beside a bar
ZOOM = 3.0  # a picture for a chat is 1,080 pixels wide
FAMILY = "Hind Siliguri"
# Contrast on white: bars 6:1, text 17:1. Never colour alone: the name of a bar stands beside it.
STYLE = """
svg { font-family: "Hind Siliguri"; }
rect.background { fill: #ffffff; }
rect.rect { fill: #0b6e4f; }
path.line { stroke: #c4c4c4; stroke-width: 1; fill: none; }
text { fill: #1b1b1b; font-size: 11px; }
.title { font-size: 15px; font-weight: bold; text-anchor: middle; }
.axis.x text { text-anchor: middle; }
.axis.y text { text-anchor: end; }
"""
_DROPPED = {"defs", "desc", "title"}
_DECIMALS = re.compile(r"(\d+\.\d)\d+")
_JOINERS = "\u200c\u200d"
_BENGALI = re.compile("[\u0980-\u09ff][\u0980-\u09ff\u0964\u200c\u200d ,.:]*")


@dataclass(frozen=True, slots=True)
class Bar:
    """What stands beside a bar, and how long it is; a number that is not told has no bar."""

    label: str
    clicks: Shown
    told: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars in a row (`upright`, over time) or one below the other with their numbers beside them.

    `named` are the places of the bars whose label is written below an upright chart.
    """

    title: str
    language: str
    bars: Sequence[Bar]
    upright: bool = False
    named: Sequence[int] = ()


def svg(chart: Chart, title: bool = False) -> str:
    """The drawing, to be set into a page; with its `title` only where nothing else says it."""
    return str(_plot(chart, title).render(is_unicode=True))


def png(chart: Chart) -> bytes:
    """The picture, with its title."""
    import resvg_py  # 9 ms to import, and only those who ask for a picture need it

    return resvg_py.svg_to_bytes(
        svg_string=svg(chart, title=True), style_sheet=STYLE, zoom=ZOOM, skip_system_fonts=True,
        font_files=_fonts(), font_family=FAMILY, background="#ffffff",
    )  # fmt: skip


@cache
def _fonts() -> list[str]:
    import fontpkg

    return [str(fontpkg.path(FAMILY, weight=weight)) for weight in (400, 700)]


@cache
def _library() -> Any:
    """The library, imported when the first chart is drawn: that takes 50 ms."""
    import pygal

    # Its hook for plugins is of a kind that Python gave up, and warns at every later import.
    sys.meta_path[:] = [
        finder for finder in sys.meta_path if "pygal" not in type(finder).__module__
    ]
    return pygal


def _plot(chart: Chart, title: bool) -> Any:
    pygal = _library()
    bars = list(chart.bars) if chart.upright else list(reversed(chart.bars))
    values = [bar.clicks if isinstance(bar.clicks, int) else None for bar in bars]
    kind = pygal.Bar if chart.upright else pygal.HorizontalBar
    plot = kind(
        css=[], js=[], no_prefix=True, show_legend=False, disable_xml_declaration=True,
        width=WIDTH, height=_height(chart), margin=6, spacing=4, truncate_label=-1,
        title=clean(chart.title) if title else None,
        value_formatter=lambda value: number(round(value), chart.language),
    )  # fmt: skip
    plot.x_labels = [_beside(bar, chart.upright) for bar in bars]
    if chart.upright:
        plot.x_labels_major = [_beside(bars[place], True) for place in chart.named]
        plot.show_minor_x_labels = False
    ticks = _ticks(max((value or 0 for value in values), default=0), TICKS if chart.upright else 2)
    plot.y_labels = ticks
    # The library takes letters for narrower than those of Bengali numbers are.
    widest = max(len(number(tick, chart.language)) for tick in ticks)
    plot.margin_left, plot.margin_right = (
        (6 + 2 * widest, 24) if chart.upright else (6, 8 + 4 * widest)
    )
    plot.add("", values)
    plot.add_xml_filter(_bare)
    return plot


def _height(chart: Chart) -> int:
    return 180 if chart.upright else 50 + 26 * len(chart.bars)


def _beside(bar: Bar, upright: bool) -> str:
    name = clean(bar.label)
    return name if upright else f"{shortened(name)}: {bar.told}"


def _ticks(most: int, count: int) -> list[int]:
    """Whole round numbers from 0 to at least `most`, at most `count` steps apart."""
    step, factors = 1, (2, 5, 10)
    while step * count < most:
        power = 10 ** (len(str(step)) - 1)
        step = next(power * factor for factor in factors if power * factor > step)
    return list(range(0, step * (max(1, -(-most // step)) + 1), step))


def clean(text: str) -> str:
    """Without characters that XML may not hold or that would not be seen, joiners apart."""
    return "".join(c for c in text if c.isprintable() or c in _JOINERS)


def isolated(text: str) -> str:
    """Every stretch of Bengali between marks of isolation, which nobody sees.

    The drawer of pictures sets a stretch of text by the script it begins with: Bengali after
    Latin letters would fall apart into single signs. Browsers set both alike.
    """
    return _BENGALI.sub(lambda found: f"\u2066{found[0]}\u2069", text)


def shortened(name: str) -> str:
    """Cut where a letter ends, never between a letter and its sign."""
    if len(name) <= LONGEST:
        return name
    end = LONGEST
    while end and (
        unicodedata.category(name[end])[0] == "M"
        or name[end] in _JOINERS
        or name[end - 1] in _JOINERS
        or unicodedata.combining(name[end - 1]) == 9  # a virama joins what comes next
    ):
        end -= 1
    return name[:end].rstrip() + "…"


def _bare(root: Element) -> Element:
    """Take out what a page may not run or a reader does not see, and shorten the numbers."""
    for parent in list(root.iter()):
        for child in list(parent):
            if _needless(child):
                parent.remove(child)
    for element in root.iter():
        if element.tag == "text" and element.text:
            element.text = isolated(element.text)
        for name in ("rx", "ry", "style", "id"):
            element.attrib.pop(name, None)
        for name, value in element.attrib.items():
            element.attrib[name] = _DECIMALS.sub(r"\1", value)
    return root


def _needless(element: Element) -> bool:
    if not isinstance(element.tag, str):  # a comment
        return True
    kind = element.get("class", "").split()
    empty = element.tag == "g" and not len(element)
    return element.tag in _DROPPED or "tooltip-overlay" in kind or "overlay" in kind or empty
