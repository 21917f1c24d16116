"""Questions: fans ask in any script and are answered; what nobody taught goes to the team."""

from __future__ import annotations

from bot.feature import Feature
from handlers.questions.answerer import Answerer
from handlers.questions.approving import approving
from handlers.questions.asking import asking
from handlers.questions.assist.tier import Assist
from handlers.questions.bringing import bringing
from handlers.questions.entries import teaching
from handlers.questions.feedback import deciding
from handlers.questions.fetching import Fetch, Fetcher
from handlers.questions.gaps import gaps
from handlers.questions.inbox import answering
from handlers.questions.kept import keeping
from handlers.questions.posts import posting
from handlers.questions.products import selling
from handlers.questions.proposing import proposing
from handlers.questions.synonyms import naming
from handlers.questions.taking import taking
from handlers.questions.tuning import tuning
from handlers.questions.waiting import waiting


def questions(public_url: str, fetch: Fetch | None = None, assist: Assist | None = None) -> Feature:
    """Asking, the team's inbox, and what the bot was taught. `public_url`: see `links`; `fetch`
    reads the pages that answers are imported from."""
    feature = Feature("questions")
    answerer = Answerer(assist)
    asking(feature, answerer, public_url)
    deciding(feature, public_url)
    keeping(feature)
    answering(feature, public_url)
    waiting(feature)
    proposing(feature, public_url)
    approving(feature, public_url)
    gaps(feature)
    teaching(feature, public_url)
    selling(feature, public_url)
    posting(feature, answerer)
    naming(feature)
    tuning(feature, answerer)
    bringing(feature, fetch or Fetcher())
    taking(feature, public_url)
    return feature
