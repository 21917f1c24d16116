"""Giveaways: opening one, entering and leaving, and everything that can be asked wrongly."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.model import Say
from bot.platforms.limits import DISCORD, TELEGRAM
from bot.present import length
from bot.words import LANGUAGES, Reader
from handlers.giveaways.actions import CallOff, EndNow, Publish
from tests.giveaway_stage import HOUR, PRIZE, drafted, forged, id_of, opened, row, said, told
from tests.stage import Stage

# Opening -------------------------------------------------------------------------------------


async def test_a_preview_is_seen_by_the_creator_alone_before_anything_is_public(bot: Stage) -> None:
    preview = await drafted(bot, winners=2)
    assert PRIZE in preview.text
    assert "২ জন পাবেন" in preview.text
    assert "fans (discord)" in preview.text
    labels = [key.label for line in preview.rows for key in line]
    assert labels[:3] == ["প্রকাশ করুন", "পরে প্রকাশ", "বাদ দিন"]
    assert bot.seen(place="fans") == []


async def test_publishing_posts_the_same_facts_in_every_place(bot: Stage) -> None:
    posts = await opened(bot)
    assert posts.keys() == {"telegram", "discord"}
    assert posts["telegram"].text == posts["discord"].text
    kept = await row(bot, id_of(posts["telegram"]))
    assert f"{kept['params_hash'][:8]}…{kept['params_hash'][-4:]}" in posts["telegram"].text
    assert "শনিবার, ২১ নভেম্বর দুপুর ১২:০০" in posts["discord"].text
    assert "আয়োজকের ওপর ভরসা" in posts["discord"].text


async def test_a_discarded_draft_is_never_public_and_cannot_be_published(bot: Stage) -> None:
    preview = await drafted(bot)
    assert "কিছু প্রকাশ হয়নি" in await told(bot, "creator", preview, "বাদ দিন")
    assert "পুরোনো" in await told(bot, "creator", preview, "প্রকাশ করুন")
    assert bot.seen(place="fans") == []


async def test_publishing_twice_posts_once(bot: Stage) -> None:
    preview = await drafted(bot)
    await bot.press("creator", preview, "প্রকাশ করুন")
    assert "আগেই প্রকাশ" in await told(bot, "creator", preview, "প্রকাশ করুন")
    assert len(said(bot, "গিভঅ্যাওয়ে:")) == 2  # one on each platform


async def test_on_telegram_a_template_is_asked_one_by_one(bot: Stage) -> None:
    templates = (await bot.say("creator", "/giveaway new"))[-1]
    asked = await bot.press("creator", templates, "কয়েকজন বিজয়ী")
    assert "পুরস্কার:" in asked[-1].text
    asked = await bot.say("creator", PRIZE)
    asked = await bot.say("creator", "৪")
    assert "24" in asked[-1].text
    preview = await bot.press("creator", asked[-1], "বাদ দিন")
    assert "৪ জন পাবেন" in preview[-1].text
    assert "শনিবার, ২১ নভেম্বর দুপুর ১২:০০ (১ দিন পরে)" in preview[-1].text


async def test_the_plain_case_takes_two_answers_and_a_press(bot: Stage) -> None:
    templates = (await bot.say("creator", "/giveaway new"))[-1]
    await bot.press("creator", templates, "একজন বিজয়ী")
    await bot.say("creator", PRIZE)
    preview = await bot.say("creator", "শুক্রবার রাত ৯টা")
    assert "প্রকাশ হয়েছে" in await told(bot, "creator", preview[-1], "প্রকাশ করুন")


async def test_on_discord_a_template_is_a_modal(bot: Stage) -> None:
    templates = (await bot.command("creator", "giveaway new", {}, "discord"))[-1]
    form = (await bot.press("creator", templates, "স্পনসরসহ"))[-1]
    assert form.sheet is not None
    names = [line.name for line in form.sheet.lines]
    assert names == ["prize", "sponsor", "until", "winners", "click"]
    form = (await bot.press("creator", templates, "কয়েকজন বিজয়ী"))[-1]
    preview = await bot.fill("creator", form, {"prize": PRIZE, "winners": "3", "until": "48"})
    assert "রবিবার, ২২ নভেম্বর" in preview[-1].text
    assert "৩ জন পাবেন" in preview[-1].text


async def test_a_draft_can_be_made_from_a_group_and_stays_private(bot: Stage) -> None:
    seen = await bot.command(
        "creator", "giveaway new", {"prize": PRIZE}, platform="discord", place="fans"
    )
    assert seen[-1].kind == "ephemeral"
    assert seen[-1].to == "creator"


async def test_fans_can_neither_draft_nor_publish_nor_end_nor_cancel(bot: Stage) -> None:
    preview = await drafted(bot)
    posts = await opened(bot)
    id = id_of(posts["telegram"])
    for forgery in (Publish(id_of(preview)), EndNow(id), CallOff(id)):
        seen = await told(bot, "Rima", posts["telegram"], forged(forgery))
        assert "টিমের জন্য" in seen
    for command in ("/giveaway new x", "/giveaway list", "/giveaway end", "/giveaway cancel x"):
        assert "টিমের জন্য" in (await bot.say("Rima", command))[-1].text


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("x | 0 | 1", "এই সময় পার হয়ে গেছে"),
        ("x | -3 | 1", "“-3” বলতে কোন সময় বোঝাচ্ছেন, ধরতে পারিনি। এভাবে লিখুন: ৩ দিন"),
        ("x | 8761 | 1", "সর্বোচ্চ এক বছর চলতে পারে"),
        ("x | ৩১ ডিসেম্বর ২০২৭ | 1", "বুঝেছি শুক্রবার, ৩১ ডিসেম্বর রাত ১১:৫৯। গিভঅ্যাওয়ে সর্বোচ্চ এক বছর"),
        ("x | আজ সকাল ১০টা | 1", "বুঝেছি শুক্রবার, ২০ নভেম্বর সকাল ১০:০০। এই সময় পার হয়ে গেছে"),
        ("x | গতকাল না জানি কবে | 1", "ধরতে পারিনি"),
        ("x | 2 min | 1", "অন্তত ৫ মিনিট বাকি"),
        ("x | 24 | 0", "বিজয়ী ১ থেকে ১,০০০ জন হতে পারে। আপনি লিখেছেন ০।"),
        ("x | 24 | 1001", "আপনি লিখেছেন ১,০০১।"),
        ("x | 24 | 10000", "আপনি লিখেছেন ১০,০০০।"),
        ("x | 24 | many", "একটা পূর্ণ সংখ্যা হতে হবে"),
        ("শ" * 5000 + " | 24 | 1", "সর্বোচ্চ ২০০ অক্ষর হতে পারে, আপনারটা ৫,০০০"),
        ("শা" * 101 + " | 24 | 1", "সর্বোচ্চ ২০০ অক্ষর হতে পারে, আপনারটা ২০২"),
        ("\u200b\u200d | 24 | 1", "পুরস্কার কী, সেটা লিখুন।"),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused_with_a_sentence(
    bot: Stage, line: str, sentence: str
) -> None:
    assert sentence in (await bot.say("creator", f"/giveaway new {line}"))[-1].text
    assert await bot.unit(lambda tx: tx.all("giveaways_recent", community="c1", most=9)) == []


async def test_without_a_public_place_the_remedy_is_told(bot: Stage) -> None:
    preview = await drafted(bot)
    for platform in ("telegram", "discord"):
        await bot.unit(lambda tx, p=platform: tx.run("place_leave", platform=p, chat="fans", now=1))
    assert "/here" in (await bot.say("creator", "/giveaway new x"))[-1].text
    assert "/here" in await told(bot, "creator", preview, "প্রকাশ করুন")
    kept = await row(bot, id_of(preview))
    assert kept["published_at"] is None


async def test_a_creators_own_text_is_shown_as_it_is(bot: Stage) -> None:
    prize = "{winners} {0} %s <b>ড্রেস</b> @everyone"
    posts = await opened(bot, prize)
    assert f"গিভঅ্যাওয়ে: {prize} 🎁" in posts["telegram"].text
    assert prize in await told(bot, "Rima", posts["discord"], "নিয়ম")


# Looking -------------------------------------------------------------------------------------


async def test_fans_see_what_runs_and_can_enter_there(bot: Stage) -> None:
    assert "কোনো গিভঅ্যাওয়ে চলছে না" in (await bot.say("Rima", "/giveaway show"))[-1].text
    await opened(bot)
    shown = (await bot.say("Rima", "/giveaway show"))[-1]
    assert PRIZE in shown.text
    assert "এন্ট্রি নম্বর ১" in await told(bot, "Rima", shown, "যোগ দিন")
    await opened(bot, "বই")
    shown = (await bot.say("Rima", "/giveaway show"))[-1]
    assert PRIZE in shown.text
    assert "এন্ট্রি নম্বর ১" in await told(bot, "Rima", shown, "যোগ দিন: বই")


async def test_the_team_sees_how_each_stands(bot: Stage) -> None:
    assert "এখনও কোনো গিভঅ্যাওয়ে হয়নি" in (await bot.say("creator", "/giveaway list"))[-1].text
    await opened(bot, "বই", 1)
    await bot.advance(HOUR)
    await opened(bot, "কলম", 1)
    await bot.say("creator", "/giveaway cancel দোকান বন্ধ")
    await opened(bot, "শাড়ি", 1)
    text = (await bot.say("creator", "/giveaway list"))[-1].text
    assert "বই – ড্র হয়েছে" in text
    assert "কলম – বাতিল। কারণ: দোকান বন্ধ" in text
    assert "শাড়ি – চলছে" in text


# Words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_toasts_fit_telegram_in_both_languages(language: str) -> None:
    reader, longest = Reader(language, "Asia/Dhaka"), datetime(2026, 9, 30, 15, 59, tzinfo=UTC)
    toasts = [
        Say("giveaway.entered", number=1_234_567, closes=longest),
        Say("giveaway.entered_unreachable", number=1_234_567, closes=longest),
        Say("giveaway.again", number=1_234_567),
        Say("giveaway.left"),
        Say("giveaway.not_in"),
        Say("giveaway.closed"),
        Say("giveaway.is_cancelled"),
        Say("giveaway.not_drawn", closes=longest),
    ]
    lengths = [length(reader.text(say), TELEGRAM.unit) for say in toasts]
    assert max(lengths) <= TELEGRAM.toast


async def test_the_longest_post_is_not_cut_on_discord(bot: Stage) -> None:
    posts = await opened(bot, "ক" * 200, 8760, 1000)
    assert length(posts["discord"].text, DISCORD.unit) <= DISCORD.text
    assert "নিয়ম ও ড্র" in posts["discord"].text


async def test_each_reader_is_answered_in_their_language(bot: Stage) -> None:
    posts = await opened(bot)
    await bot.say("Rima", "/language en")
    assert "You're in! Entry no. 1." in await told(bot, "Rima", posts["telegram"], "যোগ")
    assert "আপনি যোগ দিয়েছেন!" in await told(bot, "Lota", posts["telegram"], "যোগ")


async def test_an_english_creator_previews_in_english(bot: Stage) -> None:
    await bot.say("creator", "/language en")
    preview = await drafted(bot, "Red sari", winners=2)
    assert "Giveaway: Red sari 🎁\n2 winners\nEnds: Sat 21 Nov, 12:00 PM" in preview.text
    assert "0 people are in" in preview.text
    assert "Published in 2 places" in await told(bot, "creator", preview, "Publish")
