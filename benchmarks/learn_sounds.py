"""Learn what it costs to write a sound this way or that, from words and their romanisations.

`python -m benchmarks.learn_sounds PAIRS… [-o handlers/questions/sounds.tsv]`

PAIRS are TSV or CSV files: a word in Bengali letters and one in Latin letters on each line, in
either order, and perhaps how many people wrote it so. Each pair is aligned unit by unit, over and
over, each time with the costs the last alignment gave (hard expectation maximisation). Latin words
are learned as well: two romanisations of one Bengali word are spellings of each other. The table
has costs only, none of the words. Takes about two minutes for 150,000 pairs.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

from handlers.questions.banglish import romanise
from handlers.questions.normalise import tokens
from handlers.questions.sounds import ANY, LONGEST, NOTHING, Context, contexts, units, unlisted

Pair = tuple[str, str, int]  # meant, written, by how many
Seen = dict[Context, Counter[str]]
Rows = dict[Context, tuple[dict[str, float], float]]  # listed: p; all others together: p
Cost = Callable[[str, str], float]  # of a unit and what is written for it

HEADER = """\
# What it costs to write letters for a unit of a word, in hundredths of a nat: 100 × -ln p.
# Learned by benchmarks/learn_sounds.py from the romanisation pairs of Dakshina (Google Research,
# CC BY-SA 4.0) and Aksharantar (AI4Bharat, CC BY 4.0); has none of their words. This table may be
# shared and changed under CC BY-SA 4.0: https://creativecommons.org/licenses/by-sa/4.0/
# Columns: unit (~ is an inherent vowel); the unit after it and the one before (* any, | none); what
# letters not listed cost more than in the more general row; then letters=cost (- for no letter).
"""
ROUNDS = 4
SAMPLE = 15_000  # pairs in every round but the last
MOST = 3  # a spelling by more people counts no more than this
FEWEST = 3  # people who wrote it, or it is not listed
SMOOTH = 4.0
GAIN = 50.0  # nats of the pairs a row must save to be worth its place
ODD = 4.0  # nats a letter: such a pair is not a spelling, but an abbreviation or a mistake


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", nargs="+", type=Path)
    parser.add_argument("-o", type=Path, default=Path("handlers/questions/sounds.tsv"))
    arguments = parser.parse_args()
    pairs = [pair for path in arguments.pairs for pair in read(path)]
    digits = [(digit, digit, 100) for digit in "0123456789"]
    seen = learned([*pairs, *variants(pairs), *digits])
    rows = list(table(seen))
    arguments.o.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    print(f"{len(pairs)} pairs, {len(rows)} rows", file=sys.stderr)


def read(path: Path) -> Iterator[Pair]:
    """The pairs of a file, Bengali first; lines with more than one word to a side are left out."""
    for line in path.read_text(encoding="utf-8").splitlines():
        first, second, *people = [*line.split("\t" if "\t" in line else ","), ""]
        bengali, latin = sorted(map(tokens, (first, second)), key=_is_latin)
        if len(bengali) == len(latin) == 1 and not _is_latin(bengali) and _is_latin(latin):
            yield bengali[0], latin[0], min(MOST, int(people[0] or 1))


def variants(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """Romanisations of one Bengali word, from the commonest to another and back by turns."""
    groups: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for bengali, latin, people in pairs:
        groups[bengali].append((-people, latin))
    for group in groups.values():
        (_, common), *others = sorted(group)
        for turn, (_, other) in enumerate(others):
            yield (common, other, 1) if turn % 2 else (other, common, 1)


def learned(pairs: list[Pair]) -> Seen:
    """What was written for each unit in each context."""
    cost: Cost = _guess
    few = pairs[:: max(1, len(pairs) // SAMPLE)]
    for _ in range(ROUNDS - 1):
        cost = _costs(_aligned(few, cost))
    return _aligned(pairs, cost)


def table(seen: Seen) -> Iterator[str]:
    """The rows worth having, the general ones first."""
    kept: Rows = {}
    for level in (_summed(seen, 1), _summed(seen, 2), seen):
        for context, counts in sorted(level.items()):
            general = _general(context)
            total, new = sum(counts.values()), SMOOTH + len(counts)
            own = {
                written: (people + new * _likely(kept, general, written)) / (total + new)
                for written, people in sorted(counts.items())
                if people >= FEWEST
            }
            gain = sum(
                counts[written] * math.log(p / _likely(kept, general, written))
                for written, p in own.items()
            )
            if own and (general is None or gain >= GAIN):
                kept[context] = own, new / (total + new)
                yield _line(context, *kept[context])


def _likely(kept: Rows, context: Context | None, written: str) -> float:
    """How likely `written` is for a unit in `context`, by the rows kept so far."""
    rest = 1.0
    while context is not None:
        if context in kept:
            own, others = kept[context]
            if written in own:
                return rest * own[written]
            rest *= others
        context = _general(context)
    return rest * math.exp(-unlisted(written))


def _line(context: Context, own: dict[str, float], others: float) -> str:
    cells = [f"{written or NOTHING}={-100 * math.log(p):.0f}" for written, p in own.items()]
    return "\t".join([*context, f"{-100 * math.log(others):.0f}", *cells])


def _general(context: Context) -> Context | None:
    """The context that `context` is an exception to."""
    unit, after, before = context
    if before != ANY:
        return unit, after, ANY
    return (unit, ANY, ANY) if after != ANY else None


def _summed(seen: Seen, kept: int) -> Seen:
    """`seen` in the first `kept` parts of its contexts."""
    sums: defaultdict[Context, Counter[str]] = defaultdict(Counter)
    for (unit, after, _), counts in seen.items():
        sums[unit, after if kept == 2 else ANY, ANY].update(counts)
    return sums


def _aligned(pairs: Iterable[Pair], cost: Cost) -> Seen:
    seen: defaultdict[Context, Counter[str]] = defaultdict(Counter)
    for meant, written, people in pairs:
        read = units(meant)
        if len(written) > LONGEST * len(read):
            continue
        parts, total = _align(read, written, cost)
        if total <= ODD * len(written):
            for context, part in zip(contexts(read), parts, strict=True):
                seen[context][part] += people
    return seen


def _align(read: list[str], written: str, cost: Cost) -> tuple[list[str], float]:
    """What of `written` stands for each unit, at the least cost, and that cost."""
    size = len(written)
    reached = [0.0] + [math.inf] * size
    steps: list[list[int]] = []
    for unit in read:
        further, step = [], []
        for end in range(size + 1):
            best, letters = reached[end] + cost(unit, ""), 0
            for n in range(1, min(LONGEST, end) + 1):
                total = reached[end - n] + cost(unit, written[end - n : end])
                if total < best:
                    best, letters = total, n
            further.append(best)
            step.append(letters)
        reached = further
        steps.append(step)
    ends = [size]
    for step in reversed(steps):
        ends.append(ends[-1] - step[ends[-1]])
    return [written[a:b] for a, b in pairwise(reversed(ends))], reached[size]


@cache
def _guess(unit: str, written: str) -> float:
    """The cost to begin with: how far `written` is from the plain romanisation of the unit."""
    if unit == "~":
        return 1.0 + sum(2 for letter in written if letter not in "oa")
    plain = unit if unit.isascii() else romanise(unit)
    return abs(len(plain) - len(written)) + 3.0 * sum(letter not in plain for letter in written)


def _costs(seen: Seen) -> Cost:
    """Costs by unit alone."""
    totals = _summed(seen, 1)

    @cache
    def cost(unit: str, written: str) -> float:
        counts = totals.get((unit, ANY, ANY), Counter())
        people = counts[written]
        return math.log((counts.total() + 5) / people) if people else 9.0 + 2 * len(written)

    return cost


def _is_latin(words: list[str]) -> bool:
    return "".join(words).isascii()


if __name__ == "__main__":
    main()
