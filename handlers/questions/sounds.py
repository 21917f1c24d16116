"""Reading, step 5: the known word that a word nobody listed is a spelling of, in either script.

A noisy channel: `sounds.tsv` has what it costs (minus the logarithm of how likely it is) that
someone who means a unit of a word, a Bengali letter or sign or a Latin letter, writes 0 to 3
given letters for it. A word costs what its cheapest reading unit by unit costs.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, count
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from handlers.questions.banglish import fold_word, skeleton
from handlers.questions.shipped import shipped

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
_NEVER: Final = 30_000  # hundredths: more than the spelling of a word costs
_CANDIDATES: Final = 100  # the word meant is among them in 98 % of cases, of 30,000 words
_LETTERS_READ: Final = 32  # of a word


def unlisted(written: str) -> float:
    """The cost of letters that nobody was seen to write for any unit."""
    return 5.0 + 2.5 * len(written)


def _unlisted(written: str) -> int:
    """`unlisted` in hundredths."""
    return round(100 * unlisted(written))


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
    """The table, costs in hundredths of a nat: row `places[c]` is of context `c`.

    Spelling `s` is listed for `rows[starts[s]:starts[s + 1]]`, with `costs[...]`. What is not
    listed costs as `unlisted`, and `more` of its row. The first row is for filling up: nothing is
    written for it, at no cost.
    """

    places: Mapping[Context, int]
    spellings: Mapping[str, int]
    starts: NDArray[np.int32]  # (spellings + 1,)
    rows: Rows  # (listed,)
    costs: NDArray[np.int16]  # (listed,)
    more: NDArray[np.int16]  # (rows,)
    likeliest: Rows  # (rows,): the cheapest spelling

    @classmethod
    def read(cls, table: str) -> Self:
        """Parse `sounds.tsv`; a row comes after the more general one it is an exception to."""
        lines = [line for line in table.splitlines() if not line.startswith("#")]
        listed = chain.from_iterable(own for line in lines for *_, own in [_row(line)])
        spellings = {written: at for at, written in enumerate(sorted({"", *listed}))}
        bare = np.array([_unlisted(written) for written in spellings], np.int16)
        places: dict[Context, int] = {}
        more = np.zeros(len(lines) + 1, np.int16)
        more[0] = _NEVER
        costs = np.full((len(more), len(bare)), _NEVER, np.int16)
        costs[0, spellings[""]] = 0
        for at, line in enumerate(lines, 1):
            context, others, own = _row(line)
            wider = next((places[wide] for wide in _wider(context) if wide in places), None)
            more[at] = others + (0 if wider is None else more[wider])
            costs[at] = others + (bare if wider is None else costs[wider])
            costs[at, [spellings[written] for written in own]] = list(own.values())
            places[context] = at
        listed_, rows = np.nonzero((costs != bare + more[:, None]).T)
        return cls(
            places=places,
            spellings=spellings,
            starts=np.searchsorted(listed_, np.arange(len(bare) + 1)).astype(np.int32),
            rows=rows.astype(np.int16),
            costs=costs[rows, listed_],
            more=more,
            likeliest=costs.argmin(axis=1).astype(np.int16),
        )

    def path(self, word: str) -> list[int]:
        """The row of each unit of `word`."""
        found = (
            next((self.places[one] for one in _wider(exact) if one in self.places), None)
            for exact in contexts(units(word))
        )
        return [row for row in found if row is not None]

    def written(self, word: str) -> str:
        """How `word` is likeliest to be written in Latin letters."""
        spellings = list(self.spellings)
        return "".join(spellings[self.likeliest[row]] for row in self.path(word))

    def of(self, asked: str, paths: Rows) -> Costs:
        """What it costs to write `asked` for each of the words whose rows `paths` has.

        `paths` is (longest word, words), filled up with 0; the result is (words,).
        """
        size = len(asked)
        spans = [(at, n) for n in range(LONGEST + 1) for at in range(size - n + 1 if n else 1)]
        every = np.stack([self.writing(asked[at : at + n]) for at, n in spans])
        # (spans, longest word, words), in nats
        cost = np.take(every, paths, axis=1).astype(np.float32) / np.float32(100)
        reached = np.full((size + 1, paths.shape[1]), np.inf, np.float32)
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

    def writing(self, written: str) -> NDArray[np.int16]:
        """What it costs to write that, in hundredths of a nat: shape (rows,)."""
        costs = self.more + np.int16(_unlisted(written))
        at = self.spellings.get(written)
        if at is not None:
            listed = slice(self.starts[at], self.starts[at + 1])
            costs[self.rows[listed]] = self.costs[listed]
        return costs


@cache
def sounds() -> Sounds:
    """The table shipped in `sounds.tsv`, read once."""
    return Sounds.read(shipped("sounds.tsv"))


class Vocabulary:
    """Known words, made ready to find the one that an unknown word is meant to be."""

    def __init__(self, words: Iterable[str]) -> None:
        """`words` are in either script, as `tokens` gives them."""
        self.words: Final = tuple(dict.fromkeys(filter(None, words)))
        self._grams: defaultdict[str, int] = defaultdict(count().__next__)
        cut, many, path, long = array("h"), array("i"), array("h"), array("i")
        for one in self.words:  # a list for each of thousands would fill the memory
            grams, rows = _cut(one), sounds().path(one[:_LETTERS_READ])
            cut.extend(map(self._grams.__getitem__, grams))
            path.extend(rows)
            many.append(len(grams))
            long.append(len(rows))
        self._grams.default_factory = None
        gram = np.frombuffer(cut, np.int16)
        word = np.repeat(np.arange(len(many), dtype=np.min_scalar_type(len(many))), many)
        often = np.bincount(gram, minlength=len(self._grams))
        self._idf = np.log((len(self.words) + 1) / (often + 0.5)) ** 2
        self._starts = np.concatenate(([0], np.cumsum(often)))
        self._postings = word[np.argsort(gram, kind="stable")]
        self._norms = np.sqrt(np.bincount(word, self._idf[gram], len(self.words)))
        self._paths = np.array(path, np.int16)  # one word after the other
        self._firsts = np.concatenate(([0], np.cumsum(long))).astype(np.int32)

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
        costs = sounds().of(asked, self._rows(found)) / np.float32(len(asked))
        costs[[self.words[at] == word for at in found]] = 0
        return found, costs

    def _rows(self, found: NDArray[np.intp]) -> Rows:
        """Those of the words `found`: (longest word, words), filled up with 0."""
        starts, ends = self._firsts[found], self._firsts[found + 1]
        at = starts + np.arange((ends - starts).max())[:, None]
        rows: Rows = np.where(at < ends, self._paths[np.minimum(at, len(self._paths) - 1)], 0)
        return rows

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


@lru_cache(maxsize=8)
def _cut(word: str) -> frozenset[str]:
    """The pairs of letters of a word as it sounds, and those of its consonants, marked."""
    folded = fold_word(word)
    heard, bones = f" {folded} ", f" {skeleton(folded)} "
    return frozenset(
        [heard[at : at + 2] for at in range(len(heard) - 1)]
        + ["#" + bones[at : at + 2] for at in range(len(bones) - 1)]
    )


def _row(line: str) -> tuple[Context, int, dict[str, int]]:
    """The context of a row, and in hundredths what the letters it does not list cost more and
    what those it lists do."""
    unit, after, before, others, *cells = line.split("\t")
    listed = (cell.split("=") for cell in cells)
    own = {written.removeprefix(NOTHING): int(hundredths) for written, hundredths in listed}
    return (unit, after, before), int(others), own


def _wider(context: Context) -> tuple[Context, Context, Context]:
    """`context`, then what it is an exception to."""
    unit, after, _ = context
    return context, (unit, after, ANY), (unit, ANY, ANY)
