"""What of a product a question is about: its price, its colours, how to order it; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from handlers.questions.concepts import lexicon
from handlers.questions.normalise import tokens

# What a fan can ask about, with the facts of a card that answer it.
TOPICS: Final[Mapping[str, tuple[str, ...]]] = {
    "price": ("price",), "colours": ("colours",), "sizes": ("sizes", "chart"), "stock": ("stock",),
    "delivery": ("inside", "outside"), "order": ("order",),
}  # fmt: skip
# Words of each topic: whatever the lexicon calls their concepts, and whatever sounds like them.
_WORDS: Final = {
    "price": "price, দাম",
    "colours": "colour, রং, কালার",
    "sizes": "size, সাইজ, xl, size chart",
    "stock": "stock, স্টক, স্টকে, available, in stock",
    "delivery": "delivery, ডেলিভারি, delivery charge, outside dhaka, inside dhaka",
    "order": "order, অর্ডার, buy, কিনব, where, কোথায়, where to buy",
}
_MUCH: Final = "কত"  # the price, unless something else is asked about
_NOTHING: Final = """
how, which, what, can, product, কী কী, আছে, this one, details, info, আপু, আপা, ভাই, ভাইয়া, sis, bro,
please, plz, জানাবেন, বলবেন"""
_WORDS_READ: Final = 100

Heard = frozenset[str]  # what a word or phrase says: its concepts, and how it sounds


@dataclass(frozen=True, slots=True)
class Asked:
    """`topics` of a product in the order they are named, and what is named `beside` them."""

    topics: tuple[str, ...]
    beside: tuple[Heard, ...]

    def about(self, name: str) -> bool:
        """True when everything the question names beside its topics is in `name` too."""
        known: Heard = frozenset().union(*(heard for heard, _ in _spans(name)))
        return all(heard & known for heard in self.beside)


def asked(text: str) -> Asked:
    """What a question is about, as far as the shipped lexicon tells."""
    topics: list[str] = []
    beside: list[Heard] = []
    much = False
    for heard, filler in _spans(text):
        named = [topic for topic, words in _WORDS.items() if not _telling(words).isdisjoint(heard)]
        topics += named
        how_much = not _telling(_MUCH).isdisjoint(heard)
        much = much or how_much
        if not (filler or named or how_much or _says_nothing(heard)):
            beside.append(heard)
    if much and not topics:
        topics.append("price")
    return Asked(tuple(dict.fromkeys(topics)), tuple(beside))


def _says_nothing(heard: Heard) -> bool:
    """A number, or a word that asks about anything."""
    return any(sound.isdigit() for sound in heard) or not _telling(_NOTHING).isdisjoint(heard)


@cache
def _telling(words: str) -> Heard:
    """What any of these words and phrases says; endings are not taken off a word's sound."""
    spans = [heard for word in words.split(",") for heard, _ in _spans(word, endings=True)]
    return frozenset().union(*spans)


def _spans(text: str, *, endings: bool = False) -> Iterator[tuple[Heard, bool]]:
    """The words and phrases of a text (of a phrase, its concepts alone), and which are filler.

    A word is heard with `endings` only, or also without them.
    """
    words = [lexicon().word(word) for word in tokens(text)[:_WORDS_READ]]
    spans = {first: (length, concepts) for first, length, concepts in lexicon().named(words)}
    at = 0
    while at < len(words):
        length, concepts = spans.get(at, (1, frozenset()))
        sounds = words[at].heard[:1] if endings else words[at].heard
        heard = concepts | frozenset(sounds if length == 1 else ())
        yield heard, words[at].filler and not concepts
        at += length
