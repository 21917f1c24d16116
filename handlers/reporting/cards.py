"""Cards: a brand's figures of a day or a week, told into its own chat with the day's seal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.actions import tagged
from bot.feature import Context, Feature, Glance
from bot.model import Action, Choices, Effect, Later, Picture, Place, Post, Refuse, Reply, Role, Say
from bot.wire import millis
from bot.world import code as spelled
from handlers import reports
from handlers.reporting.figures import figures
from handlers.reporting.picture import picture_of
from handlers.reporting.view import View, view
from handlers.reporting.wording import Wording
from storage import campaigns, links, people
from storage import report_cards as store
from storage.report_cards import Card

CODE, CODE_LIFE = 16, timedelta(days=7)  # letters of five bits
HOUR, SUNDAY = 9, 6  # when a card comes; a week is told of when the next one begins
WEEK, DAY = timedelta(days=7), timedelta(days=1)
MISSED = 7  # cards told later at most, the newest
WAIT, TRIES = timedelta(minutes=10), 6  # for a day that is not sealed yet


@tagged("rk")
@dataclass(frozen=True, slots=True)
class CardDue(Action):
    """Tell into the chat `card` what is due; `tries` is how often the seal was waited for."""

    card: str
    tries: int = 0


def commands(feature: Feature) -> None:
    _inviting(feature)
    _joining(feature)

    @feature.due(CardDue)
    async def due(ctx: Context, timer: CardDue) -> list[Effect]:
        card = await store.get(ctx.tx, ctx.community.id, timer.card)
        return await _due(ctx, card, timer.tries) if card is not None else []


def _inviting(feature: Feature) -> None:
    @feature.command("report card", role=Role.MANAGER)
    async def card(ctx: Context, brand: str, every: Literal["daily", "weekly", "off"]) -> Reply:
        found = await links.find_brand(ctx.tx, ctx.community.id, brand.strip())
        if found is None:
            raise Refuse(Say("report.unknown", brand=brand.strip()[:60]))
        await store.expire(ctx.tx, ctx.ms)
        if every == "off":
            if not await store.end(ctx.tx, ctx.community.id, found.id):
                raise Refuse(Say("report_card.none", brand=found.name))
            return Reply(Say("report_card.ended", brand=found.name))
        code, until = spelled(ctx.world.random(CODE)), ctx.now + CODE_LIFE
        await store.invite(
            ctx.tx, ctx.community.id, found.id, ctx.new_id(), every, code, millis(until)
        )
        return Reply(Say(
            "report_card.invited", brand=found.name, every=Say(f"report_card.every.{every}"),
            code=code, until=until,
        ))  # fmt: skip

    @feature.suggest("report show", "brand", role=Role.MANAGER)
    @feature.suggest("report card", "brand", role=Role.MANAGER)
    async def brands(glance: Glance, so_far: str) -> Choices:
        found = await links.brands(glance.tx, glance.community.id)
        names = [one.name[:100] for one in found if so_far.lower() in one.name.lower()]
        return Choices(tuple((name, name) for name in names)[:25])


def _joining(feature: Feature) -> None:
    @feature.command("report join", anywhere=True)
    async def join(ctx: Context, code: str) -> list[Effect]:
        place, given = ctx.place, code.strip().lower()
        found = await store.invited(ctx.tx, given, ctx.ms)
        if found is None or found.community != ctx.community.id:
            raise Refuse(Say("report_card.unknown"))
        if await _of_fans(ctx):
            raise Refuse(Say("report_card.public"))
        today = ctx.now.astimezone(_zone(ctx)).date()
        told = today - DAY if found.every == "daily" else _week_before(today)
        where = (place.platform, place.chat, place.thread, place.private)
        if not await store.join(ctx.tx, given, ctx.ms, where, ctx.language, told.isoformat()):
            raise Refuse(Say("report_card.unknown"))
        first = next_at(ctx.now, _zone(ctx), found.every)
        said = Say(
            "report_card.joined", creator=ctx.community.name, brand=found.brand_name,
            every=Say(f"report_card.every.{found.every}"), first=first,
        )  # fmt: skip
        return [Reply(said, private=False), _later(found.id, first)]


async def _of_fans(ctx: Context) -> bool:
    """Whether this is a group of the community, which everybody reads."""
    place = ctx.place
    if place.private:
        return False
    return await people.community_of(ctx.tx, place.platform, place.chat) is not None


def _later(card: str, at: datetime, tries: int = 0) -> Later:
    return Later(at, CardDue(card, tries), key=f"card:{card}")


# When -----------------------------------------------------------------------------------------


def _zone(ctx: Context) -> ZoneInfo:
    return ZoneInfo(ctx.community.timezone)


def next_at(now: datetime, zone: ZoneInfo, every: str) -> datetime:
    """The next morning, or Sunday morning, there."""
    day = now.astimezone(zone).date()
    while True:
        at = _morning(day, zone)
        if at > now and (every == "daily" or day.weekday() == SUNDAY):
            return at
        day += DAY


def _morning(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, HOUR, tzinfo=zone)


def _week_before(day: date) -> date:
    """The last day of the last week that is over."""
    return day - timedelta(days=(day.weekday() - SUNDAY) % 7 + 1)


def due_days(card: Card, now: datetime, zone: ZoneInfo) -> Iterator[date]:
    """The last days of the periods that are to be told of by now, oldest first."""
    step = DAY if card.every == "daily" else WEEK
    day = date.fromisoformat(card.told) + step
    newest = (now.astimezone(zone) - timedelta(hours=HOUR)).date() - DAY
    while newest - day >= step * MISSED:
        day += step
    while day <= newest:
        yield day
        day += step


# What -----------------------------------------------------------------------------------------


async def _due(ctx: Context, card: Card, tries: int) -> list[Effect]:
    """One card a unit, the oldest first; the timer goes on until none is left."""
    days = list(due_days(card, ctx.now, _zone(ctx)))
    after = _later(card.id, next_at(ctx.now, _zone(ctx), card.every))
    if not days:
        return [after]
    sealed = await store.seal_of(ctx.tx, ctx.community.id, days[0].isoformat())
    if sealed is None and tries < TRIES:
        return [_later(card.id, ctx.now + WAIT, tries + 1)]
    if len(days) > 1:
        after = _later(card.id, ctx.now)
    if not await store.told(ctx.tx, ctx.community.id, card.id, days[0].isoformat()):
        return [after]
    return [*await _card(ctx, card, days[0], sealed), after]


async def _card(
    ctx: Context, card: Card, day: date, sealed: tuple[int, str] | None
) -> list[Effect]:
    """The brand's campaigns in the period that ends with this day; nothing where it had none."""
    since = day if card.every == "daily" else day - 6 * DAY
    lines: list[Say] = []
    picture: Picture | None = None
    worded = await _worded(ctx, card, since, day)
    for words in worded:
        title = _title(words.view)
        lines += _lines(words, title)
        table = "hours" if card.every == "daily" else "days"
        picture = picture or picture_of(words, title, table)
    if not worded:
        return []
    head = Say("report_card.head", creator=ctx.community.name, brand=card.brand_name)
    last = _seal(worded[0].day(day.isoformat(), "d MMMM y"), sealed)
    place = Place(card.platform, card.chat, card.thread, bool(card.private))
    text = Say("lines", lines=(head, *lines, last))
    return [Post(place, text, language=card.language, picture=picture)]


async def _worded(ctx: Context, card: Card, since: date, until: date) -> list[Wording]:
    """The campaigns of this brand alone, as a brand may see them."""
    first = millis(datetime(since.year, since.month, since.day, tzinfo=_zone(ctx)))
    end = until + DAY
    after = millis(datetime(end.year, end.month, end.day, tzinfo=_zone(ctx)))
    found: list[Wording] = []
    for one in await campaigns.of_brand(ctx.tx, card.community, card.brand, reports.CAMPAIGNS):
        if one.over(first) or one.starts_at >= after:
            continue
        counted = await figures(ctx.tx, card.community, one.id, since, until, ctx.now)
        if counted is not None:
            found.append(Wording(view(counted, exact=False), card.language))
    return found


def _title(shown: View) -> str:
    head = shown.report.head
    return f"{head.brand} · {head.campaign}" if head.campaign else head.brand


def _lines(words: Wording, title: str) -> list[Say]:
    if words.view.net == 0:
        return [Say("report_card.quiet", campaign=title, period=words.period())]
    headline = Say("report_card.campaign", campaign=title, told=words.headline())
    return [headline, *reports.for_the_brand(words.view)]


def _seal(day: str, sealed: tuple[int, str] | None) -> Say:
    if sealed is None:
        return Say("report_card.unsealed", day=day)
    return Say("report_card.seal", day=day, number=sealed[0], root=sealed[1])


# What is kept of a person ---------------------------------------------------------------------


async def recalled(ctx: Context) -> list[Say]:
    """What is told into the private chats of ctx.member."""
    found: list[Say] = []
    for account in await people.identities(ctx.tx, ctx.community.id, ctx.member.id):
        for brand, every in await store.of_person(
            ctx.tx, ctx.community.id, account.platform, account.user_id
        ):
            said = Say(f"report_card.every.{every}")
            found.append(Say("report_card.recalled", brand=brand, every=said))
    return found


async def forgotten(ctx: Context) -> None:
    for account in await people.identities(ctx.tx, ctx.community.id, ctx.member.id):
        await store.forget(ctx.tx, ctx.community.id, account.platform, account.user_id)
