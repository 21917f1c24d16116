"""Every request for a link gets one class and one reason, from what the request itself says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import Final

from handlers.links.agents import CUT, ROBOT, cut, reduced
from handlers.links.families import Device, family

__all__ = [
    "CUT", "PURPOSES", "REASONS", "RULESET", "Class", "Device", "Verdict", "Visit", "classify",
    "cut", "family", "judge",
]  # fmt: skip

RULESET: Final = 2  # stored with each click; grows whenever a rule below or a list changes
PURPOSES: Final = ("sec-purpose", "purpose", "x-moz", "x-purpose")


class Class(StrEnum):
    """What a request is counted as, in the order in which the rules are asked."""

    HEAD = "head"
    PREFETCH = "prefetch"
    AUTOMATION = "automation"
    PREVIEW = "preview"
    BOT = "bot"
    SELF = "self"
    RATE = "rate"
    REPEAT = "repeat"
    INCENTIVISED = "incentivised"
    HUMAN = "human"


# Why a person's request counts as something else, as the row of a click tells it.
REASONS: Final = {
    Class.SELF: "team",
    Class.RATE: "many a minute",
    Class.REPEAT: "repeated",
    Class.INCENTIVISED: "giveaway ticket",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """A request: `headers` are those of `PURPOSES` that came, under their lower-case names.

    `team` is true for the creator, the team, the brand and tests; `frequent` when the visitor asks
    more often than a person does; `repeated` when the same visitor opened the same link within ten
    seconds; `incentivised` when a giveaway's ticket is given for the click.
    """

    method: str
    user_agent: str
    headers: Mapping[str, str]
    team: bool = False
    frequent: bool = False
    repeated: bool = False
    incentivised: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """A class and its reason; the reason is a word of ours, never the visitor's text.

    `otherwise` is the class if only the User-Agent were a person's: what the request becomes when
    a newer ruleset takes its agent for one.
    """

    kind: Class
    reason: str
    otherwise: Class = Class.HUMAN


def classify(visit: Visit) -> Verdict:
    """The first rule that holds; counted are only those for which none does, as `human`."""
    if visit.method != "GET":
        return Verdict(Class.HEAD, "method", Class.HEAD)
    if purpose := _purpose(visit.headers):
        return Verdict(Class.PREFETCH, purpose, Class.PREFETCH)
    verdict, otherwise = judge(cut(visit.user_agent)), _of_person(visit)
    if otherwise is Class.HUMAN:
        return verdict
    if verdict.kind is Class.HUMAN:
        return Verdict(otherwise, REASONS[otherwise], otherwise)
    return Verdict(verdict.kind, verdict.reason, otherwise)


@lru_cache(maxsize=4096)
def judge(user_agent: str) -> Verdict:
    """What a User-Agent says of its sender, or the words that were kept of it: both say the same,
    because nothing but the words is looked at."""
    words = reduced(user_agent)
    if not words:
        return Verdict(Class.AUTOMATION, "no user agent")
    if match := _PREVIEW.search(words):
        return Verdict(Class.PREVIEW, _reason(match))
    app = None if ROBOT.search(words) else _IN_APP.search(words)
    if match := None if app else _ROBOT.search(words):
        return Verdict(Class.BOT, _reason(match))
    if _COMPATIBLE.search(words):
        return Verdict(Class.BOT, "compatible")
    if not _BROWSER.search(words):
        return Verdict(Class.BOT, "not a browser")
    if not _ENGINE.search(words):
        return Verdict(Class.BOT, "no engine")
    return Verdict(Class.HUMAN, _reason(app) if app else "browser")


def _of_person(visit: Visit) -> Class:
    """The class of a request by what is known of it beside its User-Agent."""
    if visit.team:
        return Class.SELF
    if visit.frequent:
        return Class.RATE
    if visit.repeated:
        return Class.REPEAT
    return Class.INCENTIVISED if visit.incentivised else Class.HUMAN


def _purpose(headers: Mapping[str, str]) -> str:
    for name in PURPOSES:
        value = headers.get(name, "")[:CUT].lower()
        if "prefetch" in value or "preview" in value:
            return name
    return ""


def _reason(match: re.Match[str]) -> str:
    return match[0].strip()  # no pattern holds more than letters of ours


def _any_of(words: str, *patterns: str) -> re.Pattern[str]:
    # A word is taken as it stands, an underscore for a space. Nothing here repeats anything, so
    # that a search costs the text's length times the list's.
    return re.compile(
        "|".join([*(re.escape(w.replace("_", " ")) for w in words.split()), *patterns])
    )


def _listed() -> list[str]:
    """The patterns of `bots.txt`."""
    text = resources.files(__package__).joinpath("bots.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


# Programs that fetch a page because somebody put its address into a chat or a post.
_PREVIEW = _any_of(
    """
    telegrambot discordbot facebookexternalhit facebookcatalog facebot meta-externalfetcher
    twitterbot slackbot slack-imgproxy linkedinbot redditbot pinterestbot skypeuripreview
    microsoftpreview bingpreview mattermost-bot rocket.chat zulipurlpreview pleroma akkoma misskey
    summalybot cardyb embedly iframely vkshare kakaotalk-scrap line-poker snap_url_preview
    link_preview linkpreview link-preview url_preview urlpreview synapse_bot google-snippet
    xing-contenttabreceiver notionembedder viberbot viber_bot
    """,
    # what their apps are called as well, unless a browser comes first
    "^(?:viber|whatsapp|tumblr|pinterest|mastodon|lemmy|friendica|signal|imessage)",
)

# Browsers inside apps are people, though they may have a word of the list beside them.
_IN_APP = _any_of(
    """
    fban fb_iab fbav metaiab instagram telegram-android micromessenger bytedancewebview musical_ly
    linkedinapp
    """,
    r"\b(?:viber|discord|line|barcelona|twitter|snapchat|pinterest|whatsapp|zalo|imo)\b",
)

_ROBOT = _any_of(
    # crawlers and services that the list does not have
    """
    spider scrap slurp fetcher indexer favicon heritrix meta-externalagent googleother
    googleimageproxy chatgpt-user claude-user perplexity-user mistralai-user anthropic-ai cohere-ai
    proximic qwantify bubing ahrefs semrush screaming_frog netcraft nmap masscan zgrab nikto
    validator uptime datadog newrelic gtmetrix lighthouse page_speed monitoring virustotal urlscan
    safebrowsing www mailto
    """
    # browsers without a person
    "slimerjs webdriver puppeteer cypress jsdom "
    # HTTP libraries, some of which call themselves browsers first
    """
    libwww python aiohttp httpx mechanize okhttp guzzle undici axios reqwest restsharp powershell
    winhttp postmanruntime insomnia httpie dalvik cfnetwork
    """,
    *_listed(),
    r"\b(?:wget|dart|deno|bun)\b",
)

# A browser of old goes on with its own name.
_COMPATIBLE = re.compile(r"\bcompatible\b(?! msie| konqueror| ucbrowser| opera)")

# Browsers that call themselves neither Mozilla nor Opera live on plain phones.
_BROWSER = re.compile(r"^(?:mozilla|opera|blackberry|ucweb)\b|\bmidp\b|ucbrowser|wap.browser")

# Whoever calls itself Mozilla goes on with what it is like.
_ENGINE = re.compile(
    r"applewebkit|gecko|trident|msie|presto|opera|konqueror|midp|ucbrowser|blackberry|nintendo"
    r"|playstation|netfront|wap.browser"
)
