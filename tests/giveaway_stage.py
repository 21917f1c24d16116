"""Giveaways on the stage: open one, see its posts, let the process die and start again."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from bot.actions import pack, unpack
from bot.app import Adda, assemble
from bot.delivery import SELF, timer_letter
from bot.model import Action, Due, Event, Filled, Identity, Later, Place
from bot.platforms.playground import Message
from bot.wire import millis, text_in
from storage import outbox
from storage.database import open_database
from storage.outbox import Letter
from storage.seal import Seal
from storage.tx import Row
from tests.stage import Stage
from web.playground import upcoming

HOUR = 3600
PRIZE = "লাল শাড়ি"
PLATFORMS = ("telegram", "discord")


async def drafted(bot: Stage, prize: str = PRIZE, hours: int = 24, winners: int = 1) -> Message:
    """The preview the creator sees."""
    line = f"/giveaway new {prize} | {hours} | {winners}"
    return (await bot.say("creator", line))[-1]


async def opened(
    bot: Stage, prize: str = PRIZE, hours: int = 24, winners: int = 1
) -> dict[str, Message]:
    """The public post on each platform of a giveaway that is open now."""
    preview = await drafted(bot, prize, hours, winners)
    before = bot.playground.tick
    await bot.press("creator", preview, "প্রকাশ করুন")
    return {m.platform: m for m in bot.seen(place="fans", after=before)}


def id_of(post: Message) -> str:
    """The giveaway behind a post's buttons."""
    data = next(key.data for row in post.rows for key in row if key.data)
    return data.split(":")[1]


async def entered(bot: Stage, posts: dict[str, Message], count: int) -> None:
    """fan1 enters on Discord, fan2 on Telegram, and so on in turns; fan1 has number 1."""
    for i in range(1, count + 1):
        await bot.press(f"fan{i}", posts[PLATFORMS[i % 2]], "যোগ দিন")


async def winners(bot: Stage, giveaway: str) -> list[Row]:
    """The winning entries, first prize first, with who stands behind them."""
    found: list[Row] = await bot.unit(lambda tx: tx.all("giveaway_winners", id=giveaway))
    return [dict(one) for one in found]


async def row(bot: Stage, giveaway: str) -> Row:
    """The giveaway as it is stored."""
    found: Row | None = await bot.unit(
        lambda tx: tx.one("giveaway_get", id=giveaway, community="c1")
    )
    assert found is not None
    return found


async def told(bot: Stage, who: str, message: Message, label: str) -> str:
    """Press a button; what `who` alone reads because of it."""
    return [m for m in await bot.press(who, message, label) if m.to == who][-1].text


def said(bot: Stage, words: str, place: str | None = "fans") -> list[Message]:
    """The bot's messages that hold these words, wherever it is with None."""
    return [m for m in bot.seen(place=place) if words in m.text]


# Time and death ------------------------------------------------------------------------------


async def put_timer(adda: Adda, action: Action) -> None:
    """One more timer for this action, due now."""
    now = millis(adda.world.now())
    letter = timer_letter(adda.world.new_id(), "c1", Later(adda.world.now(), action), now)
    await adda.database.unit(lambda tx: outbox.add(tx, letter, None))


async def again(bot: Stage, action: Action) -> None:
    """A timer for this action goes off once more."""
    await put_timer(bot.adda, action)
    await bot.playground.settle()


@asynccontextmanager
async def dying(dead: Stage, url: str) -> AsyncIterator[Adda]:
    """A new process on the same database that does nothing by itself and is killed at the end."""
    database = await open_database(url, Seal("test secret"))
    old = dead.adda
    try:
        doors = dead.playground.doors
        yield assemble(old.settings, old.world, database, doors, relays=old.relays)
    finally:
        await database.close()


async def claimed(adda: Adda) -> list[Letter]:
    """The timers due now, in the hands of this process."""
    now = millis(adda.world.now())
    found: list[Letter] = await adda.database.unit(
        lambda tx: outbox.claim(tx, SELF, now, now + 60_000, 100)
    )
    return found


async def fire(adda: Adda, timers: list[Letter], kind: type[Action]) -> int:
    """Let the timers of one kind happen, each once; how many those were."""
    fired = 0
    for letter in timers:
        action = unpack(text_in(letter.body))
        if isinstance(action, kind):
            event = Event(
                f"{SELF}:{letter.id}", adda.world.now(), Place(SELF, letter.chat),
                Identity(SELF, "timer"), Due(action), str(letter.fence),
            )  # fmt: skip
            await adda.core.handle(event)
            fired += 1
    return fired


@asynccontextmanager
async def alive(dead: Stage, url: str) -> AsyncIterator[Stage]:
    """The bot started again, on what the one before left; its leases have run out."""
    database = await open_database(url, Seal("test secret"))
    old, doors = dead.adda, dead.playground.doors
    adda = assemble(old.settings, old.world, database, doors, relays=old.relays)
    for door in dead.playground.doors.values():
        door.open(adda.core, adda.book.cards())
    dead.playground.connect(adda.postman.idle, upcoming(database))
    dead.clock.advance(61)
    await adda.postman.open()
    running = asyncio.create_task(adda.postman.run(adda.core.handle))
    try:
        stage = Stage(adda, dead.playground, dead.clock)
        await stage.playground.settle()
        yield stage
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        await database.close()


def forged(action: Action) -> str:
    """What a modified client could send instead of a button's data."""
    return pack(action)


async def handed_in(bot: Stage, who: str, form: Action, values: Mapping[str, str]) -> str:
    """What `who` reads after a modified client handed in a form that was never shown."""
    before = bot.playground.tick
    event = Event(
        f"discord:{bot.adda.world.new_id()}", bot.adda.world.now(), Place("discord", who),
        Identity("discord", who, who), Filled(form, values),
    )  # fmt: skip
    await bot.adda.core.handle(event)
    await bot.playground.settle()
    return bot.seen(who, "discord", after=before)[-1].text


async def link(bot: Stage, who: str) -> None:
    """The account of this name on Discord becomes the same person as the one on Telegram."""
    member = await bot.unit(
        lambda tx: tx.one("member_find", platform="telegram", user_id=who, community="c1")
    )
    await bot.unit(
        lambda tx: tx.one(
            "identity_add", platform="discord", user_id=who, community="c1", member=member["id"],
            private_at=None,
            name_sealed=tx.seal.close(who),
        )
    )  # fmt: skip
