"""People are told from robots by what a request says of itself."""

import importlib
import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.learn_bots import operations
from handlers.links import agents
from handlers.links import classify as rules
from handlers.links.classify import REASONS, Class, Verdict, Visit, classify, cut, judge
from handlers.links.families import Device, family
from tests.in_app_agents import IN_APP
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


@pytest.mark.parametrize("user_agent", IN_APP)
def test_a_browser_inside_an_app_is_a_person(user_agent: str) -> None:
    assert classify(get(user_agent)).kind is Class.HUMAN


def test_the_test_sets_are_as_large_as_what_is_claimed_of_them() -> None:
    assert len(set(PREVIEWS)) >= 39
    assert len(set(IN_APP)) >= 30
    assert len(set(BOTS)) >= 70
    assert len({family(user_agent) for user_agent, _ in PEOPLE}) >= 25


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
    assert classify(get(CHROME, headers={header: value})) == Verdict(
        Class.PREFETCH, header, Class.PREFETCH
    )


def test_an_ordinary_purpose_says_nothing() -> None:
    visit = get(CHROME, headers={"purpose": "navigate", "sec-purpose": "", "accept": "prefetch"})
    assert classify(visit).kind is Class.HUMAN


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS"])
def test_only_a_get_can_be_a_click(method: str) -> None:
    assert classify(Visit(method, CHROME, {})) == Verdict(Class.HEAD, "method", Class.HEAD)


# The order of the rules: each is asked only where none before it held


FLAGS = ("team", "frequent", "repeated", "incentivised")


def of_person(flags: Mapping[str, bool]) -> Class:
    kinds = (Class.SELF, Class.RATE, Class.REPEAT, Class.INCENTIVISED)
    held = (kind for kind, flag in zip(kinds, FLAGS, strict=True) if flags[flag])
    return next(held, Class.HUMAN)


def expected(method: str, purpose: str, user_agent: str, flags: Mapping[str, bool]) -> Class:
    answers = [
        (Class.HEAD, method == "HEAD"),
        (Class.PREFETCH, bool(purpose)),
        (Class.AUTOMATION, not user_agent),
        (Class.PREVIEW, user_agent == PREVIEWS[0]),
        (Class.BOT, user_agent == BOTS[0]),
        *((kind, of_person(flags) is kind) for kind in REASONS),
        (Class.HUMAN, True),
    ]
    assert [kind for kind, _ in answers] == list(Class)
    return next(kind for kind, holds in answers if holds)


def test_a_request_gets_the_first_class_that_holds() -> None:
    agents = ["", PREVIEWS[0], BOTS[0], CHROME]
    combinations = product(
        ["HEAD", "GET"], ["prefetch", ""], agents, product([True, False], repeat=4)
    )
    for method, purpose, user_agent, held in combinations:
        flags = dict(zip(FLAGS, held, strict=True))
        verdict = classify(Visit(method, user_agent, {"purpose": purpose}, **flags))
        assert verdict.kind is expected(method, purpose, user_agent, flags)
        assert verdict.otherwise is expected(method, purpose, CHROME, flags)


def test_a_person_who_does_not_count_has_the_reason_of_the_class() -> None:
    assert classify(get(CHROME, team=True, frequent=True)).reason == "team"
    assert classify(get(CHROME, frequent=True, repeated=True)).reason == "many a minute"
    assert classify(get(CHROME, repeated=True, incentivised=True)).reason == "repeated"
    assert classify(get(CHROME, incentivised=True)).reason == "giveaway ticket"
    assert classify(get(BOTS[0], team=True)).reason == "google"


def test_a_preview_of_an_app_is_told_from_its_browser() -> None:
    assert classify(get("Mozilla/5.0 (compatible; Discordbot/2.0)")).kind is Class.PREVIEW
    assert classify(get(f"{WINDOWS} discord/1.0.9 Electron/28.2")).reason == "discord"
    assert classify(get(f"{WINDOWS} Electron/28.2 crawler")).reason == "crawl"
    assert classify(get(f"{WINDOWS} Twitter checks (http://a.example)")).kind is Class.BOT
    assert classify(get("Viber/22.3.0.2")).kind is Class.PREVIEW
    assert classify(get(f"{WINDOWS} Viber/22.3.0.2")).kind is Class.HUMAN


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


# Slow patterns: an attacker's text must not cost more than another of its length


def of(module: Any) -> Iterator[str]:
    yield from (v.pattern for v in vars(module).values() if isinstance(v, re.Pattern))


def deepest_repetition(node: Any) -> int:
    """How many repetitions stand inside one another in a parsed pattern, or in a part of one."""
    if isinstance(node, tuple) and node and str(node[0]) in {"MAX_REPEAT", "MIN_REPEAT"}:
        least, most, inner = node[1]
        return deepest_repetition(inner) + int(most != least and most > 1)
    children = node if isinstance(node, (tuple, list)) else getattr(node, "data", ())
    return max(map(deepest_repetition, children), default=0)


def test_no_pattern_that_sees_a_user_agent_nests_one_repetition_in_another() -> None:
    parse = importlib.import_module("re._parser").parse
    assert deepest_repetition(parse("(?:a[0-9]+)*")) == 2
    depths = {pattern: deepest_repetition(parse(pattern)) for pattern in of(agents)}
    assert len(depths) >= 5
    assert max(depths.values()) == 1


def test_no_pattern_that_judges_repeats_anything() -> None:
    found = {pattern: {name for name, _ in operations(pattern)} for pattern in of(rules)}
    assert len(found) >= 5
    for names in found.values():
        assert not {name for name in names if "REPEAT" in name}


@pytest.mark.parametrize("piece", ["(", "a;", "a/b ", "Mozilla/5.0 (a;", "[x] ", "compatible "])
def test_no_text_makes_more_than_a_hundred_parts_be_read(
    piece: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    of_part = agents._of_part

    def counted(part: str) -> Iterator[str]:
        read.append(part)
        return of_part(part)

    monkeypatch.setattr(agents, "_of_part", counted)
    agents._reduced.cache_clear()
    agents.reduced(piece * 4096)
    assert len(read) <= 100


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
