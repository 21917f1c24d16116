"""Large knowledge bases: the entries a question may mean are searched for, then ranked as usual."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Final, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from handlers.questions.banglish import skeleton
from handlers.questions.concepts import Lexicon, lexicon
from handlers.questions.features import features
from handlers.questions.index import Index, Match, Phrase
from handlers.questions.normalise import tokens
from handlers.questions.postings import Frequencies

LARGE: Final = 2_000  # entries above which they are searched rather than all compared
CANDIDATES: Final = 20
_BONES: Final = 3  # consonants; fewer are shared by too many words
_WORDS_READ: Final = 100  # of a text
_SAMPLE: Final = 5_000  # phrases enough to know how rare a feature is


class Ranking(Protocol):
    """A knowledge base ready for questions; may be shared by threads."""

    def rank(self, question: str, top: int = 3) -> list[Match]:
        """The `top` likeliest entries, best first; their p add up to at most 1."""


def ranking(phrases: Sequence[Phrase], words: Lexicon | None = None) -> Ranking:
    """Slow for many phrases. `words`: the community's own lexicon, else the shipped one."""
    entries = {phrase.entry for phrase in phrases}
    return (LargeIndex if len(entries) > LARGE else Index).build(phrases, words)


@dataclass(frozen=True, slots=True, eq=False)
class LargeIndex:
    """Finds twenty entries by words, sounds and concepts, and ranks those.

    Postings as in `Index`, but of whole words: term `t` occurs in the entries
    `_entries[_starts[t]:_starts[t + 1]]`.
    """

    _lexicon: Lexicon
    _groups: Sequence[Sequence[Phrase]]  # by entry
    _vocabulary: Mapping[str, int]
    _starts: NDArray[np.int64]  # (terms + 1,)
    _entries: NDArray[np.int32]  # (postings,)
    _frequencies: Frequencies

    @classmethod
    def build(cls, phrases: Sequence[Phrase], words: Lexicon | None = None) -> Self:
        """Index `phrases`, in any order and script."""
        known = words or lexicon()
        groups: dict[str, list[Phrase]] = {}
        for phrase in phrases:
            groups.setdefault(phrase.entry, []).append(phrase)
        vocabulary: defaultdict[str, int] = defaultdict(count().__next__)
        read = [
            np.array([vocabulary[t] for t in _terms((p.text for p in group), known)], np.int32)
            for group in groups.values()
        ]
        terms = np.concatenate(read)
        entries = np.repeat(np.arange(len(read), dtype=np.int32), list(map(len, read)))
        spread = np.bincount(terms, minlength=len(vocabulary))
        return cls(
            _lexicon=known,
            _groups=list(groups.values()),
            _vocabulary=dict(vocabulary),
            _starts=np.concatenate(([0], np.cumsum(spread))),
            _entries=entries[np.argsort(terms, kind="stable")],
            _frequencies=_frequencies(phrases, known),
        )

    def rank(self, question: str, top: int = 3) -> list[Match]:
        """As `Index.rank`, among the entries that share most with `question`."""
        candidates = list(chain.from_iterable(self._groups[at] for at in self._find(question)))
        if not candidates:
            return []
        return Index.build(candidates, self._lexicon, self._frequencies).rank(question, top)

    def _find(self, question: str) -> NDArray[np.intp]:
        """The entries that share the rarest terms with `question`, at most `CANDIDATES`."""
        asked = [self._vocabulary.get(term) for term in _terms([question], self._lexicon)]
        scores = np.zeros(len(self._groups))
        for term in asked:
            if term is not None:
                found = self._entries[self._starts[term] : self._starts[term + 1]]
                scores[found] += np.log(len(scores) / len(found))
        most = min(CANDIDATES, len(scores))
        best = np.argpartition(-scores, most - 1)[:most]
        return best[scores[best] > 0]


def _frequencies(phrases: Sequence[Phrase], known: Lexicon) -> Frequencies:
    """From a sample spread over the whole: the rest would tell the same and take minutes."""
    sample = phrases[:: len(phrases) // _SAMPLE + 1]
    return Frequencies.of(features(phrase.text, known) for phrase in sample)


def _terms(texts: Iterable[str], known: Lexicon) -> set[str]:
    """What texts are found by: their words as they sound, their consonants, their concepts."""
    found: set[str] = set()
    for text in texts:
        words = [known.word(word) for word in tokens(text)[:_WORDS_READ]]
        telling = [word.heard[-1] for word in words if not word.filler]
        found.update(telling)
        found.update(f"#{bone}" for bone in map(skeleton, telling) if len(bone) >= _BONES)
        found.update(f"@{concept}" for _, _, concepts in known.named(words) for concept in concepts)
    return found
