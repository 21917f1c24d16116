"""The answerer: one index a community, made anew off the event loop when its entries changed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from bot.feature import Glance
from bot.model import Called, Filled, Intent, Said
from handlers.questions.assist.grounded import Combined
from handlers.questions.assist.tier import Assist
from handlers.questions.care import USUAL, Trial, banded, trials
from handlers.questions.index import Band, Match
from handlers.questions.large import Ranking
from handlers.questions.taught import Taught
from storage import knowledge, tuning
from storage.tx import Tx

LONGEST = 2000  # characters of a question
_SUGGESTED = 8


@dataclass(frozen=True, slots=True)
class Thought:
    """What a question may mean, and what to do about it; `combined` goes above a choice."""

    matches: tuple[Match, ...] = ()
    band: Band = "handover"
    combined: Combined | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """All a community's entries at one version, ready for questions; never changed.

    `care` is how sure an answer must be, one of `care.STEPS`.
    """

    version: int
    care: int
    index: Ranking
    questions: dict[str, str]  # by entry, in order

    @classmethod
    def of(cls, version: int, care: int, taught: Taught) -> Shelf:
        """Slow: seconds for thousands of entries."""
        return cls(version, care, taught.index(), taught.questions())

    def think(self, question: str) -> Thought:
        matches = self.index.rank(question) if self.questions else []
        return Thought(tuple(matches), banded(matches, self.care))

    def suggest(self, so_far: str) -> list[str]:
        """Questions near what is typed; the first ones before anything is."""
        if not so_far.strip():
            return list(self.questions.values())[:_SUGGESTED]
        ranked = self.index.rank(so_far, top=_SUGGESTED) if self.questions else []
        return [self.questions[match.entry] for match in ranked]


class Answerer:
    """Finds what a question means. Several processes agree through the version in the database."""

    def __init__(self, assist: Assist | None = None) -> None:
        self._assist = assist
        self._shelves: dict[str, Shelf] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._trials: dict[str, tuple[int, list[Trial]]] = {}  # with the version tried

    async def think(self, glance: Glance, intent: Intent) -> Thought:
        """For `think=` of whatever brings a question."""
        text = _question_in(intent) or ""
        thought = await self.read(glance, text)
        shelf = self._shelves.get(glance.community.id)
        if self._assist is None or shelf is None:
            return thought
        better = await self._assist.better(
            glance.community.id, shelf.version, text, thought.matches,
            lambda matches: banded(matches, shelf.care),
        )  # fmt: skip
        return Thought(better.matches, better.band, better.combined)

    async def read(self, glance: Glance, text: str) -> Thought:
        """What a text means; nothing when it is empty or too long."""
        if not text or len(text) > LONGEST:
            return Thought()
        shelf = await self._shelf(glance.tx, glance.community.id)
        return await asyncio.to_thread(shelf.think, text)

    def recall(self, community: str, text: str) -> Thought:
        """With the index at hand, without a look at the database: for where nobody could `think`.

        A form's last answer was thought about as a message, so the index at hand is the newest.
        """
        shelf = self._shelves.get(community)
        return shelf.think(text) if shelf else Thought()

    async def suggest(self, glance: Glance, so_far: str) -> list[str]:
        shelf = await self._shelf(glance.tx, glance.community.id)
        return await asyncio.to_thread(shelf.suggest, so_far[:LONGEST])

    async def trials(self, glance: Glance) -> list[Trial]:
        """What becomes of the community's own wordings. Slow the first time after a change."""
        community = glance.community.id
        version = await knowledge.version(glance.tx, community)
        held = self._trials.get(community)
        if held is None or held[0] != version:
            taught = await Taught.read(glance.tx, community)
            held = self._trials[community] = (version, await asyncio.to_thread(trials, taught))
        return held[1]

    async def _shelf(self, tx: Tx, community: str) -> Shelf:
        """The newest; while that is being made, whoever comes gets the one before, if any."""
        version = await knowledge.version(tx, community)
        care = await tuning.care(tx, community) or USUAL
        held = self._shelves.get(community)
        if held is not None and held.care != care:
            held = self._shelves[community] = replace(held, care=care)
        lock = self._locks.setdefault(community, asyncio.Lock())
        if held is not None and (held.version >= version or lock.locked()):
            return held
        async with lock:
            held = self._shelves.get(community)
            if held is None or held.version < version:
                taught = await Taught.read(tx, community)
                held = await asyncio.to_thread(Shelf.of, version, care, taught)
                self._shelves[community] = held
        return held


def _question_in(intent: Intent) -> str | None:
    match intent:
        case Said(text, _, media):
            return None if media else text
        case Called(_, args, text):
            return args.get("question") or text
        case Filled(_, values):
            return values.get("question")
    return None
