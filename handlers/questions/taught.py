"""All a community taught, as it is read from the database and made into phrases to be found by."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from handlers.questions.concepts import lexicon_with
from handlers.questions.fields import phrases_of
from handlers.questions.index import Phrase
from handlers.questions.large import Ranking, ranking
from handlers.questions.topics import TOPICS
from storage import cards, knowledge, tuning
from storage.tx import Tx

# How fans ask about a topic of a product, whose name stands before it.
_ASKED: Final = {
    "price": "দাম কত", "colours": "কী কী রং আছে", "sizes": "সাইজ কী কী আছে",
    "stock": "স্টকে আছে কি", "delivery": "ডেলিভারি চার্জ কত", "order": "কীভাবে অর্ডার করব",
}  # fmt: skip

Wording = tuple[str, str]  # (entry, a way to ask for it)


@dataclass(frozen=True, slots=True)
class Taught:
    """`texts` are (entry, way to ask, position), its question at 0; `answers` (entry, answer);
    `facts` (entry, name); `synonyms` (word, what it means)."""

    texts: list[tuple[str, str, int]]
    answers: list[tuple[str, str]]
    facts: list[tuple[str, str]]
    synonyms: list[tuple[str, str]]

    @classmethod
    async def read(cls, tx: Tx, community: str) -> Taught:
        return cls(
            await knowledge.texts(tx, community),
            await knowledge.answers(tx, community),
            await cards.all_facts(tx, community),
            await tuning.synonyms(tx, community),
        )

    def questions(self) -> dict[str, str]:
        """The question of every entry, in order."""
        return {entry: text for entry, text, position in self.texts if position == 0}

    def index(self, without: Collection[Wording] = frozenset()) -> Ranking:
        """Slow: seconds for thousands of entries. See `phrases`."""
        words = lexicon_with(self.synonyms) if self.synonyms else None
        return ranking(self.phrases(without), words)

    def phrases(self, without: Collection[Wording] = frozenset()) -> list[Phrase]:
        """What entries are found by, but for the wordings `without`; an entry that has no other
        wording is left out whole."""
        known = [(entry, text) for entry, text, _ in self.texts if (entry, text) not in without]
        left = {entry for entry, _ in known}
        names = self.questions()
        known += [
            (entry, f"{names[entry]} {_ASKED[topic]}")
            for topic, facts in TOPICS.items()
            for entry in dict.fromkeys(entry for entry, name in self.facts if name in facts)
            if entry in left
        ]
        return phrases_of(known, [one for one in self.answers if one[0] in left])
