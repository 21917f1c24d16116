"""A fan asks: an answer, a choice of three, or the team."""

from __future__ import annotations

from bot.feature import Context, Feature, Glance
from bot.model import Button, Choices, Effect, Refuse, Reply, Said, Say
from handlers.questions import kept, posts
from handlers.questions.actions import AskTeam, Choose
from handlers.questions.answerer import LONGEST, Answerer, Thought
from handlers.questions.assist.grounded import Combined, shown
from handlers.questions.index import Band
from handlers.questions.normalise import language
from handlers.questions.rendering import answer, told
from handlers.questions.smalltalk import small_talk
from handlers.questions.topics import asked
from storage import counts, knowledge, people
from storage.knowledge import Entry

_LIKELY_ENOUGH = 0.1  # to be offered beside the likeliest


def asking(feature: Feature, answerer: Answerer, public_url: str) -> None:
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
        effects = await _by_band(ctx, public_url, text, thought, alone)
        return [*effects, *await kept.tidying(ctx)]


async def _listen(ctx: Context, text: str) -> None:
    """Answer in the language of the question, unless the person chose one; Banglish is Bengali."""
    heard = language(text)
    if heard is None or ctx.member.language is not None:
        return
    ctx.language = "en" if heard == "en" else "bn"
    known = await people.find_member(ctx.tx, ctx.community.id, ctx.who.platform, ctx.who.user)
    if known is not None and known.heard_language != ctx.language:
        await people.heard(ctx.tx, ctx.community.id, ctx.member.id, ctx.language)


async def _by_band(
    ctx: Context, public_url: str, text: str, thought: Thought, alone: bool
) -> list[Effect]:
    band, entries = await _found(ctx, text, thought)
    if band == "handover":
        question = await kept.keep(ctx, text, alone)
        return await kept.hand_over(ctx, question, told(ctx, alone), alone)
    if band == "answer" and not alone and await kept.heard_here(ctx, text):
        await counts.answered(ctx.tx, ctx.community.id, kept.day(ctx), entries[0].id)
        return []
    if band == "answer":
        question = await kept.keep(ctx, text, alone, entries[0].id)
        return [await answer(ctx, public_url, entries[0], question, alone, text)]
    question = await kept.keep(ctx, text, alone)
    return [_choice(ctx, entries, question, alone, thought.combined)]


async def _found(ctx: Context, text: str, thought: Thought) -> tuple[Band, list[Entry]]:
    """The entries to answer with or to offer; for a reply to a post its product comes first.

    What was thought before the unit may be older than the entries: they are looked up again.
    """
    matches = [
        match
        for rank, match in enumerate(thought.matches)
        if rank == 0 or (thought.band == "choose" and match.p >= _LIKELY_ENOUGH)
    ]
    found = [await knowledge.get(ctx.tx, ctx.community.id, match.entry) for match in matches]
    entries = [entry for entry in found if entry is not None]
    band = thought.band if entries else "handover"
    post = await posts.answered(ctx)
    return (band, entries) if post is None else posts.weighed(post, band, entries, asked(text))


def _choice(
    ctx: Context, entries: list[Entry], question: str, alone: bool, combined: Combined | None
) -> Reply:
    """Words put together by the language service stand above the buttons, if they still hold."""
    buttons = [Button(Say("text", text=e.question), Choose(question, e.id)) for e in entries]
    buttons.append(Button(Say("choose.none", creator=ctx.community.name), AskTeam(question)))
    say = shown(combined, entries, ctx.language) if combined else None
    return Reply(say or Say("choose.which", count=len(entries)), tuple(buttons), alone)
