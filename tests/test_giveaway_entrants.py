"""What the team sees and does about who is in: counts, a file, hints, bans; and fans' receipts."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from handlers.giveaways import fairness
from handlers.giveaways.clusters import BURST, clusters
from handlers.giveaways.exporting import COLUMNS
from handlers.giveaways.fan_actions import FreeClick, Mine, Receipt
from handlers.giveaways.plan import Plan
from storage.giveaway_entrants import Seen
from tests.giveaway_fans import TABLE, accounts, connect, events, planned
from tests.giveaway_stage import entered, forged, id_of, row, told
from tests.members import joins
from tests.shop import kept
from tests.stage import Stage
from web.app import application
from web.downloads import download_routes

PLAN = Plan(tickets=TABLE)


async def said(bot: Stage, who: str, text: str) -> str:
    return (await bot.say(who, text))[-1].text


# Counts and the file ----------------------------------------------------------------------------


async def test_the_team_sees_numbers_and_nobodys_name(bot: Stage) -> None:
    posts = await planned(bot, PLAN)
    await entered(bot, posts, 3)
    await connect(bot, "fan2")
    await bot.press("fan3", posts["discord"], "নাম তুলে")
    text = await said(bot, "creator", "/giveaway entrants")
    assert "আছেন ২ জন" in text
    assert "telegram: ১ জন" in text
    assert "যুক্ত করেছেন ১ জন" in text
    assert "নাম তুলে নিয়েছেন ১ জন" in text
    assert "মোট টিকিট: ৩" in text
    assert "fan" not in text


async def test_fans_may_not_see_the_entrants(bot: Stage) -> None:
    await planned(bot)
    assert "আছেন" not in await said(bot, "Rima", "/giveaway entrants")


async def file_of(bot: Stage, format: str) -> tuple[int, int, bytes]:
    """Fetch the export twice: both statuses, and what the first brought."""
    shown = (await bot.command("creator", "giveaway entrants", {"file": format}))[-1]
    address = next(key.url for line in shown.rows for key in line if key.url)
    path = address.removeprefix("https://links.example.org")
    routes = download_routes(bot.adda.database, bot.adda.world)
    async with TestServer(application(routes)) as server, ClientSession() as client:
        first = await client.post(server.make_url(path))
        body = await first.read()
        second = await client.post(server.make_url(path))
        return first.status, second.status, body


async def test_the_file_holds_numbers_tickets_and_codes_once(ready_url: str) -> None:
    async with Stage.open(ready_url, public_url="https://links.example.org") as bot:
        posts = await planned(bot, PLAN)
        await entered(bot, posts, 2)
        await connect(bot, "fan2")
        first, second, body = await file_of(bot, "csv")
        assert (first, second) == (200, 404)
        table = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
        assert tuple(table[0]) == COLUMNS
        assert [one["tickets"] for one in table] == ["1", "2"]
        assert table[1]["platforms"] == "discord telegram"
        log = await events(bot, posts["telegram"])
        assert {one["commitment"] for one in table} == {log[0]["C"], log[-1]["C"]}
        assert b"fan" not in body
        found = json.loads((await file_of(bot, "json"))[2])
        assert [one["number"] for one in found["entries"]] == [1, 2]


async def test_a_helper_sees_counts_and_gets_no_file(ready_url: str) -> None:
    async with Stage.open(ready_url, public_url="https://links.example.org") as bot:
        await planned(bot)
        await joins(bot, "Helper", "helper")
        assert "আছেন" in await said(bot, "Helper", "/giveaway entrants")
        shown = (await bot.command("Helper", "giveaway entrants", {"file": "csv"}))[-1]
        assert not shown.rows


async def test_no_giveaway_of_that_name(bot: Stage) -> None:
    assert "পাইনি" in await said(bot, "creator", "/giveaway entrants গাড়ি")
    assert "পাইনি" in await said(bot, "creator", "/giveaway clusters গাড়ি")


# Clusters ---------------------------------------------------------------------------------------


def seen(number: int, at: int, **more: Any) -> Seen:
    given = {"left_at": None, "private": False, "met_at": -(10**9), "silent": False} | more
    return Seen(number, "discord", f"u{number}", at, **given)


def never(_platform: str, _user: str) -> int | None:
    return None


def test_entries_of_one_second_stand_together_from_three_on() -> None:
    odd = clusters([seen(1, 5000), seen(2, 5400), seen(3, 5999), seen(4, 6000)], never)
    assert odd.together == ((1, 2, 3),)
    assert clusters([seen(1, 5000), seen(2, 5400)], never).together == ()


def test_a_burst_is_twenty_within_a_minute_and_grows_as_long_as_it_goes_on() -> None:
    slow = [seen(number, number * 4000) for number in range(1, 101)]
    assert clusters(slow, never).bursts == ()
    start = 10**7
    crowd = [seen(200 + n, start + n * 1000) for n in range(BURST + 15)]
    later = [seen(300 + n, 2 * start + n * 1000) for n in range(BURST)]
    found = clusters([*slow, *crowd, *later], never).bursts
    assert [len(one) for one in found] == [BURST + 15, BURST]
    assert found[0][0] == 200


def test_fresh_silent_and_same_day_accounts_are_counted_and_who_left_is_not() -> None:
    born: Callable[[str, str], int | None] = lambda _p, user: 86_400_000 * (user > "u4")  # noqa: E731
    people = [
        seen(1, 100_000, met_at=99_000), seen(2, 10**6, silent=True),
        seen(3, 3 * 10**6), seen(4, 5 * 10**6), seen(5, 7 * 10**6, left_at=1),
    ]  # fmt: skip
    odd = clusters(people, born)
    assert (odd.total, odd.fresh, odd.silent) == (4, (1,), (2,))
    assert odd.twins == ((1, 2, 3, 4),)


async def test_the_report_says_that_these_are_hints(bot: Stage) -> None:
    posts = await planned(bot)
    await entered(bot, posts, 4)
    text = await said(bot, "creator", "/giveaway clusters")
    assert "প্রথম দেখার এক মিনিটের মধ্যে যোগ দিয়েছেন: ৪ জন" in text
    assert "1, 2, 3, 4" in text
    assert "ইঙ্গিত, প্রমাণ নয়" in text


# Bans -------------------------------------------------------------------------------------------


async def test_a_banned_person_is_out_in_public_and_cannot_come_back(bot: Stage) -> None:
    posts = await planned(bot)
    await entered(bot, posts, 2)
    done = await said(bot, "creator", "/giveaway ban 2 | দশটা অ্যাকাউন্ট")
    assert "চলমান ১টি থেকে" in done
    (left,) = await events(bot, posts["telegram"], "leave")
    assert left["C"] == (await events(bot, posts["telegram"], "enter"))[1]["C"]
    assert (await row(bot, id_of(posts["telegram"])))["entered"] == 1
    assert "বন্ধ রেখেছেন" in await told(bot, "fan2", posts["telegram"], "যোগ দিন")
    assert "যোগ দিতে পারেন না" in await said(bot, "fan2", "/mydata")
    assert "যোগ দিতে পারেন না" not in await said(bot, "fan1", "/mydata")
    listed = await said(bot, "creator", "/giveaway ban")
    assert "2, লাল শাড়ি – দশটা অ্যাকাউন্ট" in listed
    assert "fan2" not in listed


async def test_a_ban_is_lifted_by_what_the_list_says(bot: Stage) -> None:
    posts = await planned(bot)
    await entered(bot, posts, 1)
    await bot.say("creator", "/giveaway ban ১ | ভুল")
    assert "আবার" in await said(bot, "creator", "/giveaway unban 1, লাল শাড়ি")
    assert "এন্ট্রি নম্বর ১" in await told(bot, "fan1", posts["discord"], "যোগ দিন")
    assert "বন্ধ নেই" in await said(bot, "creator", "/giveaway unban 1")


async def test_forgetting_does_not_lift_a_ban_and_keeps_no_account(bot: Stage) -> None:
    posts = await planned(bot)
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    await bot.say("creator", "/giveaway ban 1 | বট")
    await bot.press("Rima", (await bot.say("Rima", "/forgetme"))[-1], "হ্যাঁ")
    (ban,) = await kept(bot, "select * from giveaway_bans")
    assert "Rima" not in str(ban)
    assert "বন্ধ রেখেছেন" in await told(bot, "Rima", posts["telegram"], "যোগ দিন")


async def test_a_ban_by_answering_a_message(bot: Stage) -> None:
    await planned(bot)
    await bot.say("Rima", "hello all", place="fans")
    message = next(m for m in bot.playground.messages.values() if m.text == "hello all")
    await bot.say("Rima", "hi")
    shown = await bot.say("creator", "/giveaway ban স্প্যাম", place="fans", reply=message.id)
    assert any("স্প্যাম" in m.text for m in shown)
    assert len(await kept(bot, "select * from giveaway_bans")) == 1


async def test_a_ban_asks_for_whom_and_why(bot: Stage) -> None:
    posts = await planned(bot)
    await entered(bot, posts, 1)
    assert "কারণটা লিখুন" in await said(bot, "creator", "/giveaway ban 1")
    assert "কাউকে পাইনি" in await said(bot, "creator", "/giveaway ban 77 | কারণ")
    assert "এন্ট্রি নম্বর দিন" in await said(bot, "creator", "/giveaway ban Rima | কারণ")
    await bot.say("Rima", "/giveaway ban 1 | কারণ")  # a fan
    assert await kept(bot, "select * from giveaway_bans") == []


# Receipts and tickets ---------------------------------------------------------------------------


async def test_a_receipt_can_be_computed_anew_and_found_in_the_log(bot: Stage) -> None:
    posts = await planned(bot, PLAN)
    await bot.press("Lota", posts["telegram"], "যোগ দিন")
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    mine = (await bot.say("Rima", "/giveaway me"))[-1]
    log = await events(bot, posts["telegram"])
    assert log[1]["C"][:8] in mine.text
    assert "আপনার টিকিট ১টি" in mine.text
    text = (await bot.press("Rima", mine, "পুরো রসিদ"))[-1].text
    assert log[1]["C"] in text
    salt = bytes.fromhex(next(line for line in text.split("\n") if "salt" in line)[-32:])
    id = id_of(posts["telegram"]).encode().hex()
    assert fairness.commitment(salt, id, "tg:Rima").hex() == log[1]["C"]


async def test_a_receipt_is_nobody_elses(bot: Stage) -> None:
    posts = await planned(bot)
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    for action in (Mine, Receipt, FreeClick):
        press = forged(action(id_of(posts["telegram"])))
        assert "যোগ দেননি" in await told(bot, "Lota", posts["telegram"], press)
        assert "পুরোনো" in await told(bot, "Lota", posts["telegram"], forged(action("nothing")))


async def test_entering_alone_brings_the_receipt_at_once_and_a_toast_stays_short(
    bot: Stage,
) -> None:
    posts = await planned(bot, PLAN)
    toast = await told(bot, "Lota", posts["telegram"], "যোগ দিন")
    assert "রসিদ" not in toast
    shown = (await bot.say("Rima", "/giveaway show"))[-1]
    welcome = (await bot.press("Rima", shown, "যোগ দিন"))[-1].text
    assert "এন্ট্রি নম্বর ২" in welcome
    assert "রসিদ" in welcome


async def test_the_free_way_gives_the_same_ticket_once(bot: Stage) -> None:
    posts = await planned(bot, PLAN)
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    press = forged(FreeClick(id_of(posts["telegram"])))
    before = (await row(bot, id_of(posts["telegram"])))["changes"]
    for _ in range(2):
        shown = await bot.press("Rima", posts["telegram"], press)
        assert any("আপনার টিকিট ২টি" in m.text for m in shown)
    assert [one.click for one in await accounts(bot, posts["telegram"])] == [True]
    assert (await row(bot, id_of(posts["telegram"])))["changes"] > before  # a freeze looks again
    await bot.press("Rima", posts["telegram"], "নাম তুলে")
    assert "পুরোনো" in await told(bot, "Rima", posts["telegram"], press)


async def test_who_is_in_nothing_is_told_so(bot: Stage) -> None:
    assert "কোনো গিভঅ্যাওয়েতে নেই" in await said(bot, "Rima", "/giveaway me")


# The log ----------------------------------------------------------------------------------------


async def test_every_coming_and_going_is_one_line_of_the_public_log(bot: Stage) -> None:
    posts = await planned(bot)
    post = posts["telegram"]
    await entered(bot, posts, 3)
    await bot.press("fan2", post, "নাম তুলে")
    await bot.press("fan2", post, "যোগ দিন")
    await bot.press("fan2", post, "যোগ দিন")
    log = await events(bot, post)
    assert [one["kind"] for one in log] == ["enter"] * 3 + ["leave", "enter"]
    assert [one.get("n") for one in log] == [1, 2, 3, None, 2]
    assert log[1]["C"] == log[3]["C"] == log[4]["C"]
    assert len({one["C"] for one in log}) == 3


async def test_forgetting_is_a_line_of_the_log_as_well(bot: Stage) -> None:
    posts = await planned(bot)
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    await bot.press("Rima", (await bot.say("Rima", "/forgetme"))[-1], "হ্যাঁ")
    enter, leave = await events(bot, posts["telegram"])
    assert (leave["kind"], leave["C"]) == ("leave", enter["C"])
