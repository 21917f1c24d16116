"""Learning: what the team replies and what fans confirm is proposed, and kept once approved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.feature import Context
from bot.model import Action, Button, Refuse, Say
from bot.present import fit
from bot.wire import millis
from handlers.questions import kept
from handlers.questions.actions import Approve, Discard, Edit
from handlers.questions.drafts import QUESTION, draft
from handlers.questions.entries import Remove, Swap
from handlers.questions.grouping import likeness, meaning
from handlers.questions.normalise import normalise
from storage import knowledge, proposals
from storage.knowledge import Taken
from storage.proposals import Proposal, Where
from storage.questions import Question

WAYS = 200  # to ask for one entry; more is not a knowledge base but an archive
ENOUGH = 2  # people who mean an entry by the same words make a likely wording …
LIKE = 0.5  # … when it also names half of what another wording of that entry names
SHOWN = 600  # characters of an answer in a preview


@dataclass(frozen=True, slots=True)
class Learnt:
    """An entry the bot knows from now on; `undo` takes it back."""

    id: str
    number: int
    undo: Action


async def learn(ctx: Context, question: str, answers: Mapping[str, str]) -> Learnt:
    """Keep an entry; where there is one of the same question, it gets these answers."""
    home = ctx.community.id
    made = draft(fit(question, QUESTION, "codepoint"), answers)
    there = await knowledge.alike(ctx.tx, home, made.asked)
    if there is not None:
        aside = ctx.new_id()
        await knowledge.set_aside(ctx.tx, home, made, aside, ctx.ms)
        await knowledge.swap(ctx.tx, home, there.id, aside)
        return Learnt(there.id, there.number, Swap(there.id, aside))
    learnt = await knowledge.put(ctx.tx, home, made, ctx.new_id(), ctx.ms)
    if isinstance(learnt, Taken):
        raise TypeError("an entry without a ref cannot be taken")
    return Learnt(learnt.id, learnt.number, Remove(learnt.id))


# Proposing -------------------------------------------------------------------------------------


async def propose_wording(ctx: Context, entry: str, text: str, member: str | None = None) -> None:
    """`member`, or whoever acts, means this entry by `text`: for the team to approve."""
    plain = normalise(text)
    ways = await proposals.phrases(ctx.tx, entry)
    if not plain or len(text) > QUESTION or plain in map(normalise, ways):
        return
    await proposals.add_wording(
        ctx.tx, ctx.community.id, entry, plain, text, member or ctx.member.id, ctx.new_id(),
        _forget_at(ctx),
    )  # fmt: skip


async def propose_wordings(ctx: Context, entry: str, asked: Iterable[Question]) -> None:
    """Other words of those who have the same answer."""
    for question in {normalise(one.text): one for one in asked}.values():
        await propose_wording(ctx, entry, question.text, question.member)


async def propose_entry(
    ctx: Context, question: str, answer: str, found: Question | None, asker: str | None,
    said: Where | None = None,
) -> Proposal:  # fmt: skip
    """An entry for the team to approve; it may answer the kept question `found`."""
    id = ctx.new_id()
    await proposals.add_entry(
        ctx.tx, ctx.community.id, id, question, normalise(question), answer, _forget_at(ctx),
        question=found.id if found else None, asker=found.member if found else asker, said=said,
    )  # fmt: skip
    return await pending(ctx, id)


def _forget_at(ctx: Context) -> int:
    return millis(ctx.now + kept.FOR_TEAM)


async def pending(ctx: Context, proposal: str) -> Proposal:
    """A proposal that nobody has decided yet. Raises Refuse."""
    found = await proposals.get(ctx.tx, ctx.community.id, proposal)
    if found is None or found.decided:
        raise Refuse(Say("learn.decided"))
    return found


# Showing ---------------------------------------------------------------------------------------


async def preview(ctx: Context, found: Proposal) -> tuple[Say, tuple[Button, ...]]:
    """A proposed entry as it would be, and what can be done with it."""
    answer = fit(found.answer or "", SHOWN, "codepoint")
    lines = [Say("learn.preview", question=found.text, answer=answer)]
    there = await knowledge.alike(ctx.tx, ctx.community.id, normalise(found.text))
    if there is not None:
        lines.append(Say("learn.replaces", number=there.number))
    buttons = (
        Button(Say("learn.approve"), Approve(found.id)),
        Button(Say("learn.edit"), Edit(found.id)),
        Button(Say("learn.discard"), Discard(found.id)),
    )
    return Say("lines", lines=tuple(lines)), buttons


async def likely(ctx: Context, found: Proposal) -> bool:
    """True for a wording that several people wrote and that resembles its entry. However many
    they are, what resembles nothing of it is approved one by one."""
    if found.entry is None or found.answer is not None or found.people < ENOUGH:
        return False
    said = meaning(found.text)
    ways = await proposals.phrases(ctx.tx, found.entry)
    return any(likeness(said, meaning(way)) >= LIKE for way in ways)


# Deciding --------------------------------------------------------------------------------------


async def approve_wording(ctx: Context, found: Proposal) -> int:
    """The entry's number. Raises Refuse when it cannot be asked for like that."""
    home = ctx.community.id
    entry = await knowledge.get(ctx.tx, home, found.entry or "")
    if entry is None:
        raise Refuse(Say("learn.no_entry"))
    rival = await knowledge.alike(ctx.tx, home, normalise(found.text))
    if rival is not None and rival.id != entry.id:
        raise Refuse(Say("learn.taken", number=rival.number))
    if len(await proposals.phrases(ctx.tx, entry.id)) >= WAYS:
        raise Refuse(Say("learn.full", number=entry.number, limit=WAYS))
    if not await proposals.decide(ctx.tx, home, found.id, ctx.ms):
        raise Refuse(Say("learn.decided"))
    await proposals.add_phrase(ctx.tx, home, entry.id, found.text)
    return entry.number
