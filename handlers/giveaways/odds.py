"""What a giveaway's ticket table means for fans of each kind: chances, and a rehearsal; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from handlers.giveaways import fairness, tickets
from handlers.giveaways.fairness import Entry
from handlers.giveaways.plan import Plan

FANS = 10_000
_KINDS = {
    "enter": ("enter",),
    "linked": ("enter", "linked"),
    "click": ("enter", "click"),
    "both": ("enter", "linked", "click"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """Fans who did the same: how many, with how many tickets each, with what chance to win one
    prize, and how many won in the rehearsal."""

    name: str
    fans: int
    tickets: int
    chance: float
    won: int


def kinds(plan: Plan, fans: int = FANS) -> list[tuple[str, int, int]]:
    """(kind, fans, tickets each): as many of each kind that the table tells apart."""
    told = [
        (name, tickets.count(plan, reasons))
        for name, reasons in _KINDS.items()
        if all(plan.tickets.get(reason, 0) for reason in reasons)
    ]
    each, over = divmod(fans, len(told))
    return [(name, each + (n < over), held) for n, (name, held) in enumerate(told)]


def rehearse(plan: Plan, winners: int, seed: bytes, fans: int = FANS) -> list[Kind]:
    """One draw by GW1 over made-up fans. `seed` is 32 bytes; the same gives the same."""
    groups = kinds(plan, fans)
    entries, of = [], {}
    for name, many, held in groups:
        for n in range(many):
            made = sha256(f"{name}:{n}".encode()).digest()
            entries.append(Entry(made, held))
            of[made] = name
    order = fairness.rank(seed, entries)
    won = Counter(of[entry.commitment] for entry in order[:winners])
    chances = _chances([(many, held) for _, many, held in groups], winners)
    return [
        Kind(name, many, held, chance, won[name])
        for (name, many, held), chance in zip(groups, chances, strict=True)
    ]


def _chances(groups: Sequence[tuple[int, int]], winners: int) -> list[float]:
    """For (fans, tickets) each. A fan is ahead of a threshold x in (0, 1) with chance
    1 - (1 - x)^tickets; the threshold that as many pass as can win gives the chances."""
    if winners >= sum(fans for fans, _ in groups):
        return [1.0 for _ in groups]
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        passed = sum(fans * (1 - (1 - middle) ** held) for fans, held in groups)
        low, high = (middle, high) if passed < winners else (low, middle)
    return [1 - (1 - high) ** held for _, held in groups]
