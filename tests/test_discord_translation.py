"""Discord's payloads become the values every platform shares, and what is said fits its limits."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from discord import app_commands
from hypothesis import given
from hypothesis import strategies as st

from bot.actions import unpack
from bot.model import (
    Called,
    Event,
    Filled,
    Identity,
    Intent,
    Joined,
    Left,
    Overheard,
    Place,
    Pressed,
    Said,
    Typing,
)  # fmt: skip
from bot.platforms.base import CommandCard, Key, Line, OptionCard, Outgoing, Sheet
from bot.platforms.discord_read import event_of
from bot.platforms.discord_write import (
    body_of,
    choices_of,
    commands_of,
    message_of,
    modal_of,
    unchanged,
)  # fmt: skip
from bot.platforms.limits import DISCORD
from bot.present import rows
from tests.peers import discord_limits as limits

PAYLOADS = Path(__file__).parent / "payloads"
BOT, USER, GUILD = "1131000000000000001", "320000000000000001", "1180000000000000001"
CHANNEL, POST = "1180000000000000002", "1320000000000000100"
NOW = datetime(2024, 12, 21, 10, 0, 30, tzinfo=UTC)
PUBLIC, ALONE = Place("discord", GUILD, CHANNEL, private=False), Place("discord", USER)
NAMES = {
    "press": "INTERACTION_CREATE", "command": "INTERACTION_CREATE", "menu": "INTERACTION_CREATE",
    "typing": "INTERACTION_CREATE", "form": "INTERACTION_CREATE", "joined": "GUILD_CREATE",
    "left": "GUILD_DELETE",
}  # fmt: skip


def payload(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((PAYLOADS / f"discord_{name}.json").read_text("utf-8"))
    return read


def heard(name: str, **change: Any) -> Event | None:
    dispatch, menus = NAMES.get(name, "MESSAGE_CREATE"), {"Teach the bot this answer": "learn"}
    return event_of(dispatch, payload(name) | change, bot=BOT, menus=menus, now=NOW)


def intent(name: str, **change: Any) -> Intent:
    event = heard(name, **change)
    assert event is not None
    return event.intent


def test_a_press_is_who_where_and_what() -> None:
    assert heard("press") == Event(
        "discord:1320000000000000200",
        datetime(2024, 12, 21, 12, 8, 44, 414000, tzinfo=UTC),
        PUBLIC,
        Identity("discord", USER, "রিনা"),
        Pressed(unpack("ge:0001")),
        "3:1320000000000000200:aW50ZXJhY3Rpb246MTMyMDAwMDAwMDAwMDAwMDIwMA",
        POST,
    )


def test_a_sub_command_is_called_with_its_options_as_text() -> None:
    event = heard("command")
    assert event is not None
    assert event.intent == Called(
        "giveaway new", {"prize": "কাতান শাড়ি", "hours": "24", "adults": "yes"}
    )
    assert event.place == ALONE
    assert event.who == Identity("discord", USER, "Rina")
    assert event.message is None


def test_a_context_menu_brings_the_message_it_was_opened_on() -> None:
    assert intent("menu") == Called("learn", {"message": "ডেলিভারি ২ দিন লাগে"})
    event = heard("menu")
    assert event is not None
    assert event.quote is not None
    assert event.quote.text == "ডেলিভারি ২ দিন লাগে"
    assert event.quote.who is not None
    assert event.about == payload("menu")["data"]["target_id"]


def test_an_answer_to_another_person_is_overheard_where_its_words_are_shown() -> None:
    fan = payload("reply")["author"] | {"id": "320000000000000009", "username": "lota"}
    answered = payload("reply")["referenced_message"] | {"author": fan, "content": "দাম কত?"}
    event = heard("reply", mentions=[], referenced_message=answered)
    assert event is not None
    assert event.intent == Overheard("আর নীলটা?")
    assert event.quote is not None
    assert (event.about, event.quote.text) == (POST, "দাম কত?")
    assert heard("reply", mentions=[], referenced_message=answered, content="") is None


def test_what_is_being_typed_names_its_command_and_option() -> None:
    assert intent("typing") == Typing("answers remove", "question", "দাম")


def test_a_form_is_read_in_its_new_and_its_older_shape() -> None:
    wanted = Filled(unpack("rn:giveaway.new"), {"prize": "কাতান শাড়ি", "hours": "২৪"})
    assert intent("form") == wanted
    data = payload("form")["data"]
    older = [{"type": 1, "components": [label["component"]]} for label in data["components"]]
    assert intent("form", data=data | {"components": older}) == wanted


def test_a_forged_button_is_still_an_event() -> None:
    forged = payload("press")["data"] | {"custom_id": "zz:" + "x" * 97}
    assert intent("press", data=forged) == Pressed(unpack("zz:" + "x" * 97))


@pytest.mark.parametrize(
    ("name", "said", "place"),
    [
        ("mention", Said("লাল ড্রেসের দাম কত?"), PUBLIC),
        ("reply", Said("আর নীলটা?", POST), PUBLIC),
        ("dm", Said("dam koto?"), ALONE),
        ("picture", Said("", media=True), ALONE),
    ],
)
def test_words_meant_for_the_bot_are_heard(name: str, said: Said, place: Place) -> None:
    event = heard(name)
    assert event is not None
    assert (event.intent, event.place) == (said, place)
    assert event.message == payload(name)["id"]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"mentions": [{"id": BOT}], "author": {"id": "1", "username": "another", "bot": True}},
        {"content": "joined", "type": 7, "mentions": [{"id": BOT}]},
        {"webhook_id": "7", "mentions": [{"id": BOT}]},
    ],
)
def test_words_not_meant_for_the_bot_are_not_heard(change: dict[str, Any]) -> None:
    assert heard("chatter", **change) is None


def test_joining_is_one_event_however_often_it_is_told() -> None:
    event = heard("joined")
    assert event == heard("joined", member_count=500)
    assert event is not None
    assert event.intent == Joined("Rina's fans")
    assert event.who.user == "320000000000000009"
    assert event.place == PUBLIC


def test_being_removed_is_told_but_an_outage_is_not() -> None:
    assert intent("left") == Left()
    assert heard("left", unavailable=True) is None
    assert heard("joined", unavailable=True) is None


# What is said -----------------------------------------------------------------------------------


def out(**change: Any) -> Outgoing:
    given: dict[str, Any] = {"id": "0001", "how": "message", "place": PUBLIC, "text": "hello"}
    return Outgoing(**given | change)


def test_nobody_is_notified_unless_named() -> None:
    assert body_of(out())["allowed_mentions"] == {"parse": [], "users": [], "replied_user": False}
    assert body_of(out(ping=(USER,)))["allowed_mentions"]["users"] == [USER]


def test_no_address_is_opened_for_a_preview() -> None:
    assert body_of(out(text="https://example.com"))["flags"] == 1 << 2


def test_a_message_carries_its_id_as_nonce_and_what_it_answers() -> None:
    body = message_of(out(reply_to=POST))
    assert (body["nonce"], body["enforce_nonce"]) == ("0001", True)
    assert body["message_reference"] == {"message_id": POST, "fail_if_not_exists": False}
    assert limits.message(body) == []


@given(
    text=st.text(min_size=1, max_size=2000),
    keys=st.lists(
        st.builds(
            Key, st.text(min_size=1, max_size=200), st.none(),
            st.builds("https://e.com/{}".format, st.text("abc", max_size=700)),
        ),
        max_size=40,
    ),
)  # fmt: skip
def test_whatever_was_fitted_is_within_the_limits(text: str, keys: list[Key]) -> None:
    labelled = [key for key in keys if key.label.strip()]
    body = message_of(out(text=text, rows=rows(labelled, DISCORD)))
    assert limits.message(body) == []


@given(title=st.text(max_size=300).map(lambda t: f"T{t}"), value=st.text(max_size=5000),
       limit=st.integers(-5, 9000), count=st.integers(1, 9))  # fmt: skip
def test_a_form_is_within_the_limits_whatever_it_asks(
    title: str, value: str, limit: int, count: int
) -> None:
    lines = tuple(Line(f"f{n}", title, True, n > 1, limit, value) for n in range(count))
    assert limits.modal(modal_of(Sheet(title, lines, "rn:ask"))) == []


def test_a_long_label_is_told_whole_below_its_field() -> None:
    label = "প্রশ্নটি এমনভাবে লিখুন যেন যে কেউ পড়েই বুঝতে পারে আপনি কী জানতে চান"
    shown = modal_of(Sheet("Ask", (Line("q", label, True, True, 400),), "rn:ask"))["components"][0]
    assert shown["label"].endswith("…")
    assert shown["description"] == label


@given(st.lists(st.tuples(st.text(min_size=1), st.text(min_size=1, max_size=200)), max_size=60))
def test_suggestions_are_within_the_limits(items: list[tuple[str, str]]) -> None:
    assert limits.choices(choices_of(out(how="choices", choices=tuple(items)))["choices"]) == []


ABOUT = {"bn": "একটি প্রশ্ন করুন", "en": "Ask a question"}
QUESTION = OptionCard("question", "text", ABOUT, required=False, suggested=True)
DAYS = OptionCard("days", "whole", ABOUT, required=True)
SIDE = OptionCard("side", "choice", ABOUT, required=True, choices=(("heads", "h"), ("tails", "t")))
CARDS = [
    CommandCard("ask", ABOUT, (QUESTION, DAYS)),
    CommandCard("giveaway new", ABOUT, (SIDE,), team=True),
    CommandCard("giveaway cancel", ABOUT),
    CommandCard("learn", {"bn": "শেখান", "en": "Teach the bot this answer"}, menu="message"),
]


def test_commands_are_data_within_the_limits() -> None:
    made = {command["name"]: command for command in commands_of(CARDS)}
    assert limits.commands(list(made.values())) == []
    assert [o["name"] for o in made["ask"]["options"]] == ["days", "question"]
    assert made["ask"]["options"][1]["autocomplete"] is True
    assert made["ask"]["description"] == "একটি প্রশ্ন করুন · Ask a question"
    assert [o["name"] for o in made["giveaway"]["options"]] == ["new", "cancel"]
    assert made["Teach the bot this answer"]["type"] == 3


def test_the_library_reads_the_commands_as_they_were_meant() -> None:
    for command in commands_of(CARDS):
        stored = {"description": "", "id": "1", "application_id": BOT, "version": "1", **command}
        read = app_commands.AppCommand(data=stored, state=None)  # type: ignore[arg-type]
        assert read.name == command["name"]
        assert len(read.options) == len(command.get("options", []))


def test_a_command_that_is_also_a_group_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="giveaway"):
        commands_of([*CARDS, CommandCard("giveaway", ABOUT)])


def test_commands_are_told_anew_only_when_they_changed() -> None:
    made = commands_of(CARDS)
    theirs = [
        command | {"id": "1", "version": "2", "nsfw": False, "default_permission": True}
        for command in reversed(json.loads(json.dumps(made)))
    ]
    for option in theirs[0].get("options", []):
        option.pop("required", None)  # Discord leaves out what is false
    assert unchanged(made, theirs)
    assert not unchanged(made, theirs[1:])
    assert not unchanged(commands_of(CARDS[1:]), theirs)
    other = OptionCard("question", "text", ABOUT | {"en": "Another"}, required=False)
    assert not unchanged(
        commands_of([CommandCard("ask", ABOUT, (other, DAYS)), *CARDS[1:]]), theirs
    )
