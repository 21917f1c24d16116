"""What leaves for the language service: without control characters, and nothing personal."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

QUESTION, ANSWER = 500, 1500  # characters
_JOINERS: Final = "\u200c\u200d"  # Bengali spelling needs them
_PERSONAL: Final = re.compile(
    r"(?<![^\s@])[^\s@]*+@[^\s,;]+"  # e-mail addresses and handles
    r"|(?:(?<![a-z\d+.-])[a-z\d+.-]*+://|www\.)\S+"
    r"|\+?\d(?:[ ()/-]{0,2}\d){5,}",  # phone, order and card numbers
    re.IGNORECASE,
)


def line(text: str, limit: int) -> str:
    """`text` as one line of at most `limit` characters that shows what it is."""
    shown = (" " if _hidden(letter) else letter for letter in text)
    return " ".join("".join(shown).split())[:limit]


def masked(question: str) -> str:
    """A fan's question as it may leave: e-mails, handles, links and long numbers become "…"."""
    return _PERSONAL.sub("…", line(question, QUESTION))


def _hidden(letter: str) -> bool:
    return letter not in _JOINERS and unicodedata.category(letter) in ("Cc", "Cf", "Co", "Cs")
