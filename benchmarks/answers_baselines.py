"""What knowledge bases are usually searched with: BM25, and SQLite's FTS5 as it comes."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from handlers.questions.evaluate import Known
from handlers.questions.index import Match
from handlers.questions.normalise import tokens


class Bm25:
    """Okapi BM25 over words that keep their Bengali signs; an entry counts by its best phrase.

    `p` of a match is its score, which is no probability.
    """

    def __init__(self, entries: Sequence[Known], k1: float = 1.5, b: float = 0.75) -> None:
        self._ids = [entry.id for entry in entries]
        texts = [(at, text) for at, one in enumerate(entries) for text in _texts(one)]
        self._owner = np.array([at for at, _ in texts])
        counts = [Counter(tokens(text)) for _, text in texts]
        lengths = np.array([count.total() for count in counts])
        norm = k1 * (1 - b + b * lengths / lengths.mean())
        postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for at, count in enumerate(counts):
            for word, times in count.items():
                postings[word].append((at, times))
        self._postings = {}
        for word, found in postings.items():
            rows, times = np.array(found).T
            idf = np.log(1 + (len(counts) - len(found) + 0.5) / (len(found) + 0.5))
            self._postings[word] = rows, idf * times * (k1 + 1) / (times + norm[rows])

    def rank(self, question: str, top: int = 3) -> list[Match]:
        scores = np.zeros(len(self._owner))
        for word in tokens(question):
            rows, weights = self._postings.get(word, (np.array([], int), 0.0))
            scores[rows] += weights
        best = np.zeros(len(self._ids))
        np.maximum.at(best, self._owner, scores)
        order = np.argsort(-best, kind="stable")[:top]
        return [Match(self._ids[at], float(best[at])) for at in order if best[at] > 0]


class Fts5:
    """FTS5 with its default tokenizer, any word of the question, ordered by its own bm25()."""

    def __init__(self, entries: Sequence[Known]) -> None:
        self._db = sqlite3.connect(":memory:")
        self._db.execute("create virtual table texts using fts5 (text, entry unindexed)")
        rows = [(text, entry.id) for entry in entries for text in _texts(entry)]
        self._db.executemany("insert into texts values (?, ?)", rows)

    def rank(self, question: str, top: int = 3) -> list[Match]:
        if not question.strip():  # FTS5 takes no empty query
            return []
        words = ['"' + word.replace('"', '""') + '"' for word in question.split()]
        found = self._db.execute(
            "select entry, rank from texts where texts match ? order by rank limit 1000",
            (" OR ".join(words),),
        )
        best: dict[str, float] = {}
        for entry, rank in found:
            best.setdefault(entry, -rank)
        return [Match(entry, score) for entry, score in list(best.items())[:top]]


def _texts(entry: Known) -> list[str]:
    return [*entry.questions, *(entry.answers if len(entry.questions) == 1 else ())]
