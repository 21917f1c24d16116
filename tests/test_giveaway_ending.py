"""Ending a giveaway early and cancelling it: public, with a reason, and only while it runs."""

from __future__ import annotations

from handlers.giveaways.actions import Enter
from tests.giveaway_stage import HOUR, forged, id_of, opened, said, told
from tests.stage import Stage


async def test_cancelling_is_public_with_its_reason_and_ends_entering(bot: Stage) -> None:
    posts = await opened(bot)
    id = id_of(posts["telegram"])
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    await bot.say("creator", "/giveaway cancel দোকান বন্ধ {x}")
    for platform in ("telegram", "discord"):
        assert "কারণ: দোকান বন্ধ {x}" in posts[platform].text
        assert posts[platform].rows == ()
    assert len(said(bot, "বাতিল হয়েছে: ")) == 2
    seen = await told(bot, "Lota", posts["telegram"], forged(Enter(id)))
    assert "বাতিল হয়েছে" in seen
    assert await bot.advance(25 * HOUR) == []  # nothing is drawn


async def test_cancelling_asks_for_the_reason(bot: Stage) -> None:
    posts = await opened(bot)
    asked = await bot.say("creator", "/giveaway cancel")
    assert "কারণ" in asked[-1].text
    await bot.say("creator", "দোকান বন্ধ")
    assert "কারণ: দোকান বন্ধ" in posts["discord"].text


async def test_of_several_the_creator_says_which_to_cancel(bot: Stage) -> None:
    first, second = await opened(bot, "বই"), await opened(bot, "কলম")
    asked = (await bot.command("creator", "giveaway cancel", {}, "discord"))[-1]
    form = (await bot.press("creator", asked, "কলম"))[-1]
    await bot.fill("creator", form, {"reason": "শেষ"})
    assert "কারণ: শেষ" in second["telegram"].text
    assert "বাতিল" not in first["telegram"].text


async def test_what_has_ended_can_be_neither_cancelled_nor_ended(bot: Stage) -> None:
    await opened(bot, "বই")
    await opened(bot, "কলম")
    asked = (await bot.command("creator", "giveaway cancel", {}, "discord"))[-1]
    form = (await bot.press("creator", asked, "কলম"))[-1]
    await bot.advance(24 * HOUR)
    assert "আর চলছে না" in (await bot.fill("creator", form, {"reason": "শেষ"}))[-1].text
    assert "আর চলছে না" in await told(bot, "creator", asked, "বই")
    for command in ("/giveaway cancel কারণ", "/giveaway end"):
        assert "কোনো গিভঅ্যাওয়ে চলছে না" in (await bot.say("creator", command))[-1].text
    assert said(bot, "বাতিল") == []


async def test_too_long_a_reason_is_refused(bot: Stage) -> None:
    posts = await opened(bot)
    seen = await bot.say("creator", f"/giveaway cancel {'ক' * 301}")
    assert "সর্বোচ্চ ৩০০ অক্ষর" in seen[-1].text
    assert "বাতিল" not in posts["telegram"].text


async def test_ending_now_draws_at_once_and_says_that_it_was_early(bot: Stage) -> None:
    posts = await opened(bot)
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    await bot.say("creator", "/giveaway end")
    assert "ড্র হয়ে গেছে" in posts["discord"].text
    assert len(said(bot, "সময়ের আগেই শেষ")) == 2
    assert await bot.advance(25 * HOUR) == []  # the timer of the original close finds nothing


async def test_of_several_the_creator_says_which_to_end(bot: Stage) -> None:
    first, second = await opened(bot, "বই"), await opened(bot, "কলম")
    asked = (await bot.say("creator", "/giveaway end"))[-1]
    await bot.press("creator", asked, "বই")
    assert "ড্র হয়ে গেছে" in first["telegram"].text
    assert "শেষ:" in second["telegram"].text
