"""Product cards: what the team writes on one, and how it reads to whoever asks; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.model import Refuse, Say
from bot.wire import moment
from handlers.links.addresses import Wrong, destination
from handlers.questions.topics import TOPICS
from storage.cards import Fact
from storage.knowledge import Entry

# What can be said of a product, in the order it is said, with the most characters.
LIMITS: Final[Mapping[str, int]] = {
    "price": 100, "colours": 200, "sizes": 200, "chart": 1000, "stock": 100,
    "inside": 200, "outside": 200, "order": 500, "photo": 2000,
}  # fmt: skip
NAME: Final = 80  # characters: the name stands on buttons
PRICE_LASTS: Final = timedelta(days=30)

_DIGITS = str.maketrans("০১২৩৪৫৬৭৮৯", "0123456789")
_MONEY = re.compile(r"(?:৳|tk\.?|bdt|taka|টাকা(?:য়)?|/[-=]|\s)", re.IGNORECASE)
_YES = ("yes", "y", "in stock", "available", "আছে", "স্টকে আছে", "হ্যাঁ", "জি", "ache", "ase")
_NO = ("no", "n", "out of stock", "sold out", "নেই", "নাই", "না", "শেষ", "nei", "nai", "shesh")
_ITEM = re.compile(r"\s*(?:[;/\n।]|,(?!\d))\s*")
_SIZE = re.compile(
    r"(?:\d?x{0,3}[sl]|m|\d{1,3}|free size|small|medium|large|ফ্রি সাইজ|স্মল|মিডিয়াম|লার্জ|এক্সএল)",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?:রং|রঙ|কালার|colou?rs?|সাইজ|sizes?)\s*[:：-]\s*", re.IGNORECASE)
_OUTSIDE = re.compile(r"বাইরে|baire|outside|সারা ?দেশ|সারাদেশ", re.IGNORECASE)
_WHERE = re.compile(
    r"(?:ঢাকা(?:র|য়|য়)?|শহরের?|ভেতরে|ভিতরে|বাইরে|সারাদেশে?|সারা দেশে"
    r"|dhaka[ry]?|city|inside|outside|vitore|baire|the|of|in|[:：-]|\s)+",
    re.IGNORECASE,
)


# What the team writes --------------------------------------------------------------------------


def fact(name: str, text: str) -> str:
    """What is kept of a text written for the fact `name`. Raises Refuse with the remedy."""
    lines = [" ".join(line.split()) for line in text.strip().splitlines()]
    said = "\n".join(line for line in lines if line)
    if len(said) > LIMITS[name]:
        label = Say(f"option.{name}")
        raise Refuse(Say("form.too_long", field=label, limit=LIMITS[name], length=len(said)))
    match name:
        case "price" | "inside" | "outside":
            return amount(said)
        case "stock":
            plain = said.lower().rstrip("।.!")
            return "yes" if plain in _YES else "no" if plain in _NO else said
        case "photo" if said:
            found = destination(said)
            if isinstance(found, Wrong):
                raise Refuse(Say("card.no_photo", why=Say(f"link.wrong.{found}")))
            return found.url
    return said


def amount(text: str) -> str:
    """A whole number of taka in ASCII digits if that is all there is, else the text as it is."""
    plain = _MONEY.sub("", text.translate(_DIGITS).replace(",", ""))
    return str(int(plain)) if re.fullmatch(r"[0-9]{1,9}", plain) else text


def choices(text: str) -> dict[str, str]:
    """Colours and sizes out of one line: "লাল, নীল, M, L" or "রং: লাল / সাইজ: ৩৮, ৪০"."""
    found: dict[str, list[str]] = {"colours": [], "sizes": []}
    for item in _items(text):
        bare = _LABEL.sub("", item).strip()
        words = bare.translate(_DIGITS).split()
        sized = "সাইজ" in item or "size" in item.lower()
        if sized or _SIZE.fullmatch(" ".join(words)) or all(map(_SIZE.fullmatch, words)):
            found["sizes"].append(bare)
        elif bare:
            found["colours"].append(bare)
    return {name: ", ".join(items) for name, items in found.items() if items}


def delivery(text: str) -> dict[str, str]:
    """What delivery costs in the city and outside: "80 / 130", "ঢাকায় ৮০, বাইরে ১৩০", or words."""
    items = sorted(_items(text), key=lambda item: bool(_OUTSIDE.search(item)))
    if len(items) != 2 or _OUTSIDE.search(items[0]):
        return {"inside": text.strip()} if text.strip() else {}
    inside, outside = (item[_place(item) :] or item for item in items)
    return {"inside": inside, "outside": outside}


def _place(item: str) -> int:
    """Where the words that only say "in the city" or "outside" end."""
    found = _WHERE.match(item)
    return found.end() if found else 0


def _items(text: str) -> Iterator[str]:
    return (item.strip() for item in _ITEM.split(text) if item.strip())


# How it reads ----------------------------------------------------------------------------------


def missing(entry: Entry, topics: tuple[str, ...]) -> str | None:
    """What was asked about first and a product's card does not say."""
    if not entry.facts:
        return None
    return next((t for t in topics if not any(name in entry.facts for name in TOPICS[t])), None)


def said(entry: Entry, language: str, topics: tuple[str, ...], now: datetime, zone: str) -> Say:
    """The answer of an entry: a card with what was asked about first, else its text."""
    own = entry.answer(language)
    if not entry.facts:
        return Say("text", text=own)
    lines = [line for name in _order(topics) if (line := _line(entry.facts, name, now, zone))]
    unknown = missing(entry, topics)
    if unknown is not None:
        lines.insert(0, Say("card.unknown", topic=Say(f"card.topic.{unknown}")))
    lines[0] = Say("card.head", name=entry.question, line=lines[0])
    return Say("lines", lines=(*lines, *([Say("text", text=own)] if own else ())))


def _order(topics: tuple[str, ...]) -> list[str]:
    first = [name for topic in topics for name in TOPICS[topic]]
    return list(dict.fromkeys([*first, *LIMITS]))


def _line(facts: Mapping[str, Fact], name: str, now: datetime, zone: str) -> Say | None:
    """One line of a card; delivery outside stands with that inside."""
    if name not in facts or (name == "outside" and "inside" in facts):
        return None
    value = facts[name].value
    match name:
        case "price":
            return _price(facts[name], now, zone)
        case "stock" if value in ("yes", "no"):
            return Say(f"card.stock_{value}")
        case "inside" if "outside" in facts:
            return Say(
                "card.delivery_both", inside=_taka(value), outside=_taka(facts["outside"].value)
            )
        case "inside" | "outside":
            return Say(f"card.{name}", text=_taka(value))
    return Say(f"card.{name}", text=value)


def _price(fact: Fact, now: datetime, zone: str) -> Say:
    """With the day it was checked, or kindly with the days since then when those are many."""
    checked = moment(fact.checked_at)
    if now - checked > PRICE_LASTS:
        return Say("card.price_old", price=_taka(fact.value), days=(now - checked).days)
    day = checked.astimezone(ZoneInfo(zone))
    return Say("card.price", price=_taka(fact.value), day=day.day, month=Say(f"month.{day.month}"))


def _taka(value: str) -> Say:
    return (
        Say("card.taka", taka=int(value))
        if value.isascii() and value.isdigit()
        else Say("text", text=value)
    )
