"""The API for a brand's programs, `/v1/…`: a token opens one campaign, and sees what its page does.

A postback tells of a sale and is signed: HMAC-SHA256, by the token's key, over the moment (seconds
since 1970), a full stop and the body. One that is older than five minutes or came before is
refused; the same transaction counts once, however often it is told, and may be taken back.
"""

from __future__ import annotations

import hmac
import json
import re
from dataclasses import asdict
from typing import Any

from aiohttp import ClientPayloadError, hdrs, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.wire import millis
from bot.words import LANGUAGES
from bot.world import World
from handlers.links.click_ids import click_of
from handlers.reporting.commands import TOKEN
from handlers.reporting.files import as_csv, as_json
from handlers.reporting.signing import sign
from handlers.reporting.view import View
from storage import api_tokens as store
from storage.api_tokens import ApiToken, Sale
from storage.database import Database
from storage.seal import Seal
from storage.tx import Tx
from web.openapi import described
from web.report_view import brands_view

FRESH = 300  # seconds a postback may be old, or ahead
BODY = 4096  # bytes of a postback
_TOKEN = re.compile(rf"Bearer ([0-9a-z]{{{TOKEN}}})")
_CURRENCY = re.compile(r"[A-Z]{3}")
_TRANSACTION = re.compile(r"[\x21-\x7e]{1,100}")
_AMOUNT = 10**15  # of the smallest unit
_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}


class Refused(Exception):
    """(status, sentence) of an answer that is no success."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


UNKNOWN = (401, "This token opens nothing. Ask the creator's team for a new one.")
UNSIGNED = (401, "The signature does not fit. See /v1/openapi.json for how it is made.")
LATE = (401, f"The timestamp is more than {FRESH} seconds off. Set the clock, sign anew.")
AGAIN = (409, "This very postback came before. Sign it anew to send it again.")
OTHER = (409, "This transaction is known with another amount or currency.")
MISSING = (404, "There is no such transaction to reverse.")


def api_routes(database: Database, world: World, public_url: str) -> list[web.RouteDef]:
    """`public_url` is where all of this is served."""
    api = _Api(database, world)
    description = json.dumps(described(public_url.rstrip("/")), indent=1)

    async def openapi(_request: web.Request) -> web.Response:
        return web.Response(text=description, content_type="application/json")

    return [
        web.get("/v1/openapi.json", openapi),
        web.get("/v1/report.json", _answering(api.report)),
        web.get("/v1/report.csv", _answering(api.table)),
        web.get("/v1/conversions", _answering(api.conversions)),
        web.post("/v1/postback", _answering(api.postback)),
    ]


def _answering(handler: Any) -> Any:
    async def answering(request: web.Request) -> web.Response:
        try:
            answer: web.Response = await handler(request)
        except Refused as refused:
            answer = _json({"error": str(refused)}, refused.status)
            if refused.status == 401:
                answer.headers[hdrs.WWW_AUTHENTICATE] = "Bearer"
        answer.headers.update(_HEADERS)
        return answer

    return answering


class _Api:
    def __init__(self, database: Database, world: World) -> None:
        self._database, self._world = database, world

    async def report(self, request: web.Request) -> web.Response:
        shown = await self._shown(request)
        return web.Response(
            text=as_json(shown, _language(request)), content_type="application/json"
        )

    async def table(self, request: web.Request) -> web.Response:
        shown = await self._shown(request)
        text = as_csv(shown, _language(request)).encode()
        return web.Response(body=text, content_type="text/csv", charset="utf-8")

    async def conversions(self, request: web.Request) -> web.Response:
        token = await self._token(request)
        async with self._database.read() as tx:
            found = await store.sales(tx, token.community, token.campaign)
            places = await store.place_sales(tx, token.community, token.campaign)
        return _json({
            "conversions": [asdict(one) for one in found],
            "placements": [asdict(one) for one in places],
        })  # fmt: skip

    async def postback(self, request: web.Request) -> web.Response:
        body = await _body(request)
        token, signature = await self._signed(request, body)
        sale, taken_back = _sale(body, self._database.seal)
        now = millis(self._world.now())

        async def told(tx: Tx) -> str:
            if not await store.first_time(tx, token, signature, now, now - 2000 * FRESH):
                raise Refused(*AGAIN)
            return await (_reverse if taken_back else _sell)(tx, token, sale, now)

        state = await self._database.unit(told)
        return _json({"transaction": sale.transaction, "state": state}, _STATUS[state])

    async def _shown(self, request: web.Request) -> View:
        token, now = await self._token(request), self._world.now()
        return await brands_view(self._database, token.community, token.campaign, now)

    async def _token(self, request: web.Request) -> ApiToken:
        given = _TOKEN.fullmatch(request.headers.get(hdrs.AUTHORIZATION, ""))
        if given is None:
            raise Refused(*UNKNOWN)
        async with self._database.read() as tx:
            token = await store.find(tx, given[1])
        if token is None:
            raise Refused(*UNKNOWN)
        return token

    async def _signed(self, request: web.Request, body: bytes) -> tuple[ApiToken, str]:
        """Whose postback it is, and its signature. Raises Refused."""
        said = [
            request.headers.get(f"Adda-{name}", "") for name in ("Id", "Timestamp", "Signature")
        ]
        id, timestamp, signature = said
        async with self._database.read() as tx:
            token = await store.named(tx, id[:64])
        if token is None or not re.fullmatch(r"[0-9]{1,12}", timestamp):
            raise Refused(*UNSIGNED)
        real = sign(token.key, timestamp, body)
        if not hmac.compare_digest(real.encode(), signature.lower().encode("utf-8", "replace")):
            raise Refused(*UNSIGNED)
        if abs(int(timestamp) - millis(self._world.now()) // 1000) > FRESH:
            raise Refused(*LATE)
        return token, real


async def _sell(tx: Tx, token: ApiToken, sale: Sale, now: int) -> str:
    if await store.sell(tx, token, sale, now):
        return "new"
    known = await store.sold(tx, token, sale.transaction)
    if known is None or known[0] != sale:
        raise Refused(*OTHER)
    return "reversed" if known[1] else "known"


async def _reverse(tx: Tx, token: ApiToken, sale: Sale, now: int) -> str:
    known = await store.sold(tx, token, sale.transaction)
    if known is None:
        raise Refused(*MISSING)
    await store.reverse(tx, token, sale.transaction, now)
    return "reversed"


_STATUS = {"new": 201, "known": 200, "reversed": 200}


async def _body(request: web.Request) -> bytes:
    """Raises Refused, without reading what is too long to its end."""
    body = bytearray()
    try:
        async for piece in request.content.iter_chunked(BODY):
            body += piece
            if len(body) > BODY:
                raise Refused(413, f"A postback has at most {BODY} bytes.")
    except (ClientPayloadError, web.RequestPayloadError, HttpProcessingError):
        raise _wrong("The body could not be read. Send it whole and not packed.") from None
    return bytes(body)


def _sale(body: bytes, seal: Seal) -> tuple[Sale, bool]:
    """The sale, and whether it is taken back; for that the number is enough. Raises Refused."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise _wrong("The body is not JSON.") from None
    if not isinstance(told, dict):
        raise _wrong("The body is not an object.")
    transaction, back = told.get("transaction"), told.get("reverse", False)
    if not isinstance(transaction, str) or not _TRANSACTION.fullmatch(transaction):
        raise _wrong("transaction is text of 1 to 100 letters, digits and signs without spaces.")
    if not isinstance(back, bool):
        raise _wrong("reverse is true or false.")
    if back:
        return Sale(transaction, 0, ""), True
    amount, currency = told.get("amount"), told.get("currency")
    if type(amount) is not int or not 0 <= amount <= _AMOUNT:
        raise _wrong("amount is a whole number in the currency's smallest unit, not negative.")
    if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
        raise _wrong("currency is three capital letters, such as BDT.")
    return Sale(transaction, amount, currency, _click(told, seal)), False


def _click(told: dict[str, Any], seal: Seal) -> str:
    """The click that a sale came of. Raises Refused for an id that we did not give."""
    given = told.get("click", "")
    if given == "":
        return ""
    click = click_of(seal, given) if isinstance(given, str) and given.isascii() else None
    if click is None:
        raise _wrong("click is the click_id that came with the address of the shop, unchanged.")
    return click


def _wrong(sentence: str) -> Refused:
    return Refused(400, sentence)


def _language(request: web.Request) -> str:
    chosen = request.query.get("language", "en")
    if chosen not in LANGUAGES:
        raise _wrong(f"language is one of {', '.join(LANGUAGES)}.")
    return chosen


def _json(told: Any, status: int = 200) -> web.Response:
    return web.json_response(told, status=status)
