"""What a community's team taught: entries, ways to ask for them, and their answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storage.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class Draft:
    """What an entry should say. `asked` is `question` normalised and not empty, `answers` are by
    language ("bn", "en"), `phrases` other ways to ask, `ref` the creator's own id for it."""

    question: str
    asked: str
    answers: Mapping[str, str]
    phrases: Sequence[str] = ()
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """`number` is how people name it; `helpful` and `wrong` count what fans said of its answer."""

    id: str
    number: int
    question: str
    answers: Mapping[str, str]
    helpful: int = 0
    wrong: int = 0

    def answer(self, language: str) -> str:
        """The answer in this language, else in the one there is."""
        return self.answers.get(language) or next(iter(self.answers.values()), "")


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
    await tx.run("entry_answers_drop", entry=entry)
    await tx.many(
        "entry_answers",
        [
            {"entry": entry, "language": name, "answer": text}
            for name, text in draft.answers.items()
        ],
    )


async def get(tx: Tx, community: str, entry: str) -> Entry | None:
    """An entry that was not removed."""
    row = await tx.one("entry_get", community=community, id=entry)
    return await _entry(tx, row) if row else None


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
    return Entry(row["id"], row["number"], row["question"], answers, row["helpful"], row["wrong"])
