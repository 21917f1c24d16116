"""Imports: rows kept sealed until somebody applies them, part by part; what they took the place of
is kept a day, so that an import can be undone as a whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from storage import knowledge
from storage.holdings import (
    Content,
    Held,
    content_in,
    content_out,
    held,
    put_answers,
    put_card,
    rewrite,
)
from storage.knowledge import Taken
from storage.seal import Seal
from storage.tx import Row, Tx

WHOLE, PART = 200, 50  # rows applied in one unit: of a short import all, of a long one a part


@dataclass(frozen=True, slots=True)
class Import:
    """`total` rows in `parts`, of which `applied` stand. `added` and `changed` count the entries it
    stands for, `refused` the rows that were not taken in, and `left_out` what applying (or
    undoing) had to leave as it was. `platform` and `user`: who is told."""

    id: str
    platform: str | None
    user: str | None
    language: str
    page: str | None
    parts: int
    total: int
    refused: int
    applied: int
    added: int
    changed: int
    left_out: int
    started_at: int | None
    done_at: int | None
    undoing_at: int | None
    undone_at: int | None
    forget_at: int

    @property
    def rows_applied(self) -> int:
        """How many of `total` stand; all parts but the last are full."""
        return min(self.applied * (WHOLE if self.parts == 1 else PART), self.total)


def seal_rows(seal: Seal, contents: Sequence[Content]) -> list[str]:
    """The rows in sealed parts. Slow for many: for a thread."""
    size = WHOLE if len(contents) <= WHOLE else PART
    return [
        _closed(seal, [content_out(one) for one in contents[at : at + size]])
        for at in range(0, len(contents), size)
    ]


async def add(
    tx: Tx, community: str, new_id: str, teller: tuple[str, str, str] | None, forget_at: int,
    page: str | None = None,
) -> None:  # fmt: skip
    """A new, empty import; `teller` is (platform, user, language) of who is told, None where
    nobody is. `page` is an address to be read."""
    platform, user, language = teller or (None, None, "")
    sealed = tx.seal.close(page) if page is not None else None
    await tx.run(
        "import_add", id=new_id, community=community, platform=platform, user_id=user,
        language=language, page_sealed=sealed, forget_at=forget_at,
    )  # fmt: skip


async def fill(
    tx: Tx, community: str, id: str, parts: Sequence[str], total: int, refused: int
) -> bool:
    """Put sealed rows into an empty import. False when it is gone or has some."""
    values = {"parts": len(parts), "total": total, "refused": refused}
    if await tx.one("import_fill", id=id, community=community, **values) is None:
        return False
    await tx.many(
        "import_parts_add",
        [{"id": id, "part": at, "rows_sealed": part} for at, part in enumerate(parts, 1)],
    )
    return True


async def get(tx: Tx, community: str, id: str) -> Import | None:
    row = await tx.one("import_get", id=id, community=community)
    return _import(tx, row) if row else None


async def start(tx: Tx, community: str, id: str, now: int) -> bool:
    """From now on `forward` works. False when it was started before, is gone, or has no rows."""
    return await tx.one("import_start", id=id, community=community, now=now) is not None


async def undo(tx: Tx, community: str, id: str, now: int) -> bool:
    """From now on `backward` works. False when it is not done, being undone, or gone."""
    if await tx.one("import_undo", id=id, community=community, now=now) is None:
        return False
    await tx.run("import_left_none", id=id)
    return True


async def forward(
    tx: Tx, community: str, id: str, new_id: Callable[[], str], now: int, forget_at: int
) -> Import | None:
    """Apply the next part, in this unit. None when there is none, or another unit has it."""
    row = await tx.one("import_forward", id=id, community=community)
    if row is None:
        return None
    part = row["applied"]
    kept = await tx.one("import_part", id=id, part=part)
    rows = [content_in(raw) for raw in _opened(tx.seal, kept["rows_sealed"])] if kept else []
    before: list[list[Any]] = []
    left_out = 0
    for content in rows:
        done = await _put(tx, community, content, new_id(), now)
        if done is None:
            left_out += 1
        else:
            before.append(done)
    sealed = _closed(tx.seal, before)
    await tx.run("import_part_done", id=id, part=part, before_sealed=sealed, now=now)
    changed = sum(old is not None for _, old in before)
    counted = await tx.one(
        "import_counted", id=id, added=len(before) - changed, changed=changed, left_out=left_out,
        now=now, forget_at=forget_at,
    )  # fmt: skip
    return _import(tx, counted) if counted else None


async def _put(tx: Tx, community: str, content: Content, new_id: str, now: int) -> list[Any] | None:
    """[entry, what it said before or None]; None when its question is another entry's."""
    draft = content.draft
    rows = await tx.all("held_like", community=community, asked=draft.asked, ref=draft.ref)
    before = {row["id"]: await held(tx, row) for row in rows}
    kept = await knowledge.put(tx, community, draft, new_id, now)
    if isinstance(kept, Taken):
        return None
    if not draft.answers and kept.before:  # a row of a price list leaves the words alone
        await put_answers(tx, kept.id, kept.before)
    await put_card(tx, community, kept.id, content, now)
    old: Held | None = before.get(kept.id)
    return [kept.id, content_out(old.content) if old else None]


async def backward(tx: Tx, community: str, id: str, now: int) -> Import | None:
    """Undo the last part that stands; entries changed or removed since are left as they are.

    None when there is none, or another unit has it.
    """
    row = await tx.one("import_backward", id=id, community=community)
    if row is None:
        return None
    kept = await tx.one("import_part", id=id, part=row["applied"] + 1)
    counts = {"added": 0, "changed": 0, "left_out": 0}
    if kept is not None and kept["before_sealed"] is not None:
        await tx.run("knowledge_changed", community=community)  # the first lock of every change
        for entry, raw in reversed(_opened(tx.seal, kept["before_sealed"])):
            old = content_in(raw) if raw is not None else None
            back = await _back(tx, community, entry, old, kept["applied_at"], now)
            counts["changed" if old else "added"] += 1
            counts["left_out"] += not back
    counted = await tx.one("import_uncounted", id=id, now=now, **counts)
    return _import(tx, counted) if counted else None


async def _back(
    tx: Tx, community: str, entry: str, old: Content | None, changed_at: int, now: int
) -> bool:
    values = {"id": entry, "community": community, "changed_at": changed_at, "now": now}
    if old is None:
        return await tx.one("import_entry_out", **values) is not None
    values |= {"ref": old.draft.ref, "asked": old.draft.asked}
    if await tx.one("import_entry_back", **values) is None:
        return False
    await rewrite(tx, community, entry, old, now)
    return True


async def drop(tx: Tx, community: str, id: str) -> bool:
    """Forget an import and what it took the place of; what it applied stays."""
    await tx.run("import_drop_parts", id=id, community=community)
    return await tx.one("import_drop", id=id, community=community) is not None


async def of_member(tx: Tx, community: str, member: str) -> list[tuple[int, int]]:
    """(rows, kept until) of this person's imports."""
    rows = await tx.all("imports_of", community=community, member=member)
    return [(row["total"], row["forget_at"]) for row in rows]


async def forget(tx: Tx, community: str, member: str) -> None:
    """Nobody knows any more whose imports these were."""
    await tx.run("imports_forget", community=community, member=member)


def _import(tx: Tx, row: Row) -> Import:
    page = tx.seal.open(row["page_sealed"]) if row["page_sealed"] is not None else None
    return Import(
        row["id"], row["platform"], row["user_id"], row["language"], page, row["parts"],
        row["total"], row["refused"], row["applied"], row["added"], row["changed"],
        row["left_out"], row["started_at"], row["done_at"], row["undoing_at"], row["undone_at"],
        row["forget_at"],
    )  # fmt: skip


def _closed(seal: Seal, raw: Any) -> str:
    return seal.close(json.dumps(raw, ensure_ascii=False, separators=(",", ":")))


def _opened(seal: Seal, sealed: str) -> list[Any]:
    found: list[Any] = json.loads(seal.open(sealed))
    return found
