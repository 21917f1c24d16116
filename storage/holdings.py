"""Entries as a whole, with everything they say: what is exported, compared, and put back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from storage.knowledge import Draft
from storage.tx import Row, Tx

FEW = 200  # drafts that are looked up one by one; for more, everything is read at once


@dataclass(frozen=True, slots=True)
class Content:
    """All that an entry says. `facts` are its product card by name, `checked_at` (ms) when they
    were last seen to, None for now; `link` is the slug of the link it is an ad for."""

    draft: Draft
    facts: Mapping[str, str] = field(default_factory=dict)
    checked_at: int | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """An entry that is there."""

    id: str
    number: int
    content: Content


@dataclass(frozen=True, slots=True)
class Rows:
    """What the database holds of entries, table by table."""

    entries: Sequence[Row]
    texts: Sequence[Row]
    answers: Sequence[Row]
    facts: Sequence[Row]


async def rows_of(tx: Tx, community: str) -> Rows:
    """Of every entry, in order of their numbers."""
    return Rows(
        await tx.all("held_entries", community=community),
        await tx.all("held_texts", community=community),
        await tx.all("held_answers", community=community),
        await tx.all("held_facts", community=community),
    )


async def everything(tx: Tx, community: str) -> list[Held]:
    """Every entry, in order of their numbers. Of thousands, better `joined` in a thread."""
    return joined(await rows_of(tx, community))


async def alike(tx: Tx, community: str, drafts: Sequence[Draft]) -> list[Held]:
    """Every entry that one of these drafts may be a new text of, and perhaps others."""
    if len(drafts) > FEW:
        return await everything(tx, community)
    found: dict[str, Row] = {}
    for one in drafts:
        rows = await tx.all("held_like", community=community, asked=one.asked, ref=one.ref)
        found |= {row["id"]: row for row in rows}
    return [await held(tx, row) for row in found.values()]


async def held(tx: Tx, row: Row) -> Held:
    """The entry of this row (id, number, ref, asked, link)."""
    entry = row["id"]
    texts = await tx.all("held_texts_of", entry=entry)
    answers = await tx.all("held_answers_of", entry=entry)
    facts = await tx.all("held_facts_of", entry=entry)
    return joined(Rows([row], texts, answers, facts))[0]


def joined(rows: Rows) -> list[Held]:
    """Phrases and languages in an order of our own: databases sort letters differently."""
    phrases: dict[str, list[str]] = defaultdict(list)
    questions: dict[str, str] = {}
    for row in rows.texts:
        if row["position"] == 0:
            questions[row["entry"]] = row["text"]
        else:
            phrases[row["entry"]].append(row["text"])
    said: dict[str, dict[str, str]] = defaultdict(dict)
    for row in sorted(rows.answers, key=lambda row: str(row["language"])):
        said[row["entry"]][row["language"]] = row["answer"]
    cards: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows.facts, key=lambda row: str(row["name"])):
        cards[row["entry"]].append(row)
    return [
        Held(
            row["id"],
            row["number"],
            _content(
                Draft(
                    str(questions.get(row["id"], row["asked"])), row["asked"], said[row["id"]],
                    tuple(sorted(phrases[row["id"]])), row["ref"],
                ),
                cards[row["id"]],
                row["link"],
            ),
        )
        for row in rows.entries
    ]  # fmt: skip


def _content(draft: Draft, facts: list[Row], link: str | None) -> Content:
    """A card is as old as its price, else as what was checked longest ago."""
    price = next((row for row in facts if row["name"] == "price"), None)
    oldest = min((row["checked_at"] for row in facts), default=None)
    checked_at = price["checked_at"] if price else oldest
    return Content(draft, {row["name"]: row["value"] for row in facts}, checked_at, link)


def content_out(content: Content) -> list[Any]:
    """Ready for JSON."""
    draft = content.draft
    return [
        draft.question, draft.asked, dict(draft.answers), list(draft.phrases), draft.ref,
        dict(content.facts), content.checked_at, content.link,
    ]  # fmt: skip


def content_in(raw: Sequence[Any]) -> Content:
    """What `content_out` wrote."""
    question, asked, answers, phrases, ref, facts, checked_at, link = raw
    return Content(Draft(question, asked, answers, tuple(phrases), ref), facts, checked_at, link)


async def rewrite(tx: Tx, community: str, entry: str, content: Content, now: int) -> None:
    """The entry says exactly this and nothing else."""
    draft = content.draft
    for query in ("import_phrases_drop", "import_answers_drop", "import_facts_drop"):
        await tx.run(query, entry=entry)
    texts = {draft.question: 0} | {p: 1 for p in draft.phrases if p != draft.question}
    await tx.many(
        "import_phrases",
        [{"entry": entry, "text": text, "position": at} for text, at in texts.items()],
    )
    await put_answers(tx, entry, draft.answers)
    await tx.run("import_link", id=entry, community=community, link=None)
    await put_card(tx, community, entry, content, now)


async def put_answers(tx: Tx, entry: str, answers: Mapping[str, str]) -> None:
    """Answers of an entry that has none."""
    rows = [{"entry": entry, "language": name, "answer": text} for name, text in answers.items()]
    await tx.many("import_answers", rows)


async def put_card(tx: Tx, community: str, entry: str, content: Content, now: int) -> None:
    """What a card says in `content` takes the place of what it said; the rest stays."""
    if content.link is not None:
        await tx.run("import_link", id=entry, community=community, link=content.link)
    checked_at = now if content.checked_at is None else content.checked_at
    await tx.many(
        "import_facts",
        [
            {"entry": entry, "name": name, "value": value, "checked_at": checked_at}
            for name, value in content.facts.items()
        ],
    )
