"""Reading, step 5: the known word that a word nobody listed is a spelling of, in either script.

A noisy channel: `sounds.tsv` has what it costs (minus the logarithm of how likely it is) that
someone who means a unit of a word, a Bengali letter or sign or a Latin letter, writes 0 to 3
given letters for it. A word costs what its cheapest reading unit by unit costs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import chain, count
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from handlers.questions.banglish import fold_word, skeleton

Costs = NDArray[np.float32]
Rows = NDArray[np.int16]
Context = tuple[str, str, str]  # a unit, the one after it, the one before it

# Nats a letter: 96 % are the word meant, even where half of the words asked are not in the list.
SURE: Final = 1.0
LONGEST: Final = 3  # letters written for one unit
ANY, EDGE, NOTHING = "*", "|", "-"  # as they stand in the table
_INHERENT: Final = "~"  # the vowel of a consonant without a sign, said or not
_HASANT: Final = "্"
_CONSONANTS: Final = frozenset("কখগঘঙচছজঝঞটঠডঢণতথদধনপফবভমযরলশষসহ\u09dc\u09dd\u09df")
_SIGNS: Final = frozenset("ািীুূৃেৈোৌৗ" + _HASANT)
_NEVER: Final = np.float32(1e6)
_CANDIDATES: Final = 100  # the word meant is among them in 98 % of cases, of 30,000 words
_LETTERS_READ: Final = 32  # of a word


def unlisted(written: str) -> float:
    """The cost of letters that nobody was seen to write for any unit."""
    return 5.0 + 2.5 * len(written)


def units(word: str) -> list[str]:
    """What `word`, as `tokens` gives it, is read by: Latin letters, or Bengali letters and signs.

    A consonant below another is one unit with its hasant; an inherent vowel has a unit of its own.
    """
    if word[0] < "\u0980":
        return list(word)
    word = word.replace("ৎ", "ত" + _HASANT)
    read: list[str] = []
    for before, letter, after in zip(" " + word, word, word[1:] + " ", strict=False):
        below = before == _HASANT and letter in _CONSONANTS
        if letter == _HASANT and after in _CONSONANTS:
            continue
        read.append(_HASANT + letter if below else letter)
        if letter in _CONSONANTS and after not in _SIGNS:
            read.append(_INHERENT)
    return read


def contexts(read: Sequence[str]) -> Iterator[Context]:
    """Each of the units `read` with its neighbours."""
    return zip(read, [*read[1:], EDGE], [EDGE, *read[:-1]], strict=True)


@dataclass(frozen=True, slots=True, eq=False)
class Sounds:
    """The table. Row `rows[context]` of `costs` has the cost of each spelling in `spellings`.

    The first row is for filling up: nothing is written for it, at no cost. The last columns are
    for a spelling not in the table of 1, 2 and 3 letters.
    """

    rows: dict[Context, int]
    spellings: dict[str, int]
    costs: Costs  # (spellings + 3, rows)

    @classmethod
    def read(cls, table: str) -> Self:
        """Parse `sounds.tsv`; a row comes after the more general one it is an exception to."""
        parsed = [_row(line) for line in table.splitlines() if not line.startswith("#")]
        listed = chain.from_iterable(own for *_, own in parsed)
        spellings = {written: at for at, written in enumerate(sorted({"", *listed}))}
        unseen = [*spellings, *("?" * letters for letters in range(1, LONGEST + 1))]
        bare = np.array(list(map(unlisted, unseen)), np.float32)
        rows: dict[Context, int] = {}
        costs = [np.full(len(bare), _NEVER, np.float32)]
        costs[0][spellings[""]] = 0
        for context, others, own in parsed:
            general = next((costs[rows[wider]] for wider in _wider(context) if wider in rows), bare)
            row = general + np.float32(others)
            row[[spellings[written] for written in own]] = list(own.values())
            rows[context] = len(costs)
            costs.append(row)
        return cls(rows, spellings, np.stack(costs, axis=1))

    def path(self, word: str) -> list[int]:
        """The row of each unit of `word`."""
        found = (
            next((self.rows[context] for context in _wider(exact) if context in self.rows), None)
            for exact in contexts(units(word))
        )
        return [row for row in found if row is not None]

    def written(self, word: str) -> str:
        """How `word` is likeliest to be written in Latin letters."""
        spellings = list(self.spellings)
        listed = self.costs[: len(spellings)]
        return "".join(spellings[int(listed[:, row].argmin())] for row in self.path(word))

    def of(self, asked: str, paths: Rows) -> Costs:
        """What it costs to write `asked` for each of the words whose rows `paths` has.

        `paths` is (longest word, words), filled up with 0; the result is (words,).
        """
        size = len(asked)
        spans = [(at, n) for n in range(LONGEST + 1) for at in range(size - n + 1 if n else 1)]
        columns = [self._column(asked[at : at + n]) for at, n in spans]
        cost = np.take(self.costs[columns], paths, axis=1)  # (spans, longest word, words)
        reached = np.full((size + 1, paths.shape[1]), _NEVER, np.float32)
        reached[0] = 0
        for at in range(len(paths)):
            further = reached + cost[0, at]
            first = 1
            for n in range(1, min(LONGEST, size) + 1):
                last = first + size - n + 1
                np.minimum(further[n:], reached[:-n] + cost[first:last, at], out=further[n:])
                first = last
            reached = further
        whole: Costs = reached[size]
        return whole

    def _column(self, written: str) -> int:
        return self.spellings.get(written, len(self.spellings) + len(written) - 1)


@cache
def sounds() -> Sounds:
    """The table shipped in `sounds.tsv`, read once."""
    table = resources.files(__package__).joinpath("sounds.tsv")
    return Sounds.read(table.read_text(encoding="utf-8"))


class Vocabulary:
    """Known words, made ready to find the one that an unknown word is meant to be."""

    def __init__(self, words: Iterable[str]) -> None:
        """`words` are in either script, as `tokens` gives them."""
        self.words: Final = tuple(dict.fromkeys(filter(None, words)))
        self._known = {word: at for at, word in enumerate(self.words)}
        self._grams: defaultdict[str, int] = defaultdict(count().__next__)
        cut = [[self._grams[gram] for gram in _cut(word)] for word in self.words]
        gram = np.array(list(chain.from_iterable(cut)), np.intp)
        word = np.repeat(np.arange(len(cut)), list(map(len, cut))).astype(np.int32)
        self._grams.default_factory = None
        often = np.bincount(gram, minlength=len(self._grams))
        self._idf = np.log((len(cut) + 1) / (often + 0.5)) ** 2
        self._starts = np.concatenate(([0], np.cumsum(often)))
        self._postings = word[np.argsort(gram, kind="stable")]
        self._norms = np.sqrt(np.bincount(word, self._idf[gram], len(cut)))
        paths = [sounds().path(word[:_LETTERS_READ]) for word in self.words]
        self._paths = np.zeros((max(map(len, paths), default=0), len(paths)), np.int16)
        for at, path in enumerate(paths):
            self._paths[: len(path), at] = path

    def nearest(self, word: str, top: int = 5) -> list[tuple[str, float]]:
        """The `top` words that `word` is likeliest to be a spelling of, with what each costs.

        The best comes first; a word that is known costs 0. A cost is in nats a letter of `word`;
        below `SURE` it is the word meant, above 2 hardly ever.
        """
        found, costs = self.costs(word)
        best = np.argsort(costs, kind="stable")[:top]
        return [(self.words[found[at]], float(costs[at])) for at in best]

    def costs(self, word: str) -> tuple[NDArray[np.intp], Costs]:
        """The candidates for `word`, as places in `words`, and what each costs."""
        word = word[:_LETTERS_READ]
        asked = word if word.isascii() else sounds().written(word)
        found = self._candidates(word) if asked else np.zeros(0, np.intp)
        if not len(found):
            return found, np.zeros(0, np.float32)
        paths = self._paths[:, found]
        longest = int((paths > 0).sum(axis=0).max())
        costs = sounds().of(asked, paths[:longest]) / np.float32(len(asked))
        costs[found == self._known.get(word, -1)] = 0
        return found, costs

    def _candidates(self, word: str) -> NDArray[np.intp]:
        """The words that share the most with `word` of how they sound."""
        grams = [self._grams[gram] for gram in _cut(word) if gram in self._grams]
        if not grams:
            return np.zeros(0, np.intp)
        runs = [self._postings[self._starts[gram] : self._starts[gram + 1]] for gram in grams]
        weights = np.repeat(self._idf[grams], list(map(len, runs)))
        shared = np.bincount(np.concatenate(runs), weights, len(self.words)) / self._norms
        most = min(_CANDIDATES, int(np.count_nonzero(shared)))
        return np.argpartition(-shared, most - 1)[:most]


@lru_cache(maxsize=512)
def _cut(word: str) -> frozenset[str]:
    """The pairs of letters of a word as it sounds, and those of its consonants, marked."""
    folded = fold_word(word)
    heard, bones = f" {folded} ", f" {skeleton(folded)} "
    return frozenset(
        [heard[at : at + 2] for at in range(len(heard) - 1)]
        + ["#" + bones[at : at + 2] for at in range(len(bones) - 1)]
    )


def _row(line: str) -> tuple[Context, float, dict[str, float]]:
    """The context of a row, what the letters it does not list cost more, what those it lists do."""
    unit, after, before, others, *cells = line.split("\t")
    listed = (cell.split("=") for cell in cells)
    own = {written.removeprefix(NOTHING): int(hundredths) / 100 for written, hundredths in listed}
    return (unit, after, before), int(others) / 100, own


def _wider(context: Context) -> tuple[Context, Context, Context]:
    """`context`, then what it is an exception to."""
    unit, after, _ = context
    return context, (unit, after, ANY), (unit, ANY, ANY)
