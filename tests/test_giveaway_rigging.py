"""An organiser who knows everything and wants a friend to win: with a secret of their own they can,
with a beacon born after the list is frozen they cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from hashlib import sha256
from itertools import count, islice
from math import sqrt
from typing import Any

import pytest

from handlers.giveaways import fairness, terms
from handlers.giveaways.beacon import QUICKNET, Beacon, Strength
from handlers.giveaways.fairness import Entry, Freeze
from handlers.giveaways.record import following
from storage.giveaways import Giveaway
from tests.gw1 import ID, PARAMETERS, SIGNATURE

KEY = sha256(b"the giveaway's key, which the organiser can read").digest()
SECRET = sha256(b"a secret of the organiser's own").digest()
TRUSTING = replace(PARAMETERS, beacon=str(Beacon.commit_reveal(SECRET)))
PATIENCE = 200_000  # fakes the organiser tries: seconds of work


def entry(person: str, tickets: int = 1) -> Entry:
    """Anybody's line in the list, as the organiser can make it up."""
    return Entry(fairness.commitment(fairness.salt(KEY, person), ID, person), tickets)


def crowd(size: int) -> list[Entry]:
    return [entry(f"tg:{i}") for i in range(size)]


def fakes() -> Iterable[Entry]:
    """Accounts nobody has, or that the friend has just made."""
    return islice((entry(f"tg:{10**9 + i}") for i in count()), PATIENCE)


def first(seed: bytes, entries: Iterable[Entry]) -> Entry:
    return fairness.rank(seed, entries)[0]


def searched(seed: bytes, entries: Sequence[Entry]) -> Entry:
    """The first fake that comes before everybody in the draw of this seed."""
    best = fairness.key(seed, first(seed, entries))
    return next(fake for fake in fakes() if fairness.key(seed, fake) < best)


def seed_of(frozen: Freeze, round: int) -> bytes:
    """The draw's seed after a round that nobody could know before."""
    return fairness.seed(frozen.head, fairness.beacon_randomness(b"round %d" % round))


# Where the organiser has the last word


def test_one_fake_entry_wins_a_plain_commit_reveal_draw_among_10_000() -> None:
    honest = crowd(10_000)
    seed = fairness.revealed_randomness(SECRET)
    friend = searched(seed, honest)
    assert fairness.check_reveal(fairness.commit(SECRET), SECRET)  # what anybody would check
    assert first(seed, honest) != friend
    assert first(seed, [*honest, friend]) == friend


def test_a_secret_bound_to_the_list_is_rigged_by_trying_lists() -> None:
    """GW1's own last resort: the fake need not win, it only has to turn the draw."""
    honest, randomness = crowd(100), fairness.revealed_randomness(SECRET)
    friend, tries = honest[42], 0
    for fake in fakes():
        tries, entries = tries + 1, [*honest, fake]
        frozen = fairness.freeze(TRUSTING, entries)
        if first(fairness.seed(frozen.head, randomness), entries) == friend:
            break
    assert tries < 10 * len(honest)
    assert Beacon.parse(TRUSTING.beacon).strength is Strength.WEAK  # as people are told


# Where the beacon has


def test_however_long_the_freeze_is_held_back_its_round_is_not_out_yet() -> None:
    close = PARAMETERS.close_at * 1000
    values: dict[str, Any] = dict.fromkeys(field.name for field in fields(Giveaway))
    values |= {"closes_at": close, "params": PARAMETERS.canonical().decode()}
    row = Giveaway(**values)
    for frozen_at in range(close - 90_000, close + 300_000, 250):  # ended early, on time, late
        number = terms.round_of(row, frozen_at, QUICKNET)
        assert number is not None
        assert QUICKNET.moment(number) * 1000 >= frozen_at
    assert Beacon.parse(PARAMETERS.beacon).strength is Strength.STRONG


@pytest.mark.parametrize("number", [1, 5])
def test_fakes_searched_before_the_freeze_win_no_more_often_than_any_entry(number: int) -> None:
    """Searched as in the plain draw, against the newest round there is before the freeze."""
    honest, rounds = crowd(95), 10_000
    known = fairness.beacon_randomness(b"the newest round before the freeze")
    entries = list(honest)
    for _ in range(number):
        seed = fairness.seed(fairness.freeze(PARAMETERS, entries).head, known)
        entries.append(searched(seed, entries))
    ours, frozen = set(entries) - set(honest), fairness.freeze(PARAMETERS, entries)
    assert len(ours) == number
    won = sum(first(seed_of(frozen, i), entries) in ours for i in range(rounds))
    chance = number / len(entries)
    assert won < rounds * chance + 1.645 * sqrt(rounds * chance * (1 - chance))  # 95 %
    assert won > rounds * chance / 2  # they are in the draw, like everybody


def with_a_fake(entries: Sequence[Entry], seed: bytes) -> list[Entry]:
    return [*entries, searched(seed, entries)]


def with_the_winner_replaced(entries: Sequence[Entry], seed: bytes) -> list[Entry]:
    return with_a_fake(fairness.rank(seed, entries)[1:], seed)


def with_more_tickets_for_a_friend(entries: Sequence[Entry], seed: bytes) -> list[Entry]:
    best = fairness.key(seed, first(seed, entries))
    many = (one._replace(tickets=fairness.MAX_TICKETS) for one in entries)
    friend = next(one for one in many if fairness.key(seed, one) < best)
    rest = [one for one in entries if one.commitment != friend.commitment]
    return [*rest, friend]


def with_everyone_before_the_friend_gone(entries: Sequence[Entry], seed: bytes) -> list[Entry]:
    return fairness.rank(seed, entries)[1:]


@pytest.mark.parametrize(
    "rigged",
    [
        with_a_fake,
        with_the_winner_replaced,
        with_more_tickets_for_a_friend,
        with_everyone_before_the_friend_gone,
    ],
)
def test_who_touches_the_list_after_the_freeze_is_found_out_by_the_published_head(
    rigged: Callable[[Sequence[Entry], bytes], list[Entry]],
) -> None:
    honest = crowd(10_000)
    published = fairness.freeze(PARAMETERS, honest)
    randomness = Beacon.parse(PARAMETERS.beacon).randomness(SIGNATURE.hex(), 657413)
    assert randomness is not None
    seed = fairness.seed(published.head, randomness)
    entries = rigged(honest, seed)
    friend = first(seed, entries)
    assert friend != first(seed, honest)  # had nobody published the head, it would have worked
    shown = fairness.freeze(PARAMETERS, entries)
    assert shown.head != published.head
    proof = fairness.inclusion(entries, friend.commitment)
    assert fairness.included(friend, proof, shown.root)
    assert not fairness.included(friend, proof, published.root)
    honest_seed = fairness.seed(shown.head, randomness)  # and the new list has a draw of its own
    assert first(honest_seed, entries) != friend


def test_an_entry_slipped_into_the_log_changes_the_heads_that_people_have_seen() -> None:
    events = [
        {"kind": "enter", "C": one.commitment.hex(), "n": i} for i, one in enumerate(crowd(9))
    ]
    slipped = {"kind": "enter", "C": entry("tg:1000000000").commitment.hex(), "n": 9}
    told = following(0, PARAMETERS.digest().hex(), *events)
    rigged = following(0, PARAMETERS.digest().hex(), *events[:5], slipped, *events[5:])
    assert [line.head for line in told[:5]] == [line.head for line in rigged[:5]]
    assert not {line.head for line in told[5:]} & {line.head for line in rigged[5:]}
