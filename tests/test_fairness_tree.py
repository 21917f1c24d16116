"""The frozen list is bound by its root: nobody is added, dropped or given other tickets later."""

from dataclasses import replace
from hashlib import sha256
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.giveaways import fairness
from handlers.giveaways.fairness import Entry, Inclusion
from tests.gw1 import PARAMETERS, SEED, pool, some


@given(some, st.randoms(use_true_random=False))
def test_the_root_does_not_depend_on_the_order_of_the_entries(
    entries: list[Entry], random: Random
) -> None:
    shuffled = list(entries)
    random.shuffle(shuffled)
    assert fairness.root(shuffled) == fairness.root(entries)


@given(some)
def test_every_entry_can_show_that_it_is_included(entries: list[Entry]) -> None:
    root = fairness.root(entries)
    for entry in entries:
        proof = fairness.inclusion(entries, entry.commitment)
        assert proof.count == len(entries)
        assert fairness.included(entry, proof, root)


@given(some, st.data())
def test_a_changed_ticket_count_has_another_root_and_no_proof(
    entries: list[Entry], data: st.DataObject
) -> None:
    entry = data.draw(st.sampled_from(entries))
    more = entry._replace(tickets=entry.tickets % fairness.MAX_TICKETS + 1)
    changed = [more if other == entry else other for other in entries]
    root, proof = fairness.root(entries), fairness.inclusion(entries, entry.commitment)
    assert fairness.root(changed) != root
    assert not fairness.included(more, proof, root)


@given(some, st.data())
def test_a_dropped_entrant_cannot_be_shown_included(
    entries: list[Entry], data: st.DataObject
) -> None:
    entry = data.draw(st.sampled_from(entries))
    rest = [other for other in entries if other != entry]
    proof = fairness.inclusion(entries, entry.commitment)
    assert fairness.root(rest) != fairness.root(entries)
    assert not fairness.included(entry, proof, fairness.root(rest))
    with pytest.raises(ValueError, match="not in list"):
        fairness.inclusion(rest, entry.commitment)


@given(some, st.data())
def test_a_proof_with_anything_altered_fails(entries: list[Entry], data: st.DataObject) -> None:
    root, entry = fairness.root(entries), data.draw(st.sampled_from(entries))
    proof = fairness.inclusion(entries, entry.commitment)
    altered = [
        replace(proof, siblings=(*proof.siblings, bytes(32))),
        replace(proof, index=-1),
        replace(proof, index=proof.count),
        replace(proof, siblings=proof.siblings[:-1]) if proof.siblings else Inclusion(0, 2, ()),
    ]
    for i, sibling in enumerate(proof.siblings):
        flipped = bytes([sibling[0] ^ 1]) + sibling[1:]
        siblings = (*proof.siblings[:i], flipped, *proof.siblings[i + 1 :])
        altered.append(replace(proof, siblings=siblings))
    assert not any(fairness.included(entry, wrong, root) for wrong in altered)
    assert not fairness.included(entry._replace(tickets=2**40), proof, root)


def test_an_inner_node_cannot_pose_as_an_entry() -> None:
    one, two = sorted(pool(1, 1))
    forged = Entry(fairness.leaf(one) + fairness.leaf(two), 1)
    assert not fairness.included(forged, Inclusion(0, 1, ()), fairness.root([one, two]))


@pytest.mark.parametrize("wrong", [Entry(b"short", 1), Entry(bytes(32), 0), Entry(bytes(32), 101)])
def test_a_malformed_entry_cannot_be_frozen(wrong: Entry) -> None:
    with pytest.raises(ValueError, match="32-byte commitment"):
        fairness.freeze(PARAMETERS, [*pool(1, 2), wrong])


def test_the_same_person_cannot_be_frozen_twice() -> None:
    entries = pool(1, 2)
    with pytest.raises(ValueError, match="once"):
        fairness.freeze(PARAMETERS, [*entries, entries[0]._replace(tickets=5)])


def test_an_empty_pool_has_a_root_and_draws_nobody() -> None:
    frozen = fairness.freeze(PARAMETERS, [])
    assert frozen.root == sha256(b"").digest()
    assert (frozen.count, frozen.tickets) == (0, 0)
    assert fairness.winners(fairness.rank(SEED, []), 3, 3) == fairness.Result((), ())


@given(some)
def test_the_head_binds_parameters_and_size(entries: list[Entry]) -> None:
    frozen = fairness.freeze(PARAMETERS, entries)
    others = [
        fairness.freeze(replace(PARAMETERS, prize="অন্য"), entries),
        replace(frozen, count=frozen.count + 1),
        replace(frozen, tickets=frozen.tickets + 1),
    ]
    assert frozen.head not in {other.head for other in others}
