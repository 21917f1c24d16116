"""The optional tier, joined: embeddings and a chat model help where the default is not sure."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Self, TypeVar
from urllib.parse import urlsplit

import structlog

from bot.model import Say
from bot.world import World
from handlers.questions.assist import grounded
from handlers.questions.assist.client import Client
from handlers.questions.assist.embeddings import MOST, Embedder, Known, content
from handlers.questions.assist.fusion import Floats, Vectors, fuse
from handlers.questions.assist.grounded import Combined, Refused
from handlers.questions.assist.outgoing import masked
from handlers.questions.assist.service import Budget, Service
from handlers.questions.concepts import background
from handlers.questions.index import Band, Match
from handlers.questions.normalise import language, normalise
from handlers.questions.smalltalk import small_talk
from handlers.questions.taught import Taught
from storage import knowledge
from storage.database import Database
from storage.knowledge import Entry

_LIKELY_ENOUGH = 0.1  # to be part of a combination, as to be offered
_BACKGROUND = 64  # messages: one request
_COMMUNITIES = 32  # whose vectors are held
_REMEMBERED = 256  # questions and combinations, for who asks the same
K = TypeVar("K")
V = TypeVar("V")
log = structlog.get_logger("assist")


@dataclass(frozen=True, slots=True)
class Terms:
    """Where the service is, which of its models may be used ("" = none), and how much of it.

    `daily_budget` in requests a day, `timeout` in seconds a question.
    """

    url: str
    key: str = field(default="", repr=False)
    embeddings: str = ""
    chat: str = ""
    daily_budget: int = 1000
    timeout: float = 4.0


@dataclass(frozen=True, slots=True)
class Better:
    """What a question may mean, what to do about it, and a combination to offer with a choice."""

    matches: tuple[Match, ...]
    band: Band
    combined: Combined | None = None


@dataclass(slots=True)
class _Held:
    """A community's vectors: those of `version` of its entries, and those fetched so far."""

    version: int = -1
    vectors: Vectors | None = None
    known: Known = field(default_factory=dict)


class Assist:
    """Never in the way: whatever goes wrong, the default's thought stands, at most `timeout` later.

    Nothing is asked where the default answers by itself, and nothing about small talk.
    """

    def __init__(self, terms: Terms, database: Database, world: World) -> None:
        self._database = database
        self._world = world
        self._seconds = terms.timeout
        self._host = urlsplit(terms.url).hostname or ""
        self._client = Client(terms.url, terms.key)
        budget = Budget(database, world, terms.daily_budget)
        self._chat_model = terms.chat
        self._chat = Service("chat/completions", self._client, budget, world)
        self._embedder = (
            Embedder(Service("embeddings", self._client, budget, world), terms.embeddings)
            if terms.embeddings
            else None
        )
        self._held: dict[str, _Held] = {}
        self._asked: dict[bytes, Floats] = {}
        self._made: dict[tuple[str, ...], Combined | None] = {}
        self._learning: dict[str, asyncio.Task[None]] = {}

    @classmethod
    def of(cls, terms: Terms, database: Database, world: World) -> Self | None:
        """None when it is off: without an address, or without a model."""
        on = terms.url and (terms.embeddings or terms.chat)
        return cls(terms, database, world) if on else None

    async def better(
        self,
        community: str,
        version: int,
        question: str,
        matches: Sequence[Match],
        decide: Callable[[Sequence[Match]], Band],
    ) -> Better:
        """What the default made of `question`, or better; `version` is that of the entries.

        `decide` is the community's `band`. Not to be awaited inside a view of the database.
        """
        found = Better(tuple(matches), decide(matches))
        if found.band == "answer" or not normalise(question) or small_talk(question):
            return found
        end = asyncio.get_running_loop().time() + self._seconds
        try:
            found = await self._fused(found, community, version, question, decide, end)
            if found.band == "choose" and self._chat_model:
                made = await self._combined(community, version, question, found.matches, end)
                found = replace(found, combined=made)
        except TimeoutError:
            log.info("assist failed", why="the database was not there in time")
        except Exception:  # a help that fails must not fail what it helps
            log.exception("assist broke")
        return found

    @property
    def privacy(self) -> Say:
        """What fans must know about it."""
        return Say("assist.privacy", host=self._host)

    async def learnt(self) -> None:
        """Returns once no vectors are being fetched."""
        await asyncio.gather(*self._learning.values())

    async def close(self) -> None:
        """Stop learning and let go of every connection."""
        learning = list(self._learning.values())
        for task in learning:
            task.cancel()
        await asyncio.gather(*learning, return_exceptions=True)
        await self._client.close()

    # Embeddings -------------------------------------------------------------------------------

    async def _fused(
        self, found: Better, community: str, version: int, question: str,
        decide: Callable[[Sequence[Match]], Band], end: float,
    ) -> Better:  # fmt: skip
        """Only what both readings put first is answered, and nothing the default would hand over:
        embeddings turn a hand-over into a choice, and a choice into an answer."""
        vectors = self._vectors(community, version)
        if vectors is None or self._embedder is None:
            return found
        asked = await self._vector(self._embedder, masked(question), end)
        if asked is None:
            return found
        matches = await asyncio.to_thread(fuse, found.matches, asked, vectors, language(question))
        band = decide(matches)
        agreed = found.band == "choose" and matches[0].entry == found.matches[0].entry
        return Better(tuple(matches), "choose" if band == "answer" and not agreed else band)

    async def _vector(self, embedder: Embedder, question: str, end: float) -> Floats | None:
        key = content(question)
        if key not in self._asked:
            left = end - asyncio.get_running_loop().time()
            rows = await embedder.of([question], left)
            if rows is None:
                return None
            _keep(self._asked, key, rows[0], _REMEMBERED)
        return self._asked[key]

    def _vectors(self, community: str, version: int) -> Vectors | None:
        """Those at hand. If they are old, newer ones are fetched meanwhile; nobody waits for it."""
        held = self._held.get(community) or _Held()
        idle = community not in self._learning
        if self._embedder and held.version < version and idle and not self._embedder.resting:
            _keep(self._held, community, held, _COMMUNITIES)
            task = asyncio.create_task(self._learn(self._embedder, community, held))
            self._learning[community] = task
            task.add_done_callback(lambda _: self._learning.pop(community, None))
        return held.vectors

    async def _learn(self, embedder: Embedder, community: str, held: _Held) -> None:
        try:
            async with self._database.read() as tx:
                version = await knowledge.version(tx, community)
                taught = await Taught.read(tx, community)
            phrases = taught.phrases()[:MOST]
            every = max(1, len(background()) // _BACKGROUND)
            small = background()[::every][:_BACKGROUND]
            vectors = await embedder.learn(phrases, small, held.known) if phrases else None
            if vectors is not None or not phrases:
                held.version, held.vectors = version, vectors
        except Exception:  # the task has nobody else to tell
            log.exception("assist broke")

    # Chat -------------------------------------------------------------------------------------

    async def _combined(
        self, community: str, version: int, question: str, matches: Sequence[Match], end: float
    ) -> Combined | None:
        """Of two entries at least: one alone is better said in the team's own words."""
        wanted = "en" if language(question) == "en" else "bn"
        likely = [match.entry for match in matches if match.p >= _LIKELY_ENOUGH]
        async with asyncio.timeout_at(end):
            named = grounded.sources(await self._entries(community, likely), wanted)
        if len(named) < 2:
            return None
        key = (community, str(version), wanted, normalise(question), *likely)
        if key not in self._made:
            fence = self._world.random(12).hex()
            body = grounded.request(self._chat_model, question, named, wanted, fence)
            left = end - asyncio.get_running_loop().time()
            reply = await self._chat.ask(body, grounded.content, left)
            if reply is None:
                return None
            _keep(self._made, key, _checked(reply, named, wanted), _REMEMBERED)
        return self._made[key]

    async def _entries(self, community: str, ids: Sequence[str]) -> list[Entry]:
        async with self._database.read() as tx:
            found = [await knowledge.get(tx, community, id) for id in ids]
        return [entry for entry in found if entry is not None]


def _checked(reply: str, named: dict[str, Entry], wanted: str) -> Combined | None:
    try:
        return grounded.combined(reply, named, wanted)
    except Refused as refused:
        log.info("assist text refused", why=str(refused))
        return None


def _keep(held: dict[K, V], key: K, value: V, most: int) -> None:
    """Keep the newest `most`."""
    held.pop(key, None)
    while len(held) >= most:
        del held[next(iter(held))]
    held[key] = value
