"""The playground's JSON API: what people do and see, by HTTP alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.actions import tagged
from bot.feature import Context, Feature
from bot.model import Action, Choices, Later, Place, Post, Reply, Say
from bot.platforms.limits import TELEGRAM
from tests.browser import Door, api
from tests.stage import Stage
from web.playground import upcoming

RIMA = {"who": "Rima", "platform": "telegram"}
DM = {**RIMA, "place": "dm"}


@tagged("ta")
@dataclass(frozen=True, slots=True)
class Knock(Action):
    """A timer that sets the next one until none is left."""

    left: int


trial = Feature("trial")


@trial.command("knock")
async def knock(ctx: Context, times: int) -> list[Any]:
    return [Later(ctx.now + timedelta(hours=1), Knock(times)), Reply(Say("text", text="set"))]


@trial.due(Knock)
async def knocked(ctx: Context, due: Knock) -> list[Any]:
    at = ctx.now.strftime("%H:%M")
    said = Post(Place("telegram", "Rima"), Say("text", text=at), key=f"knock:{due.left}")
    more = [Later(ctx.now + timedelta(hours=1), Knock(due.left - 1))] if due.left > 1 else []
    return [said, *more]


@trial.suggest("knock", "times")
async def times(_glance: Any, so_far: str) -> Choices:
    return Choices(tuple((f"{so_far}{digit} times", f"{so_far}{digit}") for digit in range(3)))


@pytest.fixture
async def door(bot: Stage) -> AsyncIterator[Door]:
    bot.adda.book._add(trial)
    async with api(bot) as door:
        yield door


# What people do and see ----------------------------------------------------------------------


async def test_what_is_said_is_answered_with_what_is_newly_seen(door: Door) -> None:
    answer = await door.post("say", **DM, text="/language")
    (seen,) = answer["seen"]
    assert seen["place"] == "dm"
    assert seen["private"] is True
    assert seen["edited"] is False
    assert seen["kind"] == "message"
    assert seen["limit"] == TELEGRAM.text
    assert seen["length"] == len(seen["text"])
    assert [button["label"] for button in seen["buttons"]][:2] == ["বাংলা", "English"]
    assert answer["now"] == "2026-11-20T06:00:00.000+00:00"


async def test_a_button_is_pressed_by_the_id_it_was_shown_with(door: Door) -> None:
    asked = (await door.post("say", **DM, text="/language"))["seen"][0]
    english = next(button for button in asked["buttons"] if button["label"] == "English")
    answer = await door.post("press", **RIMA, message=asked["id"], button=english["id"])
    assert answer["seen"][0]["text"] == "Done. I'll answer in English."


async def test_a_forged_button_is_answered_with_a_sentence(door: Door) -> None:
    asked = (await door.post("say", **DM, text="/language"))["seen"][0]
    answer = await door.post("press", **RIMA, message=asked["id"], button="zz:forged")
    assert "পুরোনো" in answer["seen"][0]["text"]


async def test_a_form_is_shown_and_handed_in(door: Door) -> None:
    where = {"who": "Rima", "platform": "discord"}
    shown = (await door.post("command", **where, place="fans", command="claim"))["seen"][0]
    form = shown["form"]
    assert shown["kind"] == "form"
    assert shown["private"] is True
    assert form["id"] == shown["id"]
    assert [(field["name"], field["required"]) for field in form["fields"]] == [("code", True)]
    answer = await door.post("fill", **where, form=form["id"], values={"code": "wrong"})
    assert "কোডটা চলছে না" in answer["seen"][0]["text"]


async def test_a_command_takes_a_line_of_text_or_named_values(door: Door) -> None:
    named = await door.post("command", **DM, command="language", args={"language": "en"})
    assert named["seen"][0]["text"] == "Done. I'll answer in English."
    line = await door.post("command", **DM, command="/language", args="bn")
    assert "বাংলায়" in line["seen"][0]["text"]


async def test_a_command_of_two_words_may_be_typed_as_one(door: Door) -> None:
    creator = {"who": "creator", "platform": "telegram", "place": "dm"}
    assert (
        "/claim"
        in (await door.post("say", **creator, text="/team_invite helper"))["seen"][0]["text"]
    )


async def test_in_a_group_a_toast_is_seen_by_one_person_alone(door: Door) -> None:
    fans = {**RIMA, "place": "fans"}
    asked = (await door.post("command", **fans, command="language"))["seen"]
    assert all(shown["private"] for shown in asked if shown["kind"] != "message")
    everyone = await door.get("transcript", who="Lota", platform="telegram", place="fans")
    assert [said["author"] for said in everyone["said"]] == ["Rima"]
    assert all(not shown["private"] for shown in everyone["seen"])


async def test_the_transcript_keeps_the_order_of_what_was_said_and_seen(door: Door) -> None:
    await door.post("say", **DM, text="/start")
    await door.post("say", **DM, text="/help")
    kept = await door.get("transcript", **DM)
    lines = sorted(kept["said"] + kept["seen"], key=lambda line: line["order"])
    assert [line.get("author", "bot") for line in lines] == ["Rima", "bot", "Rima", "bot"]
    assert [said["text"] for said in kept["said"]] == ["/start", "/help"]


async def test_nobody_sees_the_private_chat_of_another(door: Door) -> None:
    await door.post("say", **DM, text="/start")
    other = await door.get("transcript", who="Lota", platform="telegram", place="")
    assert other["seen"] == []
    assert other["said"] == []


async def test_a_reply_in_a_group_reaches_the_bot_only_when_it_answers_the_bot(door: Door) -> None:
    fans = {**RIMA, "place": "fans"}
    await door.post("say", **fans, text="hello everyone")
    kept = await door.get("transcript", **fans)
    answer = await door.post("say", **fans, text="hi Rima", reply=kept["said"][0]["id"])
    assert answer["seen"] == []


async def test_what_falls_due_on_the_way_happens_in_order_and_at_its_moment(door: Door) -> None:
    await door.post("say", **DM, text="/knock 3")
    answer = await door.post("advance", seconds=24 * 3600)
    assert [seen["text"] for seen in answer["seen"]] == ["07:00", "08:00", "09:00"]
    assert {(seen["platform"], seen["to"]) for seen in answer["seen"]} == {("telegram", "Rima")}
    assert answer["now"] == "2026-11-21T06:00:00.000+00:00"


async def test_options_are_suggested_where_the_platform_can(door: Door) -> None:
    typed = {"who": "Rima", "command": "knock", "option": "times", "so_far": "1"}
    answer = await door.post("suggest", platform="discord", **typed)
    assert answer["choices"][0] == {"label": "10 times", "value": "10"}
    assert (await door.post("suggest", platform="telegram", **typed))["choices"] == []


async def test_commands_are_described_in_the_language_asked_for(door: Door) -> None:
    answer = await door.get("commands", platform="discord", language="en")
    language = next(card for card in answer["commands"] if card["name"] == "language")
    assert language["about"] == "Choose your language"
    assert {"label": "bn", "value": "bn"} in language["options"][0]["choices"]
    bengali = await door.get("commands", platform="telegram", language="bn")
    assert any(card["team"] for card in bengali["commands"])


async def test_the_pulse_beats_only_when_something_changed(door: Door) -> None:
    quiet = (await door.get("pulse"))["mark"]
    assert (await door.get("pulse"))["mark"] == quiet
    await door.post("say", **DM, text="/start")
    beaten = await door.get("pulse")
    assert beaten["mark"] > quiet
    assert beaten["zone"] == "Asia/Dhaka"


async def test_reset_clears_the_screens_sets_the_clock_back_and_refills(
    bot: Stage, door: Door
) -> None:
    status, answer = await door.attempt("reset", {})
    assert status == 400
    assert "Start it again" in answer["error"]

    async def refill() -> None:
        await bot.unit(lambda tx: tx.run("community_add", **FRESH))

    bot.playground.connect(bot.adda.postman.idle, upcoming(bot.adda.database), refill)
    await door.post("say", **DM, text="/start")
    await door.post("advance", seconds=3600)
    answer = await door.post("reset")
    assert answer["now"] == "2026-11-20T06:00:00.000+00:00"
    assert (await door.get("transcript", **DM))["said"] == []
    assert await bot.unit(lambda tx: tx.one("community_get", id="fresh"))


FRESH = {"id": "fresh", "name": "Fresh", "language": "bn", "timezone": "Asia/Dhaka", "now": 1}


async def test_two_people_who_act_at_once_see_what_they_caused(door: Door) -> None:
    calls = [
        door.post("say", who=f"fan {n}", platform="telegram", place="dm", text="/start")
        for n in range(20)
    ]
    answers = await asyncio.gather(*calls)
    assert [len(answer["seen"]) for answer in answers] == [1] * 20


# What cannot be obeyed ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "body", "words"),
    [
        ("say", b"{", "not JSON"),
        ("say", b"\xff\xfe", "not JSON"),
        ("say", b"[" * 100_000, "not JSON"),
        ("say", [], "Send an object"),
        ("say", {**DM}, "'text' is missing"),
        ("say", {**DM, "text": "hi", "mood": "good"}, "no field 'mood'"),
        ("say", {**DM, "text": 5}, "text in quotes"),
        ("say", {**DM, "text": "   "}, "Write something"),
        ("say", {**DM, "text": "half \ud83d"}, "nobody can type"),
        ("say", {**DM, "text": "a\0b"}, "nobody can type"),
        ("say", {**DM, "text": "hi", "reply": "nowhere"}, "no message 'nowhere'"),
        ("say", {**DM, "text": "x" * (1 << 20)}, "too long"),
        ("say", {**DM, "platform": "myspace", "text": "hi"}, "telegram, discord"),
        ("say", {**DM, "who": "adda", "text": "hi"}, "other than 'adda'"),
        ("say", {**DM, "who": "", "text": "hi"}, "one line"),
        ("say", {**DM, "who": "x" * 65, "text": "hi"}, "64 characters"),
        ("command", {**DM, "command": "help", "args": ["a"]}, "must be an object"),
        ("command", {**DM, "command": "help", "args": {"topic": []}}, "text in quotes"),
        ("press", {**RIMA, "message": "nowhere", "button": "x"}, "no message 'nowhere'"),
        ("press", {**RIMA, "message": "nowhere", "button": "url"}, "Open its url"),
        ("fill", {**RIMA, "form": "nowhere", "values": {}}, "no message 'nowhere'"),
        ("fill", {**RIMA, "form": "nowhere", "values": "x"}, "must be an object"),
        ("join", {**DM}, "name of a group"),
        ("advance", {"seconds": -1}, "from 0"),
        ("advance", {"seconds": True}, "a number"),
        ("advance", b'{"seconds": NaN}', "from 0"),
        ("advance", b'{"seconds": 1e999}', "from 0"),
        ("advance", b'{"seconds": 1' + b"0" * 400 + b"}", "from 0"),
        ("reset", {"why": "?"}, "Send {}"),
    ],
)
async def test_a_mistake_is_answered_with_a_sentence_and_its_remedy(
    door: Door, call: str, body: Any, words: str
) -> None:
    status, answer = await door.attempt(call, body)
    assert status == 400
    assert words in answer["error"]


async def test_a_form_takes_only_what_a_platform_would_hand_in(door: Door) -> None:
    where = {"who": "Rima", "platform": "discord"}
    shown = (await door.post("command", **where, place="dm", command="claim"))["seen"][0]
    for values, words in (
        ({}, "is required"),
        ({"coed": "x"}, "It has: code."),
        ({"code": "x" * 5000}, "Shorten it"),
    ):
        body = {**where, "form": shown["id"], "values": values}
        status, answer = await door.attempt("fill", body)
        assert status == 400
        assert words in answer["error"]
    other = {"who": "Lota", "platform": "discord", "form": shown["id"], "values": {"code": "x"}}
    assert (await door.attempt("fill", other))[0] == 400


async def test_a_question_of_ten_thousand_characters_is_the_bots_to_answer(door: Door) -> None:
    answer = await door.post("say", **DM, text="/help " + "দাম " * 2500)
    assert answer["seen"]


async def test_the_clock_stops_before_the_calendar_ends(bot: Stage, door: Door) -> None:
    bot.clock.advance(172 * 366 * 24 * 3600)
    status, answer = await door.attempt("advance", {"seconds": 366 * 24 * 3600})
    assert status == 400
    assert "2199" in answer["error"]


async def test_an_unknown_address_of_the_api_is_named_as_such(door: Door) -> None:
    status, answer = await door.attempt("sing", {})
    assert status == 404
    assert "nothing at this address" in answer["error"]
