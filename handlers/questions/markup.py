"""A page's HTML as plain text with marked headings, for `articles`; pure.

The standard library's parser takes minutes for two megabytes of "<a" on Python 3.11; what is read
here comes from anywhere, so this reader takes time in proportion to the length and no more.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

_HEADINGS = {f"h{depth}": depth for depth in range(1, 7)} | {"summary": 6, "dt": 6}
_BLOCK_NAMES = """
address article blockquote body br center dd details div dl dt fieldset figcaption figure form
header hr html li main ol p pre section summary table tbody tfoot thead tr ul h1 h2 h3 h4 h5 h6
"""
_DROPPED_NAMES = """
nav noscript template svg math head footer aside iframe object select button canvas audio video
dialog menu
"""
_BLOCKS, _DROPPED = frozenset(_BLOCK_NAMES.split()), frozenset(_DROPPED_NAMES.split())
_PARAGRAPHS = frozenset(["p", "dd", "table", "ul", "ol", *_HEADINGS])
_RAW = ("script", "style", "textarea", "title")  # no tag begins inside
_OPEN = re.compile(
    r"<(?:(!--)|[!?][^<>]{0,4000}>|(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})([^<>]{0,4000})>)"
)


@dataclass(slots=True)
class _Page:
    lines: list[str] = field(default_factory=list)
    main: list[str] = field(default_factory=list)  # what stands inside <main>
    words: list[str] = field(default_factory=list)
    start: str = ""
    dropping: str = ""  # the element that is left out, and how deep we are in ones of its name
    depth: int = 0
    mains: int = 0

    def say(self, text: str) -> None:
        if not self.dropping:
            self.words.append(_unescaped(text))

    def open(self, tag: str, attributes: str) -> None:
        whole = attributes.rstrip().endswith("/")
        if self.dropping:
            self.depth += tag == self.dropping and not whole
        elif tag in _DROPPED:
            self.end()
            self.dropping, self.depth = ("" if whole else tag), 1
        elif tag in ("td", "th"):
            self.words.append(" | ")
        elif tag in _BLOCKS:
            self.end()
            self.mains += tag == "main"
            if tag in _HEADINGS:
                self.start = "#" * _HEADINGS[tag] + " "
            elif tag == "li":
                self.start = "- "

    def close(self, tag: str) -> None:
        if self.dropping:
            self.depth -= tag == self.dropping
            self.dropping = self.dropping if self.depth else ""
        elif tag in _BLOCKS:
            self.end(blank=tag in _PARAGRAPHS)
            self.mains -= tag == "main" and self.mains > 0

    def end(self, blank: bool = False) -> None:
        """The line is full."""
        text = " ".join("".join(self.words).split()).strip("| ")
        self.words.clear()
        heading = self.start.startswith("#")
        if text:
            self._put(("\n" if heading else "") + self.start + text)
        if text or heading:
            self.start = ""
        if blank:
            self._put("")

    def _put(self, line: str) -> None:
        self.lines.append(line)
        if self.mains:
            self.main.append(line)


def text_of(source: str) -> str:
    """What a reader of the page sees, without menus and the foot; headings begin with #, points of
    a list with -. A second for megabytes: for a thread. Never raises."""
    page, at = _Page(), 0
    while (found := _OPEN.search(source, at)) is not None:
        page.say(source[at : found.start()])
        at = found.end()
        tag = (found[3] or "").lower()
        if found[1]:
            at = _after("-->", source, at)
        elif tag in _RAW and not found[2]:
            at = _after(f"</{tag}[^<>]{{0,100}}>", source, at)
        elif found[2]:
            page.close(tag)
        elif tag:
            page.open(tag, found[4])
    page.say(source[at:])
    page.end()
    lines = page.main if any(line.strip() for line in page.main) else page.lines
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _after(mark: str, source: str, at: int) -> int:
    """Behind what next looks like `mark`; what is never closed reaches to the end."""
    found = re.compile(mark, re.IGNORECASE).search(source, at)
    return found.end() if found else len(source)


def _unescaped(text: str) -> str:
    try:
        return html.unescape(text)
    except ValueError:  # a number of thousands of digits
        return text
