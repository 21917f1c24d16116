"""How careful the bot is: five steps for each community, with what each would do."""

from __future__ import annotations

import inspect
from collections.abc import Mapping

import pytest

from bot.actions import pack
from handlers.questions.care import ENOUGH, STEPS, USUAL, Trial, banded, effect, trials
from handlers.questions.index import Match, band
from handlers.questions.normalise import normalise
from handlers.questions.taught import Taught
from handlers.questions.tuning import SetCare
from storage import knowledge, tuning
from storage.knowledge import Draft
from storage.tx import Tx
from tests.shop import labels
from tests.stage import Stage

WORDINGS = {
    "দাম": ("শাড়ির দাম কত?", "শাড়ির দাম কত টাকা?", "sharir dam koto", "price of the saree?"),
    "ডেলিভারি": ("ডেলিভারি চার্জ কত?", "delivery charge koto", "how much is delivery?"),
    "ফেরত": ("ফেরত দেওয়া যায়?", "ferot dewa jabe?", "can I return it?", "return policy"),
    "লাইভ": ("লাইভ কবে?", "live kobe", "when do you go live?"),
    "অফিস": ("আপনাদের অফিস কোথায়?",),
}


def taught(wordings: Mapping[str, tuple[str, ...]] = WORDINGS) -> Taught:
    texts = [(entry, text, at) for entry, ways in wordings.items() for at, text in enumerate(ways)]
    return Taught(texts, [(entry, f"উত্তর {entry}") for entry in wordings], [], [])


async def teach(bot: Stage) -> None:
    async def put(tx: Tx) -> None:
        for question, *phrases in WORDINGS.values():
            draft = Draft(question, normalise(question), {"bn": "উত্তর"}, phrases)
            await knowledge.put(tx, "c1", draft, f"entry {question}", 0)

    await bot.unit(put)


async def care(bot: Stage) -> int | None:
    step: int | None = await bot.unit(lambda tx: tuning.care(tx, "c1"))
    return step


def test_the_middle_step_is_what_the_ranking_was_made_for() -> None:
    usual = [p.default for p in list(inspect.signature(band).parameters.values())[1:]]
    for p in range(0, 101, 5):
        for second in range(0, 101 - p, 5):
            matches = [Match("a", p / 100), Match("b", min(second, p) / 100)]
            assert banded(matches, USUAL) == band(matches, *usual)


def test_a_more_eager_step_answers_whatever_a_more_careful_one_does() -> None:
    for p in range(0, 101, 2):
        matches = [Match("a", p / 100), Match("b", min(p, 100 - p) / 200)]
        bands = [banded(matches, step) for step in STEPS]
        order = {"handover": 0, "choose": 1, "answer": 2}
        assert [order[one] for one in bands] == sorted(order[one] for one in bands)


def test_every_wording_is_asked_as_if_it_had_not_been_taught() -> None:
    tried = trials(taught())
    assert len(tried) == sum(map(len, WORDINGS.values()))
    lone = [trial for trial in tried if trial.entry is None]
    assert len(lone) == 1
    assert all(match.entry != "অফিস" for match in lone[0].matches)
    found = [effect(tried, step) for step in STEPS]
    assert [one.coverage for one in found] == sorted(one.coverage for one in found)


def test_precision_counts_what_should_have_been_left_unanswered() -> None:
    sure = (Match("a", 0.95),)
    tried = [Trial(sure, "a"), Trial(sure, "a"), Trial(sure, None), Trial((), "b")]
    assert (effect(tried, 3).precision, effect(tried, 3).coverage) == (66, 66)
    assert effect([Trial((), "a")], 3).precision is None


def test_a_large_knowledge_base_is_tried_in_parts() -> None:
    many = {f"e{n}": (f"পণ্য {n} এর দাম কত", f"product {n} price") for n in range(60)}
    tried = trials(taught(many))
    assert len(tried) == 120


async def test_the_slider_shows_what_each_step_would_do(bot: Stage) -> None:
    await teach(bot)
    seen = (await bot.say("creator", "/answers care"))[-1]
    lines = seen.text.splitlines()
    assert "এখন আমি মাঝামাঝি" in lines[0]
    assert "শেখানো ১৪টা বাক্য" in lines[1]
    assert "১টা এমন প্রশ্ন" in lines[1]
    assert len(lines) == 7
    assert lines[4].startswith("▸ মাঝামাঝি: ")
    assert labels(seen) == ["খুব সাবধানী", "সাবধানী", "✓ মাঝামাঝি", "একটু খোলামেলা", "খোলামেলা"]


async def test_with_too_few_wordings_it_says_so(bot: Stage) -> None:
    await bot.say("creator", "/answers add দাম কত? | ৫০০ টাকা")
    seen = (await bot.say("creator", "/answers care"))[-1]
    assert "মাত্র ০টা, লাগবে অন্তত ১০টা" in seen.text
    assert len(labels(seen)) == 5
    assert ENOUGH == 10


SARI, SHOE = ("শাড়ির দাম কত?", "শাড়ি ৩,০০০ টাকা।"), ("জুতার দাম কত?", "জুতা ১,২০০ টাকা।")
VAGUE = (
    "শাড়ি কত", "শাড়ি", "শাড়ি জুতার দাম কত", "কোন শাড়িটা নেব", "সাড়ি কি রকম দাম পড়ে আজকাল",
    "মা শাড়ি চেয়েছেন, কত পড়বে", "jutar kotha bolchilam", "শাড়ি আর ব্লাউজের দাম", "জুতা দেখান",
)  # fmt: skip


async def test_a_careful_bot_asks_where_an_eager_one_answers(bot: Stage) -> None:
    for question, answer in (SARI, SHOE):
        await bot.say("creator", f"/answers add {question} | {answer}")
    texts = [(question, question, 0) for question, _ in (SARI, SHOE)]
    index = Taught(texts, [SARI, SHOE], [], []).index()
    bands = {text: [banded(index.rank(text), step) for step in (1, 5)] for text in VAGUE}
    vague = next(text for text, band in bands.items() if band[0] != "answer" == band[1])
    slider = (await bot.say("creator", "/answers care"))[-1]
    told = []
    for step, name in ((1, "খুব সাবধানী"), (5, "খোলামেলা")):
        chosen = await bot.press("creator", slider, pack(SetCare(step)))
        assert f"এখন থেকে আমি {name}" in chosen[-1].text
        assert f"✓ {name}" in labels(chosen[-1])
        told.append((await bot.say(f"fan {step}", vague))[-1].text)
    assert [text in (SARI[1], SHOE[1]) for text in told] == [False, True]


async def test_a_step_is_kept_and_belongs_to_the_community(bot: Stage) -> None:
    assert await care(bot) is None
    slider = (await bot.say("creator", "/answers care"))[-1]
    await bot.press("creator", slider, "খোলামেলা")
    assert await care(bot) in STEPS
    await bot.press("creator", slider, pack(SetCare(1)))
    assert await care(bot) == 1
    await bot.say("creator", "/answers add দাম কত? | ৫০০ টাকা")
    assert await care(bot) == 1
    assert "এখন আমি খুব সাবধানী" in (await bot.say("creator", "/answers care"))[-1].text


@pytest.mark.parametrize("step", [0, 6, -1, 10**9])
async def test_a_forged_step_is_refused(bot: Stage, step: int) -> None:
    slider = (await bot.say("creator", "/answers care"))[-1]
    assert "পুরোনো" in (await bot.press("creator", slider, pack(SetCare(step))))[-1].text
    assert await care(bot) is None
    own = (await bot.say("Rima", "/help"))[-1]
    assert "টিমের জন্য" in (await bot.press("Rima", own, pack(SetCare(2))))[-1].text
