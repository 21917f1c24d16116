"""What a community set for its answers: how sure the bot must be, and words that mean the same."""

from __future__ import annotations

from dataclasses import dataclass

from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Synonym:
    """Whoever writes `word` may mean `means`; both are normalised."""

    id: str
    word: str
    means: str


async def care(tx: Tx, community: str) -> int | None:
    """The step from 1 (very careful) to 5 (eager); None as long as nobody chose one."""
    row = await tx.one("care_get", community=community)
    return row["care"] if row else None


async def set_care(tx: Tx, community: str, step: int) -> None:
    await tx.run("care_put", community=community, care=step)


async def add_synonym(tx: Tx, community: str, id: str, word: str, means: str) -> bool:
    """False when it was there."""
    await tx.run("knowledge_changed", community=community)
    row = await tx.one("synonym_add", id=id, community=community, word=word, means=means)
    return row is not None


async def remove_synonym(tx: Tx, community: str, id: str) -> Synonym | None:
    """What was removed, None when it was gone."""
    await tx.run("knowledge_changed", community=community)
    row = await tx.one("synonym_remove", id=id, community=community)
    return Synonym(id, row["word"], row["means"]) if row else None


async def synonyms(tx: Tx, community: str) -> list[tuple[str, str]]:
    """(word, means) of all."""
    rows = await tx.all("synonyms_all", community=community)
    return [(r["word"], r["means"]) for r in rows]


async def synonyms_page(tx: Tx, community: str, most: int, skip: int) -> list[Synonym]:
    rows = await tx.all("synonyms_page", community=community, most=most, skip=skip)
    return [Synonym(r["id"], r["word"], r["means"]) for r in rows]


async def synonyms_count(tx: Tx, community: str) -> int:
    row = await tx.one("synonyms_count", community=community)
    return int(row["synonyms"]) if row else 0
