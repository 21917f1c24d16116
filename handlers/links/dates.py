"""Days as people write them, in Bengali and English; pure.

"2026-11-30", "30.11.2026", "৩০/১১", "30 Nov", "৩০ নভেম্বর ২০২৬", "7 days", "৭ দিন", "2 weeks",
"tomorrow", "কাল", "Friday", "শুক্রবার". A day without a year is the next one of that date.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.wire import millis

_DIGITS = str.maketrans("০১২৩৪৫৬৭৮৯", "0123456789")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})[-/.](\d{1,2})(?:[-/.](\d{4}|\d{2}))?")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|শে|ই|লা|রা|ঠা)?\s+([^\W\d]\S*?)\.?,?(?:\s+(\d{4}))?")
_MONTH_DAY = re.compile(r"([^\W\d]\S*?)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?(?:\s+(\d{4}))?")
_SPAN = re.compile(
    r"(?:in\s+)?(\d{1,3})\s*([^\W\d]\S*)(?:\s+(?:পরে?|পর্যন্ত|ধরে|from now|later|por))?"
)

_NEAR = {
    "today": 0, "now": 0, "আজ": 0, "আজকে": 0, "এখন": 0, "aj": 0, "ajke": 0,
    "tomorrow": 1, "কাল": 1, "আগামীকাল": 1, "আগামী কাল": 1, "kal": 1, "agamikal": 1, "কালকে": 1,
    "day after tomorrow": 2, "পরশু": 2, "porshu": 2, "parshu": 2,
}  # fmt: skip
_SPANS = {
    "day": 1, "days": 1, "d": 1, "দিন": 1, "দিনের": 1, "din": 1,
    "week": 7, "weeks": 7, "w": 7, "সপ্তাহ": 7, "hafta": 7, "soptaho": 7,
}  # fmt: skip
_MONTHS_LONG = ("month", "months", "মাস", "mas", "mash")
_MONTHS = (
    ("january", "jan", "জানুয়ারি", "জানুয়ারী"), ("february", "feb", "ফেব্রুয়ারি", "ফেব্রুয়ারী"),
    ("march", "mar", "মার্চ"), ("april", "apr", "এপ্রিল"), ("may", "মে"), ("june", "jun", "জুন"),
    ("july", "jul", "জুলাই"), ("august", "aug", "আগস্ট", "অগাস্ট"),
    ("september", "sep", "sept", "সেপ্টেম্বর"), ("october", "oct", "অক্টোবর"),
    ("november", "nov", "নভেম্বর"), ("december", "dec", "ডিসেম্বর"),
)  # fmt: skip
_WEEKDAYS = (
    ("monday", "mon", "সোমবার", "সোম"), ("tuesday", "tue", "মঙ্গলবার", "মঙ্গল"),
    ("wednesday", "wed", "বুধবার", "বুধ"),
    ("thursday", "thu", "বৃহস্পতিবার", "বৃহস্পতি"), ("friday", "fri", "শুক্রবার", "শুক্র"),
    ("saturday", "sat", "শনিবার", "শনি"), ("sunday", "sun", "রবিবার", "রোববার", "রবি"),
)  # fmt: skip


def day(text: str, today: date) -> date | None:
    """The day a person means, None where nobody could tell; may lie in the past.

    Spans ("7 days") count from `today`.
    """
    said = " ".join(_one_spelling(text).translate(_DIGITS).lower().split()).rstrip("।.")
    try:
        return _near(said, today) or _written(said, today) or _named(said, today)
    except (ValueError, OverflowError):  # 31 February, or the year 12026
        return None


def starts(day: date, zone: str) -> int:
    """The first moment of the day in `zone`, in milliseconds."""
    return millis(datetime.combine(day, time(), ZoneInfo(zone)))


def ends(day: date, zone: str) -> int:
    """The last minute of the day in `zone`, in milliseconds."""
    return millis(datetime.combine(day, time(23, 59), ZoneInfo(zone)))


def _one_spelling(text: str) -> str:
    """য়, ড়, ঢ় have two spellings; keyboards differ."""
    pairs = (("\u09af\u09bc", "\u09df"), ("\u09a1\u09bc", "\u09dc"), ("\u09a2\u09bc", "\u09dd"))
    for apart, joined in pairs:
        text = text.replace(apart, joined)
    return text


def _near(said: str, today: date) -> date | None:
    if said in _NEAR:
        return today + timedelta(days=_NEAR[said])
    for number, names in enumerate(_WEEKDAYS):
        if said.removeprefix("next ").removeprefix("আগামী ") in names:
            return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    return None


def _written(said: str, today: date) -> date | None:
    if found := _ISO.fullmatch(said):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.fullmatch(said):
        return _of(int(found[1]), int(found[2]), found[3], today)
    if found := _DAY_MONTH.fullmatch(said):
        month = _month(found[2])
        if month:
            return _of(int(found[1]), month, found[3], today)
    if found := _MONTH_DAY.fullmatch(said):
        month = _month(found[1])
        return _of(int(found[2]), month, found[3], today) if month else None
    return None


def _named(said: str, today: date) -> date | None:
    found = _SPAN.fullmatch(said)
    if found is None:
        return None
    many, unit = int(found[1]), found[2]
    if unit in _SPANS:
        return today + timedelta(days=many * _SPANS[unit])
    return _months_on(today, many) if unit in _MONTHS_LONG else None


def _month(name: str) -> int | None:
    spelled = {_one_spelling(one): number for number, of in enumerate(_MONTHS, 1) for one in of}
    return spelled.get(name)


def _of(day: int, month: int, year: str | None, today: date) -> date:
    if year is not None:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    this = date(today.year, month, day)
    return this if this >= today else date(today.year + 1, month, day)


def _months_on(today: date, months: int) -> date:
    """The same day of the month, or its last where it is shorter."""
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return date(year, month + 1, min(today.day, last))
