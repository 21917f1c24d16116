"""The draw of a giveaway: on time, and told to everyone in the right place."""

from __future__ import annotations

from handlers.giveaways import fairness
from handlers.giveaways.actions import Enter, Freeze
from handlers.giveaways.fairness import Parameters
from storage import giveaways as store
from storage.giveaways import Keys, Stand
from storage.tx import Tx
from tests.giveaway_stage import (
    HOUR,
    PLATFORMS,
    PRIZE,
    again,
    entered,
    forged,
    id_of,
    opened,
    row,
    said,
    told,
    winners,
)  # fmt: skip
from tests.stage import START, Stage


async def test_at_its_time_the_list_is_published_and_the_winner_told_on_both_platforms(
    bot: Stage,
) -> None:
    posts = await opened(bot)
    await entered(bot, posts, 2)
    assert [m for m in await bot.advance(24 * HOUR - 1) if m.place == "dm"] == []
    await bot.advance(1)
    assert sorted(m.platform for m in said(bot, "তালিকা বন্ধ হলো")) == ["discord", "telegram"]
    assert sorted(m.platform for m in said(bot, "যাঁরা জিতেছেন")) == ["discord", "telegram"]
    assert len(said(bot, "অভিনন্দন", place="dm")) == 1
    for post in posts.values():
        assert "ড্র হয়ে গেছে" in post.text
        assert [k.label for line in post.rows for k in line] == ["ফল যাচাই", "নিয়ম ও ড্র"]


async def test_a_winner_is_told_where_they_entered_and_warned_of_swindlers(bot: Stage) -> None:
    posts = await opened(bot)
    await bot.press("Lota", posts["discord"], "যোগ দিন")
    await bot.advance(24 * HOUR)
    won = said(bot, "অভিনন্দন", place="dm")
    assert [(m.platform, m.to) for m in won] == [("discord", "Lota")]
    assert "আমরা কখনো টাকা, পিন বা OTP চাইব না" in won[0].text
    assert PRIZE in won[0].text
    assert "আমরা কখনো টাকা, পিন বা OTP চাইব না" in said(bot, "যাঁরা জিতেছেন")[0].text


async def test_a_winner_is_told_in_their_language(bot: Stage) -> None:
    posts = await opened(bot)
    await bot.say("Rima", "/language en")
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    await bot.advance(24 * HOUR)
    assert "We will never ask for money, a PIN or an OTP." in bot.seen("Rima", place="dm")[-1].text


async def test_the_public_sees_numbers_and_the_team_who_they_are(bot: Stage) -> None:
    posts = await opened(bot)
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    await bot.advance(24 * HOUR)
    for message in bot.seen(place="fans"):
        assert message.to == "Rima" or "Rima" not in message.text
    for platform in PLATFORMS:
        assert "নম্বর ১: Rima (telegram)" in bot.seen("creator", platform, "dm")[-1].text


async def test_who_entered_in_private_reads_there_how_it_ended(bot: Stage) -> None:
    await opened(bot)
    for fan in ("Rima", "Lota", "Mina"):
        shown = (await bot.say(fan, "/giveaway show"))[-1]
        await bot.press(fan, shown, "যোগ দিন")
    await bot.advance(25 * HOUR)
    last = [bot.seen(fan, place="dm")[-1].text for fan in ("Rima", "Lota", "Mina")]
    assert sum("অভিনন্দন" in text for text in last) == 1
    assert sum("অপেক্ষমাণ তালিকায় আছেন, ক্রম ১" in text for text in last) == 1
    assert sum("অপেক্ষমাণ তালিকায় আছেন, ক্রম ২" in text for text in last) == 1


async def test_many_private_entrants_are_told_in_portions_each_once(bot: Stage) -> None:
    await opened(bot)
    fans = [f"fan{i}" for i in range(45)]
    for fan in fans:
        await bot.press(fan, (await bot.say(fan, "/giveaway show"))[-1], "যোগ দিন")
    await bot.advance(24 * HOUR)
    assert len(said(bot, "এবার ওঠেনি", place="dm")) <= 20
    await bot.advance(60)
    told_so = said(bot, "এবার ওঠেনি", "dm") + said(bot, "অপেক্ষমাণ তালিকায় আছেন", "dm")
    assert len(told_so) == 44
    assert len({m.to for m in told_so}) == 44


async def test_nobody_entered_is_said(bot: Stage) -> None:
    await opened(bot)
    await bot.advance(24 * HOUR)
    assert len(said(bot, "কেউ যোগ দেননি, তাই কেউ জেতেননি")) == 2


async def test_with_fewer_entrants_than_prizes_all_win_and_it_is_said(bot: Stage) -> None:
    posts = await opened(bot, winners=5)
    await entered(bot, posts, 3)
    await bot.advance(24 * HOUR)
    told_all = said(bot, "তাই সবাই জিতেছেন")
    assert len(told_all) == 2
    for number in ("১", "২", "৩"):
        assert f"এন্ট্রি নম্বর {number}\n" in told_all[0].text
    assert len(said(bot, "অভিনন্দন", place="dm")) == 3


async def test_a_long_list_of_winners_is_cut_in_the_post_and_whole_behind_the_button(
    bot: Stage,
) -> None:
    posts = await opened(bot, winners=60)
    await entered(bot, posts, 60)
    await bot.advance(24 * HOUR)
    announced = said(bot, "যাঁরা জিতেছেন")[0]
    assert "আরও ১০ জন" in announced.text
    seen = await bot.press("fan1", posts["discord"], "ফল যাচাই")
    assert sum(m.text.count("জিতেছে এন্ট্রি নম্বর") for m in seen) == 60


async def test_who_left_is_not_drawn(bot: Stage) -> None:
    posts = await opened(bot, winners=3)
    await entered(bot, posts, 3)
    await bot.press("fan2", posts["telegram"], "নাম তুলে")
    await bot.advance(24 * HOUR)
    assert [one["number"] for one in await winners(bot, id_of(posts["telegram"]))] != []
    assert 2 not in {one["number"] for one in await winners(bot, id_of(posts["telegram"]))}
    assert said(bot, "মোট এন্ট্রি: ২") != []


async def test_a_late_freeze_says_so_and_lets_nobody_in_meanwhile(bot: Stage) -> None:
    posts = await opened(bot)
    await entered(bot, posts, 1)
    bot.clock.advance(26 * HOUR)  # the bot slept over it
    late = forged(Enter(id_of(posts["telegram"])))
    assert "শেষ হয়ে গেছে" in await told(bot, "Rima", posts["telegram"], late)
    await bot.playground.settle()
    assert len(said(bot, "দেরিতে বন্ধ হয়েছে: সময় ছিল শনিবার, ২১ নভেম্বর দুপুর ১২:০০")) == 2
    assert (await row(bot, id_of(posts["telegram"])))["entrants"] == 1


async def test_a_freeze_on_time_is_not_called_late(bot: Stage) -> None:
    await opened(bot)
    await bot.advance(24 * HOUR)
    assert said(bot, "দেরিতে", place=None) == []


async def test_one_opened_by_the_first_version_ends_as_it_was_promised(bot: Stage) -> None:
    """It has no plan, no public log and no reserves, and nobody has to claim."""
    close_at, id = int(START.timestamp()) + 24 * HOUR, "0old000000000000"
    keys = Keys(b"k" * 32, b"s" * 32)
    promised = Parameters(
        id=id.encode().hex(), prize=PRIZE, winners=1, reserves=0, close_at=close_at, cap=1,
        beacon=f"commit-reveal:{fairness.commit(keys.secret)}", tickets={"enter": 1}, claim_h=0,
    )  # fmt: skip
    text, digest = promised.canonical().decode(), promised.digest().hex()

    async def opened_then(tx: Tx) -> None:
        await store.add(tx, "c1", id, PRIZE, 1, 24, 0)
        await store.publish(tx, "c1", id, close_at * 1000, text, digest, 0)
        await store.put_keys(tx, id, keys)
        await store.put_stands(tx, id, [Stand(one, "fans", None) for one in PLATFORMS])

    await bot.unit(opened_then)
    for fan in ("Rima", "Lota"):
        await bot.press(fan, (await bot.say(fan, "/giveaway show"))[-1], "যোগ দিন")
    await bot.advance(24 * HOUR)
    await again(bot, Freeze(id))
    await bot.advance(60)
    assert len(said(bot, "যাঁরা জিতেছেন")) == 2
    assert len(said(bot, "টিমকে জানিয়েছি", place="dm")) == 1
    assert len(said(bot, "এবার ওঠেনি", place="dm")) == 1
    kept = await row(bot, id)
    assert kept["secret"] == keys.secret.hex()
    assert (kept["log_head"], kept["log_number"]) == (None, 0)
    assert kept["closed_at"] == kept["drawn_at"]
    assert "চেয়ে নিতে হয় এমন পুরস্কারের" in (await bot.say("creator", "/giveaway claims"))[-1].text
    await bot.advance(30 * 24 * HOUR)
    assert (await row(bot, id))["purged_at"] is not None
