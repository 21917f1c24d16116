"""The answerer: one index a community, made anew off the event loop when its entries changed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.feature import Glance
from bot.model import Called, Filled, Intent, Said
from handlers.questions.index import Band, Index, Match, Phrase, band
from storage import knowledge
from storage.tx import Tx

LONGEST = 2000  # characters of a question
_ANSWER_WEIGHT = 0.5  # of an answer's words while nobody has worded the question a second time
_SUGGESTED = 8


@dataclass(frozen=True, slots=True)
class Thought:
    """What a question may mean, and what to do about it."""

    matches: tuple[Match, ...] = ()
    band: Band = "handover"


@dataclass(frozen=True, slots=True)
class Shelf:
    """All a community's entries at one version, ready for questions; never changed."""

    version: int
    index: Index
    questions: dict[str, str]  # by entry, in order

    @classmethod
    def of(
        cls, version: int, texts: Sequence[tuple[str, str, int]], answers: Sequence[tuple[str, str]]
    ) -> Shelf:
        """Slow: seconds for thousands of entries."""
        ways = Counter(entry for entry, _, _ in texts)
        phrases = [Phrase(entry, text) for entry, text, _ in texts]
        phrases += [Phrase(e, answer, _ANSWER_WEIGHT) for e, answer in answers if ways[e] == 1]
        questions = {entry: text for entry, text, position in texts if position == 0}
        return cls(version, Index.build(phrases), questions)

    def think(self, question: str) -> Thought:
        matches = self.index.rank(question) if self.questions else []
        return Thought(tuple(matches), band(matches))

    def suggest(self, so_far: str) -> list[str]:
        """Questions near what is typed; the first ones before anything is."""
        if not so_far.strip():
            return list(self.questions.values())[:_SUGGESTED]
        ranked = self.index.rank(so_far, top=_SUGGESTED) if self.questions else []
        return [self.questions[match.entry] for match in ranked]


class Answerer:
    """Finds what a question means. Several processes agree through the version in the database."""

    def __init__(self) -> None:
        self._shelves: dict[str, Shelf] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def think(self, glance: Glance, intent: Intent) -> Thought:
        """For `think=` of whatever brings a question."""
        text = _question_in(intent)
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

    async def _shelf(self, tx: Tx, community: str) -> Shelf:
        """The newest; while that is being made, whoever comes gets the one before, if any."""
        version = await knowledge.version(tx, community)
        held = self._shelves.get(community)
        lock = self._locks.setdefault(community, asyncio.Lock())
        if held is not None and (held.version >= version or lock.locked()):
            return held
        async with lock:
            held = self._shelves.get(community)
            if held is None or held.version < version:
                texts = await knowledge.texts(tx, community)
                answers = await knowledge.answers(tx, community)
                held = await asyncio.to_thread(Shelf.of, version, texts, answers)
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
