"""Reading, step 2: Bengali, Banglish and English words in one folded ASCII spelling."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from handlers.questions.normalise import tokens

_HASANT: Final = "্"
_CONSONANTS: Final = {
    **{"ক": "k", "খ": "kh", "গ": "g", "ঘ": "gh", "ঙ": "ng"},
    **{"চ": "ch", "ছ": "ch", "জ": "j", "ঝ": "jh", "ঞ": "n"},
    **{"ট": "t", "ঠ": "th", "ড": "d", "ঢ": "dh", "ণ": "n"},
    **{"ত": "t", "থ": "th", "দ": "d", "ধ": "dh", "ন": "n"},
    **{"প": "p", "ফ": "f", "ব": "b", "ভ": "bh", "ম": "m"},
    **{"য": "j", "র": "r", "ল": "l", "শ": "sh", "ষ": "sh", "স": "s", "হ": "h"},
    **{"\u09dc": "r", "\u09dd": "r", "\u09df": "y"},  # ড় ঢ় য়
}
_VOWELS: Final = {
    **{"অ": "o", "আ": "a", "ই": "i", "ঈ": "i", "উ": "u", "ঊ": "u", "ঋ": "ri"},
    **{"এ": "e", "ঐ": "oi", "ও": "w", "ঔ": "ou"},
}
_SIGNS: Final = {
    **{"া": "a", "ি": "i", "ী": "i", "ু": "u", "ূ": "u", "ৃ": "ri"},
    **{"ে": "e", "ৈ": "oi", "ো": "o", "ৌ": "ou", "ৗ": "u"},
}
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

# Vowels a romaniser picks by taste (a or o for the inherent one, ee or i) and sounds that English
# letters do not tell apart (both rows of t d n r, aspiration) become one.
_SOUNDS: Final = {
    **{"tion": "son", "sion": "son", "ksh": "k", "kkh": "k", "chh": "c", "ch": "c", "c": "k"},
    **{"bh": "b", "dh": "d", "gh": "g", "jh": "j", "kh": "k", "ph": "f", "sh": "s", "th": "t"},
    **{"q": "k", "x": "ks", "z": "j", "v": "b", "ng": "n"},
    **{"ee": "i", "ea": "i", "oo": "u", "w": "o", "y": "i", "a": "o"},
}
_SOUND: Final = re.compile("|".join(_SOUNDS).replace("ng", "ng(?![rl])"))
_BEFORE: Final = (
    (re.compile(r"([^\dx])\1{2,}"), r"\1"),  # pleeease, but not 1000 or xxxl
    (re.compile("c(?=[eiy])"), "s"),
    (re.compile("(?<=[dr])g(?=e)"), "j"),  # charge
    (re.compile("(?<=[^aeiou])ey$"), "e"),
)
_AFTER: Final = (
    (re.compile(r"(\D)\1+"), r"\1"),
    (re.compile("(?<=[eiou][^eiou])o(?=[^eiou][eiou])"), ""),  # করতে: korte, not korote
    (re.compile("(?<=..)o$"), ""),  # কত is said koto, চালাক chalak: the last one is written or not
)
_ENDINGS: Final = 4  # at most, one after another: বন্ধু-গুলো-র-ও
_BENGALI_ENDING: Final = re.compile(
    "(?<=..)(?:গুলো|গুলা|গুলি|টুকু|খানা|টা|টি|দের|রা|ের|\u09dfের|র|কে|তে|ে|\u09df|ও|ই)$"
)
_LATIN_ENDING: Final = re.compile(
    "(?<=...)(?:gulo|gula|guli|der|ta|ti|er|ke|te|ra|r|e|s|o|i|ing|ed)$"
)
_FIRST_VOWELS: Final = re.compile("^[aeiou]+")
_LATER_VOWELS: Final = re.compile("(?<=.)[aeiou]")


def fold(text: str) -> str:
    """The words of `text` as they sound, in ASCII, one space between: দাম কত, "dam koto" and
    "daam kotto" are all "dom kot". Meant for matching, not for reading.
    """
    return " ".join(map(fold_word, tokens(text)))


@lru_cache(maxsize=1024)
def fold_word(word: str) -> str:
    """`fold` for one word as `tokens` gives it; never empty."""
    folded = romanise(word) if word[0] >= "\u0980" else word
    for pattern, plain in _BEFORE:
        folded = pattern.sub(plain, folded)
    folded = _SOUND.sub(lambda sound: _SOUNDS[sound[0]], folded)
    for pattern, plain in _AFTER:
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


def stems(word: str) -> Iterator[str]:
    """`word`, as `tokens` gives it, then shorter and shorter as its endings come off.

    Case and article endings of Bengali (টা, টির, গুলো, দের) in both scripts, and English -s, -ing.
    It proposes; the caller looks each one up.
    """
    ending = _BENGALI_ENDING if word[0] >= "\u0980" else _LATIN_ENDING
    yield word
    for _ in range(_ENDINGS):
        shorter = ending.sub("", word)
        if shorter == word:
            return
        word = shorter
        yield word
