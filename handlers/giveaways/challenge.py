"""A light challenge for entrants who look like a crowd of one: press the right one of three.

It proves nothing. It makes entering a thousand accounts a little dearer, and costs a fan one press;
the three are words as well as pictures, so that it can be heard and read.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from bot.feature import Context
from bot.model import Button, Refuse, Say
from bot.wire import millis
from handlers.giveaways.fan_actions import Solve
from storage import giveaway_challenges as store
from storage import giveaway_turns as turns
from storage.giveaway_challenges import Challenge
from storage.giveaway_turns import Turn

THINGS = ("sari", "mango", "boat", "kite", "tiger", "fish", "rickshaw", "flute")
OFFERED = 3
TRIES = 3  # wrong presses, then a rest
REST = 10 * 60_000  # ms
FRESH = 86_400_000  # ms: first seen within a day, so that waiting a minute is no way round it
YOUNG = 30 * 86_400_000  # ms: a Discord account of less than thirty days
BURST, WITHIN = 20, 10_000  # so many entries within so many ms


def puzzle(key: bytes, giveaway: str, account: str, tries: int) -> tuple[tuple[str, ...], int]:
    """Three things and which of them is asked for; another three after every wrong press.

    Of an account, because a member who is seen for the first time is made anew after a refusal.
    """
    about = f"{giveaway}\0{account}\0{tries}".encode()
    digest = hmac.digest(key, about, "sha256")
    order = sorted(THINGS, key=lambda thing: hmac.digest(digest, thing.encode(), "sha256"))
    return tuple(order[:OFFERED]), digest[0] % OFFERED


async def passed(ctx: Context, giveaway: str, turn: Turn) -> None:
    """Raises Refuse, with the three buttons, for who looks suspicious and has not solved one."""
    if not await _suspicious(ctx, giveaway, turn):
        return
    found = await store.of(ctx.tx, giveaway, ctx.member.id)
    if found is None or found.solved_at is None:
        raise asked(ctx, giveaway, found)


async def _suspicious(ctx: Context, giveaway: str, turn: Turn) -> bool:
    if ctx.ms - turn.seen_at < FRESH:
        return True
    if ctx.who.born is not None and ctx.ms - millis(ctx.who.born) < YOUNG:
        return True
    if turn.number <= BURST:
        return False
    before = await turns.entered_at(ctx.tx, giveaway, turn.number - BURST)
    return before is not None and ctx.ms - before < WITHIN


def asked(ctx: Context, giveaway: str, found: Challenge | None) -> Refuse:
    """The question, or the news that it is asked again later."""
    if found is not None and _resting(ctx, found):
        return Refuse(Say("giveaway.tap_later"))
    things, right = _puzzle(ctx, giveaway, found)
    buttons = (
        Button(Say(f"giveaway.thing.{thing}"), Solve(giveaway, at))
        for at, thing in enumerate(things)
    )
    return Refuse(Say("giveaway.tap", thing=Say(f"giveaway.thing.{things[right]}")), *buttons)


async def solved(ctx: Context, press: Solve) -> Challenge | None:
    """None when it was the right one, and kept as solved; else how it stands now, which is kept."""
    found = await store.of(ctx.tx, press.giveaway, ctx.member.id)
    if found is not None and (found.solved_at is not None or _resting(ctx, found)):
        return None if found.solved_at is not None else found
    _, right = _puzzle(ctx, press.giveaway, found)
    tries = found.tries if found else 0
    if press.choice == right:
        await store.put(ctx.tx, press.giveaway, ctx.member.id, Challenge(tries, ctx.ms, ctx.ms))
        return None
    wrong = Challenge(tries + 1, ctx.ms, None)
    await store.put(ctx.tx, press.giveaway, ctx.member.id, wrong)
    return wrong


def _resting(ctx: Context, found: Challenge) -> bool:
    """After every third wrong press nothing is taken for a while."""
    return found.tries > 0 and found.tries % TRIES == 0 and ctx.ms - found.tried_at < REST


def _puzzle(ctx: Context, giveaway: str, found: Challenge | None) -> tuple[Sequence[str], int]:
    key = ctx.tx.seal.derive("giveaway challenge")
    account = f"{ctx.who.platform}:{ctx.who.user}"
    return puzzle(key, giveaway, account, found.tries if found else 0)
