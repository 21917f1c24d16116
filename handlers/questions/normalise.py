"""Reading, step 1: one spelling for every way Unicode and a keyboard can write a question."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final, Literal

Script = Literal["beng", "latn", "mixed", "none"]
Language = Literal["bn", "en", "bn-Latn"]

# Format characters, fillers and variation selectors: drawn as nothing.
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
# Latin accents and stacked ("zalgo") marks; Bengali signs are not among them.
_ACCENT: Final = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
# ৎ was typed ত ্ ZWJ before it had a code point, and often still is ত ্. Which one is meant shows:
# ত ্ is a ligature with these letters and ৎ before any other and at the end.
_KHANDA_TA: Final = re.compile("ত্(?![তথনমযরব])")
# No Unicode form composes the first three; the others are slow keyboards' আ and ো.
_COMPOSED: Final = (
    ("\u09af\u09bc", "\u09df"),  # য়
    ("\u09a1\u09bc", "\u09dc"),  # ড়
    ("\u09a2\u09bc", "\u09dd"),  # ঢ়
    ("\u0985\u09be", "\u0986"),  # অ া
    ("\u09be\u09c7", "\u09cb"),  # া ে
)
_DOUBLED_SIGN: Final = re.compile("([\u0981-\u0983\u09bc\u09be-\u09cd\u09d7])\\1+")
_LETTERS: Final[dict[int, int | str]] = {
    **str.maketrans("০১২৩৪৫৬৭৮৯ৰৱ", "0123456789রব"),  # the last two are Assamese
    **dict.fromkeys(map(ord, "৳৲"), " টাকা "),
    ord("%"): " percent ",
    **dict.fromkeys(range(0x09F4, 0x0A00), " "),  # fractions, abbreviation sign, sandhi mark
}
# 2,500 and 1,50,000, but not the sizes 38,40,42
_GROUPED: Final = re.compile("(?<![0-9,])[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}(?!,?[0-9])")
_APOSTROPHE: Final = re.compile("(?<=\\w)['`\u02bc\u2018\u2019](?=\\w)")
_GAP: Final = re.compile("(?:[^\\w\u0980-\u09ff]|_)+")  # danda, punctuation, emoji, any space
_TOKEN: Final = re.compile("[\u0980-\u09ff]+|[a-z0-9]+")

# Words one language has and the other has not; loans such as "price" say nothing.
_BANGLISH: Final = """
    ache achen achi asen ami amar amake amra amader apni apnar apnake apnara apnader apu bhai
    bhaiya vai vaiya ki kii kemne kemon kmn kivabe kibhabe keno kno kothay kothai kotha koi koto
    kotto kto kobe kokhon kon kono kake kichu kisu eta eita ota oita seta ei oi ekta ektu akta
    ekhane okhane ekhon akhon ekhono akhono theke thaka jonno jonne sathe sate shathe diye niye
    dile nile pele gele korle daam taka tk tka kore korbo korte korben koren korchi korsi korse
    korchen korsen kora korar hobe hoy hoi hoise hoyeche holo hole hoile nai nei nahi naki dibo
    diben dibe dite den deya deoa dewa dewar nibo niben nite nen neya neoa newa parbo parben
    pari paren parbe pabo paben pabe pawa paoa pawar paite chai chaile lagbe laglo jabe jay jabo
    jaben gelo bolen bolo bolben bolte bolun dekhte dekhi dekhan janan janaben jante janben
    janina valo bhalo khub onek boro choto shundor sundor kalo lal nil sada shada holud sobuj
    golapi ajke aj kalke kal bochor ghonta somoy shomoy tarikh dokan kapor jama shari sharee
    panjabi juta gohona rong bodol ferot batil baire vitore moddhe upor niche abar shudhu sudhu
    aro tahole tobe kintu ebong dhonnobad dhonnobaad shubho shuvo accha acha thik jodi mone
    hocche hoche hocce cholche cholse shesh sesh shuru suru ashbe asbe pathan pathaben pathano
    kinbo kinte kinsen bikash ta ti er moja poisa shobai sobai
"""
_ENGLISH: Final = """
    the a an is are was were be been am do does did done has have had having will would shall
    should can could may might must i you he she it we they me him us them my your his its our
    their mine yours this that these those what which who whom whose when where why how much
    many and or but if because so than then there here of in on at by for from with without
    about into onto over under after before between during until to not no yes any some all each
    every both more most less other another such only just also too very still yet again ever
    never always get got getting want wants need needs know tell show give gives make makes
    going go goes come comes take takes let lets please whats wheres hows whos dont doesnt didnt
    cant wont isnt arent im ive id ill youre theres thats available anyone someone anything
    something everyone
"""
# English words that Banglish borrows. One or two alone do not tell; three with nothing Bengali
# about them are English, since Banglish hardly ever does without a word of its own for so long.
_BORROWED: Final = """
    red blue green black white yellow pink dress saree sari shirt shoe shoes bag jewellery jewelry
    phone camera price cost size sizes chart color colour colors colours delivery charge time date
    shipping return refund exchange policy stock order payment cash link shop store page group live
    video giveaway winner result discount offer code coupon code new next today tomorrow day week
    online address number contact brand collab promotion gift prize original quality small medium
    large extra outside inside dhaka
"""


def normalise(text: str) -> str:
    """`text` in lower case and one Unicode spelling, words and digits only, one space between.

    The same for NFC, NFD, NFKC and NFKD, with or without zero-width characters, accents,
    doubled signs, danda or question mark, Bengali or ASCII digits; 2,500 is 2500. ৎ keeps its own
    letter, however it was typed; a ligature such as ত্র never has one. Bengali য় ড় ঢ় come out as
    single code points, so the result is not NFC. Never raises.
    """
    text = text.lower().translate(_LETTERS) if text.isascii() else _composed(text)
    text = _GROUPED.sub(lambda number: number[0].replace(",", ""), text)
    text = _APOSTROPHE.sub("", text)
    return _GAP.sub(" ", text).strip()


def _composed(text: str) -> str:
    """`text` in lower case, each letter and sign written in one way; ASCII is so already."""
    text = _INVISIBLE.sub("", text).replace("ৎ", "ত্")
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    text = _DOUBLED_SIGN.sub(r"\1", _ACCENT.sub("", text))
    text = _DOUBLED_SIGN.sub(r"\1", unicodedata.normalize("NFC", text))
    for apart, letter in _COMPOSED:
        text = text.replace(apart, letter)
    return _KHANDA_TA.sub("ৎ", text.translate(_LETTERS))


def tokens(text: str) -> list[str]:
    """The Bengali and ASCII words and numbers of `text`, normalised; other scripts drop out.

    A word ends where the script changes: "dressটা" is two. Bengali words keep their signs, which
    `\\w` would cut them at.
    """
    return _TOKEN.findall(normalise(text))


def script(text: str) -> Script:
    """What `text` is written in; "mixed" when neither script has four fifths of the letters."""
    words = [word for word in tokens(text) if not word.isdigit()]
    letters = sum(map(len, words))
    if not letters:
        return "none"
    bengali = sum(len(word) for word in words if _is_bengali(word)) / letters
    return "beng" if bengali >= 0.8 else "latn" if bengali <= 0.2 else "mixed"


def language(text: str) -> Language | None:
    """The language to answer `text` in, or None when its words do not tell.

    A quarter of the words in Bengali letters is Bengali. Otherwise the words that only English
    or only Banglish has are counted. One Banglish word outweighs two English ones: Banglish
    borrows from English, English does not borrow from it.
    """
    words = [word for word in tokens(text) if not word.isdigit()]
    bengali = sum(map(_is_bengali, words))
    if bengali and bengali * 4 >= len(words):
        return "bn"
    banglish = _shared(words, _BANGLISH)
    english = _shared(words, _ENGLISH)
    if banglish or english:
        return "bn-Latn" if banglish * 2 >= english else "en"
    if not bengali and len(words) >= 3 and _shared(words, _BORROWED) == len(set(words)):
        return "en"
    return "bn" if bengali else None


def _is_bengali(word: str) -> bool:
    return word[0] >= "\u0980"


def _shared(words: list[str], telling: str) -> int:
    return len(_set(telling).intersection(words))


@cache
def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())
