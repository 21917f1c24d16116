"""What is kept of a User-Agent tells robots from people, and no person from another."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.links.agents import CUT, LONGEST, NOTHING, agent_id, reduced
from handlers.links.classify import Class, cut, judge
from tests.in_app_agents import IN_APP
from tests.user_agents import BOTS, CHROME, IPHONE, PEOPLE, PREVIEWS, WEBVIEW, WINDOWS

KNOWN = [*PREVIEWS, *BOTS, *IN_APP, *(user_agent for user_agent, _ in PEOPLE)]
# Pieces of which agents are made, and what the reader of one looks for.
MARKS = """
( ) [ ] ; , / @ . - _ + : < www. http:// bot bot_ android compatible like the en-us site24x7 w3c_
24x7 x9 abcd9efgh İ \u212a iphone midp developers.google.com/+/web/snippet
"""
PIECES = st.sampled_from([*MARKS.split(), " ", "x" * 30, *KNOWN])
AGENTS = st.one_of(
    st.text(max_size=2 * CUT), st.lists(st.one_of(PIECES, st.text(max_size=4))).map("".join)
)


@pytest.mark.parametrize("user_agent", KNOWN)
def test_the_words_are_judged_as_the_whole_was(user_agent: str) -> None:
    assert judge(reduced(user_agent)) == judge(cut(user_agent))


@given(AGENTS)
def test_any_words_are_judged_as_the_whole_was(user_agent: str) -> None:
    words = reduced(user_agent)
    assert judge(words) == judge(cut(user_agent))
    assert reduced(words) == words


@given(AGENTS)
def test_words_are_short_and_have_no_number(user_agent: str) -> None:
    words = reduced(user_agent)
    assert len(words) <= LONGEST
    assert words == NOTHING or re.fullmatch(r"([a-z][a-z_.-]*( [a-z][a-z_.-]*)*)?", words)
    assert (not words) == (not cut(user_agent))


def test_words_are_those_of_the_browser_and_the_system() -> None:
    assert reduced(CHROME) == "mozilla linux android applewebkit gecko chrome mobile safari"
    assert reduced(f"{WINDOWS} Chrome/124.0 Safari/537.36 Edg/124.0.2478.51") == (
        "mozilla windows nt applewebkit gecko chrome safari edg"
    )
    assert reduced("curl/8.5.0") == "curl"
    assert reduced("12.3") == NOTHING
    assert reduced(" ") == ""


@pytest.mark.parametrize(
    "more",
    [
        "Chrome/124.0.6367.82",
        "Instagram 328.0.0.42.90 Android (33/13; 450dpi; 1080x2208; samsung; SM-S9; r0q; bn_BD)",
        "Telegram-Android/10.11.1 (Samsung SM-A135F; Android 13; SDK 33; AVERAGE)",
        "[FB_IAB/FB4A;FBAV/460.0;FBCR/Grameenphone;FBDV/SM-A135F;FBMF/samsung;FBLC/bn_BD;]",
        "Snapchat/12.84.0.41 (SM-A135F; Android 13#A135FXXU4CWI3#33; gzip; )",
        "AppName/musical_ly Region/BD ByteLocale/bn-BD",
    ],
)
def test_the_device_its_build_its_network_and_its_locale_are_left_out(more: str) -> None:
    for device in ("SM-A135F Build/TP1A.220624.014", "Redmi Note 9 Pro", "moto g power (2022)"):
        words = reduced(WEBVIEW.replace("SM-A135F Build/TP1A.220624.014", device) + " " + more)
        assert not re.search(r"sm|redmi|moto|tp|samsung|grameen|bd\b|iphone|power", words)
        assert words.startswith("mozilla linux android wv applewebkit gecko version chrome mobile")


def test_people_with_different_phones_of_one_browser_have_the_same_words() -> None:
    phones = [
        "Android 10; K",
        "Android 14; Pixel 7",
        "Android 9; vivo 1904 Build/PKQ1",
        "Android 13; bn",
    ]
    assert len({reduced(CHROME.replace("Android 10; K", phone)) for phone in phones}) == 1
    assert len({reduced(IPHONE.replace("17_4_1", version)) for version in ("16_0", "18_1")}) == 1


@pytest.mark.parametrize(
    ("user_agent", "secret"),
    [
        ("Thing/1.0 (rima.akter@mail.example)", "rima"),
        ("Thing/1.0 (+https://rima.example/me)", "rima"),
        ("Thing/1.0 (www.rima.example)", "rima"),
        (f"{CHROME} key/5f3c2a77-9d1b-4e2a", "3c"),
        (f"{CHROME} Device/Rimas-Phone", "rima"),
    ],
)
def test_an_address_or_a_value_is_left_out(user_agent: str, secret: str) -> None:
    assert secret not in reduced(user_agent)


def test_a_robots_word_is_kept_wherever_it_stands() -> None:
    for robot in ("FooBot/2.1", "foo-crawler", "x/spider"):
        hidden = CHROME.replace("; K)", f"; K; {robot})")
        for user_agent in (hidden, f"{CHROME} {robot}", f"{WEBVIEW} ({robot})"):
            assert judge(reduced(user_agent)).kind is Class.BOT
    assert judge(CHROME.replace("; K)", "; CUBOT NOTE 20)")).kind is Class.HUMAN


def test_a_robots_word_has_room_among_many_others() -> None:
    many = " ".join(f"word{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(50))
    words = reduced(f"{CHROME} {many} FooBot")
    assert words.startswith("mozilla linux android")
    assert words.endswith(" foobot")
    assert LONGEST - 8 < len(words) <= LONGEST


def test_an_id_is_short_and_stands_for_the_words_alone() -> None:
    ids = {agent_id(reduced(user_agent)) for user_agent in KNOWN}
    assert len(ids) == len({reduced(user_agent) for user_agent in KNOWN})
    assert all(re.fullmatch("[0-9a-f]{16}", one) for one in ids)
    assert agent_id(reduced("curl/8.5.0")) == agent_id(reduced("curl/7.0"))
