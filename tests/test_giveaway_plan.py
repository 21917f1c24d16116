"""Drafts: what can be chosen, how it is shown, and what cannot be."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.platforms.limits import DISCORD, TELEGRAM
from bot.platforms.playground import Message
from bot.present import length
from handlers.giveaways import odds
from handlers.giveaways.fairness import Parameters
from handlers.giveaways.plan import Plan, unpacked
from handlers.giveaways.plan_actions import Bonus, Drawing, Rules, Who
from handlers.giveaways.record import following
from storage import giveaway_log
from tests.giveaway_stage import PRIZE, drafted, handed_in, id_of, opened, row, told
from tests.stage import Stage


async def chosen(bot: Stage, preview: Message, button: str, **values: str) -> Message:
    """The preview after a form under the draft came back; on Discord, where it is a modal."""
    form = (await bot.press("creator", preview, button))[-1]
    assert form.sheet is not None
    given = {line.name: line.value for line in form.sheet.lines}
    return (await bot.fill("creator", form, {**given, **values}))[-1]


async def on_discord(bot: Stage, until: str = "24") -> Message:
    given = {"prize": PRIZE, "until": until}
    return (await bot.command("creator", "giveaway new", given, "discord"))[-1]


async def plan_of(bot: Stage, preview: Message) -> Plan:
    return unpacked((await row(bot, id_of(preview)))["plan"])


# The preview ---------------------------------------------------------------------------------


async def test_the_preview_shows_the_reading_of_the_end_before_it_counts(bot: Stage) -> None:
    preview = (await bot.say("creator", f"/giveaway new {PRIZE} | শুক্রবার রাত ৯টা"))[-1]
    assert "শেষ: শুক্রবার, ২৭ নভেম্বর রাত ৯:০০ (৭ দিন ৯ ঘণ্টা পরে)" in preview.text
    kept = await row(bot, id_of(preview))
    assert kept["published_at"] is None


async def test_midnight_is_said_to_be_the_night_of_the_day_that_was_named(bot: Stage) -> None:
    preview = (await bot.say("creator", f"/giveaway new {PRIZE} | শুক্রবার রাত ১২টা"))[-1]
    assert "শনিবার, ২৮ নভেম্বর রাত ১২:০০, অর্থাৎ শুক্রবার দিবাগত রাত" in preview.text


async def test_the_preview_shows_the_post_on_both_platforms_with_its_limits(bot: Stage) -> None:
    preview = await drafted(bot, winners=2)
    assert preview.text.count(f"গিভঅ্যাওয়ে: {PRIZE} 🎁") == 2
    posts = await opened(bot, winners=2)
    for name, caps in (("Telegram", TELEGRAM), ("Discord", DISCORD)):
        most = {4096: "৪,০৯৬", 2000: "২,০০০"}[caps.text]
        assert f"{name}-এ এমন দেখাবে (" in preview.text
        assert f"/{most} অক্ষর, বোতাম ৩টি)" in preview.text
        assert length(posts[name.lower()].text, caps.unit) <= caps.text


async def test_a_platform_without_a_place_is_not_previewed(bot: Stage) -> None:
    await bot.unit(lambda tx: tx.run("place_leave", platform="discord", chat="fans", now=1))
    preview = await drafted(bot)
    assert "Telegram-এ এমন দেখাবে" in preview.text
    assert "Discord-এ এমন দেখাবে" not in preview.text


async def test_a_draft_can_be_taken_up_again_from_the_list(bot: Stage) -> None:
    await drafted(bot)
    listed = (await bot.say("creator", "/giveaway list"))[-1]
    assert f"{PRIZE} – খসড়া" in listed.text
    preview = (await bot.press("creator", listed, "খসড়া"))[-1]
    assert "এখনও কিছু প্রকাশ হয়নি" in preview.text


# Choices -------------------------------------------------------------------------------------


async def test_a_draft_is_open_and_equal_unless_more_is_chosen(bot: Stage) -> None:
    preview = await on_discord(bot)
    assert "যোগ দিতে পারবেন: সবাই, সুযোগ সমান" in preview.text
    assert await plan_of(bot, preview) == Plan()


async def test_who_may_enter_is_one_form(bot: Stage) -> None:
    preview = await chosen(
        bot, await on_discord(bot), "কারা পারবেন", account_days="৩০", member_days="7",
        seen_hours="48", role_id="<@&1234567890>", both="হ্যাঁ",
    )  # fmt: skip
    asked = (await plan_of(bot, preview)).requirements
    assert (asked.account_days, asked.member_days, asked.seen_hours) == (30, 7, 48)
    assert (asked.role, asked.both) == ("1234567890", True)
    assert "অ্যাকাউন্টের বয়স অন্তত ৩০ দিন" in preview.text
    again = await chosen(bot, preview, "কারা পারবেন", account_days="0", role_id="", both="না")
    asked = (await plan_of(bot, again)).requirements
    assert (asked.account_days, asked.member_days, asked.role, asked.both) == (0, 7, "", False)


async def test_bonus_tickets_are_a_table_with_a_cap(bot: Stage) -> None:
    preview = await chosen(bot, await on_discord(bot), "বোনাস", linked="2", cap="3")
    plan = await plan_of(bot, preview)
    assert (dict(plan.tickets), plan.cap) == ({"enter": 1, "linked": 2}, 3)
    assert "যোগ দিলে ১টি, দুই অ্যাকাউন্ট জুড়লে আরও ২টি (সর্বোচ্চ ৩)" in preview.text


async def test_the_draw_and_the_claims_are_one_form(bot: Stage) -> None:
    preview = await chosen(
        bot, await on_discord(bot), "ড্র ও পুরস্কার", reserves="5", claim_hours="24",
        beacon="manual", source="DSE index of 30 November",
    )  # fmt: skip
    plan = await plan_of(bot, preview)
    assert (plan.reserves, plan.claim_h, plan.beacon) == (5, 24, "manual")
    assert plan.source == "DSE index of 30 November"
    await bot.press("creator", preview, "প্রকাশ করুন")
    kept = await row(bot, id_of(preview))
    assert json.loads(kept["params"])["beacon"].startswith("manual")


async def test_age_region_contact_and_the_challenge_are_one_form(bot: Stage) -> None:
    preview = await chosen(
        bot, await on_discord(bot), "নিয়মাবলি", region="বাংলাদেশ", contact="mitu@example.org",
        adult="হ্যাঁ", challenge="হ্যাঁ",
    )  # fmt: skip
    plan = await plan_of(bot, preview)
    assert (plan.region, plan.contact) == ("বাংলাদেশ", "mitu@example.org")
    assert (plan.adult, plan.challenge) == (True, True)
    assert "এলাকা: বাংলাদেশ" in preview.text


@pytest.mark.parametrize(
    ("button", "values", "sentence"),
    [
        ("কারা পারবেন", {"member_days": "-1"}, "০ থেকে ৩,৬৫০ হতে পারে। আপনি লিখেছেন -১"),
        ("কারা পারবেন", {"role_id": "vip"}, "একটা পূর্ণ সংখ্যা হতে হবে"),
        ("বোনাস", {"cap": "101"}, "১ থেকে ১০০ হতে পারে"),
        ("বোনাস", {"linked": "11"}, "০ থেকে ১০ হতে পারে"),
        ("ড্র ও পুরস্কার", {"claim_hours": "0"}, "১ থেকে ৭২০ হতে পারে"),
        ("ড্র ও পুরস্কার", {"beacon": "drand"}, "BEACON_RELAYS"),
        ("ড্র ও পুরস্কার", {"beacon": "manual"}, "কোন প্রকাশ্য সংখ্যা"),
        ("ড্র ও পুরস্কার", {"beacon": "dice"}, "drand, manual, commit-reveal"),
    ],
)
async def test_what_cannot_be_chosen_is_refused_with_a_sentence(
    bot: Stage, button: str, values: dict[str, str], sentence: str
) -> None:
    preview = await on_discord(bot)
    assert sentence in (await chosen(bot, preview, button, **values)).text
    assert await plan_of(bot, preview) == Plan()


async def test_tickets_for_a_link_need_a_sponsor(bot: Stage) -> None:
    preview = await on_discord(bot)
    form = (await bot.press("creator", preview, "বোনাস"))[-1]
    assert form.sheet is not None
    assert [line.name for line in form.sheet.lines] == ["linked", "cap"]
    refused = await handed_in(bot, "creator", Bonus(id_of(preview)), {"click": "1"})
    assert "স্পনসরের একটা ট্র্যাকিং লিংক লাগবে" in refused
    assert await plan_of(bot, preview) == Plan()


async def test_no_client_hands_in_more_than_a_form_has_room_for(bot: Stage) -> None:
    preview = await on_discord(bot)
    refused = await handed_in(bot, "creator", Rules(id_of(preview)), {"region": "ক" * 101})
    assert "সর্বোচ্চ ১০০ অক্ষর হতে পারে, আপনারটা ১০১" in refused
    assert await plan_of(bot, preview) == Plan()


async def test_fans_choose_nothing(bot: Stage) -> None:
    preview = await on_discord(bot)
    await opened(bot, "বই")
    for form in (Bonus, Rules, Who, Drawing):
        assert "টিমের জন্য" in await handed_in(bot, "Rima", form(id_of(preview)), {})
    assert await plan_of(bot, preview) == Plan()


async def test_a_published_draft_cannot_be_chosen_for_any_more(bot: Stage) -> None:
    preview = await on_discord(bot)
    form = (await bot.press("creator", preview, "বোনাস"))[-1]
    await bot.press("creator", preview, "প্রকাশ করুন")
    before = await row(bot, id_of(preview))
    assert "পুরোনো" in (await bot.fill("creator", form, {"linked": "9"}))[-1].text
    assert await row(bot, id_of(preview)) == before


# What is published ---------------------------------------------------------------------------


async def test_publishing_fixes_the_plan_and_begins_the_log(bot: Stage) -> None:
    preview = await chosen(bot, await on_discord(bot), "বোনাস", linked="2", cap="5")
    await bot.press("creator", preview, "প্রকাশ করুন")
    kept = await row(bot, id_of(preview))
    named: dict[str, Any] = json.loads(kept["params"])
    assert (named["tickets"], named["cap"]) == ({"enter": 1, "linked": 2}, 5)
    assert (named["reserves"], named["claim_h"]) == (3, 48)
    assert Parameters(**named).digest().hex() == kept["params_hash"]
    lines = await bot.unit(lambda tx: giveaway_log.lines(tx, kept["id"]))
    event = {"kind": "open", "params": kept["params"], "at": kept["published_at"] // 1000}
    assert lines == following(0, kept["params_hash"], event)
    assert (kept["log_number"], kept["log_head"]) == (1, lines[0].head)


async def test_a_draft_whose_end_has_passed_is_not_published(bot: Stage) -> None:
    preview = (await bot.say("creator", f"/giveaway new {PRIZE} | কাল সকাল ১০টা"))[-1]
    await bot.advance(86_400)
    assert "শনিবার, ২১ নভেম্বর সকাল ১০:০০) পার হয়ে গেছে" in await told(
        bot, "creator", preview, "প্রকাশ করুন"
    )
    assert bot.seen(place="fans") == []


async def test_a_length_of_time_counts_from_publishing(bot: Stage) -> None:
    preview = (await bot.say("creator", f"/giveaway new {PRIZE} | ৩ দিন"))[-1]
    await bot.advance(86_400)
    await bot.press("creator", preview, "প্রকাশ করুন")
    kept = await row(bot, id_of(preview))
    assert kept["closes_at"] - kept["published_at"] == 3 * 86_400_000


# The rehearsal -------------------------------------------------------------------------------


async def test_the_odds_of_each_kind_of_fan_are_told_before_publishing(bot: Stage) -> None:
    await chosen(bot, await on_discord(bot), "বোনাস", linked="1")
    shown = (await bot.say("creator", "/giveaway odds"))[-1].text
    assert "১০,০০০ জন কাল্পনিক ভক্ত, ১ জন পাবেন" in shown
    assert "শুধু যোগ দিয়েছেন: টিকিট ১টি, জেতার সম্ভাবনা প্রায় ১৫,০০০ জনে ১ জনের" in shown
    assert "দুই অ্যাকাউন্ট জুড়েছেন: টিকিট ২টি, জেতার সম্ভাবনা প্রায় ৭,৫০০ জনে ১ জনের" in shown


async def test_of_several_the_rehearsed_one_is_asked_for(bot: Stage) -> None:
    assert "খসড়া নেই" in (await bot.say("creator", "/giveaway odds"))[-1].text
    await drafted(bot, "বই")
    await opened(bot, "শাড়ি")
    which = (await bot.say("creator", "/giveaway odds"))[-1]
    assert "মহড়া: বই" in await told(bot, "creator", which, "বই")


def test_the_odds_told_are_those_that_draws_show() -> None:
    plan = Plan(tickets={"enter": 1, "linked": 2})
    won, fans, rounds = {"enter": 0, "linked": 0}, 60, 300
    for number in range(rounds):
        seen = odds.rehearse(plan, 6, number.to_bytes(32, "big"), fans)
        for kind in seen:
            won[kind.name] += kind.won
    told_chance = {kind.name: kind.chance for kind in seen}
    assert sum(won.values()) == 6 * rounds
    for name, chance in told_chance.items():
        assert won[name] / (30 * rounds) == pytest.approx(chance, rel=0.08)


def test_with_as_many_prizes_as_fans_everybody_wins() -> None:
    assert [kind.chance for kind in odds.rehearse(Plan(), 9, bytes(32), 9)] == [1.0]


def test_all_kinds_of_fans_are_told_apart_by_the_table() -> None:
    plan = Plan(tickets={"enter": 1, "linked": 1, "click": 1}, cap=2)
    assert odds.kinds(plan, 10) == [
        ("enter", 3, 1), ("linked", 3, 2), ("click", 2, 2), ("both", 2, 2),
    ]  # fmt: skip
