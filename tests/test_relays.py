"""Relays: one that answers rightly is enough, and none of the others does any harm."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from handlers.giveaways.beacon import QUICKNET, Chain, verified
from handlers.giveaways.relays import FORGED, Fetched, Limits, Passed, Relays, signature_in
from tests.gw1 import SIGNATURE
from tests.peers.drand import Manner, Network, Relay

NETWORK = Network()
ROUND = 1000
PATIENT = Limits(hedge=60, each=60, whole=60)  # nothing but an answer moves it on
EAGER = replace(PATIENT, hedge=0)  # every relay is asked at once
RIGHT = NETWORK.sign(ROUND).hex()


def moment(chain: Chain = NETWORK.chain, number: int = ROUND, late: float = 1) -> datetime:
    return datetime.fromtimestamp(chain.moment(number), UTC) + timedelta(seconds=late)


@asynccontextmanager
async def house(
    *manners: Manner, limits: Limits = PATIENT, late: float = 1, number: int = ROUND
) -> AsyncIterator[tuple[Relays, list[Relay]]]:
    """Relays of these manners; the round's number decides which one is asked first."""
    async with AsyncExitStack() as stack:
        peers = [await stack.enter_async_context(Relay(NETWORK, one)) for one in manners]
        first = -number % max(len(peers), 1)
        addresses = [peer.base for peer in peers[first:] + peers[:first]]
        relays = Relays(addresses, lambda: moment(late=late, number=number), NETWORK.chain, limits)
        stack.push_async_callback(relays.close)
        yield relays, peers


async def test_a_round_is_fetched_by_chain_and_number_and_nobody_else_is_asked() -> None:
    async with house(Manner.HONEST, Manner.HONEST) as (relays, (one, other)):
        with capture_logs() as logs:
            assert await relays.fetch(ROUND) == Fetched(RIGHT)
    assert one.paths == [f"/{NETWORK.chain.hash}/public/{ROUND}"]
    assert other.paths == []
    assert logs == []


async def test_rounds_spread_over_the_relays() -> None:
    async with house(*[Manner.HONEST] * 3) as (relays, peers):
        for number in range(ROUND - 6, ROUND):
            assert (await relays.fetch(number)).signature == NETWORK.sign(number).hex()
    assert [len(peer.paths) for peer in peers] == [2, 2, 2]


BAD = {
    Manner.EARLY: "not there yet",
    Manner.UNKNOWN: "not there yet",
    Manner.BROKEN: "HTTP 500",
    Manner.PROSE: "no JSON",
    Manner.ODD: "another round",
    Manner.OTHER_ROUND: "another round",
    Manner.FORGED: FORGED,
    Manner.BENT: FORGED,
    Manner.HUGE: "too large an answer",
    Manner.PACKED: "no JSON",
    Manner.MOVED: "HTTP 302",
    Manner.CUT: "ClientPayloadError",
}


@pytest.mark.parametrize(("manner", "why"), BAD.items())
async def test_a_relay_that_is_wrong_is_passed_over_with_one_line_that_says_why(
    manner: Manner, why: str
) -> None:
    async with house(manner, Manner.HONEST) as (relays, (bad, good)):
        bad.elsewhere = f"{good.base}/{NETWORK.chain.hash}/public/{ROUND}"
        with capture_logs() as logs:
            assert await relays.fetch(ROUND) == Fetched(RIGHT)
    assert [line["why"] for line in logs] == [{bad.base.removeprefix("http://"): why}]
    assert logs[0]["log_level"] == ("warning" if why == FORGED else "info")
    assert len(good.paths) == 1  # by asking it, not by following there


@pytest.mark.parametrize("manner", BAD)
async def test_where_all_are_wrong_there_is_none_and_a_time_to_ask_again(manner: Manner) -> None:
    async with house(manner, manner) as (relays, peers):
        peers[0].elsewhere = peers[1].elsewhere = "http://127.0.0.1:9/"
        with capture_logs() as logs:
            assert await relays.fetch(ROUND) == Fetched(None, timedelta(seconds=3))
    assert [len(peer.paths) for peer in peers] == [1, 1]
    assert [line["log_level"] for line in logs] == ["warning"]


async def test_no_more_than_a_small_answer_is_read() -> None:
    async with house(Manner.HUGE) as (relays, (huge,)):
        assert (await relays.fetch(ROUND)).signature is None
    assert huge.sent < 50_000_000  # what the network itself holds, of 100 MB


async def test_while_one_is_silent_another_is_asked_and_its_answer_taken() -> None:
    async with house(Manner.HANGING, Manner.HONEST, limits=EAGER) as (relays, (silent, _)):
        assert await relays.fetch(ROUND) == Fetched(RIGHT)
        assert len(silent.paths) <= 1


async def test_whoever_answers_first_is_taken_when_both_are_slow() -> None:
    async with house(Manner.SLOW, Manner.SLOW, limits=EAGER) as (relays, (one, other)):
        fetching = asyncio.create_task(relays.fetch(ROUND))
        await one.asked.wait()
        await other.asked.wait()
        assert not fetching.done()
        other.let_go.set()
        assert await fetching == Fetched(RIGHT)
        assert not one.let_go.is_set()


async def test_a_silent_relay_is_given_up_after_its_own_time_and_the_next_is_asked() -> None:
    limits = replace(PATIENT, each=0.05)
    async with house(Manner.HANGING, Manner.HANGING, limits=limits) as (relays, peers):
        with capture_logs() as logs:
            assert await relays.fetch(ROUND) == Fetched(None, timedelta(seconds=3))
    hosts = [peer.base.removeprefix("http://") for peer in peers]
    assert logs[0]["why"] == dict.fromkeys(hosts, "no answer in time")


async def test_all_together_have_a_time_too() -> None:
    limits = replace(EAGER, whole=0.05)
    async with house(*[Manner.HANGING] * 3, limits=limits) as (relays, _):
        with capture_logs() as logs:
            assert await relays.fetch(ROUND) == Fetched(None, timedelta(seconds=3))
    assert logs[0]["why"] == {"all": "no answer in time"}


async def test_who_gives_up_waiting_leaves_nothing_running() -> None:
    async with house(Manner.HANGING, Manner.HANGING, limits=EAGER) as (relays, peers):
        before = asyncio.all_tasks()
        fetching = asyncio.create_task(relays.fetch(ROUND))
        for peer in peers:
            await peer.asked.wait()
        fetching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await fetching
        names = [task.get_coro().__qualname__ for task in asyncio.all_tasks() - before]  # type: ignore[union-attr]
        assert not [name for name in names if name.startswith("Relays")]


async def test_a_relay_that_is_not_there_is_passed_over() -> None:
    async with house(Manner.HONEST) as (_, (good,)):
        relays = Relays(["http://127.0.0.1:9", good.base], moment, NETWORK.chain, PATIENT)
        assert await relays.fetch(ROUND) == Fetched(RIGHT)
        await relays.close()
        await relays.close()
        assert await relays.fetch(ROUND) == Fetched(RIGHT)
        await relays.close()


@pytest.mark.parametrize("address", ["http://", "nonsense", "http://\u2603..example", "http://[::"])
async def test_an_address_that_is_none_is_no_error(address: str) -> None:
    relays = Relays([address], moment, NETWORK.chain, PATIENT)
    assert await relays.fetch(ROUND) == Fetched(None, timedelta(seconds=3))
    await relays.close()


async def test_a_round_that_is_still_to_come_is_not_asked_for() -> None:
    async with house(Manner.HONEST, late=-90) as (relays, (peer,)):
        assert await relays.fetch(ROUND) == Fetched(None, timedelta(seconds=91))
    assert peer.paths == []


@pytest.mark.parametrize(
    ("late", "again"), [(0, 3), (4, 3), (60, 30), (1000, 500), (3600, 600), (10**7, 600)]
)
async def test_the_longer_nobody_has_a_round_the_less_often_it_is_asked_for(
    late: float, again: float
) -> None:
    async with house(Manner.EARLY, late=late) as (relays, _):
        assert await relays.fetch(ROUND) == Fetched(None, timedelta(seconds=again))


async def test_without_relays_a_signature_must_be_pasted() -> None:
    assert await Relays([], moment, NETWORK.chain).fetch(ROUND) == Fetched(None)


async def test_quicknets_round_is_known_from_a_relays_own_words() -> None:
    """As the public relays answered for this round."""
    answer = {
        "round": 657413,
        "randomness": "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587",
        "signature": SIGNATURE.hex(),
    }
    assert signature_in(json.dumps(answer).encode(), 657413, QUICKNET) == SIGNATURE.hex()
    del answer["randomness"]
    assert signature_in(json.dumps(answer).encode(), 657413, QUICKNET) == SIGNATURE.hex()


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(ROUND),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
_answers = st.fixed_dictionaries(
    {"round": _json, "signature": _json | st.sampled_from([RIGHT, RIGHT.upper(), RIGHT[:-2]])},
    optional={"randomness": _json},
)


@given(st.binary() | st.builds(lambda one: json.dumps(one).encode(), _json | _answers))
def test_an_answer_is_either_the_rounds_signature_or_passed_over(body: bytes) -> None:
    try:
        signature = signature_in(body, ROUND, NETWORK.chain)
    except Passed:
        return
    assert verified(bytes.fromhex(signature), ROUND, NETWORK.chain)


@pytest.mark.parametrize("body", [b"[" * 4096, b"\xff\xfe[", b'{"round": 1000}', b"1e999", b""])
def test_odd_answers_are_passed_over(body: bytes) -> None:
    with pytest.raises(Passed):
        signature_in(body, ROUND, NETWORK.chain)
