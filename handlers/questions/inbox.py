"""The team's inbox: what fans wait for, answered once for everyone who asked the same."""

from __future__ import annotations

from bot.book import Run
from bot.feature import Context, Feature
from bot.model import Button, Effect, Field, Form, Refuse, Reply, Role, Say
from bot.present import fit
from handlers.questions import kept
from handlers.questions.actions import Answer, More, TakeOut, Wordings
from handlers.questions.drafts import ANSWER, answers_of
from handlers.questions.entries import undisclosed
from handlers.questions.learning import learn, propose_wordings
from handlers.questions.waiting import QUOTE, told
from storage import counts, knowledge, questions
from storage.questions import Question, Waiting

PAGE = 5
WAYS = 10  # wordings shown of one theme
_FAR = 1_000_000  # no page lies beyond


def answering(feature: Feature, public_url: str) -> None:
    """/inbox and its buttons; answers with addresses under `public_url` are ads."""

    @feature.command("inbox", role=Role.HELPER)
    async def inbox(ctx: Context) -> Reply:
        return await _page(ctx, 0)

    @feature.pressed(More, role=Role.HELPER)
    async def more(ctx: Context, press: More) -> Reply:
        return await _page(ctx, min(max(press.skip, 0), _FAR))

    @feature.pressed(Answer, role=Role.HELPER)
    async def ask_for_answer(ctx: Context, press: Answer) -> Form:
        found = await _waiting(ctx, press.question)
        yes = "yes" if ctx.language == "en" else "হ্যাঁ"
        fields = (
            Field("answer", Say("option.answer"), long=True, limit=ANSWER),
            Field("learn", Say("option.learn"), required=False, value=yes),
        )
        return Form(Say("inbox.title", question=fit(found.text, QUOTE, "codepoint")), fields, press)

    @feature.filled(Answer, role=Role.HELPER)
    async def answer(ctx: Context, form: Answer, answer: str, learn: bool = True) -> list[Effect]:
        await undisclosed(ctx, public_url, answer)
        return await _answered(ctx, form.question, answer, learn)

    _grouped(feature)


async def _answered(ctx: Context, question: str, answer: str, keep: bool) -> list[Effect]:
    """Tell everyone of the theme; `keep`: the bot knows it from now on."""
    answers = answers_of(answer, ctx.community.language)
    asked = await questions.answer(ctx.tx, ctx.community.id, question, ctx.ms)
    if not asked:
        raise Refuse(Say("inbox.taken"))
    people = len({one.member for one in asked})
    await counts.told(ctx.tx, ctx.community.id, kept.day(ctx), people)
    lines = [Say("inbox.done", people=people)]
    buttons = [Button(Say("inbox.next"), Run.of("inbox"))]
    if keep:
        shown = next((one for one in asked if one.id == question), asked[0])
        learnt = await learn(ctx, shown.text, answers)
        await propose_wordings(ctx, learnt.id, asked)
        lines.append(Say("inbox.learnt", number=learnt.number))
        buttons.append(Button(Say("inbox.unlearn"), learnt.undo))
    reply = Reply(Say("lines", lines=tuple(lines)), tuple(buttons))
    return [reply, *told(ctx, asked, answer), *await kept.notice(ctx)]


def _grouped(feature: Feature) -> None:
    """How a theme was asked, and what does not belong to it."""

    @feature.pressed(Wordings, role=Role.HELPER)
    async def wordings(ctx: Context, press: Wordings) -> Reply:
        found = await _waiting(ctx, press.question)
        ways = await questions.wordings_of(ctx.tx, ctx.community.id, found.theme or "", WAYS)
        lines = [Say("inbox.ways")]
        for number, way in enumerate(ways, 1):
            line = Say("inbox.line", number=number, question=fit(way.text, 300, "codepoint"))
            lines.append(Say("inbox.shared", line=line, people=way.people))
        buttons = [
            Button(Say("inbox.not_same", number=number), TakeOut(way.id))
            for number, way in enumerate(ways, 1)
            if len(ways) > 1
        ]
        buttons.append(Button(Say("inbox.answer_all"), Answer(found.id)))
        return Reply(Say("lines", lines=tuple(lines)), tuple(buttons))

    @feature.pressed(TakeOut, role=Role.HELPER)
    async def take_out(ctx: Context, press: TakeOut) -> list[Effect]:
        found = await _waiting(ctx, press.question)
        ways = await questions.wordings_of(ctx.tx, ctx.community.id, found.theme or "", 2)
        if len(ways) < 2 or not await questions.apart(ctx.tx, ctx.community.id, found):
            raise Refuse(Say("inbox.alone"))
        say = Say("inbox.parted", question=fit(found.text, QUOTE, "codepoint"))
        reply = Reply(say, (Button(Say("inbox.open"), Run.of("inbox")),))
        return [reply, *await kept.notice(ctx)]


async def _waiting(ctx: Context, question: str) -> Question:
    """The question, if it still waits. Raises Refuse."""
    found = await questions.get(ctx.tx, ctx.community.id, question)
    if found is None or not found.waits:
        raise Refuse(Say("inbox.taken"))
    return found


async def _page(ctx: Context, skip: int) -> Reply:
    rows = await questions.waiting(ctx.tx, ctx.community.id, PAGE + 1, skip)
    if not rows:
        return Reply(Say("inbox.none"))
    shown = list(enumerate(rows[:PAGE], skip + 1))
    waiting, _ = await questions.count(ctx.tx, ctx.community.id, 0)
    lines = [Say("inbox.head", count=waiting)]
    lines += [await _line(ctx, number, row) for number, row in shown]
    buttons: list[Button] = []
    for number, row in shown:
        buttons.append(Button(Say("inbox.answer", number=number), Answer(row.id)))
        if row.wordings > 1:
            buttons.append(Button(Say("inbox.see_ways", number=number), Wordings(row.id)))
    if len(rows) > PAGE:
        buttons.append(Button(Say("inbox.more"), More(skip + PAGE)))
    return Reply(Say("lines", lines=tuple(lines)), tuple(buttons))


async def _line(ctx: Context, number: int, row: Waiting) -> Say:
    text = fit(" ".join(row.text.split()), 300, "codepoint")
    line = Say("inbox.line", number=number, question=text)
    if row.people > 1:
        line = Say("inbox.shared", line=line, people=row.people)
    wrong = await knowledge.get(ctx.tx, ctx.community.id, row.entry) if row.entry else None
    if wrong is None or row.reason is None:
        return line
    answer = fit(" ".join(wrong.answer(ctx.language).split()), 160, "codepoint")
    why = Say(f"wrong.{row.reason}")
    line = Say("inbox.wrong", line=line, number=wrong.number, why=why, answer=answer)
    return Say("inbox.noted", line=line, note=row.note) if row.note else line
