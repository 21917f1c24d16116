"""One button, two platforms: a login button where it can be one, else a press, else a deep link."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from aiohttp import ClientSession

from bot.commands.run import CannotRun, platforms, site
from bot.model import Event, Place
from bot.platforms.base import Key, Outgoing
from bot.platforms.limits import TELEGRAM
from bot.platforms.playground import Message
from bot.platforms.telegram import Telegram
from bot.platforms.telegram_login import login
from bot.present import rows
from bot.settings import Settings
from bot.world import real_world
from handlers.links.clicks import Clicks
from storage.seal import Seal
from tests.peers.telegram import TOKEN, TelegramPeer
from tests.peers.telegram_login import opened
from tests.peers.telegram_people import Chat
from tests.shop import URL, kept, new_link, urls
from tests.stage import START, Stage

OPEN = Key("দোকানে দেখুন", "lo:1", login=f"{URL}/login/abcdefg")
OTHER = Key("যোগ দিন", "ge:1")


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


# In chat -------------------------------------------------------------------------------------


async def test_a_group_gets_a_login_button_where_the_platform_has_such(bot: Stage) -> None:
    slug = await new_link(bot)
    door = bot.playground.doors["telegram"]
    door.capabilities = replace(door.capabilities, login=URL)
    keys = {}
    for platform in ("telegram", "discord"):
        (listed,) = await bot.command("Rima", "links", platform=platform, place="fans")
        keys[platform] = listed.rows[0][0]
    assert keys["telegram"].login == f"{URL}/login/{slug}"
    assert keys["discord"].login is None
    assert keys["discord"].data == keys["telegram"].data
    private = (await bot.say("Rima", "/links"))[-1]
    assert [key.login for row in private.rows for key in row] == [None] * 3


async def test_who_never_wrote_in_private_is_led_there_and_finds_a_link_of_their_own(
    bot: Stage,
) -> None:
    slug = await new_link(bot)
    id = (await kept(bot, "select id from links"))[0]["id"]
    rows = ((Key("দোকানে দেখুন", f"lo:{id}"),),)
    post = bot.playground.put(Message("1", "telegram", "fans", None, "message", "", rows))
    bot.playground.blocked.add(("telegram", "Rima"))  # as long as they have not pressed Start
    await bot.press("Rima", post, "দোকানে")
    pointer = bot.seen("Rima", "telegram")[-1]
    assert pointer.kind == "toast"
    found = re.fullmatch(r"https://t\.me/adda\?start=(r_[A-Za-z0-9]+)", urls(pointer)[0])
    assert found is not None
    members = await kept(bot, "select id from members")
    assert all(row["id"] not in found[1] for row in members)
    bot.playground.blocked.clear()
    assert urls((await bot.say("Lota", f"/start {found[1]}"))[-1]) == []
    given = (await bot.say("Rima", f"/start {found[1]}"))[-1]
    assert re.fullmatch(rf"{URL}/{slug}\.[a-z0-9]{{12}}", urls(given)[0])


def test_a_login_address_longer_than_a_platform_takes_makes_no_button() -> None:
    long = Key("shop", "lo:1", login=f"{URL}/{'x' * 2048}")
    assert rows([long, OTHER], TELEGRAM) == ((OTHER,),)


# At Telegram ---------------------------------------------------------------------------------


@pytest.fixture
async def peer() -> AsyncIterator[TelegramPeer]:
    async with TelegramPeer() as peer:
        yield peer
    assert peer.invalid == []


def post(chat: Chat, *keys: Key) -> Outgoing:
    place = Place("telegram", str(chat.id), private=False)
    return Outgoing("1", "message", place, "বিজ্ঞাপন", (keys,))


class Nobody:
    """No updates come."""

    async def handle(self, event: Event) -> None:
        raise AssertionError(event)

    def crowded(self) -> bool:
        return False


async def said(peer: TelegramPeer, out: Outgoing) -> None:
    telegram = Telegram(peer.token, lambda: START, api_base=peer.base, login=URL)
    running = asyncio.create_task(telegram.run(Nobody(), ()))
    await peer.until(lambda: peer.polling)
    await telegram.send(out)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await telegram.close()


async def test_telegram_takes_a_login_button_and_its_tap_says_who(peer: TelegramPeer) -> None:
    peer.domain = "links.example"
    chat = peer.group("fans")
    await said(peer, post(chat, OPEN, OTHER))
    (shown,) = peer.seen(chat)
    button, other = shown["reply_markup"]["inline_keyboard"][0]
    assert button == {"text": OPEN.label, "login_url": {"url": OPEN.login}}
    assert other == {"text": OTHER.label, "callback_data": "ge:1"}
    address = opened(TOKEN, peer.person("Rima"), shown, OPEN.label, int(START.timestamp()))
    found = login(TOKEN, parse_qsl(urlsplit(address).query), START)
    assert found is not None
    assert (found.who.user, found.who.name) == (str(peer.person("Rima").id), "Rima")


@pytest.mark.parametrize("domain", ["", "other.example"])
async def test_a_domain_that_is_not_set_leaves_an_ordinary_button(
    peer: TelegramPeer, domain: str
) -> None:
    peer.domain = domain
    chat = peer.group("fans")
    await said(peer, post(chat, OPEN, OTHER))
    (shown,) = peer.seen(chat)
    found = [b["callback_data"] for b in shown["reply_markup"]["inline_keyboard"][0]]
    assert found == ["lo:1", "ge:1"]
    assert len(peer.asked("sendMessage")) == 2


@pytest.mark.parametrize(("wanted", "status"), [(True, 302), (False, 404)])
async def test_the_server_answers_logins_when_they_are_asked_for(
    bot: Stage, tmp_path: Path, wanted: bool, status: int
) -> None:
    more = {"telegram_login": wanted, "telegram_token": TOKEN, "http_port": 0}
    settings = bot.adda.settings.model_copy(update=more)
    clicks = Clicks(bot.adda.database, bot.adda.world, tmp_path / "spill")
    async with (
        site(settings, Seal("x"), bot.adda, clicks) as served,
        ClientSession() as session,
        session.get(f"{served.address}/login/abcdefg", allow_redirects=False) as answer,
    ):
        assert answer.status == status


def test_login_buttons_are_off_unless_asked_for_and_need_an_https_address() -> None:
    def telegram(**given: str | bool) -> str:
        settings = Settings(_env_file=None, telegram_token=TOKEN, **given)  # type: ignore[arg-type]
        (door,) = platforms(settings, real_world(), Seal("x"), "telegram")
        return door.capabilities.login

    assert telegram(public_url=URL) == ""
    assert telegram(public_url=URL, telegram_login=True) == URL
    for address in ("", "http://127.0.0.1:8080"):
        with pytest.raises(CannotRun, match="BotFather"):
            telegram(public_url=address, telegram_login=True)
