"""The playground's page in Chromium: in two languages, on any screen, for every eye."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from bot.actions import tagged
from bot.feature import Context, Feature
from bot.model import Action, Button, Reply, Say
from tests.browser import chromium, needs_chromium, opened, served
from tests.stage import Stage

pytestmark = [pytest.mark.browser, needs_chromium, pytest.mark.asyncio(loop_scope="module")]
LANGUAGES = pytest.mark.parametrize("language", ["bn", "en"])


@tagged("t9")
@dataclass(frozen=True, slots=True)
class Ring(Action):
    """A button that answers with a toast."""


trial = Feature("trial")


@trial.command("bell")
async def bell(_ctx: Context) -> Reply:
    buttons = (Button(Say("text", text="Ring"), Ring()), Button(Say("text", text="Shop"), SHOP))
    return Reply(Say("text", text=f"A bell: {SHOP} {'ঘণ্টা' * 20}"), buttons, private=False)


SHOP = f"http://127.0.0.1:9/{'a-long-address-' * 8}"


@trial.pressed(Ring)
async def rung(_ctx: Context, _press: Ring) -> Reply:
    return Reply(Say("text", text="It rang, আপু!"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with Stage.open(f"sqlite:///{tmp_path / 'adda.db'}") as stage:
        stage.adda.book._add(trial)
        yield stage


@pytest_asyncio.fixture(loop_scope="module")
async def address(stage: Stage) -> AsyncIterator[str]:
    async with served(stage) as address:
        yield address


@LANGUAGES
async def test_the_whole_page_speaks_the_language_chosen(
    browser: Browser, address: str, language: str
) -> None:
    async with opened(browser, address, language) as screen:
        page = screen.page
        assert await page.evaluate("document.documentElement.lang") == language
        other = "English" if language == "bn" else "বাংলা"
        before = await page.evaluate("document.body.innerText")
        assert "undefined" not in before
        assert ("নতুন করে শুরু" in before) is (language == "bn")
        await page.get_by_label(other).check()
        await expect(page.locator("html")).not_to_have_attribute("lang", language)
        await expect(page.locator("#reset")).to_have_text(
            "Start over" if language == "bn" else "নতুন করে শুরু"
        )
        await page.reload()
        await page.locator("html[data-ready]").wait_for()
        assert await page.evaluate("document.documentElement.lang") != language


@LANGUAGES
async def test_nothing_sticks_out_at_320_pixels(
    stage: Stage, browser: Browser, address: str, language: str
) -> None:
    await stage.command("creator", "bell", place="fans")
    await stage.command("Tuhin", "bell", platform="discord", place="fans")
    async with opened(browser, address, language, width=320) as screen:
        page = screen.page
        for at, name in enumerate(("fan_one", "fan_two", "creator", "brand")):
            await page.locator(".tab").nth(at).click()
            await expect(screen.pane(name)).to_be_visible()
            for place in ("dm", "fans"):
                await screen.go(name, "place", place)
                assert await page.evaluate(STICKS_OUT) == []
        await page.locator("summary").click()
        assert await page.evaluate(STICKS_OUT) == []
        await page.locator("summary").click()
        await screen.pane("brand").locator(".slash").click()
        assert await page.evaluate(STICKS_OUT) == []
        await screen.say("brand", "/claim")
        await expect(page.get_by_role("dialog")).to_be_visible()
        assert await page.evaluate(STICKS_OUT) == []


STICKS_OUT = """() => [...document.querySelectorAll("body *")].filter((node) => {
    const box = node.getBoundingClientRect();
    const shown = node.checkVisibility() && box.width > 1;
    return shown && (box.right > innerWidth + .5 || box.left < -.5);
}).map((node) => node.outerHTML.slice(0, 90))
    .concat(document.documentElement.scrollWidth > innerWidth ? ["the page scrolls"] : [])"""


@pytest.mark.parametrize("width", [320, 1280])
async def test_an_empty_chat_fills_the_window_and_a_full_one_stays_in_it(
    stage: Stage, browser: Browser, address: str, width: int
) -> None:
    async with opened(browser, address, width=width) as screen:
        pane = screen.pane("fan_one")
        assert 620 <= await _floor(pane) <= 640
        for _ in range(5):
            await stage.say("Rima", "/privacy")
        await expect(screen.lines("fan_one")).to_have_count(10)
        assert 620 <= await _floor(pane) <= 640


async def _floor(pane: Locator) -> float:
    """How far down it reaches, in pixels; the window has 640."""
    box = await pane.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_text_stands_out_from_its_ground(
    stage: Stage, browser: Browser, address: str, scheme: str
) -> None:
    for platform in ("telegram", "discord"):
        await stage.command("Rima", "bell", platform=platform, place="fans")
        post = stage.seen("Tuhin", platform, "fans")[-1]
        await stage.press("Tuhin", post, "Ring")
        await stage.command("creator", "start", platform=platform)
    async with opened(browser, address, scheme=scheme) as screen:
        await screen.go("fan_one", "place", "fans")
        await screen.go("fan_two", "place", "fans")
        await screen.pane("fan_one").get_by_role("button", name="Ring").click()
        await screen.pane("creator").locator(".slash").click()
        await expect(screen.pane("fan_one").locator(".toast")).to_be_visible()
        assert await screen.page.evaluate(FAINT) == []
        await screen.say("fan_two", "/claim")
        await expect(screen.page.get_by_role("dialog")).to_be_visible()
        assert await screen.page.evaluate(FAINT) == []


# Each element with words of its own: the contrast of its colour with the first ground behind it.
FAINT = """() => {
    const channels = (color) => color.match(/[\\d.]+/g).map(Number);
    const light = (color) => {
        const [r, g, b] = channels(color).map((value) => {
            const part = value / 255;
            return part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4;
        });
        return .2126 * r + .7152 * g + .0722 * b;
    };
    const ground = (node) => {
        for (let at = node; at; at = at.parentElement) {
            const color = getComputedStyle(at).backgroundColor;
            if ((channels(color)[3] ?? 1) === 1) return color;
        }
        return "rgb(255, 255, 255)";
    };
    const own = (one) => one.nodeType === Node.TEXT_NODE && one.data.trim();
    const found = [];
    for (const node of document.querySelectorAll("body *:not(option, script, .hidden)")) {
        if (![...node.childNodes].some(own) || !node.checkVisibility()) continue;
        const [one, two] = [light(getComputedStyle(node).color), light(ground(node))];
        const contrast = (Math.max(one, two) + .05) / (Math.min(one, two) + .05);
        if (contrast < 4.5) found.push(`${contrast.toFixed(2)} ${node.outerHTML.slice(0, 90)}`);
    }
    return found;
}"""


async def test_every_control_has_a_name(browser: Browser, address: str) -> None:
    async with opened(browser, address) as screen:
        assert await screen.page.evaluate(NAMELESS) == []


NAMELESS = """() => [...document.querySelectorAll("button, input, select, textarea, [role=log]")]
    .filter((node) => node.checkVisibility())
    .filter((node) => !(node.ariaLabel || node.textContent.trim() || node.labels?.length))
    .map((node) => node.outerHTML.slice(0, 90))"""


async def test_who_prefers_less_motion_gets_none(browser: Browser, address: str) -> None:
    async with opened(browser, address) as screen:
        assert await screen.page.evaluate(MOVING) > 0
        await screen.page.emulate_media(reduced_motion="reduce")
        assert await screen.page.evaluate(MOVING) == 0


MOVING = """() => [...document.querySelectorAll("*")]
    .filter((node) => getComputedStyle(node).animationName !== "none").length"""
