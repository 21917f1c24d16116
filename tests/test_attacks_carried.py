"""Attacks carried in by a request's headers and by names, each with its defence and without."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from jinja2 import Environment

from handlers.links import judging
from tests.shop import TELEGRAM_BOT, URL, Web, clicks, kept, new_link, phone
from tests.stage import Stage
from tests.test_attacks import DEFENCE, Patch
from tests.user_agents import CHROME


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


@pytest.fixture
async def shop(bot: Stage, tmp_path: Path) -> AsyncIterator[Web]:
    async with Web.open(bot, tmp_path / "spill") as opened:
        yield opened


async def everything(bot: Stage) -> str:
    """All that is kept of clicks."""
    tables = ("clicks", "click_agents", "click_facets", "click_members", "click_visitors")
    return json.dumps([await kept(bot, f"select * from {name}") for name in tables])


FORMULAS = (
    "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1", "＝1", "https://=1.example/",
    "https://-1.example/", "https://+1.example/", "https://@=1/",
)  # fmt: skip


@DEFENCE
async def test_formula_injection_through_the_referrer(
    bot: Stage, shop: Web, monkeypatch: Patch, stands: bool
) -> None:
    if not stands:
        monkeypatch.setattr("handlers.links.judging.host", lambda referrer: referrer)
    slug = await new_link(bot)
    for number, formula in enumerate(FORMULAS):
        sent = formula.encode().decode("latin-1").replace("\t", " ")
        assert (await shop.get(f"/{slug}", phone(number), Referer=sent)).status == 302
    cells = [row["referrer"] for row in await clicks(bot)]
    cells += [row["value"] for row in await kept(bot, "select value from click_facets")]
    safe = all(cell is None or not cell.startswith(tuple("=+-@\t\r\n＝")) for cell in cells)
    assert safe is stands


SCRIPT = "<script>alert(1)</script>"


@DEFENCE
async def test_stored_scripts_through_referrer_and_user_agent(
    bot: Stage, shop: Web, monkeypatch: Patch, stands: bool
) -> None:
    if not stands:
        monkeypatch.setattr("handlers.links.judging.host", lambda referrer: referrer)
        monkeypatch.setattr("handlers.links.judging.reduced", lambda agent: agent)
    slug = await new_link(bot)
    for number, agent in enumerate((SCRIPT, f"{CHROME} {SCRIPT}", f'Bot/1 "onload={SCRIPT}')):
        given = {"Referer": f"https://{SCRIPT}{number}/", "Accept_Language": SCRIPT}
        assert (await shop.get(f"/{slug}", agent, **given)).status == 302
    assert (not set("<>") & set(await everything(bot))) is stands


@DEFENCE
async def test_stored_scripts_through_names_on_pages(
    bot: Stage, tmp_path: Path, monkeypatch: Patch, stands: bool
) -> None:
    if not stands:
        careless = lambda **given: Environment(**{**given, "autoescape": False})  # noqa: S701, E731
        monkeypatch.setattr("web.link_pages.Environment", careless)
    slug = await new_link(bot, brand=f'">{SCRIPT}')
    async with Web.open(bot, tmp_path / "spill") as shop:
        pages = [await (await shop.get(f"/{slug}", TELEGRAM_BOT)).text()]
        pages += [await (await shop.get(f"/{slug}+")).text()]
        policy = (await shop.get(f"/{slug}+")).headers["Content-Security-Policy"]
    assert all("<script" not in page for page in pages) is stands
    assert policy.startswith("default-src 'none'")  # what slips through does not run
    assert "script-src" not in policy


@DEFENCE
async def test_no_pattern_sees_a_user_agent_of_eight_thousand_signs(
    bot: Stage, shop: Web, monkeypatch: Patch, stands: bool
) -> None:
    seen: list[int] = []
    real = judging._agent

    def watched(user_agent: str, *rest: bool) -> judging.Agent:
        seen.append(len(user_agent))
        return real(user_agent, *rest)

    monkeypatch.setattr(judging, "_agent", watched)
    if not stands:
        monkeypatch.setattr(judging, "cut", lambda agent: agent)
    slug = await new_link(bot)
    for part in ("a", "(compatible; ", "Mozilla/5.0 (", " " * 3 + "x"):
        assert (await shop.get(f"/{slug}", (part * 8000)[:8000])).status == 302
    assert (max(seen) <= 512) is stands
    assert len(seen) == 4
