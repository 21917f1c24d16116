"""HTTP for Telegram's Bot API over aiohttp: for the library's Bot, and quick calls of our own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import aiohttp
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest, RequestData

from bot.pictures import NAME, TYPE

JSON = {"Content-Type": "application/json"}
UPLOAD = 300.0  # seconds for a request with files, from first to last


class NotSent(NetworkError):
    """No connection could be had, so nothing was asked. Any other network error leaves doubt."""


class Flood(TelegramError):
    """Telegram refuses for now; `seconds` until it is worth asking again."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Too many requests, wait {seconds:g} s")
        self.seconds = seconds


class TelegramHttp(BaseRequest):
    """One pool of kept-alive connections; everything it raises is a `telegram.error`.

    Times are seconds: `read` until an answer begins, `connect` for a free connection, opening
    one included. No error holds an address, because the address holds the token.
    """

    def __init__(self, *, connections: int = 256, read: float = 20.0, connect: float = 5.0) -> None:
        self._connections = connections
        self._read = read
        self._connect = connect
        self._usual = self._timeout(read, connect)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer unless a request says otherwise."""
        return self._read

    async def initialize(self) -> None:
        """Open the pool; a second call changes nothing."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                # Half a minute: a connection idle for longer may be dead without our knowing.
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=30),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close every connection; a second call changes nothing."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def call(self, url: str, values: Mapping[str, Any], read: float | None = None) -> Any:
        """The result of a method, past the library's objects (a third of its cost). A value of
        bytes is a PNG."""
        timeout = self._usual if read is None else self._timeout(read, self._connect)
        if any(isinstance(value, bytes) for value in values.values()):
            timeout = self._timeout(self._read, self._connect, UPLOAD)
            payload = await self._exchange("POST", url, _form(values), {}, timeout)
        else:
            body = json.dumps(values, ensure_ascii=False).encode(errors="replace")
            payload = await self._exchange("POST", url, body, JSON, timeout)
        try:
            return json.loads(payload)["result"]
        except (ValueError, KeyError):
            raise NetworkError("the answer was not Telegram's") from None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - aiohttp knows none
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - part of `connect`
    ) -> tuple[int, bytes]:
        """A request of the library's Bot, which only ever sees answers that are well."""
        unset = BaseRequest.DEFAULT_NONE
        body, headers = _body(request_data)
        timeout = self._timeout(
            self._read if read_timeout is unset else read_timeout,
            self._connect if connect_timeout is unset else connect_timeout,
            UPLOAD if isinstance(body, aiohttp.FormData) else None,
        )
        return 200, await self._exchange(method, url, body, headers, timeout)

    @staticmethod
    def _timeout(
        read: float | None, connect: float | None, total: float | None = None
    ) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(
            total=total, connect=connect, sock_connect=connect, sock_read=read
        )

    async def _exchange(
        self,
        method: str,
        url: str,
        body: bytes | aiohttp.FormData | None,
        headers: Mapping[str, str],
        timeout: aiohttp.ClientTimeout,
    ) -> bytes:
        if self._session is None:
            raise NotSent("no connection is open")
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                payload = await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(type(error).__name__) from None
        except TimeoutError as error:
            raise TimedOut(type(error).__name__) from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None
        if not 200 <= response.status < 300:
            raise refusal(response.status, payload)
        return payload


def refusal(status: int, payload: bytes) -> TelegramError:
    """What an answer that is not well means; a 5xx leaves doubt whether the request was obeyed."""
    try:
        answer = json.loads(payload)
        why, more = str(answer["description"]), answer.get("parameters") or {}
    except (ValueError, KeyError, TypeError, AttributeError):
        why, more = f"HTTP {status}", {}
    if status == 429:
        return Flood(float(more.get("retry_after", 1)))
    if "migrate_to_chat_id" in more:
        return ChatMigrated(more["migrate_to_chat_id"])
    match status:
        case 401 | 404:  # a token that is malformed makes an address that does not exist
            return InvalidToken(why)
        case 403:
            return Forbidden(why)
        case 409:
            return Conflict(why)
        case _ if 400 <= status < 500:
            return BadRequest(why)
    return NetworkError(why)


def _form(values: Mapping[str, Any]) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in values.items():
        if isinstance(value, bytes):
            form.add_field(name, value, filename=NAME, content_type=TYPE)
        else:
            form.add_field(name, value if isinstance(value, str) else json.dumps(value))
    return form


def _body(data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, Mapping[str, str]]:
    if data is None:
        return None, {}
    if not data.contains_files:
        return json.dumps(data.parameters, ensure_ascii=False).encode(errors="replace"), JSON
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form, {}
