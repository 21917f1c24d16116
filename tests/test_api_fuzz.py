"""The API, fuzzed from the description it serves: every answer is one that is declared, and nothing
of another campaign changes."""

from __future__ import annotations

import asyncio
import copy
import io
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from hypothesis import strategies as st

from tests.described import (
    HOSTILE,
    METHODS,
    Answer,
    Json,
    bodies,
    drawn,
    faults,
    fitting,
    operations,
)  # fmt: skip
from tests.shop import kept, new_link
from tests.stage import Stage
from tests.test_api import MOMENT, SALE, Access, access, api, bot, sums, tell
from tests.test_report_links import clicked

__all__ = ["api", "bot"]  # fixtures
Client = TestClient[Any, Any]
COUNT = 250  # requests of one operation


@pytest.fixture
async def described(api: Client) -> Json:
    found: Json = await (await api.get("/v1/openapi.json")).json()
    return found


@pytest.fixture
async def brands(bot: Stage) -> tuple[Access, Access]:
    """Ours, which is fuzzed with, and another one's."""
    await clicked(bot, await new_link(bot, "TikTok", "আড়ং"), 40)
    await clicked(bot, await new_link(bot, "Their reel", "Bata"), 61)
    return await access(bot, "আড়ং"), await access(bot, "Bata")


def requests(described: Json, way: Json) -> st.SearchStrategy[Json]:
    """Queries, headers, bodies and who asks, each as described or not."""
    query: dict[str, st.SearchStrategy[str]] = {}
    headers: dict[str, st.SearchStrategy[str]] = {}
    for one in way.get("parameters", ()):
        value = fitting(described, one["schema"]).map(str) | st.text(max_size=30)
        (query if one["in"] == "query" else headers)[one["name"]] = value
    schema = way.get("requestBody", {}).get("content", {}).get("application/json", {})
    return st.fixed_dictionaries({
        "query": st.fixed_dictionaries({}, optional=query | {"x": st.text(max_size=9)}),
        "headers": st.fixed_dictionaries({}, optional={
            name: one.filter(_sendable) for name, one in headers.items()
        }),
        "body": bodies(described, schema["schema"]) if schema else st.just(b""),
        "who": st.sampled_from(["ours", "ours", "ours", "nobody", "id", "wrong"]),
        "more": HOSTILE,
    })  # fmt: skip


def _sendable(value: str) -> bool:
    return value.isprintable() and value.isascii()


async def ask(
    api: Client, by: Access, path: str, method: str, way: Json, sent: Json, number: int
) -> Answer:
    """Where somebody asks as they should, what is to be signed is signed."""
    said = {"ours": f"Bearer {by.token}", "id": f"Bearer {by.id}", "wrong": "Bearer " + "0" * 32}
    headers = dict(sent["more"])
    if way["security"] and sent["who"] in said:
        headers["Authorization"] = said[sent["who"]]
    if not way["security"]:
        signed = by.signed(sent["body"], MOMENT + number % 300)
        headers |= signed if sent["who"] == "ours" else signed | sent["headers"]
        if sent["who"] == "nobody":
            headers = sent["more"] | sent["headers"]
    body = io.BytesIO(sent["body"]) if sent["body"] else None
    headers["Connection"] = "close"  # the server closes it after a body it could not read
    answer = await api.request(method, path, params=sent["query"], headers=headers, data=body)
    text = (await answer.read()).decode("utf-8-sig")
    return Answer(path, method, answer.status, answer.content_type, text)


@pytest.fixture
async def answers(api: Client, described: Json, brands: tuple[Access, Access]) -> list[Answer]:
    found = []
    for path, method, way in operations(described):
        for number, sent in enumerate(drawn(requests(described, way), COUNT)):
            found.append(await ask(api, brands[0], path, method, way, sent, number))
        sent = {"query": {}, "headers": {}, "body": b"", "who": "ours", "more": {"X": "a" * 9000}}
        found.append(await ask(api, brands[0], path, method, way, sent, 0))
    for _ in range(2):  # what chance does not give: the same again, another amount, taken back
        for number, told in enumerate((SALE, SALE | {"amount": 1}, SALE | {"reverse": True},
                                       {"transaction": "none", "reverse": True})):  # fmt: skip
            answer = await tell(api, brands[0], told, MOMENT - 100 - number)
            kind = answer.content_type
            found.append(Answer("/v1/postback", "post", answer.status, kind, await answer.text()))
    return found


async def test_every_answer_is_one_that_is_described(
    described: Json, answers: list[Answer]
) -> None:
    assert [fault for answer in answers for fault in faults(described, answer)] == []
    seen = {(answer.path, str(answer.status)) for answer in answers}
    for path, _, way in operations(described):
        missing = {status for status in way["responses"] if (path, status) not in seen}
        assert missing == set(), path


def _undeclared(description: Json) -> None:
    description["paths"]["/v1/postback"]["post"]["responses"].pop("409")


def _missing(description: Json) -> None:
    description["components"]["schemas"]["Error"]["required"].append("x")


def _whole(description: Json) -> None:
    description["components"]["schemas"]["Told"]["properties"]["state"] = {"type": "integer"}


def _texts(description: Json) -> None:
    texts = {"type": "object", "additionalProperties": {"type": "string"}}
    description["components"]["schemas"]["Report"]["properties"]["waterfall"] = texts


def _kind(description: Json) -> None:
    told = description["paths"]["/v1/report.csv"]["get"]["responses"]["200"]
    told["content"] = {"text/plain": schema for schema in told["content"].values()}  # noqa: B035


@pytest.mark.parametrize("spoil", [_undeclared, _missing, _whole, _texts, _kind])
async def test_a_wrong_description_is_found_out(
    described: Json, api: Client, brands: tuple[Access, Access], spoil: Callable[[Json], None]
) -> None:
    wrong = copy.deepcopy(described)
    spoil(wrong)
    found = []
    for path, method, way in operations(described):
        for number, sent in enumerate(drawn(requests(described, way), 60)):
            found.append(await ask(api, brands[0], path, method, way, sent, number))
    again = await tell(api, brands[0], SALE), await tell(api, brands[0], SALE)
    for one in again:
        found.append(Answer("/v1/postback", "post", one.status, one.content_type, await one.text()))
    assert [fault for answer in found for fault in faults(described, answer)] == []
    assert [fault for answer in found for fault in faults(wrong, answer)] != []


async def test_nothing_of_another_campaign_changes(
    bot: Stage, api: Client, described: Json, brands: tuple[Access, Access]
) -> None:
    ours, theirs = brands
    assert (await tell(api, theirs, SALE)).status == 201

    async def state() -> str:
        (row,) = await kept(bot, f"select campaign from api_tokens where id = '{theirs.id}'")
        rows = await kept(bot, f"select * from conversions where campaign = '{row['campaign']}'")
        told = await (await api.get("/v1/report.json", headers=theirs.headers)).text()
        return json.dumps([rows, told, await sums(api, theirs), await kept(
            bot, "select id, revoked_at from api_tokens order by id")])  # fmt: skip

    before = await state()
    for path, method, way in operations(described):
        for number, sent in enumerate(drawn(requests(described, way), 80)):
            await ask(api, ours, path, method, way, sent, number)
    for number, told in enumerate((SALE | {"amount": 7}, SALE | {"reverse": True})):
        await tell(api, ours, told, MOMENT - 50 - number)
    assert await state() == before


async def test_other_methods_are_refused(api: Client, described: Json) -> None:
    for path, ways in described["paths"].items():
        for method in METHODS:
            if method not in ways:
                answer = await api.request(method, path, data=b"{}")
                assert (answer.status, method.upper() in answer.headers["Allow"]) == (405, False)


@pytest.mark.parametrize(
    "raw",
    [b"GET /v1/report.json HTTP/1.1\r\nHost: x\r\nAuthorization: " + b"a" * 20_000 + b"\r\n\r\n",
     b"POST /v1/postback HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
     b"POST /v1/postback HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 9\r\n\r\nabc",
     b"POST /v1/postback HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
     b"POST /v1/postback HTTP/1.1\r\nHost: x\r\nAdda-Id: x\r\nContent-Encoding: gzip\r\n"
     b"Content-Length: 3\r\n\r\nabc",
     b"GET /v1/report.json\x00 HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x02\x00\x01",
     b"GET /v1/report.json HTTP/1.1\r\nHost: x\r\nAdda-Id: \xff\xfe\r\nConnection: close\r\n\r\n"],
)  # fmt: skip
async def test_what_is_no_request_is_answered_without_a_fault_of_ours(
    api: Client, raw: bytes
) -> None:
    reader, writer = await asyncio.open_connection(api.server.host, api.server.port)
    writer.write(raw)
    async with asyncio.timeout(10):
        line = await reader.readline()
    writer.close()
    assert line.split()[1] in (b"400", b"401", b"404", b"413")


async def test_chunks_without_end_are_stopped_with_a_sentence(
    api: Client, brands: tuple[Access, Access]
) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(200):
            yield b" " * 65_536

    answer = await api.post("/v1/postback", data=endless(), headers=brands[0].signed(b""))
    assert (answer.status, answer.content_type) == (413, "application/json")
    assert "at most 4096 bytes" in (await answer.json())["error"]
