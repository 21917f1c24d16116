"""Subjects measured in turn, round after round, and their medians as a Markdown table."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence

Figures = dict[str, float]  # by the head of their column; the first one is what is compared
NO_VERDICT = 0.25  # a spread above which the machine was too noisy to say anything


def interleaved(
    subjects: Mapping[str, Callable[[], Figures]], rounds: int
) -> dict[str, list[Figures]]:
    """Every subject once a round, so that what disturbs one disturbs all."""
    done: dict[str, list[Figures]] = {name: [] for name in subjects}
    for _ in range(rounds):
        for name, measure in subjects.items():
            done[name].append(measure())
    return done


def spread(values: Sequence[float]) -> float:
    """Half the range over the median."""
    middle = statistics.median(values)
    return (max(values) - min(values)) / 2 / middle if middle else 0.0


def percentile(values: Sequence[float], percent: int) -> float:
    """The value below which `percent` of them lie; 0.0 for none."""
    ordered = sorted(values)
    return ordered[len(ordered) * percent // 100] if ordered else 0.0


def table(done: Mapping[str, Sequence[Figures]]) -> str:
    """Medians, the spread of the first figure, and its ratio to the first subject's."""
    heads = list(next(iter(done.values()))[0])
    first: float | None = None
    lines = [
        f"| subject | {heads[0]} | spread | {' | '.join([*heads[1:], 'ratio'])} |",
        "| --- " * (len(heads) + 3) + "|",
    ]
    for name, rounds in done.items():
        middle = [statistics.median(one[head] for one in rounds) for head in heads]
        apart = spread([one[heads[0]] for one in rounds])
        first = middle[0] if first is None else first
        noisy = " (too noisy)" if apart > NO_VERDICT else ""
        cells = [name, shown(middle[0]), f"±{apart:.0%}{noisy}", *map(shown, middle[1:])]
        lines.append(f"| {' | '.join(cells)} | {middle[0] / first:.2f}× |")
    return "\n".join(lines)


def shown(value: float) -> str:
    """Three figures or whole thousands."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
