"""What a fan is shown: an answer with its buttons, and where the team's answer will come."""

from __future__ import annotations

import re

from bot.feature import Context
from bot.model import Button, Reply, Say
from handlers.links.disclosure import Shown, leads_to
from handlers.links.personal import sponsored
from handlers.questions import cards
from handlers.questions.actions import AskTeam, Helpful, Wrong
from handlers.questions.topics import asked
from storage import links
from storage.knowledge import Entry

_RUNNING = 200  # sponsored links looked through


async def answer(
    ctx: Context, public_url: str, entry: Entry, question: str, alone: bool, text: str
) -> Reply:
    """The entry as the answer to a kept `question`, worded `text`."""
    buttons = [
        Button(Say("answer.helpful"), Helpful(question)),
        Button(Say("answer.wrong"), Wrong(question)),
    ]
    if cards.missing(entry, asked(text).topics) is not None:
        buttons.append(Button(Say("card.ask_team"), AskTeam(question)))
    seen = await shown(ctx, public_url, entry, text, tuple(buttons))
    return Reply(seen.text, seen.buttons, alone)


async def shown(
    ctx: Context, public_url: str, entry: Entry, text: str = "", buttons: tuple[Button, ...] = ()
) -> Shown:
    """The words of an entry for whoever asked `text`; an ad says so first, its link comes last."""
    say = cards.said(entry, ctx.language, asked(text).topics, ctx.now, ctx.community.timezone)
    link = entry.link or await written_link(ctx, public_url, *entry.answers.values())
    if link is None:
        return Shown(say, buttons)
    return await sponsored(ctx, public_url, link, say, buttons)


async def written_link(ctx: Context, public_url: str, *texts: str) -> str | None:
    """The sponsored link of this community whose address stands in a text, by its id: the short
    one, or while it runs that of the shop itself."""
    if not any("://" in text for text in texts):
        return None
    if public_url:
        address = re.compile(rf"{re.escape(public_url.rstrip('/'))}/([a-z0-9-]+)", re.IGNORECASE)
        for slug in (found[1].lower() for text in texts for found in address.finditer(text)):
            link = await links.link_by_slug(ctx.tx, slug)
            if link is not None and link.community == ctx.community.id:
                return link.id
    running = await links.current(ctx.tx, ctx.community.id, ctx.ms, _RUNNING)
    return next((one.id for one in running if any(leads_to(one, t) for t in texts)), None)


def told(ctx: Context, alone: bool) -> Say:
    """That the team has it, and where the answer will come."""
    if alone and not ctx.place.private:
        return Say("handover.alone", creator=ctx.community.name)
    return Say("handover.here", creator=ctx.community.name)
