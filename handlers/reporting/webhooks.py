"""Webhooks: after a day is sealed its totals go to an address of the brand's program, signed.

The unit that writes an entry of the chain leaves one delivery for each hook it concerns, and a
timer that sends it. A delivery has one id and one body however often it is tried.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot import delivery as letters
from bot.actions import tagged
from bot.feature import Context, Feature, Glance
from bot.model import Action, Choices, Effect, Later, Place, Refuse, Reply, Role, Say
from bot.model import Post as Message
from bot.wire import millis, moment
from bot.world import World, code
from handlers.reporting.commands import TOKEN, named, suggested, title
from handlers.reporting.day_totals import day_totals
from handlers.reporting.posting import Post
from handlers.reporting.signing import sign
from storage import outbox, people, report_links
from storage import webhooks as store
from storage.seals import Entry
from storage.tx import Tx
from storage.webhooks import Delivery, Hook

MOST = 5  # addresses of one campaign
FIRST, LONGEST = timedelta(minutes=1), timedelta(hours=6)  # pauses, each twice the one before
GIVEN_UP = timedelta(days=3)
KEPT = timedelta(days=30)  # how long a delivery stays on record
GONE = "410"


@tagged("rh")
@dataclass(frozen=True, slots=True)
class Deliver(Action):
    """Try to send what is on its way."""

    delivery: str


def webhooks(public_url: str, post: Post | None = None) -> Feature:
    """`public_url` is where the API is described. Without `post` nothing is sent: a playground's
    brands have no programs."""
    feature = Feature("webhooks")
    _registering(feature, public_url.rstrip("/"), post)

    async def send(glance: Glance, due: Deliver) -> str | None:
        found = await store.delivery(glance.tx, glance.community.id, due.delivery)
        if found is None or not found.body or post is None:
            return None
        body = found.body.encode()
        return await post(found.address, body, _headers(found, body, glance.now))

    @feature.due(Deliver, think=send)
    async def deliver(ctx: Context, due: Deliver, why: str | None) -> list[Effect]:
        found = await store.delivery(ctx.tx, ctx.community.id, due.delivery)
        if found is None or post is None:
            return []
        if not found.body:
            body = await day_totals(ctx.tx, ctx.community.id, found, ctx.now)
            await store.written(ctx.tx, found.id, body)
        if why is None:  # it was not written yet when we looked
            return [_later(found.id, ctx.now)]
        return await _settled(ctx, found, why)

    return feature


# Making and ending ----------------------------------------------------------------------------


def _registering(feature: Feature, public_url: str, post: Post | None) -> None:
    @feature.command("report hook", role=Role.MANAGER)
    async def hook(ctx: Context, campaign: str, receiver: str) -> Reply:
        found = await named(ctx, campaign)
        if receiver.strip().lower() == "off":
            if not await store.end_all(ctx.tx, ctx.community.id, found.id, ctx.ms):
                raise Refuse(Say("report_hook.none", campaign=title(found)))
            return Reply(Say("report_hook.ended", campaign=title(found)))
        if post is None or not public_url:
            raise Refuse(Say("report_hook.no_web"))
        address = post.checked(receiver)
        if await store.count(ctx.tx, ctx.community.id, found.id) >= MOST:
            raise Refuse(Say("report_hook.many", campaign=title(found), most=MOST))
        id, key = ctx.new_id(), code(ctx.world.random(TOKEN))
        await store.add(ctx.tx, ctx.community.id, found.id, id, address, key, ctx.ms)
        return Reply(Say(
            "report_hook.made", campaign=title(found), host=_host(address), id=id, secret=key,
            address=f"{public_url}/v1/openapi.json",
        ))  # fmt: skip

    @feature.suggest("report hook", "campaign", role=Role.MANAGER)
    async def known(glance: Glance, so_far: str) -> Choices:
        return await suggested(glance, so_far)


def _host(address: str) -> str:
    return urlsplit(address).hostname or ""


# What is raised when a day is sealed ----------------------------------------------------------


async def announced(
    tx: Tx, entry: Entry, counts: Mapping[str, Mapping[str, int]], timezone: str, world: World
) -> None:
    """Leave a delivery for every hook that the entry concerns. `counts` are those of the entry:
    requests by campaign and class. To be called in the unit that writes it."""
    now = world.now()
    await store.forget(tx, millis(now - KEPT))
    for hook in await store.live(tx, entry.community):
        if not await _concerned(tx, hook, entry, counts.get(hook.campaign, {}), timezone):
            continue
        id = world.new_id()
        if await store.raised(tx, entry.community, hook.id, entry.id, id, millis(now)):
            timer = letters.timer_letter(
                world.new_id(), entry.community, _later(id, now), millis(now)
            )
            await outbox.add(tx, timer, None)


async def _concerned(
    tx: Tx, hook: Hook, entry: Entry, counts: Mapping[str, int], timezone: str
) -> bool:
    """A day of its campaign, or a correction of its campaign's own counts: a hook must not learn
    that those of another were corrected."""
    if entry.revision > 1:
        before = await store.counts(
            tx, entry.community, hook.campaign, entry.day, entry.revision - 1
        )
        return before != counts
    day = datetime.combine(date.fromisoformat(entry.day), time(), ZoneInfo(timezone))
    begun = hook.starts_at < millis(day + timedelta(days=1))
    return bool(counts) or (begun and (hook.ends_at is None or hook.ends_at > millis(day)))


def _later(delivery: str, at: datetime) -> Later:
    return Later(at, Deliver(delivery), key=f"hook:{delivery}")


# Sending --------------------------------------------------------------------------------------


def _headers(delivery: Delivery, body: bytes, now: datetime) -> dict[str, str]:
    timestamp = str(millis(now) // 1000)
    return {
        "Content-Type": "application/json", "Adda-Hook": delivery.hook, "Adda-Id": delivery.id,
        "Adda-Timestamp": timestamp, "Adda-Signature": sign(delivery.key, timestamp, body),
    }  # fmt: skip


async def _settled(ctx: Context, delivery: Delivery, why: str) -> list[Effect]:
    """It arrived; or it is tried again, later each time; or it is given up, which is told once."""
    home = ctx.community.id
    if why == GONE:
        await store.end(ctx.tx, home, delivery.hook, ctx.ms)
        await store.done(ctx.tx, delivery.id, why, ctx.ms)
        return await _told(ctx, delivery, "report_hook.gone", why)
    if not why:
        await store.done(ctx.tx, delivery.id, why, ctx.ms)
        await store.well(ctx.tx, home, delivery.hook)
        return []
    next_at = ctx.now + pause(delivery.attempts)
    if next_at <= moment(delivery.made_at) + GIVEN_UP:
        await store.again(ctx.tx, delivery.id, why)
        return [_later(delivery.id, next_at)]
    await store.done(ctx.tx, delivery.id, why, ctx.ms)
    if not await store.told(ctx.tx, home, delivery.hook, ctx.ms):
        return []
    return await _told(ctx, delivery, "report_hook.failed", why)


def pause(attempts: int) -> timedelta:
    """After so many attempts before the one that failed."""
    return min(LONGEST, FIRST * (1 << min(attempts, 20)))


async def _told(ctx: Context, delivery: Delivery, key: str, why: str) -> list[Effect]:
    """Every manager is told in private."""
    campaigns = await report_links.campaigns(ctx.tx, ctx.community.id, ctx.ms)
    name = next((title(one) for one in campaigns if one.id == delivery.campaign), "")
    reason = Say("shops.why.status", status=why) if why.isdigit() else Say(f"shops.why.{why}")
    said = Say(key, campaign=name, host=_host(delivery.address), why=reason)
    return [
        Message(
            Place(row.platform, row.user_id), said,
            key=f"hook:{delivery.id}:{row.platform}:{row.user_id}", language=row.language,
        )
        for row in await people.team(ctx.tx, ctx.community.id, Role.MANAGER)
    ]  # fmt: skip
