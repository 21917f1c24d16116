"""Reading, step 4: what a text is compared by: letters, spelling, words and concepts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from handlers.questions.banglish import skeleton
from handlers.questions.concepts import Concepts, Lexicon, Word
from handlers.questions.normalise import tokens
from handlers.questions.typos import mended

Features = dict[str, float]

# Four blocks, each a unit vector of its own: how words sound, how they are spelled, which words
# they are, and what they mean. A feature's first sign tells its block; one of letters has no mark.
LETTERS, SPELLING, WORDS, CONCEPTS = range(4)
BLOCKS: Final = 4
_BONES, _SPELLED, _STEM, _CONCEPT = "#", "~", "=", "@"
_MARKS: Final = {_SPELLED: SPELLING, _STEM: WORDS, _CONCEPT: CONCEPTS}

# Chosen on the development questions of creators and on three public sets of English requests.
_GRAMS: Final = (2, 3, 4)
_NAMED = 0.4  # the letters of a word whose concept is known say less
_FILLER = 0.4  # so do those of a word heard in any question
_FIELD = 0.55  # of a concept, shared by what is near in meaning
_SKELETON = 0.7  # n-grams of consonants, for vowels written by taste
_UNNAMED = 0.5  # a content word without a concept is one of its own, of this weight
_WORDS_READ, _LETTERS_READ = 100, 40  # of a text and of a word; more is not a question


def block(feature: str) -> int:
    """Which of the blocks `feature` is of."""
    return _MARKS.get(feature[0], LETTERS)


def features(text: str, lexicon: Lexicon, spelled: bool = True) -> Features:
    """What `text` is compared by, each with a weight above 0; nothing when it has no words.

    Spelling and words, half of them all, only when `spelled`: the nearest neighbour needs neither.
    """
    return features_of(tokens(text), lexicon, spelled)


def features_of(text: Sequence[str], lexicon: Lexicon, spelled: bool = True) -> Features:
    """`features` of a text that `tokens` has read."""
    written = [word[:_LETTERS_READ] for word in text[:_WORDS_READ]]
    read: Features = {}
    if not written:
        return read
    words = [mended(word, lexicon) for word in written]
    weights = _named(words, lexicon, read)
    if spelled:
        read |= {_STEM + word.heard[-1]: 1.0 for word in words}
        read |= dict.fromkeys(_cut(" ".join(written), _SPELLED), 1.0)
    # Heaviest last: an n-gram weighs as much as the heaviest word it is in.
    for weight, folded in sorted((w, x.heard[0]) for w, x in zip(weights, words, strict=True)):
        letters, bones = _grams(folded)
        read |= dict.fromkeys(letters, weight)
        read |= dict.fromkeys(bones, weight * _SKELETON)
    return read


def _named(words: list[Word], lexicon: Lexicon, read: Features) -> list[float]:
    """Add the concepts of `words` to `read`; how much the letters of each word say."""
    weights = [_FILLER if word.filler else 1.0 for word in words]
    unnamed = {at for at, weight in enumerate(weights) if weight == 1.0}
    for first, length, concepts in lexicon.named(words):
        named = range(first, first + length)
        for at in named:
            weights[at] = min(_NAMED, weights[at])
        read |= _meaning(concepts, lexicon)
        unnamed.difference_update(named)
    read |= {f"{_CONCEPT}={words[at].heard[-1]}": _UNNAMED for at in unnamed}
    return weights


@lru_cache(maxsize=512)
def _meaning(concepts: Concepts, lexicon: Lexicon) -> Features:
    """Some concepts and the fields they belong to; to be read only."""
    fields = (f"{_CONCEPT}/{name}" for name in lexicon.fields_of(concepts))
    named = dict.fromkeys((_CONCEPT + concept for concept in concepts), 1.0)
    return named | dict.fromkeys(fields, _FIELD)


@lru_cache(maxsize=256)
def _grams(folded: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The n-grams of a folded word and of its skeleton, the latter marked."""
    return _cut(folded, ""), _cut(skeleton(folded), _BONES)


def _cut(text: str, mark: str) -> tuple[str, ...]:
    edged = f" {text} "
    return tuple(
        mark + edged[i : i + size] for size in _GRAMS for i in range(len(edged) - size + 1)
    )
