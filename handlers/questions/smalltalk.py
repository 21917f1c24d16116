"""Greetings and thanks, which want a friendly line rather than an answer; pure."""

from __future__ import annotations

from functools import cache
from typing import Final, Literal

from handlers.questions.banglish import fold_word
from handlers.questions.normalise import normalise, tokens

_LONGEST: Final = 8  # words; a longer text has more to say
# One of these makes it small talk …
_GREETING: Final = """
hi hii hello helo hlw hey salam assalamu assalamualaikum alaikum alaykum walaikum are whats
morning afternoon evening night birthday mubarak merry kemon khobor obostha
হাই হ্যালো সালাম আসসালামু আসসালামুয়ালাইকুম আলাইকুম ওয়ালাইকুম নমস্কার আদাব সকাল দুপুর বিকেল সন্ধ্যা
রাত্রি মোবারক নববর্ষ জন্মদিন কেমন খবর অবস্থা
"""
_THANKS: Final = """
thanks thank thx thnx tnx ty tysm ok okay okey understood great nice wow cool
dhonnobad donnobad shukria accha acha thik bujhlam bujhechi bujhsi darun
ধন্যবাদ শুকরিয়া আচ্ছা ওকে ঠিক বুঝলাম বুঝেছি পেরেছি দারুণ মাশাআল্লাহ
"""
# … when nothing but these is beside it.
_AROUND: Final = """
how are you doing what up good happy new year eid subho so very much a lot the to and u ar got it
all everyone there dear sir madam apu apa api vai bhai vaiya bhaiya brother sister bro sis
sobai sobaike apnake apni tumi onek ki achen acho asen asos ache
আপু আপা আপি ভাই ভাইয়া সবাই সবাইকে সবার আপনাকে আপনি তুমি তোমাকে অনেক আর ও শুভ ঈদ কি কী
আছেন আছো আছিস আছে বুঝতে
"""


def small_talk(text: str) -> Literal["greeting", "thanks"] | None:
    """What `text` is when it is nothing but that: silence greets, signs and emoji thank."""
    words = [fold_word(word) for word in tokens(text)]
    if not words:
        return None if normalise(text) else "thanks" if text.strip() else "greeting"
    if len(words) > _LONGEST or words[0].isdigit():
        return None
    around = _folded(_AROUND)
    if _only(_folded(_GREETING), around, words):
        return "greeting"
    return "thanks" if _only(_folded(_THANKS), around, words) else None


def _only(some: frozenset[str], beside: frozenset[str], words: list[str]) -> bool:
    return not some.isdisjoint(words) and some | beside >= set(words)


@cache
def _folded(words: str) -> frozenset[str]:
    return frozenset(map(fold_word, tokens(words)))
