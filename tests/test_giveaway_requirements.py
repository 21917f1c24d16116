"""What a giveaway asks for: at the press as far as it is known, at the draw of few and for sure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.feature import Glance
from bot.model import Community, Due, Event, Identity, Place, Say
from bot.platforms.base import Busy, Gone, Membership
from bot.platforms.limits import DISCORD, TELEGRAM
from bot.present import length
from bot.wire import millis
from bot.words import LANGUAGES, Reader, catalogue
from handlers.giveaways.actions import Draw
from handlers.giveaways.checks import Checks, Unreachable
from handlers.giveaways.eligibility import DAY
from handlers.giveaways.plan import Plan, Requirements, unpacked
from storage import giveaway_bans as bans
from storage import giveaways as store
from storage.database import Glimpses
from tests.giveaway_fans import accounts, connect, planned
from tests.giveaway_stage import id_of, row, told
from tests.shop import kept
from tests.stage import START, Stage

WEEK = Plan(requirements=Requirements(member_days=7))
ROLE = Plan(requirements=Requirements(role="42"))
BOTH = Plan(requirements=Requirements(both=True))


def days(count: float) -> timedelta:
    return timedelta(days=count)


async def met(bot: Stage, who: str, ago: int, platform: str = "telegram") -> None:
    """The bot met them so many days ago."""
    await bot.say(who, "hi", platform)
    found = f"select member from identities where user_id = '{who}'"
    await kept(
        bot, f"update members set joined_at = {millis(START - days(ago))} where id in ({found})"
    )


# At the press -----------------------------------------------------------------------------------


async def test_time_in_the_server_comes_with_the_press(bot: Stage) -> None:
    posts = await planned(bot, WEEK)
    stage = bot.playground
    stage.memberships["discord", "fans", "Rima"] = Membership(since=START - days(3))
    stage.memberships["discord", "fans", "Lota"] = Membership(since=START - days(8))
    said = await told(bot, "Rima", posts["discord"], "যোগ দিন")
    assert "অন্তত ৭ দিন" in said
    assert "৩ দিন আগে এসেছেন" in said
    assert "এন্ট্রি নম্বর ১" in await told(bot, "Lota", posts["discord"], "যোগ দিন")
    assert (await row(bot, id_of(posts["discord"])))["entered"] == 1


async def test_on_telegram_time_counts_from_when_the_bot_met_them(bot: Stage) -> None:
    posts = await planned(bot, WEEK)
    await met(bot, "Rima", 3)
    await met(bot, "Lota", 7)
    assert "পরিচয় ৩ দিনের" in await told(bot, "Rima", posts["telegram"], "যোগ দিন")
    assert "এন্ট্রি নম্বর ১" in await told(bot, "Lota", posts["telegram"], "যোগ দিন")


async def test_a_role_comes_with_the_press(bot: Stage) -> None:
    posts = await planned(bot, ROLE)
    bot.playground.memberships["discord", "fans", "Lota"] = Membership(roles=("7", "42"))
    assert "নির্দিষ্ট রোল" in await told(bot, "Rima", posts["discord"], "যোগ দিন")
    assert "নির্দিষ্ট রোল" in await told(bot, "Mina", posts["telegram"], "যোগ দিন")
    assert "এন্ট্রি নম্বর ১" in await told(bot, "Lota", posts["discord"], "যোগ দিন")


async def test_an_account_must_be_old_enough(bot: Stage) -> None:
    posts = await planned(bot, Plan(requirements=Requirements(account_days=30)))
    bot.playground.born["discord", "Rima"] = START - days(29)
    bot.playground.born["discord", "Lota"] = START - days(31)
    assert "আপনারটা ২৯ দিনের" in await told(bot, "Rima", posts["discord"], "যোগ দিন")
    assert "এন্ট্রি নম্বর ১" in await told(bot, "Lota", posts["discord"], "যোগ দিন")


async def test_both_asks_to_connect_first(bot: Stage) -> None:
    posts = await planned(bot, BOTH)
    assert "/connect" in await told(bot, "Rima", posts["telegram"], "যোগ দিন")
    await connect(bot, "Rima")
    assert "এন্ট্রি নম্বর ১" in await told(bot, "Rima", posts["telegram"], "যোগ দিন")


async def test_coming_back_is_judged_again(bot: Stage) -> None:
    posts = await planned(bot, ROLE)
    stage = bot.playground
    stage.memberships["discord", "fans", "Rima"] = Membership(roles=("42",))
    await bot.press("Rima", posts["discord"], "যোগ দিন")
    await bot.press("Rima", posts["discord"], "নাম তুলে")
    stage.memberships["discord", "fans", "Rima"] = Membership()
    assert "নির্দিষ্ট রোল" in await told(bot, "Rima", posts["discord"], "যোগ দিন")
    assert (await row(bot, id_of(posts["discord"])))["entered"] == 0


# At the draw ------------------------------------------------------------------------------------


async def fails(bot: Stage, posts: dict[str, Any]) -> str | None:
    """What the checks say of the one person who is in."""
    id = id_of(posts["telegram"])
    found = await bot.unit(lambda tx: store.get(tx, "c1", id))
    event = Event(
        "self:1", bot.clock.now(), Place("self", "c1"), Identity("self", ""), Due(Draw(id))
    )
    glance = Glance(Glimpses(bot.adda.database), bot.clock.now(), Community("c1", "Mitu"), event)
    checks = Checks(bot.playground.doors)
    return await checks.fails(
        glance, found, unpacked(found.plan), await accounts(bot, posts["telegram"])
    )


async def joined(bot: Stage, plan: Plan, platform: str = "discord") -> dict[str, Any]:
    """One fan is in, and everything was well then."""
    await met(bot, "Rima", 90, platform)
    posts = await planned(bot, plan)
    bot.playground.memberships["discord", "fans", "Rima"] = Membership(
        "member", START - days(30), ("42",)
    )
    await bot.press("Rima", posts[platform], "যোগ দিন")
    assert (await row(bot, id_of(posts["telegram"])))["entered"] == 1
    return posts


@pytest.mark.parametrize("plan", [Plan(), WEEK, ROLE])
async def test_who_still_meets_everything_passes(bot: Stage, plan: Plan) -> None:
    assert await fails(bot, await joined(bot, plan)) is None


@pytest.mark.parametrize(
    ("plan", "now", "rule"),
    [
        (WEEK, None, "left"),
        (ROLE, None, "left"),
        (ROLE, Membership("member", START - days(30), ("7",)), "role"),
        (WEEK, Membership("member", START, ("42",)), "member"),  # left, and came back since
        (WEEK, Gone("blocked"), "unknown"),
        (Plan(), None, None),  # nobody asked for membership
        (Plan(), Gone("blocked"), None),
    ],
)
async def test_what_changed_since_they_entered_is_seen(
    bot: Stage, plan: Plan, now: Any, rule: str | None
) -> None:
    posts = await joined(bot, plan)
    bot.playground.memberships["discord", "fans", "Rima"] = now
    assert await fails(bot, posts) == rule


async def test_a_platform_in_trouble_neither_lets_through_nor_leaves_out(bot: Stage) -> None:
    posts = await joined(bot, WEEK)
    bot.playground.memberships["discord", "fans", "Rima"] = Busy(5)
    with pytest.raises(Unreachable):
        await fails(bot, posts)


async def test_a_platform_that_does_not_run_is_waited_for(bot: Stage) -> None:
    posts = await joined(bot, WEEK)
    del bot.playground.doors["discord"]
    with pytest.raises(Unreachable):
        await fails(bot, posts)


async def test_an_account_that_can_be_looked_up_is_enough(bot: Stage) -> None:
    posts = await joined(bot, WEEK, "telegram")
    await connect(bot, "Rima")
    bot.playground.memberships["discord", "fans", "Rima"] = Gone("blocked")
    assert await fails(bot, posts) is None
    bot.playground.memberships["telegram", "fans", "Rima"] = None
    assert await fails(bot, posts) == "unknown"


async def test_both_groups_are_looked_into(bot: Stage) -> None:
    await met(bot, "Rima", 90)
    await connect(bot, "Rima")
    posts = await joined(bot, BOTH)
    assert await fails(bot, posts) is None
    bot.playground.memberships["telegram", "fans", "Rima"] = None
    assert await fails(bot, posts) == "both"


async def test_a_ban_after_the_close_holds_at_the_draw(bot: Stage) -> None:
    posts = await joined(bot, Plan(), "telegram")
    who = [("telegram", "Rima")]
    await bot.unit(lambda tx: bans.add(tx, "c1", who, "1", "বট", "owner", 0))
    assert await fails(bot, posts) == "banned"


async def test_nobody_behind_an_entry_is_somebody_who_left(bot: Stage) -> None:
    posts = await joined(bot, Plan())
    await kept(bot, "delete from giveaway_entries")
    assert await fails(bot, posts) == "left"


async def test_a_late_draw_asks_for_nothing_that_the_close_did_not(bot: Stage) -> None:
    posts = await joined(bot, WEEK)
    since = START - days(5)  # six days at the close, fifteen at the draw
    bot.playground.memberships["discord", "fans", "Rima"] = Membership("member", since)
    bot.clock.advance(10 * DAY / 1000)
    assert await fails(bot, posts) == "member"


# Toasts -----------------------------------------------------------------------------------------

TOASTS = (
    "entered", "entered_unreachable", "again", "left", "not_in", "closed", "is_cancelled",
    "fails_banned", "fails_account", "fails_seen", "fails_both", "fails_left", "fails_member",
    "fails_member_seen", "fails_role", "tap_later", "wrong_one", "none_entered",
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TOASTS)
def test_no_toast_is_ever_cut(language: str, name: str) -> None:
    """With the longest numbers and the longest moment that can stand in them."""
    late = datetime.fromisoformat("2028-11-29T23:59:00+06:00")
    longest: dict[str, int | datetime] = {
        "number": 99_999_999,
        "days": 3650,
        "has": 3649,
        "hours": 87_600,
        "closes": late,
    }
    say = Say(f"giveaway.{name}", **longest)
    for caps in (TELEGRAM, DISCORD):
        text = Reader(language, "Asia/Dhaka").text(say)
        assert length(text, caps.unit) <= 200, text


def test_every_refusal_at_entering_is_among_the_toasts() -> None:
    said = {key.removeprefix("giveaway.") for key in catalogue()["en"] if ".fails_" in key}
    assert said <= set(TOASTS)
