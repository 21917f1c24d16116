"""Fans of planned giveaways: open one with a plan, read its public log, connect two accounts."""

from __future__ import annotations

import json
import re
from typing import Any

from bot.platforms.playground import Message
from handlers.giveaways.log import chained
from handlers.giveaways.plan import Plan
from handlers.giveaways.tickets import CLICK, ENTER, LINKED
from storage import giveaway_log
from storage import giveaway_pool as pool
from storage.giveaway_pool import Account
from tests.giveaway_stage import drafted, id_of, row
from tests.shop import kept
from tests.stage import Stage

TABLE = {ENTER: 1, LINKED: 1, CLICK: 1}


async def planned(bot: Stage, plan: Plan | None = None, hours: int = 24) -> dict[str, Message]:
    """The public post on each platform of a giveaway with this plan, open now."""
    preview = await drafted(bot, hours=hours)
    packed = (plan or Plan()).packed().replace("'", "''")
    await kept(bot, f"update giveaways set plan = '{packed}' where published_at is null")
    before = bot.playground.tick
    await bot.press("creator", preview, "প্রকাশ করুন")
    return {m.platform: m for m in bot.seen(place="fans", after=before)}


async def events(bot: Stage, post: Message, *kinds: str) -> list[dict[str, Any]]:
    """The public log, checked line by line; of all kinds but the first if none is named."""
    id = id_of(post)
    lines = await bot.unit(lambda tx: giveaway_log.lines(tx, id))
    found = await row(bot, id)
    head = json.loads(lines[0].event) and _start(lines[0].event, lines[0].head, found)
    for number, line in enumerate(lines, 1):
        assert line.number == number
        head = chained(head, line.event)
        assert line.head == head
    assert (found["log_number"], found["log_head"]) == (len(lines), head)
    told = [json.loads(line.event) for line in lines[1:]]
    return [event for event in told if not kinds or event["kind"] in kinds]


def _start(event: str, head: str, found: Any) -> str:
    """The digest of the terms as they were first published."""
    start: str = found["params_hash"]
    assert chained(start, event) == head
    return start


async def accounts(bot: Stage, post: Message) -> list[Account]:
    id = id_of(post)
    found: list[Account] = await bot.unit(lambda tx: pool.accounts(tx, id))
    return found


def code_in(text: str) -> str:
    """The one-time code a message holds."""
    found = re.search(r"/connect ([0-9A-Z]{10})", text)
    assert found is not None, text
    return found[1]


async def connect(bot: Stage, who: str, other: str | None = None) -> str:
    """`who` on Telegram and `other` (or the same name) on Discord become one; the last words."""
    code = code_in((await bot.say(who, "/connect"))[-1].text)
    partner = other or who
    asked = (await bot.command(partner, "connect", {"code": code}, "discord"))[-1]
    return (await bot.press(partner, asked, "আমিই"))[-1].text
