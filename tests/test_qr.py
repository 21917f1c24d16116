"""QR codes: a picture that leads to the link, at an address nobody can guess."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

import pytest
import segno
from aiohttp.test_utils import TestClient, TestServer

from handlers.links import qr
from storage.seal import Seal
from tests.shop import BN, SHOP, URL, clicks, kept, new_link, urls
from tests.stage import Stage
from web.app import application
from web.qr import qr_routes


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    """A community that has a public address."""
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


async def asked(bot: Stage, slug: str) -> str:
    """The path of the picture that the creator is given."""
    shown = (await bot.say("creator", f"/link qr {slug}"))[-1]
    assert shown.text.startswith(BN)
    assert urls(shown)[0] in shown.text
    return urls(shown)[0].removeprefix(URL)


async def fetched(bot: Stage, path: str) -> tuple[int, str, bytes]:
    app = application(qr_routes(bot.adda.database, bot.adda.world, URL))
    async with TestClient(TestServer(app)) as client:
        answer = await client.get(path)
        return answer.status, answer.content_type, await answer.read()


def expected(url: str) -> bytes:
    """The code of an address, drawn by the library itself."""
    picture = io.BytesIO()
    segno.make_qr(url, error="m").save(picture, kind="png", scale=16, border=4)
    return picture.getvalue()


async def test_the_picture_leads_to_the_link_and_counts_nothing(bot: Stage) -> None:
    slug = await new_link(bot)
    status, kind, body = await fetched(bot, await asked(bot, slug))
    assert (status, kind) == (200, "image/png")
    assert body == expected(f"{URL}/{slug}")
    assert body.startswith(b"\x89PNG\r\n")
    assert await clicks(bot) == []


async def test_a_direct_link_has_the_code_of_the_shop(bot: Stage) -> None:
    given = {"brand": "আড়ং", "destination": SHOP, "placement": "Box", "direct": "yes"}
    await bot.command("creator", "link new", given)
    slug = (await kept(bot, "select slug from links"))[0]["slug"]
    assert (await fetched(bot, await asked(bot, slug)))[2] == expected(SHOP)


async def test_nobody_finds_a_picture_by_guessing(bot: Stage) -> None:
    slug = await new_link(bot)
    path = await asked(bot, slug)
    await bot.say("creator", f"/link end {slug}")
    answers = [
        await fetched(bot, one)
        for one in (path, f"/qr/{slug}.png", "/qr/x.png", f"/qr/{'a' * 300}.png", "/qr/ক.png",
                    "/" + qr.path(Seal("another secret"), slug))
    ]  # fmt: skip
    assert {status for status, _, _ in answers} == {404}
    assert len({body for _, _, body in answers}) == 1


def test_only_what_was_sealed_for_a_picture_opens_one() -> None:
    seal = Seal("test secret")
    path = qr.path(seal, "eid-sari")
    assert path != qr.path(seal, "eid-sari")
    assert qr.slug_in(seal, path.removeprefix("qr/").removesuffix(".png")) == "eid-sari"
    other = seal.close("eid-sari").removeprefix("s1:").translate(str.maketrans("+/", "-_"))
    assert qr.slug_in(seal, other) is None


async def test_without_a_public_address_the_remedy_is_told(ready_url: str) -> None:
    async with Stage.open(ready_url) as bot:
        slug = await new_link(bot)
        assert "PUBLIC_URL" in (await bot.say("creator", f"/link qr {slug}"))[-1].text


async def test_a_fan_gets_no_code(bot: Stage) -> None:
    slug = await new_link(bot)
    assert "টিমের জন্য" in (await bot.say("Rima", f"/link qr {slug}"))[-1].text


def test_the_longest_destination_fits() -> None:
    assert qr.png("https://shop.example/" + "a" * 1979)
