"""Where webhooks may go: the open internet by https, given by the team, kept sealed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from handlers.reporting.posting import Poster
from handlers.reporting.webhooks import GIVEN_UP, pause, webhooks
from tests.receiver import Got, Receiver
from tests.shop import URL, kept, new_link
from tests.stage import Stage
from tests.test_attacks import DEFENCE, Patch
from tests.test_report_hooks import bot, hooked, shop
from tests.test_shop_health import Nobody

__all__ = ["bot", "shop"]  # fixtures


async def test_key_and_address_are_kept_sealed_and_the_key_is_shown_once(
    bot: Stage, shop: Receiver
) -> None:
    await new_link(bot)
    key = await hooked(bot, shop, path="/secret-path")
    rows = json.dumps(await kept(bot, "select * from hooks"))
    assert key not in rows
    assert "secret-path" not in rows


async def test_only_the_team_gives_addresses_and_not_without_end(
    bot: Stage, shop: Receiver
) -> None:
    await new_link(bot)
    await bot.say("Rima", f"/report hook আড়ং | {shop.base}/")
    assert await kept(bot, "select id from hooks") == []
    assert "nobody" in (await bot.say("creator", "/report hook nobody | off"))[-1].text
    for _ in range(5):
        await hooked(bot, shop)
    seen = await bot.say("creator", f"/report hook আড়ং | {shop.base}/")
    assert "5 addresses already" in seen[-1].text


@pytest.mark.parametrize(
    "address",
    ["http://shop.example/", "https://127.0.0.1/", "https://localhost/", "https://10.0.0.7/in",
     "https://192.168.1.1/", "https://169.254.169.254/latest/", "https://[::1]/",
     "https://2130706433/", "https://0x7f.1/", "https://shop.example:8443/",
     "https://user@shop.example/", "ftp://shop.example/", "shop.example/in", "on"],
)  # fmt: skip
async def test_an_address_that_is_none_is_refused_with_a_remedy(
    ready_url: str, monkeypatch: Patch, address: str
) -> None:
    monkeypatch.setattr("bot.app.webhooks", lambda url, _post: webhooks(url, Poster()))
    async with Stage.open(ready_url, public_url=URL) as bot:
        await bot.say("creator", "/language en")
        await new_link(bot)
        seen = await bot.say("creator", f"/report hook আড়ং | {address}")
        assert "https://shop.example.com/adda" in seen[-1].text
        assert await kept(bot, "select id from hooks") == []


async def test_a_playground_sends_nothing(ready_url: str) -> None:
    async with Stage.open(ready_url, public_url=URL) as bot:
        await new_link(bot)
        seen = await bot.say("creator", "/report hook আড়ং | https://shop.example/")
        assert "PUBLIC_URL" in seen[-1].text


@DEFENCE
async def test_a_name_that_means_this_machine_is_not_reached(
    shop: Receiver, monkeypatch: Patch, stands: bool
) -> None:
    """What is checked is the address that is connected to, whatever the name meant before."""
    if not stands:
        monkeypatch.setattr("handlers.questions.fetching.is_open", lambda _address: True)
        monkeypatch.setattr(Poster, "checked", lambda _self, url: url)
    monkeypatch.setattr("handlers.reporting.posting.checked", lambda url, _loopback: url)
    port = shop.base.rpartition(":")[2]
    url = f"http{'s' if stands else ''}://shop.example:{port}/"
    why = await Poster(resolver=Nobody("127.0.0.1"))(url, b"{}", {})
    assert (shop.got == []) is stands
    assert why == ("closed" if stands else "")


async def test_why_it_did_not_arrive(shop: Receiver) -> None:
    post: Any = Poster(loopback=True, seconds=0.3)
    shop.answers = ["slow", "dead", 404, 200]
    whys = [await post(f"{shop.base}/", b"{}", {}) for _ in range(4)]
    assert whys == ["silent", "silent", "404", ""]
    assert await post("http://127.0.0.1:1/", b"{}", {}) == "silent"
    assert await Poster(resolver=Nobody())("https://shop.example/", b"", {}) == "name"
    assert all(isinstance(got, Got) for got in shop.got)


def test_pauses_grow_and_days_are_tried_for_long_enough() -> None:
    pauses = [pause(n) for n in range(40)]
    assert pauses == sorted(pauses)
    assert pauses[0].total_seconds() == 60
    assert pauses[-1] < GIVEN_UP / 4
