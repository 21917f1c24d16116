"""Questions: fans ask in any script, and are answered, offered a choice, or handed to the team."""

from __future__ import annotations

import pytest

from bot.actions import pack
from bot.model import Event, Identity, Place, Said
from handlers.questions.actions import Answer, AskTeam, Choose, Tidy, Wrong
from handlers.questions.normalise import normalise
from handlers.questions.smalltalk import small_talk
from storage import knowledge, people, questions
from storage.knowledge import Draft
from storage.tx import Tx
from tests.stage import Stage

DRESS = ("লাল ড্রেসের দাম কত?", "লাল ড্রেস ২,৪৫০ টাকা।")
DELIVERY = ("ডেলিভারি চার্জ কত?", "ঢাকায় ৮০ টাকা, ঢাকার বাইরে ১৩০ টাকা।")
RETURN = ("ফেরত দেওয়ার নিয়ম কী?", "তিন দিনের মধ্যে ফেরত দেওয়া যায়।")
UNKNOWN = "কাল লাইভে কয়টায় আসবেন?"
DAY = 86_400


async def teach(bot: Stage, *entries: tuple[str, str]) -> None:
    for question, answer in entries or (DRESS, DELIVERY, RETURN):
        await bot.command("creator", "answers add", {"question": question, "answer": answer})


async def member(tx: Tx, who: str, platform: str = "telegram") -> str:
    found = await people.find_member(tx, "c1", platform, who)
    assert found is not None
    return found.id


async def kept(bot: Stage, who: str = "Rima") -> list[str]:
    """The questions of this person that the database holds."""

    async def look(tx: Tx) -> list[str]:
        found = await questions.of_member(tx, "c1", await member(tx, who), 99)
        return [text for text, _ in found]

    texts: list[str] = await bot.unit(look)
    return texts


@pytest.mark.parametrize(
    "asked", ["লাল ড্রেসের দাম কত?", "red dress price?", "dam koto lal dress tar"]
)
async def test_bengali_english_and_banglish_reach_the_same_answer(bot: Stage, asked: str) -> None:
    await teach(bot)
    seen = await bot.say("Rima", asked)
    assert [m.text for m in seen] == [DRESS[1]]
    assert [len(row) for row in seen[0].rows] == [2]


async def test_an_entry_answers_in_the_language_of_the_question(bot: Stage) -> None:
    both = {"question": DRESS[0], "answer": DRESS[1], "translation": "The red dress is 2,450 taka."}
    await bot.command("creator", "answers add", both)
    english = await bot.say("Rima", "what is the price of the red dress")
    assert english[-1].text == "The red dress is 2,450 taka."
    assert "Wrong answer" in english[-1].rows[0][1].label
    assert (await bot.say("Rima", "lal dress er dam koto apu"))[-1].text == DRESS[1]
    assert (await bot.say("Rima", DRESS[0]))[-1].text == DRESS[1]


async def test_the_language_heard_is_remembered_and_a_chosen_one_stays(bot: Stage) -> None:
    await bot.say("Rima", "what time is your live tomorrow")
    assert "Write your question" in (await bot.say("Rima", "/help"))[-1].text
    await bot.say("Rima", "/language bn")
    seen = await bot.say("Rima", "where do you live?")
    assert "টিমকে পাঠিয়েছি" in seen[-1].text


async def test_an_answer_to_a_mention_is_public_and_to_a_command_private(bot: Stage) -> None:
    await teach(bot)
    seen = await bot.say("Rima", f"@adda {DRESS[0]}", place="fans")
    assert [(m.text, m.place, m.to) for m in seen] == [(DRESS[1], "fans", None)]
    seen = await bot.command("Rima", "ask", {"question": DRESS[0]}, "discord", "fans")
    assert [(m.text, m.kind, m.to) for m in seen] == [(DRESS[1], "ephemeral", "Rima")]


async def test_a_group_that_asks_the_same_again_and_again_is_answered_once_a_minute(
    bot: Stage,
) -> None:
    await teach(bot, DRESS)
    heard = []
    for fan in ("Rima", "Tuli", "Karim", "Rima"):
        heard += await bot.say(fan, f"@adda {DRESS[0]}", place="fans")
    assert len([m for m in heard if m.text == DRESS[1]]) == 1
    assert (await bot.say("Tuli", DRESS[0]))[-1].text == DRESS[1]
    await bot.advance(61)
    seen = await bot.say("Karim", f"@adda {DRESS[0]}", place="fans")
    assert [m.text for m in seen] == [DRESS[1]]
    asked = (await bot.say("creator", "/gaps"))[-1].text
    assert "৬ বার" in asked


async def test_a_group_that_does_not_speak_to_the_bot_is_left_alone(bot: Stage) -> None:
    await teach(bot)
    assert await bot.say("Rima", DRESS[0], place="fans") == []


async def test_an_unsure_answer_is_offered_as_a_choice(bot: Stage) -> None:
    await teach(bot, ("শাড়ির দাম কত?", "শাড়ি ৩,০০০ টাকা।"), ("জুতার দাম কত?", "জুতা ১,২০০ টাকা।"))
    seen = await bot.say("Rima", "dam koto?")
    labels = [key.label for row in seen[-1].rows for key in row]
    assert labels[:2] == ["শাড়ির দাম কত?", "জুতার দাম কত?"]
    assert "কোনোটাই না" in labels[-1]
    chosen = await bot.press("Rima", seen[-1], "জুতার")
    assert chosen[-1].text == "জুতা ১,২০০ টাকা।"
    assert "টিমকে পাঠিয়েছি" in (await bot.press("Rima", seen[-1], "কোনোটাই"))[-1].text
    assert "dam koto?" in (await bot.say("creator", "/inbox"))[-1].text


async def test_an_unknown_question_is_handed_over_once_however_often_it_is_asked(
    bot: Stage,
) -> None:
    seen = await bot.say("Rima", UNKNOWN)
    assert "উত্তর এলে এখানেই জানাবো" in seen[-1].text
    again = await bot.say("Rima", UNKNOWN + "??")
    assert "টিমের কাছে আছে" in again[-1].text
    assert await kept(bot) == [UNKNOWN + "??"]
    notices = bot.seen("creator", "telegram", "dm")
    assert [m.text for m in notices] == ["১টা প্রশ্ন আপনাদের উত্তরের অপেক্ষায়।"]


async def test_the_team_is_told_by_one_message_that_counts(bot: Stage) -> None:
    for number, asked in enumerate(("অফিস কোথায়?", "লাইভ কবে?", "পেজের নাম কী?")):
        await bot.say(f"fan {number}", asked)
    for platform in ("telegram", "discord"):
        shown = bot.seen("creator", platform, "dm")
        assert [m.text for m in shown] == ["৩টা প্রশ্ন আপনাদের উত্তরের অপেক্ষায়।"]
    opened = await bot.press("creator", bot.seen("creator", "telegram")[-1], "প্রশ্নগুলো")
    assert "১. অফিস কোথায়?" in opened[-1].text


async def test_a_new_question_after_hours_is_a_new_message_to_the_team(bot: Stage) -> None:
    await bot.say("Rima", "অফিস কোথায়?")
    await bot.advance(7 * 3600)
    await bot.say("Rima", "লাইভ কবে?")
    texts = [m.text for m in bot.seen("creator", "telegram", "dm")]
    assert texts == [f"{n}টা প্রশ্ন আপনাদের উত্তরের অপেক্ষায়।" for n in "১২"]


async def test_a_fan_cancels_and_the_question_is_gone(bot: Stage) -> None:
    seen = await bot.say("Rima", UNKNOWN)
    assert "বাতিল হলো" in (await bot.press("Rima", seen[-1], "বাতিল"))[-1].text
    assert await kept(bot) == []
    assert "উত্তর দেওয়া হয়েছে" in bot.seen("creator", "telegram", "dm")[-1].text
    assert "আর রাখা নেই" in (await bot.press("Rima", seen[-1], "বাতিল"))[-1].text


async def test_a_wrong_answer_goes_to_the_inbox_with_its_number(bot: Stage) -> None:
    await teach(bot)
    seen = await bot.say("Rima", DRESS[0])
    assert "ভুল উত্তরের জন্য দুঃখিত" in (await bot.press("Rima", seen[-1], "ভুল উত্তর"))[-1].text
    assert "টিমের কাছে আছে" in (await bot.press("Rima", seen[-1], "ভুল উত্তর"))[-1].text
    inbox = (await bot.say("creator", "/inbox"))[-1].text
    assert f"১. {DRESS[0]} (বটের উত্তর নং ১ ভুল বলেছেন – কারণ বলেননি)" in inbox
    assert "(কাজে লেগেছে ০, ভুল ১)" in (await bot.say("creator", "/answers list"))[-1].text


async def test_a_helpful_answer_is_counted_once_and_its_question_forgotten(bot: Stage) -> None:
    await teach(bot)
    seen = await bot.say("Rima", DRESS[0])
    for _ in range(2):
        assert "ধন্যবাদ" in (await bot.press("Rima", seen[-1], "কাজে"))[-1].text
    assert await kept(bot) == []
    assert "(কাজে লেগেছে ১, ভুল ০)" in (await bot.say("creator", "/answers list"))[-1].text


async def test_the_buttons_of_a_public_answer_belong_to_the_one_who_asked(bot: Stage) -> None:
    await teach(bot)
    seen = await bot.say("Rima", f"@adda {DRESS[0]}", place="fans")
    pressed = await bot.press("Lota", seen[-1], "ভুল উত্তর")
    assert "যিনি প্রশ্ন করেছিলেন" in pressed[-1].text
    assert "উত্তর দেওয়া হয়েছে" in (await bot.say("creator", "/inbox"))[-1].text


async def test_forged_buttons_are_refused(bot: Stage) -> None:
    await teach(bot)
    seen = await bot.say("Rima", UNKNOWN)
    stale = [pack(AskTeam("nothing")), pack(Wrong("0")), pack(Choose("x", "none"))]
    for data in stale:
        assert "আর রাখা নেই" in (await bot.press("Rima", seen[-1], data))[-1].text
    assert "পুরোনো" in (await bot.press("Rima", seen[-1], pack(Tidy())))[-1].text
    question = seen[-1].rows[0][0].data or ""
    forged = pack(Answer(question.partition(":")[2]))
    assert "টিমের জন্য" in (await bot.press("Rima", seen[-1], forged))[-1].text


async def test_a_question_of_10000_characters_gets_a_sentence(bot: Stage) -> None:
    for place in ("dm", "fans"):
        seen = await bot.say("Rima", "@adda " + "দাম কত " * 1429, place=place)
        assert any("একটু ছোট করে" in m.text for m in seen)
    assert await kept(bot) == []
    longest = await bot.say("Rima", "ক" * 2000)
    assert "টিমকে পাঠিয়েছি" in longest[-1].text


async def test_greetings_and_thanks_get_a_friendly_line(bot: Stage) -> None:
    assert "হ্যালো" in (await bot.say("Rima", "আসসালামু আলাইকুম আপু"))[-1].text
    assert "ধন্যবাদ" in (await bot.say("Rima", "onek dhonnobad"))[-1].text
    assert "ধন্যবাদ" in (await bot.say("Rima", "❤️🙏"))[-1].text
    assert "হ্যালো" in (await bot.say("Rima", "@adda", place="fans"))[-1].text
    assert await kept(bot) == []


@pytest.mark.parametrize("text", ["আছে?", "ki ache", "how much", "eid e ki ache", "নমস্তে जी"])
def test_a_short_question_is_not_small_talk(text: str) -> None:
    assert small_talk(text) is None


async def test_an_empty_knowledge_base_hands_over(bot: Stage) -> None:
    assert "টিমকে পাঠিয়েছি" in (await bot.say("Rima", DRESS[0]))[-1].text
    assert await bot.playground.typing("Rima", "discord", "ask", "question", "দা") == ()


async def test_a_command_without_a_question_asks_for_it(bot: Stage) -> None:
    await teach(bot)
    asked = await bot.say("Rima", "/ask")
    assert "প্রশ্ন:" in asked[-1].text
    assert (await bot.say("Rima", "dam koto lal dress tar"))[-1].text == DRESS[1]


async def test_questions_are_suggested_while_one_is_typed(bot: Stage) -> None:
    await teach(bot)
    found = await bot.playground.typing("Rima", "discord", "ask", "question", "delivery")
    assert found[0] == (DELIVERY[0], DELIVERY[0])
    everything = await bot.playground.typing("Rima", "discord", "ask", "question", "")
    assert len(everything) == 3


async def test_a_removed_answer_is_not_given_and_a_restored_one_is(bot: Stage) -> None:
    await teach(bot)
    assert (await bot.say("Rima", DRESS[0]))[-1].text == DRESS[1]
    removed = await bot.say("creator", "/answers remove 1")
    assert (await bot.say("Rima", DRESS[0]))[-1].text != DRESS[1]
    await bot.press("creator", removed[-1], "ফিরিয়ে")
    assert (await bot.say("Lota", DRESS[0]))[-1].text == DRESS[1]


async def test_what_another_process_taught_is_answered(bot: Stage) -> None:
    await teach(bot)
    await bot.say("Rima", DRESS[0])

    async def elsewhere(tx: Tx) -> None:
        draft = Draft(UNKNOWN, normalise(UNKNOWN), {"bn": "রাত নয়টায়।"})
        await knowledge.put(tx, "c1", draft, "from elsewhere", 0)

    await bot.unit(elsewhere)
    assert (await bot.say("Rima", UNKNOWN))[-1].text == "রাত নয়টায়।"


async def test_what_is_kept_of_a_person_is_shown_and_forgotten(bot: Stage) -> None:
    await bot.say("Rima", UNKNOWN)
    assert UNKNOWN in (await bot.say("Rima", "/mydata"))[-1].text
    sure = await bot.say("Rima", "/forgetme")
    await bot.press("Rima", sure[-1], "হ্যাঁ")
    assert "উত্তর দেওয়া হয়েছে" in (await bot.say("creator", "/inbox"))[-1].text


async def test_questions_are_deleted_when_their_time_is_over(bot: Stage) -> None:
    await teach(bot)
    await bot.say("Rima", DRESS[0])
    await bot.say("Rima", UNKNOWN)
    assert await kept(bot) == [UNKNOWN, DRESS[0]]
    await bot.advance(DAY)
    assert await kept(bot) == [UNKNOWN]
    await bot.advance(28 * DAY)
    assert await kept(bot) == [UNKNOWN]
    await bot.advance(DAY + 3600)
    assert await kept(bot) == []
    await bot.say("Rima", UNKNOWN)
    await bot.advance(31 * DAY)
    assert await kept(bot) == []


async def test_a_question_is_unreadable_in_the_database(bot: Stage) -> None:
    await bot.say("Rima", UNKNOWN)

    async def raw(tx: Tx) -> list[str]:
        rows = await tx.all("questions_of", community="c1", member=await member(tx, "Rima"), most=9)
        return [row["text_sealed"] for row in rows]

    assert [text[:3] for text in await bot.unit(raw)] == ["s1:"]


async def test_media_gets_a_sentence(bot: Stage) -> None:
    photo = Event("play:photo", bot.clock.now(), Place("telegram", "Rima"),
                  Identity("telegram", "Rima", "Rima"), Said("", media=True))  # fmt: skip
    await bot.adda.core.handle(photo)
    await bot.playground.settle()
    assert "ছবি বা ভয়েস" in bot.seen("Rima")[-1].text
