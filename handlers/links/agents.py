"""What may be kept of a User-Agent: its words, without what tells one person's device from another.

The rules of `classify` read these words and nothing else, so that a newer ruleset judges a click
that was kept as it would have judged the request.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import Final

CUT: Final = 512  # characters of a User-Agent that are looked at
LONGEST: Final = 120  # characters of what is kept of it
NOTHING: Final = "-"  # kept of a User-Agent that says something, but has no word
_WORD: Final = 24  # characters of a word
_LETTERS: Final = 4  # beside a number, or they are no word
_MOST: Final = 100  # parts that are read; a browser has twenty, an old one forty
_ID: Final = 8  # bytes

_PARTS = re.compile(r"[()\[\]]|[^\s()\[\];,]+")
_RUNS = re.compile(r"[a-z0-9_.-]+")
_NUMBERED = re.compile(r"([^0-9]*)[0-9](?:.*[0-9])?([^0-9]*)$")
_NUMBER = re.compile("[0-9]")
_MAIL = re.compile("@[a-z]")
_LOCALE = re.compile(r"[a-z]{2,3}[-_][a-z]{2}")


def _all(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SHORT = _all("ad go in ms nt os qq tv uc wv")
_FILLER = _all("khtml like the and for")

# What a browser says of the system it runs on; a comment has the device and its build as well.
_SYSTEMS = _all(
    """
    android blackberry bsd cldc compatible cpu cros fedora freebsd gecko intel ipad iphone ipod
    kaios linux mac macintosh midp mobile mozilla msie netbsd nintendo nt openbsd os playstation
    ppc presto series smart-tv symbian symbianos tablet tizen touch trident tv ubuntu ucweb unknown
    web windows wv xbox
    """
)
_OWN_DEVICE = _all("android iphone ipad midp msie")  # such a comment says much of a device

# Whoever uses such a word is no person, wherever it stands.
ROBOT = re.compile(
    r"(?<!cu)bot\b|(?<!cu)bot_|crawl|spider|scrap|fetcher|preview|headless|checker|snippet|monitor|externalhit|validator|lighthouse"
    r"|(?<![^ ])(?:http|https|www|mailto)(?![^ ])"
)
# Phrases that say more than their words: what they are, and the word kept for them.
_PHRASES = (
    ("developers.google.com/+/web/snippet", "google-snippet"),
    ("site24x7", "site-monitor"),
    ("24x7", "all-day-monitor"),
    ("w3c_", "www-consortium "),
    ("webkit2png", "webkit-capture"),
)


def cut(user_agent: str) -> str:
    """The part of a User-Agent that is looked at: no pattern ever sees more."""
    return user_agent[:CUT].strip()


def reduced(user_agent: str) -> str:
    """The words of a User-Agent, at most `LONGEST` characters; the words of words are the same.

    Left out are numbers, versions, locales, addresses, and of comments all but the system's name,
    unless it is a robot's: device models and builds stand there. Empty for an empty one.
    """
    return _reduced(cut(user_agent))


def agent_id(words: str) -> str:
    """What words are known by in the database: 16 hexadecimal digits."""
    return blake2b(words.encode(), digest_size=_ID).hexdigest()


@lru_cache(maxsize=4096)
def _reduced(user_agent: str) -> str:
    text = user_agent.lower()
    if not text:
        return ""
    for phrase, word in _PHRASES:
        text = text.replace(phrase, f" {word} ")
    return " ".join(_shortened(list(dict.fromkeys(_words(text))))) or NOTHING


def _shortened(words: list[str]) -> list[str]:
    """As many words as there is room for, a robot's before a browser's."""
    if sum(map(len, words)) + len(words) - 1 <= LONGEST:
        return words
    room, kept = LONGEST + 1, []
    for at in sorted(range(len(words)), key=lambda at: ROBOT.search(words[at]) is None):
        if len(words[at]) < room:
            room -= len(words[at]) + 1
            kept.append(at)
    return [words[at] for at in sorted(kept)]


def _words(text: str) -> Iterator[str]:
    """The words outside of comments as they come, those of each comment where it ends."""
    depth, comments, inside = 0, 0, list[str]()
    for part in _PARTS.findall(text)[:_MOST]:
        if part in "([":
            depth += 1
            inside += [part] if depth == 1 else []
        elif part in ")]":
            depth = max(0, depth - 1)
            if not depth and inside:
                yield from _of_comment(inside, first=not comments)
                comments, inside = comments + 1, []
        elif depth:
            inside.append(part)
        else:
            yield from _of_part(part)
    yield from _of_comment(inside, first=not comments)


def _of_comment(parts: list[str], *, first: bool) -> Iterator[str]:
    """What of a comment may be kept: on a desktop what has no number, later in a User-Agent only
    where nothing has one, of a robot's all; in brackets stands an app, then all about the device.
    """
    read = [(part, list(_of_part(part))) for part in parts[1:]]
    words = {word for _, found in read for word in found}
    bracket = parts[:1] == ["["]
    device = bracket or not _OWN_DEVICE.isdisjoint(words)
    robot = any(map(ROBOT.search, words)) or "compatible" in words
    numbered = any(map(_NUMBER.search, parts))
    for at, (part, found) in enumerate(read):
        plain = robot or not (_NUMBER.search(part) if first else numbered)
        whole = (bracket and at == 0) or (plain and not device)
        yield from (w for w in found if whole or w in _SYSTEMS or ROBOT.search(w))


def _of_part(part: str) -> Iterator[str]:
    """The words of `name/value`, of a value only those that say nothing of a person."""
    if "://" in part:
        yield "http"
    elif _MAIL.search(part):
        yield "mailto"
    elif part.lstrip("+").startswith("www."):
        yield "www"
    else:
        *names, last = part.split("/")
        for name in names or [last]:
            yield from _of_run(name)
        for word in _of_run(last) if names else ():
            if word in _SYSTEMS or ROBOT.search(word):
                yield word


def _of_run(text: str) -> Iterator[str]:
    for run in _RUNS.findall(text):
        word = _without_numbers(run).strip("._-")[:_WORD].rstrip("._-")
        if len(word) < 3 and word not in _SHORT:
            continue
        if word not in _FILLER and not _LOCALE.fullmatch(word):
            yield "www" if word.startswith("www.") else word


def _without_numbers(run: str) -> str:
    """A word without the version after it or the number before it; of a model nothing is left."""
    if not _NUMBER.search(run):
        return run
    ends = _NUMBERED.match(run)
    parts = sorted(ends.groups() if ends else (), key=lambda part: ROBOT.search(part) is None)
    return next((p for p in parts if len(p.strip("._-")) >= _LETTERS or ROBOT.search(p)), "")
