"""Connecting two accounts that are both in a giveaway: one entry, said by a public line."""

from __future__ import annotations

import pytest

from handlers.giveaways.actions import Draw, Enter, Freeze
from handlers.giveaways.merging import Person, merge_entries
from handlers.giveaways.plan import Plan
from storage import connecting, people
from storage.tx import Tx
from tests.giveaway_fans import TABLE, accounts, connect, events, planned
from tests.giveaway_stage import HOUR, claimed, dying, fire, forged, id_of, row, told
from tests.shop import kept
from tests.stage import Stage

DAY = 24 * HOUR


async def test_two_entries_become_one_with_the_lower_number_and_a_line_in_the_log(
    bot: Stage,
) -> None:
    posts = await planned(bot, Plan(tickets=TABLE))
    await bot.press("Lota", posts["telegram"], "যোগ দিন")
    await bot.press("Rima", posts["discord"], "যোগ দিন")
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    before = await events(bot, posts["telegram"], "enter")
    assert "মিলে একটা হয়েছে" in await connect(bot, "Rima")
    found = await row(bot, id_of(posts["telegram"]))
    assert (found["entered"], found["last_number"]) == (2, 3)
    mine = [one for one in await accounts(bot, posts["telegram"]) if one.user == "Rima"]
    assert {(one.number, one.platform) for one in mine} == {(2, "discord"), (2, "telegram")}
    (merge,) = await events(bot, posts["telegram"], "merge")
    assert set(merge["of"]) == {before[1]["C"], before[2]["C"]}
    shown = (await bot.say("Rima", "/giveaway me"))[-1].text
    assert "এন্ট্রি নম্বর ২" in shown
    assert "আপনার টিকিট ২টি" in shown  # from the table anew, not one and one added


async def test_one_entry_stands_under_the_new_name_of_its_person(bot: Stage) -> None:
    posts = await planned(bot)
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    (entered,) = await events(bot, posts["telegram"], "enter")
    await connect(bot, "Rima")
    (merge,) = await events(bot, posts["telegram"], "merge")
    assert merge["of"] == [entered["C"]]
    assert "নাম তুলে নেওয়া" in await told(bot, "Rima", posts["discord"], "নাম তুলে")
    (left,) = await events(bot, posts["telegram"], "leave")
    assert left["C"] == merge["C"]
    assert (await row(bot, id_of(posts["telegram"])))["entered"] == 0


@pytest.mark.parametrize("leaver", ["telegram", "discord"])
async def test_an_entry_that_was_left_does_not_come_back_by_connecting(
    bot: Stage, leaver: str
) -> None:
    posts = await planned(bot)
    for platform in ("telegram", "discord"):
        await bot.press("Rima", posts[platform], "যোগ দিন")
    await bot.press("Rima", posts[leaver], "নাম তুলে")
    await connect(bot, "Rima")
    found = await row(bot, id_of(posts["telegram"]))
    assert found["entered"] == 1
    assert len({one.number for one in await accounts(bot, posts["telegram"])}) == 1
    for platform in ("telegram", "discord"):
        assert "আগেই যোগ দিয়েছেন" in await told(bot, "Rima", posts[platform], "যোগ দিন")


async def test_a_frozen_list_is_not_changed_and_both_lines_lead_to_one_person(bot: Stage) -> None:
    posts = await planned(bot)
    id = id_of(posts["telegram"])
    for platform in ("telegram", "discord"):
        await bot.press("Rima", posts[platform], "যোগ দিন")
    bot.clock.advance(DAY)
    await kept(bot, f"update giveaways set frozen_at = closes_at where id = '{id}'")
    before = await events(bot, posts["telegram"])
    changes = (await row(bot, id))["changes"]
    await connect(bot, "Rima")
    assert await events(bot, posts["telegram"]) == before
    assert (await row(bot, id))["changes"] == changes
    found = await accounts(bot, posts["telegram"])
    behind = [{(a.platform, a.user) for a in found if a.number == number} for number in (1, 2)]
    assert behind[0] == behind[1] == {("telegram", "Rima"), ("discord", "Rima")}


async def test_connecting_while_it_is_closed_but_not_frozen_makes_the_freeze_look_again(
    bot: Stage,
) -> None:
    posts = await planned(bot)
    id = id_of(posts["telegram"])
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    before = (await row(bot, id))["changes"]
    bot.clock.advance(DAY)
    await kept(bot, f"update outbox set due_at = due_at + {10 * DAY * 1000} where kind = 'timer'")
    await connect(bot, "Rima")
    assert (await row(bot, id))["changes"] > before


async def test_a_ban_of_one_account_is_a_ban_of_both(bot: Stage) -> None:
    posts = await planned(bot)
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    await bot.say("creator", "/giveaway ban 1 | বট")
    await connect(bot, "Rima")
    press = forged(Enter(id_of(posts["telegram"])))
    assert "বন্ধ রেখেছেন" in await told(bot, "Rima", posts["discord"], press)


async def test_one_person_on_two_lines_of_the_frozen_list_wins_once(
    bot: Stage, ready_url: str
) -> None:
    posts = await planned(bot)
    for platform in ("telegram", "discord"):
        await bot.press("Rima", posts[platform], "যোগ দিন")
    bot.clock.advance(DAY)
    async with dying(bot, ready_url) as adda:
        assert await fire(adda, await claimed(adda), Freeze) == 1
        await adda.database.unit(_same)
        assert await fire(adda, await claimed(adda), Draw) == 1
    (skip,) = await events(bot, posts["telegram"], "skip")
    (drawn,) = await events(bot, posts["telegram"], "draw")
    assert skip["rule"] == "twin"
    assert len(drawn["winners"]) == 1
    assert skip["C"] not in drawn["winners"] + drawn["reserves"]


async def _same(tx: Tx) -> None:
    """Rima's two accounts are found to be one person's."""
    found = [await people.find_member(tx, "c1", one, "Rima") for one in ("telegram", "discord")]
    keep, gone = (one.id for one in found if one is not None)
    both = (Person(keep, (("telegram", "Rima"),)), Person(gone, (("discord", "Rima"),)))
    assert await merge_entries(tx, *both) == 0
    await connecting.merge(tx, "c1", keep, gone, lambda length: bytes(length))
