"""Giveaways: a creator opens one, fans enter from any platform, the bot draws it on time."""

from __future__ import annotations

from bot.feature import Feature
from bot.model import Role
from handlers.giveaways import drawing, enter, organise
from handlers.giveaways.actions import (
    CallOff,
    Count,
    Discard,
    Draw,
    EndNow,
    Enter,
    Fade,
    Freeze,
    How,
    Leave,
    Publish,
    Result,
    Tell,
)  # fmt: skip

giveaways = Feature("giveaways")

# What anyone may do
giveaways.command("giveaway show")(enter.running)
giveaways.command("giveaway result")(enter.last_result)
giveaways.pressed(Enter)(enter.enter)
giveaways.pressed(Leave)(enter.leave)
giveaways.pressed(How)(enter.how)
giveaways.pressed(Result)(enter.result)

# What the team may do
giveaways.command("giveaway new", role=Role.MANAGER, form=True)(organise.new)
giveaways.command("giveaway list", role=Role.HELPER)(organise.list_)
giveaways.command("giveaway end", role=Role.MANAGER)(organise.end)
giveaways.command("giveaway cancel", role=Role.MANAGER)(organise.cancel)
giveaways.pressed(Publish, role=Role.MANAGER)(organise.publish)
giveaways.pressed(Discard, role=Role.MANAGER)(organise.discard)
giveaways.pressed(EndNow, role=Role.MANAGER)(organise.end_now)
giveaways.pressed(CallOff, role=Role.MANAGER)(organise.ask_to_call_off)
giveaways.filled(CallOff, role=Role.MANAGER)(organise.call_off)

# What only time may do
giveaways.due(Count)(drawing.count)
giveaways.due(Freeze, think=drawing.close)(drawing.freeze)
giveaways.due(Draw, think=drawing.rank)(drawing.draw)
giveaways.due(Tell)(drawing.tell)
giveaways.due(Fade)(drawing.fade)

# What is kept of a person
giveaways.recalls(enter.recall)
giveaways.forgets(enter.forget)
