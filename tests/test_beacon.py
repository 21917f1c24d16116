"""A beacon is believed only if it is what was promised, and says how far it can be trusted."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from py_arkworks_bls12381 import GT, G1Point, G2Point

from handlers.giveaways import beacon, fairness
from handlers.giveaways.beacon import QUICKNET, Beacon, Chain, Kind, Strength
from tests.gw1 import PARAMETERS, SIGNATURE
from tests.peers.drand import Network, chain_hash

ROUND = 657413
RANDOMNESS = "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587"
OURS = Network()
SECRET = bytes(range(32))
HEX = SIGNATURE.hex()
ANSWER = {"round": ROUND, "randomness": RANDOMNESS, "signature": HEX}
few = settings(max_examples=25, deadline=None)


def test_the_published_moment_falls_on_the_published_round() -> None:
    assert beacon.round_at(1776643200) == 27946612  # 2026-04-20T00:00:00Z


@given(st.integers(0, 2**40), st.sampled_from([QUICKNET, OURS.chain]))
def test_a_moments_round_is_the_first_that_is_not_before_it(at: int, chain: Chain) -> None:
    number = chain.round_at(at)
    assert number >= 1
    assert chain.moment(number) >= at
    assert number == 1 or chain.moment(number - 1) < at


def test_quicknets_key_and_times_are_what_its_hash_is_made_from() -> None:
    group = bytes.fromhex("f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e")
    q = QUICKNET
    assert chain_hash(q.public_key, q.genesis, q.period, group, "quicknet") == q.hash


def test_a_real_round_of_quicknet_is_verified() -> None:
    assert beacon.verified(SIGNATURE, ROUND)
    assert fairness.beacon_randomness(SIGNATURE).hex() == RANDOMNESS


def test_no_signature_with_a_flipped_bit_is() -> None:
    whole = int.from_bytes(SIGNATURE, "big")
    flipped = ((whole ^ 1 << bit).to_bytes(48, "big") for bit in range(384))
    assert not any(beacon.verified(one, ROUND) for one in flipped)


@given(st.integers(-(2**70), 2**70))
@few
def test_a_signature_is_good_for_its_own_round_alone(number: int) -> None:
    assert beacon.verified(SIGNATURE, number) == (number == ROUND)


@pytest.mark.parametrize("number", [0, -ROUND, 2**64, 2**64 + ROUND, ROUND + 1])
def test_a_round_that_is_not_the_signed_one_is_refused(number: int) -> None:
    assert not beacon.verified(SIGNATURE, number)


@given(st.binary(max_size=100) | st.binary(min_size=48, max_size=48))
@few
def test_no_other_bytes_are_a_signature_nor_an_error(signature: bytes) -> None:
    assert not beacon.verified(signature, ROUND)


def test_a_signature_has_48_bytes() -> None:
    assert not any(beacon.verified((SIGNATURE * 2)[:length], ROUND) for length in (0, 47, 49, 96))


@pytest.mark.parametrize("rest", [bytes(47), b"\1" * 47])
def test_the_point_at_infinity_is_no_signature_however_it_is_written(rest: bytes) -> None:
    assert G1Point.from_compressed_bytes(b"\xc0" + rest) == G1Point.identity()
    assert not beacon.verified(b"\xc0" + rest, ROUND)


def test_the_opposite_point_is_no_signature() -> None:
    opposite = bytes([SIGNATURE[0] ^ 0x20]) + SIGNATURE[1:]
    assert -G1Point.from_compressed_bytes(SIGNATURE) == G1Point.from_compressed_bytes(opposite)
    assert not beacon.verified(opposite, ROUND)


def test_a_point_outside_the_subgroup_is_refused_where_the_pairing_would_take_it() -> None:
    """Adding a point of small order would give a second signature, so a second randomness."""
    small = G1Point.from_compressed_bytes_unchecked(b"\x80" + bytes(47))  # x = 0, of order 3
    shifted = G1Point.from_compressed_bytes(SIGNATURE) + small
    hashed = G1Point.hash_to_curve(beacon.message(ROUND), beacon.DOMAIN)
    key = G2Point.from_compressed_bytes(QUICKNET.public_key)
    assert GT.pairing_check([shifted, -hashed], [G2Point(), key])
    assert not beacon.verified(shifted.to_compressed_bytes(), ROUND)


def test_a_point_has_one_encoding() -> None:
    """Another one of the same point would give another randomness."""
    field = int(
        "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f624"
        "1eabfffeb153ffffb9feffffffffaaab", 16,
    )  # fmt: skip
    flags, lowest = 7 << 381, (1 << 381) - 1
    points = ((n, int.from_bytes(OURS.sign(n), "big")) for n in range(1, 100))
    number, point = next(one for one in points if (one[1] & lowest) + field <= lowest)
    other = (point & flags) | ((point & lowest) + field)
    assert beacon.verified(point.to_bytes(48, "big"), number, OURS.chain)
    assert not beacon.verified(other.to_bytes(48, "big"), number, OURS.chain)


@given(st.integers(1, 2**64 - 1))
@few
def test_a_network_of_another_key_signs_for_itself_alone(number: int) -> None:
    signature = OURS.sign(number)
    assert beacon.verified(signature, number, OURS.chain)
    assert not beacon.verified(signature, number)
    assert not beacon.verified(Network("a liar").sign(number), number, OURS.chain)


@pytest.mark.parametrize("key", [b"", bytes(96), b"\xff" * 96, b"\xc0" + bytes(95)])
def test_a_chain_whose_key_is_no_key_verifies_nothing(key: bytes) -> None:
    chain = Chain(QUICKNET.hash, key, QUICKNET.genesis, QUICKNET.period)
    assert not beacon.verified(SIGNATURE, ROUND, chain)
    assert not beacon.verified(b"\xc0" + bytes(47), ROUND, chain)


def test_the_verifier_is_not_loaded_before_it_is_needed() -> None:
    program = (
        "import sys, handlers.giveaways.beacon, handlers.giveaways.relays;"
        "sys.exit(any('arkworks' in name for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


# What people paste


@pytest.mark.parametrize(
    "pasted",
    [
        HEX,
        HEX.upper(),
        f"  0x{HEX}\n",
        f"{HEX[:40]}\n{HEX[40:80]}\r\n {HEX[80:]}",
        f"round {ROUND} {HEX}",
        f"Signature: {HEX}.",
        json.dumps(ANSWER),
        json.dumps(ANSWER, indent=4).upper(),
        json.dumps(ANSWER).replace('"', "”"),
        json.dumps(ANSWER).replace(HEX, f"{HEX[:48]}\n{HEX[48:]}"),
        f"{'ab' * 48} {HEX}",
    ],
)
def test_a_pasted_signature_is_found_in_whatever_form_it_comes(pasted: str) -> None:
    assert beacon.accepted(QUICKNET, ROUND, pasted) == HEX


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "তৈরি",
        HEX[:-1],
        HEX + "0",
        "0" + HEX,
        HEX.replace("b7", "c7", 1),
        OURS.sign(ROUND).hex(),
        RANDOMNESS,
        "{" * 1000,
        HEX + " " * 2000,
        " ".join(f"{byte:02x}" * 48 for byte in range(4)) + f" {HEX}",  # so many are not tried
    ],
)
def test_anything_else_that_is_pasted_is_refused(pasted: str) -> None:
    assert beacon.accepted(QUICKNET, ROUND, pasted) is None


def test_the_signature_of_another_round_is_refused_whatever_the_answer_says_of_itself() -> None:
    answer = {"round": ROUND, "signature": OURS.sign(ROUND + 1).hex()}
    assert beacon.accepted(OURS.chain, ROUND, json.dumps(answer)) is None
    assert beacon.accepted(OURS.chain, ROUND + 1, json.dumps(answer)) is not None


@given(st.text() | st.text("0123456789abcdefABCDEF \n", min_size=90, max_size=300))
@few
def test_no_pasted_text_is_an_error(pasted: str) -> None:
    assert beacon.accepted(QUICKNET, ROUND, pasted) is None


# Values taken by hand


def test_manual_values_are_hashed_as_published() -> None:
    expected = sha256("gw1:manual\0DSEX ৬,২৪৮.১২ 2026-11-24".encode()).digest()
    assert beacon.manual_randomness("  DSEX\t৬,২৪৮.১২ \n 2026-11-24 ") == expected


def test_one_bengali_letter_written_two_ways_gives_one_randomness() -> None:
    assert beacon.manual_randomness("\u09dfা") == beacon.manual_randomness("\u09af\u09bcা")


@given(st.text(max_size=200))
def test_normalising_twice_changes_nothing(value: str) -> None:
    once = beacon.normalised(value)
    assert beacon.normalised(once) == once
    assert beacon.normalised(unicodedata.normalize("NFD", f" {value}\n")) == once


@pytest.mark.parametrize("value", ["", " \n", "১" * 2001, "\ud800"])
def test_values_that_say_nothing_or_too_much_are_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"manual draw|surrogates"):
        beacon.manual_randomness(value)
    assert Beacon.manual("DSEX").randomness(value) is None


@pytest.mark.parametrize(
    ("made", "kind", "strength"),
    [
        (Beacon.drand(), Kind.DRAND, Strength.STRONG),
        (Beacon.manual(" DSEX  of: 30 Nov "), Kind.MANUAL, Strength.MEDIUM),
        (Beacon.commit_reveal(SECRET), Kind.COMMIT_REVEAL, Strength.WEAK),
    ],
)
def test_a_beacon_comes_back_from_its_field_and_knows_its_strength(
    made: Beacon, kind: Kind, strength: Strength
) -> None:
    assert Beacon.parse(str(made)) == made
    assert (made.kind, made.strength) == (kind, strength)


def test_the_fields_are_the_published_ones() -> None:
    assert str(Beacon.drand()) == PARAMETERS.beacon
    assert str(Beacon.manual(" DSEX  of: 30 Nov ")) == "manual:DSEX of: 30 Nov"
    assert str(Beacon.commit_reveal(SECRET)) == fairness.COMMIT_REVEAL + fairness.commit(SECRET)


@pytest.mark.parametrize(
    "field",
    [
        "",
        "drand",
        "drand:",
        f"drand:{QUICKNET.hash.upper()}",
        f"drand:{QUICKNET.hash}\n",
        f"Drand:{QUICKNET.hash}",
        f"commit-reveal:{'a' * 63}",
        "manual:",
        "manual: \n",
        f"manual:{'ক' * 201}",
        "manual:\udfff",
        "dice:6",
    ],
)
def test_a_field_no_draw_could_use_is_refused(field: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Beacon.parse(field)


def test_a_beacon_gives_randomness_for_what_it_promised() -> None:
    assert Beacon.drand().randomness(HEX, ROUND) == bytes.fromhex(RANDOMNESS)
    assert Beacon.manual("DSEX").randomness("6,248.12") == beacon.manual_randomness("6,248.12")
    revealed = Beacon.commit_reveal(SECRET).randomness(SECRET.hex())
    assert revealed == fairness.revealed_randomness(SECRET)


@pytest.mark.parametrize(
    ("promised", "taken", "number"),
    [
        (Beacon.drand(), HEX, ROUND + 1),
        (Beacon.drand(), HEX, 0),
        (Beacon.drand(), "", ROUND),
        (Beacon.drand(OURS.chain), OURS.sign(ROUND).hex(), ROUND),  # not a chain that is known
        (Beacon.commit_reveal(SECRET), bytes(32).hex(), 0),
        (Beacon.commit_reveal(SECRET), SECRET.hex()[2:], 0),
        (Beacon.commit_reveal(SECRET), "no digits", 0),
        (Beacon.commit_reveal(SECRET), "", 0),
    ],
)
def test_and_none_for_anything_else(promised: Beacon, taken: str, number: int) -> None:
    assert promised.randomness(taken, number) is None


def test_a_chain_is_used_only_where_it_is_known() -> None:
    ours = Beacon.drand(OURS.chain)
    assert ours.chain() is None
    assert ours.chain([QUICKNET, OURS.chain]) == OURS.chain
    assert Beacon.drand().chain() == QUICKNET
    assert Beacon(Kind.MANUAL, QUICKNET.hash).chain() is None
    expected = fairness.beacon_randomness(OURS.sign(7))
    assert ours.randomness(OURS.sign(7).hex(), 7, [OURS.chain]) == expected
