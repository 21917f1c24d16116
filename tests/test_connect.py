"""/connect: two accounts become one person, by a code that nobody can guess, lend or steal."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from bot.model import Role
from handlers.giveaways.fan_actions import Agree, Connect
from storage import connecting, people
from storage.migrate import migrate
from storage.tx import Tx
from tests.giveaway_fans import code_in, connect, events, planned
from tests.giveaway_stage import HOUR, forged, id_of, row
from tests.shop import kept
from tests.stage import Stage

DAY = 24 * HOUR


async def members(bot: Stage, *who: str) -> set[str]:
    """The members behind these names, on whichever platform."""
    rows = await kept(bot, "select member, user_id from identities")
    return {one["member"] for one in rows if one["user_id"] in who}


# Proving it -------------------------------------------------------------------------------------


async def test_two_accounts_become_one_person(bot: Stage) -> None:
    for platform in ("telegram", "discord"):
        await bot.say("Rima", "hi", platform)
    assert len(await members(bot, "Rima")) == 2
    assert "যুক্ত হয়েছে" in await connect(bot, "Rima")
    assert len(await members(bot, "Rima")) == 1
    shown = (await bot.say("Rima", "/mydata"))[-1].text
    assert "Rima (discord), Rima (telegram)" in shown


async def test_a_code_is_good_once_for_fifteen_minutes_and_never_kept(bot: Stage) -> None:
    code = code_in((await bot.say("Rima", "/connect"))[-1].text)
    (row,) = await kept(bot, "select * from connect_codes")
    assert code not in row.values()
    await bot.advance(15 * 60)
    late = (await bot.command("Rima", "connect", {"code": code}, "discord"))[-1].text
    assert "চিনতে পারছি না" in late
    fresh = code_in((await bot.say("Rima", "/connect"))[-1].text)
    asked = (await bot.command("Rima", "connect", {"code": fresh}, "discord"))[-1]
    await bot.press("Rima", asked, "আমিই")
    again = (await bot.press("Rima", asked, "আমিই"))[-1].text
    assert "চিনতে পারছি না" in again


async def test_a_newer_code_takes_the_place_of_the_older(bot: Stage) -> None:
    first = code_in((await bot.say("Rima", "/connect"))[-1].text)
    await bot.say("Rima", "/connect")
    assert (
        "চিনতে পারছি না"
        in (await bot.command("Rima", "connect", {"code": first}, "discord"))[-1].text
    )


async def test_nothing_happens_until_the_second_account_says_whose_the_first_is(bot: Stage) -> None:
    code = code_in((await bot.say("Rima", "/connect"))[-1].text)
    asked = (await bot.command("Lota", "connect", {"code": code}, "discord"))[-1]
    assert "telegram-এর “Rima”" in asked.text
    assert len(await members(bot, "Rima", "Lota")) == 2


async def test_guessing_ends_after_five_wrong_codes(bot: Stage) -> None:
    code = code_in((await bot.say("Rima", "/connect"))[-1].text)
    for number in range(5):
        text = (await bot.command("Lota", "connect", {"code": f"WRONG{number}"}, "discord"))[
            -1
        ].text
        assert "চিনতে পারছি না" in text
    right = (await bot.command("Lota", "connect", {"code": code}, "discord"))[-1].text
    assert "অনেকবার ভুল কোড" in right
    await bot.advance(15 * 60)
    fresh = code_in((await bot.say("Rima", "/connect"))[-1].text)
    assert "আপনিই" in (await bot.command("Lota", "connect", {"code": fresh}, "discord"))[-1].text


async def test_a_code_that_others_have_read_is_worth_nothing(bot: Stage) -> None:
    code = code_in((await bot.say("Rima", "/connect"))[-1].text)
    seen = await bot.say("Rima", f"/connect {code}", "discord", place="fans")
    assert "আলাদা চ্যাটে" in seen[-1].text
    used = (await bot.command("Lota", "connect", {"code": code}, "discord"))[-1].text
    assert "চিনতে পারছি না" in used


async def test_a_person_has_one_account_of_each_platform(bot: Stage) -> None:
    await connect(bot, "Rima")
    assert "আগেই যুক্ত" in (await bot.say("Rima", "/connect"))[-1].text
    code = code_in((await bot.say("Lota", "/connect"))[-1].text)
    assert (
        "জোড়া আগে থেকেই"
        in (await bot.command("Rima", "connect", {"code": code}, "discord"))[-1].text
    )
    assert "জোড়া আগে থেকেই" in (await bot.say("Mina", f"/connect {code}"))[-1].text
    assert "এই অ্যাকাউন্টেরই" in (await bot.say("Lota", f"/connect {code}"))[-1].text


async def test_forged_presses_connect_nobody(bot: Stage) -> None:
    await bot.say("Rima", "/connect")
    shown = (await bot.say("Lota", "/start", "discord"))[-1]
    for forgery in (Connect("0123456789"), Agree("0123456789")):
        assert "চিনতে পারছি না" in (await bot.press("Lota", shown, forged(forgery)))[-1].text


# The team's rights ------------------------------------------------------------------------------


async def helper(bot: Stage, who: str, platform: str) -> None:
    await bot.say(who, "hi", platform)

    async def promote(tx: Tx) -> None:
        found = await people.find_member(tx, "c1", platform, who)
        assert found is not None
        await people.set_role(tx, "c1", found.id, Role.HELPER)

    await bot.unit(promote)


@pytest.mark.parametrize("platform", ["telegram", "discord"])
async def test_rights_are_shared_only_when_both_accounts_said_yes(
    bot: Stage, platform: str
) -> None:
    await helper(bot, "Rima", platform)
    assert "ওখানকার বোতামে চাপুন" in await connect(bot, "Rima")
    assert len(await members(bot, "Rima")) == 2
    question = bot.seen("Rima", "telegram", "dm")[-1]
    assert "discord-এর “Rima”" in question.text
    assert "যুক্ত হয়েছে" in (await bot.press("Rima", question, "আমিই"))[-1].text
    roles = await kept(bot, "select role from members where role > 0 and id not like 'owner-%'")
    assert [one["role"] for one in roles] == [Role.HELPER]


async def test_nobody_but_the_asker_can_agree(bot: Stage) -> None:
    await helper(bot, "Rima", "telegram")
    code = code_in((await bot.say("Rima", "/connect"))[-1].text)
    asked = (await bot.command("Lota", "connect", {"code": code}, "discord"))[-1]
    await bot.press("Lota", asked, "আমিই")
    assert "চিনতে পারছি না" in (await bot.press("Lota", asked, forged(Agree(code))))[-1].text
    assert len(await members(bot, "Rima", "Lota")) == 2


# Everything that is a member's ------------------------------------------------------------------


async def test_every_table_that_names_a_member_is_merged(tmp_path: Any) -> None:
    """Read from the schema itself, so that a new table cannot be forgotten."""
    path = tmp_path / "adda.db"
    await migrate(f"sqlite:///{path}")
    merged = {*connecting.SINGLE, *connecting.MANY, "identities", "giveaway_entries"}
    dropped = {"connect_codes", "connect_tries"}
    with sqlite3.connect(path) as conn:
        tables = [
            name for (name,) in conn.execute("select name from sqlite_master where type = 'table'")
        ]
        naming = {
            table
            for table in tables
            if any(column[1] == "member" for column in conn.execute(f"pragma table_info({table})"))
            or any(key[2] == "members" for key in conn.execute(f"pragma foreign_key_list({table})"))
        }
    assert naming <= merged | dropped, naming - merged - dropped


async def test_questions_links_and_wishes_follow_their_person(bot: Stage) -> None:
    for platform in ("telegram", "discord"):
        await bot.say("Rima", "শাড়ির দাম কত?", platform)
    await bot.say("Rima", "/tracking off", "discord")
    await connect(bot, "Rima")
    (member,) = await members(bot, "Rima")
    for table in ("questions", "untracked"):
        owners = {one["member"] for one in await kept(bot, f"select member from {table}")}
        assert owners == {member}


async def test_forgetting_a_connected_person_takes_both_accounts_away(bot: Stage) -> None:
    posts = await planned(bot)
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    await connect(bot, "Rima")
    sure = (await bot.say("Rima", "/forgetme"))[-1]
    await bot.press("Rima", sure, "হ্যাঁ")
    assert await members(bot, "Rima") == set()
    assert (await row(bot, id_of(posts["telegram"])))["entered"] == 0
    assert [one["kind"] for one in await events(bot, posts["telegram"])][-1] == "leave"
