"""Reading what the team brings in: which of the forms it has, and text out of a file; pure."""

from __future__ import annotations

import codecs
from typing import Literal

from bot.model import Community, Refuse, Say
from handlers.questions.articles import import_article
from handlers.questions.objects import import_json
from handlers.questions.rows import HOME, SIZE, Found, Problem
from handlers.questions.tables import Row, column, import_csv, is_table, rows

__all__ = ["Found", "Kind", "Problem", "Row", "column", "decoded", "import_text", "kind_of", "rows"]

Kind = Literal["table", "json", "article"]
_BYTES = 4 * SIZE  # no text of SIZE characters has more
_MARKS = (  # longest first: the mark of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHERS = (
    (b"PK\x03\x04", "import.is_excel"),
    (b"\xd0\xcf\x11\xe0", "import.is_excel"),
    (b"%PDF", "import.is_pdf"),
)


def import_text(text: str, home: Community = HOME, kind: Kind | None = None) -> Found:
    """Every entry the text holds, and what is wrong with the rest; never raises. `kind` is what it
    is known to be; `home` has the language of answers whose words do not tell."""
    match kind or kind_of(text):
        case "json":
            return import_json(text, home)
        case "table":
            return import_csv(text, home)
        case _:
            return import_article(text, home)


def kind_of(text: str) -> Kind:
    """What the text looks like."""
    start = text.removeprefix("\ufeff").lstrip()
    if start[:1] == "{" or (start[:1] == "[" and start[1:].lstrip()[:1] in ("{", "]")):
        return "json"
    return "table" if is_table(start) else "article"


def decoded(data: bytes) -> str:
    """The text of a file. Raises Refuse, saying how to save it, when it is none."""
    if len(data) > _BYTES:
        raise Refuse(Say("import.too_large", limit=SIZE))
    for start, key in _OTHERS:
        if data.startswith(start):
            raise Refuse(Say(key))
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    if encoding.startswith("utf-8") and b"\0" in data:
        raise Refuse(Say("import.not_text"))
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise Refuse(Say("import.not_utf8")) from None
    if "\0" in text:
        raise Refuse(Say("import.not_text"))
    if len(text) > SIZE:
        raise Refuse(Say("import.too_large", limit=SIZE))
    return text.removeprefix("\ufeff")
