"""Reading, step 2: Bengali, Banglish and English words in one folded ASCII spelling."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from handlers.questions.normalise import tokens

_HASANT: Final = "্"
_CONSONANTS: Final = dict(
    zip(
        "কখগঘঙচছজঝঞটঠডঢণতথদধনপফবভমযরলশষসহ\u09dc\u09dd\u09df",
        "k kh g gh ng ch ch j jh n t th d dh n t th d dh n p f b bh m j r l sh sh s h r r y".split(),
        strict=True,
    )
)
_VOWELS: Final = dict(zip("অআইঈউঊঋএঐওঔ", "o a i i u u ri e oi w ou".split(), strict=True))
_SIGNS: Final = dict(zip("ািীুূৃেৈোৌৗ", "a i i u u ri e oi o ou u".split(), strict=True))
_LETTERS: Final = _CONSONANTS | _VOWELS | _SIGNS | {"ং": "ng"}  # ঁ and ঃ are not heard

# Spelling that is not pronunciation, put right before letters are read one by one.
_HEARD: Final = (
    ("ৎ", "ত্"),
    ("ক্ষ", "খ"),
    ("জ্ঞ", "গ"),
    ("হ্য", "জ্ঝ"),  # সহ্য: sojjho
    ("অ্যা", "এ"),
    ("এ্যা", "এ"),
    ("ও\u09dfা", "ওা"),  # ওয়া: wa
)
_SILENT: Final = re.compile("(?<=[শষসদজধতথ])্ব(?=.)|(?<=[ক-হ\u09dc])্য")

# In this order. Vowels that a romaniser picks by taste (a or o for the inherent vowel, ee or i)
# and sounds English letters do not tell apart (t d n r of the two rows, aspiration) become one.
_FOLDS: Final = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"([^\dx])\1{2,}", r"\1"),  # pleeease; but not 1000 or xxxl
        ("[ts]ion", "son"),
        ("ks?h|kkh", "k"),
        ("c(?=[eiy])", "s"),
        ("c(?!h)", "k"),
        ("ch+", "c"),
        ("ph", "f"),
        ("sh", "s"),
        ("([bdgjkpt])h", r"\1"),
        ("q", "k"),
        ("x", "ks"),
        ("z", "j"),
        ("v", "b"),
        ("(?<=[dr])g(?=e)", "j"),  # charge
        ("ee|ea", "i"),
        ("oo", "u"),
        ("w", "o"),
        ("(?<=[^aeiou])ey$", "e"),
        ("y", "i"),
        ("ng(?![rl])", "n"),
        ("a", "o"),
        (r"(\D)\1+", r"\1"),
        ("(?<=[eiou][^eiou])o(?=[^eiou][eiou])", ""),  # করতে: korte, not korote
        ("(?<=..)o$", ""),  # কত is said koto, চালাক chalak: the last one is written or not
    )
)
_FIRST_VOWELS: Final = re.compile("^[aeiou]+")
_LATER_VOWELS: Final = re.compile("(?<=.)[aeiou]")


def fold(text: str) -> str:
    """The words of `text` as they sound, in ASCII, one space between: দাম কত, "dam koto" and
    "daam kotto" are all "dom kot". Meant for matching, not for reading.
    """
    return " ".join(map(fold_word, tokens(text)))


@lru_cache(maxsize=8192)
def fold_word(word: str) -> str:
    """`fold` for one word as `tokens` gives it; never empty."""
    folded = romanise(word) if word[0] >= "\u0980" else word
    for pattern, plain in _FOLDS:
        folded = pattern.sub(plain, folded)
    return folded or "_"


def romanise(word: str) -> str:
    """A normalised Bengali word in ASCII, the inherent vowel written o everywhere but at the end.

    Which of them are not said is not guessed here: the fold drops the likely ones from both
    scripts alike.
    """
    for written, heard in _HEARD:
        word = word.replace(written, heard)
    word = _SILENT.sub("", word)
    return "".join(
        _LETTERS.get(letter, letter if letter.isascii() else "")
        + ("o" if letter in _CONSONANTS and follower in _LETTERS and follower not in _SIGNS else "")
        for letter, follower in zip(word, word[1:] + " ", strict=True)
    )


def skeleton(word: str) -> str:
    """The consonants of a folded word; a vowel at its start, whichever it is, stays as "a".

    ইনফ্লুয়েন্সার, ইনফ্লুয়েন্সের and "influencer" share "anflnsr".
    """
    return _LATER_VOWELS.sub("", _FIRST_VOWELS.sub("a", word))
