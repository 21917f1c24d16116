"""While fans wait: what asks the same is put together, and who waits long is told so once."""

from __future__ import annotations

import asyncio

from bot.feature import Context, Feature, Glance
from bot.model import Effect, Later, Place, Post, Say
from bot.present import fit
from bot.wire import millis, moment
from handlers.questions import kept
from handlers.questions.actions import Group, Late
from handlers.questions.grouping import group
from storage import questions
from storage.proposals import Where
from storage.questions import Question

QUOTE = 200  # characters of a question where it is only a reminder
WORDINGS = 500  # that a new question is compared with, the newest
AT_ONCE = 200  # people told in one unit of work that it takes longer


def waiting(feature: Feature) -> None:
    """The timers of questions that the team has."""

    @feature.due(Group, think=_theme)
    async def join(ctx: Context, due: Group, theme: str | None) -> list[Post]:
        found = await questions.get(ctx.tx, ctx.community.id, due.question)
        if found is None or found.theme is None or not found.waits:
            return []
        joined = theme is not None and await questions.join(
            ctx.tx, ctx.community.id, found.theme, theme
        )
        return await kept.notice(ctx, new=not joined)

    @feature.due(Late)
    async def late(ctx: Context, _due: Late) -> list[Effect]:
        before = millis(ctx.now - kept.LATE)
        asked = await questions.late(ctx.tx, ctx.community.id, before, ctx.ms, AT_ONCE)
        following = await questions.next_late(ctx.tx, ctx.community.id)
        effects: list[Effect] = [_takes_longer(ctx, question) for question in asked]
        if following is not None:
            at = max(moment(following) + kept.LATE, ctx.now)
            effects.append(Later(at, Late(), f"late:{ctx.community.id}"))
        return [*effects, *await kept.notice(ctx, new=True)] if asked else effects


async def _theme(glance: Glance, due: Group) -> str | None:
    """An earlier theme that asks the same as this question."""
    home = glance.community.id
    found = await questions.get(glance.tx, home, due.question)
    if found is None or found.theme is None or not found.waits:
        return None
    rivals = await questions.wordings(glance.tx, home, WORDINGS)
    earlier = [(one.theme, one.text) for one in rivals if one.theme < found.theme]
    return await asyncio.to_thread(group, found.text, earlier)


def _takes_longer(ctx: Context, question: Question) -> Post:
    """Said alone, to the account that asked."""
    say = Say(
        "question.late", creator=ctx.community.name, question=fit(question.text, QUOTE, "codepoint")
    )
    alone = Place(question.platform, question.user)
    return Post(alone, say, key=f"late:{question.id}", language=question.language)


def told(ctx: Context, asked: list[Question], answer: str, said: Where | None = None) -> list[Post]:
    """Everyone hears it where they asked: alone, or once in each public place but where it is
    `said` already."""
    places: dict[Place, Question] = {}
    for question in asked:
        place = Place(question.platform, question.chat, question.thread, question.private)
        if place.private or Where(place.platform, place.chat, place.thread) != said:
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
