"""Giveaways: a creator opens one, fans enter from any platform, the bot draws it on time."""

from __future__ import annotations

from bot.feature import Feature
from handlers.giveaways import drawing, enter, organise
from handlers.giveaways.tools import Tools as Tools
from handlers.giveaways.winnings import winnings as winnings


def giveaways(tools: Tools) -> Feature:
    """Everything about giveaways; each module declares its own part."""
    feature = Feature("giveaways")
    enter.register(feature, tools)
    organise.register(feature, tools)
    drawing.register(feature, tools)
    return feature
