"""Questions that are kept: for their buttons, for the team, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.actions import tagged
from bot.book import Run
from bot.feature import Context, Feature
from bot.model import Action, Button, Effect, Later, Place, Post, Refuse, Reply, Role, Say
from bot.wire import millis, moment
from handlers.questions.normalise import normalise
from storage import people, questions
from storage.questions import Asked, Question

FOR_BUTTONS = timedelta(hours=24)  # "wrong answer" and "ask the team" need the words again
FOR_TEAM = timedelta(days=30)  # what /privacy promises
NOTICE_LIFE = timedelta(hours=6)  # then the team is told by a new message, not by an edit


@tagged("qx")
@dataclass(frozen=True, slots=True)
class Cancel(Action):
    """The fan no longer wants an answer from the team."""

    question: str


@tagged("qt")
@dataclass(frozen=True, slots=True)
class Tidy(Action):
    """Delete questions that are kept long enough."""


async def keep(ctx: Context, text: str, alone: bool, entry: str | None = None) -> str:
    """Keep a question for a day; returns its id. `alone`: it is answered in private."""
    place = Place(ctx.place.platform, ctx.who.user) if alone else ctx.place
    asked = Asked(
        ctx.member.id, place.platform, ctx.who.user, place.chat, place.thread, place.private,
        text, normalise(text), ctx.language, entry,
    )  # fmt: skip
    forget_at = millis(ctx.now + FOR_BUTTONS)
    return await questions.keep(ctx.tx, ctx.community.id, asked, ctx.new_id(), ctx.ms, forget_at)


async def hand_over(ctx: Context, question: str, told: Say, alone: bool) -> list[Effect]:
    """The team gets a kept question, once; the fan is `told` so, and may cancel."""
    cancel = (Button(Say("question.cancel"), Cancel(question)),)
    forget_at = millis(ctx.now + FOR_TEAM)
    if not await questions.hand_over(ctx.tx, ctx.community.id, question, ctx.ms, forget_at):
        return [Reply(Say("handover.again", creator=ctx.community.name), cancel, alone)]
    reply = Reply(told, cancel, alone)
    if await questions.shared(ctx.tx, ctx.community.id, question):
        return [reply]  # the team knows of it from somebody else
    return [reply, *await notice(ctx, new=True)]


async def own(ctx: Context, question: str) -> Question:
    """The question, if it is still kept, unanswered, and of the person who pressed."""
    found = await questions.get(ctx.tx, ctx.community.id, question)
    if found is None:
        raise Refuse(Say("question.gone"))
    if found.member != ctx.member.id:
        raise Refuse(Say("question.not_yours"))
    if found.answered_at is not None:
        raise Refuse(Say("question.answered"))
    return found


async def withdraw(ctx: Context, question: Question) -> list[Post]:
    """Forget the person's own question; if it waited, the team's notice counts one less."""
    community = ctx.community.id
    alone = not await questions.shared(ctx.tx, community, question.id)
    await questions.drop(ctx.tx, community, question.id, ctx.member.id)
    return await notice(ctx) if alone and question.handed_at is not None else []


async def notice(ctx: Context, new: bool = False) -> list[Post]:
    """Tell each account of the team how many questions wait: one message that counts.

    A `new` question begins another message when it is the only one or the last is hours old.
    """
    community = ctx.community.id
    waiting = await questions.count(ctx.tx, community)
    since = await questions.noticed_at(ctx.tx, community)
    if new and (since is None or waiting == 1 or moment(since) < ctx.now - NOTICE_LIFE):
        since = ctx.ms
        await questions.begin_notice(ctx.tx, community, since)
    if since is None:
        return []
    say = Say("inbox.notice", count=waiting) if waiting else Say("inbox.none")
    buttons = (Button(Say("inbox.open"), Run.of("inbox")),) if waiting else ()
    return [
        Post(
            Place(row.platform, row.user_id), say, buttons,
            f"inbox:{community}:{since}:{row.platform}:{row.user_id}", row.language,
        )
        for row in await people.team(ctx.tx, community, Role.HELPER)
    ]  # fmt: skip


async def tidying(ctx: Context) -> list[Later]:
    """The timer that deletes old questions, the first time a community keeps one."""
    if not await questions.start_tidying(ctx.tx, ctx.community.id, ctx.ms):
        return []
    return [Later(ctx.now + FOR_BUTTONS, Tidy())]


def keeping(feature: Feature) -> None:
    """Cancelling, tidying, and what /mydata and /forgetme ask."""

    @feature.pressed(Cancel)
    async def cancel(ctx: Context, press: Cancel) -> list[Effect]:
        found = await own(ctx, press.question)
        return [Reply(Say("question.cancelled")), *await withdraw(ctx, found)]

    @feature.due(Tidy)
    async def tidy(ctx: Context, _due: Tidy) -> Later:
        """Goes on for ever, at least daily, so that no question can be kept without a timer."""
        following = await questions.forget_old(ctx.tx, ctx.community.id, ctx.ms)
        latest = ctx.now + timedelta(days=1)
        at = min(moment(following), latest) if following is not None else latest
        return Later(max(at, ctx.now + timedelta(hours=1)), Tidy())

    @feature.recalls
    async def recall(ctx: Context) -> list[Say]:
        found = await questions.of_member(ctx.tx, ctx.community.id, ctx.member.id, most=20)
        return [Say("mydata.question", at=moment(at), question=text) for text, at in found]

    @feature.forgets
    async def forget(ctx: Context) -> None:
        await questions.forget(ctx.tx, ctx.community.id, ctx.member.id)
