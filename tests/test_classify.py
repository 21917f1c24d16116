"""People are told from robots by what a request says of itself."""

import importlib
import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.links import classify as rules
from handlers.links.classify import Class, Device, Verdict, Visit, classify, cut, family, judge
from tests.user_agents import BOTS, CHROME, PEOPLE, PREVIEWS, WINDOWS


def get(user_agent: str, **more: Any) -> Visit:
    return Visit("GET", user_agent, **{"headers": {}, **more})


@pytest.mark.parametrize("user_agent", PREVIEWS)
def test_a_preview_fetcher_is_no_click(user_agent: str) -> None:
    assert classify(get(user_agent)).kind is Class.PREVIEW


@pytest.mark.parametrize("user_agent", BOTS)
def test_a_crawler_or_an_http_library_is_no_click(user_agent: str) -> None:
    assert classify(get(user_agent)).kind is Class.BOT


@pytest.mark.parametrize(("user_agent", "device"), PEOPLE)
def test_a_browser_is_a_person_of_a_coarse_family(user_agent: str, device: Device) -> None:
    assert classify(get(user_agent)).kind is Class.HUMAN
    assert family(user_agent) == device


@pytest.mark.parametrize("user_agent", ["", "   ", "\t"])
def test_a_request_that_names_no_program_is_automation(user_agent: str) -> None:
    assert classify(get(user_agent)) == Verdict(Class.AUTOMATION, "no user agent")


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("purpose", "prefetch"),
        ("x-moz", "Prefetch"),
        ("x-purpose", "preview"),
    ],
)
def test_a_page_fetched_ahead_is_no_click_yet(header: str, value: str) -> None:
    assert classify(get(CHROME, headers={header: value})) == Verdict(Class.PREFETCH, header)


def test_an_ordinary_purpose_says_nothing() -> None:
    visit = get(CHROME, headers={"purpose": "navigate", "sec-purpose": "", "accept": "prefetch"})
    assert classify(visit).kind is Class.HUMAN


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS"])
def test_only_a_get_can_be_a_click(method: str) -> None:
    assert classify(Visit(method, CHROME, {})) == Verdict(Class.HEAD, "method")


# The order of the rules: each is asked only where none before it held


def expected(method: str, purpose: str, user_agent: str, team: bool, repeated: bool) -> Class:
    answers = [
        (Class.HEAD, method == "HEAD"),
        (Class.PREFETCH, bool(purpose)),
        (Class.AUTOMATION, not user_agent),
        (Class.PREVIEW, user_agent == PREVIEWS[0]),
        (Class.BOT, user_agent == BOTS[0]),
        (Class.SELF, team),
        (Class.REPEAT, repeated),
        (Class.HUMAN, True),
    ]
    assert [kind for kind, _ in answers] == list(Class)
    return next(kind for kind, holds in answers if holds)


def test_a_request_gets_the_first_class_that_holds() -> None:
    agents = ["", PREVIEWS[0], BOTS[0], CHROME]
    combinations = product(["HEAD", "GET"], ["prefetch", ""], agents, [True, False], [True, False])
    for method, purpose, user_agent, team, repeated in combinations:
        visit = Visit(method, user_agent, {"purpose": purpose}, team, repeated)
        assert classify(visit).kind is expected(method, purpose, user_agent, team, repeated)


def test_a_preview_of_an_app_is_told_from_its_browser() -> None:
    assert classify(get("Mozilla/5.0 (compatible; Discordbot/2.0)")).kind is Class.PREVIEW
    assert classify(get(f"{WINDOWS} discord/1.0.9 Electron/28.2")).reason == "discord"
    assert classify(get(f"{WINDOWS} Electron/28.2 crawler")).reason == "crawl"


# Limits


def test_a_long_user_agent_costs_no_more_than_a_cut_one() -> None:
    judge.cache_clear()
    long = CHROME + " x" * 4096
    assert len(long) > 8192
    assert len(cut(long)) <= rules.CUT
    classify(get(long))
    classify(get(long[: rules.CUT]))
    seen = judge.cache_info()
    assert (seen.misses, seen.hits) == (1, 1)  # both came to the patterns as the same text


def test_what_stands_behind_the_cut_is_not_looked_at() -> None:
    padded = CHROME + " " * (rules.CUT - len(CHROME))
    assert classify(get(padded + "Googlebot Instagram ")).kind is Class.HUMAN
    assert family(padded + "Instagram ") == family(CHROME)
    assert classify(get(CHROME, headers={"purpose": "-" * rules.CUT + "prefetch"})).kind is (
        Class.HUMAN
    )


def test_a_user_agent_is_judged_once_while_it_is_remembered() -> None:
    judge.cache_clear()
    for _ in range(5):
        classify(get(CHROME))
    assert (judge.cache_info().misses, judge.cache_info().hits) == (1, 4)
    assert judge.cache_info().maxsize is not None


def patterns() -> Iterator[re.Pattern[str]]:
    yield from (value for value in vars(rules).values() if isinstance(value, re.Pattern))


def deepest_repetition(node: Any) -> int:
    """How many repetitions stand inside one another in a parsed pattern, or in a part of one."""
    if isinstance(node, tuple) and node and str(node[0]) in {"MAX_REPEAT", "MIN_REPEAT"}:
        least, most, inner = node[1]
        return deepest_repetition(inner) + int(most != least and most > 1)
    children = node if isinstance(node, (tuple, list)) else getattr(node, "data", ())
    return max(map(deepest_repetition, children), default=0)


def test_no_pattern_nests_one_repetition_in_another() -> None:
    parse = importlib.import_module("re._parser").parse
    assert deepest_repetition(parse("(?:a[0-9]+)*")) == 2
    depths = {pattern.pattern: deepest_repetition(parse(pattern.pattern)) for pattern in patterns()}
    assert len(depths) == 4
    assert set(depths.values()) <= {0, 1}


@given(st.text(max_size=2 * rules.CUT), st.text(max_size=20))
def test_any_text_gets_a_class_and_a_reason_of_ours(user_agent: str, value: str) -> None:
    verdict = classify(get(user_agent, headers={"purpose": value}))
    assert verdict.kind in Class
    assert re.fullmatch(r"[a-z0-9 ./+()_-]{1,40}", verdict.reason)


SECRET = "9 77 z1"


@pytest.mark.parametrize(
    "user_agent",
    [
        f"Mozilla/5.0 ({SECRET})",
        f"Mozilla/5.0 (compatible; {SECRET})",
        f"{CHROME} https://{SECRET}",
        f"{SECRET}bot",
        f"WhatsApp/{SECRET}",
    ],
)
def test_a_reason_never_repeats_what_the_visitor_wrote(user_agent: str) -> None:
    verdict = classify(get(user_agent))
    assert verdict.kind in {Class.BOT, Class.PREVIEW}
    assert SECRET not in verdict.reason
