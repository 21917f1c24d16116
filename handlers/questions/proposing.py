"""Where proposed entries come from: the team's replies to fans, /learn, and a message's menu."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from bot.feature import Context, Feature
from bot.model import Effect, Field, Form, Overheard, Place, Post, Reply, Role, Say
from handlers.questions import kept
from handlers.questions.actions import Teach
from handlers.questions.concepts import Concepts, lexicon
from handlers.questions.drafts import ANSWER, QUESTION, answers_of, draft
from handlers.questions.entries import undisclosed
from handlers.questions.learning import preview, propose_entry
from handlers.questions.rendering import written_link
from handlers.questions.smalltalk import small_talk
from storage import people, questions
from storage.people import MemberRow
from storage.proposals import Where
from storage.questions import Question

_ASKS = "how much, how many, how long, when, where, how, why, who, which, what, can, available"


@dataclass(frozen=True, slots=True)
class Pointed:
    """The message that is replied to or whose menu was opened: its words, who wrote them, and the
    kept question it asked or, when it is the `team`'s, answers."""

    text: str = ""
    by: MemberRow | None = None
    question: Question | None = None

    @property
    def team(self) -> bool:
        return self.by is not None and self.by.role >= Role.HELPER


def proposing(feature: Feature, public_url: str) -> None:
    """The team's replies in groups, /learn, and the menu of a message."""

    @feature.overheard(role=Role.HELPER)
    async def overheard(ctx: Context, said: Overheard) -> list[Effect]:
        """A reply to a fan's question; shown in private to whoever wrote it."""
        asked, answer = await _pointed(ctx), said.text.strip()
        worth = small_talk(answer) is None and len(answer) <= ANSWER
        if asked.team or not worth or not _asks(asked):
            return []
        if await written_link(ctx, public_url, answer) is not None:
            return []
        return await _shown_alone(ctx, asked, answer)

    @feature.command("learn add", role=Role.HELPER)
    async def add(ctx: Context, question: str = "", answer: str = "") -> list[Effect]:
        """As a reply to a question the words are its answer; as one to an answer, its question."""
        there = await _pointed(ctx)
        if there.text and not answer:
            question, answer = _sides(there, question)
        return await _propose(ctx, public_url, question, answer, there.question)

    @feature.command("teach", role=Role.HELPER, menu="message")
    async def teach(ctx: Context, message: str) -> Form:
        """Of a fan's message the words are the question, of the team's the answer."""
        there = await _pointed(ctx)
        question, answer = _sides(there, "") if there.text else ("", message)
        return _form(question, answer, there.question)

    @feature.filled(Teach, role=Role.HELPER)
    async def taught(ctx: Context, form: Teach, question: str, answer: str) -> list[Effect]:
        found = await questions.get(ctx.tx, ctx.community.id, form.question)
        return await _propose(ctx, public_url, question, answer, found)


def _sides(there: Pointed, said: str) -> tuple[str, str]:
    """(question, answer) of a message and what is said about it."""
    if not there.team:
        return there.text, said
    return said or (there.question.text if there.question else ""), there.text


async def _propose(
    ctx: Context, public_url: str, question: str, answer: str, found: Question | None
) -> list[Effect]:
    if not question.strip() or not answer.strip():
        return [_form(question, answer, found)]
    made = draft(question, answers_of(answer, ctx.community.language))
    await undisclosed(ctx, public_url, answer)
    proposal = await propose_entry(ctx, made.question, answer.strip(), found, None)
    say, buttons = await preview(ctx, proposal)
    return [Reply(say, buttons), *await kept.tidying(ctx)]


def _form(question: str, answer: str, found: Question | None) -> Form:
    fields = (
        Field("question", Say("option.question"), limit=QUESTION, value=question[:QUESTION]),
        Field("answer", Say("option.answer"), long=True, limit=ANSWER, value=answer[:ANSWER]),
    )
    return Form(Say("learn.title"), fields, Teach(found.id if found else ""))


async def _shown_alone(ctx: Context, asked: Pointed, answer: str) -> list[Effect]:
    """The preview goes to the account that replied, if we may write to it; /learn list has it."""
    said = Where(ctx.place.platform, ctx.place.chat, ctx.place.thread)
    asker = asked.by.id if asked.by else None
    proposal = await propose_entry(ctx, asked.text, answer, asked.question, asker, said)
    say, buttons = await preview(ctx, proposal)
    who = (ctx.who.platform, ctx.who.user)
    team = await people.team(ctx.tx, ctx.community.id, Role.HELPER)
    posts = [
        Post(Place(*who), say, buttons, f"learn:{proposal.id}", one.language)
        for one in team
        if (one.platform, one.user_id) == who
    ]
    return [*posts, *await kept.tidying(ctx)]


async def _pointed(ctx: Context) -> Pointed:
    """The message this event is about; nothing when there is none."""
    quote, about = ctx.event.quote, ctx.event.about
    if quote is None or about is None:
        return Pointed()
    home, platform, chat = ctx.community.id, ctx.place.platform, ctx.place.chat
    by = quote.who and await people.find_member(ctx.tx, home, platform, quote.who.user)
    there = Pointed(quote.text.strip(), by or None)
    asked = quote.about if there.team else about
    found = asked and await questions.of_message(ctx.tx, home, platform, chat, asked)
    if not found:
        return there
    return Pointed(there.text if there.team else found.text, there.by, found)


def _asks(asked: Pointed) -> bool:
    """True for a question: kept as one, or with the signs of one."""
    if asked.question is not None or "?" in asked.text:
        return True
    return len(asked.text) <= QUESTION and not lexicon().of(asked.text).isdisjoint(_asking())


@cache
def _asking() -> Concepts:
    return frozenset[str]().union(*(lexicon().of(word) for word in _ASKS.split(",")))
