"""From a request for a link to the click that is kept: judged, and without what names anyone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from handlers.links.agents import agent_id, reduced
from handlers.links.classify import RULESET, Visit, classify, cut, family
from handlers.links.visitors import Visitors
from storage.clicks import ClickRow
from storage.links import Link

WEB = "web"  # the platform of a click on a shared link
SOURCES = 200  # referrers of one link counted apart in a day; a forger has no end of them
OTHER = "other"  # what the rest is counted as
QUARTER_MS = 900_000  # no time zone changes its hour but at one of these
LONGEST_REFERRER = 2048

_RULESET = str(RULESET)
_HOST = re.compile(
    r"[a-z][a-z0-9+.-]*://(?:[^/?#@]*@)?([a-z0-9][a-z0-9.-]{0,252})(?::[0-9]*)?(?:[/?#]|$)"
)
_LANGUAGE = re.compile(r"\s*([a-zA-Z]{2,3})(?![a-zA-Z])")
_COUNTRY = re.compile(r"[A-Z]{2}")


class Opening(NamedTuple):
    """A request for a link as it came; `address` and `user_agent` are forgotten at once.

    `purposes` are the headers of `classify.PURPOSES` that came; `token` that of a personal link;
    `declined` when the sender asked not to be tracked; `languages` the Accept-Language header;
    `country` two letters if a trusted proxy supplied them; `own` when a page of ours sent it;
    `id` that of the click where it is known before.
    """

    method: str
    user_agent: str
    purposes: Mapping[str, str]
    address: str
    referrer: str = ""
    token: str = ""
    declined: bool = False
    languages: str = ""
    country: str = ""
    own: bool = False
    id: str = ""


@dataclass(frozen=True, slots=True)
class Agent:
    """All that a User-Agent says; `words` are kept of it, under `id`."""

    kind: str
    reason: str
    otherwise: str
    device: str
    browser: str
    os: str
    id: str | None
    words: str


class Judge:
    """Says what requests count as; remembers who opened what lately."""

    def __init__(self, visitors: Visitors) -> None:
        self._visitors = visitors
        self._sources = _Sources()

    def click(self, id: str, at: int, link: Link, opening: Opening) -> tuple[ClickRow, str]:
        """The click, made at `at` (ms), and the words of its agent. Whose it is stays open."""
        user_agent = cut(opening.user_agent)
        visitor = self._visitors.key(opening.address, user_agent, at)
        if opening.method != "GET" or opening.purposes:
            agent = _agent_of(Visit(opening.method, user_agent, opening.purposes))
        else:
            frequent = self._visitors.flooding(visitor, at)
            repeated = self._visitors.again(link.id, opening.token, visitor, at)
            agent = _agent(user_agent, opening.own, frequent, repeated)
        day, hour = _local(link.timezone, at // QUARTER_MS)
        referrer = host(opening.referrer) if opening.referrer else None
        row = ClickRow(
            id, link.id, at, agent.kind, agent.reason, _RULESET, WEB, None,
            agent.device, agent.browser, agent.os, referrer, 0, agent.id, agent.otherwise,
            language(opening.languages), country(opening.country), 0, day, hour, link.campaign,
            visitor, self._sources.named(link.id, day, referrer) if referrer else "",
        )  # fmt: skip
        return row, agent.words


@lru_cache(maxsize=8192)
def _agent(user_agent: str, own: bool, frequent: bool, repeated: bool) -> Agent:
    return _agent_of(Visit("GET", user_agent, {}, team=own, frequent=frequent, repeated=repeated))


def _agent_of(visit: Visit) -> Agent:
    verdict, device = classify(visit), family(visit.user_agent)
    words = reduced(visit.user_agent)
    return Agent(
        verdict.kind.value, verdict.reason, verdict.otherwise.value, device.device, device.browser,
        device.os, agent_id(words) if words else None, words,
    )  # fmt: skip


class _Sources:
    """Which referrers are counted by name, so that their number is bounded."""

    def __init__(self) -> None:
        self._day = ""
        self._named: dict[str, set[str]] = {}

    def named(self, link: str, day: str, referrer: str) -> str:
        if day > self._day:
            self._day, self._named = day, {}
        known = self._named.setdefault(link, set())
        if referrer not in known:
            if len(known) >= SOURCES:
                return OTHER
            known.add(referrer)
        return referrer


@lru_cache(maxsize=1024)
def _local(zone: str, quarter: int) -> tuple[str, str]:
    """The date and the hour of a quarter of an hour, counted from 1970 (UTC), in a time zone."""
    at = datetime.fromtimestamp(quarter * QUARTER_MS / 1000, UTC).astimezone(ZoneInfo(zone))
    return at.date().isoformat(), f"{at.hour:02d}"


def host(referrer: str) -> str | None:
    """The host of a Referer header, None where it is not one."""
    found = _HOST.match(referrer[:LONGEST_REFERRER].lower())
    return found[1] if found else None


@lru_cache(maxsize=1024)
def language(header: str) -> str | None:
    """The first language of an Accept-Language header, without its region."""
    found = _LANGUAGE.match(header[:16])
    return found[1].lower() if found else None


def country(code: str) -> str | None:
    return code if _COUNTRY.fullmatch(code) else None
