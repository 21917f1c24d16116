"""A community that knows of a dress and its delivery, with a language service beside it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from handlers.questions.assist.tier import Assist, Better, Terms
from handlers.questions.index import Band, Match, band
from storage import knowledge
from storage.knowledge import Draft, Entry
from storage.tx import Tx
from tests.peers.model_server import ModelServer
from tests.stage import Stage

KEY = "sk-secret-0123456789"
DRESS = Entry("dress", 1, "লাল ড্রেসের দাম কত?", {"bn": "লাল ড্রেস ২,৪৫০ টাকা।"})
DELIVERY = Entry(
    "delivery", 2, "ডেলিভারি চার্জ কত?",
    {"bn": "ঢাকার মধ্যে ৮০ টাকা, বাইরে ১৩০ টাকা। সময় লাগে ৩–৫ দিন।"},
)  # fmt: skip
BOTH = (Match("dress", 0.5), Match("delivery", 0.45))
ASKED = "লাল ড্রেসের দাম আর ডেলিভারি চার্জ কত?"
GOOD = [
    {"from": "A1", "say": "লাল ড্রেসের দাম 2450 টাকা।"},
    {"from": "A2", "say": "ডেলিভারি চার্জ ঢাকার মধ্যে ৮০ টাকা, বাইরে ১৩০ টাকা।"},
]


def reply(parts: object) -> str:
    return json.dumps({"parts": parts}, ensure_ascii=False)


@asynccontextmanager
async def tier(bot: Stage, server: ModelServer, **terms: Any) -> AsyncIterator[Assist]:
    """An Assist for the stage's community, which knows of dress and delivery."""
    given = {"embeddings": "e", "chat": "c", "timeout": 5.0, **terms}
    made = Assist(Terms(server.base, KEY, **given), bot.adda.database, bot.adda.world)
    await teach(bot, DRESS, DELIVERY)
    try:
        yield made
    finally:
        await made.close()


async def teach(bot: Stage, *entries: Entry) -> None:
    async def work(tx: Tx) -> None:
        for e in entries:
            draft = Draft(e.question, e.question, e.answers)
            await knowledge.put(tx, "c1", draft, e.id, 0)

    await bot.unit(work)


async def version(bot: Stage) -> int:
    async with bot.adda.database.read() as tx:
        return await knowledge.version(tx, "c1")


async def ask(
    bot: Stage,
    assist: Assist,
    question: str = ASKED,
    matches: Sequence[Match] = BOTH,
    decide: Callable[[Sequence[Match]], Band] = band,
) -> Better:
    return await assist.better("c1", await version(bot), question, matches, decide)
