"""People: hello, language, privacy, roles."""

from __future__ import annotations

from tests.stage import Stage


async def test_the_first_message_says_that_this_is_a_bot(bot: Stage) -> None:
    seen = await bot.say("Rima", "/start")
    assert "সহকারী বট, Mitu নিজে নই" in seen[-1].text


async def test_a_fan_chooses_english_and_is_answered_in_english(bot: Stage) -> None:
    asked = await bot.say("Rima", "/language")
    assert await bot.press("Rima", asked[-1], "English")
    seen = await bot.say("Rima", "/help")
    assert "Write your question" in seen[-1].text


async def test_an_unknown_command_gets_a_sentence_in_private_and_silence_in_a_telegram_group(
    bot: Stage,
) -> None:
    seen = await bot.say("Rima", "/wat")
    assert "/wat" in seen[-1].text
    assert "/help" in seen[-1].text


async def test_a_forged_button_is_refused(bot: Stage) -> None:
    seen = await bot.say("Rima", "/language")
    seen = await bot.press("Rima", seen[-1], "zz:forged")
    assert "পুরোনো" in seen[-1].text


async def test_a_code_makes_a_helper_once(bot: Stage) -> None:
    seen = await bot.say("creator", "/team invite helper")
    code = seen[-1].text.split("/claim ")[1].strip()
    assert "স্বাগতম" in (await bot.say("Rima", f"/claim {code}"))[-1].text
    assert "কোডটা চলছে না" in (await bot.say("Lota", f"/claim {code}"))[-1].text
    assert "Rima" in (await bot.say("Rima", "/team list"))[-1].text


async def test_a_fan_may_not_invite(bot: Stage) -> None:
    seen = await bot.say("Rima", "/team invite helper")
    assert "টিমের জন্য" in seen[-1].text


async def test_forgetting_deletes_the_person(bot: Stage) -> None:
    await bot.say("Rima", "/language en")
    sure = await bot.say("Rima", "/forgetme")
    done = await bot.press("Rima", sure[-1], "Yes")
    assert done[-1].text == "Done. I keep nothing about you any more."
    assert "Rima" in (await bot.say("Rima", "/mydata"))[-1].text
    assert "বেছে নেওয়া হয়নি" in (await bot.say("Rima", "/mydata"))[-1].text


async def test_the_last_owner_cannot_be_forgotten(bot: Stage) -> None:
    await bot.unit(lambda tx: tx.run("member_role", member="owner-discord", community="c1", role=0))
    seen = await bot.say("creator", "/forgetme")
    assert "একমাত্র মালিক" in seen[-1].text
