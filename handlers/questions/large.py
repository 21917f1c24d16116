"""Large knowledge bases: the entries a question may mean are searched for, then ranked as usual."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Final, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from handlers.questions.banglish import skeleton
from handlers.questions.concepts import Lexicon, lexicon
from handlers.questions.features import features
from handlers.questions.index import Index, Match, Phrase
from handlers.questions.memory import give_back
from handlers.questions.normalise import tokens
from handlers.questions.postings import Floats, Frequencies, Whole

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
class Texts:
    """Thousands of texts as the numbers of their words, four bytes each.

    Entry `e` has the texts `firsts[e]` to `firsts[e + 1]`; text `t` has the words
    `vocabulary[words[starts[t]:starts[t + 1]]]`.
    """

    entries: Sequence[str]
    firsts: Whole  # (entries + 1,)
    weights: Floats  # (texts,)
    starts: Whole  # (texts + 1,)
    words: Whole  # (occurrences,)
    vocabulary: Sequence[str]

    @classmethod
    def of(cls, phrases: Sequence[Phrase]) -> Self:
        """Of phrases in any order and script."""
        entries: defaultdict[str, int] = defaultdict(count().__next__)
        vocabulary: defaultdict[str, int] = defaultdict(count().__next__)
        owners = np.fromiter((entries[phrase.entry] for phrase in phrases), np.int32, len(phrases))
        order = np.argsort(owners, kind="stable").tolist()
        words, lengths = array("i"), array("i")
        for at in order:
            read = tokens(phrases[at].text)[:_WORDS_READ]
            words.extend(map(vocabulary.__getitem__, read))
            lengths.append(len(read))
        return cls(
            entries=list(entries),
            firsts=_starts(np.bincount(owners, minlength=len(entries))),
            weights=np.fromiter((phrases[at].weight for at in order), np.float32, len(order)),
            starts=_starts(lengths),
            words=np.array(words, np.int32),
            vocabulary=list(vocabulary),
        )

    def texts(self, entry: int) -> range:
        """The numbers of an entry's texts."""
        return range(self.firsts[entry], self.firsts[entry + 1])

    def read(self, text: int) -> list[str]:
        """A text as `tokens` gives it."""
        words = self.words[self.starts[text] : self.starts[text + 1]].tolist()
        return [self.vocabulary[word] for word in words]


@dataclass(frozen=True, slots=True, eq=False)
class LargeIndex:
    """Finds twenty entries by words, sounds and concepts, and ranks those.

    Postings as in `Index`, but of whole words: term `t` occurs in the entries
    `_entries[_starts[t]:_starts[t + 1]]`.
    """

    _lexicon: Lexicon
    _texts: Texts
    _vocabulary: Mapping[str, int]
    _starts: Whole  # (terms + 1,)
    _entries: Whole  # (postings,)
    _frequencies: Frequencies

    @classmethod
    def build(cls, phrases: Sequence[Phrase], words: Lexicon | None = None) -> Self:
        """Index `phrases`, in any order and script."""
        known, texts = words or lexicon(), Texts.of(phrases)
        vocabulary: defaultdict[str, int] = defaultdict(count().__next__)
        found, lengths = array("i"), array("i")
        for terms in _every(texts, known):
            found.extend(map(vocabulary.__getitem__, terms))
            lengths.append(len(terms))
        terms_ = np.frombuffer(found, np.int32)
        entries = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
        made = cls(
            _lexicon=known,
            _texts=texts,
            _vocabulary=dict(vocabulary),
            _starts=_starts(np.bincount(terms_, minlength=len(vocabulary))),
            _entries=entries[np.argsort(terms_, kind="stable")],
            _frequencies=_frequencies(phrases, known),
        )
        del found, terms_, entries
        give_back()
        return made

    def rank(self, question: str, top: int = 3) -> list[Match]:
        """As `Index.rank`, among the entries that share most with `question`."""
        found, texts = self._find(question).tolist(), self._texts
        if not found:
            return []
        several = [texts.texts(entry) for entry in found]
        candidates = Index.of_read(
            [texts.entries[entry] for entry in found],
            [texts.weights[one.start : one.stop].tolist() for one in several],
            (texts.read(text) for one in several for text in one),
            self._lexicon,
            self._frequencies,
        )
        return candidates.rank(question, top)

    def _find(self, question: str) -> NDArray[np.intp]:
        """The entries that share the rarest terms with `question`, at most `CANDIDATES`."""
        asked = _terms([tokens(question)[:_WORDS_READ]], self._lexicon)
        scores = np.zeros(len(self._texts.entries))
        for term in map(self._vocabulary.get, asked):
            if term is not None:
                found = self._entries[self._starts[term] : self._starts[term + 1]]
                scores[found] += np.log(len(scores) / len(found))
        most = min(CANDIDATES, len(scores))
        best = np.argpartition(-scores, most - 1)[:most]
        return best[scores[best] > 0]


def _starts(lengths: Sequence[int] | NDArray[np.int64]) -> Whole:
    return np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)


def _frequencies(phrases: Sequence[Phrase], known: Lexicon) -> Frequencies:
    """From a sample spread over the whole: the rest would tell the same and take minutes."""
    sample = phrases[:: len(phrases) // _SAMPLE + 1]
    return Frequencies.of(features(phrase.text, known, spelled=False) for phrase in sample)


def _every(texts: Texts, known: Lexicon) -> Iterator[set[str]]:
    """The terms of each entry."""
    for entry in range(len(texts.entries)):
        yield _terms(map(texts.read, texts.texts(entry)), known)


def _terms(texts: Iterable[Sequence[str]], known: Lexicon) -> set[str]:
    """What texts are found by: their words as they sound, their consonants, their concepts."""
    found: set[str] = set()
    for text in texts:
        words = [known.word(word) for word in text]
        for word in words:
            if not word.filler:
                found.update(_sounds(word.heard[-1]))
        found.update(f"@{concept}" for _, _, concepts in known.named(words) for concept in concepts)
    return found


@lru_cache(maxsize=4096)
def _sounds(heard: str) -> tuple[str, ...]:
    bones = skeleton(heard)
    return (heard, f"#{bones}") if len(bones) >= _BONES else (heard,)
