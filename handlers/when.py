"""Moments as creators write them, in Bengali, English and Banglish: "৩ দিন", "kal rat 9 ta",
"শুক্রবার রাত সাড়ে ৯টা", "30 Nov 18:00"; pure.

`dateparser` reads the English it is given; the table here turns what it does not know into that:
parts of the day, টা, সাড়ে, numbers in words, Banglish.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from handlers.when_words import FRACTIONS, HALVES, HOURS, NUMBERS, PARTS, WORDS, YET_NIGHT

LONGEST = 60  # characters; nobody needs more, and nothing longer is tried
END_OF_DAY = time(23, 59)
_DIGITS = str.maketrans("০১২৩৪৫৬৭৮৯", "0123456789")
_ORDINAL = re.compile(r"(?<=\d)\s?(?:st|nd|rd|th|শে|ই|লা|রা|ঠা)(?=[\s,]|$)")
_GLUED = re.compile(r"(?<=\d)(?=[^\W\d_])(?![a-z]{2,}\d)")
_OCLOCK = re.compile(r"(\S+?)\s?(?:টা|টায়|টার|ta|tay|tae|tar)(?!\S)")
_SPAN = re.compile(r"(?:in )?(?:\d{1,4} (?:minute|hour|day|week|month|year)s? ?)+")
_EXACT = re.compile(r"(?:in )?(?:\d{1,4} (?:minute|hour)s? ?)+")
_CLOCKED = re.compile(r"\d{1,2}:\d\d|\d\s?[ap]m(?!\S)")
_VAGUE = re.compile(
    r"\W*\d*\W*|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?: \d{4})?"
)
_LAST_NIGHT_HOUR = 5
_HALF_DAY = 12


@dataclass(frozen=True, slots=True)
class Moment:
    """`at` is aware UTC; `span` is how long it is from now, where a length of time was written."""

    at: datetime
    span: timedelta | None = None


def read(text: str, now: datetime, zone: str, clock: time = END_OF_DAY) -> Moment | None:
    """The moment a person means, None where nobody could tell; may lie in the past.

    A day without a clock time is taken at `clock`. Night hours after midnight belong to the day
    before: "শুক্রবার রাত ১২টা" ends that Friday. A time that the clocks skip is the one after it.
    """
    said, after = _english(text)
    if _SPAN.fullmatch(said):
        return _span(said, now, zone)
    found = _parsed(said, now.astimezone(ZoneInfo(zone)).replace(tzinfo=None))
    if found is None:
        return None
    if not _CLOCKED.search(said):
        found = datetime.combine(found.date(), clock)
    if after is not None:
        found = _that_night(found, after, now.astimezone(ZoneInfo(zone)).replace(tzinfo=None))
    return Moment(found.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC))


def day(text: str, today: date) -> date | None:
    """The day a person means, None where nobody could tell; may lie in the past.

    Spans ("7 days") count from `today`. A day without a year is the next one of that date.
    """
    said, _ = _english(text)
    if said == "today":
        return today
    found = _parsed(said, datetime.combine(today, time()))
    return found.date() if found else None


def prepare() -> None:
    """Load what reads dates (0.2 s, 15 MB), which is otherwise done when the first is read."""
    _parsed("tomorrow", datetime(2026, 1, 1))  # noqa: DTZ001 (a clock on the wall)


def _span(said: str, now: datetime, zone: str) -> Moment | None:
    """Hours are counted as they pass, days and longer by the clock on the wall."""
    home = UTC if _EXACT.fullmatch(said) else ZoneInfo(zone)
    found = _parsed(said, now.astimezone(home).replace(tzinfo=None))
    if found is None:
        return None
    at = found.replace(tzinfo=home).astimezone(UTC)
    return Moment(at, at - now)


def _that_night(found: datetime, named: bool, local: datetime) -> datetime:
    """Twelve and the hours after it, said of the night: the night that follows the day named."""
    if not named or (found.date() == local.date() and found > local):
        return found if found > local else found + timedelta(days=1)
    return found + timedelta(days=1)


# Into the library's English ------------------------------------------------------------------


@lru_cache(maxsize=256)
def _english(text: str) -> tuple[str, bool | None]:
    """What the library can read, and, for hours after midnight said of a night, whether a day was
    named (None for other times)."""
    if len(text) > LONGEST:
        return "", None
    said = " ".join(spelled(text).replace(",", " ").split()).strip("।.!? ")
    said = _GLUED.sub(" ", _ORDINAL.sub("", said))
    for words, meant in _TABLE:
        said = words.sub(meant, said)
    said = " ".join(_in_figures(said).split())
    return _with_clock(said)


def spelled(text: str) -> str:
    """One spelling of what keyboards write in several: digits, letters with a dot, case."""
    return unicodedata.normalize("NFC", text).translate(_DIGITS).lower()


def _in_figures(said: str) -> str:
    """Numbers in words, with টা or without: "নয়টা" is "9 @", "দেড়টা" "1:30 @"."""
    said = _OCLOCK.sub(lambda m: f"{_NUMBERS.get(m[1], m[1])} @" if _counts(m[1]) else m[0], said)
    return " ".join(_NUMBERS.get(word, word) for word in said.split())


def _counts(word: str) -> bool:
    return word[-1].isdigit() or word in _NUMBERS


def _with_clock(said: str) -> tuple[str, bool | None]:
    """The clock time as the library reads it."""
    found = next((m for m in _CLOCK.finditer(said) if _is_clock(m)), None)
    if found is None:
        return said, None
    hour, minute = int(found["hour"]), int(found["minute"] or found["more"] or 0)
    if (shift := FRACTIONS.get(found["part_of"] or "")) is not None:
        hour, minute = divmod(hour * 60 + minute + shift, 60)
    part = found["before"] or found["behind"] or ""
    hour, next_day = _of_day(hour, part)
    if hour > 23 or minute > 59:
        return "", None
    rest = f"{said[: found.start()]} {said[found.end() :]}".split()
    return " ".join([*rest, f"{hour:02}:{minute:02}"]), bool(rest) if next_day else None


def _is_clock(found: re.Match[str]) -> bool:
    """A number alone is none, nor is one that says which day of a month it is."""
    return any(found[name] for name in ("before", "behind", "part_of", "oclock"))


def _of_day(hour: int, part: str) -> tuple[int, bool]:
    """The hour of 24, and whether it belongs to the night that began the day before."""
    if part == YET_NIGHT and hour % _HALF_DAY <= _LAST_NIGHT_HOUR and hour <= _HALF_DAY:
        return hour % _HALF_DAY, True
    first = HOURS.get(part)
    if first is None or hour > _HALF_DAY:
        return hour, False
    return next(h for h in (hour, hour + _HALF_DAY, hour % _HALF_DAY) if h >= first), False


# The library ---------------------------------------------------------------------------------


def _parsed(said: str, base: datetime) -> datetime | None:
    """Its reading, counted from `base`; both are times on the wall."""
    if not said or _VAGUE.fullmatch(said):
        return None
    settings = {**_SETTINGS, "RELATIVE_BASE": base}
    try:
        found: datetime | None = _library().parse(said, languages=["en"], settings=settings)
    except (ValueError, OverflowError):
        return None
    return None if found is None or found.tzinfo else found  # a zone of another place: not guessed


@lru_cache(maxsize=1)
def _library() -> Any:
    """Loaded when a date is first read: most processes never do."""
    import dateparser

    return dateparser


_SETTINGS = {
    "PREFER_DATES_FROM": "future",
    "DATE_ORDER": "DMY",
    "PREFER_LOCALE_DATE_ORDER": False,
    "PARSERS": ["relative-time", "absolute-time"],
}


def _any(words: Iterable[str]) -> str:
    """Any of these words, whole, the longest first; matras are no letters to `re`."""
    listed = sorted({spelled(word) for word in words}, key=len, reverse=True)
    return rf"(?<!\S)(?:{'|'.join(map(re.escape, listed))})(?!\S)"


_NUMBERS = {spelled(word): figure for word, figure in NUMBERS.items()}
_TABLE = [
    (re.compile(_any(words)), meant)
    for meant, words in (*HALVES.items(), *WORDS.items(), *PARTS.items())
]
_PARTS = "|".join(PARTS)
_CLOCK = re.compile(
    rf"(?:(?P<before>{_PARTS}) )?(?:(?P<part_of>{'|'.join(FRACTIONS)}) )?"
    r"(?<![\d:./-])(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?(?![\d:./-])"
    rf"(?P<oclock> @)?(?: (?P<more>\d\d?) minutes)?(?: (?P<behind>{_PARTS})(?!\S| [\d~]))?"
)
