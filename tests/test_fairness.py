"""The draw is what the published rule says, bound to the list, and fair."""

import hmac
import json
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.giveaways import fairness
from handlers.giveaways.fairness import Entry
from tests.gw1 import ENTRIES, ID, PARAMETERS, SEED, SIGNATURE, VECTOR, pool, pools, seeds, some

# The golden vector


def test_the_parameters_are_the_published_bytes_and_hash() -> None:
    assert PARAMETERS.canonical().decode() == (
        '{"beacon":"drand:52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",'
        '"cap":10,"claim_h":48,"close_at":1694775543,"id":"0123456789abcdef0123456789abcdef",'
        '"margin_s":60,"prize":"লাল শা\u09a1\u09bcি","reserves":2,'
        '"tickets":{"enter":1,"invite":1,"linked":1},"winners":2}'
    )
    assert (
        PARAMETERS.digest().hex()
        == "af8ce833b83072bd963db6c4d58b01117b70a8ed2bf2123232b2b24838d5e60c"
    )


@pytest.mark.parametrize(("person", "tickets", "salt", "commitment", "key"), VECTOR)
def test_each_person_of_the_vector_has_the_published_commitment_and_key(
    person: str, tickets: int, salt: str, commitment: str, key: str
) -> None:
    made = fairness.commitment(bytes.fromhex(salt), ID, person)
    assert made.hex() == commitment
    assert fairness.key(SEED, Entry(made, tickets))[:4].hex() == key


def test_the_freeze_of_the_vector_is_the_published_root_and_head() -> None:
    frozen = fairness.freeze(PARAMETERS, list(ENTRIES.values()))
    assert (frozen.count, frozen.tickets) == (5, 9)
    assert frozen.root.hex() == "c305665992cfa5fb414eefaac7c7ee0619319fdc7cf402b253ff684a794d67f0"
    assert frozen.head.hex() == "7ad3f4de792dd895c417a36548a8f5996b653b1c4bfd576164b31930b8ede2e9"


def test_the_seed_of_the_vector_comes_from_the_head_and_the_verified_signature() -> None:
    randomness = fairness.beacon_randomness(SIGNATURE)
    assert randomness.hex() == "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587"
    head = fairness.freeze(PARAMETERS, list(ENTRIES.values())).head
    assert fairness.seed(head, randomness) == SEED


def test_the_vector_draws_the_published_order() -> None:
    order = fairness.rank(SEED, ENTRIES.values())
    names = {entry: person for person, entry in ENTRIES.items()}
    assert [names[entry] for entry in order] == [
        "tg:1002",
        "tg:1004",
        "dc:90002+tg:1003",
        "tg:1001",
        "dc:90001",
    ]
    drawn = fairness.winners(order, PARAMETERS.winners, PARAMETERS.reserves)
    assert [names[entry] for entry in drawn.winners] == ["tg:1002", "tg:1004"]
    assert [names[entry] for entry in drawn.reserves] == ["dc:90002+tg:1003", "tg:1001"]


def test_the_rounds_of_the_vector_follow_the_close_by_the_margin() -> None:
    assert fairness.drand_round(PARAMETERS.close_at + PARAMETERS.margin_s) == 657413
    midnight = 1776643200  # 2026-04-20T00:00:00Z
    assert fairness.drand_round(midnight) == 27946612


# Parameters and people


def test_the_hash_of_the_rules_is_named_only_when_there_are_rules() -> None:
    rules = sha256("নিয়ম".encode()).hexdigest()
    named = json.loads(replace(PARAMETERS, rules=rules).canonical())
    assert named["rules"] == rules
    assert "rules" not in json.loads(PARAMETERS.canonical())


def test_parameters_do_not_depend_on_the_order_of_the_ticket_table() -> None:
    turned = replace(PARAMETERS, tickets=dict(sorted(PARAMETERS.tickets.items())))
    assert turned.digest() == PARAMETERS.digest()


@pytest.mark.parametrize(
    "wrong",
    [{"id": "abc"}, {"id": ID.upper()}, {"winners": 0}, {"reserves": -1}, {"cap": 0}, {"cap": 101}],
)
def test_parameters_no_draw_could_follow_are_refused_at_the_start(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"giveaway has|giveaway's id|ticket cap"):
        replace(PARAMETERS, **wrong)  # type: ignore[arg-type]


def test_a_person_is_named_alike_whichever_account_was_linked_first() -> None:
    assert fairness.person(["tg:1003", "dc:90002"]) == "dc:90002+tg:1003"
    assert fairness.person(["dc:90002", "tg:1003"]) == "dc:90002+tg:1003"
    assert fairness.person(["tg:1001"]) == "tg:1001"


def test_a_salt_needs_the_giveaways_own_key() -> None:
    keys = [bytes(32), bytes(31) + b"\1"]
    salts = [fairness.salt(key, "tg:1001") for key in keys]
    assert salts[0] == hmac.new(keys[0], b"tg:1001", sha256).digest()[:16]
    assert salts[0] != salts[1]


# Where the randomness comes from


@given(st.integers(fairness.DRAND_GENESIS, 2**40))
def test_the_round_is_the_first_one_at_or_after_the_moment(at: int) -> None:
    number = fairness.drand_round(at)
    assert at <= fairness.drand_moment(number) < at + fairness.DRAND_PERIOD


def test_before_the_chain_began_the_first_round_is_the_next() -> None:
    assert fairness.drand_round(0) == 1
    assert fairness.drand_moment(1) == fairness.DRAND_GENESIS


@given(seeds, seeds)
def test_only_the_committed_secret_can_be_revealed(secret: bytes, other: bytes) -> None:
    commitment = fairness.commit(secret)
    assert fairness.check_reveal(commitment, secret)
    assert fairness.check_reveal(commitment, other) == (secret == other)
    assert not fairness.check_reveal(commitment, secret[:-1])


@given(seeds)
def test_the_published_commitment_does_not_give_the_randomness_away(secret: bytes) -> None:
    randomness = fairness.revealed_randomness(secret)
    assert randomness not in {bytes.fromhex(fairness.commit(secret)), sha256(secret).digest()}
    assert randomness == sha256(b"gw1:randomness\0" + secret).digest()


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_secret_that_could_be_guessed_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="32 random bytes"):
        fairness.commit(bytes(size))


# The draw


@given(some, seeds, st.randoms(use_true_random=False))
def test_drawing_again_from_the_same_facts_gives_the_same_order(
    entries: list[Entry], seed: bytes, random: Random
) -> None:
    shuffled = list(entries)
    random.shuffle(shuffled)
    assert fairness.rank(seed, shuffled) == fairness.rank(seed, entries)


@given(some, seeds)
def test_the_ranking_is_the_published_rule_written_out(entries: list[Entry], seed: bytes) -> None:
    def written_out(entry: Entry) -> bytes:
        tickets = range(entry.tickets)
        parts = [seed + entry.commitment + t.to_bytes(4, "big") for t in tickets]
        return min(sha256(part).digest() for part in parts)

    assert fairness.rank(seed, entries) == sorted(entries, key=written_out)


@given(pools, seeds, st.integers(1, 60), st.integers(0, 60), st.data())
def test_winners_and_reserves_are_distinct_eligible_and_as_many_as_there_can_be(
    entries: list[Entry], seed: bytes, count: int, reserves: int, data: st.DataObject
) -> None:
    chosen = data.draw(st.sets(st.sampled_from(entries))) if entries else set()
    skipped = {entry.commitment for entry in chosen}
    drawn = fairness.winners(fairness.rank(seed, entries), count, reserves, skipped)
    everybody = drawn.winners + drawn.reserves
    eligible = len(entries) - len(skipped)
    assert len(set(everybody)) == len(everybody)
    assert set(everybody) <= set(entries) - chosen
    assert len(drawn.winners) == min(count, eligible)
    assert len(everybody) == min(count + reserves, eligible)


@given(some, seeds)
def test_skipping_a_winner_moves_the_next_up_and_nobody_else(
    entries: list[Entry], seed: bytes
) -> None:
    order = fairness.rank(seed, entries)
    drawn = fairness.winners(order, 2, 2, {order[0].commitment})
    assert [*drawn.winners, *drawn.reserves] == order[1:5]


# Fairness: Pearson's statistic against the 95 % limit, on draws that are the same in every run

DRAWS = 20_000
TICKETS = (1, 3, 2, 2, 1)


def first_places(places: int) -> Counter[tuple[int, ...]]:
    entries = pool(*TICKETS)
    number = {entry: i for i, entry in enumerate(entries)}
    drawn: Counter[tuple[int, ...]] = Counter()
    for i in range(DRAWS):
        order = fairness.rank(sha256(b"draw %d" % i).digest(), entries)
        drawn[tuple(number[entry] for entry in order[:places])] += 1
    return drawn


def chance(order: tuple[int, ...]) -> float:
    left, product = sum(TICKETS), 1.0
    for i in order:
        product *= TICKETS[i] / left
        left -= TICKETS[i]
    return product


@pytest.mark.parametrize(("places", "limit"), [(1, 9.488), (2, 30.144)])  # 4 and 19 degrees
def test_places_fall_in_proportion_to_the_tickets(places: int, limit: float) -> None:
    drawn = first_places(places)
    statistic = sum(
        (drawn[order] - DRAWS * chance(order)) ** 2 / (DRAWS * chance(order))
        for order in permutations(range(len(TICKETS)), places)
    )
    assert sum(drawn.values()) == DRAWS
    assert statistic < limit
