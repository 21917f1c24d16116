"""Every request for a link gets one class and one reason, from what the request itself says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

RULESET = 1  # stored with each click; grows whenever a rule below changes
CUT = 512  # characters of a User-Agent that are looked at
PURPOSES = ("sec-purpose", "purpose", "x-moz", "x-purpose")


class Class(StrEnum):
    """What a request is counted as, in the order in which the rules are asked."""

    HEAD = "head"
    PREFETCH = "prefetch"
    AUTOMATION = "automation"
    PREVIEW = "preview"
    BOT = "bot"
    SELF = "self"
    REPEAT = "repeat"
    HUMAN = "human"


@dataclass(frozen=True, slots=True)
class Visit:
    """A request: `headers` are those of `PURPOSES` that came, under their lower-case names.

    `team` is true for the creator, the team, the brand and tests; `repeated` when the same visitor
    opened the same link within ten seconds.
    """

    method: str
    user_agent: str
    headers: Mapping[str, str]
    team: bool = False
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """A class and its reason; the reason is a word of ours, never the visitor's text."""

    kind: Class
    reason: str


@dataclass(frozen=True, slots=True)
class Device:
    """Coarse families: enough for a report, too little to tell two people apart."""

    device: str
    browser: str
    os: str


def classify(visit: Visit) -> Verdict:
    """The first rule that holds; counted are only those for which none does, as `human`."""
    if visit.method != "GET":
        return Verdict(Class.HEAD, "method")
    if purpose := _purpose(visit.headers):
        return Verdict(Class.PREFETCH, purpose)
    verdict = judge(cut(visit.user_agent))
    if verdict.kind is not Class.HUMAN:
        return verdict
    if visit.team:
        return Verdict(Class.SELF, "team")
    if visit.repeated:
        return Verdict(Class.REPEAT, "repeated")
    return verdict


def cut(user_agent: str) -> str:
    """The part of a User-Agent that is looked at: no pattern ever sees more."""
    return user_agent[:CUT].strip()


@lru_cache(maxsize=4096)
def judge(user_agent: str) -> Verdict:
    """What a User-Agent, already cut, says of its sender."""
    text = user_agent.lower()
    if not text:
        return Verdict(Class.AUTOMATION, "no user agent")
    if reason := _found(_PREVIEW, text):
        return Verdict(Class.PREVIEW, reason)
    if reason := _found(_IN_APP, text):
        return Verdict(Class.HUMAN, reason)
    if reason := _found(_BOT, text):
        return Verdict(Class.BOT, reason)
    if not _BROWSER.search(text):
        return Verdict(Class.BOT, "not a browser")
    return Verdict(Class.HUMAN, "browser")


def family(user_agent: str) -> Device:
    """The device, browser and system a User-Agent names, each `other` when it names none."""
    return _family(cut(user_agent))


@lru_cache(maxsize=4096)
def _family(user_agent: str) -> Device:
    text = user_agent.lower()
    system = _first(_SYSTEMS, text)
    return Device(_device(text, system), _first(_BROWSERS, text), system)


def _purpose(headers: Mapping[str, str]) -> str:
    for name in PURPOSES:
        value = headers.get(name, "")[:CUT].lower()
        if "prefetch" in value or "preview" in value:
            return name
    return ""


def _first(families: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for token, name in families if token in text), "other")


def _device(text: str, system: str) -> str:
    if "opera mini" in text or "midp" in text:
        return "phone"
    if "ipad" in text or (system == "android" and "mobile" not in text):
        return "tablet"
    if system in {"android", "ios", "kaios"} or "mobile" in text:
        return "phone"
    return "other" if system == "other" else "desktop"


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return (match.lastgroup or match[0]).strip(" /") if match else ""


def _any_of(words: str, **patterns: str) -> re.Pattern[str]:
    # A word is taken as it stands, an underscore for a space; a pattern goes by its name. None
    # nests one repetition in another, so a search costs the text's length times the list's.
    literals = [re.escape(word.replace("_", " ")) for word in words.split()]
    named = [f"(?P<{name}>{pattern})" for name, pattern in patterns.items()]
    return re.compile("|".join(literals + named))


# Programs that fetch a page because somebody put its address into a chat or a post.
_PREVIEW = _any_of(
    """
    telegrambot discordbot facebookexternalhit facebookcatalog facebot meta-externalfetcher
    twitterbot slackbot slack-imgproxy linkedinbot redditbot pinterestbot pinterest/0.
    skypeuripreview microsoftpreview bingpreview mattermost-bot rocket.chat zulipurlpreview
    mastodon/ pleroma_ akkoma_ summalybot cardyb embedly iframely vkshare kakaotalk-scrap
    line-poker snap_url_preview link_preview linkpreview link-preview url_preview urlpreview
    synapse_(bot xing-contenttabreceiver developers.google.com/+/web/snippet
    """,
    whatsapp="^whatsapp/",
    tumblr="^tumblr/",
)

# Browsers inside apps are people, whatever else their User-Agent contains.
_IN_APP = _any_of(
    "fban/ fb_iab fbav/ metaiab instagram_ telegram-android/ viber/ discord/ micromessenger/"
)

_BOT = _any_of(
    # crawlers and services that say so
    """
    crawl spider scrap slurp archiver fetcher indexer favicon heritrix nutch meta-externalagent
    google-inspectiontool googleother googleimageproxy google-read-aloud chatgpt-user claude-user
    perplexity-user mistralai-user anthropic-ai cohere-ai proximic qwantify bubing ahrefs semrush
    screaming_frog netcraft nmap_ masscan zgrab nikto validator checklink httrack webcopier
    uptime pingdom statuscake site24x7 datadog newrelic gtmetrix ptst/ lighthouse page_speed
    monitoring virustotal urlscan safebrowsing
    """
    # browsers without a person
    "headless phantomjs slimerjs selenium webdriver puppeteer playwright cypress/ jsdom "
    # HTTP libraries, some of which call themselves browsers first
    """
    curl/ wget libwww python aiohttp httpx/ urllib mechanize go-http-client okhttp httpclient
    guzzlehttp node-fetch undici axios/ deno/ bun/ reqwest restsharp powershell winhttp
    postmanruntime insomnia/ httpie/ dalvik/ cfnetwork dart/ java/1
    """,
    bot="(?<!cu)bot(?![a-z])",  # Cubot makes phones
    address=r"https?://|www\.",  # where to complain
    compatible=r"\(compatible; ?[a-z0-9 ./-]{0,40}\)",  # no browser stops there
    bare=r"^mozilla/[0-9.]+$|^mozilla/[0-9.]+ \((?!compatible; msie)[^()]*\)$",
)

# Browsers that call themselves neither Mozilla nor Opera live on plain phones.
_BROWSER = re.compile("^(?:mozilla|opera)/[0-9]|^blackberry|midp|ucbrowser|wap.browser")

_SYSTEMS = (
    ("kaios", "kaios"),
    ("windows phone", "other"),
    ("android", "android"),
    ("iphone", "ios"),
    ("ipad", "ios"),
    ("ipod", "ios"),
    ("windows", "windows"),
    ("cros ", "chromeos"),
    ("macintosh", "macos"),
    ("linux", "linux"),
)

# The app before the engine it is built on, the derived browser before the one it derives from.
_BROWSERS = (
    ("fban/messenger", "messenger"),
    ("fb_iab/orca", "messenger"),
    ("metaiab messenger", "messenger"),
    ("instagram ", "instagram"),
    ("fban/", "facebook"),
    ("fb_iab", "facebook"),
    ("fbav/", "facebook"),
    ("metaiab", "facebook"),
    ("telegram", "telegram"),
    ("viber/", "viber"),
    ("discord/", "discord"),
    ("bytedancewebview", "tiktok"),
    ("micromessenger/", "wechat"),
    ("samsungbrowser/", "samsung"),
    ("ucbrowser/", "uc"),
    ("miuibrowser/", "miui"),
    ("heytapbrowser/", "heytap"),
    ("vivobrowser/", "vivo"),
    ("huaweibrowser/", "huawei"),
    ("phx/", "phoenix"),
    ("yabrowser/", "yandex"),
    ("vivaldi/", "vivaldi"),
    ("duckduckgo/", "duckduckgo"),
    ("opera", "opera"),
    ("opr/", "opera"),
    ("edg/", "edge"),
    ("edga/", "edge"),
    ("edgios/", "edge"),
    ("edge/", "edge"),
    ("firefox/", "firefox"),
    ("fxios/", "firefox"),
    ("crios/", "chrome"),
    ("chrome/", "chrome"),
    ("trident/", "ie"),
    ("msie ", "ie"),
    ("safari/", "safari"),
)
