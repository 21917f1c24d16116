"""What requests say of their senders: their language, their country, where they come from."""

from __future__ import annotations

from collections.abc import AsyncIterator
from ipaddress import ip_network
from pathlib import Path

import pytest

from tests.shop import SHOP, URL, Web, clicks, new_link, phone
from tests.stage import Stage
from tests.user_agents import IPHONE
from web.visitor import country, from_ours, reader

APP = f"{IPHONE} Version/17.4 Mobile/15E148 Safari/604.1"


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("bn-BD,bn;q=0.9,en-US;q=0.8", "bn"),
        ("en-US,en;q=0.9,bn;q=0.8", "en"),
        ("en;q=0.5, bn;q=0.7", "bn"),
        ("bn;q=0, en", "en"),
        ("hi-IN,hi;q=0.9,en;q=0.8", "other"),
        ("BN", "bn"),
        ("*", "other"),
        ("", ""),
        (",,;;q=x", ""),
        ("en;q=high, bn;q=0.1", "bn"),
        ("x" * 10_000, "other"),
    ],
)
def test_the_language_somebody_would_rather_read(header: str, language: str) -> None:
    assert reader(header) == language


@pytest.mark.parametrize(
    ("given", "letters"),
    [("BD", "BD"), ("XX", ""), ("T1", ""), ("bd", ""), ("BGD", ""), ("", ""), ("<>", "")],
)
def test_a_country_is_two_letters_of_a_country(given: str, letters: str) -> None:
    assert country(given) == letters


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({}, False),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Referer": "https://links.example/r/1"}, True),
        ({"Referer": "https://LINKS.example"}, True),
        ({"Referer": "https://links.example.evil.example/"}, False),
        ({"Referer": "https://evil.example/links.example"}, False),
        ({"Referer": "links.example"}, False),
        ({"Referer": "//"}, False),
    ],
)
def test_which_requests_our_own_pages_cause(headers: dict[str, str], ours: bool) -> None:
    assert from_ours({"Host": "links.example", **headers}) is ours


async def test_readers_are_led_by_their_language_and_device(bot: Stage, tmp_path: Path) -> None:
    slug = await new_link(bot)
    for rule in ("bn | any | https://shop.example/bn", "any | ios | https://shop.example/ios"):
        await bot.say("creator", f"/link rule {slug} | {rule}")
    async with Web.open(bot, tmp_path / "spill") as web:
        ways = [
            (await web.get(f"/{slug}", phone(1), Accept_Language="bn-BD,en;q=0.5"), "bn"),
            (await web.get(f"/{slug}", APP, Accept_Language="en-GB"), "ios"),
            (await web.get(f"/{slug}", phone(2), Accept_Language="fr"), None),
            (await web.get(f"/{slug}", phone(3)), None),
        ]
        shown = await (await web.get(f"/{slug}+", APP, Accept_Language="en")).text()
    led = [answer.headers["Location"] for answer, _ in ways]
    assert led == [f"https://shop.example/{way}" if way else SHOP for _, way in ways]
    assert "shop.example" in shown
    assert {row["language"] for row in await clicks(bot)} == {"bn", "en", "fr", None}


async def test_a_country_comes_from_a_trusted_proxys_own_header(bot: Stage, tmp_path: Path) -> None:
    slug = await new_link(bot)
    trusted = [ip_network("127.0.0.0/8")]
    async with Web.open(bot, tmp_path / "spill", trusted=trusted, country="CF-IPCountry") as web:
        for number, given in enumerate(("BD", "XX", "<b>")):
            await web.get(f"/{slug}", phone(number), CF_IPCountry=given)
        await web.get(f"/{slug}", phone(9), X_Country="IN")
    assert [row["country"] for row in await clicks(bot)] == ["BD", None, None, None]
