"""Texts turned into postings: how near a question is to each of them, in one pass of numpy."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from handlers.questions.features import BLOCKS, CONCEPTS, LETTERS, SPELLING, WORDS, Features, block

Floats = NDArray[np.float32]
Whole = NDArray[np.int32]
Keys = NDArray[np.int64]  # hashes of features, in order: 8 bytes each, where a dict takes 150

_RARITY: Final = 0.5  # the power of how rare it is that spelling and words are weighed by


@dataclass(frozen=True, slots=True, eq=False)
class Frequencies:
    """In how many of `texts` a feature occurs, for weighing features by how rare they are."""

    texts: int
    keys: Keys
    counts: Whole  # one for each of `keys`

    @classmethod
    def of(cls, read: Iterable[Features]) -> Self:
        """Counted over texts as `features` reads them; what occurs once is left out."""
        seen, texts = array("q"), 0
        for texts, one in enumerate(read, 1):  # noqa: B007 - the last is how many there are
            seen.extend(map(hash, one))
        every = np.sort(np.frombuffer(seen, np.int64))
        starts = np.flatnonzero(_fresh(every))
        counts = np.diff(starts, append=len(every)).astype(np.int32)
        return cls(texts, every[starts[counts > 1]], counts[counts > 1])

    def idf(self, keys: Keys) -> Floats:
        """How rare each of `keys` is, and after them what is in no text at all."""
        at = _places(self.keys, keys)
        df = np.append(np.where(at >= 0, np.append(self.counts, 1)[at], 1), 0)
        return _idf(df, max(self.texts, int(df.max())))


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Texts read: feature `features[i]` occurs in text `rows[i]` with the weight `weights[i]`."""

    keys: Keys  # (features,)
    blocks: NDArray[np.int8]  # (features,)
    features: Whole  # (occurrences,)
    rows: Whole  # (occurrences,)
    weights: Floats  # (occurrences,)
    texts: int

    @classmethod
    def of(cls, read: Iterable[Features]) -> Self:
        """Texts as `features` reads them."""
        vocabulary: defaultdict[str, int] = defaultdict(count().__next__)
        ids, said, lengths = array("i"), array("f"), array("i")
        for one in read:  # one after another: thousands read at once would fill the memory
            ids.extend(map(vocabulary.__getitem__, one))
            said.extend(one.values())
            lengths.append(len(one))
        keys = np.fromiter(map(hash, vocabulary), np.int64, len(vocabulary))
        order = np.argsort(keys)
        place = np.empty(len(order), np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)
        return cls(
            keys=keys[order],
            blocks=np.fromiter(map(block, vocabulary), np.int8, len(vocabulary))[order],
            features=place[np.frombuffer(ids, np.int32)],
            rows=np.repeat(np.arange(len(lengths), dtype=np.int32), lengths),
            weights=np.array(said, np.float32),
            texts=len(lengths),
        )

    def after(self, before: Rows) -> Rows:
        """These texts after those of `before`."""
        parts = (before, self)
        keys = np.sort(np.concatenate((before.keys, self.keys)))
        keys = keys[_fresh(keys)]
        places = [np.searchsorted(keys, part.keys).astype(np.int32) for part in parts]
        blocks = np.empty(len(keys), np.int8)
        for part, place in zip(parts, places, strict=True):
            blocks[place] = part.blocks
        return Rows(
            keys=keys,
            blocks=blocks,
            features=np.concatenate(
                [p[part.features] for part, p in zip(parts, places, strict=True)]
            ),
            rows=np.concatenate((before.rows, self.rows + np.int32(before.texts))),
            weights=np.concatenate([part.weights for part in parts]),
            texts=before.texts + self.texts,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """A text as the features of some postings: which, and their weights, a unit vector a block."""

    features: Whole  # (known features,)
    weights: Floats  # (known features,)
    blocks: NDArray[np.int8]  # (known features,)
    meant: bool  # it has concepts, known here or not
    before: Query | None = None  # as the features of the postings before these

    def scaled(self, scales: Floats) -> Floats:
        """The weights with each block's length as in `scales`, shape (BLOCKS,)."""
        return self.weights * scales[self.blocks]


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """Texts as unit vectors of weighted features, a vector a block.

    Feature `f` occurs in texts `rows[starts[f]:starts[f + 1]]` with the weights `values[...]`.
    """

    keys: Keys  # (features,)
    blocks: NDArray[np.int8]  # (features,)
    idf: Floats  # (features + 1,): the last is for a feature never seen
    starts: Whole  # (features + 1,)
    rows: Whole  # (postings,)
    values: Floats  # (postings,)
    texts: int
    before: Postings | None = None  # whose texts come first, weighed by the same frequencies

    @classmethod
    def of(
        cls,
        read: Rows,
        frequencies: Frequencies | None = None,
        before: Postings | None = None,
    ) -> Self:
        """Features weighed by how rare they are here or, when given, by `frequencies`."""
        df = np.append(np.bincount(read.features, minlength=len(read.keys)), 0)
        idf = _idf(df, read.texts) if frequencies is None else frequencies.idf(read.keys)
        tempered = np.isin(np.append(read.blocks, LETTERS), (SPELLING, WORDS))
        idf[tempered] **= _RARITY
        values = read.weights * idf[read.features]
        at = read.rows * BLOCKS + read.blocks[read.features]
        norms = np.sqrt(np.bincount(at, values**2, BLOCKS * read.texts)).astype(np.float32)
        by_feature = np.argsort(read.features, kind="stable")
        return cls(
            keys=read.keys,
            blocks=read.blocks,
            idf=idf,
            starts=np.concatenate(([0], np.cumsum(df[:-1]))).astype(np.int32),
            rows=read.rows[by_feature],
            values=(values / np.maximum(norms, 1e-9)[at])[by_feature],
            texts=read.texts,
            before=before,
        )

    def query(self, asked: Features) -> Query:
        """`asked` ready to be compared."""
        keys = np.fromiter(map(hash, asked), np.int64, len(asked))
        blocks = np.fromiter(map(block, asked), np.int8, len(asked))
        known = _places(self.keys, keys)
        idf, earlier = self.idf[known], None
        if self.before is not None:
            earlier = _places(self.before.keys, keys)
            idf = np.where(known >= 0, idf, self.before.idf[earlier])
        weights = np.fromiter(asked.values(), np.float32, len(asked)) * idf
        norms = np.sqrt(np.bincount(blocks, weights**2, BLOCKS)).astype(np.float32)
        weights /= np.maximum(norms, 1e-9)[blocks]
        meant = bool(norms[CONCEPTS])
        before = None if earlier is None else _query(earlier, weights, blocks, meant)
        return _query(known, weights, blocks, meant, before)

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
        """The similarity of every text, those `before` first, with the blocks weighed by `scales`.

        Shape (texts,).
        """
        weights = query.scaled(scales)
        said = weights != 0
        features, weights = query.features[said], weights[said]
        starts = self.starts[features]
        lengths = self.starts[features + 1] - starts
        # The postings of all features in one go: 0 1 2 | 0 1 | …, each moved to its start.
        ends = np.cumsum(lengths)
        postings = np.arange(lengths.sum()) + np.repeat(starts - ends + lengths, lengths)
        parts = self.values[postings] * np.repeat(weights, lengths)
        near = np.bincount(self.rows[postings], parts, self.texts).astype(np.float32)
        if self.before is None or query.before is None:
            return near
        return np.concatenate((self.before.nearness(query.before, scales), near))


def _query(
    known: NDArray[np.intp],
    weights: Floats,
    blocks: NDArray[np.int8],
    meant: bool,
    before: Query | None = None,
) -> Query:
    """What of a text is `known`."""
    seen = known >= 0
    return Query(known[seen].astype(np.int32), weights[seen], blocks[seen], meant, before)


def _places(keys: Keys, asked: Keys) -> NDArray[np.intp]:
    """Where in `keys` each of `asked` is; -1 for what is not there."""
    if not len(keys):
        return np.full(len(asked), -1)
    at = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
    return np.where(keys[at] == asked, at, -1)


def _fresh(keys: Keys) -> NDArray[np.bool_]:
    """Which of sorted `keys` are not the same as the one before (`np.unique` imports a MiB)."""
    return np.append(True, keys[1:] != keys[:-1])[: len(keys)]


def _idf(df: NDArray[np.int64], texts: int) -> Floats:
    return np.log((texts + 1) / (df + 0.5)).astype(np.float32)
