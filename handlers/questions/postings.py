"""Texts turned into postings: how near a question is to each of them, in one pass of numpy."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count, repeat
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from handlers.questions.features import BLOCKS, CONCEPTS, LETTERS, SPELLING, WORDS, Features, block

Floats = NDArray[np.float32]
Whole = NDArray[np.int32]

_RARITY: Final = 0.5  # the power of how rare it is that spelling and words are weighed by


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many of `texts` a feature occurs, for weighing features by how rare they are."""

    texts: int
    counts: Mapping[str, int]

    @classmethod
    def of(cls, read: Iterable[Features]) -> Self:
        """Counted over texts as `features` reads them; what occurs once is left out."""
        counts: defaultdict[str, int] = defaultdict(int)
        texts = 0
        for texts, one in enumerate(read, 1):  # noqa: B007 - the last is how many there are
            for feature in one:
                counts[feature] += 1
        return cls(texts, {feature: n for feature, n in counts.items() if n > 1})


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Texts read: feature `_features[i]` occurs in text `rows[i]` with the weight `weights[i]`."""

    vocabulary: Mapping[str, int]
    blocks: Whole  # (features,)
    features: Whole  # (occurrences,)
    rows: Whole  # (occurrences,)
    weights: Floats  # (occurrences,)
    texts: int

    @classmethod
    def of(cls, read: Iterable[Features], before: Rows | None = None) -> Self:
        """`read` after the texts of `before`, which is not changed."""
        known = before.vocabulary if before else {}
        vocabulary: defaultdict[str, int] = defaultdict(count(len(known)).__next__, known)
        ids, said, lengths = array("i"), array("f"), array("i")
        for one in read:  # one after another: thousands read at once would fill the memory
            ids.extend(map(vocabulary.__getitem__, one))
            said.extend(one.values())
            lengths.append(len(one))
        features, weights = np.array(ids, np.int32), np.array(said, np.float32)
        start = before.texts if before else 0
        rows = np.repeat(np.arange(len(lengths), dtype=np.int32) + start, lengths)
        fresh = list(vocabulary)[len(known) :]
        blocks = np.array(list(map(block, fresh)), np.int32)
        if before:
            blocks = np.concatenate((before.blocks, blocks))
            features = np.concatenate((before.features, features))
            rows = np.concatenate((before.rows, rows))
            weights = np.concatenate((before.weights, weights))
        return cls(dict(vocabulary), blocks, features, rows, weights, start + len(lengths))


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """A text as the features of some postings: which, and their weights, a unit vector a block."""

    features: Whole  # (known features,)
    weights: Floats  # (known features,)
    blocks: Whole  # (known features,)
    meant: bool  # it has concepts, known here or not

    def scaled(self, scales: Floats) -> Floats:
        """The weights with each block's length as in `scales`, shape (BLOCKS,)."""
        return self.weights * scales[self.blocks]


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """Texts as unit vectors of weighted features, a vector a block.

    Feature `f` occurs in texts `rows[starts[f]:starts[f + 1]]` with the weights `values[...]`.
    """

    vocabulary: Mapping[str, int]
    blocks: Whole  # (features + 1,)
    idf: Floats  # (features + 1,): the last is for a feature never seen
    starts: NDArray[np.int64]  # (features + 1,)
    rows: NDArray[np.int64]  # (postings,)
    values: Floats  # (postings,)
    texts: int

    @classmethod
    def of(cls, read: Rows, frequencies: Frequencies | None = None) -> Self:
        """Features weighed by how rare they are here or, when given, by `frequencies`."""
        df = np.append(np.bincount(read.features, minlength=len(read.vocabulary)), 0)
        idf = _idf(df, read.texts) if frequencies is None else _outer(read.vocabulary, frequencies)
        tempered = np.isin(np.append(read.blocks, LETTERS), (SPELLING, WORDS))
        idf[tempered] **= _RARITY
        features, rows = read.features, read.rows.astype(np.int64)
        values = read.weights * idf[features]
        at = rows * BLOCKS + read.blocks[features]
        norms = np.sqrt(np.bincount(at, values**2, BLOCKS * read.texts)).astype(np.float32)
        by_feature = np.argsort(features, kind="stable")
        return cls(
            vocabulary=read.vocabulary,
            blocks=read.blocks,
            idf=idf,
            starts=np.concatenate(([0], np.cumsum(df[:-1]))),
            rows=rows[by_feature],
            values=(values / np.maximum(norms, 1e-9)[at])[by_feature],
            texts=read.texts,
        )

    def query(self, asked: Features) -> Query:
        """`asked` ready to be compared."""
        known = np.array([self.vocabulary.get(f, -1) for f in asked], np.int32)
        blocks = np.array(list(map(block, asked)), np.int32)
        weights = np.array(list(asked.values()), np.float32) * self.idf[known]
        norms = np.sqrt(np.bincount(blocks, weights**2, BLOCKS)).astype(np.float32)
        weights /= np.maximum(norms, 1e-9)[blocks]
        seen = known >= 0
        return Query(known[seen], weights[seen], blocks[seen], bool(norms[CONCEPTS]))

    def queries(self) -> Iterator[Query]:
        """Each of the texts as it would be asked."""
        by_row = np.argsort(self.rows, kind="stable")
        every = np.arange(len(self.starts) - 1, dtype=np.int32)
        features = np.repeat(every, np.diff(self.starts))[by_row]
        values = self.values[by_row]
        ends = np.cumsum(np.bincount(self.rows, minlength=self.texts))
        for start, end in zip(ends - np.diff(ends, prepend=0), ends, strict=True):
            known = features[start:end]
            yield Query(known, values[start:end], self.blocks[known], True)

    def nearness(self, query: Query, scales: Floats) -> Floats:
        """The similarity of every text, shape (texts,), with the blocks weighed by `scales`."""
        weights = query.scaled(scales)
        said = weights != 0
        features, weights = query.features[said], weights[said]
        starts = self.starts[features]
        lengths = self.starts[features + 1] - starts
        # The postings of all features in one go: 0 1 2 | 0 1 | …, each moved to its start.
        ends = np.cumsum(lengths)
        postings = np.arange(lengths.sum()) + np.repeat(starts - ends + lengths, lengths)
        parts = self.values[postings] * np.repeat(weights, lengths)
        return np.bincount(self.rows[postings], parts, self.texts).astype(np.float32)


def _idf(df: NDArray[np.int64], texts: int) -> Floats:
    return np.log((texts + 1) / (df + 0.5)).astype(np.float32)


def _outer(vocabulary: Mapping[str, int], frequencies: Frequencies) -> Floats:
    once = frequencies.counts.get
    df = np.array([*map(once, vocabulary, repeat(1)), 0])
    return _idf(df, max(frequencies.texts, int(df.max())))
