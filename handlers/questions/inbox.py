"""The team's inbox: what fans wait for, answered once for everyone who asked the same."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions import tagged
from bot.book import Run
from bot.feature import Context, Feature
from bot.model import Action, Button, Effect, Field, Form, Place, Post, Refuse, Reply, Role, Say
from bot.present import fit
from handlers.questions import kept
from handlers.questions.drafts import ANSWER, QUESTION, answers_of, draft
from handlers.questions.entries import Remove
from storage import knowledge, questions
from storage.knowledge import Kept
from storage.questions import Question, Waiting

PAGE = 5
QUOTE = 200  # characters of a question where it is only a reminder
_FAR = 1_000_000  # no page lies beyond


@tagged("qa")
@dataclass(frozen=True, slots=True)
class Answer(Action):
    """A team member answers this question."""

    question: str


@tagged("qp")
@dataclass(frozen=True, slots=True)
class More(Action):
    """The inbox after the first `skip` questions."""

    skip: int


def answering(feature: Feature) -> None:
    """/inbox and its buttons."""

    @feature.command("inbox", role=Role.HELPER)
    async def inbox(ctx: Context) -> Reply:
        return await _page(ctx, 0)

    @feature.pressed(More, role=Role.HELPER)
    async def more(ctx: Context, press: More) -> Reply:
        return await _page(ctx, min(max(press.skip, 0), _FAR))

    @feature.pressed(Answer, role=Role.HELPER)
    async def ask_for_answer(ctx: Context, press: Answer) -> Form:
        found = await questions.get(ctx.tx, ctx.community.id, press.question)
        if found is None or found.handed_at is None or found.answered_at is not None:
            raise Refuse(Say("inbox.taken"))
        yes = "yes" if ctx.language == "en" else "হ্যাঁ"
        fields = (
            Field("answer", Say("option.answer"), long=True, limit=ANSWER),
            Field("learn", Say("option.learn"), required=False, value=yes),
        )
        return Form(Say("inbox.title", question=fit(found.text, QUOTE, "codepoint")), fields, press)

    @feature.filled(Answer, role=Role.HELPER)
    async def answer(ctx: Context, form: Answer, answer: str, learn: bool = True) -> list[Effect]:
        answers = answers_of(answer, ctx.community.language)
        asked = await questions.answer(ctx.tx, ctx.community.id, form.question, ctx.ms)
        if not asked:
            raise Refuse(Say("inbox.taken"))
        lines = [Say("inbox.done", people=len(asked))]
        buttons = [Button(Say("inbox.next"), Run.of("inbox"))]
        if learn:
            learnt = await _learn(ctx, asked[0].text, answers)
            lines.append(Say("inbox.learnt", number=learnt.number))
            buttons.append(Button(Say("inbox.unlearn"), Remove(learnt.id)))
        reply = Reply(Say("lines", lines=tuple(lines)), tuple(buttons))
        return [reply, *_told(ctx, asked, answer), *await kept.notice(ctx)]


async def _page(ctx: Context, skip: int) -> Reply:
    rows = await questions.waiting(ctx.tx, ctx.community.id, PAGE + 1, skip)
    if not rows:
        return Reply(Say("inbox.none"))
    shown = rows[:PAGE]
    lines = [Say("inbox.head", count=await questions.count(ctx.tx, ctx.community.id))]
    lines += [await _line(ctx, skip + at, row) for at, row in enumerate(shown, 1)]
    buttons = [
        Button(Say("inbox.answer", number=skip + at), Answer(row.id))
        for at, row in enumerate(shown, 1)
    ]
    if len(rows) > PAGE:
        buttons.append(Button(Say("inbox.more"), More(skip + PAGE)))
    return Reply(Say("lines", lines=tuple(lines)), tuple(buttons))


async def _line(ctx: Context, number: int, row: Waiting) -> Say:
    text = fit(" ".join(row.text.split()), 300, "codepoint")
    line = Say("inbox.line", number=number, question=text)
    if row.people > 1:
        line = Say("inbox.shared", line=line, people=row.people)
    wrong = await knowledge.get(ctx.tx, ctx.community.id, row.entry) if row.entry else None
    return Say("inbox.wrong", line=line, number=wrong.number) if wrong else line


async def _learn(ctx: Context, question: str, answers: dict[str, str]) -> Kept:
    """The fan's wording becomes a question the bot can answer."""
    made = draft(fit(question, QUESTION, "codepoint"), answers)
    learnt = await knowledge.put(ctx.tx, ctx.community.id, made, ctx.new_id(), ctx.ms)
    if not isinstance(learnt, Kept):
        raise TypeError("an entry without a ref cannot be taken")
    return learnt


def _told(ctx: Context, asked: list[Question], answer: str) -> list[Post]:
    """Everyone hears it where they asked: alone, or once in each public place."""
    places: dict[Place, Question] = {}
    for question in asked:
        place = Place(question.platform, question.chat, question.thread, question.private)
        places.setdefault(place, question)
    return [
        Post(
            place,
            Say(
                "answered.alone" if place.private else "answered.here",
                question=fit(question.text, QUOTE, "codepoint"), creator=ctx.community.name,
                answer=answer.strip(),
            ),
            key=f"answer:{question.id}", language=question.language,
        )
        for place, question in places.items()
    ]  # fmt: skip
