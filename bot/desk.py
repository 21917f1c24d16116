"""One platform's desk: letters in order within a chat, chats in turn, at the platform's pace."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from datetime import timedelta

import structlog

from bot import wire
from bot.delivery import Draft, Way
from bot.delivery import instead as instead_of
from bot.pace import Pacer
from bot.platforms.base import Busy, Doubt, Gone, Outgoing, Platform, Sent
from bot.world import World
from storage import outbox, people
from storage.batcher import Batcher
from storage.database import Database
from storage.outbox import Letter, Settled
from storage.tx import Tx

log = structlog.get_logger("desk")

SENDERS = 256  # sends under way at once
PATIENCE = 1.0  # seconds a letter may wait for its turn in hand
RETRY_FOR = 24 * 3600 * 1000  # ms: a letter nobody takes for a day is given up


class Desk:
    """Sends one platform's letters. One send a chat at a time; a flooding chat delays no other."""

    def __init__(self, database: Database, world: World, platform: Platform, zone: str) -> None:
        self._world = world
        self._platform = platform
        self._zone = zone
        self._pacer = Pacer(platform.capabilities.pace, lambda: world.now().timestamp())
        self._lines: dict[str, deque[Letter]] = {}  # by ticket, else by chat
        self._turns: asyncio.Queue[str] = asyncio.Queue()
        self._loose: set[asyncio.Task[None]] = set()  # acknowledgements, nobody waits for them
        self._quiet = asyncio.Event()
        self._quiet.set()
        self.in_hand = 0
        self.taken = 0  # ever
        self._marks: Batcher[Letter] = Batcher(database, self._mark)
        self._ends: Batcher[Settled] = Batcher(database, self._end)
        self._database = database

    def put(self, letter: Letter) -> None:
        """Send this letter, after those to the same chat; answers to different events are apart."""
        self.taken += 1
        self.in_hand += 1
        self._quiet.clear()
        line = letter.ticket or letter.chat
        if (waiting := self._lines.get(line)) is not None:
            waiting.append(letter)
        else:
            self._lines[line] = deque((letter,))
            self._turns.put_nowait(line)

    def acknowledge(self, out: Outgoing) -> None:
        """Send something nobody needs to keep: too late is as good as never."""
        task = asyncio.create_task(self._loosely(out))
        self._loose.add(task)
        task.add_done_callback(self._loose.discard)

    async def _loosely(self, out: Outgoing) -> None:
        try:
            await self._platform.send(out)
        except (Busy, Doubt, Gone) as problem:
            log.debug("not acknowledged", letter=out.id, why=str(problem))

    async def run(self) -> None:
        """Send until cancelled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(SENDERS):
                group.create_task(self._sender())

    async def quiet(self) -> None:
        """Returns when nothing is in hand and what was sent is on record."""
        await self._quiet.wait()
        if self._loose:
            await asyncio.wait(self._loose)
        await self._ends.flush()

    async def _sender(self) -> None:
        while True:
            line = await self._turns.get()
            letter = self._lines[line][0]
            wait = 0.0 if letter.ticket else self._pacer.delay(letter.chat, not letter.private)
            if 0 < wait <= PATIENCE:
                asyncio.get_running_loop().call_later(wait, self._turns.put_nowait, line)
                continue
            try:
                await (self._deliver(letter) if wait <= 0 else self._postpone(letter, wait))
            except Exception as error:
                log.exception("not sent", letter=letter.id)
                if not self._database.away(error):  # else it is found again when its lease runs out
                    await self._ends.put(Settled(letter, "bug"))
            finally:
                self._next(line)

    def _next(self, line: str) -> None:
        waiting = self._lines[line]
        waiting.popleft()
        self.in_hand -= 1
        if waiting:
            self._turns.put_nowait(line)
        else:
            del self._lines[line]
        if not self.in_hand:
            self._quiet.set()

    # One letter ---------------------------------------------------------------------------------

    async def _postpone(self, letter: Letter, seconds: float) -> None:
        """Back into the database until it is its turn: a long wait holds nothing in hand."""
        due = wire.millis(self._world.now() + timedelta(seconds=seconds))
        await self._database.unit(lambda tx: outbox.postpone(tx, [(letter, due)]))

    async def _deliver(self, letter: Letter) -> None:
        now = wire.millis(self._world.now())
        if letter.expires_at is not None and now >= letter.expires_at:
            await self._ends.put(Settled(letter, "expired"))
        elif letter.attempting_at is not None and not self._repeatable(letter):
            await self._ends.put(Settled(letter, "doubt"))
        else:
            await self._try(letter, now)

    def _repeatable(self, letter: Letter) -> bool:
        """A second send would not be seen twice: an edit, a form, or a platform that knows ids."""
        return letter.key is not None or self._platform.capabilities.idempotent

    async def _try(self, letter: Letter, now: int) -> None:
        try:
            await self._send(letter)
        except Busy as busy:
            if letter.ticket is None:
                self._pacer.hold(busy.seconds, letter.chat)
            await self._later(letter, now, busy.seconds)
        except Doubt as doubt:
            if self._repeatable(letter):
                await self._later(letter, now, 1.0)
            else:
                log.warning("in doubt", letter=letter.id, why=str(doubt))
                await self._ends.put(Settled(letter, "doubt"))
        except Gone as gone:
            await self._gone(letter, gone)

    async def _later(self, letter: Letter, now: int, seconds: float) -> None:
        if now - letter.created_at > RETRY_FOR:
            await self._undelivered(letter, "nobody took it for a day", now)
            return
        wait = max(seconds, min(2.0**letter.attempts * 0.25, 300.0))
        # Both this moment and the one it is compared with are rounded: never half of it early.
        due = wire.millis(self._world.now() + timedelta(seconds=wait)) + 1
        await self._database.unit(lambda tx: outbox.again(tx, [(letter, due)]))

    async def _gone(self, letter: Letter, gone: Gone) -> None:
        log.info("gone", letter=letter.id, why=gone.why)
        now = wire.millis(self._world.now())
        if gone.why == "blocked" and letter.private:
            await self._database.unit(
                lambda tx: people.blocked(tx, letter.platform, letter.chat, now)
            )
        await self._undelivered(letter, gone.why, now)

    async def _undelivered(self, letter: Letter, why: str, now: int) -> None:
        """What should be said otherwise is stored in the unit that closes the letter."""
        instead = instead_of(letter, self._world.new_id(), now)
        await self._ends.put(Settled(letter, why, instead=instead))

    async def _send(self, letter: Letter) -> None:
        draft = Draft(
            letter, self._platform.capabilities, self._zone, self._platform.deep_link,
            self._world.now(),
        )  # fmt: skip
        if letter.key is not None:
            await self._keyed(letter, draft)
            return
        problem = Gone("no way to deliver this")
        for way in draft.ways():
            try:
                await self._way(letter, way)
            except Gone as gone:
                problem = gone
                continue
            return
        raise problem

    async def _way(self, letter: Letter, way: Way) -> None:
        if not self._platform.capabilities.idempotent and way.outs[0].how == "message":
            await self._marks.put_and_wait(letter)
        for out in way.outs:
            await self._platform.send(out)
        if way.after is not None:
            self.acknowledge(way.after)
        if way.offer:
            now = wire.millis(self._world.now())
            await self._database.unit(lambda tx: outbox.offer(tx, letter, now))
        else:
            await self._ends.put(Settled(letter, "sent"))

    async def _keyed(self, letter: Letter, draft: Draft) -> None:
        """The message of a key is edited; where a repeated send would show twice, it is first
        made without words and its id kept, so that only words that do not matter can double."""
        assert letter.key is not None  # noqa: S101
        message = letter.message
        if message is None and not self._platform.capabilities.idempotent:
            message = (await self._platform.send(draft.placeholder())).message or ""
            kept = (letter.key, message)
            now = wire.millis(self._world.now())
            await self._database.unit(lambda tx: outbox.put_messages(tx, [kept], now))
        sent = Sent(message)
        if message:
            await self._platform.send(draft.edit(message))
        else:
            for out in next(iter(draft.ways())).outs:
                sent = await self._platform.send(out)
        await self._ends.put(Settled(letter, "sent", sent.message))

    # In the database ----------------------------------------------------------------------------

    async def _mark(self, tx: Tx, letters: Sequence[Letter]) -> None:
        await outbox.attempting(tx, letters, wire.millis(self._world.now()))

    async def _end(self, tx: Tx, ends: Sequence[Settled]) -> None:
        await outbox.settle(tx, ends, wire.millis(self._world.now()))
