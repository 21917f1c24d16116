"""An open report follows the figures: a stream of events, each saying that other figures are shown.

What is shown is compared, not what is counted: a reader who may know "<10" alone must not be able
to count the events.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable

from aiohttp import hdrs, web

from handlers.reporting.files import as_json
from handlers.reporting.view import View
from storage import figures as store
from storage.database import Database
from storage.report_links import ReportLink
from web.app import STOPPING

EVERY = 3.0  # seconds between two looks at the counts of a campaign, however many look on
RETRY = 5000  # ms after which a browser comes back
LISTENERS, OF_ONE = 200, 20  # at a time: in all, and of one report

Shown = Callable[[ReportLink], Awaitable[View]]
Still = Callable[[], Awaitable[bool]]


class Live:
    """Who listens, and what each campaign last showed. `shown` makes what a reader sees."""

    def __init__(self, database: Database, shown: Shown, every: float = EVERY) -> None:
        self._database, self._shown, self._every = database, shown, every
        self._open: Counter[str] = Counter()
        self._known: dict[str, _Known] = {}

    async def follow(
        self, request: web.Request, link: ReportLink, still: Still
    ) -> web.StreamResponse:
        """Events until the reader leaves, or until it is not `still` theirs to see."""
        if self._open.total() >= LISTENERS or self._open[link.id] >= OF_ONE:
            return web.Response(status=503, headers={hdrs.RETRY_AFTER: "60"})
        answer = web.StreamResponse(headers={
            hdrs.CONTENT_TYPE: "text/event-stream; charset=utf-8",
            hdrs.CACHE_CONTROL: "no-store", "X-Accel-Buffering": "no",
        })  # fmt: skip
        self._open[link.id] += 1
        try:
            await answer.prepare(request)
            await self._tell(request, answer, link, still)
        except ConnectionError:  # the reader left
            pass
        finally:
            self._open[link.id] -= 1
            self._open += Counter()  # drops those at zero
        return answer

    async def _tell(
        self, request: web.Request, answer: web.StreamResponse, link: ReportLink, still: Still
    ) -> None:
        seen = request.headers.get("Last-Event-ID") or request.query.get("mark", "")
        await answer.write(f"retry: {RETRY}\n\n".encode())
        stopping = request.app[STOPPING]
        while not stopping.is_set() and not _left(request):
            if not await still():
                await answer.write(b"event: over\ndata: over\n\n")
                return
            if (mark := await self._mark(link)) != seen:
                await answer.write(f"id: {mark}\ndata: changed\n\n".encode())
                seen = mark
            else:
                await answer.write(b":\n\n")  # so that a reader who left is noticed
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._every):
                    await stopping.wait()

    async def _mark(self, link: ReportLink) -> str:
        """Of what the campaign shows now; asked of the database once for all who listen."""
        known = self._known.setdefault(link.campaign, _Known())
        async with known.turn:
            now = asyncio.get_running_loop().time()
            if now - known.looked >= self._every:
                async with self._database.read() as tx:
                    counted = await store.mark(tx, link.community, link.campaign)
                if counted != known.counted:
                    known.counted, known.mark = counted, mark_of(await self._shown(link))
                known.looked = now
        self._forget()
        return known.mark

    def _forget(self) -> None:
        """Campaigns nobody has looked at for long."""
        if len(self._known) > LISTENERS:
            oldest = min(self._known, key=lambda campaign: self._known[campaign].looked)
            del self._known[oldest]


class _Known:
    """What one campaign had counted and shown when it was last looked at."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.looked = float("-inf")
        self.counted: tuple[int, ...] | None = None
        self.mark = ""


def _left(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


def mark_of(shown: View) -> str:
    """The same as long as the figures are: the moment of the last update is none of them."""
    lines = [line for line in as_json(shown, "en").splitlines() if '"last update"' not in line]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
