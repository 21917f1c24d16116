"""Reading, step 3: words of three languages that mean the same, and what is said about nothing."""

from __future__ import annotations

import tomllib
from collections import ChainMap
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Final, Generic, TypeVar

from handlers.questions.banglish import fold, fold_word, romanise, stems
from handlers.questions.normalise import tokens
from handlers.questions.shipped import shipped, shipped_in
from handlers.questions.sounds import Vocabulary
from handlers.questions.verbs import forms

Concepts = frozenset[str]
Key = TypeVar("Key", bound=Hashable)

_NONE: Final[Concepts] = frozenset()
_FILLER: Final = "lexicon/filler.toml"
_WORDS_KEPT: Final = 4096
# A word that is not listed is read as the likeliest one that is, within this cost (see
# `Vocabulary.nearest`). On 6,800 romanised words, while this was chosen: 1 named 5 % of the others
# falsely and 70 % of those meant rightly, 0.7 4 and 64 %, a lookup by folded form with one slip 11
# and 72 %.
_NEAR: Final = 1.0
_NEAR_SHORT: Final = 0.7  # of a short word that does not fold alike
_SHORT: Final = 4  # Latin letters, or a sign more in Bengali; shorter words are not guessed
_STEMS_GUESSED: Final = 2  # the word as it is and without its last ending


@dataclass(frozen=True, slots=True)
class Word:
    """A word read: as it sounds with its endings and without, and what it says."""

    heard: tuple[str, ...]
    filler: bool
    concepts: Concepts
    opens: int = 0  # how many words the longest phrase may have that it is the first of


@dataclass(frozen=True, slots=True)
class Row:
    """A concept of the shipped tables, the field it belongs to if any, and its words."""

    concept: str
    field: str | None
    words: str  # separated by commas; a verb's stem ends in ~ and stands for all its forms

    def wordings(self) -> Iterator[Sequence[str]]:
        """The words and phrases, each as `tokens` gives it."""
        for phrase in self.words.split(","):
            *before, last = phrase.split()
            for form in forms(last[:-1]) if last.endswith("~") else [last]:
                yield tokens(" ".join((*before, form)))


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Which concepts a word or phrase names. A word is looked up as written, then as Bengali
    spelled letter by letter, then by what it is likeliest to be a spelling of.
    """

    written: Mapping[str, Concepts]  # single words as they are listed
    spelled: Mapping[str, Concepts]  # the Bengali ones in Latin letters: টাকা, taka
    phrases: Mapping[tuple[str, ...], Concepts]  # folded
    openings: Mapping[str, int]  # the first words of phrases: how many words the longest has
    filler: frozenset[str]
    unlike: frozenset[str]  # what sounds like a listed word and is another
    fields: Mapping[str, str]  # by concept, where it has one: oven and stove are both in heat
    near: tuple[Vocabulary, ...]
    word: Callable[[str], Word] = field(init=False)
    """Everything known of one word of `tokens`; what was read lately is kept."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "word", lru_cache(_WORDS_KEPT)(self._read))

    def of(self, text: str) -> Concepts:
        """All that `text` names."""
        words = [self.word(word) for word in tokens(text)]
        return _NONE.union(*(concepts for _, _, concepts in self.named(words)))

    def named(self, words: Sequence[Word]) -> Iterator[tuple[int, int, Concepts]]:
        """Where `words` name concepts: the first word, how many words, the concepts.

        The longest phrase wins over the words inside it.
        """
        at = 0
        while at < len(words):
            opens = words[at].opens
            phrase = self._phrase(words[at : at + opens]) if opens else None
            length, concepts = phrase or (1, words[at].concepts)
            if concepts:
                yield at, length, concepts
            at += length

    def fields_of(self, concepts: Iterable[str]) -> Concepts:
        """The fields `concepts` belong to: what is near in meaning shares one."""
        return frozenset(self.fields[concept] for concept in concepts if concept in self.fields)

    def _read(self, written: str) -> Word:
        written = _plain(written)
        heard = tuple(map(fold_word, stems(written)))
        filler, meant = written in self.filler, written
        concepts = self.written.get(written, _NONE)
        if not filler and written not in self.unlike:
            concepts = self._listed(written)
            if not concepts and (meant := self._meant(written)):
                heard = (*heard, fold_word(meant))
                filler = meant in self.filler and meant not in self.written
                concepts = self.written.get(meant, _NONE)
        return Word(heard, filler, concepts, max(self.openings.get(one, 0) for one in heard))

    def _listed(self, written: str) -> Concepts:
        """What `written` names, as it is or, if that is nothing, without its endings."""
        for form in stems(written):
            if concepts := self.written.get(form):
                return concepts
            # Too little is left of an English word to be a Bengali one: "rating", রাত.
            telling = written.isascii() and (form == written or len(form) >= _SHORT)
            if telling and (concepts := self.spelled.get(form)):
                return concepts
        return _NONE

    def _meant(self, written: str) -> str:
        """The listed word that `written` is likeliest to be a spelling of; "" when none is near."""
        for _, form in zip(range(_STEMS_GUESSED), stems(written), strict=False):
            if len(form) < _SHORT + (not form.isascii()) or form.isdigit():
                break
            found = [near for words in self.near for near in words.nearest(form, top=1)]
            meant, cost = min(found, key=lambda near: near[1], default=("", _NEAR))
            alike = len(form) > _SHORT or fold_word(form) == fold_word(meant or form)
            if cost < (_NEAR if alike else _NEAR_SHORT):
                return meant
        return ""

    def _phrase(self, words: Sequence[Word]) -> tuple[int, Concepts] | None:
        for length in range(len(words), 1, -1):
            for inner in (0, -1):  # the words before the last as they are, then without endings
                start = tuple([word.heard[inner] for word in words[: length - 1]])
                for last in words[length - 1].heard:
                    if concepts := self.phrases.get((*start, last)):
                        return length, concepts
        return None


@cache
def lexicon() -> Lexicon:
    """The tables shipped in `lexicon/`, read once."""
    rows = [row for theme in themes().values() for row in theme]
    fields = {row.concept: row.field for row in rows if row.field}
    filler, unlike = (
        frozenset(map(_plain, tokens(words))) for words in tomllib.loads(shipped(_FILLER)).values()
    )
    bare = Lexicon({}, {}, {}, {}, filler, unlike, fields, ())
    return _extended(bare, ((row.concept, words) for row in rows for words in row.wordings()))


def lexicon_with(synonyms: Mapping[str, str] | Sequence[tuple[str, str]]) -> Lexicon:
    """The shipped tables and one community's `synonyms`: a word or phrase, then what it means,
    which is a concept or any words. Two that are both new become a concept of their own.
    """
    pairs = list(synonyms.items() if isinstance(synonyms, Mapping) else synonyms)
    known = lexicon()
    while pairs:
        ready = [pair for pair in pairs if any(map(known.of, pair))] or pairs[:1]
        known = _extended(known, [named for pair in ready for named in _alike(known, *pair)])
        pairs = [pair for pair in pairs if pair not in ready]
    return known


@cache
def themes() -> Mapping[str, Sequence[Row]]:
    """The shipped concepts by file, read once."""
    return {path: tuple(_rows(path)) for path in shipped_in("lexicon") if path != _FILLER}


def read_word(written: str) -> Word:
    """`Lexicon.word` of the shipped tables."""
    return lexicon().word(written)


def background() -> tuple[str, ...]:
    """The messages of `background_classes`."""
    return tuple(message for _, message in background_classes())


@cache
def background_classes() -> tuple[tuple[str, str], ...]:
    """What is said in every community and asks no creator: (class, message), read once."""
    groups: dict[str, str] = tomllib.loads(shipped("background.toml"))
    return tuple((name, line) for name, text in groups.items() for line in text.split("\n") if line)


def _rows(path: str) -> Iterator[Row]:
    for name, value in tomllib.loads(shipped(path)).items():
        if isinstance(value, str):
            yield Row(name, None, value)
        else:
            yield from (Row(concept, name, words) for concept, words in value.items())


def _alike(known: Lexicon, word: str, means: str) -> Iterator[tuple[str, Sequence[str]]]:
    """What `known` lacks for `word` to be read as `means`, or `means` as `word` if that is new."""
    exact = any(means == row.concept for rows in themes().values() for row in rows)
    meant = frozenset({means}) if exact else known.of(means)
    for concept in meant or known.of(word) or {f"own {fold(means)}"}:
        yield concept, tokens(word)
        if not meant:
            yield concept, tokens(means)


def _extended(base: Lexicon, named: Iterable[tuple[str, Sequence[str]]]) -> Lexicon:
    """`base` with more words and phrases, each after its concept; `base` stays as it is.

    One after another: all in a list, as they are and in each form, would fill the memory.
    """
    written, spelled = _Table(base.written), _Table(base.spelled)
    phrases, openings = _Table(base.phrases), dict(base.openings)
    for concept, words in named:
        plain = tuple(map(_plain, words))
        if len(plain) > 1:
            folded = tuple(map(fold_word, plain))
            phrases.add(folded, concept)
            openings[folded[0]] = max(openings.get(folded[0], 0), len(folded))
        elif plain:
            written.add(plain[0], concept)
            if not plain[0].isascii():
                spelled.add(romanise(plain[0]), concept)
    filler, guessed = base.filler, set(written.added)
    if not base.near:
        typed = {romanise(word) for word in filler if not word.isascii()}
        filler |= typed - guessed
        guessed |= filler
    return Lexicon(
        written=written.whole(),
        spelled=spelled.whole(),
        phrases=phrases.whole(),
        openings=openings,
        filler=filler,
        unlike=base.unlike,
        fields=base.fields,
        near=(Vocabulary(sorted(guessed)), *base.near),
    )


class _Table(Generic[Key]):
    """`base`, which is not copied, and what is added."""

    def __init__(self, base: Mapping[Key, Concepts]) -> None:
        self.added: dict[Key, Concepts] = {}
        self._base = base

    def add(self, key: Key, concept: str) -> None:
        known = self.added.get(key) or self._base.get(key, _NONE)
        self.added[key] = _one(known | {concept})

    def whole(self) -> Mapping[Key, Concepts]:
        return ChainMap(self.added, self._base) if self._base else self.added  # type: ignore[arg-type]


def _plain(word: str) -> str:
    """`word` without ৎ, which is ত্ with an invisible joiner as some keyboards type it."""
    return word.replace("ৎ", "ত্")


@lru_cache(_WORDS_KEPT)
def _one(concepts: Concepts) -> Concepts:
    """The same object for the same concepts: thousands of words share a few hundred sets."""
    return concepts
