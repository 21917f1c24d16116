"""Drafts that publish themselves, once and again and again, also after downtime."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.wire import moment
from handlers.giveaways.plan_actions import Again, Open, Start
from storage.tx import Row
from tests.giveaway_stage import (
    HOUR,
    PRIZE,
    again,
    alive,
    drafted,
    forged,
    id_of,
    opened,
    row,
    said,
    told,
)  # fmt: skip
from tests.stage import START, Stage

DAY = 24 * HOUR


async def scheduled(bot: Stage, when: str, until: str = "24") -> str:
    """The id of a draft that publishes itself."""
    preview = (await bot.say("creator", f"/giveaway new {PRIZE} | {until}"))[-1]
    asked = (await bot.say("creator", f"/giveaway schedule {when}"))[-1]
    await bot.press("creator", asked, "তখনই প্রকাশ")
    return id_of(preview)


async def published(bot: Stage) -> list[Row]:
    """All that was ever published, the last first."""
    found: list[Row] = await bot.unit(
        lambda tx: tx.all("giveaways_recent", community="c1", most=20)
    )
    return [dict(one) for one in found]


def hours(bot: Stage) -> float:
    """Since the beginning."""
    return (bot.clock.now() - START).total_seconds() / HOUR


# At a moment ---------------------------------------------------------------------------------


async def test_the_moment_is_shown_as_it_was_read_and_taken_by_a_press(bot: Stage) -> None:
    preview = await drafted(bot)
    asked = (await bot.say("creator", "/giveaway schedule kal rat 9 ta"))[-1]
    assert "শনিবার, ২১ নভেম্বর রাত ৯:০০ (১ দিন ৯ ঘণ্টা পরে)। ঠিক আছে?" in asked.text
    assert (await row(bot, id_of(preview)))["opens_at"] is None
    assert "নিজে থেকে প্রকাশ হবে" in await told(bot, "creator", asked, "তখনই")
    assert f"{PRIZE} – প্রকাশ হবে শনিবার" in (await bot.say("creator", "/giveaway list"))[-1].text
    await bot.advance(33 * HOUR - 1)
    assert bot.seen(place="fans") == []
    await bot.advance(1)
    assert len(bot.seen(place="fans")) == 2
    kept = await row(bot, id_of(preview))
    assert kept["published_at"] - kept["opens_at"] < 1000
    assert kept["closes_at"] - kept["published_at"] == DAY * 1000


async def test_it_can_be_chosen_below_the_draft(bot: Stage) -> None:
    preview = await drafted(bot)
    await bot.press("creator", preview, "পরে প্রকাশ")
    asked = (await bot.say("creator", "কাল সকাল ১০টা"))[-1]
    await bot.press("creator", asked, "তখনই")
    listed = (await bot.say("creator", "/giveaway list"))[-1]
    again = (await bot.press("creator", listed, "খসড়া"))[-1]
    assert "নিজে থেকে প্রকাশ হবে: শনিবার, ২১ নভেম্বর সকাল ১০:০০ (২২ ঘণ্টা পরে)" in again.text
    assert "শেষ: রবিবার, ২২ নভেম্বর সকাল ১০:০০" in again.text
    await bot.advance(22 * HOUR)
    assert len(bot.seen(place="fans")) == 2


@pytest.mark.parametrize("by", ["off", "বন্ধ"])
async def test_it_can_be_called_back(bot: Stage, by: str) -> None:
    id = await scheduled(bot, "2 hours")
    assert "আর নিজে থেকে" in (await bot.say("creator", f"/giveaway schedule {by}"))[-1].text
    await bot.advance(3 * HOUR)
    assert bot.seen(place="fans") == []
    assert (await row(bot, id))["opens_at"] is None


async def test_put_off_it_opens_at_the_later_moment_alone(bot: Stage) -> None:
    await scheduled(bot, "2 hours")
    asked = (await bot.say("creator", "/giveaway schedule 4 hours"))[-1]
    await bot.press("creator", asked, "তখনই")
    await bot.advance(3 * HOUR)
    assert bot.seen(place="fans") == []
    await bot.advance(HOUR)
    assert len(bot.seen(place="fans")) == 2


async def test_a_discarded_draft_and_one_published_before_do_not_open_again(bot: Stage) -> None:
    preview = await drafted(bot)
    asked = (await bot.say("creator", "/giveaway schedule 2 hours"))[-1]
    await bot.press("creator", asked, "তখনই")
    await bot.press("creator", preview, "প্রকাশ করুন")
    at = round(START.timestamp()) + 2 * HOUR
    await bot.advance(2 * HOUR)
    await again(bot, Open(id_of(preview), at))
    assert len(said(bot, "যোগ দিয়েছেন ০ জন")) == 2
    gone = await drafted(bot, "বই")
    asked = (await bot.say("creator", "/giveaway schedule 2 hours"))[-1]
    await bot.press("creator", asked, "তখনই")
    await bot.press("creator", gone, "বাদ দিন")
    await bot.advance(3 * HOUR)
    assert said(bot, "বই") == []


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("আজ সকাল ১০টা", "এই সময় পার হয়ে গেছে"),
        ("কোনো একদিন", "ধরতে পারিনি। এভাবে লিখুন: ৩ দিন"),
        ("২০ ডিসেম্বর ২০২৮", "সর্বোচ্চ এক বছর"),
        ("30 hours", "শেষ সময় শনিবার, ২১ নভেম্বর রাত ৯:০০, প্রকাশ তার আগেই"),
        ("kal rat 9ta", "প্রকাশ তার আগেই হতে হবে"),
    ],
)
async def test_a_start_that_cannot_be_is_refused(bot: Stage, line: str, sentence: str) -> None:
    preview = (await bot.say("creator", f"/giveaway new {PRIZE} | কাল রাত ৯টা"))[-1]
    if line == "30 hours":
        line = "34 hours"
    assert sentence in (await bot.say("creator", f"/giveaway schedule {line}"))[-1].text
    assert (await row(bot, id_of(preview)))["opens_at"] is None


async def test_without_a_draft_there_is_nothing_to_schedule(bot: Stage) -> None:
    assert "খসড়া নেই" in (await bot.say("creator", "/giveaway schedule 2 hours"))[-1].text


async def test_of_several_drafts_the_one_meant_is_named_or_asked_for(bot: Stage) -> None:
    await drafted(bot, "বই")
    await drafted(bot, "কলম")
    asked = (await bot.say("creator", "/giveaway schedule 2 hours | কল"))[-1]
    assert "“কলম” প্রকাশ হবে" in asked.text
    asked = (await bot.say("creator", "/giveaway schedule 2 hours"))[-1]
    assert "কোন খসড়াটা?" in asked.text
    await bot.press("creator", asked, "বই")
    assert "“আম” নামে" in (await bot.say("creator", "/giveaway schedule 2 hours | আম"))[-1].text
    await bot.advance(2 * HOUR)
    assert len(said(bot, "গিভঅ্যাওয়ে: বই")) == 2
    assert said(bot, "গিভঅ্যাওয়ে: কলম") == []


async def test_fans_cannot_schedule(bot: Stage) -> None:
    preview = await drafted(bot)
    posts = await opened(bot, "বই")
    press = forged(Start(id_of(preview), round(START.timestamp()) + HOUR))
    assert "টিমের জন্য" in await told(bot, "Rima", posts["telegram"], press)
    assert "টিমের জন্য" in (await bot.say("Rima", "/giveaway schedule 2 hours"))[-1].text


async def test_what_cannot_open_by_itself_is_told_to_the_team(bot: Stage) -> None:
    id = await scheduled(bot, "2 hours")
    for platform in ("telegram", "discord"):
        await bot.unit(lambda tx, p=platform: tx.run("place_leave", platform=p, chat="fans", now=1))
    told = await bot.advance(2 * HOUR)
    assert "নিজে থেকে প্রকাশ করতে পারিনি: গিভঅ্যাওয়ে প্রকাশ করার মতো" in told[-1].text
    kept = await row(bot, id)
    assert (kept["published_at"], kept["opens_at"]) == (None, None)


async def test_after_downtime_it_opens_late_but_once(bot: Stage, ready_url: str) -> None:
    id = await scheduled(bot, "2 hours")
    bot.clock.advance(5 * HOUR)  # nobody runs meanwhile
    async with alive(bot, ready_url) as risen:
        kept = await row(risen, id)
        assert kept["published_at"] > kept["opens_at"] + 2 * HOUR * 1000
        assert kept["closes_at"] - kept["published_at"] == DAY * 1000
        assert len(said(risen, "যোগ দিয়েছেন ০ জন")) == 2


async def test_what_should_have_ended_while_the_bot_was_down_does_not_open(
    bot: Stage, ready_url: str
) -> None:
    id = await scheduled(bot, "2 hours", "কাল রাত ৯টা")
    bot.clock.advance(3 * DAY)
    async with alive(bot, ready_url) as risen:
        assert (await row(risen, id))["published_at"] is None
        assert said(risen, "রাত ৯:০০) পার হয়ে গেছে", None) != []
        assert risen.seen(place="fans") == []


# Again and again -----------------------------------------------------------------------------


async def test_a_weekly_giveaway_is_followed_by_the_next(bot: Stage) -> None:
    await opened(bot)
    told = (await bot.say("creator", "/giveaway repeat weekly"))[-1].text
    assert "পরেরটা নিজে থেকে প্রকাশ হবে শুক্রবার, ২৭ নভেম্বর দুপুর ১২:০০" in told
    await bot.advance(7 * DAY - 1)
    assert len(await published(bot)) == 1
    await bot.advance(1)
    second, first = await published(bot)
    assert second["published_at"] - first["published_at"] == 7 * DAY * 1000
    assert second["closes_at"] - second["published_at"] == DAY * 1000
    assert (second["series"], second["repeats"]) == (first["id"], "weekly")
    assert second["params_hash"] != first["params_hash"]
    await bot.advance(7 * DAY)
    third = (await published(bot))[0]
    assert third["series"] == first["id"]
    assert len(await published(bot)) == 3


async def test_an_end_that_was_named_comes_at_the_same_clock_time(bot: Stage) -> None:
    preview = (await bot.say("creator", f"/giveaway new {PRIZE} | সোমবার রাত ৯টা"))[-1]
    assert "প্রতি সপ্তাহে" in (await bot.say("creator", "/giveaway repeat weekly"))[-1].text
    await bot.press("creator", preview, "প্রকাশ করুন")
    await bot.advance(7 * DAY)
    second = (await published(bot))[0]
    assert moment(second["closes_at"]) == datetime(2026, 11, 30, 15, tzinfo=UTC)


async def test_a_monthly_one_comes_on_the_same_day_of_the_month(bot: Stage) -> None:
    await opened(bot)
    told = (await bot.say("creator", "/giveaway repeat monthly"))[-1].text
    assert "রবিবার, ২০ ডিসেম্বর দুপুর ১২:০০" in told
    await bot.advance(30 * DAY)
    assert len(await published(bot)) == 2


async def test_one_longer_than_a_week_waits_for_its_draw(bot: Stage) -> None:
    await opened(bot, hours=24 * 8)
    await bot.say("creator", "/giveaway repeat weekly")
    await bot.advance(8 * DAY)
    assert len(await published(bot)) == 1
    await bot.advance(15 * 60)
    second, first = await published(bot)
    assert second["published_at"] > first["drawn_at"]


async def test_off_stops_the_series_and_lets_what_runs_run(bot: Stage) -> None:
    await opened(bot)
    assert "বারবার হয় এমন" in (await bot.say("creator", "/giveaway repeat off"))[-1].text
    await bot.say("creator", "/giveaway repeat weekly")
    assert "(বারবার হয়)" in (await bot.say("creator", "/giveaway list"))[-1].text
    assert "আর নিজে থেকে হবে না" in (await bot.say("creator", "/giveaway repeat off"))[-1].text
    await bot.advance(15 * DAY)
    (only,) = await published(bot)
    assert only["drawn_at"] is not None


async def test_a_cancelled_giveaway_ends_its_series(bot: Stage) -> None:
    await opened(bot)
    await bot.say("creator", "/giveaway repeat weekly")
    await bot.say("creator", "/giveaway cancel দোকান বন্ধ")
    await bot.advance(15 * DAY)
    assert len(await published(bot)) == 1


async def test_its_timer_twice_makes_one_follower(bot: Stage) -> None:
    posts = await opened(bot)
    await bot.say("creator", "/giveaway repeat weekly")
    await bot.say("creator", "/giveaway repeat weekly")
    await bot.advance(7 * DAY)
    await again(bot, Again(id_of(posts["telegram"])))
    assert len(await published(bot)) == 2


async def test_after_weeks_of_downtime_one_follows_not_several(bot: Stage, ready_url: str) -> None:
    await opened(bot)
    await bot.say("creator", "/giveaway repeat weekly")
    bot.clock.advance(23 * DAY)
    async with alive(bot, ready_url) as risen:
        await risen.advance(HOUR)
        assert len(await published(risen)) == 2
        second = (await published(risen))[0]
        assert second["closes_at"] > second["published_at"]


async def test_what_cannot_follow_stays_a_draft_and_the_team_is_told(bot: Stage) -> None:
    await opened(bot)
    await bot.say("creator", "/giveaway repeat weekly")
    await bot.advance(2 * DAY)
    for platform in ("telegram", "discord"):
        await bot.unit(lambda tx, p=platform: tx.run("place_leave", platform=p, chat="fans", now=1))
    told = await bot.advance(5 * DAY)
    assert "পরেরটা প্রকাশ করতে পারিনি" in told[-1].text
    assert "খসড়া" in told[-1].rows[0][0].label
    assert len(await published(bot)) == 1
