"""What may change once a giveaway is open: a later end, one more prize; both in public."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

from handlers.giveaways import log
from handlers.giveaways.fairness import Parameters
from handlers.giveaways.plan import unpacked
from handlers.giveaways.plan_actions import AddPrize, AskExtend, Extend
from storage import giveaway_log
from storage.tx import Row
from tests.giveaway_stage import (
    HOUR,
    PRIZE,
    drafted,
    entered,
    forged,
    id_of,
    opened,
    row,
    said,
    told,
)
from tests.stage import START, Stage

DAY = 24 * HOUR


async def extended(bot: Stage, until: str) -> str:
    """What the creator reads after pressing yes."""
    asked = (await bot.say("creator", f"/giveaway extend {until}"))[-1]
    return await told(bot, "creator", asked, "হ্যাঁ, বাড়ান")


async def checked_log(bot: Stage, kept: Row) -> list[str]:
    """The kinds of the log's lines, chained from the first terms on to the head that is stored."""
    lines = await bot.unit(lambda tx: giveaway_log.lines(tx, kept["id"]))
    head = Parameters(**json.loads(json.loads(lines[0].event)["params"])).digest().hex()
    for line in lines:
        head = log.chained(head, line.event)
        assert line.head == head
    assert (kept["log_number"], kept["log_head"]) == (len(lines), head)
    return [json.loads(line.event)["kind"] for line in lines]


def holds(kept: Row) -> None:
    """The terms, their hash and the rules belong together."""
    named = json.loads(kept["params"])
    assert Parameters(**named).digest().hex() == kept["params_hash"]
    rules = f"{kept['rules_bn']}\n\n{kept['rules_en']}"
    assert named["rules"] == sha256(rules.encode()).hexdigest()
    assert named["close_at"] * 1000 == kept["closes_at"]


# A later end ---------------------------------------------------------------------------------


async def test_the_new_end_is_shown_as_it_was_read_and_taken_by_a_press(bot: Stage) -> None:
    id = id_of((await opened(bot))["telegram"])
    before = await row(bot, id)
    asked = (await bot.say("creator", "/giveaway extend ৩ দিন"))[-1]
    assert "এখন শেষ: শনিবার, ২১ নভেম্বর দুপুর ১২:০০" in asked.text
    assert "নতুন শেষ: সোমবার, ২৩ নভেম্বর দুপুর ১২:০০ (৩ দিন পরে)" in asked.text
    assert await row(bot, id) == before
    assert "সময় বাড়ানো হলো" in await told(bot, "creator", asked, "হ্যাঁ, বাড়ান")
    after = await row(bot, id)
    assert after["closes_at"] - before["closes_at"] == 2 * DAY * 1000
    assert after["params_hash"] != before["params_hash"]
    assert "২৩ নভেম্বর দুপুর ১২:০০" in after["rules_bn"]
    holds(after)


async def test_an_extension_is_public_and_stands_in_the_log(bot: Stage) -> None:
    posts = await opened(bot)
    await entered(bot, posts, 2)
    await extended(bot, "3 din")
    kept = await row(bot, id_of(posts["telegram"]))
    assert await checked_log(bot, kept) == ["open", "enter", "enter", "amend"]
    line = (await bot.unit(lambda tx: giveaway_log.lines(tx, kept["id"])))[-1]
    event = json.loads(line.event)
    assert (event["what"], event["params"]) == ("extend", kept["params"])
    told = said(bot, "গিভঅ্যাওয়ের সময় বাড়ল")
    assert {m.platform for m in told} == {"telegram", "discord"}
    short = f"{kept['params_hash'][:8]}…{kept['params_hash'][-4:]}"
    assert all(short in m.text for m in told)
    assert len(said(bot, "শেষ: সোমবার, ২৩ নভেম্বর")) == 4  # both posts, both messages


async def test_the_draw_waits_for_the_new_end(bot: Stage) -> None:
    posts = await opened(bot)
    await entered(bot, posts, 3)
    await extended(bot, "2 days")
    await bot.advance(DAY + 60)
    assert (await row(bot, id_of(posts["telegram"])))["frozen_at"] is None
    assert "যোগ দিয়েছেন!" in await told(bot, "late", posts["telegram"], "যোগ দিন")
    await bot.advance(DAY)
    kept = await row(bot, id_of(posts["telegram"]))
    assert kept["entrants"] == 4
    assert kept["drawn_at"] is not None
    assert kept["frozen_at"] == kept["closes_at"]


async def test_a_second_extension_is_a_message_of_its_own(bot: Stage) -> None:
    await opened(bot)
    await extended(bot, "2 days")
    await extended(bot, "3 days")
    assert len(said(bot, "গিভঅ্যাওয়ের সময় বাড়ল")) == 4


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        ("2 hours", "সময় শুধু বাড়ানো যায়"),
        ("24", "এখনকার শেষ সময় শনিবার, ২১ নভেম্বর দুপুর ১২:০০"),
        ("আজ সকাল ১০টা", "পার হয়ে গেছে"),
        ("৯ টাকা", "ধরতে পারিনি"),
        ("400 days", "সর্বোচ্চ এক বছর"),
    ],
)
async def test_what_is_no_later_end_is_refused(bot: Stage, until: str, sentence: str) -> None:
    id = id_of((await opened(bot))["telegram"])
    before = await row(bot, id)
    assert sentence in (await bot.say("creator", f"/giveaway extend {until}"))[-1].text
    assert await row(bot, id) == before


async def test_an_earlier_end_cannot_be_forged(bot: Stage) -> None:
    posts = await opened(bot)
    preview = await drafted(bot, "বই")
    id, now = id_of(posts["telegram"]), round(START.timestamp())
    before = await row(bot, id)
    for at in (now + HOUR, now - HOUR, now + 500 * DAY):
        press = forged(Extend(id, at))
        assert "সময় শুধু বাড়ানো যায়" in await told(bot, "creator", preview, press)
    assert await row(bot, id) == before


async def test_after_the_close_nothing_is_amended(bot: Stage) -> None:
    posts = await opened(bot)
    preview = await drafted(bot, "বই")
    id = id_of(posts["telegram"])
    await bot.advance(DAY)
    before = await row(bot, id)
    assert "চলছে না" in (await bot.say("creator", "/giveaway extend 3 days"))[-1].text
    assert "চলছে না" in (await bot.say("creator", "/giveaway prizes বই | 2"))[-1].text
    at = round(bot.clock.now().timestamp()) + DAY
    for action in (AskExtend(id, at), Extend(id, at), AddPrize(id)):
        assert "চলছে না" in await told(bot, "creator", preview, forged(action))
    assert await row(bot, id) == before


async def test_of_several_the_one_meant_is_named_or_asked_for(bot: Stage) -> None:
    await opened(bot, "বই")
    await opened(bot, "কলম")
    asked = (await bot.say("creator", "/giveaway extend 3 days | কলম"))[-1]
    assert "“কলম”" in asked.text
    which = (await bot.say("creator", "/giveaway extend 3 days"))[-1]
    asked = (await bot.press("creator", which, "বই"))[-1]
    assert "“বই”" in asked.text
    await bot.press("creator", asked, "হ্যাঁ")
    assert "গিভঅ্যাওয়ের সময় বাড়ল: বই" in bot.seen(place="fans")[-1].text


async def test_names_are_suggested_where_several_run(bot: Stage) -> None:
    await opened(bot, "বই")
    await opened(bot, "কলম")
    await drafted(bot, "খাতা")
    for command in ("extend", "prizes", "end", "cancel"):
        found = await bot.playground.typing(
            "creator", "discord", f"giveaway {command}", "giveaway", "ক"
        )
        assert [shown for shown, _ in found] == ["কলম"]
    for command, names in (("schedule", ["খাতা"]), ("repeat", ["বই", "কলম", "খাতা"])):
        found = await bot.playground.typing(
            "creator", "discord", f"giveaway {command}", "giveaway", ""
        )
        assert sorted(shown for shown, _ in found) == sorted(names)
    assert await bot.playground.typing("Rima", "discord", "giveaway end", "giveaway", "") == ()


# One more prize ------------------------------------------------------------------------------


async def test_a_prize_is_added_in_public_with_its_winners(bot: Stage) -> None:
    posts = await opened(bot)
    await entered(bot, posts, 2)
    assert "পুরস্কার যোগ হলো" in (await bot.say("creator", "/giveaway prizes বই | 3"))[-2].text
    kept = await row(bot, id_of(posts["telegram"]))
    named = json.loads(kept["params"])
    assert (named["prize"], named["winners"]) == (f"{PRIZE} × 1 + বই × 3", 4)
    assert unpacked(kept["plan"]).more == (("বই", 3),)
    assert "পুরস্কার: বই, পাবেন ৩ জন।" in kept["rules_bn"]
    holds(kept)
    assert await checked_log(bot, kept) == ["open", "enter", "enter", "amend"]
    told = said(bot, "নতুন পুরস্কার: বই (৩ জন পাবেন)")
    assert {m.platform for m in told} == {"telegram", "discord"}


async def test_prizes_and_extensions_add_up(bot: Stage) -> None:
    id = id_of((await opened(bot))["telegram"])
    await bot.say("creator", "/giveaway prizes বই | 3")
    await extended(bot, "3 days")
    await bot.say("creator", "/giveaway prizes কলম")
    kept = await row(bot, id)
    assert json.loads(kept["params"])["winners"] == 5
    assert await checked_log(bot, kept) == ["open", "amend", "amend", "amend"]
    holds(kept)


async def test_with_nothing_said_the_prize_is_asked_for(bot: Stage) -> None:
    posts = await opened(bot)
    await bot.say("creator", "/giveaway prizes")
    asked = await bot.say("creator", "বই")
    await bot.press("creator", asked[-1], "বাদ দিন")
    kept = await row(bot, id_of(posts["telegram"]))
    assert unpacked(kept["plan"]).more == (("বই", 1),)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("বই | 0", "আপনি লিখেছেন ০"),
        ("বই | 1000", "বিজয়ী হয়ে যাবে ১,০০১ জন, সর্বোচ্চ হতে পারে ১,০০০"),
        ("ক" * 5000 + " | 1", "আপনারটা ৫,০০০"),
    ],
)
async def test_what_is_no_prize_is_refused(bot: Stage, line: str, sentence: str) -> None:
    id = id_of((await opened(bot))["telegram"])
    before = await row(bot, id)
    assert sentence in (await bot.say("creator", f"/giveaway prizes {line}"))[-1].text
    assert await row(bot, id) == before


async def test_prizes_are_no_endless_list(bot: Stage) -> None:
    await opened(bot)
    for number in range(9):
        await bot.say("creator", f"/giveaway prizes বই {number} | 1")
    assert "সর্বোচ্চ ১০ রকম" in (await bot.say("creator", "/giveaway prizes কলম | 1"))[-1].text


# Cancelling ----------------------------------------------------------------------------------


async def test_cancelling_stands_in_the_log_with_its_reason(bot: Stage) -> None:
    id = id_of((await opened(bot))["telegram"])
    await bot.say("creator", "/giveaway cancel দোকান বন্ধ")
    kept = await row(bot, id)
    assert await checked_log(bot, kept) == ["open", "cancel"]
    line = (await bot.unit(lambda tx: giveaway_log.lines(tx, id)))[-1]
    assert json.loads(line.event)["why"] == "দোকান বন্ধ"


async def test_fans_can_amend_nothing(bot: Stage) -> None:
    posts = await opened(bot)
    id, at = id_of(posts["telegram"]), round(START.timestamp()) + 5 * DAY
    for action in (AskExtend(id, at), Extend(id, at), AddPrize(id)):
        assert "টিমের জন্য" in await told(bot, "Rima", posts["telegram"], forged(action))
    for command in ("extend 3 days", "prizes বই", "odds", "repeat weekly"):
        assert "টিমের জন্য" in (await bot.say("Rima", f"/giveaway {command}"))[-1].text
