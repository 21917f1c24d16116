"""What fans ask and what nobody has answered, weekly and on demand, as ideas for the creator."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.book import Run
from bot.feature import Context, Feature
from bot.model import Button, Effect, Place, Post, Reply, Role, Say
from bot.present import fit
from bot.wire import millis
from handlers.questions import kept
from handlers.questions.actions import Weekly
from storage import counts, people, proposals, questions
from storage.counts import Days, Totals

DAYS = 7
TOP = 5
QUOTE = 160  # characters of a question

Report = tuple[Say, tuple[Button, ...]]


def gaps(feature: Feature) -> None:
    """/gaps, and the same on Sunday evenings."""

    @feature.command("gaps", role=Role.MANAGER)
    async def on_demand(ctx: Context) -> Reply:
        report = await _report(ctx, _days(ctx, ago=0))
        return Reply(*(report or (Say("gaps.nothing", days=DAYS), ())))

    @feature.due(Weekly)
    async def weekly(ctx: Context, _due: Weekly) -> list[Effect]:
        """Once, however many Sundays were missed; a week without questions is not reported."""
        following = kept.weekly(ctx)
        weekday = ctx.now.astimezone(ZoneInfo(ctx.community.timezone)).weekday()
        saturday = (weekday - 5) % 7 or 7  # days ago: so that no day is in two reports or in none
        report = await _report(ctx, _days(ctx, ago=saturday))
        if report is None:
            return [following]
        posts = [
            Post(
                Place(row.platform, row.user_id), *report,
                key=f"gaps:{ctx.community.id}:{kept.day(ctx)}:{row.platform}:{row.user_id}",
                language=row.language,
            )
            for row in await people.team(ctx.tx, ctx.community.id, Role.MANAGER)
        ]  # fmt: skip
        return [*posts, following]


async def _report(ctx: Context, days: Days) -> Report | None:
    """What to say and offer; None when there is nothing to tell."""
    home = ctx.community.id
    totals = await counts.totals(ctx.tx, home, days)
    waiting, late = await questions.count(ctx.tx, home, millis(ctx.now - kept.LATE))
    proposed = await proposals.count(ctx.tx, home)
    if not (totals.answered or totals.handed or totals.told or waiting or proposed):
        return None
    lines = [
        Say("gaps.head", days=DAYS),
        *await _unanswered(ctx),
        *await _asked(ctx, days),
        *_figures(totals, waiting, late),
    ]
    buttons = [Button(Say("inbox.open"), Run.of("inbox"))] if waiting else []
    if proposed:
        lines.append(Say("gaps.proposals", count=proposed))
        buttons.append(Button(Say("gaps.see_proposals"), Run.of("learn list")))
    return Say("lines", lines=tuple(lines)), tuple(buttons)


async def _unanswered(ctx: Context) -> list[Say]:
    """What most people wait for."""
    wanted = await questions.wanted(ctx.tx, ctx.community.id, TOP)
    ideas = [Say("gaps.idea", people=people, question=_quoted(text)) for text, people in wanted]
    return [Say("gaps.ideas"), *ideas] if ideas else []


async def _asked(ctx: Context, days: Days) -> list[Say]:
    """The entries that were the answer most often."""
    asked = [
        Say("gaps.entry", times=one.answered, question=_quoted(one.question), number=one.number)
        for one in await counts.most_asked(ctx.tx, ctx.community.id, days, TOP)
        if one.answered
    ]
    return [Say("gaps.asked"), *asked] if asked else []


def _figures(totals: Totals, waiting: int, late: int) -> list[Say]:
    """Who said nothing is neither helped nor wrong: that is counted apart."""
    silent = max(totals.answered - totals.helpful - totals.wrong, 0)
    lines = [
        Say("gaps.answered", count=totals.answered),
        Say("gaps.opinions", helpful=totals.helpful, wrong=totals.wrong, silent=silent),
        Say("gaps.handed", handed=totals.handed, told=totals.told),
    ]
    if waiting:
        lines.append(Say("gaps.waiting", count=waiting))
    return [*lines, Say("inbox.late", count=late)] if late else lines


def _days(ctx: Context, ago: int) -> Days:
    """The week that ended so many days `ago`."""
    last = ctx.now.astimezone(ZoneInfo(ctx.community.timezone)).date() - timedelta(days=ago)
    return (last - timedelta(days=DAYS - 1)).isoformat(), last.isoformat()


def _quoted(text: str) -> str:
    return fit(" ".join(text.split()), QUOTE, "codepoint")
