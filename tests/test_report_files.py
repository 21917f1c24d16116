"""Reports: page model, CSV and JSON say the same, which is what the rows say."""

from __future__ import annotations

import csv
import io
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reporting import files
from handlers.reporting.few import FEW, Hidden
from handlers.reporting.figures import Part, figures
from handlers.reporting.view import view
from handlers.reporting.wording import Wording
from storage.database import Database
from storage.whole import whole
from tests.reported import (
    DAY,
    HOME,
    HOSTILE,
    NOW,
    OURS,
    SINCE,
    START,
    THEIRS,
    UNTIL,
    add,
    brands,
    click,
    generated,
    more,
    ms,
    recount,
    report,
)  # fmt: skip

LANGUAGES = ("bn", "en")


@pytest.fixture
async def database(ready_url: str) -> AsyncIterator[Database]:
    async with brands(ready_url) as opened:
        yield opened


def by_name(parts: Any) -> Counter[str]:
    return Counter({part.name: part.clicks for part in parts if part.clicks})


def read_csv(text: str) -> dict[tuple[str, str], str]:
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0] == list(files.COLUMNS)
    return {(section, item): value for section, item, value in rows[1:]}


@pytest.mark.parametrize("seed", range(4))
async def test_the_model_is_what_a_recount_of_every_row_gives(
    database: Database, ready_url: str, seed: int
) -> None:
    await add(database, generated(seed, 800))
    for campaign in (OURS, THEIRS):
        found, again = await report(database, campaign), await recount(ready_url, campaign)
        tables = found.tables
        assert found.gross == again.gross
        assert found.net == again.classes["human"]
        assert by_name(tables.days) == again.days
        assert by_name(tables.hours) == again.hours
        assert by_name(tables.placements) == again.placements
        assert by_name(tables.products) == again.products
        assert by_name(tables.platforms) == again.platforms
        assert by_name(tables.languages) == again.languages
        assert found.reach.verified == again.verified
        steps = {part.name: part.clicks for part in found.left_out}
        assert steps["bots"] == again.classes["bot"] + again.classes["automation"]
        assert steps["checks"] == again.classes["head"] + again.classes["prefetch"]
        assert found.gross - sum(steps.values()) == found.net


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("exact", [True, False])
async def test_files_say_what_the_page_says(database: Database, seed: int, exact: bool) -> None:
    await add(database, generated(seed, [12, 60, 400, 1500][seed]))
    shown = view(await report(database), exact=exact)
    for language in LANGUAGES:
        table = read_csv(files.as_csv(shown, language))
        told = json.loads(files.as_json(shown, language))
        assert table["waterfall", "net"] == str(files._plain(shown.net))
        assert told["waterfall"]["net"] == files._plain(shown.net)
        for name, rows in shown.tables.items():
            pairs = [(row.name, files._plain(row.clicks)) for row in rows]
            assert [(row["name"], row["clicks"]) for row in told["tables"][name]] == pairs
            for item, clicks in pairs:
                assert table[name, files.safe(item)] == str(clicks)
        for name, count in shown.numbers.items():
            assert table["numbers", name] == str(told["numbers"][name]) == str(files._plain(count))


@pytest.mark.parametrize("seed", range(6))
async def test_a_brand_is_told_the_truth_and_no_small_number(database: Database, seed: int) -> None:
    await add(database, generated(seed, 40 * (seed + 1)))
    found = await report(database)
    shown = view(found, exact=False)
    exact = view(found, exact=True)
    for name, rows in shown.tables.items():
        for row, real in zip(rows, exact.tables[name], strict=False):
            assert row.name == real.name
            assert row.clicks == real.clicks or isinstance(row.clicks, Hidden)
            assert not (isinstance(row.clicks, int) and 0 < row.clicks < FEW)
    numbers = [*shown.numbers.values(), shown.gross, shown.net, *(r.clicks for r in shown.left_out)]
    assert not [n for n in numbers if isinstance(n, int) and 0 < n < FEW]


async def test_a_place_cannot_be_computed_from_its_product(database: Database) -> None:
    """l2 and l3 are the places of one product, which is told: 5 and 40 of 45."""
    chance = random.Random(1)
    counts = {"l1": 100, "l2": 5, "l3": 40, "l4": 4}
    rows = [
        click(f"{link}-{n}", link, ms(START), "human", chance)
        for link, count in counts.items() for n in range(count)
    ]  # fmt: skip
    await add(database, rows)
    shown = view(await report(database), exact=False)
    products = {row.name: row.clicks for row in shown.tables["products"]}
    places = {row.name: row.clicks for row in shown.tables["placements"]}
    if products["<b>Bag</b>"] == 45:
        assert isinstance(places["বায়ো"], Hidden)
    assert isinstance(places[HOSTILE], Hidden)
    assert isinstance(places["Discord"], Hidden)


async def test_a_campaign_is_read_by_its_own_community_alone(database: Database) -> None:
    await add(database, generated(1, 200))
    async with database.read() as tx:
        assert await figures(tx, "c2", OURS, SINCE, UNTIL, NOW) is None
        assert await figures(tx, HOME, "nothing", SINCE, UNTIL, NOW) is None


QUERIES = (
    "figures_days", "figures_places", "figures_facets", "figures_people", "figures_intents",
    "figures_questions", "figures_members", "figures_giveaways", "figures_changes",
    "figures_revisions", "figures_campaign",
)  # fmt: skip


@pytest.mark.parametrize("query", QUERIES)
async def test_every_question_keeps_to_its_campaign_and_community(
    database: Database, ready_url: str, query: str
) -> None:
    """The same question about a campaign of others, or from another community, finds nothing."""
    await add(database, generated(2, 300))
    await more(ready_url)
    values = {
        "since": "2026-11-01", "until": "2026-11-20", "first": ms(START), "end": ms(NOW),
        "counted": "human",
    }  # fmt: skip
    async with database.read() as tx:

        async def found(community: str, campaign: str) -> list[dict[str, Any]]:
            asked = values | {"community": community, "campaign": campaign}
            if query in ONE:
                row = await tx.one(query, **asked)
                return [dict(row)] if row else []
            return [dict(row) for row in await tx.all(query, **asked)]

        ours, theirs = await found(HOME, OURS), await found(HOME, THEIRS)
        nobodys = [await found("c2", OURS), await found(HOME, "k0")]
    assert ours
    assert ours != theirs
    for rows in nobodys:
        assert not any(any(row.values()) for row in rows)


ONE = {
    "figures_people", "figures_intents", "figures_questions", "figures_members",
    "figures_giveaways", "figures_campaign",
}  # fmt: skip


async def test_conversations_changes_and_revisions_are_in_the_report(
    database: Database, ready_url: str
) -> None:
    await add(database, generated(2, 300))
    await more(ready_url)
    found = await report(database)
    assert (found.talk.answered, found.talk.helpful, found.talk.entrants) == (784, 91, 55)
    assert found.reach.intents == 30
    assert found.changes[0].after == "https://b.example"
    assert found.revisions[0].clicks == 12
    assert found.expected == 5000 * (ms(NOW) - ms(START)) // (30 * DAY)
    table = read_csv(files.as_csv(view(found, exact=False), "en"))
    assert table["numbers", "entrants"] == "55"
    assert any(
        section == "changes" and "b.example" in value for (section, _), value in table.items()
    )
    assert any(section == "revisions" and "12" in value for (section, _), value in table.items())


async def test_the_table_opens_with_its_definitions_in_the_readers_language(
    database: Database,
) -> None:
    shown = view(await report(database), exact=False)
    for language, word in (("bn", "ক্লিক মানে"), ("en", "A click:")):
        lines = files.as_csv(shown, language).splitlines()
        assert lines[0] == "\ufeffsection,item,value"
        assert lines[1].startswith(f'definitions,click,"{word}')


async def test_a_hostile_name_is_no_formula_in_the_table(database: Database) -> None:
    chance = random.Random(1)
    rows = [click(f"x{n}", "l2", ms(START), "human", chance) for n in range(30)]
    await add(database, rows)
    text = files.as_csv(view(await report(database), exact=True), "en")
    assert ("placements", "'" + HOSTILE) in read_csv(text)


@given(st.sampled_from("=+-@＝＋－＠\t\r\n"), st.text("' \t"), st.text(max_size=9))
def test_no_cell_begins_as_a_formula(sign: str, before: str, rest: str) -> None:
    assert files.safe(before + sign + rest).startswith("'")
    assert files.safe("12") == "12"
    assert files.safe("<10") == "<10"


async def test_the_first_sentence_says_what_happened(database: Database, ready_url: str) -> None:
    empty = Wording(view(await report(database), exact=False), "bn").headline()
    assert empty == "এখনও কোনো ক্লিক আসেনি। লিংক প্রকাশ হয়েছে রবিবার, ১ নভেম্বর রাত ১২:০০।"
    chance = random.Random(3)
    rows = [click(f"{n}", "l1", ms(START) + n, "human", chance) for n in range(60)]
    await add(database, rows)
    await more(ready_url)
    found = await report(database)
    words = Wording(view(found, exact=False), "en")
    people = found.reach.people
    assert words.headline() == (
        f"1 November – 20 November 2026: 60 link clicks by {people} people (estimated). "
        f"{found.reach.verified} of the clicks are from verified members. "
        "Product questions answered: 784; called helpful: 91."
    )
    assert words.pace() == (
        "Goal: 5,000 clicks. So far: 60; on an even way there it would be 3,291 by now."
    )


async def test_a_report_over_many_rollups_is_read_at_once(
    database: Database, ready_url: str
) -> None:
    """Thirty days as ten million clicks leave them: rows of roll-ups, not of clicks."""
    await _rollups(ready_url)
    await report(database)
    began = time.perf_counter()
    found = await report(database)
    took = time.perf_counter() - began
    assert found.gross == 10_000_000
    assert took < 0.5  # on a busy machine; a quiet one takes a tenth


async def _rollups(url: str) -> None:
    days = [f"2026-11-{day:02}" for day in range(1, 21)]
    kinds, platforms = ("human", "bot", "preview", "repeat", "self"), ("web", "telegram")
    async with whole(url) as db:
        totals = [
            ("l1" if n % 2 else "l2", day, platform, kind, 25_000)
            for n in range(2) for day in days for platform in platforms for kind in kinds
        ]  # fmt: skip
        await db.fill("click_totals", ("link", "day", "platform", "class", "clicks"), totals)
        facets = [
            (link, day, "hour", f"{hour:02}", 4)
            for link in ("l1", "l2") for day in days for hour in range(24)
        ]  # fmt: skip
        await db.fill("click_facets", ("link", "day", "facet", "value", "clicks"), facets)


def test_unknown_classes_are_left_out_and_not_lost() -> None:
    from handlers.reporting.figures import _left_out

    assert _left_out({"bot": 3, "something new": 2})[-1] == Part("other", 2)
