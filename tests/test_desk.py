"""Sending: in order within a chat, fair between chats, again after "busy", never twice in doubt."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot import delivery, wire
from bot.model import Place, Post, Say
from bot.outbox import Postman
from bot.platforms.base import (
    Busy,
    Capabilities,
    CommandCard,
    Doubt,
    Gone,
    Membership,
    Outgoing,
    Receiver,
    Sent,
)  # fmt: skip
from bot.platforms.limits import TELEGRAM
from bot.world import Clock, World, counted_world
from storage import outbox
from storage.database import Database, open_database
from storage.outbox import Letter
from storage.seal import Seal
from tests.stage import START

RIMA = Place("telegram", "Rima")
FANS = Place("telegram", "fans", private=False)


@dataclass
class Fake:
    """A platform that does what the test says. It stands for the other side, not for our code."""

    capabilities: Capabilities = TELEGRAM
    name: str = "telegram"
    sent: list[Outgoing] = field(default_factory=list)
    trouble: list[Exception | None] = field(default_factory=list)
    got: asyncio.Queue[Outgoing] = field(default_factory=asyncio.Queue)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    gate: Callable[[Outgoing], asyncio.Event | None] = lambda _out: None

    async def send(self, out: Outgoing) -> Sent:
        held = self.gate(out)
        if held is not None:
            self.reached.set()
            await held.wait()
        problem = self.trouble.pop(0) if self.trouble else None
        if problem is not None:
            raise problem
        self.sent.append(out)
        self.got.put_nowait(out)
        return Sent(f"m{len(self.sent)}")

    async def run(self, core: Receiver, commands: Sequence[CommandCard]) -> None: ...
    async def close(self) -> None: ...
    def deep_link(self, payload: str) -> str | None:
        return f"https://example.org/{payload}"

    async def membership(self, place: Place, user: str) -> Membership | None: ...
    def born(self, user: str) -> datetime | None: ...
    def fresh(self) -> float | None:
        return 0.0


@dataclass
class Office:
    """A postman at work on a real database with a clock that stands still."""

    platform: Fake
    clock: Clock
    world: World
    database: Database
    postman: Postman

    async def post(self, text: str, place: Place = RIMA, key: str | None = None) -> None:
        post = Post(place, Say("text", text=text), key=key)
        now = wire.millis(self.world.now())
        letter = delivery.post_letter(self.world.new_id(), "c", post, "bn", now)
        await self.put(letter)

    async def put(self, letter: Letter) -> None:
        await self.database.unit(lambda tx: outbox.add(tx, letter, None))

    async def settle(self) -> list[str]:
        await self.postman.idle()
        return [out.text for out in self.platform.sent]

    async def advance(self, seconds: float) -> list[str]:
        self.clock.advance(seconds)
        return await self.settle()

    async def left(self) -> int:
        async with self.database.read() as tx:
            return await outbox.waiting(tx, "telegram", 2**53)


@asynccontextmanager
async def office(url: str, platform: Fake) -> AsyncIterator[Office]:
    clock = Clock(START)
    world = counted_world(clock)
    database = await open_database(url, Seal("x"))
    postman = Postman(database, world, {"telegram": platform}, "Asia/Dhaka")

    async def nobody(_event: object) -> None:
        raise AssertionError("no timer was set")

    await postman.open()
    running = asyncio.create_task(postman.run(nobody))
    try:
        yield Office(platform, clock, world, database, postman)
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        await database.close()


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Office]:
    free = replace(TELEGRAM, pace=type(TELEGRAM.pace)())
    async with office(database_url, Fake(free)) as opened:
        yield opened


async def test_letters_to_one_chat_go_out_in_order(desk: Office) -> None:
    for number in range(20):
        await desk.post(f"n{number}")
    assert await desk.settle() == [f"n{number}" for number in range(20)]
    assert await desk.left() == 0


async def test_busy_means_again_and_not_early(desk: Office) -> None:
    desk.platform.trouble = [Busy(30)]
    await desk.post("hello")
    assert await desk.settle() == []
    assert await desk.advance(29) == []
    assert await desk.advance(2) == ["hello"]


async def test_a_plain_message_in_doubt_is_not_repeated(desk: Office) -> None:
    desk.platform.trouble = [Doubt("read time-out")]
    await desk.post("hello")
    assert await desk.settle() == []
    assert await desk.advance(3600) == []
    assert await desk.left() == 0


async def test_a_keyed_message_is_made_without_words_and_then_edited(desk: Office) -> None:
    await desk.post("the winners", key="draw:1")
    await desk.settle()
    first, second = [(o.how, o.text, o.message) for o in desk.platform.sent]
    assert first[0] == "message"
    assert "winners" not in first[1]
    assert second == ("edit", "the winners", "m1")


async def test_an_edit_in_doubt_is_repeated(desk: Office) -> None:
    desk.platform.trouble = [None, Doubt("read time-out")]
    await desk.post("the winners", key="draw:1")
    await desk.settle()
    assert (await desk.advance(60))[-1] == "the winners"


async def test_unsent_words_of_one_key_give_way_to_newer_ones(desk: Office) -> None:
    desk.platform.trouble = [Busy(10)]
    await desk.post("1 entrant", key="count")
    await desk.settle()
    await desk.post("2 entrants", key="count")
    await desk.post("3 entrants", key="count")
    texts = await desk.advance(11)
    assert texts[-1] == "3 entrants"
    assert "1 entrant" not in texts
    assert "2 entrants" not in texts


async def test_words_that_change_while_they_are_sent_follow_as_an_edit(desk: Office) -> None:
    door = asyncio.Event()
    desk.platform.gate = lambda out: door if out.how == "edit" and "old" in out.text else None
    await desk.post("old", key="k")
    settled = asyncio.create_task(desk.settle())
    await desk.platform.reached.wait()
    await desk.post("new", key="k")
    door.set()
    assert (await settled)[-1] == "new"
    assert await desk.left() == 0


async def died(url: str, *, attempting: bool) -> None:
    """What a process leaves behind that was killed with one letter in hand."""
    database = await open_database(url, Seal("x"))
    now = wire.millis(START)
    letter = delivery.post_letter("l1", "c", Post(RIMA, Say("text", text="hello")), "bn", now)
    await database.unit(lambda tx: outbox.add(tx, letter, None))
    held = await database.unit(lambda tx: outbox.claim(tx, "telegram", now, now + 1000, 1))
    assert len(held) == 1
    if attempting:
        await database.unit(lambda tx: outbox.attempting(tx, held, now))
    await database.close()


async def test_a_send_under_way_when_the_process_died_is_not_repeated(database_url: str) -> None:
    await died(database_url, attempting=True)
    async with office(database_url, Fake()) as desk:
        assert await desk.advance(60) == []
        assert await desk.left() == 0


async def test_a_letter_only_leased_then_is_sent_by_the_next_process(database_url: str) -> None:
    await died(database_url, attempting=False)
    async with office(database_url, Fake()) as desk:
        assert await desk.advance(60) == ["hello"]


async def test_an_answer_too_late_to_matter_is_dropped(desk: Office) -> None:
    now = wire.millis(desk.world.now())
    post = delivery.post_letter("late", "c", Post(RIMA, Say("text", text="late")), "bn", now)
    await desk.put(replace(post, expires_at=now + 1000))
    assert await desk.advance(2) == []
    assert await desk.left() == 0


async def test_what_is_refused_for_good_is_not_tried_again(desk: Office) -> None:
    desk.platform.trouble = [Gone("blocked")]
    await desk.post("hello")
    await desk.settle()
    assert await desk.advance(3600) == []


async def test_a_chat_that_hangs_delays_no_other(desk: Office) -> None:
    door = asyncio.Event()
    desk.platform.gate = lambda out: door if out.place.chat == "Rima" else None
    for number in range(50):
        await desk.post(f"flood {number}")
    await desk.post("quiet", Place("telegram", "Lota"))
    settled = asyncio.create_task(desk.settle())
    assert (await asyncio.wait_for(desk.platform.got.get(), 5)).text == "quiet"
    door.set()
    assert len(await settled) == 51


async def test_a_long_text_goes_out_in_parts_with_the_buttons_last(desk: Office) -> None:
    await desk.post("একটা বাক্য। " * 800)
    await desk.settle()
    ids = [o.id for o in desk.platform.sent]
    assert len(ids) == len(set(ids)) == 3
    assert all(len(o.text.encode("utf-16-le")) // 2 <= 4096 for o in desk.platform.sent)


async def test_old_records_are_pruned(desk: Office) -> None:
    desk.platform.trouble = [Gone("no such chat")]
    await desk.post("hello")
    await desk.settle()
    late = wire.millis(desk.world.now() + timedelta(days=40))
    await desk.database.unit(lambda tx: outbox.prune(tx, late, late))
    async with desk.database.read() as tx:
        assert await outbox.get(tx, "0000000000000001") is None
