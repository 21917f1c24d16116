"""A fan asks: an answer, a choice of three, or the team; and says whether it was of use."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions import tagged
from bot.feature import Context, Feature, Glance
from bot.model import Action, Button, Choices, Effect, Refuse, Reply, Said, Say
from handlers.questions import kept
from handlers.questions.answerer import LONGEST, Answerer, Thought
from handlers.questions.normalise import language
from handlers.questions.smalltalk import small_talk
from storage import knowledge, people, questions
from storage.knowledge import Entry

_LIKELY_ENOUGH = 0.1  # to be offered beside the likeliest


@tagged("qc")
@dataclass(frozen=True, slots=True)
class Choose(Action):
    """The fan meant this entry."""

    question: str
    entry: str


@tagged("qn")
@dataclass(frozen=True, slots=True)
class AskTeam(Action):
    """None of those offered."""

    question: str


@tagged("qh")
@dataclass(frozen=True, slots=True)
class Helpful(Action):
    question: str


@tagged("qw")
@dataclass(frozen=True, slots=True)
class Wrong(Action):
    question: str


def asking(feature: Feature, answerer: Answerer) -> None:
    """Messages, /ask and its suggestions."""

    @feature.said(think=answerer.think)
    async def said(ctx: Context, said: Said, thought: Thought | None) -> list[Effect]:
        if said.media:
            return [Reply(Say("said.media"), private=False)]
        return await respond(ctx, said.text, thought, alone=ctx.place.private)

    @feature.command("ask", think=answerer.think)
    async def ask(ctx: Context, thought: Thought | None, question: str) -> list[Effect]:
        return await respond(ctx, question, thought, alone=True)

    @feature.suggest("ask", "question")
    async def suggest(glance: Glance, so_far: str) -> Choices:
        found = await answerer.suggest(glance, so_far)
        return Choices(tuple((question, question) for question in found))

    async def respond(
        ctx: Context, text: str, thought: Thought | None, alone: bool
    ) -> list[Effect]:
        """`thought` is None where the question came by another way than a message."""
        if len(text) > LONGEST:
            raise Refuse(Say("ask.too_long", limit=LONGEST, length=len(text)))
        await _listen(ctx, text)
        thought = thought or answerer.recall(ctx.community.id, text)
        talk = small_talk(text) if thought.band != "answer" else None
        if talk is not None:
            return [Reply(Say(f"talk.{talk}", creator=ctx.community.name), private=alone)]
        return [*await _by_band(ctx, text, thought, alone), *await kept.tidying(ctx)]


async def _listen(ctx: Context, text: str) -> None:
    """Answer in the language of the question, unless the person chose one; Banglish is Bengali."""
    heard = language(text)
    if heard is None or ctx.member.language is not None:
        return
    ctx.language = "en" if heard == "en" else "bn"
    known = await people.find_member(ctx.tx, ctx.community.id, ctx.who.platform, ctx.who.user)
    if known is not None and known.heard_language != ctx.language:
        await people.heard(ctx.tx, ctx.community.id, ctx.member.id, ctx.language)


async def _by_band(ctx: Context, text: str, thought: Thought, alone: bool) -> list[Effect]:
    """What was thought before the unit may be older than the entries: they are looked up again."""
    matches = [
        match
        for rank, match in enumerate(thought.matches)
        if rank == 0 or (thought.band == "choose" and match.p >= _LIKELY_ENOUGH)
    ]
    found = [await knowledge.get(ctx.tx, ctx.community.id, match.entry) for match in matches]
    entries = [entry for entry in found if entry is not None]
    if thought.band == "handover" or not entries:
        question = await kept.keep(ctx, text, alone)
        return await kept.hand_over(ctx, question, _told(ctx, alone), alone)
    if thought.band == "answer":
        question = await kept.keep(ctx, text, alone, entries[0].id)
        return [_answer(ctx, entries[0], question, alone)]
    question = await kept.keep(ctx, text, alone)
    return [_choice(ctx, entries, question, alone)]


def _answer(ctx: Context, entry: Entry, question: str, alone: bool) -> Reply:
    buttons = (
        Button(Say("answer.helpful"), Helpful(question)),
        Button(Say("answer.wrong"), Wrong(question)),
    )
    return Reply(Say("text", text=entry.answer(ctx.language)), buttons, alone)


def _choice(ctx: Context, entries: list[Entry], question: str, alone: bool) -> Reply:
    buttons = [Button(Say("text", text=e.question), Choose(question, e.id)) for e in entries]
    buttons.append(Button(Say("choose.none", creator=ctx.community.name), AskTeam(question)))
    return Reply(Say("choose.which", count=len(entries)), tuple(buttons), alone)


def _told(ctx: Context, alone: bool) -> Say:
    """That the team has it, and where the answer will come."""
    if alone and not ctx.place.private:
        return Say("handover.alone", creator=ctx.community.name)
    return Say("handover.here", creator=ctx.community.name)


def deciding(feature: Feature) -> None:
    """The buttons under choices and answers."""

    @feature.pressed(Choose)
    async def choose(ctx: Context, press: Choose) -> Reply:
        """Anyone in a group may look; only the one who asked has chosen."""
        entry = await knowledge.get(ctx.tx, ctx.community.id, press.entry)
        if entry is None:
            raise Refuse(Say("question.gone"))
        found = await questions.get(ctx.tx, ctx.community.id, press.question)
        if found is None or found.member != ctx.member.id:
            return Reply(Say("text", text=entry.answer(ctx.language)))
        await questions.chosen(ctx.tx, ctx.community.id, found.id, entry.id)
        return _answer(ctx, entry, found.id, found.private)

    @feature.pressed(AskTeam)
    async def ask_team(ctx: Context, press: AskTeam) -> list[Effect]:
        found = await kept.own(ctx, press.question)
        return await kept.hand_over(ctx, found.id, _told(ctx, found.private), found.private)

    @feature.pressed(Helpful)
    async def helpful(ctx: Context, press: Helpful) -> list[Effect]:
        """Counted once: the question is forgotten with it."""
        thanks = Reply(Say("answer.thanks"))
        if await questions.get(ctx.tx, ctx.community.id, press.question) is None:
            return [thanks]
        found = await kept.own(ctx, press.question)
        if found.entry is not None and found.handed_at is None:
            await knowledge.helped(ctx.tx, ctx.community.id, found.entry)
        return [thanks, *await kept.withdraw(ctx, found)]

    @feature.pressed(Wrong)
    async def wrong(ctx: Context, press: Wrong) -> list[Effect]:
        found = await kept.own(ctx, press.question)
        if found.entry is not None and found.handed_at is None:
            await knowledge.erred(ctx.tx, ctx.community.id, found.entry)
        told = Say("handover.wrong", creator=ctx.community.name)
        return await kept.hand_over(ctx, found.id, told, alone=True)
