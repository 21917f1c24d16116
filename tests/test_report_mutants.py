"""Two brands apart: what one sees is the same whatever the other has and does.

Each question of a report is made again without its condition on campaign or brand, and then the
difference must be seen.
"""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from handlers.reporting.posting import Poster
from handlers.reporting.webhooks import webhooks
from storage.queries import load
from tests.apart import seen

CONDITION = re.compile(r"\s+and (?:\w+\.)?(?:campaign|id|brand) = :(?:campaign|brand)\b")
FILES = ("figures", "api", "webhooks", "report_links", "report_cards", "seals")
# Of other features, what a report asks too.
MORE = ("campaigns_of_brand", "campaign_totals", "click_revisions_of")
# Asks whether to look again, not what there is to see: another's click costs a look.
SILENT = {"figures_mark"}


def _questions() -> dict[str, str]:
    """By name, the text of every question that says whose campaign or brand it is about."""
    found = {}
    for file in resources.files("storage.queries").iterdir():
        if not file.name.endswith(".sql"):
            continue
        for part in re.split(r"^-- name: ", file.read_text("utf-8"), flags=re.MULTILINE)[1:]:
            name, _, text = part.partition("\n")
            name = name.rstrip("^!*$")
            ours = file.name.removesuffix(".sql") in FILES or name in MORE
            if ours and CONDITION.search(text):
                found[name] = text.split("\n-- ")[0].strip()
    return found


QUESTIONS = _questions()


@pytest.fixture(autouse=True)
def sending(monkeypatch: pytest.MonkeyPatch) -> None:
    post = Poster(loopback=True, seconds=5)
    monkeypatch.setattr("bot.app.webhooks", lambda url, _post: webhooks(url, post))


@pytest.fixture(scope="module")
def alone() -> dict[str, str]:
    """What is seen where the other brand has nothing; filled by the first who looks."""
    return {}


async def test_what_a_brand_sees_does_not_depend_on_another(
    tmp_path: Path, ready_url: str, alone: dict[str, str]
) -> None:
    alone |= await seen(f"sqlite:///{tmp_path / 'alone.db'}", others=False)
    assert await seen(ready_url, others=True) == alone
    for way in ("page", "csv", "json", "api report.json", "chat", "team", "card_sent", "hook_sent"):
        assert "40" in alone[way] or "৪০" in alone[way], way
    assert alone["sales"] == "201 404 201 200"
    assert '"sales": 1' in alone["api conversions"]
    assert "human" in alone["proof"]


def test_every_question_about_a_campaign_is_among_those_that_are_tried() -> None:
    assert len(QUESTIONS) > 25
    assert QUESTIONS.keys() >= SILENT


@pytest.mark.parametrize("name", sorted(QUESTIONS.keys() - SILENT))
async def test_without_its_condition_a_question_gives_the_other_brand_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alone: dict[str, str], name: str
) -> None:
    if not alone:
        alone |= await seen(f"sqlite:///{tmp_path / 'alone.db'}", others=False)
    text = QUESTIONS[name]
    monkeypatch.setitem(load._WORDS["sqlite"], text, CONDITION.sub("", text))
    leaky = await seen(f"sqlite:///{tmp_path / 'adda.db'}", others=True)
    assert {way for way in alone if leaky.get(way) != alone[way]}, name
