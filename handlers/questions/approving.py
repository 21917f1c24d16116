"""What the team does with proposals: /learn list, approve, change, discard, and take back."""

from __future__ import annotations

from bot.book import Run
from bot.feature import Context, Feature
from bot.model import Button, Effect, Field, Form, Refuse, Reply, Role, Say
from bot.present import fit
from handlers.questions import kept
from handlers.questions.actions import (
    Approve,
    ApproveLikely,
    Browse,
    Discard,
    Edit,
    Preview,
    Unlearn,
)
from handlers.questions.drafts import ANSWER, QUESTION, answers_of, draft
from handlers.questions.entries import undisclosed
from handlers.questions.learning import approve_wording, learn, likely, pending, preview
from handlers.questions.normalise import normalise
from handlers.questions.waiting import told
from storage import counts, knowledge, proposals, questions
from storage.proposals import Proposal

PAGE = 5
_REST = Button(Say("learn.rest"), Run.of("learn list"))


def approving(feature: Feature, public_url: str) -> None:
    """/learn list and the buttons of proposals; answers under `public_url` are ads."""

    @feature.command("learn list", role=Role.HELPER)
    async def list_(ctx: Context) -> Reply:
        return await _page(ctx, "")

    @feature.pressed(Browse, role=Role.HELPER)
    async def browse(ctx: Context, press: Browse) -> Reply:
        return await _page(ctx, press.after)

    @feature.pressed(Preview, role=Role.HELPER)
    async def show(ctx: Context, press: Preview) -> Reply:
        return Reply(*await preview(ctx, await pending(ctx, press.proposal)))

    _deciding(feature)
    _refusing(feature)
    _editing(feature, public_url)


def _deciding(feature: Feature) -> None:
    @feature.pressed(Approve, role=Role.HELPER)
    async def approve(ctx: Context, press: Approve) -> list[Effect]:
        found = await pending(ctx, press.proposal)
        if found.answer is not None:
            return await _learnt(ctx, found, found.answer)
        number = await approve_wording(ctx, found)
        say = Say("learn.wording", number=number, question=found.text)
        return [Reply(say, (Button(Say("learn.undo"), Unlearn(found.id)), _REST))]

    @feature.pressed(ApproveLikely, role=Role.HELPER)
    async def approve_likely(ctx: Context, press: ApproveLikely) -> Reply:
        """Exactly those that were shown; what stands in the way of one leaves it undecided."""
        shown = await proposals.page(ctx.tx, ctx.community.id, press.after, PAGE)
        lines: list[Say] = []
        buttons: list[Button] = []
        for found in shown:
            if found.id <= press.last and await likely(ctx, found) and await _fits(ctx, found):
                number = await approve_wording(ctx, found)
                lines.append(Say("learn.wording", number=number, question=found.text))
                undo = Say("learn.undo_one", question=fit(found.text, 40, "codepoint"))
                buttons.append(Button(undo, Unlearn(found.id)))
        if not lines:
            raise Refuse(Say("learn.none_likely"))
        return Reply(Say("lines", lines=tuple(lines)), (*buttons, _REST))


def _refusing(feature: Feature) -> None:
    @feature.pressed(Discard, role=Role.HELPER)
    async def discard(ctx: Context, press: Discard) -> Reply:
        """A wording is remembered as decided, so that it is not proposed again tomorrow."""
        found = await pending(ctx, press.proposal)
        await proposals.decide(ctx.tx, ctx.community.id, found.id, ctx.ms)
        say = Say("learn.discarded", question=fit(found.text, 200, "codepoint"))
        return Reply(say, (Button(Say("learn.undo"), Unlearn(found.id)), _REST))

    @feature.pressed(Unlearn, role=Role.HELPER)
    async def unlearn(ctx: Context, press: Unlearn) -> Reply:
        """What was approved or discarded is undecided again."""
        found = await proposals.get(ctx.tx, ctx.community.id, press.proposal)
        if found is None or not found.decided:
            raise Refuse(Say("learn.not_undone"))
        if found.entry is not None:
            await proposals.drop_phrase(ctx.tx, ctx.community.id, found.entry, found.text)
        await proposals.reopen(ctx.tx, ctx.community.id, found.id)
        return Reply(Say("learn.undone"), (_REST,))


async def _fits(ctx: Context, found: Proposal) -> bool:
    """True when nothing stands in the way of a wording."""
    entry = await knowledge.get(ctx.tx, ctx.community.id, found.entry or "")
    rival = await knowledge.alike(ctx.tx, ctx.community.id, normalise(found.text))
    return entry is not None and (rival is None or rival.id == entry.id)


async def _learnt(ctx: Context, found: Proposal, answer: str) -> list[Effect]:
    """The bot knows the entry; whoever waits for this answer gets it."""
    if not await proposals.decide(ctx.tx, ctx.community.id, found.id, ctx.ms):
        raise Refuse(Say("learn.decided"))
    learnt = await learn(ctx, found.text, answers_of(answer, ctx.community.language))
    asked = []
    if found.question is not None:
        asked = await questions.answer(ctx.tx, ctx.community.id, found.question, ctx.ms)
    await proposals.drop(ctx.tx, ctx.community.id, found.id)
    lines = [Say("inbox.learnt", number=learnt.number)]
    if asked:
        people = len({one.member for one in asked})
        await counts.told(ctx.tx, ctx.community.id, kept.day(ctx), people)
        lines.append(Say("inbox.done", people=people))
    reply = Reply(
        Say("lines", lines=tuple(lines)), (Button(Say("inbox.unlearn"), learnt.undo), _REST)
    )
    notice = await kept.notice(ctx) if asked else []
    return [reply, *told(ctx, asked, answer, found.said), *notice]


def _editing(feature: Feature, public_url: str) -> None:
    @feature.pressed(Edit, role=Role.HELPER)
    async def edit(ctx: Context, press: Edit) -> Form:
        found = await pending(ctx, press.proposal)
        fields = (
            Field("question", Say("option.question"), False, limit=QUESTION, value=found.text),
            Field(
                "answer", Say("option.answer"), False, long=True, limit=ANSWER,
                value=found.answer or "",
            ),
        )  # fmt: skip
        return Form(Say("learn.title"), fields, press)

    @feature.filled(Edit, role=Role.HELPER)
    async def edited(ctx: Context, form: Edit, question: str = "", answer: str = "") -> Reply:
        made = draft(question, answers_of(answer, ctx.community.language))
        await undisclosed(ctx, public_url, answer)
        if not await proposals.edit(
            ctx.tx, ctx.community.id, form.proposal, made.question, made.asked, answer.strip()
        ):
            raise Refuse(Say("learn.decided"))
        return Reply(*await preview(ctx, await pending(ctx, form.proposal)))


async def _page(ctx: Context, after: str) -> Reply:
    rows = await proposals.page(ctx.tx, ctx.community.id, after, PAGE + 1)
    if not rows:
        return Reply(Say("learn.none"))
    shown = rows[:PAGE]
    lines = [Say("learn.head", count=await proposals.count(ctx.tx, ctx.community.id))]
    buttons: list[Button] = []
    any_likely = False
    for number, found in enumerate(shown, 1):
        lines.append(await _line(ctx, number, found))
        whole = found.answer is not None
        buttons.append(
            Button(Say("learn.look", number=number), Preview(found.id))
            if whole
            else Button(Say("learn.approve_one", number=number), Approve(found.id))
        )
        buttons.append(Button(Say("learn.discard_one", number=number), Discard(found.id)))
        any_likely = any_likely or await likely(ctx, found)
    if any_likely:
        buttons.append(Button(Say("learn.likely"), ApproveLikely(after, shown[-1].id)))
    if len(rows) > PAGE:
        buttons.append(Button(Say("learn.more"), Browse(shown[-1].id)))
    return Reply(Say("lines", lines=tuple(lines)), tuple(buttons))


async def _line(ctx: Context, number: int, found: Proposal) -> Say:
    text = fit(" ".join(found.text.split()), 200, "codepoint")
    if found.answer is not None:
        answer = fit(" ".join(found.answer.split()), 160, "codepoint")
        return Say("learn.entry", number=number, question=text, answer=answer)
    entry = await knowledge.get(ctx.tx, ctx.community.id, found.entry or "")
    if entry is None:
        return Say("learn.orphan", number=number, question=text)
    mark = Say("learn.is_likely") if await likely(ctx, found) else Say("text", text="")
    return Say(
        "learn.way", number=number, question=text, entry=entry.number,
        asked=fit(entry.question, 100, "codepoint"), people=found.people, mark=mark,
    )  # fmt: skip
