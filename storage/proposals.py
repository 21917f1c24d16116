"""What the bot might learn until the team has decided: entries, and wordings of them; sealed."""

from __future__ import annotations

from dataclasses import dataclass

from storage.questions import same
from storage.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class Where:
    """A public place where an answer was said for all to read."""

    platform: str
    chat: str
    thread: str | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """With an `answer` a new entry, which answers the kept `question` if any; without one a
    wording of `entry`, as `people` wrote it. `said` is where the answer stands already."""

    id: str
    entry: str | None
    question: str | None
    text: str
    answer: str | None
    said: Where | None
    people: int
    decided: bool


async def add_wording(
    tx: Tx, community: str, entry: str, plain: str, text: str, member: str, new_id: str,
    forget_at: int,
) -> None:  # fmt: skip
    """`member` meant this entry by `text` (`plain`: normalised). Nothing when it was decided."""
    key = same(tx, community, plain)
    await tx.run(
        "proposal_wording", id=new_id, community=community, entry=entry, same=key,
        text_sealed=tx.seal.close(text), forget_at=forget_at,
    )  # fmt: skip
    row = await tx.one("proposal_of_wording", community=community, entry=entry, same=key)
    if row is not None:
        await tx.run("proposal_person", proposal=row["id"], member=member)


async def take_back(tx: Tx, community: str, entry: str, plain: str, member: str) -> None:
    """`member` did not mean this entry after all."""
    key = same(tx, community, plain)
    row = await tx.one("proposal_of_wording", community=community, entry=entry, same=key)
    if row is not None:
        await tx.run("proposal_person_leaves", proposal=row["id"], member=member)
        await tx.run("proposal_forget", id=row["id"])


async def add_entry(
    tx: Tx, community: str, new_id: str, text: str, plain: str, answer: str, forget_at: int, *,
    question: str | None = None, asker: str | None = None, said: Where | None = None,
) -> None:  # fmt: skip
    """Propose an entry; `asker` is the member whose words `text` is."""
    where = said or Where("", "", None)
    await tx.run(
        "proposal_entry", id=new_id, community=community, question=question,
        same=same(tx, community, plain), text_sealed=tx.seal.close(text),
        answer_sealed=tx.seal.close(answer), platform=where.platform or None,
        chat=where.chat or None, thread=where.thread, forget_at=forget_at,
    )  # fmt: skip
    if asker is not None:
        await tx.run("proposal_person", proposal=new_id, member=asker)


def _proposal(tx: Tx, row: Row) -> Proposal:
    answer = tx.seal.open(row["answer_sealed"]) if row["answer_sealed"] else None
    said = Where(row["platform"], row["chat"], row["thread"]) if row["platform"] else None
    return Proposal(
        row["id"], row["entry"], row["question"], tx.seal.open(row["text_sealed"]), answer, said,
        row["people"], row["decided_at"] is not None,
    )  # fmt: skip


async def get(tx: Tx, community: str, proposal: str) -> Proposal | None:
    row = await tx.one("proposal_get", community=community, id=proposal)
    return _proposal(tx, row) if row else None


async def page(tx: Tx, community: str, after: str, most: int) -> list[Proposal]:
    """What is undecided, oldest first, after the one with this id."""
    rows = await tx.all("proposals_page", community=community, after=after, most=most)
    return [_proposal(tx, row) for row in rows]


async def count(tx: Tx, community: str) -> int:
    """How many are undecided."""
    row = await tx.one("proposals_count", community=community)
    return int(row["waiting"]) if row else 0


async def edit(
    tx: Tx, community: str, proposal: str, text: str, plain: str, answer: str
) -> bool:  # fmt: skip
    """Other words for a proposed entry; False when it is decided."""
    changed = await tx.run(
        "proposal_edit", community=community, id=proposal, same=same(tx, community, plain),
        text_sealed=tx.seal.close(text), answer_sealed=tx.seal.close(answer),
    )  # fmt: skip
    return changed > 0


async def decide(tx: Tx, community: str, proposal: str, now: int) -> bool:
    """True for the first who decides."""
    return await tx.one("proposal_decide", community=community, id=proposal, now=now) is not None


async def reopen(tx: Tx, community: str, proposal: str) -> None:
    """Undecided again."""
    await tx.run("proposal_reopen", community=community, id=proposal)


async def drop(tx: Tx, community: str, proposal: str) -> None:
    """Nothing of it is kept."""
    await tx.run("proposal_drop_people", id=proposal)
    await tx.run("proposal_drop", community=community, id=proposal)


async def of_member(tx: Tx, community: str, member: str, most: int) -> list[str]:
    """This person's words that are kept as proposals, newest first."""
    rows = await tx.all("proposals_of", community=community, member=member, most=most)
    return [tx.seal.open(row["text_sealed"]) for row in rows]


async def forget(tx: Tx, community: str, member: str) -> None:
    """Undecided words of nobody else go with the person."""
    rows = await tx.all("proposals_of", community=community, member=member, most=1_000_000)
    await tx.run("proposals_forget_people", member=member)
    for row in rows:
        await tx.run("proposal_forget", id=row["id"])


async def forget_old(tx: Tx, community: str, now: int) -> None:
    """Delete what is kept long enough."""
    await tx.run("proposals_forget_old_people", community=community, now=now)
    await tx.run("proposals_forget_old", community=community, now=now)


async def phrases(tx: Tx, entry: str) -> list[str]:
    """All ways to ask for an entry, its question first."""
    return [row["text"] for row in await tx.all("phrases_of", entry=entry)]


async def add_phrase(tx: Tx, community: str, entry: str, text: str) -> bool:
    """A new way to ask for an entry; False when it has it."""
    await tx.run("knowledge_changed", community=community)
    return await tx.run("phrase_add", entry=entry, text=text) > 0


async def drop_phrase(tx: Tx, community: str, entry: str, text: str) -> bool:
    """Take a way to ask away from an entry; its question stays."""
    await tx.run("knowledge_changed", community=community)
    return await tx.run("phrase_drop", entry=entry, text=text) > 0
