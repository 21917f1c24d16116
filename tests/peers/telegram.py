"""A loopback Telegram: a Bot API server for one bot, the people who write to it, and faults."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Callable
from itertools import islice
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

import aiohttp
from aiohttp import web

from tests.peers.telegram_api import Api, Refusal
from tests.peers.telegram_people import Json
from tests.peers.telegram_wire import Call, Fault, answer, begin, unfit, values_of

if TYPE_CHECKING:
    from tests.peers.telegram_judge import Judge

TOKEN = "4242424242:AAF-loopback_only_0123456789abcdefghijk"
T = TypeVar("T")


class TelegramPeer(Api):
    """The server. `base` and `file_base` are what the bot's settings take.

    `sent` holds every request but polls, `polls` the polls, `invalid` whatever the judge
    objected to. `latency` is in seconds for each request, `poll_latency` for polls alone.
    `judge=False` and `record=False` make it fast enough for a benchmark.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        judge: bool = True,
        record: bool = True,
        latency: float = 0.0,
        poll_latency: float | None = None,
        port: int = 0,
    ) -> None:
        super().__init__()
        self.token, self.port, self.latency = token, port, latency
        self.poll_latency = latency if poll_latency is None else poll_latency
        self.redeliver_after = 0.02
        self.sent: list[Call] = []
        self.polls: list[Call] = []
        self.invalid: list[str] = []
        self._record = record
        self._judge = _judge() if judge else None
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._news, self._mail = asyncio.Event(), asyncio.Event()
        self._poller: asyncio.Future[str] | None = None
        self._line: asyncio.Transport | None = None
        self._postman: asyncio.Task[None] | None = None
        self._runner: web.ServerRunner | None = None

    @property
    def base(self) -> str:
        """What the token is appended to for methods."""
        return f"http://127.0.0.1:{self.port}/bot"

    @property
    def file_base(self) -> str:
        """What the token is appended to for files."""
        return f"http://127.0.0.1:{self.port}/file/bot"

    @property
    def polling(self) -> bool:
        """Is a poll waiting for updates now?"""
        waits = self._poller is not None and not self._poller.done()
        return waits and self._line is not None and not self._line.is_closing()

    async def start(self) -> None:
        """Listen, on the same port as before if there was one."""
        self._runner = web.ServerRunner(
            web.Server(self._handle, access_log=None), shutdown_timeout=0.1
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening and drop every connection; what is known stays."""
        if self._postman is not None:
            self._postman.cancel()
            await asyncio.gather(self._postman, return_exceptions=True)
            self._postman = None
        if self._runner is not None:
            if self._poller is not None:
                self._poller.cancel()
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self.stop()

    def fail(self, method: str, fault: Fault, times: int = 1) -> None:
        """Let the next `times` calls of a method go wrong."""
        self._faults[method].extend([fault] * times)

    def asked(self, method: str) -> list[Call]:
        """The requests of one method, oldest first."""
        return [call for call in self.sent if call.method == method]

    async def until(self, happened: Callable[[], T], within: float = 5.0) -> T:
        """What `happened` gives as soon as it is true; looked at after every request."""
        try:
            async with asyncio.timeout(within):
                while not (found := happened()):
                    await self._news.wait()
                return found
        except TimeoutError:
            story = [f"{call.method} {call.status} {call.text!r}" for call in self.sent[-10:]]
            raise AssertionError(f"not within {within:g} s; asked last: {story}") from None

    # The wire ------------------------------------------------------------------------------

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        head, _, rest = request.raw_path[1:].partition("/")
        if head == "file":
            return self._file(rest)
        if head.removeprefix("bot") != self.token:
            return answer(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
        method = rest.partition("?")[0]
        values, files = await values_of(request)
        call = Call(method, values, asyncio.get_running_loop().time(), files)
        if method == "getUpdates":
            self._line = request.transport
        if delay := self.poll_latency if method == "getUpdates" else self.latency:
            await asyncio.sleep(delay)
        return await self._answer(request, call)

    async def _answer(self, request: web.BaseRequest, call: Call) -> web.StreamResponse:
        faults = self._faults.get(call.method)
        fault = faults.popleft() if faults else None
        if fault is None or fault.acts:
            call.status, result = await self._act(call)
        if fault is not None:
            call.status = fault.status
        self._note(call)
        if fault is None:
            return answer(call.status, result)
        if fault.status:
            return web.Response(status=fault.status, text=fault.body)
        if fault.part is not None:
            await begin(request, json.dumps(result).encode(), fault.part)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def _act(self, call: Call) -> tuple[int, Json]:
        if self._judge is not None:
            self._object(self._judge.request(call.method, call.values) or unfit(call))
        try:
            if call.method == "getUpdates":
                call.answer = await self._get_updates(call.values)
            elif call.method in self.methods:
                call.answer = self.methods[call.method](call.values)
            else:
                raise Refusal(404, "Not Found")
        except Refusal as refusal:
            return refusal.code, refusal.answer
        if call.method in ("setWebhook", "deleteWebhook"):
            self._send_out()
        if self._judge is not None:
            self._object(self._judge.result(call.method, call.answer))
        return 200, {"ok": True, "result": call.answer}

    def _note(self, call: Call) -> None:
        if self._record:
            (self.polls if call.method == "getUpdates" else self.sent).append(call)
        self._stir()

    def _stir(self) -> None:
        self._news.set()  # whoever waits is woken
        self._news.clear()  # and whoever comes next waits for the next news

    def _object(self, problem: str | None) -> None:
        if problem is not None:
            self.invalid.append(problem)

    def _file(self, rest: str) -> web.StreamResponse:
        head, _, path = rest.partition("/")
        content = self.files.get(path.removeprefix("files/"))
        if head.removeprefix("bot") != self.token or content is None:
            return web.Response(status=404)
        return web.Response(body=content)

    # Updates -------------------------------------------------------------------------------

    def _give(self, kind: str, body: Json) -> Json:
        update = super()._give(kind, body)
        if self._judge is not None:
            self._object(self._judge.update(update))
        return update

    def _arrived(self) -> None:
        self._wake("mail")
        self._mail.set()
        self._mail.clear()
        self._stir()

    async def _get_updates(self, values: Json) -> list[Json]:
        if self.webhook:
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self._allow(values)
        self._confirm(values.get("offset", 0))
        await self._wait(values.get("timeout", 0))
        self._confirm(values.get("offset", 0))
        found, self._again = self._again, []
        return found + list(islice(self._updates, min(values.get("limit", 100), 100)))

    def _confirm(self, offset: int) -> None:
        while self._updates and (
            self._updates[0]["update_id"] < offset or offset < -len(self._updates)
        ):
            self._updates.popleft()
        self._stir()

    async def _wait(self, seconds: float) -> None:
        """Until there are updates, a second poller comes (then this one is told), or time is up."""
        self._wake("another")
        if self._updates or self._again:
            return
        self._poller = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                why = await self._poller
        except TimeoutError:
            return
        if why == "another":
            raise Refusal(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )

    def _wake(self, why: str) -> None:
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(why)

    def _send_out(self) -> None:
        """Begin or end delivery to a webhook."""
        if self._postman is not None:
            self._postman.cancel()
        self._postman = asyncio.create_task(self._deliver(self.webhook)) if self.webhook else None

    async def _deliver(self, webhook: Json) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.get("secret_token", "")}
        async with aiohttp.ClientSession(headers=headers) as session:
            while True:
                while not (self._updates or self._again):
                    await self._mail.wait()
                again = bool(self._again)
                update = self._again[0] if again else self._updates[0]
                if not await self._hand_over(session, webhook["url"], update):
                    await asyncio.sleep(self.redeliver_after)
                    continue
                (self._again.pop(0) if again else self._updates.popleft())
                self._stir()

    async def _hand_over(self, session: aiohttp.ClientSession, url: str, update: Json) -> bool:
        try:
            async with session.post(url, json=update) as response:
                body = await response.read()
        except aiohttp.ClientError:
            return False
        if (
            response.status == 200
            and body.startswith(b"{")
            and "method" in (asks := json.loads(body))
        ):
            call = Call(asks.pop("method"), asks, asyncio.get_running_loop().time())
            call.status, _ = await self._act(call)
            self._note(call)
        return response.status == 200


def _judge() -> Judge:
    from tests.peers.telegram_judge import Judge  # aiogram takes a second to import

    return Judge()
