"""From the chat to the proof: who entered can show that they were in and lost fairly."""

from __future__ import annotations

import io
import json
import re
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.__main__ import call
from handlers.giveaways import proof, verify
from handlers.giveaways.fairness import Entry, inclusion, key, root
from handlers.giveaways.plan import Plan
from handlers.giveaways.standing import Order
from storage import giveaway_log, giveaways
from storage import giveaway_proofs as store
from storage.database import Glimpses
from storage.whole import whole
from tests.giveaway_fans import TABLE, connect, planned
from tests.giveaway_stage import HOUR, entered, id_of, opened, row
from tests.gw1 import ENTRIES, SEED
from tests.proved import ID, Draw, fault
from tests.stage import Stage
from web.app import application
from web.giveaway import giveaway_routes

URL = "https://links.example.org"


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


async def proof_of(bot: Stage, id: str) -> bytes:
    into = io.BytesIO()
    async with bot.adda.database.read() as tx:
        found = await store.published(tx, id)
    assert found is not None
    assert proof.provable(found.giveaway)
    await proof.write(Glimpses(bot.adda.database), found.giveaway, into)
    return into.getvalue()


async def asked(bot: Stage, who: str, platform: str = "telegram") -> str:
    await bot.say(who, "/language en", platform=platform)
    text: str = (await bot.say(who, "/proof", platform=platform))[-1].text
    return text


def commitment(text: str) -> str:
    found = re.search(r"[0-9a-f]{64}", text)
    assert found is not None
    return found[0]


async def test_a_whole_giveaway_gives_a_proof_that_is_right(bot: Stage) -> None:
    posts = await opened(bot, winners=2)
    id = id_of(posts["telegram"])
    await entered(bot, posts, 9)
    await bot.press("fan3", posts["discord"], "নাম তুলে নিন")
    before = commitment(await asked(bot, "fan4"))
    head = (await row(bot, id))["log_head"]
    await bot.advance(24 * HOUR)
    data = await proof_of(bot, id)
    found = verify.check(io.BytesIO(data), [head, f"{head[:8]}…{head[-4:]}"], before)
    assert [line for line in found if line.mark == "fault"] == []
    assert [line.values["count"] for line in found if line.name == "entries"] == [8]
    assert [line.values["C"] for line in found if line.name == "in"] == [before]
    assert data == await proof_of(bot, id)


async def test_a_fan_sees_their_commitment_before_and_their_rank_after(bot: Stage) -> None:
    posts = await opened(bot, winners=1)
    id = id_of(posts["telegram"])
    await entered(bot, posts, 5)
    fans = {f"fan{n}": ("discord" if n % 2 else "telegram") for n in range(1, 6)}
    before = {fan: commitment(await asked(bot, fan, where)) for fan, where in fans.items()}
    assert len(set(before.values())) == 5
    await bot.advance(24 * HOUR)
    ranks = {}
    for fan, where in fans.items():
        text = await asked(bot, fan, where)
        assert commitment(text) == before[fan]
        assert f"{URL}/g/{id}#{before[fan]}" in text
        rank = re.search(r"rank (\d+) of 5", text)
        assert rank is not None
        ranks[int(rank[1])] = text
    assert sorted(ranks) == [1, 2, 3, 4, 5]
    assert "You won prize 1." in ranks[1]
    assert "You are number 1 of the reserves" in ranks[2]
    assert "You rightly did not win: there was 1 prize" in ranks[5]


async def test_who_is_in_nothing_or_left_is_told_so(bot: Stage) -> None:
    posts = await opened(bot)
    assert "I know of no giveaway here that you are in" in await asked(bot, "Nila")
    await entered(bot, posts, 2)
    await bot.press("fan2", posts["telegram"], "নাম তুলে নিন")
    assert "I know of no giveaway here that you are in" in await asked(bot, "fan2")


async def test_after_the_purge_nobody_can_tell_whose_entry_it_was(bot: Stage) -> None:
    posts = await opened(bot)
    id = id_of(posts["telegram"])
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    await bot.advance(24 * HOUR)
    assert "You won prize 1." in await asked(bot, "Rima")
    await bot.unit(lambda tx: tx.run("giveaway_key_drop", id=id))
    assert "I can no longer tell which entry was yours" in await asked(bot, "Rima")
    assert fault(await proof_of(bot, id)) == ""


async def test_the_others_are_offered_and_only_ones_own(bot: Stage) -> None:
    first = await opened(bot, prize="শাড়ি")
    await bot.press("Rima", first["telegram"], "যোগ দিন")
    await bot.advance(24 * HOUR)
    second = await opened(bot, prize="মগ")
    await bot.press("Rima", second["telegram"], "যোগ দিন")
    other = await opened(bot, prize="বই")
    await bot.say("Rima", "/language en")
    shown = (await bot.say("Rima", "/proof"))[-1]
    assert "মগ" in shown.text
    assert "You are in." in shown.text
    labels = [key.label for line in shown.rows for key in line]
    assert [one for one in labels if "Proof:" in one] == ["Proof: শাড়ি"]
    assert "You won prize 1." in (await bot.press("Rima", shown, "Proof: শাড়ি"))[-1].text
    forged = await bot.press("Rima", shown, f"gi:{id_of(other['telegram'])}")
    assert "I know of no giveaway" in forged[-1].text


async def test_the_team_gets_page_and_file(bot: Stage) -> None:
    nothing = (await bot.say("creator", "/giveaway proof"))[-1].text
    assert "এখনও কোনো গিভঅ্যাওয়ে প্রকাশ হয়নি" in nothing
    posts = await opened(bot)
    id = id_of(posts["telegram"])
    await bot.say("creator", "/language en")
    early = (await bot.say("creator", "/giveaway proof"))[-1].text
    assert f"{URL}/g/{id}" in early
    assert "after the draw" in early
    await bot.advance(24 * HOUR)
    text = (await bot.say("creator", "/giveaway proof"))[-1].text
    assert f"{URL}/g/{id}/proof.zip" in text
    refused = (await bot.say("Rima", "/giveaway proof"))[-1].text
    assert "/proof.zip" not in refused


async def test_without_an_address_it_is_said_how_to_get_the_file(ready_url: str) -> None:
    async with Stage.open(ready_url) as bot:
        posts = await opened(bot)
        await bot.press("Rima", posts["telegram"], "যোগ দিন")
        await bot.advance(24 * HOUR)
        text = await asked(bot, "Rima")
        assert "This bot has no public pages." in text
        assert "http" not in text
        await bot.say("creator", "/language en")
        team = (await bot.say("creator", "/giveaway proof"))[-1].text
        assert "PUBLIC_URL is not set" in team
        assert f"--id {id_of(posts['telegram'])}" in team


async def test_nothing_is_asked_of_one_without_a_log(bot: Stage, ready_url: str) -> None:
    """A giveaway of the first version."""
    posts = await opened(bot)
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    await bot.advance(24 * HOUR)
    id = id_of(posts["telegram"])
    async with whole(ready_url) as db:
        await db.script([
            "delete from giveaway_log",
            "update giveaways set log_number = 0, log_head = null",
        ])  # fmt: skip
    assert "made by an earlier version" in await asked(bot, "Rima")
    found = await bot.unit(lambda tx: giveaways.get(tx, "c1", id))
    assert not proof.provable(found)


@pytest.mark.parametrize("argument", [(), ("--id", ID)])
async def test_the_command_writes_a_proof_and_never_over_a_file(
    bot: Stage, ready_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str], argument: tuple[str, ...],
) -> None:  # fmt: skip
    await Draw().store(bot.adda.database, ready_url)
    monkeypatch.setenv("DATABASE_URL", ready_url)
    monkeypatch.setenv("SECRET_KEY", "test secret")
    file = tmp_path / "proof.zip"

    def write(*more: str) -> int:
        with ThreadPoolExecutor(1) as thread:  # the command runs a loop of its own
            return thread.submit(call, ["giveaway", "proof", str(file), *more]).result()

    assert write(*argument) == 0
    assert fault(file.read_bytes()) == ""
    assert write(*argument) != 0
    assert "exists already" in capsys.readouterr().err
    file.unlink()
    assert write("--id", "0000000000000009") != 0
    assert "no proof yet" in capsys.readouterr().err
    assert not file.exists()


def test_lines_ranks_and_steps_are_those_of_the_draw() -> None:
    for count in (1, 2, 3, 5, 8, 13):
        entries = sorted(
            [*ENTRIES.values(), *(Entry(bytes([n] * 32), 1 + n % 3) for n in range(8))]
        )
        entries = entries[:count]
        order = Order(SEED, entries)
        assert order.root == root(entries).hex()
        assert [order.line(one) for one in entries] == list(range(1, count + 1))
        ranked = sorted(entries, key=lambda one: key(SEED, one))
        assert [order.rank(one) for one in ranked] == list(range(1, count + 1))
        steps = [len(inclusion(entries, one.commitment).siblings) for one in entries]
        assert [order.steps(one) for one in entries] == steps


async def test_connecting_leaving_extending_and_lapsing_all_stand_in_a_proof_that_is_right(
    bot: Stage,
) -> None:
    posts = await planned(bot, Plan(tickets=TABLE, reserves=2, claim_h=24))
    id = id_of(posts["telegram"])
    await entered(bot, posts, 6)
    for platform in ("telegram", "discord"):
        await bot.press("Rima", posts[platform], "যোগ দিন")
    await connect(bot, "Rima")
    await bot.press("fan1", posts["discord"], "নাম তুলে নিন")
    await bot.press("fan1", posts["discord"], "যোগ দিন")
    asked_about = (await bot.say("fan2", "/forgetme"))[-1]
    await bot.press("fan2", asked_about, "মুছ")
    extend = (await bot.say("creator", "/giveaway extend 3 din"))[-1]
    await bot.press("creator", extend, extend.rows[0][0].label)
    await bot.advance(5 * 24 * HOUR)
    lines = await bot.unit(lambda tx: giveaway_log.lines(tx, id))
    kinds = [json.loads(line.event)["kind"] for line in lines]
    assert {"merge", "leave", "amend", "freeze", "beacon", "draw", "lost"} <= set(kinds)
    assert kinds.count("promote") >= 1
    mine = commitment(await asked(bot, "Rima"))
    found = verify.check(io.BytesIO(await proof_of(bot, id)), [], mine)
    assert [line for line in found if line.mark == "fault"] == []
    told = {line.name: line.values for line in found}
    assert told["entries"]["count"] == 6
    assert told["in"]["tickets"] == 2  # one for entering, one for both accounts
    assert told["promoted"]["slot"] == 1
    async with TestClient(TestServer(application(giveaway_routes(
        bot.adda.database, bot.adda.world
    )))) as client:  # fmt: skip
        page = await (await client.get(f"/g/{id}", params={"language": "en"})).text()
    assert "Moved up from the reserves" in page
    assert "did not claim in time" in page
    assert "more time, until" in page
