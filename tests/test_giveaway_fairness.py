"""200,000 simulated draws: places fall in proportion to the tickets, and a wrong rule is noticed.

Pearson's statistic against the limit that a fair draw stays under in 95 % of all trials. The
draws are the same in every run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from hashlib import sha256
from itertools import permutations

import pytest

from handlers.giveaways import fairness
from handlers.giveaways.fairness import Entry
from tests.gw1 import PARAMETERS, pool

DRAWS, SERIES = 200_000, 20
TICKETS = (1, 3, 2, 2, 1)
LIMITS = {1: 9.488, 2: 30.144}  # by places looked at: of 4 and of 19 degrees of freedom

Rank = Callable[[bytes, Sequence[Entry]], Sequence[Entry]]
Places = Counter[tuple[int, ...]]


def simulated(rank: Rank, draws: range) -> Places:
    """How often each pair was first and second."""
    entries = pool(*TICKETS)
    head = fairness.freeze(PARAMETERS, entries).head
    number = {entry.commitment: i for i, entry in enumerate(entries)}
    pairs: Places = Counter()
    for i in draws:
        seed = fairness.seed(head, fairness.beacon_randomness(b"draw %d" % i))
        first, second = rank(seed, entries)[:2]
        pairs[number[first.commitment], number[second.commitment]] += 1
    return pairs


def chance(order: tuple[int, ...]) -> float:
    """That these come first, in this order: each draw takes a ticket, then all of its holder's."""
    left, product = sum(TICKETS), 1.0
    for i in order:
        product *= TICKETS[i] / left
        left -= TICKETS[i]
    return product


def statistic(pairs: Places, places: int) -> float:
    """Pearson's, of the first places or of the ordered pairs."""
    drawn: Places = Counter()
    for pair, times in pairs.items():
        drawn[pair[:places]] += times
    orders = permutations(range(len(TICKETS)), places)
    expected = {order: drawn.total() * chance(order) for order in orders}
    assert drawn.keys() <= expected.keys()
    return sum((drawn[order] - due) ** 2 / due for order, due in expected.items())


# The real rule


@pytest.fixture(scope="module")
def series() -> list[Places]:
    """All draws, in series one after another."""
    size = DRAWS // SERIES
    return [simulated(fairness.rank, range(i, i + size)) for i in range(0, DRAWS, size)]


@pytest.mark.parametrize("places", LIMITS)
def test_places_fall_in_proportion_to_the_tickets(series: list[Places], places: int) -> None:
    drawn = sum(series, Counter[tuple[int, ...]]())
    assert drawn.total() == DRAWS
    assert statistic(drawn, places) < LIMITS[places]


@pytest.mark.parametrize("places", LIMITS)
def test_short_series_go_over_the_limit_as_seldom_as_chance_does(
    series: list[Places], places: int
) -> None:
    """One of twenty is expected to, more than four come about in 3 of 1,000 trials."""
    assert sum(statistic(drawn, places) > LIMITS[places] for drawn in series) <= 4


# Wrong rules


def only_the_first_ticket(seed: bytes, entries: Sequence[Entry]) -> list[Entry]:
    return fairness.rank(seed, [entry._replace(tickets=1) for entry in entries])


def the_worst_ticket(seed: bytes, entries: Sequence[Entry]) -> list[Entry]:
    def key(entry: Entry) -> bytes:
        start, tickets = seed + entry.commitment, range(entry.tickets)
        return max(sha256(start + t.to_bytes(4, "big")).digest() for t in tickets)

    return sorted(entries, key=key)


def a_ticket_too_few(seed: bytes, entries: Sequence[Entry]) -> list[Entry]:
    return fairness.rank(seed, [entry._replace(tickets=min(entry.tickets, 2)) for entry in entries])


def the_seed_left_out(_seed: bytes, entries: Sequence[Entry]) -> list[Entry]:
    return fairness.rank(bytes(32), entries)


def a_byte_modulo_the_tickets(seed: bytes, entries: Sequence[Entry]) -> list[Entry]:
    """28 or 29 of 256 bytes for a ticket: three hundredths more for some than for others."""
    holders = [entry for entry in entries for _ in range(entry.tickets)]
    first = holders[seed[0] % len(holders)]
    rest = [entry for entry in holders if entry is not first]
    return [first, rest[int.from_bytes(seed[1:9], "big") % len(rest)]]


@pytest.mark.parametrize("places", LIMITS)
@pytest.mark.parametrize(
    ("rank", "draws"),
    [
        (only_the_first_ticket, 20_000),
        (the_worst_ticket, 20_000),
        (a_ticket_too_few, 20_000),
        (the_seed_left_out, 20_000),
        (a_byte_modulo_the_tickets, DRAWS),
    ],
)
def test_a_wrong_rule_is_found_out(rank: Rank, draws: int, places: int) -> None:
    assert statistic(simulated(rank, range(draws)), places) > 1.5 * LIMITS[places]
