"""Entering and leaving a giveaway: one pool, one entry each, however many press at once."""

from __future__ import annotations

import asyncio

import pytest

from handlers.giveaways.actions import Enter, Leave
from storage import giveaway_pool as pool
from tests.giveaway_stage import HOUR, drafted, forged, id_of, link, opened, row, told
from tests.stage import Stage


async def test_fans_of_both_platforms_are_in_one_pool(bot: Stage) -> None:
    posts = await opened(bot)
    assert "এন্ট্রি নম্বর ১" in await told(bot, "Rima", posts["telegram"], "যোগ দিন")
    assert "এন্ট্রি নম্বর ২" in await told(bot, "Lota", posts["discord"], "যোগ দিন")
    await bot.advance(15)
    assert "যোগ দিয়েছেন ২ জন" in posts["telegram"].text
    assert "যোগ দিয়েছেন ২ জন" in posts["discord"].text


async def test_a_fan_enters_once_however_often_they_press(bot: Stage) -> None:
    posts = await opened(bot)
    for _ in range(4):
        seen = await told(bot, "Rima", posts["telegram"], "যোগ দিন")
    assert "আগেই যোগ দিয়েছেন (এন্ট্রি নম্বর ১)" in seen
    kept = await row(bot, id_of(posts["telegram"]))
    assert (kept["entered"], kept["last_number"], kept["changes"]) == (1, 1, 1)


async def test_one_person_with_two_linked_accounts_has_one_entry(bot: Stage) -> None:
    posts = await opened(bot)
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    await link(bot, "Rima")
    seen = await told(bot, "Rima", posts["discord"], "যোগ দিন")
    assert "আগেই যোগ দিয়েছেন (এন্ট্রি নম্বর ১)" in seen


async def test_many_fans_at_once_get_a_number_each(bot: Stage) -> None:
    posts = await opened(bot)
    fans = [f"fan{i}" for i in range(12)]
    await asyncio.gather(
        *(bot.press(fan, posts[p], "যোগ দিন") for fan in fans for p in ("telegram", "telegram"))
    )
    kept = await row(bot, id_of(posts["telegram"]))
    numbers = await bot.unit(lambda tx: pool.accounts(tx, kept["id"]))
    assert sorted(one.number for one in numbers) == list(range(1, 13))
    assert (kept["entered"], kept["last_number"]) == (12, 12)
    await bot.advance(15)
    assert "যোগ দিয়েছেন ১২ জন" in posts["discord"].text


async def test_one_fan_pressing_on_both_platforms_at_once_enters_once(bot: Stage) -> None:
    posts = await opened(bot)
    await bot.say("Rima", "/start")
    await link(bot, "Rima")
    await asyncio.gather(
        *(bot.press("Rima", posts[p], "যোগ দিন") for p in ("telegram", "discord") * 3)
    )
    kept = await row(bot, id_of(posts["telegram"]))
    assert (kept["entered"], kept["last_number"], kept["changes"]) == (1, 1, 1)
    heard = [m.text for m in bot.seen("Rima") if "এন্ট্রি নম্বর ১" in m.text]
    assert len(heard) == 6
    assert sum("আগেই" not in text for text in heard) == 1


async def test_who_leaves_is_out_and_comes_back_with_the_old_number(bot: Stage) -> None:
    posts = await opened(bot)
    post, id = posts["telegram"], id_of(posts["telegram"])
    await bot.press("Rima", post, "যোগ দিন")
    await bot.press("Lota", post, "যোগ দিন")
    assert "তুলে নেওয়া হয়েছে" in await told(bot, "Rima", post, "নাম তুলে")
    assert "যোগ দেননি" in await told(bot, "Rima", post, "নাম তুলে")
    assert (await row(bot, id))["entered"] == 1
    assert "এন্ট্রি নম্বর ১" in await told(bot, "Rima", post, "যোগ দিন")
    kept = await row(bot, id)
    assert (kept["entered"], kept["last_number"]) == (2, 2)


async def test_who_never_entered_cannot_leave(bot: Stage) -> None:
    posts = await opened(bot)
    assert "যোগ দেননি" in await told(bot, "Rima", posts["discord"], "নাম তুলে")
    assert (await row(bot, id_of(posts["discord"])))["entered"] == 0


async def test_leaving_and_coming_back_at_once_keeps_the_count_right(bot: Stage) -> None:
    posts = await opened(bot)
    post, id = posts["telegram"], id_of(posts["telegram"])
    await bot.press("Rima", post, "যোগ দিন")
    await asyncio.gather(*(bot.press("Rima", post, name) for name in ("নাম তুলে", "যোগ দিন") * 4))
    kept = await row(bot, id)
    assert len(await bot.unit(lambda tx: pool.accounts(tx, id))) == kept["entered"]
    assert kept["last_number"] == 1


@pytest.mark.parametrize(("seconds", "entered"), [(-1, 1), (0, 0), (1, 0)])
async def test_entering_ends_exactly_at_the_close(bot: Stage, seconds: int, entered: int) -> None:
    posts = await opened(bot)
    id = id_of(posts["telegram"])
    bot.clock.advance(24 * HOUR + seconds)
    seen = await told(bot, "Rima", posts["telegram"], forged(Enter(id)))
    assert ("শেষ হয়ে গেছে" in seen) is not bool(entered)
    assert (await row(bot, id))["entered"] == entered


async def test_leaving_after_the_close_is_refused(bot: Stage) -> None:
    posts = await opened(bot)
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    await bot.advance(24 * HOUR)
    gone = forged(Leave(id_of(posts["telegram"])))
    assert "শেষ হয়ে গেছে" in await told(bot, "Rima", posts["telegram"], gone)
    assert (await row(bot, id_of(posts["telegram"])))["entrants"] == 1


async def test_drafts_and_strange_ids_cannot_be_entered(bot: Stage) -> None:
    draft = id_of(await drafted(bot))
    posts = await opened(bot)
    for id in (draft, "no-such-giveaway"):
        for forgery in (Enter(id), Leave(id)):
            seen = await told(bot, "Rima", posts["telegram"], forged(forgery))
            assert "পুরোনো" in seen


async def test_who_never_wrote_in_private_is_asked_to_once(bot: Stage) -> None:
    posts = await opened(bot)
    assert "/start" in await told(bot, "Rima", posts["telegram"], "যোগ দিন")
    await bot.say("Lota", "/start")
    assert "/start" not in await told(bot, "Lota", posts["telegram"], "যোগ দিন")


async def test_the_public_count_is_renewed_at_once_and_then_every_15_seconds(bot: Stage) -> None:
    posts = await opened(bot)
    post = posts["telegram"]
    await bot.press("fan0", post, "যোগ দিন")
    assert "যোগ দিয়েছেন ১ জন" in post.text
    for i in range(1, 6):
        await bot.press(f"fan{i}", post, "যোগ দিন")
    assert "যোগ দিয়েছেন ১ জন" in post.text
    assert {m.id for m in await bot.advance(15)} == {m.id for m in posts.values()}
    assert "যোগ দিয়েছেন ৬ জন" in post.text
    assert await bot.advance(60) == []
