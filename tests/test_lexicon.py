"""The lexicon: words of three languages that mean the same, and slips of the finger."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.questions.banglish import fold_word, romanise
from handlers.questions.concepts import Row, lexicon, themes
from handlers.questions.normalise import tokens
from handlers.questions.typos import mended
from handlers.questions.verbs import forms

# Listed under two concepts of one theme, because the word means both.
MEANT = {
    "জিতেছে": "has won: asks for the winner, and how to win",
    "জিতেছেন": "the same, politely",
    "budget": "a sum, and a small one",
    "বাজেট": "the same",
    "page": "a shop on a social network is a page",
    "পেজ": "the same",
    "পেইজ": "the same, spelled otherwise",
    "পৌঁছাবে": "will be delivered, and will arrive",
    "পৌঁছাতে": "the same",
    "পৌঁছে": "the same",
    **dict.fromkeys(
        ("coupon", "কুপন", "discount code", "ডিসকাউন্ট কোড", "promo code", "প্রোমো কোড"),
        "a coupon, and the discount it gives",
    ),
    "বিদেশি": "of abroad: people there, and goods from there",
    "routine": "a timetable, and what is done regularly",
}
# Bengali words of different concepts that are the same in Latin letters, by what sets them apart.
ALIKE = {
    "aspiration or length that Latin letters do not show": {
        *("কত কোট", "ছোট চোট", "মাছ ম্যাচ", "মাপ ম্যাপ", "ত্বক টক", "ভাত ভ্যাট", "শিট শীত", "বর বড়"),
        *("চুড়ি ছুরি", "ছাড়া চারা", "কাটার কাতার", "ঢোকা ধোঁকা", "হাঁটা হাতা", "বেছে বেচে", "ভাগ ভাগ্য"),
        *("বোন বন", "মোজা মজা", "বাটি বাতি"),
    },
    "র and ড় of to wear and to read": {
        *("পরা পড়া", "পরে পড়ে", "পরেছেন পড়েছেন", "পরেছিলেন পড়েছিলেন", "পরছেন পড়ছেন", "পরসেন পড়সেন"),
    },
    "one name, two spellings": {"কলকাতা কোলকাতা"},
}


def listed() -> Iterator[tuple[str, Row, Sequence[str]]]:
    """Every word and phrase: its theme, its concept's row, and itself as `tokens` gives it."""
    for theme, rows in themes().items():
        for row in rows:
            for words in row.wordings():
                yield theme, row, words


def collisions() -> set[str]:
    """Pairs of Bengali words of different concepts that are typed alike in Latin letters."""
    typed: defaultdict[str, dict[str, set[str]]] = defaultdict(dict)
    for _, row, words in listed():
        if len(words) == 1 and not words[0].isascii():
            typed[romanise(words[0])].setdefault(words[0], set()).add(row.concept)
    return {
        f"{one} {other}"
        for meanings in typed.values()
        for one, other in combinations(meanings, 2)
        if meanings[one] != meanings[other]
    }


def named(text: str) -> frozenset[str]:
    return lexicon().of(text)


# --- the tables -------------------------------------------------------------------------------


def test_there_are_400_to_600_concepts_each_named_once() -> None:
    names = [row.concept for rows in themes().values() for row in rows]
    assert len(names) == len(set(names))
    assert 400 <= len(names) <= 600


def test_every_concept_has_words_in_bengali_and_in_latin_letters() -> None:
    scripts: defaultdict[str, set[bool]] = defaultdict(set)
    for _, row, words in listed():
        scripts[row.concept].add(all(word.isascii() for word in words))
    assert [concept for concept, found in scripts.items() if len(found) < 2] == []


def test_every_word_and_phrase_reads_as_its_concept() -> None:
    misread = [
        (row.concept, phrase)
        for _, row, words in listed()
        if row.concept not in named(phrase := " ".join(words))
    ]
    assert misread == []


def test_every_bengali_word_reads_as_its_concept_in_latin_letters_too() -> None:
    """As a machine romanises it; a word that English has as well keeps its English meaning."""
    table = lexicon()
    misread = {
        words[0]
        for _, row, words in listed()
        if len(words) == 1 and not words[0].isascii()
        if (typed := romanise(words[0])) not in {*table.written, *table.filler, *table.unlike}
        if typed and row.concept not in table.word(typed).concepts
    }
    assert misread == set()


def test_no_word_is_in_two_concepts_of_a_theme_unless_meant() -> None:
    places: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for theme, row, words in listed():
        places[theme, " ".join(words)].add(row.concept)
    assert {word for (_, word), concepts in places.items() if len(concepts) > 1} == set(MEANT)


def test_bengali_words_typed_alike_are_known() -> None:
    allowed = {frozenset(pair.split()) for pairs in ALIKE.values() for pair in pairs}
    assert {frozenset(pair.split()) for pair in collisions()} == {
        frozenset(" ".join(map(" ".join, [tokens(word) for word in pair])).split())
        for pair in allowed
    }


def test_no_phrase_sounds_like_another_concepts_phrase() -> None:
    sounding: defaultdict[tuple[str, ...], dict[str, set[str]]] = defaultdict(dict)
    for _, row, words in listed():
        if len(words) > 1:
            key = tuple(map(fold_word, words))
            sounding[key].setdefault(" ".join(words), set()).add(row.concept)
    alike = [
        meanings
        for meanings in sounding.values()
        if len({frozenset(concepts) for concepts in meanings.values()}) > 1
    ]
    assert alike == []


def test_a_field_holds_concepts_near_in_meaning() -> None:
    table = lexicon()
    assert table.fields_of({"oven"}) == table.fields_of({"stove"}) != frozenset()
    assert table.fields_of({"winner", "prize"}) == {"giveaway"}
    assert table.fields_of({"which", "no such concept"}) == frozenset()
    assert max(Counter(table.fields.values()).values()) <= 16


@pytest.mark.parametrize("stem", ["কিন", "পাঠা"])
def test_a_verb_is_found_in_every_form_fans_use(stem: str) -> None:
    written = forms(stem)
    assert len(written) == len(set(written)) >= 30
    assert stem not in written


# --- what fans write ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("concept", "texts"),
    [
        ("recipe", ("রেসিপি দেন", "recipe please", "resipi ta den")),
        ("oven", ("ওভেনে হবে?", "in an oven", "oven e hobe")),
        ("battery", ("ব্যাটারি কেমন", "battery life", "betari kemon")),
        ("visa", ("ভিসা লাগবে?", "is a visa needed", "visa lage naki")),
        ("weight_loss", ("ওজন কমাতে চাই", "to lose weight", "ojon komate chai")),
        ("certificate", ("সার্টিফিকেট দেবেন?", "do i get a certificate", "certificate diben")),
        ("acne", ("ব্রণের দাগ", "pimples on my face", "bron jay na")),
        ("top_up", ("টপ আপ কোথায়", "where to top up", "topup koren kotha theke")),
        ("microphone", ("কোন মাইক?", "which mic is that", "mic konta")),
        ("collab", ("কোলাব করতে চাই", "open for collaboration?", "kolab korben")),
        ("baby", ("বাচ্চা কাঁদে", "my baby cries", "baccha kade")),
        ("lyrics", ("গানের কথা লিখুন", "lyrics please", "ganer kotha den")),
        ("membership", ("মেম্বারশিপ নেব", "how do i buy membership", "membership nibo")),
        ("transfer", ("টাকা পাঠাব কীভাবে", "can i transfer it", "taka pathabo kothay")),
        ("withdraw", ("টাকা তুলব কীভাবে", "atm near me", "cash out korbo")),
        ("pending", ("পার্সেল আটকে আছে", "still waiting", "atke ache")),
        ("charge", ("টাকা কেটে নিয়েছে", "money was deducted", "taka kete nise")),
        ("lost", ("ফোন চুরি হয়েছে", "it was stolen", "churi hoise")),
        ("forgot", ("পাসওয়ার্ড ভুলে গেছি", "i forgot it", "vule gesi")),
        ("add", ("আমাকে অ্যাড করেন", "please add me", "add koren amake")),
        ("decrease", ("দাম কমবে?", "reduce it", "dam kombe")),
        ("buy", ("কিনলাম", "i bought it", "kinlam", "kinbo", "কিনসিলাম", "kintesi")),
    ],
)
def test_what_fans_of_any_genre_write_is_named(concept: str, texts: Sequence[str]) -> None:
    assert [text for text in texts if concept not in named(text)] == []


@pytest.mark.parametrize(
    ("slip", "concept"),
    [
        ("delivry", "delivery"),
        ("discunt", "discount"),
        ("shippin", "delivery"),
        ("calender", "schedule"),
        ("withdrawl", "withdraw"),
        ("ডেলিভরি", "delivery"),
        ("জিনিষ", "product"),
        ("dokaner", "shop"),
        ("jinish", "product"),
    ],
)
def test_a_word_misspelled_is_read_as_the_word_meant(slip: str, concept: str) -> None:
    assert concept in named(slip)


def test_one_slip_in_a_listed_word_is_mostly_put_right() -> None:
    slips = [(word, slip) for word in sorted(lexicon().written) if (slip := slipped(word))]
    chosen = random.Random(1).sample(slips, 400)
    read = [(lexicon().word(slip).concepts, lexicon().written[word]) for word, slip in chosen]
    right = sum(bool(found & meant) for found, meant in read)
    wrong = sum(bool(found) and not found & meant for found, meant in read)
    assert right >= 0.4 * len(read)
    assert wrong <= 0.1 * len(read)


def slipped(word: str) -> str | None:
    """`word` of at least six Latin letters with a slip of the finger past its first letter."""
    if len(word) < 6 or not word.isascii():
        return None
    place, kind = random.Random(word).randrange(2, len(word) - 1), len(word) % 3
    before, letter, after = word[:place], word[place], word[place + 1 :]
    return before + ("", letter * 2, after[:1] + letter)[kind] + (after[1:] if kind == 2 else after)


@pytest.mark.parametrize(
    "word",
    [
        *(
            "house",
            "human",
            "happening",
            "while",
            "taken",
            "machine",
            "both",
            "quiet",
            "convert",
        ),
        *("care", "never", "last", "life", "even", "read", "cause", "main", "value", "text"),
        *("not", "many", "down", "ache", "xyzzy", "qwrtp", "12345"),
        *("কর্মচারী", "লোকসংখ্যা", "রহনপুর", "মহাকাব্য", "সালে", "সাল", "করেছিলেন"),
    ],
)
def test_a_word_that_is_another_word_is_not_guessed(word: str) -> None:
    assert named(word) == mended(word, lexicon()).concepts == frozenset()


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_read(text: str) -> None:
    assert named(text) <= {row.concept for rows in themes().values() for row in rows}
