"""What giveaways keep of people, and how it goes away while old draws stay provable."""

from __future__ import annotations

from handlers.giveaways import terms
from storage import giveaway_pool as pool
from storage import giveaways as store
from tests.giveaway_stage import HOUR, id_of, opened, row, said, told, winners
from tests.stage import Stage

DAY = 24 * HOUR


async def forget(bot: Stage, who: str) -> None:
    sure = (await bot.say(who, "/forgetme"))[-1]
    assert "আর রাখা নেই" in await told(bot, who, sure, "হ্যাঁ")


async def test_mydata_names_the_entries_of_its_reader_alone(bot: Stage) -> None:
    posts = await opened(bot)
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    await bot.press("Lota", posts["telegram"], "যোগ দিন")
    await bot.press("Lota", posts["telegram"], "নাম তুলে")
    assert "“লাল শাড়ি”: এন্ট্রি নম্বর ১" in (await bot.say("Rima", "/mydata"))[-1].text
    assert "নম্বর ২, নাম তুলে নিয়েছেন" in (await bot.say("Lota", "/mydata"))[-1].text
    assert "গিভঅ্যাওয়ে" not in (await bot.say("Mina", "/mydata"))[-1].text


async def test_forgetting_takes_a_person_out_of_what_runs(bot: Stage) -> None:
    posts = await opened(bot)
    for fan in ("Rima", "Lota"):
        await bot.press(fan, posts["telegram"], "যোগ দিন")
    await bot.advance(60)
    await forget(bot, "Rima")
    assert (await row(bot, id_of(posts["telegram"])))["entered"] == 1
    for fan in ("Mina", "Tuli"):
        await bot.press(fan, posts["telegram"], "যোগ দিন")
    await bot.advance(60)
    assert "যোগ দিয়েছেন ৩ জন" in posts["telegram"].text
    await bot.advance(DAY)
    assert (await row(bot, id_of(posts["telegram"])))["entrants"] == 3
    numbers = {one["number"] for one in await winners(bot, id_of(posts["telegram"]))}
    assert numbers <= {2, 3, 4}


async def test_who_was_forgotten_may_enter_anew(bot: Stage) -> None:
    posts = await opened(bot)
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    await forget(bot, "Rima")
    assert "এন্ট্রি নম্বর ২" in await told(bot, "Rima", posts["telegram"], "যোগ দিন")


async def test_forgetting_leaves_the_proof_of_an_old_draw_and_nobody_behind_its_lines(
    bot: Stage,
) -> None:
    posts = await opened(bot)
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    await bot.advance(DAY)
    id = id_of(posts["telegram"])
    before = dict(await row(bot, id))
    lines = await bot.unit(lambda tx: pool.frozen_list(tx, id))
    await forget(bot, "Rima")
    assert dict(await row(bot, id)) == before
    assert await bot.unit(lambda tx: pool.frozen_list(tx, id)) == lines
    assert [(one["number"], one["user_id"]) for one in await winners(bot, id)] == [(1, None)]
    found = await bot.unit(lambda tx: store.get(tx, "c1", id))
    assert terms.ranked(found, found.secret, lines) == [lines[0][0]]
    assert "জিতেছে এন্ট্রি নম্বর ১" in await told(bot, "Lota", posts["discord"], "ফল যাচাই")


async def test_thirty_days_after_the_draw_only_winners_are_known_and_the_key_is_gone(
    bot: Stage,
) -> None:
    posts = await opened(bot)
    for fan in ("Rima", "Lota", "Mina"):
        await bot.press(fan, posts["telegram"], "যোগ দিন")
    await bot.advance(DAY)
    id = id_of(posts["telegram"])
    (winner,) = await winners(bot, id)
    await bot.press(winner["user_id"], bot.seen(winner["user_id"], place="dm")[-1], "পুরস্কার নিতে")
    await bot.say(winner["user_id"], "মিরপুর ২, ঢাকা")
    before = dict(await row(bot, id))
    await bot.advance(30 * DAY - 1)
    assert len(await bot.unit(lambda tx: pool.accounts(tx, id))) == 3
    await bot.advance(1)
    assert [a.user for a in await bot.unit(lambda tx: pool.accounts(tx, id))] == [winner["user_id"]]
    assert await bot.unit(lambda tx: tx.one("giveaway_key_get", id=id)) is None
    assert dict(await row(bot, id)) == before | {"purged_at": before["closed_at"] + 30 * DAY * 1000}
    assert "জিতেছে এন্ট্রি নম্বর" in await told(bot, "Lota", posts["discord"], "ফল যাচাই")


async def test_thirty_days_after_a_cancellation_nobody_is_known(bot: Stage) -> None:
    posts = await opened(bot)
    id = id_of(posts["telegram"])
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    await bot.say("creator", "/giveaway cancel কারণ")
    await bot.advance(30 * DAY)
    assert await bot.unit(lambda tx: pool.accounts(tx, id)) == []
    assert "গিভঅ্যাওয়ে" not in (await bot.say("Rima", "/mydata"))[-1].text


async def test_who_entered_in_private_is_told_of_a_cancellation(bot: Stage) -> None:
    await opened(bot)
    shown = (await bot.say("Rima", "/giveaway show"))[-1]
    await bot.press("Rima", shown, "যোগ দিন")
    await bot.say("creator", "/giveaway cancel দোকান বন্ধ")
    assert [m.to for m in said(bot, "কারণ: দোকান বন্ধ", place="dm")] == ["Rima"]
