"""Reading, step 3b: the listed word that a word nobody listed is one slip of the finger from."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import takewhile
from operator import eq
from typing import Final

import numpy as np
from numpy.typing import NDArray

from handlers.questions.banglish import stems
from handlers.questions.concepts import Lexicon, Word
from handlers.questions.sounds import Vocabulary

_SHORT: Final = 4  # letters of what is meant; shorter words are one slip from too many others
_MEANINGS: Final = 3  # a slip from more than these says nothing
_SPARE: Final = 32  # bits of a hash; two words of the same other half are told apart by `slip`
_STEMS: Final = 2  # the word as it is and without its last ending


def mended(written: str, lexicon: Lexicon) -> Word:
    """`lexicon.word`, or when that says nothing, what the words near to it say, if that is little.

    It sounds as it is written first, then as the word that is meant where that is certain.
    """
    word = lexicon.word(written)
    meant = None if word.concepts or word.filler else _meant(written, lexicon)
    if meant is None:
        return word
    heard = (word.heard[0], *(meant.heard or word.heard))
    return replace(meant, heard=heard, opens=max(word.opens, meant.opens))


def slip(one: str, other: str) -> bool:
    """Whether a letter is added, left out or changed, or two neighbours are swapped; or nothing."""
    same = sum(1 for _ in takewhile(bool, map(eq, one, other)))
    one, other = one[same:], other[same:]
    swapped = one[1::-1] + one[2:]
    return other in (one, one[1:], swapped) or other[1:] in (one, one[1:])


@lru_cache(maxsize=4096)
def _meant(written: str, lexicon: Lexicon) -> Word | None:
    """None when no listed word is near, or too many are. Not heard as any when they differ."""
    if written in lexicon.unlike or any(map(str.isdigit, written)):
        return None
    for _, form in zip(range(_STEMS), stems(written), strict=False):
        if len(form) < _SHORT - 1:
            break
        if near := _near(form, lexicon):
            return _together([lexicon.word(word) for word in near])
    return None


def _near(form: str, lexicon: Lexicon) -> list[str]:
    """The listed words a slip away; of several, those that start alike, as most slips leave it."""
    alike = sorted({word for known in lexicon.near for word in _alike(form, known)})
    near = [word for word in alike if max(len(form), len(word)) >= _SHORT and slip(form, word)]
    return [word for word in near if word[0] == form[0]] or near


def _together(words: Sequence[Word]) -> Word | None:
    """What `words` say one as much as the other: red and read in "reed"."""
    said = {(word.concepts, word.filler) for word in words}
    if len(said) == 1:
        return words[0]
    meanings = {word.concepts for word in words if word.concepts}
    if not 0 < len(meanings) <= _MEANINGS:
        return None
    return Word(heard=(), filler=False, concepts=frozenset().union(*meanings))


def _alike(form: str, known: Vocabulary) -> list[str]:
    """The words of `known` that are `form` when each of them lacks a letter at most."""
    keys, words = _table(known)
    lacking = np.array(_lacking(form), np.int32)
    starts, ends = (np.searchsorted(keys, lacking, side) for side in ("left", "right"))
    runs = zip(starts.tolist(), ends.tolist(), strict=True)
    return [known.words[word] for start, end in runs for word in words[start:end]]


@lru_cache(maxsize=32)
def _table(known: Vocabulary) -> tuple[NDArray[np.int32], NDArray[np.unsignedinteger]]:
    """What the words are as `_lacking`, in order, and the place of the word for each."""
    keys, lengths = array("i"), array("i")
    for word in known.words:
        lacking = _lacking(word)
        keys.extend(lacking)
        lengths.append(len(lacking))
    places = np.arange(len(lengths), dtype=np.min_scalar_type(len(lengths)))
    words = np.repeat(places, lengths)
    sortable = np.frombuffer(keys, np.int32)
    order = np.argsort(sortable)
    return sortable[order], words[order]


def _lacking(word: str) -> list[int]:
    """Hashes of `word` and of it without each of its letters: four bytes each, not a string."""
    letters = range(len(word))
    every = (hash(word), *(hash(word[:at] + word[at + 1 :]) for at in letters))
    return [one >> _SPARE for one in every]
