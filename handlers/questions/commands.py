"""Questions: fans ask in any script and are answered; what nobody taught goes to the team."""

from __future__ import annotations

from bot.feature import Feature
from handlers.questions.answerer import Answerer
from handlers.questions.asking import asking, deciding
from handlers.questions.entries import teaching
from handlers.questions.inbox import answering
from handlers.questions.kept import keeping


def questions() -> Feature:
    """Asking, the team's inbox, and what the bot was taught."""
    feature = Feature("questions")
    asking(feature, Answerer())
    deciding(feature)
    keeping(feature)
    answering(feature)
    teaching(feature)
    return feature
