"""Reading, step 3: words of three languages that mean the same, and what is said about nothing."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Final, TypeVar

from handlers.questions.banglish import fold_word, skeleton, stems
from handlers.questions.normalise import tokens

Concepts = frozenset[str]
Key = TypeVar("Key", bound=Hashable)

_NONE: Final[Concepts] = frozenset()
_SOUNDS: Final = 5  # a shorter English word sounds like some Bengali one: sale, সালে
_BONES: Final = 5  # four consonants or fewer are shared by too many words


@dataclass(frozen=True, slots=True)
class Word:
    """A word read: as it sounds with its endings and without, and what it says."""

    heard: tuple[str, ...]
    filler: bool
    concepts: Concepts


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Which concepts a word or phrase names. A word is looked up as written, then as it sounds,
    then by its consonants where only one concept has them.

    `written` has single words as they are spelled; `bengali` and `latin` the same words folded,
    apart, since a folded English word may sound like an unrelated Bengali one ("coat", কত).
    """

    written: dict[str, Concepts]
    bengali: dict[str, Concepts]
    latin: dict[str, Concepts]
    skeletons: dict[str, Concepts]
    phrases: dict[tuple[str, ...], Concepts]
    openings: frozenset[str]  # the first words of phrases
    longest: int  # words in a phrase
    filler: frozenset[str]
    filler_heard: frozenset[str]

    def word(self, written: str) -> Word:
        """Everything known of one word of `tokens`."""
        written = _plain(written)
        heard = tuple(map(fold_word, stems(written)))
        concepts = _first(self.written, stems(written))
        filler = written in self.filler or (not concepts and heard[0] in self.filler_heard)
        if not concepts and not filler:
            bones = [bone for form in heard if self._telling(bone := skeleton(form))]
            long = [form for form in heard if len(form) >= _SOUNDS]
            sounds = [heard[0], *long] if written.isascii() else long
            by_sound = _first(self.bengali, sounds) or _first(self.latin, long)
            concepts = by_sound or _first(self.skeletons, bones)
        return Word(heard, filler, concepts)

    def named(self, words: Sequence[Word]) -> Iterator[tuple[int, int, Concepts]]:
        """Where `words` name concepts: the first word, how many words, the concepts.

        The longest phrase wins over the words inside it.
        """
        at = 0
        while at < len(words):
            window = words[at : at + self.longest]
            length, concepts = self._phrase(window) or (1, words[at].concepts)
            if concepts:
                yield at, length, concepts
            at += length

    def _phrase(self, words: Sequence[Word]) -> tuple[int, Concepts] | None:
        if self.openings.isdisjoint(words[0].heard):
            return None
        for length in range(len(words), 1, -1):
            for inner in (0, -1):  # the words before the last as they are, then without endings
                start = tuple(word.heard[inner] for word in words[: length - 1])
                for last in words[length - 1].heard:
                    if concepts := self.phrases.get((*start, last)):
                        return length, concepts
        return None

    def _telling(self, bone: str) -> bool:
        return len(bone) >= _BONES and len(self.skeletons.get(bone, _NONE)) == 1


@cache
def lexicon() -> Lexicon:
    """The table shipped in `concepts.toml`, read once."""
    groups = tomllib.loads(shipped("concepts.toml"))
    filler = frozenset(map(_plain, tokens(groups.pop("words")["filler"])))
    named = [
        (tuple(map(_plain, tokens(phrase))), concept)
        for group in groups.values()
        for concept, line in group.items()
        for phrase in line.split(",")
    ]
    single = [(words[0], concept) for words, concept in named if len(words) == 1]
    heard = [(word.isascii(), fold_word(word), concept) for word, concept in single]
    phrases = [(tuple(map(fold_word, w)), concept) for w, concept in named if len(w) > 1]
    return Lexicon(
        written=_table(single),
        bengali=_table((form, concept) for ascii_, form, concept in heard if not ascii_),
        latin=_table((f, concept) for ascii_, f, concept in heard if ascii_ and len(f) >= _SOUNDS),
        skeletons=_table((skeleton(form), concept) for _, form, concept in heard),
        phrases=_table(phrases),
        openings=frozenset(words[0] for words, _ in phrases),
        longest=max(len(words) for words, _ in phrases),
        filler=filler,
        filler_heard=frozenset(fold_word(word) for word in filler if not word.isascii()),
    )


@lru_cache(maxsize=8192)
def read_word(written: str) -> Word:
    """`Lexicon.word` of the shipped table."""
    return lexicon().word(written)


@cache
def background() -> tuple[str, ...]:
    """The small talk shipped in `background.toml`, one message each, read once."""
    groups: dict[str, str] = tomllib.loads(shipped("background.toml"))
    return tuple(line for group in groups.values() for line in group.strip().splitlines())


def shipped(name: str) -> str:
    """A data file that lies beside this module."""
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _plain(word: str) -> str:
    """`word` without ৎ, which is ত্ with an invisible joiner as some keyboards type it."""
    return word.replace("ৎ", "ত্")


def _first(table: dict[str, Concepts], forms: Iterable[str]) -> Concepts:
    return next((table[form] for form in forms if form in table), _NONE)


def _table(pairs: Iterable[tuple[Key, str]]) -> dict[Key, Concepts]:
    table: defaultdict[Key, set[str]] = defaultdict(set)
    for key, concept in pairs:
        table[key].add(concept)
    return {key: frozenset(concepts) for key, concepts in table.items()}
