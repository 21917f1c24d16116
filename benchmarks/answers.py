"""Which entry a question finds, and how sure that is: the embedded default beside BM25 and FTS5.

`python -m benchmarks.answers --data DIR [--only NAME …] [--baselines]`

`DIR` holds the public sets `banking77`, `hwu64` and `clinc150`, and `fans_dev`, `miracl_bn` and
`dakshina_bn`, a folder each. Every subject is fitted on the same knowledge base and asked the same
questions in the same run. ± is one standard error over entries, or the spread over draws and seeds.
Prints a table, in percent; a dash where a subject gives no probability.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from benchmarks import answers_data as sets
from benchmarks.answers_baselines import Bm25, Fts5
from benchmarks.answers_data import Trial
from handlers.questions.evaluate import (
    Figures,
    Known,
    Prediction,
    figures,
    predict,
    ready,
)
from handlers.questions.large import Ranking

ENGINE = "Adda"
SUBJECTS: dict[str, Callable[[Sequence[Known]], Ranking]] = {
    ENGINE: ready, "BM25": Bm25, "FTS5": Fts5,
}  # fmt: skip
TRIALS: dict[str, Callable[[Path], Trial]] = {
    "banking77 5": partial(sets.banking77, train="5"),
    "banking77 10": partial(sets.banking77, train="10"),
    "banking77 full": partial(sets.banking77, train="full"),
    "banking77 near": partial(sets.banking77_beyond, kind="id-oos"),
    "banking77 far": partial(sets.banking77_beyond, kind="ood-oos"),
    "hwu64 5": partial(sets.hwu64, train="5"),
    "hwu64 10": partial(sets.hwu64, train="10"),
    "clinc150 10": partial(sets.clinc150, train="10"),
    "clinc150 full": partial(sets.clinc150, train="full"),
    "fans bn": partial(sets.fans, taught="bn"),
    "fans all": partial(sets.fans, taught="all"),
    "general bn": partial(sets.fans_general, taught="bn"),
    "general all": partial(sets.fans_general, taught="all"),
}
PUBLIC = ("banking77 10", "hwu64 10", "clinc150 10")
DRAWS, DRAWN = 40, 10  # knowledge bases drawn from the creators' one, entries in each
SEEDS = {"fans bn": 20, "fans all": 20, "banking77 10": 3}  # typos: how often all are asked

Value = tuple[float | None, float]  # a share, and what it varies by


class Bench:
    """One subject; what was measured is kept."""

    def __init__(self, data: Path, subject: str) -> None:
        self._data, self._make = data, SUBJECTS[subject]
        self.sure = subject == ENGINE  # its p is a probability
        self.told = cache(self._told)
        self.draws = cache(self._draws)
        self.typos = cache(self._typos)

    def _told(self, name: str) -> tuple[Figures, float]:
        """The figures, and the standard error of accuracy over entries."""
        done = self._asked(TRIALS[name](self._data))
        by_entry = defaultdict(list)
        for one in done:
            by_entry[one.asked.entry].append(one.place == 1)
        by_entry.pop(None, None)
        means = [statistics.mean(right) for right in by_entry.values()]
        return figures(done), statistics.stdev(means) / len(means) ** 0.5

    def _draws(self) -> list[Figures]:
        """Small knowledge bases, asked their own questions and those of the entries left out."""
        whole = TRIALS["fans bn"](self._data)
        drawn = (sets.drawn(whole, DRAWN, seed) for seed in range(DRAWS))
        return [figures(self._asked(trial)) for trial in drawn]

    def _typos(self, name: str) -> Value:
        """The drop in accuracy when each question has one typo."""
        trial, (clean, _) = TRIALS[name](self._data), self.told(name)
        reader, before = self._make(trial.knowledge), clean.all.accuracy_at_1 or 0.0
        drops = []
        for seed in range(SEEDS[name]):
            wrong = sets.mistyped(trial, seed).questions
            after = figures(list(predict(reader, wrong, time.perf_counter))).all.accuracy_at_1
            drops.append((after or 0.0) - before)
        return statistics.mean(drops), statistics.stdev(drops)

    def _asked(self, trial: Trial) -> list[Prediction]:
        reader = self._make(trial.knowledge)
        return list(predict(reader, trial.questions, time.perf_counter))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table; `sure` when it says something of probabilities alone."""

    group: str
    name: str
    reach: str
    value: Callable[[Bench], Value]
    sure: bool = False


def accuracy(name: str) -> Callable[[Bench], Value]:
    return lambda bench: (bench.told(name)[0].all.accuracy_at_1, bench.told(name)[1])


def figure(name: str, which: str) -> Callable[[Bench], Value]:
    return lambda bench: (getattr(bench.told(name)[0], which), 0.0)


def scripted(name: str, script: str) -> Callable[[Bench], Value]:
    return lambda bench: (bench.told(name)[0].scripts[script].accuracy_at_1, 0.0)


def average(which: str) -> Callable[[Bench], Value]:
    return lambda bench: _varied([getattr(bench.told(name)[0], which) for name in PUBLIC])


def _varied(values: Sequence[float | None]) -> Value:
    some = [value for value in values if value is not None]
    return (statistics.mean(some), statistics.stdev(some)) if len(some) > 1 else (None, 0.0)


def sure(title: str, which: str, reach: str) -> list[Line]:
    """A line for each public set, and their mean."""
    lines = [
        Line("sure", f"{title}: {name}-shot", reach, figure(name, which), True) for name in PUBLIC
    ]
    return [*lines, Line("sure", f"{title}: mean of the three", reach, average(which), True)]


def beyond(title: str, name: str) -> list[Line]:
    """How creators' entries keep silent on questions of another kind."""
    return [
        Line("beyond", f"{title}: AUROC", "", figure(name, "auroc")),
        Line("beyond", f"{title}: answered", "", figure(name, "false_answers"), True),
        Line("beyond", f"{title}: offered a choice", "", figure(name, "false_offers"), True),
    ]


def draws(title: str, which: Callable[[Figures], float | None], sure: bool = False) -> Line:
    name = f"creators, {DRAWN} entries drawn {DRAWS} times: {title}"
    return Line(
        "fans", name, "", lambda bench: _varied([which(told) for told in bench.draws()]), sure
    )


def typos(title: str, name: str, reach: str) -> Line:
    return Line("typos", f"one typo a question: {title}", reach, lambda bench: bench.typos(name))


LINES = (
    Line("banking77", "BANKING77 5-shot", "67", accuracy("banking77 5")),
    Line("banking77", "BANKING77 10-shot", "76", accuracy("banking77 10")),
    Line("banking77", "BANKING77 full", "91", accuracy("banking77 full")),
    Line("hwu64", "HWU64 5-shot", "65", accuracy("hwu64 5")),
    Line("hwu64", "HWU64 10-shot", "73.5", accuracy("hwu64 10")),
    Line("clinc150", "CLINC150 10-shot, validation", "82.5", accuracy("clinc150 10")),
    Line("clinc150", "CLINC150 full, validation", "92.5", accuracy("clinc150 full")),
    Line("clinc150", "CLINC150 10-shot, out of scope: AUROC", "93", figure("clinc150 10", "auroc")),
    Line(
        "clinc150", "CLINC150 full, out of scope: AUROC", "96.5", figure("clinc150 full", "auroc")
    ),
    Line("near", "BANKING77, near out of scope: AUROC", "86", figure("banking77 near", "auroc")),
    Line("near", "BANKING77, far out of scope: AUROC", "", figure("banking77 far", "auroc")),
    *sure("calibration error", "calibration_error", "≤ 4"),
    *sure("precision at p ≥ 0.7", "precision", "≥ 91"),
    *sure("coverage at p ≥ 0.7", "coverage", "≥ 62"),
    Line("fans", "creators, Bengali entries: all", "75", accuracy("fans bn")),
    Line("fans", "creators, Bengali entries: Bengali", "65", scripted("fans bn", "Bengali")),
    Line("fans", "creators, Bengali entries: English", "65", scripted("fans bn", "English")),
    Line("fans", "creators, Bengali entries: Banglish", "85", scripted("fans bn", "Banglish")),
    Line("fans", "creators, Bengali entries: mixed", "", scripted("fans bn", "mixed")),
    Line("fans", "creators, entries in three scripts: all", "", accuracy("fans all")),
    draws("accuracy", lambda told: told.all.accuracy_at_1),
    draws("AUROC against the other ten", lambda told: told.auroc),
    draws("the other ten answered", lambda told: told.false_answers, sure=True),
    *beyond("creators, Bengali entries, small talk", "fans bn"),
    *beyond("creators, entries in three scripts, small talk", "fans all"),
    *beyond("creators, Bengali entries, general knowledge", "general bn"),
    *beyond("creators, entries in three scripts, general knowledge", "general all"),
    typos("creators, Bengali entries", "fans bn", "≥ −4"),
    typos("creators, entries in three scripts", "fans all", "≥ −4"),
    typos("BANKING77 10-shot", "banking77 10", "≥ −4"),
)
GROUPS = sorted({line.group for line in LINES} | {"words"})


def main() -> None:
    """Measure every subject in turn and print the table, then that of words and spans."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=GROUPS, metavar="NAME")
    parser.add_argument("--baselines", action="store_true", help="BM25 and FTS5 as well")
    options = parser.parse_args()
    subjects = list(SUBJECTS) if options.baselines else [ENGINE]
    benches = [Bench(options.data, subject) for subject in subjects]
    lines = [line for line in LINES if line.group in options.only]
    if lines:
        print(f"| % | reach | {' | '.join(subjects)} |")
        print("| --- " * (len(subjects) + 2) + "|", flush=True)
    for line in lines:
        cells = [shown(line, bench) for bench in benches]
        print(f"| {line.name} | {line.reach} | {' | '.join(cells)} |", flush=True)
    if "words" in options.only and importlib.util.find_spec("benchmarks.words"):
        print(flush=True)
        command = [sys.executable, "-m", "benchmarks.words", "--data", str(options.data)]
        subprocess.run(command, check=True)


def shown(line: Line, bench: Bench) -> str:
    """A share in percent, and what it varies by."""
    if line.sure and not bench.sure:
        return "–"
    share, varies = line.value(bench)
    if share is None:
        return "–"
    return f"{share * 100:.1f}".replace("-", "−") + (f" ± {varies * 100:.1f}" if varies else "")


if __name__ == "__main__":
    main()
