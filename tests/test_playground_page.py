"""The playground's page in Chromium: what people can do there, by keyboard as well."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from bot.actions import tagged
from bot.feature import Context, Feature
from bot.model import Action, Button, Choices, Later, Place, Post, Reply, Say
from tests.browser import Screen, chromium, needs_chromium, opened, served
from tests.stage import Stage
from web.playground import upcoming

pytestmark = [pytest.mark.browser, needs_chromium, pytest.mark.asyncio(loop_scope="module")]
DEEP = "https://t.me/adda?start=claim_nothing"


@tagged("tb")
@dataclass(frozen=True, slots=True)
class Ring(Action):
    """A button that answers with a toast, or a timer that posts."""


def _text(text: str) -> Say:
    return Say("text", text=text)


trial = Feature("trial")


@trial.command("bell")
async def bell(ctx: Context) -> list[Any]:
    buttons = (Button(_text("Ring"), Ring()), Button(_text("Chat"), DEEP))
    return [
        Reply(_text("A bell: http://127.0.0.1:9/tracked"), buttons, private=False),
        Later(ctx.now + timedelta(hours=2), Ring()),
    ]


@trial.pressed(Ring)
async def rung(_ctx: Context, _press: Ring) -> Reply:
    return Reply(_text("It rang, আপু!"))


@trial.due(Ring)
async def rings(_ctx: Context, _due: Ring) -> Post:
    return Post(Place("discord", "fans", private=False), _text("Two hours are over."), key="two")


helping = Feature("helping")


@helping.suggest("claim", "code")
async def codes(_glance: Any, so_far: str) -> Choices:
    return Choices(((f"Code {so_far}1", f"{so_far}1"),))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with Stage.open(f"sqlite:///{tmp_path / 'adda.db'}") as stage:
        stage.adda.book._add(helping)
        for door in stage.playground.doors.values():
            door.open(stage.adda.core, stage.adda.book.cards())
        stage.adda.book._add(trial)
        yield stage


@pytest_asyncio.fixture(loop_scope="module")
async def screen(stage: Stage, browser: Browser) -> AsyncIterator[Screen]:
    """In English on a desktop."""
    async with served(stage) as address, opened(browser, address) as screen:
        yield screen


# What people do -----------------------------------------------------------------------------


async def test_a_fan_asks_and_presses_with_the_keyboard_alone(screen: Screen) -> None:
    page, pane = screen.page, screen.pane("fan_one")
    await _tab_to(page, pane.locator("textarea"))
    await page.keyboard.type("/language")
    await page.keyboard.press("Enter")
    await expect(screen.lines("fan_one")).to_have_count(2)
    await expect(pane.locator("textarea")).to_be_focused()
    await _tab_to(page, pane.get_by_role("button", name="English"), "Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(screen.lines("fan_one").last).to_contain_text("I'll answer in English")


async def _tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Tab on until it has the focus; each stop on the way must show where it is."""
    for _ in range(40):
        await page.keyboard.press(key)
        outline = await page.evaluate(FOCUS)
        assert "none" not in outline, await page.evaluate("document.activeElement.outerHTML")
        if await wanted.evaluate("node => node === document.activeElement"):
            return
    raise AssertionError("the keyboard does not get there")


FOCUS = """() => {
    const at = document.activeElement;
    const shown = at.matches(".switch input") ? at.nextElementSibling : at;
    return getComputedStyle(shown).outlineStyle;
}"""


async def test_shift_enter_writes_a_second_line(screen: Screen) -> None:
    field = screen.pane("fan_one").locator("textarea")
    await field.fill("/help one")
    await field.press("Shift+Enter")
    await field.type("two")
    await field.press("Enter")
    await expect(screen.lines("fan_one").first.locator(".text")).to_have_text("/help one\ntwo")


async def test_everyone_in_the_group_sees_the_post_and_only_one_the_toast_with_its_length(
    screen: Screen,
) -> None:
    await screen.go("creator", "place", "fans")
    await screen.say("creator", "/bell")
    await screen.go("fan_one", "place", "fans")
    await screen.pane("fan_one").get_by_role("button", name="Ring").click()
    toast = screen.pane("fan_one").locator(".toast")
    await expect(toast).to_be_visible()
    await expect(toast).to_contain_text("toast 13/200")
    await expect(screen.lines("fan_one").last).to_contain_text("Only you can see this")
    await expect(screen.pane("creator").locator("[data-kind=toast]")).to_have_count(0)
    await expect(screen.lines("fan_one").nth(1)).to_contain_text("34/4,096")


async def test_a_form_is_a_dialog_with_labels_and_says_why_it_was_refused(screen: Screen) -> None:
    await screen.say("fan_two", "/claim")
    dialog = screen.page.get_by_role("dialog")
    code = dialog.get_by_label("কোড")
    await expect(code).to_be_focused()
    await code.fill("x" * 401)
    await expect(dialog.locator(".counter")).to_have_class(re.compile("over"))
    await dialog.get_by_role("button", name="Submit").click()
    await expect(dialog).to_be_visible()
    await code.fill("wrong")
    await code.press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(screen.lines("fan_two").last).to_contain_text("কোডটা চলছে না")
    await screen.lines("fan_two").nth(1).get_by_role("button", name="Fill in").click()
    await expect(dialog).to_be_visible()
    await screen.page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()


async def test_a_command_is_chosen_from_the_menu_and_its_options_are_suggested(
    screen: Screen,
) -> None:
    field = screen.pane("fan_two").locator("textarea")
    await field.type("/cla")
    await field.press("ArrowDown")
    option = screen.pane("fan_two").get_by_role("option", selected=True)
    await expect(option).to_contain_text("Become a team member")
    await field.press("Enter")
    dialog = screen.page.get_by_role("dialog")
    await dialog.get_by_label("Code").fill("A")
    await expect(dialog.locator("datalist option")).to_have_attribute("value", "A1")
    await dialog.get_by_role("button", name="Run").click()
    await expect(screen.lines("fan_two").last).to_contain_text("কোডটা চলছে না")


async def test_a_deep_link_starts_the_private_chat_and_other_links_open_beside(
    screen: Screen,
) -> None:
    await screen.go("fan_one", "place", "fans")
    await screen.say("fan_one", "/bell")
    tracked = screen.pane("fan_one").get_by_role("link", name="tracked")
    await expect(tracked).to_have_attribute("target", "_blank")
    await screen.pane("fan_one").get_by_role("link", name="Chat").click()
    await expect(screen.lines("fan_one").first).to_contain_text("/start claim_nothing")
    await expect(screen.lines("fan_one").last).to_contain_text("কোডটা চলছে না")


async def test_a_reply_in_the_group_names_what_it_answers_and_can_be_dropped(
    screen: Screen,
) -> None:
    await screen.go("fan_one", "place", "fans")
    await screen.say("fan_one", "/bell")
    pane = screen.pane("fan_one")
    await pane.get_by_role("button", name="Reply", exact=True).click()
    await expect(pane.locator(".replying")).to_contain_text("A bell")
    await expect(pane.locator("textarea")).to_be_focused()
    await pane.get_by_role("button", name="Cancel").click()
    await expect(pane.locator(".replying")).to_be_hidden()


async def test_time_passes_and_what_fell_due_is_seen(screen: Screen) -> None:
    await screen.go("fan_two", "place", "fans")
    await screen.say("fan_one", "/bell")
    await expect(screen.page.locator("#clock")).to_have_text("Fri 20 Nov, 12:00 pm")
    await screen.page.get_by_role("button", name="+24 h").click()
    await expect(screen.page.locator("#clock")).to_have_text("Sat 21 Nov, 12:00 pm")
    await expect(screen.page.get_by_role("status")).to_contain_text("New messages: 1")
    await expect(screen.lines("fan_two").last).to_contain_text("Two hours are over.")
    await screen.page.get_by_text("Other", exact=True).click()
    await screen.page.get_by_label("How much time").fill("30")
    await screen.page.get_by_label("Unit").select_option("minutes")
    await screen.page.get_by_role("button", name="Go").click()
    await expect(screen.page.locator("#clock")).to_have_text("Sat 21 Nov, 12:30 pm")


async def test_starting_over_asks_first_and_says_when_it_cannot(
    stage: Stage, screen: Screen
) -> None:
    await screen.say("fan_one", "/start")
    await expect(screen.lines("fan_one")).to_have_count(2)
    await screen.page.get_by_role("button", name="Start over").click()
    dialog = screen.page.get_by_role("dialog")
    sure = dialog.get_by_role("button", name="Delete and start over")
    await sure.click()
    await expect(dialog.get_by_role("alert")).to_contain_text("has no sample")

    async def refill() -> None:
        await stage.unit(lambda tx: tx.run("member_role", member="x", community="c1", role=0))

    stage.playground.connect(stage.adda.postman.idle, upcoming(stage.adda.database), refill)
    await sure.click()
    await expect(dialog).to_be_hidden()
    await expect(screen.lines("fan_one")).to_have_count(0)
    await expect(screen.pane("fan_one")).to_contain_text("Nothing said yet")


async def test_what_happens_elsewhere_appears_by_itself(stage: Stage, screen: Screen) -> None:
    await stage.say("Rima", "/start")
    await expect(screen.lines("fan_one")).to_have_count(2)


async def test_a_refused_name_is_told_with_the_remedy(screen: Screen) -> None:
    name = screen.pane("fan_one").get_by_label("Name")
    await name.fill("adda")
    await name.press("Enter")
    await expect(screen.pane("fan_one").get_by_role("alert")).to_contain_text("other than 'adda'")


async def test_another_name_is_another_person(stage: Stage, screen: Screen) -> None:
    await stage.say("Lota", "/start")
    name = screen.pane("fan_one").get_by_label("Name")
    await name.fill("Lota")
    await name.press("Enter")
    await expect(screen.lines("fan_one")).to_have_count(2)
