"""What a community's team taught: entries, ways to ask for them, and their answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from storage import cards
from storage.cards import Fact
from storage.tx import Row, Tx

_NEAREST = {"bn-Latn": ("bn",), "bn": ("bn-Latn",)}  # to be read by whoever reads the other


@dataclass(frozen=True, slots=True)
class Draft:
    """What an entry should say. `asked` is `question` normalised and not empty, `answers` are by
    language ("bn", "bn-Latn" or "en"), `phrases` other ways to ask, `ref` the creator's own id."""

    question: str
    asked: str
    answers: Mapping[str, str]
    phrases: Sequence[str] = ()
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """`number` is how people name it; `helpful` and `wrong` count what fans said of its answer.

    `facts` are what a product's card says, by name; `link` is the sponsored link it is an ad for.
    """

    id: str
    number: int
    question: str
    answers: Mapping[str, str]
    helpful: int = 0
    wrong: int = 0
    facts: Mapping[str, Fact] = field(default_factory=dict, hash=False)
    link: str | None = None

    def answer(self, language: str) -> str:
        """The answer in this language, else in the nearest there is."""
        wanted = (language, *_NEAREST.get(language, ()), *self.answers)
        return next((self.answers[name] for name in wanted if self.answers.get(name)), "")


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry as it was put; `before` has the answers that were replaced, None when it is new."""

    id: str
    number: int
    before: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Taken:
    """The question belongs to the entry with this number, which has another ref."""

    number: int


async def version(tx: Tx, community: str) -> int:
    """Greater after every change of the community's entries."""
    row = await tx.one("knowledge_version", community=community)
    return int(row["version"]) if row else 0


async def texts(tx: Tx, community: str) -> list[tuple[str, str, int]]:
    """(entry, a way to ask for it, position), an entry's question first, at position 0."""
    rows = await tx.all("knowledge_texts", community=community)
    return [(r["entry"], r["text"], r["position"]) for r in rows]


async def answers(tx: Tx, community: str) -> list[tuple[str, str]]:
    """(entry, answer), a row a language."""
    rows = await tx.all("knowledge_answers", community=community)
    return [(r["entry"], r["answer"]) for r in rows]


async def put(tx: Tx, community: str, draft: Draft, new_id: str, now: int) -> Kept | Taken:
    """Add the entry, or change the one with this ref or, without a ref, this question.

    The answers are replaced whole, so that no language keeps an old price; phrases are added to
    those there are.
    """
    await tx.run("knowledge_changed", community=community)  # the first lock of every change
    found = await _alike(tx, community, draft)
    if isinstance(found, Taken):
        return found
    if found is None:
        row = await tx.one("knowledge_number", community=community)
        kept = Kept(new_id, row["last_number"] if row else 0, None)
        await tx.run(
            "entry_add", id=kept.id, community=community, number=kept.number, ref=draft.ref,
            asked=draft.asked, now=now,
        )  # fmt: skip
    else:
        kept = Kept(found["id"], found["number"], await _answers(tx, found["id"]))
        await tx.run("entry_change", id=kept.id, ref=draft.ref, asked=draft.asked, now=now)
    await _write(tx, kept.id, draft)
    return kept


async def _alike(tx: Tx, community: str, draft: Draft) -> Row | Taken | None:
    """The entry that `draft` is a new text of."""
    rows = await tx.all("entry_like", community=community, asked=draft.asked, ref=draft.ref)
    by_asked = next((r for r in rows if r["asked"] == draft.asked), None)
    by_ref = next((r for r in rows if draft.ref is not None and r["ref"] == draft.ref), None)
    if by_asked is None or draft.ref is None or by_asked["ref"] == draft.ref:
        return by_ref or by_asked
    if by_ref is not None or by_asked["ref"] is not None:
        return Taken(by_asked["number"])
    return by_asked


async def _write(tx: Tx, entry: str, draft: Draft) -> None:
    await tx.run("entry_questions_before", entry=entry, text=draft.question)
    await tx.run("entry_question", entry=entry, text=draft.question)
    if draft.phrases:
        await tx.many("entry_phrases", [{"entry": entry, "text": p} for p in draft.phrases])
    await _answer(tx, entry, draft.answers)


async def _answer(tx: Tx, entry: str, answers: Mapping[str, str]) -> None:
    await tx.run("entry_answers_drop", entry=entry)
    rows = [{"entry": entry, "language": name, "answer": text} for name, text in answers.items()]
    await tx.many("entry_answers", rows)


async def get(tx: Tx, community: str, entry: str) -> Entry | None:
    """An entry that was not removed."""
    row = await tx.one("entry_get", community=community, id=entry)
    return await _entry(tx, row) if row else None


async def begin(tx: Tx, community: str) -> None:
    """From here to the end of the unit nobody else changes what this community taught."""
    await tx.run("knowledge_changed", community=community)


async def alike(tx: Tx, community: str, asked: str) -> Entry | None:
    """The entry with this normalised question."""
    rows = await tx.all("entry_like", community=community, asked=asked, ref=None)
    return await get(tx, community, rows[0]["id"]) if rows else None


async def set_aside(tx: Tx, community: str, draft: Draft, new_id: str, now: int) -> None:
    """Keep an entry that nobody is answered from until `publish` or `swap` takes it."""
    await tx.run("knowledge_changed", community=community)
    row = await tx.one("knowledge_number", community=community)
    await tx.run(
        "entry_set_aside", id=new_id, community=community, number=row["last_number"] if row else 0,
        asked=draft.asked, now=now,
    )  # fmt: skip
    await _write(tx, new_id, draft)


async def aside(tx: Tx, community: str, entry: str) -> Entry | None:
    """An entry that was set aside, or removed."""
    row = await tx.one("entry_aside", community=community, id=entry)
    return await _entry(tx, row) if row else None


async def swap(tx: Tx, community: str, entry: str, other: str) -> tuple[Entry, Entry] | None:
    """Give an entry the answers of one set aside, and the other way round; both as they are then.

    None when either is not there any more.
    """
    await tx.run("knowledge_changed", community=community)
    here, there = await get(tx, community, entry), await aside(tx, community, other)
    if here is None or there is None:
        return None
    await _answer(tx, entry, there.answers)
    await _answer(tx, other, here.answers)
    return replace(here, answers=there.answers), replace(there, answers=here.answers)


async def publish(
    tx: Tx, community: str, entry: str, question: str, asked: str, now: int
) -> bool:  # fmt: skip
    """Bring back an entry set aside, or rename one, under this question; what it was asked by
    stays a way to ask for it. False when another has the question, or the entry is not there."""
    await tx.run("knowledge_changed", community=community)
    if await tx.one("entry_publish", community=community, id=entry, asked=asked, now=now) is None:
        return False
    await tx.run("entry_questions_before", entry=entry, text=question)
    await tx.run("entry_question", entry=entry, text=question)
    return True


async def set_answer(tx: Tx, community: str, entry: str, language: str, text: str) -> None:
    """What an entry of this community says in one language; nothing when empty."""
    await tx.run("knowledge_changed", community=community)
    answers = await _answers(tx, entry) | {language: text}
    await _answer(tx, entry, {name: said for name, said in answers.items() if said})


async def numbered(tx: Tx, community: str, number: int) -> str | None:
    """The id of the entry people know by this number."""
    row = await tx.one("entry_numbered", community=community, number=number)
    return row["id"] if row else None


async def page(tx: Tx, community: str, most: int, skip: int) -> tuple[list[Entry], int]:
    """Entries in order of their numbers, and how many there are in all."""
    rows = await tx.all("entries_page", community=community, most=most, skip=skip)
    total = await tx.one("entries_count", community=community)
    return [await _entry(tx, row) for row in rows], total["entries"] if total else 0


async def remove(tx: Tx, community: str, entry: str, now: int) -> bool:
    """True when it was there; `restore` brings it back."""
    if await tx.one("entry_remove", community=community, id=entry, now=now) is None:
        return False
    await tx.run("knowledge_changed", community=community)
    return True


async def restore(tx: Tx, community: str, entry: str, now: int) -> bool:
    """False when it was never removed, or another has its question or ref by now."""
    if await tx.one("entry_restore", community=community, id=entry, now=now) is None:
        return False
    await tx.run("knowledge_changed", community=community)
    return True


async def helped(tx: Tx, community: str, entry: str) -> None:
    """A fan said that the answer was of use."""
    await tx.run("entry_helped", community=community, id=entry)


async def erred(tx: Tx, community: str, entry: str) -> None:
    """A fan said that it was the wrong answer."""
    await tx.run("entry_erred", community=community, id=entry)


async def _answers(tx: Tx, entry: str) -> dict[str, str]:
    rows = await tx.all("entry_answers_of", entry=entry)
    return {r["language"]: r["answer"] for r in rows}


async def _entry(tx: Tx, row: Row) -> Entry:
    answers = await _answers(tx, row["id"])
    return Entry(
        row["id"], row["number"], row["question"], answers, row["helpful"], row["wrong"],
        await cards.facts(tx, row["id"]), row["link"],
    )  # fmt: skip
