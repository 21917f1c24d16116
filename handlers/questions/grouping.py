"""Which questions ask the same, across scripts, so that one answer serves all who asked; pure.

Whoever is put together wrongly is told a wrong answer. So two questions are the same only when each
names everything that the other names: their concepts, their numbers and sizes, and the words that
no concept stands for. On the development questions of creators (20 intents, 15 texts each in three
scripts) no two of different intents are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from handlers.questions.banglish import fold_word, stems
from handlers.questions.concepts import Concepts, lexicon
from handlers.questions.normalise import tokens

_WORDS_READ: Final = 100
# Asked in any question: they make no difference.
_LIGHT: Final = "can", "available", "in stock", "how much", "which", "product"
_HEAVY: Final = ("price",)  # what "how much" may name besides
_VERBS: Final = "আসবেন আসবে আসছেন আসেন যাবেন যাচ্ছেন থাকবেন থাকবে আছে আছেন করবেন করছেন বলবেন"
_SIZES: Final = (
    "xs", "s small choto chhoto ছোট স্মল", "m medium mid মিডিয়াম", "l large boro bara বড় লার্জ",
    "xl এক্সএল", "xxl 2xl", "xxxl 3xl",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """A word that no concept stands for, without endings as it may be written, and as it sounds."""

    written: frozenset[str]
    heard: frozenset[str]

    def meets(self, other: Name) -> bool:
        """Bengali letters are compared as they are; Banglish is spelled by taste."""
        if self.bengali and other.bengali:
            return bool(self.written & other.written)
        return bool(self.heard & other.heard)

    @property
    def bengali(self) -> bool:
        return not all(map(str.isascii, self.written))


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a question names: concepts, numbers and sizes, and its other words."""

    concepts: frozenset[Concepts]
    values: frozenset[str]
    names: tuple[Name, ...]

    @property
    def empty(self) -> bool:
        return not self.concepts and not self.names


@lru_cache(maxsize=8192)
def meaning(text: str) -> Meaning:
    """What `text` names, in any script."""
    words = tokens(text)[:_WORDS_READ]
    spans = [(concepts - _light(), said) for concepts, said in _spans(words) if _says(concepts)]
    bare = (word for named, said in spans if not named for word in said)
    return Meaning(
        frozenset(named for named, _ in spans if named),
        frozenset(_sizes().get(word, word) for word in words if _is_value(word)),
        tuple(_name(word) for word in bare if not _says_nothing(word)),
    )


def _name(word: str) -> Name:
    return Name(frozenset(stems(word)), frozenset(lexicon().word(word).heard))


def same(one: Meaning, other: Meaning) -> bool:
    """True when an answer to one question answers the other."""
    if one.empty or (one.concepts, one.values) != (other.concepts, other.values):
        return False
    return _covered(one.names, other.names) and _covered(other.names, one.names)


def likeness(one: Meaning, other: Meaning) -> float:
    """How much of all that two questions name both name, 0 to 1."""
    shared = len(one.concepts & other.concepts)
    shared += sum(1 for name in one.names if any(map(name.meets, other.names)))
    every = len(one.concepts | other.concepts) + max(len(one.names), len(other.names))
    return shared / every if every else 0.0


def group(text: str, others: Iterable[tuple[str, str]]) -> str | None:
    """The first of (theme, wording) that asks the same as `text`."""
    asked = meaning(text)
    return next((theme for theme, wording in others if same(asked, meaning(wording))), None)


def _covered(names: Iterable[Name], by: Sequence[Name]) -> bool:
    return all(any(map(name.meets, by)) for name in names)


def _spans(words: list[str]) -> Iterator[tuple[Concepts, list[str]]]:
    """What the words and phrases that say something name, and those words."""
    read = [lexicon().word(word) for word in words]
    spans = {first: (length, concepts) for first, length, concepts in lexicon().named(read)}
    at = 0
    while at < len(read):
        length, concepts = spans.get(at, (1, frozenset()))
        if concepts or not read[at].filler:
            yield concepts, words[at : at + length]
        at += length


def _says(concepts: Concepts) -> bool:
    return not concepts or not concepts <= _light()


def _says_nothing(word: str) -> bool:
    """A lone letter (লাইভ-এ), a number, which is a value, or a word that any question may have."""
    return len(word) < 2 or _is_value(word) or fold_word(word) in _common()


def _is_value(word: str) -> bool:
    return word in _sizes() or any(letter.isdigit() for letter in word)


@cache
def _light() -> Concepts:
    heavy: Concepts = frozenset().union(*map(lexicon().of, _HEAVY))
    return frozenset[str]().union(*map(lexicon().of, _LIGHT)) - heavy


@cache
def _common() -> frozenset[str]:
    """How words sound that any question may have, written in either script."""
    return frozenset(map(fold_word, [*tokens(_VERBS), *lexicon().filler]))


@cache
def _sizes() -> dict[str, str]:
    """Each way to write a size, with its first."""
    lines = [tokens(line) for line in _SIZES]
    return {word: line[0] for line in lines for word in line}
