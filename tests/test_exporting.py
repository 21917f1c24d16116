"""Taking answers out: what is exported is imported again, letter for letter."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Community
from handlers.questions.exporting import as_csv, as_json
from handlers.questions.importing import import_text
from handlers.questions.normalise import normalise
from handlers.questions.planning import plan_of
from storage import holdings, imports
from storage.holdings import Content, Held
from storage.knowledge import Draft
from storage.tx import Tx
from tests.box import Box
from tests.stage import START, Stage
from web.app import Site, application
from web.downloads import download_routes

HOME = Community("c1", "Mitu")
ZONE = HOME.timezone
NOW = round(START.timestamp() * 1000)
Write = Callable[[Sequence[Held], str], str]
BOTH = pytest.mark.parametrize("write", [as_csv, as_json])

# What people write, and what a table or JSON could take for its own.
LETTERS = st.text(alphabet="কখগয়ড়\u200d্ািৎ১২ab =+-@'\"“,;|\t\n\r#[]{}\\:\u2028\x0b😀", max_size=20)
TEXT = LETTERS.map(str.strip).filter(bool)
LINE = LETTERS.map(lambda text: " ".join(text.split())).filter(normalise)


def entry(at: int, question: str, answers: dict[str, str], phrases: list[str], ref: str) -> Held:
    asked = normalise(question)
    kept = tuple(sorted({phrase for phrase in phrases if phrase != question}))
    return Held(str(at), at, Content(Draft(question, asked, answers, kept, ref.strip() or None)))


ENTRIES = st.lists(
    st.tuples(
        LINE,
        st.dictionaries(st.sampled_from(["bn", "en", "bn-Latn"]), TEXT, min_size=1),
        st.lists(LINE, max_size=3),
        st.text(alphabet="=@'a1 \"", max_size=4),
    ),
    max_size=6,
    unique_by=(lambda one: normalise(one[0]), lambda one: one[3].strip() or object()),
).map(lambda rows: [entry(at, *row) for at, row in enumerate(rows, 1)])


def again(text: str) -> list[Held]:
    """What an empty community holds after importing it."""
    found = import_text(text, HOME)
    assert found.problems == []
    held = []
    for at, (_, content) in enumerate(found.rows, 1):
        draft = content.draft
        phrases = tuple(sorted({p for p in draft.phrases if p != draft.question}))
        kept = Draft(draft.question, draft.asked, draft.answers, phrases, draft.ref)
        held.append(Held(str(at), at, Content(kept, content.facts, content.checked_at)))
    return held


@BOTH
@given(entries=ENTRIES.filter(bool))
@settings(deadline=None)
def test_an_export_imported_and_exported_is_the_same(write: Write, entries: list[Held]) -> None:
    text = write(entries, ZONE)
    assert write(again(text), ZONE) == text


@given(ENTRIES)
@settings(deadline=None)
def test_no_cell_of_the_table_is_a_formula(entries: list[Held]) -> None:
    rows = csv.reader(io.StringIO(as_csv(entries, ZONE).removeprefix("\ufeff"), newline=""))
    assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r")]


@BOTH
async def test_everything_comes_back_into_an_empty_community(bot: Stage, write: Write) -> None:
    table = (
        "id,question,answer_bn,answer_en,answer_bn_latn,phrases,price,checked,colours,stock,delivery\n"
        'p1,লাল শাড়ি?,"দাম ""৩০০""\nটাকা",=1+1,dam 300,"lal sharee\n@saree",২৪৫০,2026-10-01,লাল,আছে,'
        "ঢাকায় ৮০; বাইরে ১৩০\n,ব্যাগ,,,,,৫০০ থেকে,,,,\n,দাম?,-৫%,,,,,,,,\n"
    )
    await put(bot, table)
    first = await taken(bot, write)
    assert "2026-10-01" in first
    await empty(bot)
    await put(bot, first)
    assert await taken(bot, write) == first


async def put(bot: Stage, text: str) -> None:
    async def unit(tx: Tx) -> None:
        found = import_text(text, HOME)
        assert found.problems == []
        plan = await plan_of(tx, HOME, found, NOW)
        id = bot.playground.world.new_id()
        await imports.add(tx, "c1", id, None, NOW)
        parts = imports.seal_rows(tx.seal, plan.contents)
        await imports.fill(tx, "c1", id, parts, len(plan.contents), 0)
        await imports.start(tx, "c1", id, NOW)
        await imports.forward(tx, "c1", id, bot.playground.world.new_id, NOW, NOW)

    await bot.unit(unit)


async def taken(bot: Stage, write: Write) -> str:
    async with bot.adda.database.read() as tx:
        return write(await holdings.everything(tx, "c1"), ZONE)


async def empty(bot: Stage) -> None:
    listed = (await bot.say("creator", "/answers list"))[-1]
    while "মোট" in listed.text:
        await bot.press("creator", listed, "মুছুন")
        listed = (await bot.say("creator", "/answers list"))[-1]


# By the private address ------------------------------------------------------------------------


@pytest.fixture
async def public(ready_url: str) -> AsyncIterator[tuple[Stage, str]]:
    """A bot with a web address, and where it really listens."""
    async with Stage.open(ready_url, public_url="https://adda.example") as bot:
        routes = download_routes(bot.adda.database, bot.adda.world)
        async with Site(application(routes), "127.0.0.1", 0) as site:
            yield bot, site.address


async def test_the_file_is_given_once_to_whoever_has_the_address(
    public: tuple[Stage, str],
) -> None:
    bot, base = public
    await put(bot, "question,answer\nদাম?,৩০০")
    seen = await bot.command("creator", "answers export", {}, "discord", "fans")
    assert [(m.kind, m.to) for m in seen] == [("ephemeral", "creator")]
    url = (seen[-1].rows[0][0].url or "").replace("https://adda.example", base)
    async with aiohttp.ClientSession() as web:
        for _ in range(2):  # whoever only looks uses nothing up
            async with web.get(url) as page:
                assert "ফাইল নামান" in await page.text()
        async with web.post(url) as file:
            assert await file.text("utf-8") == await taken(bot, as_csv)
            assert "adda-answers.csv" in file.headers["Content-Disposition"]
            assert file.headers["Cache-Control"] == "no-store"
        for again_ in (
            web.get(url),
            web.post(url),
            web.get(base + "/answers/%00"),
            web.get(url + "x"),
        ):
            async with again_ as gone:
                assert gone.status == 404


async def test_the_address_is_over_after_ten_minutes(public: tuple[Stage, str]) -> None:
    bot, base = public
    await put(bot, "question,answer\nদাম?,৩০০")
    seen = await bot.say("creator", "/answers export json")
    url = (seen[-1].rows[0][0].url or "").replace("https://adda.example", base)
    bot.clock.advance(601)
    async with aiohttp.ClientSession() as web, web.post(url) as gone:
        assert gone.status == 404
        assert "সময় শেষ" in await gone.text()


async def test_without_a_web_address_the_command_line_is_named(bot: Stage) -> None:
    assert "নামানোর কিছু নেই" in (await bot.say("creator", "/answers export"))[-1].text
    await put(bot, "question,answer\nদাম?,৩০০")
    said = (await bot.say("creator", "/answers export"))[-1].text
    assert "python -m bot answers export answers.csv" in said
    assert "টিমের জন্য" in (await bot.say("Rima", "/answers export"))[-1].text


# On the command line ---------------------------------------------------------------------------


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Box:
    made = Box(tmp_path, monkeypatch)
    made.env(SECRET_KEY="a secret of the operator")
    return made


async def test_a_file_goes_in_and_the_same_comes_out(box: Box) -> None:
    box.put("a.tsv", "question\tanswer\nদাম কত?\t৩০০ টাকা\nসাইজ?\t\n")
    asked = await box.run("answers", "import", "a.tsv")
    assert asked.code == 1
    assert "New 1, changed 0, as they are 0, not taken 1." in asked.out
    assert "Line 3: The answer is missing." in asked.out
    assert "Nothing was changed" in asked.out
    done = await box.run("answers", "import", "a.tsv", typed="y\n")
    assert (done.code, done.out.splitlines()[-1]) == (
        0, "Apply? (y/N) Added 1, changed 0, left out 0.",
    )  # fmt: skip
    out = await box.run("answers", "export")
    assert "দাম কত?,৩০০ টাকা" in out.out
    assert (await box.run("answers", "export", "a.json")).out == "Wrote a.json: 1 answers.\n"
    assert json.loads(box.read("a.json")) == {
        "entries": [{"question": "দাম কত?", "answer_bn": "৩০০ টাকা"}]
    }
    same = await box.run("answers", "import", "a.json", "--yes")
    assert (same.code, "nothing new" in same.err) == (1, True)


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        (("import", "nope.csv"), "There is no nope.csv."),
        (("import", "."), "is a folder"),
        (("import", "book.csv"), "book.csv: This is an Excel or Word file"),
        (("export", "book.csv"), "exists already"),
    ],
)
async def test_a_file_that_cannot_be_used_is_one_sentence(
    box: Box, argv: tuple[str, ...], why: str
) -> None:
    (box.folder / "book.csv").write_bytes(b"PK\x03\x04")
    said = await box.run("answers", *argv)
    assert said.code != 0
    assert why in said.err
    assert "Something went wrong" not in said.err
