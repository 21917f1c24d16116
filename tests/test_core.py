"""The life of an event: once, whole, in private, and never with a stack trace."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.actions import Stale, pack, tagged, unpack
from bot.book import Book
from bot.feature import Context, Feature, Glance
from bot.model import (
    Action,
    Button,
    Called,
    Due,
    Event,
    Identity,
    Later,
    Place,
    Post,
    Refuse,
    Reply,
    Role,
    Said,
    Say,
)  # fmt: skip
from storage import outbox
from tests.stage import Stage

RIMA = Identity("telegram", "Rima", "Rima")
ALONE = Place("telegram", "Rima")
FANS = Place("telegram", "fans", private=False)


@tagged("t1")
@dataclass(frozen=True, slots=True)
class Ring(Action):
    bell: str


@tagged("t2")
@dataclass(frozen=True, slots=True)
class Tick(Action):
    count: int


trial = Feature("trial")


@trial.command("bug")
async def bug(ctx: Context) -> Reply:
    await outbox.put_form(ctx.tx, "telegram", "x", "x", "left behind", 1)
    raise ZeroDivisionError


@trial.command("refuse")
async def refuse(ctx: Context) -> Reply:
    await outbox.put_form(ctx.tx, "telegram", "x", "x", "left behind", 1)
    raise Refuse(Say("text", text="no, because"))


@trial.command("wait")
async def wait(_ctx: Context) -> Reply:
    await asyncio.sleep(0)
    return Reply(Say("text", text="unreachable"))


@trial.command("ring")
async def ring(_ctx: Context, bell: str = "one") -> Reply:
    return Reply(Say("text", text=f"bell {bell}"), (Button(Say("text", text="ring"), Ring(bell)),))


@trial.pressed(Ring)
async def rung(_ctx: Context, press: Ring) -> Reply:
    return Reply(Say("text", text=f"rang {press.bell}"))


@trial.command("timer")
async def timer(ctx: Context, seconds: int) -> list[Any]:
    due = ctx.now + timedelta(seconds=seconds)
    return [Later(due, Tick(seconds)), Reply(Say("text", text="set"))]


@trial.command("keyed")
async def keyed(ctx: Context, seconds: int) -> Later:
    return Later(ctx.now + timedelta(seconds=seconds), Tick(seconds), key="tick")


@trial.due(Tick)
async def ticked(ctx: Context, due: Tick) -> Post:
    return Post(ALONE, Say("text", text=f"tick {due.count}"), key=f"tick:{ctx.event.id}")


@trial.command("secret")
async def secret(_ctx: Context) -> Reply:
    return Reply(Say("text", text="for your eyes " + "x" * 300))


@trial.command("owner only", role=Role.OWNER)
async def owner_only(_ctx: Context) -> Reply:
    return Reply(Say("text", text="yes"))


_reading: list[asyncio.Queue[asyncio.Event]] = []  # one for each test, whose loop it is of


async def _slowly(glance: Glance, said: Said) -> str:
    if said.text == "a long book":
        book = asyncio.Event()
        _reading[-1].put_nowait(book)
        await book.wait()
    return f"{glance.community.name} thought of {said.text}"


@trial.said(think=_slowly)
async def said(_ctx: Context, _said: Said, thought: str) -> Reply:
    return Reply(Say("text", text=thought))


@pytest.fixture
def stage(bot: Stage) -> Stage:
    """The bot with the trial feature beside the real ones."""
    book = bot.adda.book
    book._single.pop("said", None)
    book._add(trial)
    book._groups.add("owner")
    return bot


def event(id: str, intent: Any, place: Place = ALONE, **more: Any) -> Event:
    from tests.stage import START

    return Event(id, START, place, RIMA, intent, **more)


async def test_an_event_is_handled_once_however_often_it_comes(stage: Stage) -> None:
    for _ in range(3):
        await stage.adda.core.handle(event("telegram:1", Called("ring")))
    await stage.playground.settle()
    assert [m.text for m in stage.seen("Rima")] == ["bell one"]


async def test_the_same_event_twice_at_once_is_handled_once(stage: Stage) -> None:
    same = event("telegram:2", Called("ring"))
    await asyncio.gather(*(stage.adda.core.handle(same) for _ in range(8)))
    await stage.playground.settle()
    assert [m.text for m in stage.seen("Rima")] == ["bell one"]


async def test_a_bug_is_undone_and_answered_with_a_code(stage: Stage) -> None:
    seen = await stage.say("Rima", "/bug")
    assert "কোড" in seen[-1].text
    assert "ZeroDivision" not in seen[-1].text
    assert await stage.unit(lambda tx: outbox.get_form(tx, "telegram", "x", "x")) is None


async def test_a_refusal_undoes_everything_and_says_why(stage: Stage) -> None:
    seen = await stage.say("Rima", "/refuse")
    assert seen[-1].text == "no, because"
    assert await stage.unit(lambda tx: outbox.get_form(tx, "telegram", "x", "x")) is None


async def test_a_handler_that_awaits_anything_else_fails_at_once(stage: Stage) -> None:
    if stage.adda.database.dialect == "postgres":
        pytest.skip("on PostgreSQL a unit really waits for the network")
    seen = await stage.say("Rima", "/wait")
    assert "কোড" in seen[-1].text


async def test_thinking_happens_before_the_unit_and_reaches_it(stage: Stage) -> None:
    seen = await stage.say("Rima", "hello")
    assert seen[-1].text == "Mitu thought of hello"


async def test_slow_thinking_of_many_holds_up_nobody_else(stage: Stage) -> None:
    _reading.append(asyncio.Queue())
    core = stage.adda.core
    slow = [
        asyncio.create_task(core.handle(event(f"telegram:slow{number}", Said("a long book"))))
        for number in range(20)
    ]
    books = [await _reading[-1].get() for _ in slow]
    async with asyncio.timeout(10):
        assert (await stage.say("Rima", "hello"))[-1].text == "Mitu thought of hello"
    for book in books:
        book.set()
    await asyncio.gather(*slow)


async def test_a_button_brings_back_its_action(stage: Stage) -> None:
    seen = await stage.say("Rima", "/ring two")
    assert (await stage.press("Rima", seen[-1], "ring"))[-1].text == "rang two"


async def test_a_timer_action_forged_on_a_button_is_refused(stage: Stage) -> None:
    seen = await stage.say("Rima", "/ring")
    forged = await stage.press("Rima", seen[-1], pack(Tick(5)))
    assert "পুরোনো" in forged[-1].text
    assert not [m for m in stage.seen("Rima") if "tick" in m.text]


async def test_a_timer_fires_once_when_it_is_due_and_not_before(stage: Stage) -> None:
    await stage.say("Rima", "/timer 60")
    assert await stage.advance(59) == []
    assert [m.text for m in await stage.advance(2)] == ["tick 60"]
    assert await stage.advance(600) == []


async def test_of_timers_with_one_key_there_is_one_and_the_earlier_moment_counts(
    stage: Stage,
) -> None:
    for seconds in ("90", "60", "120"):
        await stage.say("Rima", f"/keyed {seconds}")
    assert [m.text for m in await stage.advance(61)] == ["tick 120"]
    assert await stage.advance(600) == []


async def test_a_due_event_cannot_be_made_up(stage: Stage) -> None:
    made_up = Event(
        "self:nothing", stage.clock.now(), Place("self", "c1"), RIMA, Due(Tick(1)), ticket="1"
    )
    await stage.adda.core.handle(made_up)
    await stage.playground.settle()
    assert stage.seen("Rima") == []


async def test_in_a_group_an_answer_is_seen_by_its_asker_alone(stage: Stage) -> None:
    seen = await stage.command("Rima", "ring", platform="discord", place="fans")
    assert (seen[-1].kind, seen[-1].to) == ("ephemeral", "Rima")
    assert stage.seen("Lota", "discord") == []


async def test_on_telegram_it_goes_to_the_private_chat(stage: Stage) -> None:
    seen = await stage.command("Rima", "secret", place="fans")
    assert (seen[-1].place, seen[-1].to) == ("dm", "Rima")
    assert stage.seen("Lota", "telegram") == []


async def test_one_whom_we_may_not_write_to_gets_a_link_to_the_answer(stage: Stage) -> None:
    stage.playground.blocked.add(("telegram", "Rima"))
    seen = await stage.command("Rima", "secret", place="fans")
    assert "eyes" not in seen[-1].text
    link = seen[-1].rows[0][0].url or ""
    stage.playground.blocked.clear()
    assert "eyes" not in (await stage.say("Lota", f"/start {link.partition('=')[2]}"))[-1].text
    assert "eyes" in (await stage.say("Rima", f"/start {link.partition('=')[2]}"))[-1].text


async def test_a_press_in_a_group_is_answered_by_a_toast_where_it_fits(stage: Stage) -> None:
    public = event("telegram:9", Called("ring"), FANS)
    await stage.adda.core.handle(public)
    await stage.playground.settle()
    shown = stage.seen("Rima", "telegram")[-1]
    pressed = await stage.press("Rima", shown, "ring")
    assert pressed[-1].text == "rang one"


async def test_only_the_needed_role_may(stage: Stage) -> None:
    assert "মালিক" in (await stage.say("Rima", "/owner only"))[-1].text
    assert (await stage.say("creator", "/owner only"))[-1].text == "yes"


async def test_a_group_of_nobody_we_know_is_told_so_when_somebody_waits(stage: Stage) -> None:
    seen = await stage.command("Rima", "ring", platform="discord", place="elsewhere")
    assert (seen[-1].kind, seen[-1].to) == ("ephemeral", "Rima")
    assert "অন্য একটা কমিউনিটির" in seen[-1].text


async def test_a_group_of_nobody_we_know_is_else_left_alone(stage: Stage) -> None:
    elsewhere = Place("telegram", "elsewhere", private=False)
    await stage.adda.core.handle(event("telegram:7", Said("hello"), elsewhere))
    await stage.playground.settle()
    assert stage.seen() == []


async def test_a_group_where_a_manager_speaks_joins_the_community(stage: Stage) -> None:
    await stage.command("creator", "ring", place="newgroup")
    assert await stage.command("Rima", "ring", place="newgroup")


def test_two_features_may_not_claim_one_command() -> None:
    with pytest.raises(ValueError, match="already belongs"):
        Book([trial, trial])


def test_actions_come_back_from_forty_bytes_and_nothing_else_does() -> None:
    assert unpack(pack(Ring("abc"))) == Ring("abc")
    for forged in ("", "t1", "t1:a:b", "t2:x", "t1:ক", "zz:1", "t1:" + "a" * 60, "t2:1_0 "):
        assert isinstance(unpack(forged), Stale)
    with pytest.raises(ValueError, match="does not fit"):
        pack(Ring("a" * 40))


async def test_a_database_that_is_away_is_no_bug_and_the_event_comes_again(stage: Stage) -> None:
    async def refuse(_work: Any) -> Any:
        raise ConnectionRefusedError

    core, database = stage.adda.core, stage.adda.database
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "unit", refuse)
        with pytest.raises(ConnectionRefusedError):
            await core.handle(event("telegram:44", Called("ring")))
    await core.handle(event("telegram:44", Called("ring")))
    await stage.playground.settle()
    assert [m.text for m in stage.seen("Rima")] == ["bell one"]


async def test_a_mistake_in_a_question_is_not_taken_for_a_database_that_is_away(
    stage: Stage,
) -> None:
    with sqlite3.connect(":memory:") as conn, pytest.raises(sqlite3.OperationalError) as mistake:
        conn.execute("select nothing from nowhere")
    conn.close()
    database = stage.adda.database
    assert not database.away(mistake.value)
    assert database.away(ConnectionRefusedError())
