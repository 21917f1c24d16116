"""What other features show as an ad: the disclosure first, the way to the shop last."""

from __future__ import annotations

import pytest

from bot.feature import Context
from bot.model import Button, Community, Event, Identity, Member, Place, Said, Say
from bot.words import Reader
from handlers.links import personal
from handlers.links.disclosure import Shown, disclosed
from storage.tx import Tx
from tests.shop import BN, EN, URL, kept, new_link
from tests.stage import Stage

READ = {language: Reader(language, "Asia/Dhaka").text for language in ("bn", "en")}


def context(bot: Stage, tx: Tx, *, private: bool = True) -> Context:
    place = Place("discord", "creator" if private else "fans", private=private)
    now = bot.adda.world.now()
    event = Event("x:1", now, place, Identity("discord", "creator"), Said("?"))
    home = Community("c1", "Mitu")
    return Context(tx, bot.adda.world, now, event, home, Member("owner-discord"), "bn")


MORE = (Button(Say("form.cancel"), "https://more.example"),)
TEXT = Say("text", text="লাল ড্রেস ২,৪৫০ টাকা")


@pytest.mark.parametrize("private", [True, False])
async def test_an_answer_with_a_link_is_labelled_first_and_leads_to_the_shop_last(
    bot: Stage, private: bool
) -> None:
    await new_link(bot)
    link = (await kept(bot, "select id from links"))[0]["id"]

    async def unit(tx: Tx) -> Shown:
        ctx = context(bot, tx, private=private)
        return await personal.sponsored(ctx, URL, link, TEXT, MORE)

    shown: Shown = await bot.unit(unit)
    assert READ["bn"](shown.text).startswith(f"{BN}\nলাল ড্রেস")
    assert READ["en"](shown.text).startswith(f"{EN}\nলাল ড্রেস")
    assert (shown.buttons[0], shown.buttons[-1].label) == (MORE[0], Say("link.open"))
    assert isinstance(shown.buttons[-1].to, str) is private


async def test_a_post_with_a_link_is_labelled_first_and_its_button_is_pressed(bot: Stage) -> None:
    slug = await new_link(bot)
    link = (await kept(bot, "select id from links"))[0]["id"]
    now = round(bot.clock.now().timestamp() * 1000)
    shown: Shown = await bot.unit(lambda tx: disclosed(tx, "c1", link, TEXT, MORE, now))
    assert READ["bn"](shown.text).startswith(f"{BN}\n")
    assert not isinstance(shown.buttons[-1].to, str)
    await bot.say("creator", f"/link end {slug}")
    over: Shown = await bot.unit(lambda tx: disclosed(tx, "c1", link, TEXT, MORE, now))
    assert READ["bn"](over.text).startswith(f"{BN}\n")
    assert over.buttons == MORE


async def test_a_link_of_another_community_adds_nothing(bot: Stage) -> None:
    await new_link(bot)
    link = (await kept(bot, "select id from links"))[0]["id"]
    shown: Shown = await bot.unit(lambda tx: disclosed(tx, "c2", link, TEXT, MORE, 0))
    assert shown == Shown(TEXT, MORE)
