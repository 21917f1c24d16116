"""The optional tier in trouble: whatever the service does, the default stands, in time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog

from bot.world import Clock
from handlers.questions.assist.breaker import Breaker
from handlers.questions.assist.client import Client, Unusable
from handlers.questions.assist.tier import Assist, Better, Terms
from storage import assist as ledger
from storage.tx import Tx
from tests.assisted import ASKED, BOTH, DELIVERY, DRESS, GOOD, KEY, ask, reply, teach, tier
from tests.peers.model_server import Fault, ModelServer
from tests.stage import Stage

FAULTS = {
    "silent": Fault(silent=True),
    "500": Fault(500, b"<html>sk-secret"),
    "401": Fault(401, b'{"error": "bad key"}'),
    "429": Fault(429, headers={"Retry-After": "120"}),
    "redirect": Fault(307, headers={"Location": "/elsewhere"}),
    "reset mid-body": Fault(cut=100),
    "endless body": Fault(endless=True),
    "no JSON": Fault(body=b"I am a teapot"),
    "other JSON": Fault(body=b'{"hello": ["world"]}'),
    "a list": Fault(body=b"[]"),
    "deep JSON": Fault(body=b"[" * 100_000),
    "empty": Fault(),
    "packed": Fault(body=b"\x1f\x8b", headers={"Content-Encoding": "gzip"}),
}


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer() as server:
        yield server


# When the service misbehaves ------------------------------------------------------------------


@pytest.mark.parametrize("name", FAULTS)
async def test_whatever_goes_wrong_the_default_stands_and_nothing_is_told(
    bot: Stage, server: ModelServer, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with tier(bot, server, timeout=0.3 if name == "silent" else 5.0) as assist:
        server.faults.extend([FAULTS[name]] * 4)
        with structlog.testing.capture_logs() as logs:
            better = await ask(bot, assist)
        assert better == Better(BOTH, "choose")
    assert [one["event"] for one in logs].count("assist failed") >= 1
    told = json.dumps(logs, default=str, ensure_ascii=False) + capsys.readouterr().err
    assert not [one for one in (KEY, "sk-secret", "127.0.0.1", "ড্রেস", "Traceback") if one in told]
    assert "/elsewhere" not in [call.path for call in server.calls]


async def test_a_body_without_end_is_left_early(bot: Stage, server: ModelServer) -> None:
    async with tier(bot, server, embeddings="") as assist:
        server.faults.append(Fault(endless=True))
        await ask(bot, assist)
    assert server.sent < 30_000_000


async def test_a_slow_service_costs_a_question_no_more_than_the_timeout(
    bot: Stage, server: ModelServer
) -> None:
    loop = asyncio.get_running_loop()
    async with tier(bot, server, timeout=0.2) as assist:
        await ask(bot, assist)
        await assist.learnt()
        server.faults.extend([Fault(silent=True)] * 2)
        began = loop.time()
        better = await ask(bot, assist)
        assert loop.time() - began < 2
    assert better == Better(BOTH, "choose")


async def test_no_more_than_four_questions_wait_for_it_at_once(
    bot: Stage, server: ModelServer
) -> None:
    async with tier(bot, server, embeddings="", timeout=1.5) as assist:
        server.faults.extend([Fault(silent=True)] * 40)
        asked = [ask(bot, assist, f"{ASKED} {at}") for at in range(40)]
        seen = await asyncio.gather(*asked)
    assert set(seen) == {Better(BOTH, "choose")}
    assert len(server.calls) == 4


async def test_stopping_while_it_learns_leaves_nothing_behind(
    bot: Stage, server: ModelServer
) -> None:
    async with tier(bot, server, chat="") as assist:
        server.faults.append(Fault(silent=True))
        await ask(bot, assist)
    assert [task for task in asyncio.all_tasks() if "Assist._learn" in repr(task)] == []


async def test_a_name_of_a_public_address_is_not_asked_over_plain_http(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def lookup(*_: Any, **__: Any) -> list[Any]:
        return [(2, 1, 6, "", ("93.184.216.34", 80))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", lookup)
    client = Client("http://gpu.lan/v1", KEY)
    with pytest.raises(Unusable):
        await client.post("embeddings", {})
    await client.close()


# Budget ---------------------------------------------------------------------------------------


async def test_the_budget_of_a_day_is_kept_by_all_processes_together(
    bot: Stage, server: ModelServer
) -> None:
    server.replies[0] = reply(GOOD)
    terms = Terms(server.base, KEY, chat="c", daily_budget=3, timeout=5.0)
    here, there = (Assist(terms, bot.adda.database, bot.adda.world) for _ in range(2))
    await teach(bot, DRESS, DELIVERY)
    try:
        seen = [await ask(bot, one, f"{ASKED} {at}") for at in range(3) for one in (here, there)]
        assert [one.combined is not None for one in seen] == [True, True, True, False, False, False]
        assert server.count("chat/completions") == 3
        bot.clock.advance(86_400)
        assert (await ask(bot, there, f"{ASKED} 9")).combined is not None
    finally:
        await here.close()
        await there.close()


async def test_requests_are_counted_exactly_with_many_at_once(bot: Stage) -> None:
    async def one(tx: Tx) -> bool:
        return await ledger.spend(tx, "2026-11-20", 5)

    got = await asyncio.gather(*(bot.unit(one) for _ in range(20)))
    assert sum(got) == 5
    async with bot.adda.database.read() as tx:
        assert await ledger.spent(tx, "2026-11-20") == 5
        assert await ledger.spent(tx, "2026-11-21") == 0


async def test_a_budget_of_nothing_asks_nothing(bot: Stage, server: ModelServer) -> None:
    async with tier(bot, server, daily_budget=0) as assist:
        assert await ask(bot, assist) == Better(BOTH, "choose")
        await assist.learnt()
    assert server.calls == []


# Breaker --------------------------------------------------------------------------------------


def test_the_breaker_opens_after_three_failures_and_closes_after_one_probe() -> None:
    clock = Clock(datetime(2026, 11, 20, tzinfo=UTC))
    breaker = Breaker(clock.now)
    for _ in range(3):
        assert breaker.allow()
        breaker.failed()
    assert not breaker.allow()
    clock.advance(29)
    assert not breaker.allow()
    clock.advance(1)
    assert breaker.allow()
    assert not breaker.allow()  # one at a time
    breaker.succeeded()
    assert breaker.allow()
    assert breaker.allow()


def test_a_probe_that_fails_opens_it_again_and_one_given_up_lets_the_next_try() -> None:
    clock = Clock(datetime(2026, 11, 20, tzinfo=UTC))
    breaker = Breaker(clock.now, failures=1)
    breaker.failed()
    clock.advance(30)
    assert breaker.allow()
    breaker.gave_up()
    assert breaker.allow()
    breaker.failed()
    assert not breaker.allow()
    clock.advance(30)
    assert breaker.allow()


@pytest.mark.parametrize(("asked", "rests"), [(120, 120), (0, 30), (999_999, 3600)])
def test_it_rests_as_long_as_the_service_asks_within_reason(asked: float, rests: float) -> None:
    clock = Clock(datetime(2026, 11, 20, tzinfo=UTC))
    breaker = Breaker(clock.now)
    breaker.failed(asked)
    clock.advance(rests - 1)
    assert not breaker.allow()
    clock.advance(1)
    assert breaker.allow()


async def test_a_failing_service_is_left_alone_and_found_again(
    bot: Stage, server: ModelServer
) -> None:
    server.replies[0] = reply(GOOD)
    async with tier(bot, server, embeddings="") as assist:
        server.faults.extend([Fault(500)] * 3)
        for _ in range(6):
            assert (await ask(bot, assist)).combined is None
        assert len(server.calls) == 3
        bot.clock.advance(31)
        assert (await ask(bot, assist)).combined is not None
        assert len(server.calls) == 4


async def test_a_service_that_asks_for_two_minutes_gets_them(
    bot: Stage, server: ModelServer
) -> None:
    server.replies[0] = reply(GOOD)
    async with tier(bot, server, embeddings="") as assist:
        server.faults.append(FAULTS["429"])
        await ask(bot, assist)
        bot.clock.advance(119)
        await ask(bot, assist)
        assert len(server.calls) == 1
        bot.clock.advance(1)
        assert (await ask(bot, assist)).combined is not None


async def test_chat_that_fails_does_not_take_embeddings_with_it(
    bot: Stage, server: ModelServer
) -> None:
    async with tier(bot, server) as assist:
        await ask(bot, assist)
        await assist.learnt()
        server.replies[0] = "x" * 10_000
        for at in range(6):
            await ask(bot, assist, f"{ASKED} {at}")
    assert server.count("chat/completions") == 3 + 1
    assert server.count("embeddings") == 2 + 6
