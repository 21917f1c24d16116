"""Questions that are kept: for their buttons, then for the team, and deleted when time is up."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.book import Run
from bot.feature import Context, Feature
from bot.model import Button, Effect, Later, Place, Post, Refuse, Reply, Role, Said, Say
from bot.wire import millis, moment
from handlers.questions.actions import Cancel, Group, Late, Tidy, Weekly
from handlers.questions.normalise import normalise
from storage import counts, imports, opinions, people, proposals, questions
from storage.questions import Asked, Question

FOR_BUTTONS = timedelta(hours=24)  # "wrong answer" and "ask the team" need the words again
FOR_TEAM = timedelta(days=30)  # what /privacy promises
NOTICE_LIFE = timedelta(hours=6)  # then the team is told by a new message, not by an edit
LATE = timedelta(hours=48)  # then whoever asked hears that it takes longer
QUIET_ANSWER = timedelta(minutes=1)  # the same answer is not said twice in a public place
QUIET = timedelta(hours=1)  # a public place is told once that the team has a question
REPORT_DAY, REPORT_HOUR = 6, 20  # Sunday, on the community's clock


async def keep(ctx: Context, text: str, alone: bool, entry: str | None = None) -> str:
    """Keep a question for a day; returns its id. `alone`: it is answered in private.

    `entry` is the answer that the bot gives.
    """
    asked = _asked(ctx, text, alone, entry)
    if entry is not None:
        await counts.answered(ctx.tx, ctx.community.id, day(ctx), entry)
    forget_at = millis(ctx.now + FOR_BUTTONS)
    return await questions.keep(ctx.tx, ctx.community.id, asked, ctx.new_id(), ctx.ms, forget_at)


async def heard_here(ctx: Context, text: str) -> bool:
    """True when the answer to these very words still stands above them in a public place; then it
    is counted and not said again. A reply to a post is about that post alone."""
    if ctx.place.private or ctx.event.about is not None:
        return False
    asked = _asked(ctx, text, alone=False, entry=None)
    since = millis(ctx.now - QUIET_ANSWER)
    return await questions.answered_here(ctx.tx, ctx.community.id, asked, since)


def _asked(ctx: Context, text: str, alone: bool, entry: str | None) -> Asked:
    place = Place(ctx.place.platform, ctx.who.user) if alone else ctx.place
    return Asked(
        ctx.member.id, place.platform, ctx.who.user, place.chat, place.thread, place.private,
        ctx.event.message if place == ctx.place else None, text, normalise(text), ctx.language,
        entry,
    )  # fmt: skip


async def hand_over(
    ctx: Context, question: str, told: Say, alone: bool, *, reason: str | None = None,
    buttons: tuple[Button, ...] = (),
) -> list[Effect]:  # fmt: skip
    """The team gets a kept question, once; the fan is `told` so, and may cancel.

    `reason`: why the bot's answer to it was wrong. The team hears of it when it is known whether
    others wait for the same.
    """
    home = ctx.community.id
    buttons += (Button(Say("question.cancel"), Cancel(question)),)
    forget_at = millis(ctx.now + FOR_TEAM)
    theme = await questions.hand_over(ctx.tx, home, question, ctx.ms, forget_at, reason)
    if theme is None:
        return [Reply(Say("handover.again", creator=ctx.community.name), buttons, alone)]
    await counts.handed(ctx.tx, home, day(ctx))
    quiet = not alone and await _said_here(ctx, question)
    replies = [] if quiet else [Reply(told, buttons, alone)]
    late = Later(ctx.now + LATE, Late(), f"late:{home}")
    grouping = [Later(ctx.now, Group(question))] if theme == question else []
    return [*replies, *grouping, late]


async def _said_here(ctx: Context, question: str) -> bool:
    """True when this place heard a while ago, from the same question, that the team has it.

    Whoever pressed a button is told in any case.
    """
    found = await questions.get(ctx.tx, ctx.community.id, question)
    if found is None or not isinstance(ctx.event.intent, Said):
        return False
    return await questions.said_here(ctx.tx, ctx.community.id, found, millis(ctx.now - QUIET))


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
    waiting, late = await questions.count(ctx.tx, community, millis(ctx.now - LATE))
    since = await questions.noticed_at(ctx.tx, community)
    if new and (since is None or waiting == 1 or moment(since) < ctx.now - NOTICE_LIFE):
        since = ctx.ms
        await questions.begin_notice(ctx.tx, community, since)
    if since is None:
        return []
    say = Say("inbox.notice", count=waiting) if waiting else Say("inbox.none")
    if late:
        say = Say("lines", lines=(say, Say("inbox.late", count=late)))
    buttons = (Button(Say("inbox.open"), Run.of("inbox")),) if waiting else ()
    return [
        Post(
            Place(row.platform, row.user_id), say, buttons,
            f"inbox:{community}:{since}:{row.platform}:{row.user_id}", row.language,
        )
        for row in await people.team(ctx.tx, community, Role.HELPER)
    ]  # fmt: skip


async def tidying(ctx: Context) -> list[Later]:
    """The timers that delete what is old and report weekly, the first time anything is kept."""
    if not await questions.start_tidying(ctx.tx, ctx.community.id, ctx.ms):
        return []
    return [Later(ctx.now + FOR_BUTTONS, Tidy()), weekly(ctx)]


def weekly(ctx: Context) -> Later:
    """The timer of the next report."""
    zone = ZoneInfo(ctx.community.timezone)
    local = ctx.now.astimezone(zone)
    date = local.date() + timedelta(days=(REPORT_DAY - local.weekday()) % 7)
    at = datetime(date.year, date.month, date.day, REPORT_HOUR, tzinfo=zone)
    return Later(at if at > local else at + timedelta(days=7), Weekly(), f"gaps:{ctx.community.id}")


def day(ctx: Context) -> str:
    """Today, where the community lives: "2026-11-20"."""
    return ctx.now.astimezone(ZoneInfo(ctx.community.timezone)).date().isoformat()


def keeping(feature: Feature) -> None:
    """Cancelling, tidying, and what /mydata and /forgetme ask."""

    @feature.pressed(Cancel)
    async def cancel(ctx: Context, press: Cancel) -> list[Effect]:
        found = await own(ctx, press.question)
        return [Reply(Say("question.cancelled")), *await withdraw(ctx, found)]

    @feature.due(Tidy)
    async def tidy(ctx: Context, _due: Tidy) -> Later:
        """Goes on for ever, at least daily, so that no question can be kept without a timer."""
        await proposals.forget_old(ctx.tx, ctx.community.id, ctx.ms)
        following = await questions.forget_old(ctx.tx, ctx.community.id, ctx.ms)
        latest = ctx.now + timedelta(days=1)
        at = min(moment(following), latest) if following is not None else latest
        return Later(max(at, ctx.now + timedelta(hours=1)), Tidy())

    @feature.recalls
    async def recall(ctx: Context) -> list[Say]:
        home, member = ctx.community.id, ctx.member.id
        found = await questions.of_member(ctx.tx, home, member, most=20)
        said = [Say("mydata.question", at=moment(at), question=text) for text, at in found]
        proposed = await proposals.of_member(ctx.tx, home, member, most=20)
        said += [Say("mydata.wording", question=text) for text in proposed]
        brought = await imports.of_member(ctx.tx, home, member)
        said += [Say("mydata.import", total=total, until=moment(at)) for total, at in brought]
        helpful, wrong = await opinions.counted(ctx.tx, member)
        return (
            [*said, Say("mydata.opinions", helpful=helpful, wrong=wrong)]
            if helpful + wrong
            else said
        )

    @feature.forgets
    async def forget(ctx: Context) -> None:
        await imports.forget(ctx.tx, ctx.community.id, ctx.member.id)
        await proposals.forget(ctx.tx, ctx.community.id, ctx.member.id)
        await questions.forget(ctx.tx, ctx.community.id, ctx.member.id)
        await opinions.forget(ctx.tx, ctx.member.id)
