"""Where a link leads whom, and what it carries there."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.links.addresses import Destination, destination, shown_host
from handlers.links.routing import target
from handlers.links.utm import extended
from storage.links import Link, Rule

SHOP = "https://shop.example/saree?size=m"
APP = Rule("", "ios", "https://apps.example/x")
BANGLA = Rule("bn", "", "https://bn.example/")
BOTH = Rule("bn", "android", "https://play.example/bn")


def link(to: str = SHOP, utm: int = 0, placement: str = "TikTok Video 12") -> Link:
    return Link(
        "l1", "abcdefg", "c1", "k1", to, placement, 0, "Aarong", "বিজ্ঞাপন", "Ad", "Asia/Dhaka",
        None, 0, "Eid Sale", utm, None, "লাল শাড়ি", 0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "device", "to"),
    [
        ("bn", "android", BOTH.destination),
        ("bn", "ios", APP.destination),
        ("bn-BD", "windows", BANGLA.destination),
        ("en", "iOS", APP.destination),
        ("en", "android", SHOP),
        ("", "", SHOP),
    ],
)
def test_the_first_rule_that_fits_holds(language: str, device: str, to: str) -> None:
    assert target(link(), (BOTH, APP, BANGLA), language, device) == to


@pytest.mark.parametrize("system", ["windows", "macos", "linux", "chromeos", "desktop"])
def test_every_computer_is_a_desktop(system: str) -> None:
    rule = Rule("", "desktop", "https://big.example/")
    assert target(link(), (rule,), "en", system) == "https://big.example/"
    assert target(link(), (rule,), "en", "other") == SHOP


def test_without_parameters_an_address_stays_letter_for_letter() -> None:
    odd = "https://shop.example:8443/a%2Fb/;x?q=%E0%A6%95&&b=+1&c#top?z=1"
    assert target(link(odd), (), "bn", "ios") == odd


def test_parameters_are_lower_case_and_say_where_from() -> None:
    carried = dict(parse_qsl(urlsplit(target(link(utm=1), (), "en", "android")).query))
    assert carried == {
        "size": "m",
        "utm_source": "tiktok-video-12",
        "utm_medium": "sponsored",
        "utm_campaign": "eid-sale",
        "utm_content": "লাল-শাড়ি",
    }


def test_a_rules_address_carries_them_too_and_the_click_comes_last() -> None:
    to = target(link(utm=1), (APP,), "en", "ios", click_id="k7")
    assert to.startswith("https://apps.example/x?utm_source=")
    assert to.endswith("&click_id=k7")
    assert target(link(), (), "en", "ios", click_id="k7") == f"{SHOP}&click_id=k7"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("https://s.example", "https://s.example?a=1"),
        ("https://s.example/#part", "https://s.example/?a=1#part"),
        ("https://s.example/?", "https://s.example/?a=1"),
        ("https://s.example/?b=%2F&", "https://s.example/?b=%2F&a=1"),
        ("https://s.example/?b=x+y%20z", "https://s.example/?b=x+y%20z&a=1"),
        ("https://s.example/?a=own", "https://s.example/?a=own"),
        ("https://s.example/?A=own", "https://s.example/?A=own"),
        ("https://s.example/?%61=own", "https://s.example/?%61=own"),
        ("https://s.example/?x;a=own", "https://s.example/?x;a=own"),
        ("https://s.example/?a", "https://s.example/?a"),
        ("https://xn--p5b7ah1gxc.xn--54b7fta0cc/", "https://xn--p5b7ah1gxc.xn--54b7fta0cc/?a=1"),
    ],
)
def test_what_is_there_is_kept_and_never_overwritten(before: str, after: str) -> None:
    assert extended(before, [("a", "1")]) == after


@given(placement=st.text(min_size=1, max_size=80))
def test_whatever_a_placement_is_called_the_address_stays_one(placement: str) -> None:
    to = target(link(utm=1, placement=placement), (), "en", "android")
    assert to.isascii()
    assert to.isprintable()
    assert isinstance(destination(to), Destination)
    assert to.startswith(f"{SHOP}&utm_")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        (SHOP, "shop.example"),
        ("https://xn--p5b7ah1gxc.xn--54b7fta0cc/x", "দোকান.বাংলা (xn--p5b7ah1gxc.xn--54b7fta0cc)"),
    ],
)
def test_a_host_is_shown_as_people_read_it(url: str, host: str) -> None:
    assert shown_host(url) == host
