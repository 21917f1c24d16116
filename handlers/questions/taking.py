"""Taking answers out: a file of everything, behind an address that works once and not for long."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from bot.feature import Context, Feature
from bot.model import Button, Refuse, Reply, Role, Say
from bot.wire import millis
from bot.world import code
from storage import downloads, knowledge

LASTS = timedelta(minutes=10)
TOKEN = 32  # letters of five bits
PATH = "answers"  # of the web page, before the token


def taking(feature: Feature, public_url: str) -> None:
    """/answers export; the file itself is given by the web server at `public_url`."""

    @feature.command("answers export", role=Role.MANAGER)
    async def export(ctx: Context, format: Literal["csv", "json"] = "csv") -> Reply:
        _, total = await knowledge.page(ctx.tx, ctx.community.id, 1, 0)
        if not total:
            raise Refuse(Say("export.none"))
        if not public_url:
            raise Refuse(Say("export.no_web"))
        token = code(ctx.world.random(TOKEN))
        until = millis(ctx.now + LASTS)
        await downloads.offer(ctx.tx, ctx.community.id, token, format, ctx.ms, until)
        address = f"{public_url.rstrip('/')}/{PATH}/{token}"
        return Reply(Say("export.ready", total=total), (Button(Say("export.open"), address),))
