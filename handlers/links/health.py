"""Shops behind links: looked at once a day, and the team is told once when a page is broken, or
when many press a button and few of them open the link."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.feature import Context, Feature, Glance
from bot.model import Effect, Place, Post, Role, Say
from bot.wire import millis
from handlers.links.looking import EVERY, Look, looking
from handlers.links.shop_pages import Probe
from storage import links, people, shops
from storage.links import Link

AGAIN = timedelta(hours=1)  # a page that is broken for the first time may be so for a moment
MOST = 500  # links looked at in a day, the newest
AT_ONCE = 16  # pages asked for beside one another
ALTOGETHER = 40.0  # seconds for all; a timer that takes a minute is taken for a dead process's
LISTED = 10  # broken pages told of at once
PRESSES, OPENED = 20, 4  # in a day: of so many presses, not one in so many opened the link
FEW = "few"

Found = Mapping[str, str]  # by a link's id: why its page does not open, or FEW; "" when all is well


def shop_health(public_url: str = "", probe: Probe | None = None) -> Feature:
    """`public_url` is where our own links are served, which are never asked for. Without a `probe`
    nothing is: a playground's shops are none."""
    feature = Feature("shops")
    ours = urlsplit(public_url).hostname

    async def look(glance: Glance, _due: Look) -> Found:
        few = dict.fromkeys(await _little_opened(glance), FEW)
        running = await links.current(glance.tx, glance.community.id, millis(glance.now), MOST)
        if probe is None:
            return {link.id: few.get(link.id, "") for link in running}
        wanted = {link.id: _pages(link, ours) for link in running}
        why = await _asked(probe, {page for pages in wanted.values() for page in pages})
        return {
            link: _first(why[page] for page in pages) or few.get(link, "")
            for link, pages in wanted.items()
            if all(page in why for page in pages)
        }

    @feature.due(Look, think=look)
    async def tell(ctx: Context, _due: Look, found: Found) -> list[Effect]:
        await shops.tidy(ctx.tx, ctx.community.id, ctx.ms)
        fresh, news = False, list[tuple[Link, str]]()
        for id, why in found.items():
            since = await _noted(ctx, id, why)
            link = None if since is None else await links.link(ctx.tx, ctx.community.id, id)
            if since is None or link is None or link.over(ctx.ms):
                continue
            if since > millis(ctx.now - AGAIN):
                fresh = True
            elif await shops.told(ctx.tx, id, ctx.ms):
                news.append((link, why))
        return [looking(ctx, AGAIN if fresh else EVERY), *await _told(ctx, news)]

    return feature


def _pages(link: Link, ours: str | None) -> list[str]:
    """Wherever the link leads, but for our own links."""
    pages = [link.destination, *(rule.destination for rule in link.rules)]
    return [page for page in pages if urlsplit(page).hostname != ours]


async def _asked(ask: Probe, pages: Iterable[str]) -> Found:
    """By page; what there was no time for is left out."""
    room, found = asyncio.Semaphore(AT_ONCE), dict[str, str]()

    async def one(page: str) -> None:
        async with room:
            found[page] = await ask(page)

    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(ALTOGETHER):
            await asyncio.gather(*map(one, pages))
    return found


async def _little_opened(glance: Glance) -> list[str]:
    """Links whose buttons were pressed often yesterday, and which hardly anybody opened then."""
    today = glance.now.astimezone(ZoneInfo(glance.community.timezone)).date()
    day = (today - timedelta(days=1)).isoformat()
    return await shops.little_opened(glance.tx, glance.community.id, day, PRESSES, OPENED)


def _first(reasons: Iterable[str]) -> str:
    return next(filter(None, reasons), "")


async def _noted(ctx: Context, link: str, why: str) -> int | None:
    """Since when it is broken, None when it is well or the team knows."""
    if why:
        return await shops.broken(ctx.tx, link, why, ctx.ms)
    await shops.well(ctx.tx, link)
    return None


async def _told(ctx: Context, news: Sequence[tuple[Link, str]]) -> list[Post]:
    """Every manager is told in private, of all pages in one message."""
    if not news:
        return []
    broken = [one for one in news if one[1] != FEW]
    few = [one for one in news if one[1] == FEW]
    lines = [*_part("broken", "remedy", broken), *_part("few", "few_remedy", few)]
    return [
        Post(
            Place(row.platform, row.user_id), Say("lines", lines=tuple(lines)),
            key=f"shops:{ctx.community.id}:{ctx.ms}:{row.platform}:{row.user_id}",
            language=row.language,
        )
        for row in await people.team(ctx.tx, ctx.community.id, Role.MANAGER)
    ]  # fmt: skip


def _part(head: str, remedy: str, news: Sequence[tuple[Link, str]]) -> list[Say]:
    if not news:
        return []
    lines = [_line(link, why) for link, why in news[:LISTED]]
    return [Say(f"shops.{head}", count=len(news)), *lines, Say(f"shops.{remedy}")]


def _line(link: Link, why: str) -> Say:
    said = Say("shops.why.status", status=why) if why.isdigit() else Say(f"shops.why.{why}")
    host = urlsplit(link.destination).hostname or ""
    return Say(
        "shops.line", brand=link.brand, placement=link.placement, slug=link.slug, host=host,
        why=said,
    )  # fmt: skip
