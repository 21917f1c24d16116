"""Pictures of letters: drawn at sending, beside their words; the words go alone where need be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from bot import wire
from bot.delivery import Draft, collected, reply_letter
from bot.model import Button, Called, Event, Identity, Picture, Place, Reply, Say
from bot.pictures import maker
from bot.platforms.base import Capabilities, Outgoing, Shot
from bot.platforms.limits import DISCORD, TELEGRAM
from bot.platforms.telegram import Telegram
from handlers.links import qr
from tests.discord_house import answer, open_house, place, post
from tests.peers.telegram import TelegramPeer
from tests.peers.telegram_wire import Fault

NOW = datetime(2026, 11, 21, 13, 0, tzinfo=UTC)
PNG = qr.png("https://links.example/eid")


@maker("test square")
def _square(values: str) -> bytes:
    if values == "broken":
        raise ValueError("it cannot be drawn")
    return PNG


SHOT = Shot("test square", "eid", "Clicks by day: 20 Nov 5")
BROKEN = Shot("test square", "broken", "Clicks by day: 20 Nov 5")


def outs(text: str, caps: Capabilities) -> Sequence[Outgoing]:
    """What is sent of an answer with a picture and a button."""
    event = Event("e1", NOW, Place("telegram", "7"), Identity("telegram", "7"), Called("report"))
    shown = Picture("test square", "eid", Say("text", text="Clicks by day: 20 Nov 5"))
    reply = Reply(Say("text", text=text), (Button(Say("private.open"), "https://a.example"),),
                  picture=shown)  # fmt: skip
    letter = reply_letter("l1", "c1", event, reply, "en")
    assert collected(letter).picture == shown
    assert len(letter.body) < len(text.encode()) + 500  # the picture itself is not kept
    return next(iter(Draft(letter, caps, "UTC", lambda _: None, NOW).ways())).outs


def test_the_first_part_is_the_caption_and_the_rest_follows_as_text() -> None:
    words = "A sentence of words. " * 300
    for caps in (TELEGRAM, DISCORD):
        parts = outs(words, caps)
        assert [out.picture is not None for out in parts] == [True] + [False] * (len(parts) - 1)
        assert len(parts[0].text) <= caps.caption
        assert all(len(out.text) <= caps.text for out in parts)
        assert "".join("".join(out.text.split()) for out in parts) == "".join(words.split())
        assert [bool(out.rows) for out in parts] == [False] * (len(parts) - 1) + [True]
    assert [out.text for out in outs("Short.", TELEGRAM)] == ["Short."]


def test_a_picture_outlives_the_process_as_a_few_values() -> None:
    shown = Picture("test square", "x", Say("text", text="Clicks"))
    assert wire.picture_in(wire.picture_out(shown)) == shown


def telegram(peer: TelegramPeer) -> Telegram:
    return Telegram(peer.token, now=lambda: NOW, api_base=peer.base, file_base=peer.file_base)


async def on_telegram(peer: TelegramPeer, shot: Shot) -> None:
    async with peer:
        rina = peer.private("Rina")
        rina.bot = "member"
        door = telegram(peer)
        await door._bot.initialize()
        out = Outgoing("0001", "message", Place("telegram", str(rina.id)), "ছবির কথা", picture=shot)
        await door.send(out)
        await door.close()


async def test_telegram_gets_a_photo_with_the_words_as_its_caption() -> None:
    peer = TelegramPeer()
    await on_telegram(peer, SHOT)
    (call,) = peer.asked("sendPhoto")
    assert (call.status, call.text, call.files["photo"]) == (200, "ছবির কথা", PNG)
    assert peer.asked("sendMessage") == []
    assert peer.invalid == []


async def test_what_telegram_refuses_or_nobody_can_draw_goes_as_words_alone() -> None:
    refusing, broken = TelegramPeer(), TelegramPeer()
    refusing.fail("sendPhoto", Fault(400, "Bad Request: not enough rights to send photos"))
    await on_telegram(refusing, SHOT)
    await on_telegram(broken, BROKEN)
    for peer, tries in ((refusing, 1), (broken, 0)):
        assert len(peer.asked("sendPhoto")) == tries
        assert [call.text for call in peer.asked("sendMessage")] == ["ছবির কথা"]
        assert peer.invalid == []


async def test_discord_gets_a_file_with_its_description_in_answers_and_messages() -> None:
    async with open_house() as house, house.running() as (discord, _):
        await house.peer.ready()
        await house.peer.slash("Rina", "ask", {})
        await answer(discord, await house.event(), "ephemeral", "words", picture=SHOT)
        await discord.send(Outgoing("0009", "message", place(house), "card", picture=SHOT))
        with_file = [one for one in house.peer.sent if one.file is not None]
        assert [one.file for one in with_file] == [PNG, PNG]
        about = {"id": 0, "filename": "picture.png", "description": SHOT.alt}
        shown = [m for m in house.peer.messages if m["content"] in ("words", "card")]
        assert [m["attachments"] for m in shown] == [[about], [about]]
        assert house.peer.invalid == []


@pytest.mark.parametrize(("status", "code"), [(413, 40005), (403, 50013)])
async def test_words_that_discord_takes_without_the_picture_go_alone(
    status: int, code: int
) -> None:
    async with open_house() as house, house.running() as (discord, _):
        await house.peer.ready()
        await post(house, discord)
        house.peer.fail("POST", "/messages", status, code=code)
        await discord.send(Outgoing("0009", "message", place(house), "card", picture=SHOT))
        (shown,) = [m for m in house.peer.messages if m["content"] == "card"]
        assert shown["attachments"] == []
