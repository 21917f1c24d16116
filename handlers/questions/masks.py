"""Reading: numbers, sizes, order ids and phone numbers as the kind of thing they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain
from typing import Final

from handlers.questions.normalise import tokens

NUMBER, SIZE, MONEY, ORDER, PHONE = "<number>", "<size>", "<money>", "<order>", "<phone>"

_SIZE_WORDS: Final = frozenset(
    tokens("size sizes sized saiz sizer sizeta সাইজ সাইজের সাইজটা সাইজটি সাইজে মাপ মাপের")
)
_LETTER_SIZE: Final = re.compile("[sml]|x{1,4}[sl]|[2-6]x[sl]|এক্স(?:এক্স)*(?:এল|এস)")
_SHORT: Final = re.compile("[0-9]{1,2}|এস|এম|এল")  # a size beside "size" or another size
# Sizes before "size" alone: "size ছোট হলে" is about a size that does not fit.
_SIZE_NAMES: Final = frozenset(
    tokens("small medium large free স্মল ছোট মিডিয়াম মাঝারি লার্জ বড় ফ্রি choto boro majhari")
)
_MONEY_WORDS: Final = frozenset(
    tokens(
        "tk taka takar takay takai bdt rs rupee rupees usd dollar dollars "
        "টাকা টাকার টাকায় টাকাই টাকাতে ডলার রুপি"
    )
)
_ORDER_WORDS: Final = frozenset(
    tokens(
        "order orderer orderta ord invoice inv tracking parcel "
        "অর্ডার অর্ডারের অর্ডারটা ইনভয়েস ট্র্যাকিং ট্রাকিং পার্সেল"
    )
)
_NAMED: Final = frozenset(tokens("id no number num code নং নম্বর নাম্বার আইডি কোড"))
_PHONE: Final = re.compile("(?:(?:00)?88)?01[3-9][0-9]{8}|(?:00)?91[6-9][0-9]{9}")
_PIECES: Final = 6  # that a phone number is written in, at most
_AMOUNT: Final = re.compile("([0-9]+)([a-z]{0,7})")  # 15, 500tk, 9pm, 2nd
_ID: Final = re.compile("[a-z]+[0-9]+|[0-9]+[a-z]+[0-9]+")
_NEAR: Final = 2  # a size and the word "size" are neighbours, or have one word between them
_NAMED_BEFORE: Final = 3  # words that an order id may follow "order" by


def mask(words: Sequence[str]) -> list[str]:
    """`words`, as `tokens` gives them, with what is counted, measured or numbered by its kind.

    One for one, so a caller that must tell S from XL still has the word itself beside its mask.
    "size 38 ache" and "size 42 ache" come out alike, and so do two phone numbers or order ids. A
    model, "iphone 15" or "a6400", keeps its letters; the 15 is a number.
    """
    kinds = [_kind(words, at) for at in range(len(words))]
    for first, past in _phones(words):
        kinds[first:past] = [PHONE] * (past - first)
    ahead = range(1, len(words))
    for at, beside in chain(((i, i - 1) for i in ahead), ((i - 1, i) for i in reversed(ahead))):
        if kinds[beside] == SIZE and kinds[at] in (None, NUMBER) and _SHORT.fullmatch(words[at]):
            kinds[at] = SIZE  # 38 40 42
    return [kind or word for kind, word in zip(kinds, words, strict=True)]


def _kind(words: Sequence[str], at: int) -> str | None:
    """The kind of one word, by itself and by the words around it; None for what is no mask."""
    word = words[at]
    amount = _AMOUNT.fullmatch(word)
    if amount and (amount[2] in _MONEY_WORDS or _is_money(words, at)):
        return MONEY
    if _LETTER_SIZE.fullmatch(word) or _is_size(words, at):
        return SIZE
    if _is_order(words, at):
        return ORDER
    return NUMBER if amount else None


def _is_money(words: Sequence[str], at: int) -> bool:
    """500 taka, or tk 500 where the "tk" is not of a number before it."""
    if not words[at].isdigit():
        return False
    before = at > 0 and words[at - 1] in _MONEY_WORDS and not (at > 1 and words[at - 2].isdigit())
    return before or not _MONEY_WORDS.isdisjoint(words[at + 1 : at + 2])


def _is_size(words: Sequence[str], at: int) -> bool:
    if words[at] in _SIZE_NAMES:
        return not _SIZE_WORDS.isdisjoint(words[at + 1 : at + 2])
    around = words[max(0, at - _NEAR) : at + _NEAR + 1]
    return _SHORT.fullmatch(words[at]) is not None and not _SIZE_WORDS.isdisjoint(around)


def _is_order(words: Sequence[str], at: int) -> bool:
    """A number long enough to be one that a shop gave, or any after "order no"."""
    word = words[at]
    digits = sum(map(str.isdigit, word))
    if not digits or not word.isascii():
        return False
    if digits >= 6 and word.isdigit():
        return not word.endswith("000")
    before = words[max(0, at - _NAMED_BEFORE) : at]
    named = not _ORDER_WORDS.isdisjoint(before)
    if named and (digits >= 4 or (digits >= 2 and words[at - 1] in _NAMED)):
        return True
    return digits >= 5 and _ID.fullmatch(word) is not None


def _phones(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where numbers, in one piece or several, are a phone number: the first, past the last."""
    at = 0
    while at < len(words):
        pieces = words[at : at + _PIECES]
        lengths = (n for n, joined in enumerate(accumulate(pieces), 1) if _PHONE.fullmatch(joined))
        found = next(lengths, 0)
        if found:
            yield at, at + found
        at += found or 1
