"""Reading: one spelling, one sound and one meaning for a question, however it is written."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handlers.questions.banglish import fold, fold_word, skeleton, stems
from handlers.questions.concepts import background, lexicon, read_word
from handlers.questions.normalise import language, normalise, script, tokens

# Every letter, sign and digit that has more than one spelling is in one of these.
QUESTIONS = (
    "লাল ড্রেসের দাম কত?",
    "শাড়িটা কোথায় পাওয়া যায়, ভাইয়া?",
    "আষাঢ় মাসে ১০% ছাড়ে ২,৫০০৳ পড়বে কি?",
    "উৎসব, র‍্যাফেল ড্র আর গিভঅ্যাওয়ে কবে শেষ হবে।",
    "হঠাৎ উত্তর পাইনি, সত্যি কি চিকিৎসার সৎ মাত্রা বিদ্যুৎ?",
    "ক্যাশ অন ডেলিভারি হবে? মৌসুমী সংগ্রহ চাঁদপুরে পৌঁছাবে?",
    "ঐ দুঃখী ঔষধটা কোন্‌ দোকানে, ৯৮৭৬৫৪৩২১০?",
    "What's the price of the RED dress?",
    "dam koto apu, XXL hobe? 2500 tk?",
    "price কত পড়বে dressটার?",
)
NOISE = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad")
KEYBOARDS = (
    ("ৎ", "ত্\u200d"),
    ("ৎ", "ত্\u200c"),
    ("র", "ৰ"),
    ("ব", "ৱ"),
    ("আ", "অা"),
    ("ো", "াে"),
    (" ", "\u00a0"),
    (" ", "  "),
    (" ", "\n\t"),
    (" ", " \u2003 "),
    ("।", "॥"),
    ("।", "|"),
    ("?", "।"),
    ("?", " ?!"),
    ("?", "🙏"),
    ("?", "…"),
    ("'", "’"),
)


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, str]:
    """A question and the same question as another keyboard, platform or hurry writes it."""
    question = draw(st.sampled_from(QUESTIONS))
    text = unicodedata.normalize("NFC", question)
    for usual, other in draw(st.lists(st.sampled_from(KEYBOARDS), max_size=4, unique=True)):
        text = text.replace(usual, other)
    digits = draw(st.sampled_from(("0123456789", "০১২৩৪৫৬৭৮৯")))
    text = re.sub(r"\d", lambda digit: digits[int(digit[0])], text)
    text = _doubled(draw, text)
    text = unicodedata.normalize(draw(st.sampled_from(("NFC", "NFD", "NFKC", "NFKD"))), text)
    text = _doubled(draw, text)
    for at in draw(st.lists(st.integers(0, len(text)), max_size=8)):
        text = text[:at] + draw(st.sampled_from(NOISE)) + text[at:]
    return question, draw(st.sampled_from((text, text.upper(), f" {text} ")))


def _doubled(draw: st.DrawFn, text: str) -> str:
    """`text` with some of its signs typed twice."""
    signs = [at for at, letter in enumerate(text) if letter in "ঁংঃ়ািীুূৃেৈোৌ্ৗ"]
    for at in sorted(draw(st.sets(st.sampled_from(signs), max_size=3)) if signs else ())[::-1]:
        text = text[:at] + text[at] + text[at:]
    return text


@given(spellings())
@settings(max_examples=500, deadline=None)
def test_every_unicode_form_of_a_question_reads_alike(pair: tuple[str, str]) -> None:
    question, other = pair
    assert normalise(other) == normalise(question)
    assert tokens(other) == tokens(question)
    assert fold(other) == fold(question)
    assert language(other) == language(question)
    assert script(other) == script(question)


@given(st.text("".join(map(chr, range(0x0980, 0x09FF))) + "\u200c\u200d ,1", max_size=40))
@example("ৎৎব")
@settings(max_examples=500, deadline=None)
def test_bengali_in_any_disorder_reads_and_reading_it_again_changes_nothing(text: str) -> None:
    normal = normalise(text)
    assert normalise(normal) == normal
    assert len(fold(text).split()) == len(tokens(text))
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert normalise(unicodedata.normalize(form, text)) == normal


@given(st.text(max_size=300))
@example("\u09cd\u200d\u09be")
@example("ক" + "্\u09bc" * 100)
@settings(max_examples=300, deadline=None)
def test_any_text_reads_and_reading_it_again_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
    assert fold(text).isascii()
    assert len(fold(text).split()) == len(tokens(text))
    assert script(text) in {"beng", "latn", "mixed", "none"}


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("\u09af\u09bc \u09a1\u09bc \u09a2\u09bc", "\u09df \u09dc \u09dd"),
        ("উত্\u200dসব উত্সব উৎসব", "উৎসব উৎসব উৎসব"),
        ("হঠাত্ উত্\u200dতর", "হঠাৎ উত্তর"),
        ("২,৫০০ 1,50,000 38,40,42", "2500 150000 38 40 42"),
        ("র\u200d্যাব র\u200c্যাব", "র্যাব র্যাব"),
        ("অামার", "আমার"),
        ("কি\u09bfভাবে ক\u09cd\u09cdযাশ", "কিভাবে ক্যাশ"),
        ("অসমীয়া ৰাতি ৱ", "অসমী\u09dfা রাতি ব"),
        ("২৫০৳।", "250 টাকা"),
        ("দাম\u00a0কত॥", "দাম কত"),
        ("What’s THE Café?", "whats the cafe"),
        ("𝐏𝐫𝐢𝐜𝐞 ｄｒｅｓｓ ①", "price dress 1"),
        ("z̷̢a̴͝l̵͠g̶͘o", "zalgo"),
        ("❤️👩🏽‍🍳 দাম?! #sale_now", "দাম sale now"),
    ],
)
def test_a_spelling_has_one_normal_form(written: str, normal: str) -> None:
    assert normalise(written) == normal


def test_bengali_words_are_not_cut_at_their_signs() -> None:
    assert tokens("কোথায় স্ট্যান্ডার্ড dressটা, 5টা?") == [
        normalise("কোথায়"),
        "স্ট্যান্ডার্ড",
        "dress",
        "টা",
        "5",
        "টা",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("দাম কত?", "beng"), ("dam koto", "latn"), ("dress এর দাম", "mixed"), ("১২৩ 😀", "none")],
)
def test_the_script_is_told_by_the_letters(text: str, expected: str) -> None:
    assert script(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ড্রেসটার দাম কত?", "bn"),
        ("price কত পড়বে", "bn"),
        ("what does the word আড্ডা mean in your channel", "en"),
        ("how much is the delivery charge", "en"),
        ("delivery charge koto", "bn-Latn"),
        ("apu please tell me kobe live e asben", "bn-Latn"),
        ("size chart", None),
        ("red dress price?", "en"),
        ("আড্ডা addabot giveaway winner discord telegram", "bn"),
        ("123", None),
        ("Привет", None),
    ],
)
def test_the_language_is_told_only_where_words_tell_it(text: str, expected: str | None) -> None:
    assert language(text) == expected


@pytest.mark.parametrize(
    "forms",
    [
        ("দাম কত", "dam koto", "daam kotto", "DAM KOTOOO"),
        ("শেষ কবে", "shesh kobe", "sesh kobey"),
        ("কীভাবে করতে", "kivabe korte", "kibhabe korte"),
        ("কোথায় থেকে", "kothay theke", "kothai theke"),
        ("ভিডিও দেখতে", "bhidio dekhte", "vidio dekhte"),
        ("মূল্য", "মুল্য"),
        ("রং", "rong", "rang"),
    ],
)
def test_spellings_of_one_sound_fold_alike(forms: tuple[str, ...]) -> None:
    assert len({fold(form) for form in forms}) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("ইনফ্লুয়েন্সার", "ইনফ্লুয়েন্সের", "influencer"),
        ("মার্কেটিং", "মারকেটিং", "marketing"),
        ("ডেলিভারি", "ডেলিভারী", "delivery", "delevari"),
        ("করব", "korbo", "korobo"),
    ],
)
def test_spellings_that_differ_in_vowels_share_a_skeleton(words: tuple[str, ...]) -> None:
    assert len({skeleton(fold(word)) for word in words}) == 1


def test_what_is_counted_or_measured_is_not_folded_away() -> None:
    assert len({fold(size) for size in ("L", "XL", "XXL", "XXXL")}) == 4
    assert fold("1000") != fold("100")


def test_endings_come_off_one_after_another() -> None:
    assert list(stems("ড্রেসগুলোর")) == ["ড্রেসগুলোর", "ড্রেসগুলো", "ড্রেস"]
    assert "video" in stems("videotar")
    assert list(stems("tatatatatatata"))[-1] == "tatata"


@pytest.mark.parametrize(
    "words",
    [
        ("price", "দাম", "dam", "daam", "মূল্য", "prices", "দামটা"),
        ("delivery", "ডেলিভারি", "ডেলিভারী", "delivary", "shipping"),
        ("dress", "জামা", "ড্রেসটার", "jamata", "outfit"),
        ("giveaway", "গিভঅ্যাওয়ে", "গিভঅ্যাওয়েতে", "giveway"),
        ("red", "লাল", "lal"),
    ],
)
def test_words_of_three_languages_name_one_concept(words: tuple[str, ...]) -> None:
    named = [read_word(tokens(word)[0]).concepts for word in words]
    assert frozenset.intersection(*named)


def test_the_longest_phrase_wins_over_its_words() -> None:
    words = [read_word(word) for word in tokens("cash on delivery ache?")]
    assert next(lexicon().named(words)) == (0, 3, frozenset({"cod"}))


def test_an_english_word_does_not_mean_what_it_sounds_like_in_bengali() -> None:
    assert read_word("coat").concepts == {"jacket"}
    assert read_word("koto").concepts == {"how_much"}
    assert read_word("সালে").concepts == frozenset()


def test_words_said_in_any_question_are_filler() -> None:
    assert all(read_word(word).filler for word in ("please", "আপু", "apu", "ki", "কি", "amar"))
    assert not read_word("katan").filler


def test_every_concept_can_be_named_in_both_scripts() -> None:
    table = lexicon()
    bengali = {c for word, found in table.written.items() if not word.isascii() for c in found}
    latin = {c for word, found in table.written.items() if word.isascii() for c in found}
    assert len(bengali & latin) >= 120
    # A few are named by phrases in one of the two: "how many", "media kit".
    phrased = {concept for found in table.phrases.values() for concept in found}
    assert bengali ^ latin <= phrased


def test_small_talk_ships_in_three_languages() -> None:
    spoken = [language(message) for message in background()]
    assert len(spoken) == len(set(background())) >= 60
    assert min(spoken.count("bn"), spoken.count("en"), spoken.count("bn-Latn")) >= 20


def test_a_word_of_signs_alone_still_folds_to_something() -> None:
    assert fold_word("্") == "_"
