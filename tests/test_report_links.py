"""Report links: one button, one cookie, one campaign; and the page behind them."""

from __future__ import annotations

import random
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from handlers.reporting.sealing import Sealer
from storage import clicks as store
from storage.clicks import ClickRow
from tests.reported import ms
from tests.shop import kept, new_link
from tests.stage import START, Stage
from web.app import application
from web.report import report_routes

URL = "https://links.example"
HOSTILE = '=cmd()"><script>alert(1)</script>'
DAY = 24 * 3600


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


@asynccontextmanager
async def browser(bot: Stage, *, secure: bool = False) -> AsyncIterator[TestClient[Any, Any]]:
    app = application(report_routes(bot.adda.database, bot.adda.world, secure=secure))
    async with TestClient(TestServer(app)) as client:
        yield client


async def shared(bot: Stage, brand: str = "আড়ং") -> str:
    """The path of a new address of a brand's report."""
    seen = await bot.say("creator", f"/report link {brand}")
    found = re.search(rf"{URL}(/r/[0-9a-z]{{32}})", seen[-1].text)
    assert found is not None, seen[-1].text
    return found[1]


async def entered(client: TestClient[Any, Any], path: str, language: str = "en") -> ClientResponse:
    """Press the button: the page it leads to."""
    return await client.post(f"{path}?language={language}")


async def clicked(bot: Stage, slug: str, count: int, kind: str = "human") -> None:
    """So many clicks on the link, on the day of the stage."""
    row = (await kept(bot, f"select id, campaign from links where slug = '{slug}'"))[0]
    chance = random.Random(slug + kind)
    rows = [
        ClickRow(
            f"{slug}-{kind}-{n}", row["id"], ms(START) + n, kind, "browser", "1", "web",
            f"w{n}" if n % 3 == 0 else None, "phone", "chrome", "android", None, 0, None, "human",
            chance.choice(["bn", "en"]), None, 0, "2026-11-20", "12", row["campaign"], f"v{n}", "",
        )
        for n in range(count)
    ]  # fmt: skip
    await bot.unit(lambda tx: store.add_clicks(tx, rows))


async def test_a_press_opens_the_report_at_an_address_without_the_token(bot: Stage) -> None:
    await clicked(bot, await new_link(bot), 40)
    path = await shared(bot)
    async with browser(bot) as client:
        door = await client.get(path, headers={"Accept-Language": "en-GB"})
        text = await door.text()
        assert door.status == 200
        assert "Open the report" in text
        assert "40" not in text
        page = await entered(client, path)
        assert page.status == 200
        assert path not in str(page.url)
        assert "40 link clicks" in await page.text()


async def test_what_shows_an_address_in_a_chat_uses_nothing_up(bot: Stage) -> None:
    await new_link(bot)
    path = await shared(bot)
    async with browser(bot) as robot:
        for _ in range(5):
            answer = await robot.get(path, headers={"User-Agent": "TelegramBot (like TwitterBot)"})
            assert "Set-Cookie" not in answer.headers
            assert (await robot.head(path)).status == 200
    assert await kept(bot, "select * from report_openings") == []
    async with browser(bot) as client:
        assert (await entered(client, path)).status == 200


async def test_without_the_cookie_there_is_nothing_to_see(bot: Stage) -> None:
    await clicked(bot, await new_link(bot), 40)
    path = await shared(bot)
    async with browser(bot) as client, browser(bot) as stranger:
        inside = str((await entered(client, path)).url.path)
        for name in ("report", "report.csv", "report.json", "proof.zip"):
            there = inside.replace("/report", f"/{name}")
            assert (await client.get(there)).status == 200
            answer = await stranger.get(there)
            assert answer.status == 404
            assert "40" not in await answer.text()


@pytest.mark.parametrize("secure", [True, False])
async def test_the_cookie_is_for_the_browser_alone(bot: Stage, secure: bool) -> None:
    await new_link(bot)
    path = await shared(bot)
    async with browser(bot, secure=secure) as client:
        answer = await client.post(path, allow_redirects=False)
    cookie = answer.headers["Set-Cookie"]
    assert answer.status == 303
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert ("Secure" in cookie) is secure
    assert re.search(r"Path=/r/\w{16}", cookie)


async def test_tokens_and_cookies_are_kept_as_hashes(bot: Stage) -> None:
    await new_link(bot)
    path = await shared(bot)
    async with browser(bot) as client:
        answer = await client.post(path, allow_redirects=False)
    secret = answer.headers["Set-Cookie"].split("=", 1)[1].split(";")[0]
    rows = str(await kept(bot, "select * from report_links"))
    rows += str(await kept(bot, "select * from report_sessions"))
    assert path.removeprefix("/r/") not in rows
    assert secret not in rows


async def test_an_address_ends_and_can_be_taken_back(bot: Stage) -> None:
    await new_link(bot)
    first, second = await shared(bot), await shared(bot)
    async with browser(bot) as client:
        inside = (await entered(client, first)).url.path
        seen = await bot.say("creator", "/report revoke আড়ং")
        assert "২টি ঠিকানায়" in seen[-1].text
        for path in (first, second, inside):
            answer = await client.get(path, headers={"Accept-Language": "bn"})
            assert answer.status == 410
            text = await answer.text()
            assert "এই রিপোর্টটি আর দেখা যাচ্ছে না" in text
            assert "Mitu-এর টিমের সাথে যোগাযোগ করুন।" in text
        assert (await entered(client, first)).status == 410
        third = await shared(bot)
        bot.clock.advance(89 * DAY)
        assert (await client.get(third)).status == 200
        bot.clock.advance(2 * DAY)
        assert (await client.get(third)).status == 410
        assert (await entered(client, third)).status == 410


async def test_an_address_that_never_was_says_less(bot: Stage) -> None:
    await new_link(bot)
    await shared(bot)
    async with browser(bot) as client:
        for path in ("/r/" + "0" * 32, "/r/x", "/r/x/report", "/r/" + "0" * 16 + "/report"):
            answer = await client.get(path)
            assert answer.status == 404
            assert "Mitu" not in await answer.text()


async def test_every_opening_is_kept_and_told_to_the_creator(bot: Stage) -> None:
    await new_link(bot)
    path = await shared(bot)
    async with browser(bot) as client:
        inside = (await entered(client, path)).url.path
        await client.get(inside)  # within the same minute
        await bot.advance(3600)
        await client.get(inside)
    assert len(await kept(bot, "select * from report_openings")) == 2
    seen = await bot.say("creator", "/report link আড়ং")
    assert "২ বার দেখা হয়েছে" in seen[-1].text


async def test_a_brand_sees_its_own_report_alone(bot: Stage) -> None:
    """On the page and in every file, whichever cookie is used where."""
    await clicked(bot, await new_link(bot, "TikTok", "আড়ং"), 40)
    await clicked(bot, await new_link(bot, "Their reel", "Bata"), 61)
    ours, theirs = await shared(bot, "আড়ং"), await shared(bot, "Bata")
    async with browser(bot) as client, browser(bot) as other:
        inside = (await entered(client, ours)).url.path
        strange = (await entered(other, theirs)).url.path
        for name in ("report", "report.csv", "report.json"):
            there = inside.replace("/report", f"/{name}?language=en")
            text = await (await client.get(there)).text()
            assert re.search(r"\b40\b", text)
            assert "Bata" not in text
            assert "Their reel" not in text
            assert not re.search(r"\b61</td>|,61\b|: 61\b", text)
            assert (await client.get(strange.replace("/report", f"/{name}"))).status == 404
        cookie = next(iter(client.session.cookie_jar)).value
        link = strange.split("/")[2]
        forged = await client.get(strange, headers={"Cookie": f"report_{link}={cookie}"})
        assert forged.status == 404


@pytest.mark.parametrize("who", ["Rima", "Aminul"])
async def test_only_the_team_gives_reports_away(bot: Stage, who: str) -> None:
    await new_link(bot)
    if who == "Aminul":  # the brand's own person
        seen = await bot.say("creator", "/team invite brand | আড়ং")
        await bot.say(who, f"/claim {seen[-1].text.split('/claim ')[1].strip()}")
    for command in ("/report link আড়ং", "/report revoke আড়ং"):
        assert URL not in (await bot.say(who, command))[-1].text
    assert await kept(bot, "select * from report_links") == []


async def test_what_is_not_there_is_refused_with_a_remedy(bot: Stage) -> None:
    assert "/report লিখুন" in (await bot.say("creator", "/report link Nobody"))[-1].text
    await new_link(bot)
    assert "এখন খোলা নেই" in (await bot.say("creator", "/report revoke আড়ং"))[-1].text
    seen = await bot.say("creator", "/report link আড়ং | 9999")
    assert "৭৩০ দিন" in seen[-1].text


async def test_without_an_address_of_the_server_there_is_no_page(ready_url: str) -> None:
    async with Stage.open(ready_url) as bot:
        await new_link(bot)
        assert "PUBLIC_URL" in (await bot.say("creator", "/report link আড়ং"))[-1].text


async def test_forgetting_a_member_takes_what_their_clicks_were_sealed_with(bot: Stage) -> None:
    """Through /forgetme: the pseudonym is the member's own."""
    from storage import tokens

    slug = await new_link(bot)
    await clicked(bot, slug, 30)
    await bot.say("Rima", "/links")
    row = (await kept(bot, "select member from identities where user_id = 'Rima'"))[0]
    async with bot.adda.database.read() as tx:
        found = await tokens.pseudonyms(tx, "c1", row["member"])
    who = next(iter(found.values()))
    await bot.unit(lambda tx: _claimed(tx, slug, who))
    await bot.advance(2 * DAY)
    await Sealer(bot.adda.database, bot.adda.world).catch_up()
    seen = await bot.say("Rima", "/forgetme")
    label = next(key.label for line in seen[-1].rows for key in line if key.data)
    await bot.press("Rima", seen[-1], label)
    nonces = await kept(bot, "select click from sealed_nonces")
    assert len(nonces) == 30
    assert not [n for n in nonces if n["click"] == "hers"]
    assert await Sealer(bot.adda.database, bot.adda.world).catch_up() == 0


async def _claimed(tx: Any, slug: str, who: str) -> None:
    link = await tx.one("link_by_slug", slug=slug)
    row = ClickRow(
        "hers", link["id"], ms(START), "human", "browser", "1", "telegram", who, "phone",
        "chrome", "android", None, 0, None, "human", "bn", None, 0, "2026-11-20", "12",
        link["campaign"], "hers", "",
    )  # fmt: skip
    await store.add_clicks(tx, [row])
