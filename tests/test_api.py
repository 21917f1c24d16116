"""The API: a token opens one campaign and shows what its page shows; sales are told once."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from handlers.reporting.signing import sign
from tests.shop import kept, new_link
from tests.stage import START, Stage
from tests.test_report_links import URL, clicked, entered, shared
from web.api import api_routes
from web.app import application
from web.report import report_routes

MOMENT = int(START.timestamp())
SALE = {"transaction": "A-1", "amount": 245000, "currency": "BDT"}


@dataclass(frozen=True)
class Access:
    """What `/report token` gave."""

    token: str
    id: str
    key: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def signed(self, body: bytes, at: int = MOMENT) -> dict[str, str]:
        return {
            "Adda-Id": self.id, "Adda-Timestamp": str(at),
            "Adda-Signature": sign(self.key, str(at), body),
        }  # fmt: skip


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        await stage.say("creator", "/language en")
        yield stage


@pytest.fixture
async def api(bot: Stage) -> AsyncIterator[TestClient[Any, Any]]:
    routes = api_routes(bot.adda.database, bot.adda.world, URL)
    routes += report_routes(bot.adda.database, bot.adda.world, secure=False)
    async with TestClient(TestServer(application(routes))) as client:
        yield client


async def access(bot: Stage, brand: str = "আড়ং") -> Access:
    text = (await bot.say("creator", f"/report token {brand}"))[-1].text
    found = re.findall(r": ([0-9a-z]{16,32})$", text, re.MULTILINE)
    assert len(found) == 3, text
    return Access(*found)


async def tell(
    api: TestClient[Any, Any], by: Access, told: Any, at: int = MOMENT, **headers: str
) -> ClientResponse:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    return await api.post("/v1/postback", data=body, headers=by.signed(body, at) | headers)


async def sums(api: TestClient[Any, Any], by: Access) -> Any:
    answer = await api.get("/v1/conversions", headers=by.headers)
    return (await answer.json())["conversions"]


# Figures ---------------------------------------------------------------------------------------


async def test_the_api_says_what_the_page_and_its_files_say(
    bot: Stage, api: TestClient[Any, Any]
) -> None:
    await clicked(bot, await new_link(bot), 40)
    await clicked(bot, await new_link(bot, "bio"), 6)
    by, page = await access(bot), await entered(api, await shared(bot))
    for kind in ("json", "csv"):
        ours = await api.get(f"/v1/report.{kind}?language=en", headers=by.headers)
        theirs = await api.get(page.url.path.replace("/report", f"/report.{kind}?language=en"))
        assert ours.status == theirs.status == 200
        assert await ours.read() == await theirs.read()
        assert ours.headers["Cache-Control"] == "no-store"
    told = await (await api.get("/v1/report.json", headers=by.headers)).json()
    assert told["waterfall"]["net"] == 46
    assert {"name": "bio", "clicks": "<10"} in told["tables"]["placements"]


async def test_a_token_opens_its_own_campaign_alone(bot: Stage, api: TestClient[Any, Any]) -> None:
    await clicked(bot, await new_link(bot, "TikTok", "আড়ং"), 40)
    await clicked(bot, await new_link(bot, "Their reel", "Bata"), 61)
    ours, theirs = await access(bot, "আড়ং"), await access(bot, "Bata")
    for by, count, not_theirs in ((ours, 40, "Bata"), (theirs, 61, "আড়ং")):
        told = await (await api.get("/v1/report.json", headers=by.headers)).json()
        assert told["waterfall"]["net"] == count
        table = await (await api.get("/v1/report.csv", headers=by.headers)).text()
        assert not_theirs not in json.dumps(told, ensure_ascii=False) + table
    assert (await tell(api, theirs, SALE)).status == 201
    assert await sums(api, ours) == []
    assert (await tell(api, ours, {"transaction": "A-1", "reverse": True})).status == 404
    assert [one["sales"] for one in await sums(api, theirs)] == [1]
    swapped = Access(ours.token, ours.id, theirs.key)
    assert (await tell(api, swapped, SALE)).status == 401


async def test_without_a_token_there_is_nothing(bot: Stage, api: TestClient[Any, Any]) -> None:
    await clicked(bot, await new_link(bot), 40)
    by = await access(bot)
    for path in ("/v1/report.json", "/v1/report.csv", "/v1/conversions"):
        for given in ("", by.token, f"Bearer {by.id}", f"Bearer {by.key}", f"Bearer {'0' * 32}"):
            answer = await api.get(path, headers={"Authorization": given})
            assert answer.status == 401, given
            assert answer.headers["WWW-Authenticate"] == "Bearer"
            assert "40" not in await answer.text()
    await bot.say("creator", "/report token আড়ং | off")
    assert (await api.get("/v1/report.json", headers=by.headers)).status == 401
    assert (await tell(api, by, SALE)).status == 401


async def test_a_token_is_kept_as_a_hash_and_its_key_sealed(bot: Stage) -> None:
    await new_link(bot)
    by = await access(bot)
    row = (await kept(bot, "select * from api_tokens"))[0]
    assert by.id == row["id"]
    assert by.token not in str(row)
    assert by.key not in str(row)


async def test_only_the_team_makes_tokens(bot: Stage) -> None:
    await new_link(bot)
    await bot.say("Rima", "/report token আড়ং")
    assert await kept(bot, "select * from api_tokens") == []
    seen = await bot.say("creator", "/report token nobody")
    assert "nobody" in seen[-1].text
    seen = await bot.say("creator", "/report token আড়ং | off")
    assert seen[-1].text == "No token of আড়ং is in use now."


# Sales -----------------------------------------------------------------------------------------


async def test_a_sale_counts_once_however_often_it_is_told(
    bot: Stage, api: TestClient[Any, Any]
) -> None:
    await new_link(bot)
    by = await access(bot)
    answers = await asyncio.gather(*(tell(api, by, SALE, MOMENT + n) for n in range(8)))
    assert sorted(answer.status for answer in answers) == [200] * 7 + [201]
    assert await sums(api, by) == [{"currency": "BDT", "sales": 1, "amount": 245000, "reversed": 0}]
    other = await tell(api, by, SALE | {"amount": 1}, MOMENT + 20)
    assert other.status == 409
    assert (await sums(api, by))[0]["amount"] == 245000


async def test_a_sale_is_taken_back_once_and_stays_so(
    bot: Stage, api: TestClient[Any, Any]
) -> None:
    await new_link(bot)
    by, back = await access(bot), {"transaction": "A-1", "reverse": True}
    assert (await tell(api, by, back)).status == 404
    assert (await tell(api, by, SALE)).status == 201
    for n in (1, 2):
        answer = await tell(api, by, back, MOMENT + n)
        assert (answer.status, (await answer.json())["state"]) == (200, "reversed")
    again = await tell(api, by, SALE, MOMENT + 3)
    assert (again.status, (await again.json())["state"]) == (200, "reversed")
    assert await sums(api, by) == [{"currency": "BDT", "sales": 0, "amount": 0, "reversed": 1}]


async def test_the_very_same_postback_is_refused(bot: Stage, api: TestClient[Any, Any]) -> None:
    await new_link(bot)
    by = await access(bot)
    answers = await asyncio.gather(*(tell(api, by, SALE) for _ in range(5)))
    assert sorted(answer.status for answer in answers) == [201] + [409] * 4
    body = json.dumps(SALE).encode()
    shouted = by.signed(body) | {"Adda-Signature": by.signed(body)["Adda-Signature"].upper()}
    assert (await api.post("/v1/postback", data=body, headers=shouted)).status == 409


@pytest.mark.parametrize("off", [-301, 301, 10**9])
async def test_an_old_postback_is_refused_and_so_is_one_from_later(
    bot: Stage, api: TestClient[Any, Any], off: int
) -> None:
    await new_link(bot)
    by = await access(bot)
    answer = await tell(api, by, SALE, MOMENT + off)
    assert answer.status == 401
    assert "Set the clock" in await answer.text()
    assert await sums(api, by) == []


async def test_after_its_time_a_signature_is_forgotten_and_still_refused(
    bot: Stage, api: TestClient[Any, Any]
) -> None:
    await new_link(bot)
    by = await access(bot)
    assert (await tell(api, by, SALE)).status == 201
    await bot.advance(1000)
    assert (await tell(api, by, SALE, MOMENT + 1000)).status == 200
    assert len(await kept(bot, "select * from postbacks")) == 1
    assert (await tell(api, by, SALE)).status == 401


async def test_what_is_not_signed_as_it_is_counts_nothing(
    bot: Stage, api: TestClient[Any, Any]
) -> None:
    await new_link(bot)
    by, body = await access(bot), json.dumps(SALE).encode()
    good = by.signed(body)
    wrong: list[tuple[bytes, dict[str, str]]] = [
        (body.replace(b"245000", b"945000"), good),
        (body, good | {"Adda-Timestamp": str(MOMENT + 1)}),
        (body, good | {"Adda-Timestamp": "now"}),
        (body, good | {"Adda-Id": "0" * 16}),
        (body, good | {"Adda-Signature": "é"}),
        (body, {}),
        (body, by.headers),
    ]
    for changed, headers in wrong:
        assert (await api.post("/v1/postback", data=changed, headers=headers)).status == 401
    assert await sums(api, by) == []


async def test_what_makes_no_sense_is_refused_with_a_sentence(
    bot: Stage, api: TestClient[Any, Any]
) -> None:
    await new_link(bot)
    by = await access(bot)
    wrong: list[Any] = [
        b"", b"\xff", b"[" * 4000, [], {}, {"transaction": 1}, {"transaction": ""},
        SALE | {"transaction": "a b"}, SALE | {"transaction": "x" * 101}, SALE | {"amount": -1},
        SALE | {"amount": 1.5}, SALE | {"amount": True}, SALE | {"amount": 10**16},
        SALE | {"currency": "taka"}, SALE | {"reverse": "yes"},
    ]  # fmt: skip
    for told in wrong:
        answer = await tell(api, by, told)
        assert answer.status == 400, told
        assert (await answer.json())["error"].endswith(".")
    assert (await tell(api, by, b"x" * 4097)).status == 413
    assert await sums(api, by) == []
