"""The public page of a giveaway: facts without a script, and the browser's own check."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.world import Clock, counted_world
from storage import people
from storage.database import Database, open_database
from storage.seal import Seal
from storage.whole import whole
from tests.proved import CLOSE, ID, Draw, commit_reveal, fault, manual
from web.app import application
from web.giveaway import giveaway_routes

HOSTILE = "</title><script>alert(1)</script>\"'{prize} {0} $& <b>শাড়ি</b> " + "অ" * 90
Served = TestClient[Any, Any]


@pytest.fixture
async def database(ready_url: str) -> AsyncIterator[Database]:
    opened = await open_database(ready_url, Seal("test secret"))
    await opened.unit(lambda tx: people.add_community(tx, "c1", "Mitu", "bn", "Asia/Dhaka", 0))
    yield opened
    await opened.close()


def world(at: int = CLOSE + 9999) -> Any:
    return counted_world(Clock(datetime.fromtimestamp(at, UTC)))


@asynccontextmanager
async def served(database: Database, at: int = CLOSE + 9999) -> AsyncIterator[Served]:
    routes = giveaway_routes(database, world(at))
    async with TestClient(TestServer(application(routes))) as client:
        yield client


async def read(client: Served, language: str = "en", id: str = ID) -> str:
    answer = await client.get(f"/g/{id}", params={"language": language})
    assert answer.status == 200
    text: str = await answer.text()
    return text


# Facts ---------------------------------------------------------------------------------------


async def test_an_open_one_shows_what_was_promised_and_no_check(
    database: Database, ready_url: str
) -> None:
    draw = Draw()
    await draw.store(database, ready_url, "open")
    async with served(database, CLOSE - 60) as client:
        text = await read(client)
        assert "It is open until Fri 15 Sep, 4:59 PM. 12 people are in." in text
        for fact in ("লাল শাড়ি", draw.last.digest().hex(), "52db9ba70e0cc", "48 hours",
                     "Hash of the last line", "more time, until"):  # fmt: skip
            assert fact in text
        assert "<script" not in text
        assert "proof.zip" not in text
        assert "The winners</h2>" not in text
        assert (await client.get(f"/g/{ID}/proof.zip")).status == 404
        assert "closed Fri" not in await read(client)
    async with served(database, CLOSE + 60) as client:
        assert "the list is being frozen" in await read(client)


async def test_a_frozen_one_shows_root_head_and_round(database: Database, ready_url: str) -> None:
    draw = Draw(late=600, round=657413 + 200)
    await draw.store(database, ready_url, "frozen")
    async with served(database) as client:
        text = await read(client)
    for fact in (draw.freeze.root.hex(), draw.freeze.head.hex(), "657613", "12 entries",
                 "The list was closed late"):  # fmt: skip
        assert fact in text


async def test_a_cancelled_one_gives_the_reason_in_both_languages(
    database: Database, ready_url: str
) -> None:
    await Draw().store(database, ready_url, "cancelled")
    async with served(database) as client:
        assert "Cancelled. Reason: ঝড়" in await read(client)
        text = await read(client, "bn")
    assert "বাতিল হয়েছে। কারণ: ঝড়" in text
    assert '<html lang="bn"' in text


async def test_a_drawn_one_shows_winners_reserves_skips_and_what_became_of_them(
    database: Database, ready_url: str
) -> None:
    draw = Draw()
    await draw.store(database, ready_url)
    numbers = {entry.commitment.hex(): n for n, entry in enumerate(draw.entries, 1)}
    async with served(database) as client:
        text = await read(client)
    for commitment in (*draw.won, *draw.kept, draw.order[0]):
        assert f"Entry no. {numbers[commitment]}" in text
        assert f"{commitment[:8]}…{commitment[-4:]}" in text
    assert "Won and claimed" in text
    assert "Lost the prize: did not claim in time." in text
    assert "Moved up from the reserves" in text
    assert "not in the group any more. Decided by: the bot, by the rules" in text
    assert "banned from giveaways" in text
    assert draw.value in text
    assert "How strong is that? Very" in text


@pytest.mark.parametrize(("draw", "said"), [
    (commit_reveal(), "you are trusting the organiser"), (manual(), "somebody has to check"),
])  # fmt: skip
async def test_the_page_says_how_strong_the_chance_is(
    database: Database, ready_url: str, draw: Draw, said: str
) -> None:
    await draw.store(database, ready_url)
    async with served(database) as client:
        assert said in await read(client)


async def test_counts_of_platforms_are_told_from_ten_on(database: Database, ready_url: str) -> None:
    draw = Draw(count=30)
    await draw.store(database, ready_url)

    async def entered(telegram: int) -> None:
        rows = [(ID, f"m{n}", n, "telegram" if n <= telegram else "discord", f"u{n}", 0, 1, 1)
                for n in range(1, 31)]  # fmt: skip
        async with whole(ready_url) as db:
            await db.script(["delete from giveaway_entries", "delete from members"])
            names = ["id", "community", "role", "joined_at"]
            await db.fill("members", names, [(f"m{n}", "c1", 0, 0) for n in range(1, 31)])
            names = ["giveaway", "member", "number", "platform", "user_id", "private", "tickets",
                     "entered_at"]  # fmt: skip
            await db.fill("giveaway_entries", names, rows)

    await entered(18)
    async with served(database) as client:
        text = await read(client)
    assert "Entered on Telegram</dt><dd>18" in text
    assert "Entered on Discord</dt><dd>12" in text
    await entered(21)
    async with served(database) as client:
        assert "Entered on" not in await read(client)


async def test_drafts_and_unknown_ones_are_the_same_page(
    database: Database, ready_url: str
) -> None:
    names = ["id", "community", "prize", "winners", "hours", "created_at", "last_number",
             "entered", "changes", "counted", "plan"]  # fmt: skip
    draft = "0000000000000007"
    async with whole(ready_url) as db:
        await db.fill("giveaways", names, [(draft, "c1", "গোপন", 1, 1, 1, 0, 0, 0, 0, "{}")])
    async with served(database) as client:
        told = set()
        for id in (draft, "0000000000000008", "x", "..%2f..", "a" * 300):
            answer = await client.get(f"/g/{id}", params={"language": "en"})
            zip = await client.get(f"/g/{id}/proof.zip", params={"language": "en"})
            assert answer.status == zip.status == 404
            told |= {await answer.text(), await zip.text()}
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert len(told) == 1
    assert "There is no giveaway at this address" in told.pop()


async def test_one_of_the_first_version_says_that_it_has_no_proof(
    database: Database, ready_url: str
) -> None:
    await commit_reveal().store(database, ready_url)
    async with whole(ready_url) as db:
        await db.script([
            "delete from giveaway_log",
            "update giveaways set log_number = 0, log_head = null, plan = '{}'",
        ])  # fmt: skip
    async with served(database) as client:
        assert "made by an earlier version" in await read(client)
        assert (await client.get(f"/g/{ID}/proof.zip")).status == 404


async def test_the_zip_is_the_proof_and_the_same_each_time(
    database: Database, ready_url: str
) -> None:
    draw = Draw(count=40)
    await draw.store(database, ready_url)
    async with served(database) as client, served(database) as again:
        answer = await client.get(f"/g/{ID}/proof.zip")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="proof.zip"'
        assert answer.headers["Content-Type"] == "application/zip"
        data = await answer.read()
        assert data == await (await client.get(f"/g/{ID}/proof.zip")).read()
        assert data == await (await again.get(f"/g/{ID}/proof.zip")).read()
    assert fault(data) == ""
    assert fault(data, draw.freeze.head.hex(), draw.log[7].head[:10], entry=draw.won[0]) == ""


async def test_hostile_words_stay_words(database: Database, ready_url: str) -> None:
    await Draw(prize=HOSTILE).store(database, ready_url)
    async with served(database) as client:
        text = await read(client)
        answer = await client.get(f"/g/{ID}")
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
