"""Which giveaway a command is about: the one there is, the one named, or a choice of buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.feature import Context, Glance
from bot.model import Action, Button, Choices, Refuse, Reply, Say
from bot.wire import millis
from storage import giveaway_plans as plans
from storage import giveaways as store
from storage.giveaways import Giveaway

OFFERED = 8


async def running(ctx: Context) -> list[Giveaway]:
    """Those that can be entered. Raises Refuse where there is none."""
    found = await store.running(ctx.tx, ctx.community.id, ctx.ms)
    if not found:
        raise Refuse(Say("giveaway.none_running"))
    return found


def named(found: Sequence[Giveaway], word: str) -> Sequence[Giveaway]:
    """Those that a word means: an id, a name, or a part of one. Raises Refuse for none."""
    said = " ".join(word.split()).casefold()
    if not said:
        return found
    for meant in ([g for g in found if said in (g.id, g.prize.casefold())],
                  [g for g in found if said in g.prize.casefold()]):  # fmt: skip
        if meant:
            return meant
    raise Refuse(Say("giveaway.no_such", given=word.strip()[:60]))


def which(question: Say, found: Sequence[Giveaway], action: Callable[[str], Action]) -> Reply:
    """A button for each."""
    choice = tuple(Button(Say("text", text=g.prize), action(g.id)) for g in found[:OFFERED])
    return Reply(question, choice)


async def suggest_running(glance: Glance, so_far: str) -> Choices:
    found = await store.running(glance.tx, glance.community.id, millis(glance.now))
    return _choices(found, so_far)


async def suggest_drafts(glance: Glance, so_far: str) -> Choices:
    found = await plans.drafts(glance.tx, glance.community.id, 25)
    return _choices([one.giveaway for one in found], so_far)


async def suggest_any(glance: Glance, so_far: str) -> Choices:
    drafts = await plans.drafts(glance.tx, glance.community.id, 25)
    found = await store.running(glance.tx, glance.community.id, millis(glance.now))
    return _choices([*found, *(one.giveaway for one in drafts)], so_far)


def _choices(found: Sequence[Giveaway], so_far: str) -> Choices:
    said = so_far.casefold()
    items = [(g.prize[:100], g.id) for g in found if said in g.prize.casefold()]
    return Choices(tuple(items[:25]))
