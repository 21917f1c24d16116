"""Telling people what concerns them: in private where they can be reached, else in public."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.feature import Context
from bot.model import Button, Place, Post, Role, Say
from handlers.giveaways import show
from storage import giveaway_slots as slots
from storage import giveaways as store
from storage import people
from storage.giveaway_slots import Way
from storage.giveaways import Giveaway, Stand


async def person(
    ctx: Context, giveaway: Giveaway, number: int, kind: str, text: Say,
    under: tuple[Button, ...] = (), public: Say | None = None,
) -> list[Post]:  # fmt: skip
    """One message to whoever is behind this entry, once for every `kind`: by the account they are
    best reached with, if that refuses by the next, at last `public` where they entered."""
    ways = await slots.reach(ctx.tx, giveaway.id, number)
    key = f"{kind}:{giveaway.id}:{number}"
    told = [_private(ctx, way, show.labelled(giveaway, text), under, key) for way in ways]
    if public is not None:
        stands = await store.stands(ctx.tx, giveaway.id)
        told += [_public(ctx, _near(stands, ways), public, under, f"{key}:p")] if stands else []
    return [_chained(told)] if told else []


def _private(ctx: Context, way: Way, text: Say, under: tuple[Button, ...], key: str) -> Post:
    language = way.language or ctx.community.language
    return Post(Place(way.platform, way.user), text, under, f"{key}:{way.platform}", language)


def _near(stands: Sequence[Stand], ways: Sequence[Way]) -> Stand:
    """Where the person most likely reads."""
    platforms = {way.platform for way in ways}
    return next((one for one in stands if one.platform in platforms), stands[0])


def _public(ctx: Context, stand: Stand, text: Say, under: tuple[Button, ...], key: str) -> Post:
    place = Place(stand.platform, stand.chat, stand.thread, private=False)
    return Post(place, text, under, key, ctx.community.language)


def _chained(posts: Sequence[Post]) -> Post:
    """The first, each with the next for when it cannot be delivered."""
    *before, last = posts
    for post in reversed(before):
        last = replace(post, otherwise=last)
    return last


async def team(ctx: Context, giveaway: Giveaway, kind: str, text: Say) -> list[Post]:
    """Those who manage, wherever they are, once for every `kind`."""
    return [
        Post(
            Place(one.platform, one.user_id), text,
            key=f"{kind}:{giveaway.id}:{one.platform}:{one.user_id}",
            language=one.language or ctx.community.language,
        )
        for one in await people.team(ctx.tx, ctx.community.id, Role.MANAGER)
    ]  # fmt: skip
