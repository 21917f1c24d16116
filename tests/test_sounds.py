"""Reading: words nobody listed, spans of sentences, and what numbers and sizes are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import learn_sounds
from handlers.questions.masks import MONEY, NUMBER, ORDER, PHONE, SIZE, mask
from handlers.questions.normalise import tokens
from handlers.questions.sounds import SURE, Sounds, Vocabulary, sounds, units
from handlers.questions.spans import Sentences

SHOP = tokens("""
    দাম ডেলিভারি শাড়ি জামা গিভঅ্যাওয়ে বিকাশ রঙ ছবি কুপন পাঞ্জাবি ঠিকানা সময় উপহার বিজয়ী ফেরত
    price delivery dress giveaway discount available payment coupon jewellery original
""")
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789" + "".join(map(chr, range(0x0980, 0x09FF)))


@pytest.fixture(scope="module")
def shop() -> Vocabulary:
    return Vocabulary(SHOP)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("daam", "দাম"),
        ("sharee", "শাড়ি"),
        ("punjabi", "পাঞ্জাবি"),
        ("thikana", "ঠিকানা"),
        ("bijoyee", "বিজয়ী"),
        ("upohaar", "উপহার"),
        ("discaunt", "discount"),
        ("giveway", "giveaway"),
        ("availble", "available"),
        ("jewelry", "jewellery"),
        ("পেমেন্ট", "payment"),
        ("প্রাইস", "price"),
        ("ডিসকাউন্ট", "discount"),
        ("অরিজিনাল", "original"),
        ("ডেলিভারী", "ডেলিভারি"),
    ],
)
def test_a_word_spelled_as_nobody_listed_it_is_known(
    shop: Vocabulary, asked: str, meant: str
) -> None:
    (best, cost), *_ = shop.nearest(tokens(asked)[0])
    assert best == tokens(meant)[0]
    assert cost < 1.5 * SURE


@pytest.mark.parametrize("asked", ["biryani", "tomorrow", "কালকে", "ঘূর্ণিঝড়", "telescope", "xyz"])
def test_a_word_that_means_something_else_is_dear(shop: Vocabulary, asked: str) -> None:
    assert all(cost > 2 * SURE for _, cost in shop.nearest(tokens(asked)[0]))


def test_known_words_cost_nothing_and_the_best_comes_first(shop: Vocabulary) -> None:
    for word in SHOP:
        found = shop.nearest(word, top=4)
        assert found[0] == (word, 0.0)
        assert [cost for _, cost in found] == sorted(cost for _, cost in found)
        assert len(found) <= 4


def test_a_vocabulary_keeps_each_word_once_and_may_be_empty() -> None:
    assert Vocabulary(["dam", "dam", ""]).words == ("dam",)
    assert Vocabulary([]).nearest("dam") == []
    assert Vocabulary(["dam"]).nearest("") == []


@given(st.text(LETTERS, min_size=1, max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_word_can_be_looked_up_and_known(word: str) -> None:
    found = Vocabulary([*SHOP, word]).nearest(word, top=3)
    assert len(found) <= 3
    assert all(cost >= 0 for _, cost in found)


def test_letters_below_others_and_inherent_vowels_are_units_of_their_own() -> None:
    assert units("কত") == ["ক", "~", "ত", "~"]
    assert units("শক্ত") == ["শ", "~", "ক", "্ত", "~"]
    assert units("প্রাইস") == ["প", "্র", "া", "ই", "স", "~"]
    assert units("উৎসব") == ["উ", "ত", "্স", "~", "ব", "~"]
    assert units("dam2") == ["d", "a", "m", "2"]


def test_bengali_is_written_as_most_people_write_it() -> None:
    written = [sounds().written(word) for word in tokens("দাম কত ভাই লাইভ কোথায়")]
    assert written == ["dam", "koto", "bhai", "laiv", "kothay"]


def test_the_shipped_table_names_its_sources_and_licence() -> None:
    head = Path("handlers/questions/sounds.tsv").read_text(encoding="utf-8").splitlines()[:5]
    assert all(any(name in line for line in head) for name in ("Dakshina", "Aksharantar", "BY-SA"))


def test_costs_are_learned_from_pairs_alone(tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.tsv"
    lines = ["দাম\tdam\t9", "দাম\tdaam\t3", "কাম\tkam\t3", "মাদ\tmad\t3", "দুই শব্দ\tdui shobdo\t3"]
    pairs.write_text("\n".join(lines * 20), encoding="utf-8")
    swapped = tmp_path / "swapped.csv"
    swapped.write_text("rupa,রূপা\n" * 60, encoding="utf-8")
    table = tmp_path / "sounds.tsv"
    options = [pairs, swapped, "-o", table]
    command = [sys.executable, "-m", "benchmarks.learn_sounds", *map(str, options)]
    subprocess.run(command, check=True, capture_output=True)
    learned = Sounds.read(table.read_text(encoding="utf-8"))
    assert learned.written("কাদা") == "kada"
    assert learned.written("রূম") == "rum"
    row = learned.places["া", "*", "*"]
    single, double, other = (learned.writing(letters)[row] for letters in ("a", "aa", "k"))
    assert single < double < other


def test_pairs_of_more_than_one_word_are_not_learned_from(tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.tsv"
    pairs.write_text("দাম কত\tdam koto\t1\nদাম\tdam\t7\ndam,দাম\n\nx,y\n", encoding="utf-8")
    assert list(learn_sounds.read(pairs)) == [("দাম", "dam", 3), ("দাম", "dam", 1)]


SENTENCES = (
    "লাল শাড়িটার দাম কত পড়বে ঢাকার বাইরে?",
    "ডেলিভারি চার্জ কত, কত দিনে পৌঁছাবে?",
    "পরের লাইভ কবে হবে, কয়টায় আসবেন?",
    "When is the next live show?",
)


@pytest.mark.parametrize(
    ("span", "meant"),
    [
        ("shareetar daam koto", 0),
        ("dhakar baire", 0),
        ("delivary charj koto", 1),
        ("laiv kobe hobe", 2),
        ("নেক্সট লাইভ শো", 3),
    ],
)
def test_a_few_words_find_the_sentence_they_are_from(span: str, meant: int) -> None:
    (best, share), *_ = Sentences(SENTENCES).nearest(span)
    assert best == meant
    assert 0.5 < share <= 1


def test_a_span_of_nothing_known_finds_nothing() -> None:
    assert Sentences(SENTENCES).nearest("") == []
    assert Sentences([]).nearest("dam koto") == []
    assert Sentences(SENTENCES).nearest("দাম কত", top=1) == [(0, 1.0)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("size 38 ache?", "size 42 ache?"),
        ("৩৮ সাইজ হবে?", "৪২ সাইজ হবে?"),
        ("XL ache apu?", "m ache apu?"),
        ("38, 40 size hobe?", "40, 42 size hobe?"),
        ("amar order id AB1234 kothay", "amar order id 45981 kothay"),
        ("01712-345678 e bikash korsi", "01812 345679 e bikash korsi"),
        ("2,500 tk te hobe?", "১৫০০ tk te hobe?"),
    ],
)
def test_questions_that_differ_in_a_number_or_size_read_alike(one: str, other: str) -> None:
    assert mask(tokens(one)) == mask(tokens(other))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("S-XL", [SIZE, SIZE]),
        ("2XL ba xxl", [SIZE, "ba", SIZE]),
        ("এক্সএল আছে", [SIZE, "আছে"]),
        ("medium size", [SIZE, "size"]),
        ("a large order", ["a", "large", "order"]),
        ("size choto hole", ["size", "choto", "hole"]),
        ("500tk", [MONEY]),
        ("tk 500", ["tk", MONEY]),
        ("১,৫০,০০০৳", [MONEY, "টাকা"]),
        ("5 ta order", [NUMBER, "ta", "order"]),
        ("iphone 15", ["iphone", NUMBER]),
        ("sony a6400", ["sony", "a6400"]),
        ("100000 followers", [NUMBER, "followers"]),
        ("order no 553", ["order", "no", ORDER]),
        ("ORD-12345", ["ord", ORDER]),
        ("৮৮০১৭১২৩৪৫৬৭৮", [PHONE]),
        ("০১৭ ১২ ৩৪ ৫৬ ৭৮", [PHONE] * 5),
        ("০১৭ ১২ ৩৪ ৫৬ ৭৮৯", [NUMBER] * 5),
        ("নম্বর ০১৭১২ ৩৪৫৬৭৮, ৩ দিন", ["নম্বর", PHONE, PHONE, NUMBER, "দিন"]),
    ],
)
def test_what_is_counted_is_masked_and_names_are_not(text: str, masked: list[str]) -> None:
    assert mask(tokens(text)) == masked


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_a_mask_stands_for_each_word_of_any_text(text: str) -> None:
    words = tokens(text)
    masked = mask(words)
    assert len(masked) == len(words)
    assert all(
        m == w or m in {NUMBER, SIZE, MONEY, ORDER, PHONE}
        for w, m in zip(words, masked, strict=True)
    )
