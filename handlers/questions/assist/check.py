"""Whether a text says no more than the answer it is taken from: its numbers, prices, dates, links,
handles and words; pure. When in doubt, no."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Final, Literal

from handlers.questions.normalise import language as language_of
from handlers.questions.normalise import script

LONGEST = 400  # characters
_KNOWN_WORDS = 0.5  # of the longer words at least, so many are the entry's own
_WORD, _START = 4, 4  # letters of a longer word, and of the start it is known by

# Each begins where a run of its letters does: from everywhere it would take time squared.
_ADDRESS: Final = re.compile(
    r"(?<![^\s@<>()])(?P<mail>[^\s@<>()]++@[^\s@<>()]+\.[^\s@<>()]+)"
    r"|(?P<handle>@\s?[\w\u0980-\u09ff.]+)"
    r"|(?P<link>(?<![a-z\d+.-])[a-z\d+.-]*+://\S+"
    r"|(?<![\w\u0980-\u09ff.-])\.*+(?:[\w\u0980-\u09ff-]++\.)+"
    r"[^\W\d_][\w\u0980-\u09ff-]++(?:[/:?#]\S*)?)",
    re.IGNORECASE,
)
_AFTER_ADDRESS: Final = ".,;:!?)]}\"'।”’"
_TOKEN: Final = re.compile(
    r"(?P<code>(?<![a-z\d])(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]+)"  # SAVE20, 2xl
    r"|(?P<number>\d+(?:\.\d+){2,}"  # 20.11.2026 is no decimal
    r"|(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,2}(?:,\d{2})*,\d{3}(?!\d)|\d+)(?:\.\d+)?)"
    r"|(?P<word>[\u0980-\u09ff]+|[^\W\d_]+)"
)
_NEXT: Final = re.compile(r" {0,2}[-/:.+*×~=]? {0,2}")  # what may stand inside one number or date
_UNIT_GAP: Final = re.compile(r"[ ./=:-]*")
_ENDING: Final = re.compile(
    unicodedata.normalize("NFKC", "(?<=..)(?:টা|টি|টার|টির|টায়|টিতে|জন|জনের|ের|র|তে|ে|য়|ও|ই|কে)$")
)
_SIGNS: Final = {
    **{"৳": " টাকা ", "৲": " টাকা ", "$": " usd ", "₹": " inr ", "€": " eur ", "%": " percent "},
    **{"'": "", "’": ""},  # don't
}
_DASHES: Final = "‐‑‒–—−"
Kind = Literal["count", "unit", "time", "claim"]


def fault(said: str, answer: str, question: str, language: str) -> str | None:
    """Why `said` may not be given as what an entry says, in words for a log; None when it may.

    `answer` and `question` are the entry's, `language` ("bn" or "en") what it must be in.
    """
    if not said.strip() or len(said) > LONGEST:
        return "length"
    if any(map(_strange, said)):
        return "letters"
    if not _in(language, said, answer):
        return "language"
    if claims(said) - claims(answer, cited=True):
        return "not in the answer"
    words, known = _longer(said), _longer(f"{question} {answer}")
    if sum(word in known for word in words) < _KNOWN_WORDS * len(words):
        return "other words"
    return None


def _in(language: str, said: str, answer: str) -> bool:
    """English that says "taka" may look like Banglish; so does the answer then."""
    if language == "bn":
        return language_of(said) == "bn"
    banglish = language_of(said) == "bn-Latn" and language_of(answer) != "bn-Latn"
    return script(said) == "latn" and not banglish


def claims(text: str, cited: bool = False) -> set[str]:
    """Everything in `text` that must be right to the letter, in one spelling for both scripts.

    A `cited` text also allows its numbers without their units.
    """
    text = "".join(map(_digit, unicodedata.normalize("NFKC", text)))
    found = {_address(match) for match in _ADDRESS.finditer(text)}
    text = _ADDRESS.sub(" | ", text).casefold()
    for sign, word in _SIGNS.items():
        text = text.replace(sign, word)
    text = _glued().sub(" ", text)
    found |= {letter for letter in text if unicodedata.category(letter) in ("No", "Nl", "Sc")}
    return found | set(_counted(text, cited)) | set(_named(text))


def _counted(text: str, cited: bool) -> Iterator[str]:
    """Numbers and words for numbers, those that stand together as one, with their units."""
    tokens = list(_TOKEN.finditer(text))
    at = 0
    while at < len(tokens):
        if not _counts(tokens[at]):
            at += 1
            continue
        end = at + 1
        while (
            end < len(tokens) and _counts(tokens[end]) and _joined(text, tokens[end - 1 : end + 1])
        ):
            end += 1
        number = _spelled(text, tokens[at:end])
        units = [_unit(text, tokens[end - 1 : end + 1], 1)]
        units += [_unit(text, tokens[max(at - 1, 0) : at + 1], 0)] if at else []
        named = [f"{number} {unit}" for unit in units if unit]
        yield from [number, *named] if cited else named[:1] or [number]
        at = end


def _named(text: str) -> Iterator[str]:
    """Words that promise something: days, months, "free", "double"."""
    for token in _TOKEN.finditer(text):
        kind, word = _telling(token["word"] or "")
        if kind in ("time", "claim"):
            yield word


def _counts(token: re.Match[str]) -> bool:
    return token["word"] is None or _telling(token["word"])[0] == "count"


def _joined(text: str, two: list[re.Match[str]]) -> bool:
    return _NEXT.fullmatch(text, two[0].end(), two[1].start()) is not None


def _spelled(text: str, tokens: list[re.Match[str]]) -> str:
    """One spelling: 2450 for 2,450 and 2450.00, 3-5 for 3 – 5; other things as they are."""
    parts: list[str] = []
    end = tokens[0].start()
    for token in tokens:
        parts.append(text[end : token.start()].replace(" ", "") or (" " if parts else ""))
        word = _telling(token["word"])[1] if token["word"] else token[0]
        parts.append(re.sub(r"\.0+$", "", word.replace(",", "")) if token["number"] else word)
        end = token.end()
    return "".join(parts)


def _unit(text: str, two: list[re.Match[str]], at: int) -> str:
    """The unit that one of two neighbours is, if nothing but a space or the like is between."""
    if (
        len(two) < 2
        or not two[at]["word"]
        or not _UNIT_GAP.fullmatch(text, two[0].end(), two[1].start())
    ):
        return ""
    kind, word = _telling(two[at]["word"])
    return word if kind in ("unit", "time") else ""


def _telling(word: str) -> tuple[Kind | None, str]:
    """What a word promises, and the word that stands for all its forms."""
    table = _table()
    for _ in range(3):
        if word in table:
            return table[word]
        word = _ENDING.sub("", word)
    return None, word


@cache
def _table() -> dict[str, tuple[Kind, str]]:
    """`telling.toml`: a line of forms each, of which the first stands for all."""
    text = resources.files(__package__).joinpath("telling.toml").read_text(encoding="utf-8")
    table: dict[str, tuple[Kind, str]] = {}
    groups: dict[Kind, str] = tomllib.loads(unicodedata.normalize("NFKC", text))  # type: ignore[assignment]
    for kind, lines in groups.items():
        for line in lines.strip().splitlines():
            forms = line.split()
            # A word for a number is not its digits, and not a word of another spelling.
            table |= {form: (kind, form if kind == "count" else forms[0]) for form in forms}
    return table


@cache
def _glued() -> re.Pattern[str]:
    """Where a unit sticks to its number: 80tk, tk80."""
    units = "|".join(w for w, (kind, _) in _table().items() if kind == "unit" and w.isascii())
    return re.compile(
        rf"(?<=\d)(?=(?:{units})(?![a-z\d]))|(?:(?<=\btk)|(?<=\bbdt)|(?<=\brs)|(?<=\busd))(?=\d)"
    )


def _address(match: re.Match[str]) -> str:
    """Links to the letter; mail and handles in lower case."""
    text = match[0].rstrip(_AFTER_ADDRESS)
    return text if match["link"] else text.casefold().replace(" ", "")


def _longer(text: str) -> set[str]:
    words = _TOKEN.finditer(unicodedata.normalize("NFKC", text).casefold())
    return {w["word"][:_START] for w in words if w["word"] and len(w["word"]) >= _WORD}


def _digit(letter: str) -> str:
    value = unicodedata.decimal(letter, None)
    if value is not None:
        return str(value)
    return {"\u200c": "", "\u200d": "", "。": "."}.get(letter, "-" if letter in _DASHES else letter)


def _strange(letter: str) -> bool:
    """Neither Bengali nor plain Latin, or not to be seen."""
    kind = unicodedata.category(letter)
    if kind[0] == "L":
        return not unicodedata.name(letter, "").startswith(("LATIN ", "BENGALI "))
    return letter not in "\u200c\u200d\n" and kind in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")
