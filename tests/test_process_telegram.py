"""The whole program against a loopback Telegram: what goes wrong on the way, death, and the end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.peers.telegram import TelegramPeer
from tests.peers.telegram_wire import BLOCKED, Fault, broken, dropped, flood
from tests.process import Program, program, telegram_settings
from tests.process_telegram import SlowPeer, answered, begin, caught_up, texts, tries

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def peer() -> AsyncIterator[SlowPeer]:
    async with SlowPeer() as made:
        yield made
        assert made.invalid == []


@pytest_asyncio.fixture(loop_scope="module")
async def bot(peer: TelegramPeer, tmp_path: Path, database_url: str) -> AsyncIterator[Program]:
    """A bot that is polling, on each kind of database in turn; tests may kill it."""
    given = telegram_settings(peer)
    async with program(tmp_path, DATABASE_URL=database_url, **given) as made:
        await begin(made, peer)
        yield made


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def long_lived(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[TelegramPeer, Program]]:
    """One bot that has to survive everything that happens to it, test after test."""
    folder = tmp_path_factory.mktemp("bot")
    async with TelegramPeer() as peer, program(folder, **telegram_settings(peer)) as made:
        await begin(made, peer)
        yield peer, made
        assert peer.invalid == []
        assert await made.stop() == 0
        assert [line for line in made.log if '"error"' in line] == []


@pytest.fixture
def survivor(long_lived: tuple[TelegramPeer, Program]) -> TelegramPeer:
    """The Telegram of the bot that survives."""
    return long_lived[0]


# On its way --------------------------------------------------------------------------------------


async def test_a_command_is_answered_within_three_seconds(survivor: TelegramPeer) -> None:
    began = time.monotonic()
    survivor.says("Rima", "/start")
    assert "Mitu" in await answered(survivor, "Rima", 3.0)
    assert time.monotonic() - began < 3


async def test_a_press_is_answered_within_three_seconds(survivor: TelegramPeer) -> None:
    survivor.says("Mina", "/language")
    await answered(survivor, "Mina")
    query = survivor.presses("Mina", survivor.seen("Mina")[0], "English")["callback_query"]["id"]
    toasts = await survivor.until(
        lambda: [
            call for call in survivor.asked("answerCallbackQuery")
            if call.values["callback_query_id"] == query
        ], 3.0,
    )  # fmt: skip
    assert len(toasts) == 1
    await caught_up(survivor)
    assert [text for text in texts(survivor, "Mina") if "English" in text] != []


async def test_a_reply_told_to_wait_comes_once_and_not_early(survivor: TelegramPeer) -> None:
    survivor.fail("sendMessage", flood(2))
    survivor.says("Lota", "/start")
    await answered(survivor, "Lota")
    await caught_up(survivor)
    first, second = tries(survivor, "Lota")
    assert (first.status, second.status) == (429, 200)
    assert second.at - first.at >= 2
    assert len(texts(survivor, "Lota")) == 1


@pytest.mark.parametrize(
    "fault",
    [
        broken(502, acts=True), broken(502), dropped(acts=True), dropped(), dropped(part=20),
    ],
    ids=["502 after", "502 before", "dropped after", "dropped before", "half an answer"],
)  # fmt: skip
async def test_an_answer_that_may_have_arrived_is_not_given_twice(
    survivor: TelegramPeer, fault: Fault
) -> None:
    survivor.fail("sendMessage", fault)
    fan = f"fan {len(survivor.sent)}"
    survivor.says(fan, "/start")
    await survivor.until(lambda: tries(survivor, fan))
    await caught_up(survivor)
    assert len(texts(survivor, fan)) == int(fault.acts)
    survivor.says(fan, "/help")
    await survivor.until(lambda: len(texts(survivor, fan)) == int(fault.acts) + 1)


ANOTHER = Fault(
    409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance "
    "is running",
)  # fmt: skip


@pytest.mark.parametrize(
    "fault",
    [
        broken(502), broken(502, acts=True), dropped(), dropped(acts=True), dropped(part=20),
        flood(1), ANOTHER,
    ],
    ids=["502", "502 after", "dropped", "dropped after", "half an answer", "429", "409"],
)  # fmt: skip
async def test_a_poll_that_fails_loses_and_repeats_nothing(
    survivor: TelegramPeer, fault: Fault
) -> None:
    survivor.fail("getUpdates", fault)
    fan = f"fan {len(survivor.sent)}"
    survivor.says(fan, "/start")  # ends the poll under way; the next one is the faulty one
    survivor.says(f"{fan}, too", "/start")
    await answered(survivor, fan)
    await answered(survivor, f"{fan}, too")
    await caught_up(survivor)
    assert len(texts(survivor, fan)) == len(texts(survivor, f"{fan}, too")) == 1


async def test_an_update_that_comes_again_is_handled_once(survivor: TelegramPeer) -> None:
    update = survivor.says("Sumi", "/start")
    await answered(survivor, "Sumi")
    survivor.again(update)
    survivor.again(update)
    await caught_up(survivor)
    assert len(texts(survivor, "Sumi")) == 1


async def test_who_blocked_the_bot_holds_up_nobody(survivor: TelegramPeer) -> None:
    survivor.fail("sendMessage", BLOCKED)
    survivor.says("Nila", "/start")
    await caught_up(survivor)
    assert texts(survivor, "Nila") == []


async def test_a_server_that_went_away_is_waited_for(survivor: TelegramPeer) -> None:
    await survivor.stop()
    survivor.says("Poly", "/start")
    await survivor.start()
    await answered(survivor, "Poly", 15.0)
    assert len(texts(survivor, "Poly")) == 1


async def test_a_long_question_a_forged_button_and_an_unknown_command_get_a_sentence(
    survivor: TelegramPeer,
) -> None:
    survivor.says("Tania", "/language")
    await answered(survivor, "Tania")
    survivor.says("Long", "ক" * 4096)
    survivor.says("Wild", "/wat")
    survivor.presses("Tania", survivor.seen("Tania")[0], "gf:forged", forged=True)
    assert "2,000" in (await answered(survivor, "Long")).replace("২,০০০", "2,000")
    assert "/wat" in await answered(survivor, "Wild")
    await survivor.until(lambda: "পুরোনো" in texts(survivor, "Tania")[-1])


# Death ------------------------------------------------------------------------------------------


async def test_what_is_written_while_it_is_dead_is_answered_once(
    bot: Program, peer: TelegramPeer
) -> None:
    await bot.kill()
    before = peer.says("Rima", "/start")
    await begin(bot, peer)
    await answered(peer, "Rima")
    peer.again(before)
    await caught_up(peer)
    assert len(texts(peer, "Rima")) == 1


async def test_killed_with_its_answer_just_given_it_gives_no_second_one(
    bot: Program, peer: SlowPeer
) -> None:
    peer.deaf = True
    peer.says("Rima", "/start")
    await answered(peer, "Rima")
    await bot.kill()
    assert peer.waiting == 1  # never confirmed, so it comes again
    peer.deaf = False
    await begin(bot, peer)
    await caught_up(peer)
    assert len(texts(peer, "Rima")) == 1


async def test_killed_while_it_answers_it_gives_no_second_answer(
    bot: Program, peer: SlowPeer
) -> None:
    peer.gate.clear()
    peer.says("Rima", "/start")
    await peer.until(lambda: peer.held)
    await bot.kill()
    peer.gate.set()
    await begin(bot, peer)
    await caught_up(peer)
    assert len(texts(peer, "Rima")) == 1


async def test_told_to_stop_in_the_middle_of_a_crowd_it_ends_well_and_loses_nobody(
    bot: Program, peer: TelegramPeer
) -> None:
    crowd = [f"fan {n}" for n in range(60)]
    for fan in crowd:
        peer.says(fan, "/start")
    await peer.until(lambda: any(peer.seen(fan) for fan in crowd))
    began = time.monotonic()
    assert await bot.stop() == 0
    assert time.monotonic() - began < 10
    await begin(bot, peer)
    await peer.until(lambda: all(peer.seen(fan) for fan in crowd), 15.0)
    await caught_up(peer)
    assert [len(texts(peer, fan)) for fan in crowd] == [1] * len(crowd)


async def test_told_to_stop_it_finishes_the_answer_it_is_giving(
    bot: Program, peer: SlowPeer
) -> None:
    peer.gate.clear()
    peer.says("Rima", "/start")
    await peer.until(lambda: peer.held)
    stopping = asyncio.create_task(bot.stop())

    async def takes_no_more() -> bool:
        return not peer.polling

    await bot.until(takes_no_more)
    peer.gate.set()
    assert await stopping == 0
    assert len(texts(peer, "Rima")) == 1
    await begin(bot, peer)
    await caught_up(peer)
    assert len(texts(peer, "Rima")) == 1


async def test_told_to_stop_it_does_not_wait_for_a_server_that_hangs(
    bot: Program, peer: SlowPeer
) -> None:
    peer.gate.clear()
    peer.says("Rima", "/start")
    await peer.until(lambda: peer.held)
    began = time.monotonic()
    assert await bot.stop() == 0
    assert time.monotonic() - began < 10
    peer.gate.set()
