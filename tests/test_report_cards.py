"""Cards: a brand's figures in its own chat, once a period, with the seal, and nobody else's."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.platforms.playground import Message
from handlers.reporting.cards import due_days, next_at
from handlers.reporting.sealing import Sealer
from storage import report_cards as store
from storage.report_cards import Card
from storage.tx import Tx
from tests.shop import URL, Web, kept, new_link, own_link, phone
from tests.stage import START, Stage
from tests.test_reports import invite

DAY, HOUR = 24 * 3600, 3600
ZONE = ZoneInfo("Asia/Dhaka")


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


@pytest.fixture
async def web(bot: Stage, tmp_path: Path) -> AsyncIterator[Web]:
    async with Web.open(bot, tmp_path / "spill") as opened:
        yield opened


async def code(bot: Stage, brand: str = "আড়ং", every: str = "daily") -> str:
    seen = await bot.say("creator", f"/report card {brand} {every}")
    found = re.search(r"/report join (\S+)", seen[-1].text)
    assert found is not None, seen[-1].text
    return found[1]


async def join(bot: Stage, given: str, place: str = "house", who: str = "Aminul") -> str:
    return (await bot.say(who, f"/report join {given}", place=place))[-1].text


async def clicked(web: Web, slug: str, count: int) -> None:
    for number in range(count):
        await web.get(f"/{slug}", phone(number))


async def seal(bot: Stage) -> None:
    await Sealer(bot.adda.database, bot.adda.world).catch_up()


async def morning(bot: Stage, days: int = 1) -> list[Message]:
    """What comes into the brand's group by ten o'clock, each day sealed in its night."""
    before = bot.playground.tick
    for _ in range(days):
        local = bot.clock.now().astimezone(ZONE)
        await bot.advance((25 - local.hour) * HOUR)
        await seal(bot)
        await bot.advance(9 * HOUR)
    return bot.seen(place="house", after=before)


async def test_a_code_joins_the_brands_chat_and_the_card_comes_with_the_seal(
    bot: Stage, web: Web
) -> None:
    slug = await new_link(bot)
    await clicked(web, slug, 12)
    said = await join(bot, await code(bot))
    assert "আড়ং" in said
    assert "শনিবার, ২১ নভেম্বর সকাল ৯:০০" in said
    (card,) = await morning(bot)
    (sealed,) = await kept(bot, "select day, number, root from seals")
    assert sealed["day"] == "2026-11-20"
    assert card.text.splitlines()[0] == "আড়ং: Mitu-এর রিপোর্ট"
    assert "২০ নভেম্বর ২০২৬" in card.text
    assert "১২" in card.text
    assert card.text.splitlines()[-1].endswith(f"ক্রম ১, মূল হ্যাশ {sealed['root']}")
    assert card.picture is not None
    assert card.picture.png.startswith(b"\x89PNG")
    assert "১২" in card.picture.alt


async def test_once_a_day_and_after_downtime_each_missed_day_in_order(bot: Stage, web: Web) -> None:
    await clicked(web, await new_link(bot), 11)
    await join(bot, await code(bot))
    assert len(await morning(bot)) == 1
    assert await bot.advance(HOUR) == []
    bot.clock.advance(3 * DAY)  # nobody is there to look at timers
    await seal(bot)
    before = bot.playground.tick
    await bot.advance(1)
    cards = bot.seen(place="house", after=before)
    days = [re.search(r"(\S+) নভেম্বর: কোনো ক্লিক|(\S+) নভেম্বর ২০২৬: কোনো", c.text) for c in cards]
    assert len(cards) == 3
    assert all(days)
    roots = [row["root"] for row in await kept(bot, "select root from seals order by number")]
    assert [c.text.rsplit(" ", 1)[1] for c in cards] == roots[1:4]
    timers = await kept(bot, "select key from outbox where key like 'card:%'")
    assert len(timers) == 1


async def test_a_week_is_told_of_on_sunday(bot: Stage, web: Web) -> None:
    await clicked(web, await new_link(bot), 14)  # on Friday
    await join(bot, await code(bot, every="weekly"))
    (card,) = await morning(bot, 2)
    assert bot.clock.now().astimezone(ZONE).weekday() == 6
    assert "১৫ নভেম্বর – ২১ নভেম্বর ২০২৬" in card.text
    assert card.picture is not None
    assert await morning(bot, 6) == []
    assert len(await morning(bot)) == 1


async def test_a_day_that_is_not_sealed_is_waited_for_and_then_said_to_be_so(
    bot: Stage, web: Web
) -> None:
    await clicked(web, await new_link(bot), 12)
    await join(bot, await code(bot))
    await bot.advance(21 * HOUR)  # nine o'clock
    assert bot.seen(place="house")[1:] == []
    await bot.advance(HOUR)
    assert "এখনও সিল হয়নি" in bot.seen(place="house")[-1].text


async def test_a_code_works_once_and_for_a_week_and_not_where_fans_read(bot: Stage) -> None:
    await new_link(bot)
    given = await code(bot)
    assert "সবাই পড়েন" in await join(bot, given, place="fans", who="creator")
    assert "চলে না" in await join(bot, "0" * 16)
    assert "রোজকার কার্ড" in await join(bot, given)
    assert "চলে না" in await join(bot, given, place="elsewhere")
    late = await code(bot)
    await bot.advance(8 * DAY)
    assert "চলে না" in await join(bot, late, place="elsewhere")
    assert not await kept(bot, f"select id from report_cards where hash = '{given}'")


async def test_two_who_are_as_fast_use_a_code_once_and_a_day_is_told_once(bot: Stage) -> None:
    await new_link(bot)
    given, place = await code(bot), ("telegram", "7", None, True)
    (row,) = await kept(bot, "select id from report_cards")

    async def joined(tx: Tx) -> bool:
        return await store.join(tx, given, 0, place, "bn", "2026-11-19")

    async def told(tx: Tx) -> bool:
        return await store.told(tx, "c1", row["id"], "2026-11-20")

    assert [await bot.unit(joined), await bot.unit(joined)] == [True, False]
    assert [await bot.unit(told), await bot.unit(told)] == [True, False]


async def test_a_card_tells_no_small_number(bot: Stage, web: Web) -> None:
    await clicked(web, await new_link(bot), 12)
    other = await new_link(bot, "Reels", "Bata")
    await clicked(web, other, 7)
    await join(bot, await code(bot, "Bata"))
    (card,) = await morning(bot)
    assert "<১০" in card.text
    assert "৭" not in card.text.replace("রোজকার", "").splitlines()[1]
    assert "Reels" not in card.text
    assert card.picture is None


async def test_names_are_offered_to_the_team_and_not_to_a_brand(bot: Stage) -> None:
    await new_link(bot, "TikTok", "আড়ং")
    await new_link(bot, "Reels", "Bata")
    await invite(bot, "Aminul", "আড়ং")
    for command, option in (("report show", "brand"), ("report show", "campaign"),
                            ("report card", "brand")):  # fmt: skip
        offered = await bot.playground.typing("creator", "discord", command, option, "ba")
        assert [value for _, value in offered] == ["Bata"]
        assert await bot.playground.typing("Aminul", "discord", command, option, "") == ()


async def test_a_picture_goes_with_the_card_on_discord_too(bot: Stage, web: Web) -> None:
    await clicked(web, await new_link(bot), 12)
    given = {"code": await code(bot)}
    seen = await bot.command("Aminul", "report join", given, platform="discord", place="house")
    assert "রোজকার কার্ড" in seen[-1].text
    (card,) = await morning(bot)
    assert card.platform == "discord"
    assert card.picture is not None
    assert card.picture.png.startswith(b"\x89PNG")


async def test_the_team_ends_it_and_fans_cannot_begin_it(bot: Stage, web: Web) -> None:
    await clicked(web, await new_link(bot), 12)
    assert "টিমের জন্য" in (await bot.say("Rima", "/report card আড়ং daily"))[-1].text
    await join(bot, await code(bot))
    assert "আর কার্ড যাবে না" in (await bot.say("creator", "/report card আড়ং off"))[-1].text
    assert await morning(bot) == []
    assert "কোনো কার্ড যায় না" in (await bot.say("creator", "/report card আড়ং off"))[-1].text
    assert await kept(bot, "select id from report_cards") == []


async def test_a_private_chat_is_named_in_mydata_and_forgotten_with_its_person(
    bot: Stage, web: Web
) -> None:
    await clicked(web, await new_link(bot), 12)
    await join(bot, await code(bot), place="dm")
    assert "আড়ং-এর রোজকার কার্ড" in (await bot.say("Aminul", "/mydata"))[-1].text
    asked = (await bot.say("Aminul", "/forgetme"))[-1]
    await bot.press("Aminul", asked, "হ্যাঁ")
    assert await kept(bot, "select id from report_cards") == []


async def test_two_brands_get_cards_of_their_own_campaigns_alone(bot: Stage, web: Web) -> None:
    ours, theirs = await new_link(bot, "TikTok", "আড়ং"), await new_link(bot, "Reels", "Bata")
    await clicked(web, ours, 12)
    await clicked(web, theirs, 37)
    await join(bot, await code(bot))
    await join(bot, await code(bot, "Bata"), place="other", who="Ishita")
    (card,) = await morning(bot)
    other = bot.seen(place="other")[-1]
    assert not any(word in card.text for word in ("Bata", "Reels", "৩৭"))
    assert not any(word in other.text for word in ("আড়ং", "TikTok", "১২ "))
    assert "৩৭" in other.text
    assert card.picture is not None
    assert "Bata" not in card.picture.values + card.picture.alt


async def test_no_command_tells_a_brand_of_another(bot: Stage, web: Web) -> None:
    ours, theirs = await new_link(bot, "TikTok", "আড়ং"), await new_link(bot, "Reels", "Bata")
    await clicked(web, ours, 12)
    await clicked(web, theirs, 37)
    await web.get(await own_link(bot, "Rima"))
    await invite(bot, "Aminul", "আড়ং")
    tried = 0
    for card in bot.adda.book.cards():
        names = [option.name for option in card.options]
        for name in ("brand", "campaign", "placement", "address"):
            if name not in names or card.menu:
                continue
            value = {"placement": "Reels", "address": theirs}.get(name, "Bata")
            seen = await bot.command("Aminul", card.name, {name: value}, platform="discord")
            seen += await bot.command("Aminul", card.name, {name: value})
            tried += 1
            for shown in seen:
                told = shown.text.replace(f"“{value}”", "").replace(f"“{value.lower()}”", "")
                assert "৩৭" not in told, card.name
                if card.name.startswith(("report", "campaign", "link ")):
                    assert "Bata" not in told, (card.name, told)
                    assert "Reels" not in told, (card.name, told)
    assert tried >= 6


def card(every: str, told: str) -> Card:
    return Card("k", "c1", "b1", "B", every, "telegram", "1", None, 1, "bn", told)


@pytest.mark.parametrize(
    ("every", "told", "hour", "days"),
    [
        ("daily", "2026-11-19", 8, []),
        ("daily", "2026-11-19", 9, [20]),
        ("daily", "2026-11-20", 9, []),
        ("daily", "2026-11-01", 9, [14, 15, 16, 17, 18, 19, 20]),
        ("weekly", "2026-11-14", 9, []),
        ("weekly", "2026-11-07", 9, [14]),
    ],
)
def test_what_is_due(every: str, told: str, hour: int, days: list[int]) -> None:
    now = datetime(2026, 11, 21, hour, tzinfo=ZONE)
    assert list(due_days(card(every, told), now, ZONE)) == [date(2026, 11, d) for d in days]


def test_the_next_moment_is_the_mornings_of_the_place() -> None:
    assert next_at(START, ZONE, "daily") == datetime(2026, 11, 21, 3, tzinfo=UTC)
    assert next_at(START, ZONE, "weekly") == datetime(2026, 11, 22, 3, tzinfo=UTC)
    assert next_at(datetime(2026, 11, 22, 3, tzinfo=UTC), ZONE, "weekly").day == 29
