"""A light challenge where the creator asked for one: one press more, and no way round it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model import Say
from bot.platforms.playground import Message
from bot.words import Reader
from handlers.giveaways.actions import Enter
from handlers.giveaways.challenge import THINGS, puzzle
from handlers.giveaways.fan_actions import Solve
from handlers.giveaways.plan import Plan
from tests.giveaway_fans import events, planned
from tests.giveaway_stage import forged, id_of, row
from tests.shop import kept
from tests.stage import START, Stage

ASKED = Plan(challenge=True)
DAY = 86_400


async def asked(bot: Stage, who: str, post: Message) -> Message:
    """The question that `who` is shown instead of being let in."""
    return [m for m in await bot.press(who, post, "যোগ দিন") if m.to == who][-1]


def right(question: Message) -> str:
    """The label of the button that is asked for."""
    labels = [key.label for line in question.rows for key in line]
    return next(label for label in labels if label in question.text)


def wrong(question: Message) -> str:
    labels = [key.label for line in question.rows for key in line]
    return next(label for label in labels if label not in question.text)


async def known(bot: Stage, *who: str) -> None:
    """People the bot met long ago."""
    for one in who:
        await bot.say(one, "hi", "discord")
        await bot.say(one, "hi")
    await kept(bot, f"update members set joined_at = joined_at - {90 * DAY * 1000}")


async def test_who_was_first_seen_just_now_presses_the_right_one_of_three(bot: Stage) -> None:
    posts = await planned(bot, ASKED)
    question = await asked(bot, "Rima", posts["discord"])
    assert len([key for line in question.rows for key in line]) == 3
    assert (await row(bot, id_of(posts["discord"])))["entered"] == 0
    said = (await bot.press("Rima", question, right(question)))[-1].text
    assert "এন্ট্রি নম্বর ১" in said
    assert [one["kind"] for one in await events(bot, posts["discord"])] == ["enter"]


async def test_an_old_acquaintance_is_asked_nothing(bot: Stage) -> None:
    posts = await planned(bot, ASKED)
    await known(bot, "Rima")
    assert "এন্ট্রি নম্বর ১" in (await asked(bot, "Rima", posts["telegram"])).text


async def test_without_the_creators_wish_nobody_is_asked(bot: Stage) -> None:
    posts = await planned(bot)
    assert "এন্ট্রি নম্বর ১" in (await asked(bot, "Rima", posts["telegram"])).text


async def test_a_young_discord_account_is_asked(bot: Stage) -> None:
    posts = await planned(bot, ASKED)
    await known(bot, "Rima", "Lota")
    bot.playground.born["discord", "Rima"] = START - timedelta(days=3)
    bot.playground.born["discord", "Lota"] = START - timedelta(days=300)
    assert (await asked(bot, "Rima", posts["discord"])).rows
    assert "এন্ট্রি নম্বর ১" in (await asked(bot, "Lota", posts["discord"])).text


async def test_a_burst_is_asked_from_its_twenty_first_on(bot: Stage) -> None:
    posts = await planned(bot, ASKED)
    fans = [f"fan{number}" for number in range(21)]
    await known(bot, *fans)
    for fan in fans[:20]:
        assert not (await asked(bot, fan, posts["telegram"])).rows
    shown = await bot.press(fans[20], posts["telegram"], "যোগ দিন")
    assert (await row(bot, id_of(posts["telegram"])))["entered"] == 20
    # In a group on Telegram there is no room for buttons.
    assert [len(m.rows) for m in shown if m.place == "dm"] == [1]


async def test_a_wrong_press_asks_for_something_else(bot: Stage) -> None:
    posts = await planned(bot, ASKED)
    question = await asked(bot, "Rima", posts["discord"])
    again = (await bot.press("Rima", question, wrong(question)))[-1]
    assert "অন্য বোতাম" in again.text
    assert again.text != question.text
    assert "এন্ট্রি নম্বর ১" in (await bot.press("Rima", again, right(again)))[-1].text


async def test_after_three_wrong_presses_there_is_a_rest(bot: Stage) -> None:
    posts = await planned(bot, ASKED)
    question = await asked(bot, "Rima", posts["discord"])
    for _ in range(3):
        question = (await bot.press("Rima", question, wrong(question)))[-1]
    assert "দশ মিনিট" in question.text
    for choice in range(3):  # nor does a forged press help
        press = forged(Solve(id_of(posts["discord"]), choice))
        assert "দশ মিনিট" in (await bot.press("Rima", posts["discord"], press))[-1].text
    await bot.advance(600)
    question = await asked(bot, "Rima", posts["discord"])  # waiting alone was no way round it
    await bot.press("Rima", question, right(question))
    assert (await row(bot, id_of(posts["discord"])))["entered"] == 1


async def test_a_forged_answer_for_something_else_is_a_stale_button(bot: Stage) -> None:
    posts = await planned(bot, ASKED)
    press = forged(Solve("no-such-giveaway", 0))
    assert "পুরোনো" in (await bot.press("Rima", posts["discord"], press))[-1].text


async def test_solved_once_holds_for_coming_back(bot: Stage) -> None:
    posts = await planned(bot, ASKED)
    question = await asked(bot, "Rima", posts["discord"])
    await bot.press("Rima", question, right(question))
    await bot.press("Rima", posts["discord"], "নাম তুলে")
    assert "এন্ট্রি নম্বর ১" in (await asked(bot, "Rima", posts["discord"])).text


async def test_an_unsolved_one_leaves_them_out_of_the_draw(bot: Stage) -> None:
    posts = await planned(bot, ASKED)
    await asked(bot, "Rima", posts["discord"])
    press = forged(Enter(id_of(posts["discord"])))
    assert (await bot.press("Rima", posts["discord"], press))[-1].rows
    assert (await row(bot, id_of(posts["discord"])))["entered"] == 0


@pytest.mark.parametrize("language", ["bn", "en"])
def test_every_thing_is_a_word_and_a_picture(language: str) -> None:
    reader = Reader(language, "Asia/Dhaka")
    labels = {reader.text(Say(f"giveaway.thing.{thing}")) for thing in THINGS}
    assert len(labels) == len(THINGS)
    assert all(len(label.split()) >= 2 and label[0].isalpha() for label in labels)


def test_each_member_and_try_has_a_puzzle_of_its_own_that_can_be_found_again() -> None:
    made = {puzzle(b"key", "g", f"m{number}", 0) for number in range(200)}
    assert len(made) > 100
    assert puzzle(b"key", "g", "m1", 0) == puzzle(b"key", "g", "m1", 0)
    assert puzzle(b"key", "g", "m1", 0) != puzzle(b"key", "g", "m1", 1)
    rights = [puzzle(b"key", "g", f"m{number}", 0)[1] for number in range(300)]
    assert all(rights.count(at) > 60 for at in range(3))
