"""Bringing answers in: what is read, what is shown before, and what a press does and undoes."""

from __future__ import annotations

import asyncio
import codecs
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions import pack
from bot.model import Community, Refuse, Say
from bot.platforms.playground import Message
from bot.words import Reader
from handlers.questions.bringing import Apply, GoOn, Undo
from handlers.questions.drafts import ANSWER, QUESTION
from handlers.questions.importing import Found, Problem, decoded, import_text, kind_of
from handlers.questions.objects import import_json
from handlers.questions.rows import PHRASES, PROBLEMS
from handlers.questions.tables import import_csv, plain, safe
from storage import holdings, imports
from storage.holdings import Content
from storage.knowledge import Draft
from storage.tx import Tx
from tests.stage import START, Stage

HOME = Community("c1", "Mitu")
ROOT = Path(__file__).parent.parent
DAY = 86_400


def read(text: str) -> tuple[list[tuple[int, Draft]], list[Problem]]:
    found = import_csv(text)
    return [(line, content.draft) for line, content in found.rows], found.problems


def reasons(problems: Sequence[Problem]) -> list[tuple[int, str]]:
    reader = Reader("en", "UTC")
    return [(problem.line, reader.text(problem.said())) for problem in problems]


def only(found: Found) -> Content:
    assert found.problems == []
    [(_, content)] = found.rows
    return content


# Tables ----------------------------------------------------------------------------------------


def test_a_table_with_every_column_is_read() -> None:
    rows, problems = read(
        "id,question,answer,phrases,answer_bn,answer_en\r\n"
        'p1,লাল ড্রেসের দাম কত?,,"dam koto\nred dress price","২,৪৫০ টাকা","2,450 taka"\r\n'
    )
    assert problems == []
    [(line, draft)] = rows
    assert (line, draft.ref, draft.question) == (2, "p1", "লাল ড্রেসের দাম কত?")
    assert draft.phrases == ("dam koto", "red dress price")
    assert draft.answers == {"bn": "২,৪৫০ টাকা", "en": "2,450 taka"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize(
    "head", [("question", "answer"), ("Question ", "ANSWER"), ("প্রশ্ন", "উত্তর")]
)
def test_delimiters_byte_order_marks_and_headings_are_understood(
    delimiter: str, mark: str, head: tuple[str, str]
) -> None:
    table = [head, ("দাম কত?", "৩০০ টাকা"), ("size?", "this is it")]
    rows, problems = read(mark + "\n".join(delimiter.join(row) for row in table))
    assert problems == []
    assert [draft.answers for _, draft in rows] == [{"bn": "৩০০ টাকা"}, {"en": "this is it"}]


def test_broken_rows_are_named_by_their_line_and_the_good_ones_kept() -> None:
    rows, problems = read(
        "question,answer\n"
        "দাম কত?,৩০০ টাকা\n"  # 2
        "\n"
        "সাইজ?,\n"  # 4
        "রং?,লাল, নীল\n"  # 5
        '"খোলা, উদ্ধৃতি\n'  # 6
        "স্টক?,আছে\n"  # 7
        '"দুই\nলাইন?",হ্যাঁ\n'  # 8
        "দাম কত,৪০০ টাকা\n"  # 10
        ",নেই\n"  # 11
        "শেষ?,শেষ\n"  # 12
    )
    assert [(line, draft.question) for line, draft in rows] == [
        (2, "দাম কত?"), (7, "স্টক?"), (8, "দুই লাইন?"), (12, "শেষ?"),
    ]  # fmt: skip
    assert [line for line, _ in reasons(problems)] == [4, 5, 6, 10, 11]
    assert "More cells than columns (“নীল”)" in reasons(problems)[1][1]
    assert "left open" in reasons(problems)[2][1]
    assert "Line 2 has the same question" in reasons(problems)[3][1]


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ("", "no text"),
        ("দাম কত?,৩০০ টাকা", "must name the columns"),
        ("question,answer,answer\nক,খ,গ", "answer is there twice"),
        ('"question,answer\nক,খ', "left open"),
        ("x" * 20_000_001, "too large"),
    ],
)
def test_a_table_without_rows_says_why(table: str, why: str) -> None:
    rows, problems = read(table)
    assert rows == []
    assert why in reasons(problems)[0][1]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (f"x{'y' * 100},ক?,খ,,,", "An id may have"),
        (f"1,{'ক' * (QUESTION + 1)},খ,,,", "A question may have"),
        (f"1,ক?,{'খ' * (ANSWER + 1)},,,", "An answer may have"),
        ('1,ক?,খ,"' + "\n".join(f"ধরন {i}" for i in range(PHRASES + 1)) + '",,', "phrases"),
        (f"1,ক?,খ,{'গ' * (QUESTION + 1)},,", "A question may have"),
        ("1,ক?,এক কথা,,অন্য কথা,", "two different answers"),
        ('1,ক?,"' + "খ" * 140_000 + '",,,', "left open"),
    ],
)
def test_what_is_too_much_for_a_row_is_refused(row: str, why: str) -> None:
    rows, problems = read("id,question,answer,phrases,answer_bn,answer_en\n" + row)
    assert rows == []
    assert why in reasons(problems)[0][1]


CELL = st.text(alphabet='কখ abc?",;\n\r\t\0\u2028', max_size=12)


@given(st.lists(st.lists(CELL, max_size=4), max_size=6), st.sampled_from(",;\t"))
def test_no_table_is_too_broken_to_be_read(rows: list[list[str]], delimiter: str) -> None:
    text = "question,answer\n" + "\n".join(delimiter.join(row) for row in rows)
    drafts, problems = read(text)
    last = text.count("\n") + text.count("\r") + 1
    assert all(1 <= line <= last for line, _ in drafts)
    assert all(1 <= problem.line <= last and isinstance(problem.why, Say) for problem in problems)


def test_a_price_list_makes_product_cards() -> None:
    table = (
        "question,price,checked,colours,sizes,stock,delivery,order,photo\n"
        'লাল শাড়ি,"২,৪৫০ টাকা",২০/১১/২০২৬,"লাল, নীল",,আছে,ঢাকায় ৮০; বাইরে ১৩০,ইনবক্সে লিখুন,\n'
    )
    content = only(import_csv(table, HOME))
    assert content.facts == {
        "price": "2450", "colours": "লাল, নীল", "stock": "yes", "inside": "80",
        "outside": "130", "order": "ইনবক্সে লিখুন",
    }  # fmt: skip
    assert content.checked_at == round((START.timestamp()) * 1000)  # noon in Dhaka
    assert content.draft.answers == {}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("শাড়ি,৩০০,কাল,", "is no day I understand"),
        ("শাড়ি,৩০০,2026-13-40,", "is no day I understand"),
        ("শাড়ি,,,javascript:alert(1)", "The address must begin with https"),
        ("শাড়ি,,,", "The answer is missing"),
    ],
)
def test_a_fact_that_cannot_be_kept_is_refused_with_its_line(row: str, why: str) -> None:
    found = import_csv(f"question,price,checked,photo\n{row}", HOME)
    assert [line for line, _ in reasons(found.problems)] == [2]
    assert why in reasons(found.problems)[0][1]


@given(st.text(alphabet="'=+-@\t\rab", max_size=6))
def test_a_cell_made_safe_is_no_formula_and_comes_back(cell: str) -> None:
    assert safe(cell)[:1] not in tuple("=+-@\t\r")
    assert plain(safe(cell)) == cell


def test_a_spreadsheets_apostrophe_before_a_formula_is_taken_off() -> None:
    rows, _ = read("question,answer\nদাম কত?,'+880 1700 000000\nনাম?,'টুনি'\n")
    assert [draft.answers["bn"] for _, draft in rows] == ["+880 1700 000000", "'টুনি'"]


def test_more_rows_than_can_be_taken_are_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.questions.rows.ROWS", 50)
    lines = ["question,answer", *(f"q{at} x,y" for at in range(50))]
    found = import_csv("\n".join(lines))
    assert (len(found.rows), found.problems) == (50, [])
    found = import_csv("\n".join([*lines, "one more,y", "and more,y"]))
    assert (len(found.rows), [p.why.key for p in found.problems]) == (0, ["import.too_many"])


def test_a_file_of_another_kind_is_given_up_with_one_sentence() -> None:
    found = import_csv("question,answer\n" + "x,\n" * (PROBLEMS + 5))
    assert [p.why.key for p in found.problems] == ["import.too_broken"]


# JSON ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrap", ["{}", '{{"entries": {}}}', " \n{}"])
def test_a_list_of_objects_is_read(wrap: str) -> None:
    entry = {"id": 7, "question": "দাম কত?", "answer_bn": "৩০০", "phrases": ["dam koto", "price"]}
    draft = only(import_text(wrap.format(json.dumps([entry])))).draft
    assert (draft.ref, draft.answers) == ("7", {"bn": "৩০০"})
    assert draft.phrases == ("dam koto", "price")


def test_what_is_wrong_with_an_entry_is_said_by_its_number() -> None:
    good = {"question": "সাইজ?", "answer": "M"}
    entries = [{"question": "দাম?"}, "no", good, {"question": ["x"], "answer": "y"}, good]
    found = import_json(json.dumps(entries))
    assert len(found.rows) == 1
    said = reasons(found.problems)
    assert [line for line, _ in said] == [1, 2, 4, 5]
    assert said[0][1] == "Entry 1: The answer is missing."
    assert "Entry 3 has the same question" in said[3][1]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[{"question": "ক",\n "answer"}]', "Line 2: The JSON is broken here"),
        ("{}", "needs a list"),
        ("[]", "There is no text"),
        ('{"entries": 5}', "needs a list"),
        ("[" * 100_000, "can't be read"),
        ("[" + "9" * 5000 + "]", "can't be read"),
    ],
)
def test_json_that_holds_no_entries_says_why(text: str, why: str) -> None:
    found = import_json(text)
    assert found.rows == []
    assert why in reasons(found.problems)[0][1]


def test_halves_of_letters_in_json_do_not_reach_the_database() -> None:
    found = import_json('[{"question": "দাম \\ud800 কত", "answer": "ok \\ud83d\\ude00"}]')
    draft = only(found).draft
    assert draft.question == "দাম ? কত"
    assert list(draft.answers.values()) == ["ok 😀"]


# Files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_file_with_or_without_a_mark_is_text(encoding: str) -> None:
    assert decoded("question,answer\nদাম,৩০০".encode(encoding)) == "question,answer\nদাম,৩০০"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"PK\x03\x04rest of a workbook", "Excel or Word file"),
        (b"\xd0\xcf\x11\xe0 an older one", "Excel or Word file"),
        (b"%PDF-1.7", "This is a PDF"),
        (b"question,answer\na\0b,c", "signs that no text has"),
        ("question,answer\ncafé,“yes”".encode("cp1252"), "isn't written in UTF-8"),
        ("question,answer".encode("utf-16-le"), "signs that no text has"),
        (codecs.BOM_UTF16_LE + b"x", "isn't written in UTF-8"),
        (b"x" * 20_000_001, "too large"),
    ],
)
def test_what_is_no_text_is_refused_with_the_remedy(data: bytes, why: str) -> None:
    with pytest.raises(Refuse) as refused:
        decoded(data)
    assert why in Reader("en", "UTC").text(refused.value.say)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("question,answer\nক,খ", "table"), ("প্রশ্ন\tউত্তর\nক\tখ", "table"),
        ("id;question;price", "table"), ("\ufeff[{}]", "json"), (' { "entries": []}', "json"),
        ("[দোকান](https://a.example) খোলা", "article"), ("# শিরোনাম\nলেখা", "article"),
        ("প্রশ্ন: দাম, সাইজ?\nউত্তর: নেই", "article"),
    ],
)  # fmt: skip
def test_what_is_pasted_is_known_by_its_looks(text: str, kind: str) -> None:
    assert kind_of(text) == kind


# In the chat -----------------------------------------------------------------------------------


async def bring(bot: Stage, text: str) -> Message:
    """The preview, or what is said instead."""
    return (await bot.command("creator", "answers import", {"text": text}))[-1]


async def taught(bot: Stage) -> list[Content]:
    async def look(tx: Tx) -> list[Content]:
        return [entry.content for entry in await holdings.everything(tx, "c1")]

    found: list[Content] = await bot.unit(look)
    return found


async def test_an_import_is_shown_first_and_changes_nothing_until_the_press(bot: Stage) -> None:
    table = "question,answer,phrases\nদাম কত?,৩০০ টাকা,koto taka\nসাইজ?,\n"
    shown = await bring(bot, table)
    assert "নতুন ১, বদলাবে ০, আগের মতোই থাকবে ০, নেওয়া যাবে না ১" in shown.text
    assert "১. দাম কত?\n৩০০ টাকা" in shown.text
    assert "লাইন ৩: উত্তরটা লেখা নেই।" in shown.text
    assert await taught(bot) == []
    done = await bot.press("creator", shown, "যোগ করুন")
    assert "১টা নতুন উত্তর যোগ হলো, ০টা বদলানো হলো।" in done[-1].text
    assert [content.draft.question for content in await taught(bot)] == ["দাম কত?"]
    again = await bot.press("creator", shown, "যোগ করুন")
    assert "আর অপেক্ষায় নেই" in again[-1].text
    assert len(await taught(bot)) == 1


async def test_what_is_left_is_never_applied(bot: Stage) -> None:
    shown = await bring(bot, "question,answer\nদাম কত?,৩০০")
    assert "কিছুই বদলায়নি" in (await bot.press("creator", shown, "বাদ দিন"))[-1].text
    assert "আর অপেক্ষায় নেই" in (await bot.press("creator", shown, "যোগ করুন"))[-1].text
    assert await taught(bot) == []


async def test_only_a_manager_may_import_apply_or_undo(bot: Stage) -> None:
    shown = await bring(bot, "question,answer\nদাম কত?,৩০০")
    id = await the_import(bot)
    hers = (await bot.say("Rima", "/start"))[-1]
    for forged in (Apply(id), Undo(id)):
        assert "টিমের জন্য" in (await bot.press("Rima", hers, pack(forged)))[-1].text
    assert "পুরোনো" in (await bot.press("creator", shown, pack(GoOn(id))))[-1].text
    seen = await bot.command("Rima", "answers import", {"text": "question,answer\nক,খ"})
    assert "টিমের জন্য" in seen[-1].text
    assert await taught(bot) == []


async def the_import(bot: Stage) -> str:
    async def look(tx: Tx) -> str:
        rows = await tx.all("outbox_claim", platform="self", now=10**15, until=0, most=9)
        body = next(tx.seal.open(row["body_sealed"]) for row in rows)
        return body.strip('"').partition(":")[2]

    found: str = await bot.unit(look)
    return found


async def test_an_undone_import_leaves_everything_as_it_was(bot: Stage) -> None:
    old = "id,question,answer,phrases,price\na,শাড়ির দাম?,৩০০,saree dam,300\n,জুতা?,আছে,,\n"
    await bot.press("creator", await bring(bot, old), "যোগ করুন")
    before = await taught(bot)
    new = (
        "id,question,answer,phrases,price,stock\n"
        "a,শাড়ির দাম কত?,৩৫০,saree price,350,আছে\nb,জুতা?,নেই,,,\nc,ব্যাগ?,আছে,,,\n"
    )
    shown = await bring(bot, new)
    assert "নতুন ১, বদলাবে ২" in shown.text
    await bot.advance(60)
    done = await bot.press("creator", shown, "যোগ করুন")
    assert [c.draft.ref for c in await taught(bot)] == ["a", "b", "c"]
    await bot.advance(60)
    assert "সব আগের মতো" in (await bot.press("creator", done[-1], "আগের মতো"))[-1].text
    assert await taught(bot) == before
    assert "আর ফেরানো যায় না" in (await bot.press("creator", done[-1], "আগের মতো"))[-1].text


async def test_undoing_leaves_alone_what_somebody_edited_since(bot: Stage) -> None:
    shown = await bring(bot, "id,question,answer\na,শাড়ি?,৩০০\nb,জুতা?,৫০০")
    done = await bot.press("creator", shown, "যোগ করুন")
    await bot.advance(60)
    later = await bring(bot, "id,question,answer\na,শাড়ি?,৩৫০")
    await bot.press("creator", later, "যোগ করুন")
    undone = await bot.press("creator", done[-1], "আগের মতো")
    assert "১টা যেমন আছে তেমনই রইলো" in undone[-1].text
    assert [dict(c.draft.answers) for c in await taught(bot)] == [{"bn": "৩৫০"}]


async def test_an_import_can_be_undone_for_a_day_and_no_longer(bot: Stage) -> None:
    done = await bot.press("creator", await bring(bot, "question,answer\nক?,খ"), "যোগ করুন")
    await bot.advance(DAY + 7200)
    assert "আর ফেরানো যায় না" in (await bot.press("creator", done[-1], "আগের মতো"))[-1].text
    assert len(await taught(bot)) == 1


async def test_the_same_answers_again_are_nothing_new(bot: Stage) -> None:
    table = "question,answer,phrases\nদাম কত?,৩০০,dam koto"
    await bot.press("creator", await bring(bot, table), "যোগ করুন")
    assert "হুবহু আগে থেকে আছে" in (await bring(bot, table)).text


async def test_an_answer_that_has_another_id_is_not_taken_over(bot: Stage) -> None:
    table = "id,question,answer\na,জুতার দাম?,৩০০"
    await bot.press("creator", await bring(bot, table), "যোগ করুন")
    assert "উত্তর নং ১-এর, যার id আলাদা" in (await bring(bot, table.replace("a,", "c,"))).text


async def test_whose_import_it_was_is_told_and_forgotten(bot: Stage) -> None:
    shown = await bring(bot, "question,answer\nদাম কত?,৩০০")
    assert "আপনার আনা উত্তর: ১টা" in (await bot.say("creator", "/mydata"))[-1].text
    await bot.unit(lambda tx: imports.forget(tx, "c1", "owner-telegram"))
    assert "আপনার আনা উত্তর" not in (await bot.say("creator", "/mydata"))[-1].text
    assert "১টা নতুন" in (await bot.press("creator", shown, "যোগ করুন"))[-1].text


async def test_a_price_list_leaves_the_words_alone(bot: Stage) -> None:
    await bot.press("creator", await bring(bot, "question,answer\nশাড়ি,জামদানি"), "যোগ করুন")
    await bot.press("creator", await bring(bot, "question,price\nশাড়ি,৩০০"), "যোগ করুন")
    [content] = await taught(bot)
    assert (dict(content.draft.answers), content.facts) == ({"bn": "জামদানি"}, {"price": "300"})


async def test_a_sponsored_entry_needs_its_running_link(bot: Stage) -> None:
    shown = await bring(bot, "question,answer,link\nশাড়ি?,আছে,katan1")
    assert "কোনো উত্তর যোগ হয়নি" in shown.text
    assert "katan1" in shown.text


async def test_pasted_pairs_are_taken_as_they_stand(bot: Stage) -> None:
    shown = await bring(bot, "প্রশ্ন: দাম কত?\nউত্তর: ৩০০ টাকা\n\nপ্রশ্ন: সাইজ?\nউত্তর: M, L")
    await bot.press("creator", shown, "যোগ করুন")
    assert [c.draft.answers["bn"] for c in await taught(bot)] == ["৩০০ টাকা", "M, L"]


# Long ones -------------------------------------------------------------------------------------


async def staged(bot: Stage, count: int) -> Message:
    """A preview of `count` rows, as a page would bring them, and its message."""
    contents = [Content(Draft(f"q {at}", f"q {at}", {"bn": f"a {at}"})) for at in range(count)]

    async def put(tx: Tx) -> None:
        parts = imports.seal_rows(tx.seal, contents)
        until = round((START + timedelta(days=1)).timestamp() * 1000)
        await imports.add(tx, "c1", "long", ("telegram", "creator", "bn"), until)
        await imports.fill(tx, "c1", "long", parts, count, 0)

    await bot.unit(put)
    return (await bot.say("creator", "/answers list"))[-1]


async def test_a_long_import_is_applied_in_parts_with_one_message_that_counts(bot: Stage) -> None:
    page = await staged(bot, 1250)
    seen = await bot.press("creator", page, pack(Apply("long")))
    assert "শুরু করলাম, মোট ১,২৫০টা" in seen[0].text
    assert len(await taught(bot)) == 1250
    last = bot.seen("creator", "telegram", "dm")[-1]
    assert "১,২৫০টা নতুন উত্তর যোগ হলো" in last.text
    assert not any("১,০০০ / ১,২৫০" in m.text for m in bot.seen("creator"))  # it was edited
    await bot.press("creator", last, "আগের মতো")
    assert await taught(bot) == []
    assert "সব আগের মতো করে দিলাম।" in [m.text for m in bot.seen("creator", "telegram", "dm")]


async def test_an_import_killed_midway_goes_on_by_its_timer(ready_url: str, tmp_path: Path) -> None:
    lines = ["question,answer", *(f"q {at}?,a {at}" for at in range(5000))]
    (tmp_path / "long.csv").write_text("\n".join(lines), "utf-8")
    given = {"DATABASE_URL": ready_url, "SECRET_KEY": "test secret", "PYTHONPATH": str(ROOT)}
    async with Stage.open(ready_url) as bot:
        program = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "answers", "import", "long.csv", "--yes",
            cwd=tmp_path, env=os.environ | given, stderr=PIPE, stdout=DEVNULL,
        )  # fmt: skip
        assert program.stderr is not None
        assert await program.stderr.readline() == b"1,000 / 5,000\n"
        program.kill()
        await program.wait()
        standing = len(await taught(bot))
        assert 1000 <= standing < 5000
        assert standing % 50 == 0  # whole parts only
        ahead = (datetime.now(UTC) - bot.clock.now()).total_seconds()
        await bot.advance(max(ahead, 0) + 70)
        assert len(await taught(bot)) == 5000
