"""Reading, step 3b: the listed word that a word nobody listed is one slip of the finger from."""

from __future__ import annotations

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

_SHORT: Final = 4  # shorter words are one slip from too many others
_STEMS: Final = 2  # the word as it is and without its last ending


def mended(written: str, lexicon: Lexicon) -> Word:
    """`lexicon.word`, or when that says nothing, what the one word near to it says.

    It sounds as it is written first, then as the word that is meant.
    """
    word = lexicon.word(written)
    meant = None if word.concepts or word.filler else _meant(written, lexicon)
    return replace(meant, heard=(word.heard[0], *meant.heard)) if meant else word


def slip(one: str, other: str) -> bool:
    """Whether a letter is added, left out or changed, or two neighbours are swapped; or nothing."""
    same = sum(1 for _ in takewhile(bool, map(eq, one, other)))
    one, other = one[same:], other[same:]
    swapped = one[1::-1] + one[2:]
    return other in (one, one[1:], swapped) or other[1:] in (one, one[1:])


@lru_cache(maxsize=8192)
def _meant(written: str, lexicon: Lexicon) -> Word | None:
    """None when no listed word is near, or several that say different things."""
    if written in lexicon.unlike or any(map(str.isdigit, written)):
        return None
    for _, form in zip(range(_STEMS), stems(written), strict=False):
        if len(form) < _SHORT:
            break
        near = sorted({word for known in lexicon.near for word in _alike(form, known)})
        words = [lexicon.word(word) for word in near if slip(form, word)]
        if words:
            said = {(word.concepts, word.filler) for word in words}
            return words[0] if len(said) == 1 else None
    return None


def _alike(form: str, known: Vocabulary) -> list[str]:
    """The words of `known` that are `form` when each of them lacks a letter at most."""
    keys, words = _table(known)
    lacking = _lacking(form)
    starts, ends = (np.searchsorted(keys, lacking, side) for side in ("left", "right"))
    runs = zip(starts.tolist(), ends.tolist(), strict=True)
    return [known.words[word] for start, end in runs for word in words[start:end]]


@lru_cache(maxsize=32)
def _table(known: Vocabulary) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """What the words are as `_lacking`, in order, and the place of the word for each."""
    every = [_lacking(word) for word in known.words]
    keys = np.array([key for one in every for key in one], np.int64)
    lengths = np.array([len(one) for one in every], np.int64)
    words = np.repeat(np.arange(len(every), dtype=np.int32), lengths)
    order = np.argsort(keys, kind="stable")
    return keys[order], words[order]


def _lacking(word: str) -> list[int]:
    """Hashes of `word` and of it without each of its letters: a few bytes each, not a string."""
    return [hash(word), *(hash(word[:at] + word[at + 1 :]) for at in range(len(word)))]
