"""A short link over HTTP: counted on disk, then led on; whatever happens, the fan arrives."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from collections.abc import AsyncIterator
from ipaddress import ip_network
from pathlib import Path

import pytest

from tests.shop import (
    BN,
    EN,
    SHOP,
    TELEGRAM_BOT,
    URL,
    Web,
    classes,
    clicks,
    kept,
    new_link,
    phone,
)  # fmt: skip
from tests.stage import Stage
from tests.user_agents import BOTS, CHROME, PREVIEWS
from web.visitor import client


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


@pytest.fixture
async def web(bot: Stage, tmp_path: Path) -> AsyncIterator[Web]:
    async with Web.open(bot, tmp_path / "spill") as opened:
        yield opened


async def test_a_fan_is_led_to_the_shop_and_the_click_is_already_kept(bot: Stage, web: Web) -> None:
    answer = await web.get(f"/{await new_link(bot)}")
    assert await classes(bot) == ["human"]
    assert (answer.status, answer.headers["Location"]) == (302, SHOP)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


async def test_a_slug_is_the_same_in_capital_letters(bot: Stage, web: Web) -> None:
    assert (await web.get(f"/{(await new_link(bot)).upper()}")).status == 302


@pytest.mark.parametrize("agent", [TELEGRAM_BOT, PREVIEWS[1], PREVIEWS[5]])
async def test_a_chat_that_fetches_a_preview_gets_the_label_and_not_the_shop(
    bot: Stage, web: Web, agent: str
) -> None:
    answer = await web.get(f"/{await new_link(bot)}", agent)
    page = await answer.text()
    assert (answer.status, await classes(bot)) == (200, ["preview"])
    assert page.index(BN) < page.index("আড়ং-এর স্পনসর করা")
    assert page.index(EN) < page.index("A link sponsored by আড়ং")
    assert "shop.example" not in page


@pytest.mark.parametrize(
    ("agent", "headers", "kind"),
    [
        (BOTS[0], {}, "bot"),
        ("curl/8.5.0", {}, "bot"),
        ("", {}, "automation"),
        (CHROME, {"Sec_Purpose": "prefetch;prerender"}, "prefetch"),
        (CHROME, {"X_Moz": "prefetch"}, "prefetch"),
    ],
)
async def test_a_robot_is_led_on_and_not_counted_as_a_person(
    bot: Stage, web: Web, agent: str, headers: dict[str, str], kind: str
) -> None:
    assert (await web.get(f"/{await new_link(bot)}", agent, **headers)).status == 302
    assert await classes(bot) == [kind]


async def test_a_head_request_is_answered_alike_and_is_no_click(bot: Stage, web: Web) -> None:
    answer = await web.head(f"/{await new_link(bot)}")
    assert (answer.status, answer.headers["Location"]) == (302, SHOP)
    assert await classes(bot) == ["head"]


async def test_opening_again_within_ten_seconds_is_a_repeat(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    await web.get(f"/{slug}")
    await bot.advance(9)
    await web.get(f"/{slug}")
    await web.get(f"/{slug}", phone(2))
    await bot.advance(1)
    await web.get(f"/{slug}")
    assert await classes(bot) == ["human", "repeat", "human", "human"]


async def test_a_preview_makes_nobody_a_repeater(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    await web.head(f"/{slug}")
    await web.get(f"/{slug}", Purpose="preview")
    await web.get(f"/{slug}")
    assert await classes(bot) == ["head", "prefetch", "human"]


# Where it leads --------------------------------------------------------------------------------


async def test_a_link_leads_where_the_database_says_now(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    await web.get(f"/{slug}")
    await kept(bot, "update links set destination = 'https://new.example/'")
    assert (await web.get(f"/{slug}", phone(2))).headers["Location"] == "https://new.example/"


async def test_an_ended_link_says_so_at_once_and_counts_nothing(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    await web.get(f"/{slug}")
    await bot.say("creator", f"/link end {slug}")
    answer = await web.get(f"/{slug}", phone(2))
    page = await answer.text()
    assert (answer.status, answer.headers.get("Location")) == (410, None)
    assert "অফারটা শুক্রবার, ২০ নভেম্বর দুপুর ১২:০০ শেষ হয়েছে" in page
    assert "This offer ended on Fri 20 Nov, 12:00 PM" in page
    assert BN in page
    assert await classes(bot) == ["human"]


async def test_what_is_no_link_gets_one_and_the_same_page(bot: Stage, web: Web) -> None:
    await new_link(bot)
    names = ["zzzzzzz", "x", "zzzzzzz.0123456789ab", "ক", "..%2f", "a" * 500]
    answers = [await web.get(f"/{name}") for name in names]
    ours = {"Content-Security-Policy", "Cache-Control", "Content-Length", "Content-Type"}
    assert len({(a.status, await a.text(), *map(a.headers.get, ours)) for a in answers}) == 1
    assert answers[0].status == 404
    assert "লিংকটা চিনতে পারছি না" in await answers[0].text()
    assert "I don&#39;t recognise this link" in await answers[0].text()


async def test_a_page_loads_nothing_and_runs_nothing(bot: Stage, web: Web) -> None:
    answer = await web.get(f"/{await new_link(bot)}", TELEGRAM_BOT)
    page, policy = await answer.text(), answer.headers["Content-Security-Policy"]
    style = re.search("<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}';")
    assert "script-src" not in policy
    assert not re.search(r"<script|javascript|\s(?:src|href|style|on[a-z]+)=|url\(", page)


# What is not believed and not kept ---------------------------------------------------------------


async def test_a_forged_address_makes_nobody_a_new_visitor(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    for number in range(3):
        await web.get(f"/{slug}", X_Forwarded_For=f"198.51.{number}.1")
    assert await classes(bot) == ["human", "repeat", "repeat"]


async def test_a_trusted_proxy_says_whose_request_it_is(bot: Stage, tmp_path: Path) -> None:
    slug = await new_link(bot)
    trusted = [ip_network("127.0.0.0/8")]
    async with Web.open(bot, tmp_path / "spill", trusted=trusted) as web:
        for address in ("198.51.100.1", "203.0.113.1", "9.9.9.9, 198.51.100.77"):
            await web.get(f"/{slug}", X_Forwarded_For=address)
    assert await classes(bot) == ["human", "human", "repeat"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("192.0.2.1", ["9.9.9.9"], "192.0.2.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["9.9.9.9"], "9.9.9.9"),
        ("10.0.0.1", ["1.1.1.1, 9.9.9.9, 10.0.0.2"], "9.9.9.9"),
        ("10.0.0.1", ["1.1.1.1", "9.9.9.9"], "9.9.9.9"),
        ("10.0.0.1", ["9.9.9.9, <script>"], "10.0.0.1"),
        ("10.0.0.1", ["10.0.0.3"], "10.0.0.3"),
        ("", ["9.9.9.9"], ""),
    ],
)
def test_only_what_trusted_proxies_wrote_is_believed(
    peer: str, forwarded: list[str], address: str
) -> None:
    assert client(peer, forwarded, [ip_network("10.0.0.0/8")]) == address
    assert client(peer, forwarded, []) == peer


REFERRERS = {
    "https://www.instagram.com/p/abc?user=rima#x": "www.instagram.com",
    "https://rima:secret@site.example/": "site.example",
    "=cmd|'/c calc'!A1": None,
    "https://<script>alert(1)</script>/": None,
    "https://[": None,
    "javascript:alert(1)": None,
    "a" * 7000: None,
}


async def test_of_a_referrer_only_a_plain_host_is_kept(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    for referrer in REFERRERS:
        assert (await web.get(f"/{slug}", Referer=referrer)).status == 302
    assert [row["referrer"] for row in await clicks(bot)] == list(REFERRERS.values())


async def test_neither_the_address_nor_the_name_of_the_program_is_kept(
    bot: Stage, web: Web
) -> None:
    slug = await new_link(bot)
    hostile = ["<script>alert(1)</script>", "'); drop table clicks; --", "x" * 7000]
    for agent in hostile:
        assert (await web.get(f"/{slug}", f"1ns3rt {agent}")).status == 302
        assert (await web.get(f"/{slug}", f"{CHROME} 1ns3rt {agent}")).status == 302
    rows = str(await clicks(bot))
    assert rows.count("'reason'") == 2 * len(hostile)
    assert "127.0.0" not in rows
    assert "1ns3rt" not in rows


async def test_a_hostile_brand_is_only_text_on_a_page(bot: Stage, web: Web) -> None:
    slug = await new_link(bot, brand='"><script>alert(1)</script>')
    page = await (await web.get(f"/{slug}", TELEGRAM_BOT)).text()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


# At once ---------------------------------------------------------------------------------------


async def test_clicks_at_once_on_two_processes_are_all_counted(bot: Stage, tmp_path: Path) -> None:
    slug = await new_link(bot)
    async with Web.open(bot, tmp_path / "1") as one, Web.open(bot, tmp_path / "2") as two:
        asked = [web.get(f"/{slug}", phone(n)) for n in range(20) for web in (one, two)]
        assert {answer.status for answer in await asyncio.gather(*asked)} == {302}
    assert await classes(bot) == ["human"] * 40
    totals = await kept(bot, "select class, clicks from click_totals")
    assert totals == [{"class": "human", "clicks": 40}]
