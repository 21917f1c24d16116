"""Prizes after the draw: claimed in time, or the next in line moves up; nobody is drawn again."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from bot.model import Role
from bot.platforms.playground import Message
from bot.world import Clock
from handlers.giveaways.actions import Claim, Lapse, Remind
from storage import giveaway_log as log
from storage import giveaway_slots as slots
from storage.giveaway_slots import Holder
from tests.giveaway_stage import (
    HOUR,
    again,
    alive,
    claimed,
    dying,
    entered,
    fire,
    forged,
    id_of,
    link,
    opened,
    row,
    said,
    told,
    winners,
)  # fmt: skip
from tests.stage import START, Stage

DAY = 24 * HOUR
CLAIM = "পুরস্কার নিতে চাই"
ADDRESS = "রিমা, ০১৭১২-৩৪৫৬৭৮, মিরপুর ২, ঢাকা"


async def drawn(bot: Stage, fans: int = 4, prizes: int = 1) -> tuple[str, dict[str, Message]]:
    """A giveaway that was drawn a moment ago; its id and posts."""
    posts = await opened(bot, winners=prizes)
    await entered(bot, posts, fans)
    await bot.advance(DAY)
    return id_of(posts["telegram"]), posts


async def events(bot: Stage, giveaway: str) -> list[dict[str, Any]]:
    lines = await bot.unit(lambda tx: log.lines(tx, giveaway))
    return [json.loads(line.event) for line in lines]


async def held(bot: Stage, giveaway: str) -> list[Holder]:
    found: list[Holder] = await bot.unit(lambda tx: slots.holders(tx, giveaway))
    return found


async def winner(bot: Stage, giveaway: str, at: int = 0) -> tuple[str, str]:
    """(name, platform) of who holds a prize now."""
    one = (await winners(bot, giveaway))[at]
    return one["user_id"], one["platform"]


async def take(bot: Stage, giveaway: str, details: str = ADDRESS, at: int = 0) -> list[Message]:
    """The holder claims the prize; what they read."""
    who, platform = await winner(bot, giveaway, at)
    shown = next(m for m in reversed(bot.seen(who, platform, "dm")) if "অভিনন্দন" in m.text)
    asked = (await bot.press(who, shown, CLAIM))[-1]
    if asked.sheet is not None:
        return await bot.fill(who, asked, {"details": details})
    return await bot.say(who, details, platform)


# Claiming ------------------------------------------------------------------------------------


async def test_a_winner_claims_and_only_managers_read_where_the_prize_should_go(
    bot: Stage,
) -> None:
    id, _ = await drawn(bot)
    who, platform = await winner(bot, id)
    invited = bot.seen(who, platform, "dm")[-1].text
    assert "৪৮ ঘণ্টার মধ্যে" in invited
    assert "আমরা কখনো টাকা, পিন বা OTP চাইব না" in invited
    before = bot.playground.tick
    done = await take(bot, id)
    assert any("আমরা কখনো টাকা, পিন বা OTP চাইব না" in m.text for m in done)
    assert "পুরস্কার নিতে চেয়েছেন" in bot.seen("creator", "telegram", "dm")[-1].text
    assert all(ADDRESS not in m.text for m in bot.seen(after=before) if m.to != who)
    shown = (await bot.say("creator", "/giveaway claims"))[-1].text
    assert ADDRESS in shown
    assert who in shown
    refused = (await bot.say("Rima", "/giveaway claims"))[-1].text
    assert "লাল শাড়ি" not in refused
    await bot.unit(lambda tx: tx.run("member_role", member="owner-discord", community="c1",
                                     role=int(Role.HELPER)))  # fmt: skip
    helper = (await bot.say("creator", "/giveaway claims", "discord"))[-1].text
    assert "নিতে চেয়েছেন" in helper
    assert ADDRESS not in helper
    sealed = await bot.unit(lambda tx: tx.all("giveaway_slots_of", id=id))
    assert ADDRESS not in str([dict(one) for one in sealed])
    assert (await row(bot, id))["closed_at"] is not None
    assert [e["kind"] for e in await events(bot, id)][-1] == "claim"


async def test_a_delivered_prize_leaves_no_address_behind(bot: Stage) -> None:
    id, _ = await drawn(bot)
    await take(bot, id)
    shown = (await bot.say("creator", "/giveaway claims"))[-1]
    assert "মুছে ফেলা হলো" in await told(bot, "creator", shown, "পৌঁছে গেছে")
    assert ADDRESS not in (await bot.say("creator", "/giveaway claims"))[-1].text
    assert (await held(bot, id))[0].slot.details == ""
    assert "আগেই হয়ে গেছে" in await told(bot, "creator", shown, "পৌঁছে গেছে")
    number = (await held(bot, id))[0].slot.number
    seen = await bot.say("creator", f"/giveaway deliver {number}")
    assert "পৌঁছানো বাকি" in seen[-1].text


async def test_deliver_by_number_does_the_same(bot: Stage) -> None:
    id, _ = await drawn(bot)
    await take(bot, id)
    number = (await held(bot, id))[0].slot.number
    seen = await bot.say("creator", f"/giveaway deliver {number}")
    assert "মুছে ফেলা হলো" in seen[-1].text


async def test_who_did_not_win_has_nothing_to_claim(bot: Stage) -> None:
    id, posts = await drawn(bot, 2)
    who, _ = await winner(bot, id)
    other = {"fan1": "fan2", "fan2": "fan1"}[who]
    for stranger in (other, "Rima"):
        seen = await told(bot, stranger, posts["telegram"], forged(Claim(id)))
        assert "আপনার অপেক্ষায় নেই" in seen
    assert (await held(bot, id))[0].slot.claimed_at is None


async def test_a_prize_is_claimed_once(bot: Stage) -> None:
    id, posts = await drawn(bot)
    await take(bot, id)
    who, platform = await winner(bot, id)
    seen = await told(bot, who, posts[platform], forged(Claim(id)))
    assert "আগেই চেয়ে নিয়েছেন" in seen
    assert [e["kind"] for e in await events(bot, id)].count("claim") == 1


async def test_a_winner_is_reminded_once_when_a_quarter_of_the_time_is_left(bot: Stage) -> None:
    id, _ = await drawn(bot)
    assert said(bot, "এখনও আপনার অপেক্ষায়", "dm") == []
    await bot.advance(36 * HOUR)
    (reminder,) = said(bot, "এখনও আপনার অপেক্ষায়", "dm")
    assert (reminder.to, reminder.platform) == await winner(bot, id)
    assert any(CLAIM in key.label for line in reminder.rows for key in line)


async def test_who_claimed_is_not_reminded_and_loses_nothing(bot: Stage) -> None:
    id, _ = await drawn(bot)
    await take(bot, id)
    await bot.advance(5 * DAY)
    assert said(bot, "এখনও আপনার অপেক্ষায়", "dm") == []
    assert len(await held(bot, id)) == 1


# The next in line ----------------------------------------------------------------------------


async def test_an_unclaimed_prize_goes_to_the_next_reserve_in_public_order(bot: Stage) -> None:
    id, posts = await drawn(bot)
    first, where = await winner(bot, id)
    order = next(e for e in await events(bot, id) if e["kind"] == "draw")
    await bot.advance(48 * HOUR)
    lines = await events(bot, id)
    assert [(e["kind"], e["C"]) for e in lines[-2:]] == [
        ("lost", order["winners"][0]), ("promote", order["reserves"][0]),
    ]  # fmt: skip
    assert lines[-2]["why"] == "lapsed"
    moved = said(bot, "সময়মতো পুরস্কার নেননি")
    assert sorted(m.platform for m in moved) == ["discord", "telegram"]
    assert "নতুন করে ড্র হচ্ছে না" in moved[0].text
    second, platform = await winner(bot, id)
    assert second != first
    assert "অপেক্ষমাণ তালিকায় ছিলেন" in bot.seen(second, platform, "dm")[-1].text
    late = await told(bot, first, posts[where], forged(Claim(id)))
    assert "সময় শেষ হয়ে গেছে" in late
    await take(bot, id)
    assert (await row(bot, id))["closed_at"] is not None
    assert f"এন্ট্রি নম্বর {'০১২৩৪৫৬৭৮৯'[int(second[3:])]}" in await told(
        bot, "Rima", posts["discord"], "ফল যাচাই"
    )


async def test_when_the_reserves_are_used_up_it_is_said_and_the_giveaway_is_over(
    bot: Stage,
) -> None:
    id, _ = await drawn(bot, fans=2)
    await bot.advance(97 * HOUR)
    assert len(said(bot, "এই পুরস্কার কেউ পাচ্ছেন না")) == 2
    assert await winners(bot, id) == []
    assert (await row(bot, id))["closed_at"] is not None
    assert [e["kind"] for e in await events(bot, id)][-3:] == ["lost", "promote", "lost"]


async def test_a_disqualified_winner_is_named_by_number_with_the_reason(bot: Stage) -> None:
    id, _ = await drawn(bot)
    number = (await held(bot, id))[0].slot.number
    who, platform = await winner(bot, id)
    await bot.say("creator", f"/giveaway disqualify {number} | দুটো অ্যাকাউন্ট")
    moved = said(bot, "আয়োজকের সিদ্ধান্তে বাদ পড়েছেন")
    assert len(moved) == 2
    assert "কারণ: দুটো অ্যাকাউন্ট" in moved[0].text
    assert "দুটো অ্যাকাউন্ট" in bot.seen(who, platform, "dm")[-1].text
    lost = next(e for e in await events(bot, id) if e["kind"] == "lost")
    assert (lost["why"], lost["by"]) == ("disqualified: দুটো অ্যাকাউন্ট", "team")
    assert await winner(bot, id) != (who, platform)
    seen = await bot.say("creator", f"/giveaway disqualify {number} | আবার")
    assert "ফিরিয়ে নেওয়ার মতো কোনো পুরস্কার নেই" in seen[-1].text


async def test_who_claimed_can_still_be_disqualified_and_the_giveaway_is_not_over_then(
    bot: Stage,
) -> None:
    id, _ = await drawn(bot)
    await take(bot, id)
    number = (await held(bot, id))[0].slot.number
    await bot.say("creator", f"/giveaway disqualify {number} | ভুয়া অ্যাকাউন্ট")
    assert (await row(bot, id))["closed_at"] is None
    assert (await held(bot, id))[0].slot.details == ""
    await take(bot, id)
    assert (await row(bot, id))["closed_at"] is not None


async def test_disqualifying_asks_whom_and_why(bot: Stage) -> None:
    id, _ = await drawn(bot, fans=5, prizes=2)
    asked = (await bot.command("creator", "giveaway disqualify", {}, "discord"))[-1]
    number = (await held(bot, id))[1].slot.number
    label = f"নম্বর {'০১২৩৪৫৬৭৮৯'[number]}"
    form = (await bot.press("creator", asked, label))[-1]
    await bot.fill("creator", form, {"reason": "শর্ত মানেননি"})
    assert [h.slot.number for h in await held(bot, id) if h.slot.lost_at] == [number]
    again_ = (await bot.fill("creator", form, {"reason": "আবার"}))[-1]
    assert "কিছু বদলায়নি" in again_.text


async def test_fans_may_neither_disqualify_nor_deliver(bot: Stage) -> None:
    id, _ = await drawn(bot)
    number = (await held(bot, id))[0].slot.number
    for command in (f"disqualify {number} | না", f"deliver {number}", "claims"):
        await bot.say("Rima", f"/giveaway {command}")
    assert (await held(bot, id))[0].slot.lost_at is None
    assert [h.slot.number for h in await held(bot, id)] == [number]


async def test_timers_that_come_twice_or_from_a_button_move_nobody(bot: Stage) -> None:
    id, posts = await drawn(bot)
    slot = (await held(bot, id))[0].slot
    for action in (Lapse(id, 1, slot.number), Remind(id, 1, slot.number)):
        seen = await told(bot, "creator", posts["telegram"], forged(action))
        assert "পুরোনো" in seen
    await again(bot, Lapse(id, 1, slot.number))  # before the time
    assert (await held(bot, id))[0].slot.lost_at is None
    await bot.advance(48 * HOUR)
    lines = await events(bot, id)
    await again(bot, Lapse(id, 1, slot.number))
    assert await events(bot, id) == lines


async def test_two_prizes_that_fall_free_at_once_go_to_two_people(database_url: str) -> None:
    async with Stage.open(database_url, Clock(START)) as dead:
        id, _ = await drawn(dead, fans=6, prizes=2)
    dead.clock.advance(48 * HOUR)
    async with dying(dead, database_url) as process:
        timers = await claimed(process)
        await asyncio.gather(*(fire(process, [one], Lapse) for one in timers))
        holders = await process.database.unit(lambda tx: slots.holders(tx, id))
    now = [h.slot for h in holders if h.slot.lost_at is None]
    assert sorted(one.slot for one in now) == [1, 2]
    assert len({one.number for one in now}) == 2
    async with alive(dead, database_url) as bot:
        assert len(said(bot, "সময়মতো পুরস্কার নেননি")) == 4
        ends = [e["kind"] for e in await events(bot, id)][-4:]
        assert sorted(ends) == ["lost", "lost", "promote", "promote"]


# Telling -------------------------------------------------------------------------------------


async def test_a_winner_who_refuses_messages_is_told_on_the_other_platform(bot: Stage) -> None:
    posts = await opened(bot)
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    await link(bot, "Rima")
    bot.playground.blocked.add(("telegram", "Rima"))
    await bot.advance(DAY)
    assert [(m.platform, m.to) for m in said(bot, "অভিনন্দন", "dm")] == [("discord", "Rima")]
    assert said(bot, "আলাদা মেসেজ পাঠাতে পারছি না") == []


async def test_a_winner_nobody_can_write_to_claims_from_the_group(bot: Stage) -> None:
    posts = await opened(bot)
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    id = id_of(posts["telegram"])
    bot.playground.blocked.add(("telegram", "Rima"))
    await bot.advance(DAY)
    assert said(bot, "অভিনন্দন", "dm") == []
    (public,) = said(bot, "আলাদা মেসেজ পাঠাতে পারছি না")
    assert "এন্ট্রি নম্বর ১" in public.text
    assert "Rima" not in public.text
    assert public.platform == "telegram"
    seen = await bot.press("Rima", public, CLAIM)  # Telegram can only point to the private chat
    assert all("জিতেছেন" not in m.text for m in seen)
    bot.playground.blocked.clear()
    shown = [m for m in await bot.press("Rima", public, CLAIM) if m.place == "dm"][-1]
    await bot.press("Rima", shown, CLAIM)
    await bot.say("Rima", ADDRESS)
    assert (await held(bot, id))[0].slot.details == ADDRESS


async def test_who_is_known_to_refuse_is_told_in_public_at_once(bot: Stage) -> None:
    posts = await opened(bot)
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    await bot.unit(lambda tx: tx.run("identity_blocked", platform="telegram", user_id="Rima",
                                     now=1))  # fmt: skip
    await bot.advance(DAY)
    assert said(bot, "অভিনন্দন", "dm") == []
    assert len(said(bot, "আলাদা মেসেজ পাঠাতে পারছি না")) == 1


# Afterwards ----------------------------------------------------------------------------------


async def test_thirty_days_after_it_is_over_address_key_and_losers_are_deleted(
    bot: Stage,
) -> None:
    id, _ = await drawn(bot)
    await take(bot, id)
    before = await events(bot, id)
    await bot.advance(30 * DAY - 1)
    assert (await held(bot, id))[0].slot.details == ADDRESS
    await bot.advance(1)
    (one,) = await held(bot, id)
    assert one.slot.details == ""
    assert one.platform != ""
    assert await bot.unit(lambda tx: tx.one("giveaway_key_get", id=id)) is None
    assert (await row(bot, id))["purged_at"] is not None
    assert await events(bot, id) == before


async def test_a_winner_who_deletes_their_data_leaves_no_address_and_the_prize_moves_on(
    bot: Stage,
) -> None:
    id, _ = await drawn(bot, fans=4, prizes=2)
    await take(bot, id, at=0)
    for at in (0, 1):
        who, platform = await winner(bot, id, at)
        if at == 0:
            mine = (await bot.say(who, "/mydata", platform))[-1].text
            assert ADDRESS in mine
        sure = (await bot.say(who, "/forgetme", platform))[-1]
        await bot.press(who, sure, "হ্যাঁ")
    assert [h.slot.details for h in await held(bot, id)] == ["", ""]
    await bot.advance(48 * HOUR)
    lost = [e for e in await events(bot, id) if e["kind"] == "lost"]
    assert [e["why"] for e in lost] == ["left"]
    assert len(said(bot, "নিজের তথ্য মুছে ফেলেছেন")) == 2
