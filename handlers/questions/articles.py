"""Articles and pasted text: headings become questions, what stands under them answers; pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.model import Community, Say
from handlers.questions.rows import HOME, SIZE, Found

LINES = 50_000  # of a text
_TITLE = 120  # characters of a heading that nothing but its place tells

_ASKED = re.compile(
    r"[*_>#\s]*(?:প্রশ্ন|জিজ্ঞাসা|question|ques|q)\s*[0-9০-৯]{0,4}[*_\s]*[:：.)।–-][*_\s]*(?=\S)",
    re.IGNORECASE,
)
_ANSWERED = re.compile(
    r"[*_>\s]*(?:উত্তর|জবাব|answer|ans|a)\s*[0-9০-৯]{0,4}[*_\s]*[:：.)।–-][*_\s]*", re.IGNORECASE
)
_ANSWERED_INSIDE = re.compile(
    r"\s[*_]{0,2}(?:উত্তর|জবাব|answer|ans)[*_]{0,2}\s?[:：][*_\s]*", re.IGNORECASE
)
_HASHES = re.compile(r"\s{0,3}(#{1,6})(?=\s|[^\s#])\s*(.*?)\s*#*\s*")
_UNDERLINE = re.compile(r"\s{0,3}(?:=+|-{2,})\s*")
_RULE = re.compile(r"\s{0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})")
_BOLD = re.compile(r"\s{0,3}(?:\*\*([^*]+)\*\*|__([^_]+)__)\s*[:：]?\s*")
_NUMBER = re.compile(r"\s{0,3}[(]?[0-9০-৯]{1,3}\s?[.)।:](?=\s|[^\s0-9০-৯])\s*")
_BULLET = re.compile(r"\s*[-*+•‣▪]\s+(?=\S)")
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_QUERY = ("?", "？", "؟")
_ENDS = ("।", ".", "!", ",", ";", "…", "॥")

# Marks inside a line, none of which says anything in a chat.
_MARKS: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(r"!\[([^\[\]]{0,300})\]\([^()\s]{0,2000}\)"), r"\1"),
    (re.compile(r"\[([^\[\]]{1,300})\]\(([^()\s]{1,2000})\)"), r"\1 (\2)"),
    (re.compile(r"\*\*([^*]{1,1000})\*\*"), r"\1"),
    (re.compile(r"__([^_]{1,1000})__"), r"\1"),
    (re.compile(r"(?<![\w*])\*([^\s*][^*]{0,1000})\*(?![\w*])"), r"\1"),
    (re.compile(r"`([^`]{1,1000})`"), r"\1"),
)  # fmt: skip


@dataclass(slots=True)
class Section:
    """A heading, the line it is on, how deep it lies (1 is the top), and the lines under it."""

    line: int
    title: str
    depth: int
    body: list[str] = field(default_factory=list)


_Heading = Callable[[Sequence[str], int], tuple[str, int] | None]


def import_article(text: str, home: Community = HOME) -> Found:
    """Never raises. `line` is that of a heading; what stands before the first one is left out.

    The surest signs of a heading that the text has are taken, and no others: "প্রশ্ন: … উত্তর: …"
    pairs, marks (#, underlines), bold lines, numbers, questions on a line of their own, or short
    lines over a paragraph.
    """
    found = Found("heading")
    sections, unread = _read(text)
    if unread is not None or not sections:
        found.unit = "line"
        found.wrong(1, unread or Say("import.no_headings"))
        return found
    titles = Counter(section.title for section in sections)
    for at, section in enumerate(sections):
        answer = _clean(section.body)
        if not answer and _is_parent(sections, at):
            continue
        title = section.title
        if titles[title] > 1 and (parent := _parent(sections, at)):
            title = f"{parent} – {title}"
        found.take(section.line, {"question": title, "answer": answer}, home)
        if found.full(section.line):
            break
    return found


def _read(text: str) -> tuple[list[Section], Say | None]:
    if not text.strip():
        return [], Say("import.empty")
    if len(text) > SIZE:
        return [], Say("import.too_large", limit=SIZE)
    lines = _lines(text)
    if len(lines) > LINES:
        return [], Say("import.too_many_lines", limit=LINES)
    return _sections(lines), None


def _lines(text: str) -> list[str]:
    """Without a byte order mark, front matter, comments and the fences of code."""
    text = text.removeprefix("\ufeff").replace("\0", "")
    lines = ["" if _FENCE.match(line) else line for line in _split(text)]
    if lines and lines[0].strip() == "---" and "---" in (line.strip() for line in lines[1:40]):
        end = next(at for at in range(1, len(lines)) if lines[at].strip() == "---")
        lines[: end + 1] = [""] * (end + 1)
    return ["" if re.fullmatch(r"\s*<!--[^<>]*-->\s*", line) else line for line in lines]


def _split(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _sections(lines: Sequence[str]) -> list[Section]:
    pairs = list(_pairs(lines))
    if pairs:
        return pairs
    for heading in (_marked, _bold, _numbered, _asking, _standing):
        sections = _under(lines, heading)
        if sections:
            return sections
    return []


# Pairs ------------------------------------------------------------------------------------------


def _pairs(lines: Sequence[str]) -> Iterator[Section]:
    """Questions that are called so and followed by an answer; other headings end an answer."""
    open_: Section | None = None
    answered = False
    for at, line in enumerate(lines):
        asked = _ASKED.match(line)
        if asked or _HASHES.fullmatch(line):
            if open_ is not None and (answered or asked):
                yield open_
            open_, answered = None, False
        if asked:
            title, _, rest = _parted(line[asked.end() :])
            open_, answered = Section(at + 1, _inline(title), 1), bool(rest)
            open_.body += [rest] if rest else []
        elif open_ is not None and not answered and (said := _ANSWERED.match(line)):
            answered = True
            open_.body.append(line[said.end() :])
        elif open_ is not None and answered:
            open_.body.append(line)
    if open_ is not None and answered:
        yield open_


def _parted(line: str) -> tuple[str, str, str]:
    """ "… উত্তর: …" on one line, as its two sides."""
    mark = _ANSWERED_INSIDE.search(line)
    return (line[: mark.start()], mark[0], line[mark.end() :]) if mark else (line, "", "")


# Headings ---------------------------------------------------------------------------------------


def _under(lines: Sequence[str], heading: _Heading) -> list[Section]:
    sections: list[Section] = []
    skip = -1
    for at, line in enumerate(lines):
        if at == skip:
            continue
        found = heading(lines, at)
        if found is not None:
            sections.append(Section(at + 1, _inline(found[0]), found[1]))
            skip = at + 1 if _underlined(lines, at) and heading is _marked else -1
        elif sections:
            sections[-1].body.append(line)
    return sections


def _marked(lines: Sequence[str], at: int) -> tuple[str, int] | None:
    hashes = _HASHES.fullmatch(lines[at])
    if hashes is not None:
        return (hashes[2], len(hashes[1])) if hashes[2] else None
    if _underlined(lines, at):
        return lines[at].strip(), 1 if "=" in lines[at + 1] else 2
    return None


def _underlined(lines: Sequence[str], at: int) -> bool:
    """A line of text with === or --- right below; nothing but white space above."""
    if at + 1 >= len(lines) or not _is_title(lines[at]) or _BULLET.match(lines[at]):
        return False
    alone = at == 0 or not lines[at - 1].strip()
    return alone and _UNDERLINE.fullmatch(lines[at + 1]) is not None


def _bold(lines: Sequence[str], at: int) -> tuple[str, int] | None:
    found = _BOLD.fullmatch(lines[at])
    return ((found[1] or found[2]).strip().rstrip(":："), 1) if found else None


def _numbered(lines: Sequence[str], at: int) -> tuple[str, int] | None:
    """ "১. দাম কত?" over its answer; a number with another one next to it is a step of a list."""
    number = _NUMBER.match(lines[at])
    if number is None or not _is_title(lines[at][number.end() :]):
        return None
    follows = next((line for line in lines[at + 1 : at + 3] if line.strip()), "")
    asks = lines[at].rstrip().endswith(_QUERY)
    over = at == 0 or not lines[at - 1].strip() or asks
    step = _NUMBER.match(follows) and not (asks and not follows.rstrip().endswith(_QUERY))
    return (lines[at][number.end() :].strip(), 1) if over and follows and not step else None


def _asking(lines: Sequence[str], at: int) -> tuple[str, int] | None:
    line = lines[at].strip()
    ends = line.endswith(_QUERY) and _is_title(line, 400)
    return (_BULLET.sub("", line, count=1), 1) if ends else None


def _standing(lines: Sequence[str], at: int) -> tuple[str, int] | None:
    """A short line without an end, right over a paragraph."""
    line = lines[at].strip()
    over = at + 1 < len(lines) and bool(lines[at + 1].strip())
    first = at == 0 or not lines[at - 1].strip()
    bare = (
        not line.endswith(_ENDS) and not _BULLET.match(lines[at]) and not _NUMBER.match(lines[at])
    )
    return (line.rstrip(":："), 1) if over and first and bare and _is_title(line) else None


def _is_title(line: str, limit: int = _TITLE) -> bool:
    return 0 < len(line.strip()) <= limit


# What stands under them -------------------------------------------------------------------------


def _is_parent(sections: Sequence[Section], at: int) -> bool:
    return at + 1 < len(sections) and sections[at + 1].depth > sections[at].depth


def _parent(sections: Sequence[Section], at: int) -> str:
    depth = sections[at].depth
    return next((one.title for one in reversed(sections[:at]) if one.depth < depth), "")


def _clean(body: Sequence[str]) -> str:
    """Lists and paragraphs as they are, without marks that say nothing in a chat."""
    lines: list[str] = []
    for raw in body:
        line = "" if _RULE.fullmatch(raw) else _inline(re.sub(r"^\s{0,3}(?:>\s?)+", "", raw))
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip()


def _inline(line: str) -> str:
    line = _BULLET.sub("• ", line, count=1) if _BULLET.match(line) else line
    for mark, instead in _MARKS:
        line = mark.sub(instead, line)
    return line.strip()
