"""A proof checked in the browser: the same finding as the command's, and nothing is sent."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Page, expect

from handlers.reporting.sealing import Sealer
from handlers.reporting.verify import check
from storage.database import Database
from tests.browser import chromium, needs_chromium
from tests.reported import add, generated
from tests.test_report_looks import CUT
from tests.test_seal_chain import clock, database, proof, sealer, world
from tests.test_seal_proof import changed
from web.app import Site, application
from web.report import report_routes

__all__ = ["clock", "database", "sealer", "world"]  # fixtures
pytestmark = [pytest.mark.browser, needs_chromium]
OLD = "const make = crypto.subtle.generateKey; " \
    "SubtleCrypto.prototype.generateKey = (one, ...rest) => one.name === 'Ed25519' " \
    "? Promise.reject(new DOMException('', 'NotSupportedError')) : make(one, ...rest);"  # fmt: skip


@asynccontextmanager
async def page_of(
    database: Database, language: str = "en", width: int = 1280, before: str = ""
) -> AsyncIterator[Page]:
    """The page that checks; nothing may be sent from it once it is there."""
    routes = report_routes(database, _no_world(), secure=False)
    async with Site(application(routes), "127.0.0.1", 0) as site, chromium() as chrome:
        context = await chrome.new_context(viewport={"width": width, "height": 800})
        page, sent = await context.new_page(), list[str]()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if before:
            await page.add_init_script(before)
        await page.goto(f"{site.address}/r/verify?language={language}")
        page.on("request", lambda request: sent.append(request.url))
        yield page
        assert complaints == []
        assert [url for url in sent if not url.startswith("blob:")] == []
        await context.close()


def _no_world() -> Any:
    """The page needs neither clock nor chance."""
    return None


async def found(page: Page, data: bytes, table: bytes | None = None, key: str = "") -> str:
    """What the page says of a proof."""
    file: Any = {"name": "report-proof.zip", "mimeType": "application/zip", "buffer": data}
    await page.locator("[name=proof]").set_input_files(file)
    other: Any = {"name": "x.csv", "mimeType": "text/csv", "buffer": table or b""}
    await page.locator("[name=table]").set_input_files([] if table is None else other)
    await page.locator("[name=key]").fill(key)
    await page.evaluate("delete document.getElementById('result').dataset.found")
    await page.locator("button").click()
    await page.locator("#result[data-found]").wait_for()
    return await page.locator("#result").inner_text()


def rewritten(data: bytes, change: Callable[[Any], object]) -> bytes:
    def rewrite(raw: bytes) -> bytes:
        told = json.loads(raw)
        change(told)
        return json.dumps(told).encode()

    return changed(data, "proof.json", rewrite)


def _delete_row(told: Any) -> None:
    raw = base64.b64decode(told["days"][2]["leaves"])
    told["days"][2]["leaves"] = base64.b64encode(raw[:320] + raw[352:]).decode()


def _swap_days(told: Any) -> None:
    told["chain"][3], told["chain"][4] = told["chain"][4], told["chain"][3]


def _raise_count(told: Any) -> None:
    day = next(day for day in told["days"] if day["totals"])
    day["totals"][0]["count"] += 1


async def test_a_good_file_passes_and_every_change_is_refused_with_a_sentence(
    database: Database, sealer: Sealer
) -> None:
    await add(database, generated(1, 1500))
    await sealer.catch_up()
    data = await proof(database)
    real = check(data)
    assert real.faults == []
    async with page_of(database) as page:
        said = await found(page, data, key=real.key.upper())
        assert (
            f"Nothing was changed. {real.days} sealed days, {real.entries} entries of the chain "
            f"and {real.compared} daily counts are in order." in said
        )
        assert real.key in said
        table = changed(data, "report.csv", lambda raw: raw.replace(b"1", b"2", 1))
        assert "report.csv was changed after it was signed." in await found(page, table)
        assert "are not those that were sealed" in await found(page, rewritten(data, _delete_row))
        assert "does not follow the entry before" in await found(page, rewritten(data, _swap_days))
        assert "is not the one that was sealed" in await found(page, rewritten(data, _raise_count))
        cleared = await found(page, rewritten(data, lambda told: told["days"].clear()))
        assert "The rows of 2026-11-" in cleared
        assert "are missing" in cleared
        assert "The CSV is not the one that was signed." in await found(page, data, b"other")
        assert "signed with another key than the one given" in await found(page, data, key="0" * 64)
        forged = rewritten(data, lambda told: told.update(signature="00" * 64))
        assert "The signature of the files is not genuine." in await found(page, forged)
        assert "not a whole proof" in await found(page, data[:500])
        assert "not a whole proof" in await found(page, b"")


async def test_a_browser_without_the_signatures_says_so(database: Database, sealer: Sealer) -> None:
    await add(database, generated(1, 300))
    await sealer.catch_up()
    data = await proof(database)
    async with page_of(database, before=OLD) as page:
        said = await found(page, data)
        assert "the signatures could not be checked here" in said
        assert "python -m bot report verify FILE" in said
        assert "Nothing was changed" not in said
        assert "are not those that were sealed" in await found(page, rewritten(data, _delete_row))


@pytest.mark.parametrize("width", [320, 1280])
async def test_no_text_is_cut_in_bengali(database: Database, sealer: Sealer, width: int) -> None:
    await add(database, generated(1, 600))
    await sealer.catch_up()
    data = await proof(database)
    async with page_of(database, "bn", width) as page:
        assert await page.evaluate(CUT) == []
        assert "কিছুই বদলানো হয়নি। সিল করা" in await found(page, data)
        await expect(page.locator("#result")).to_contain_text("১৯টি এন্ট্রি")
        assert await page.evaluate(CUT) == []
        assert "আগেরটার পরে বসে না" in await found(page, rewritten(data, _swap_days))
        assert await page.evaluate(CUT) == []
