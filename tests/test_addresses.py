"""A link leads where it says, and nowhere a browser could read differently."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.links import addresses
from handlers.links.addresses import Destination, Wrong, destination, slug_ok


def accepted(text: str, **more: bool) -> Destination:
    found = destination(text, **more)
    assert isinstance(found, Destination), f"{text!r} was refused: {found}"
    return found


@pytest.mark.parametrize(
    "text",
    [
        "https://shop.example/saree?colour=red&size=m#reviews",
        "http://shop.example",
        "https://shop.example:8443/a%20b/%E0%A6%B2",
        "https://a_b.shop.example/x",
        "https://r3---sn.shop.example/",
        "https://8.8.8.8/",
    ],
)
def test_an_ordinary_address_is_kept_as_it_is(text: str) -> None:
    assert accepted(text).url == text


def test_an_address_is_trimmed_and_its_host_lowered() -> None:
    assert accepted("  HTTPS://Shop.Example:/Saree \n") == Destination(
        "https://shop.example/Saree", "shop.example", "shop.example"
    )


def test_a_bengali_host_is_shown_in_punycode_and_in_its_own_letters() -> None:
    host = "xn--p5b7ah1gxc.xn--54b7fta0cc"
    expected = Destination(f"https://{host}/", host, "দোকান.বাংলা")
    assert accepted("https://দোকান.বাংলা/") == expected
    assert accepted(f"https://{host}/") == expected


def test_a_joiner_that_makes_another_name_is_not_lost() -> None:
    assert accepted("https://ক্‌ষ.বাংলা/").host != accepted("https://ক্ষ.বাংলা/").host


def test_letters_outside_the_host_are_escaped() -> None:
    found = accepted("https://shop.example/লাল?q=শাড়ি#ক")
    assert found.url.isascii()
    assert found.url.startswith("https://shop.example/%E0%A6%B2")
    assert accepted(found.url).url == found.url


@pytest.mark.parametrize(
    "text",
    [
        "",
        "shop.example",
        "//shop.example",
        "ftp://shop.example/",
        "javascript:alert(1)",
        "javascript://shop.example/%0aalert(1)",
        "data:text/html,hello",
        "tg://resolve?domain=x",
        "https:shop.example",
        "https:/shop.example",
        "দোকান",
    ],
)
def test_only_http_and_https_lead_anywhere(text: str) -> None:
    assert destination(text) is Wrong.SCHEME


@pytest.mark.parametrize(
    "text",
    ["https://bank.example@evil.example/", "https://a:b@shop.example/", "https://@shop.example/"],
)
def test_a_name_before_the_host_is_refused(text: str) -> None:
    assert destination(text) is Wrong.USERINFO


@pytest.mark.parametrize(
    "character",
    [
        "\t",
        "\n",
        "\r",
        "\0",
        "\x7f",
        "\x85",
        " ",
        "\u00a0",
        "\u2028",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\\",
        "\ud800",
        "\u00ad",
    ],
)
def test_a_character_that_hides_or_splits_is_refused_anywhere(character: str) -> None:
    for text in (f"https://shop{character}.example/a", f"https://shop.example/a{character}b"):
        assert destination(text) is Wrong.CHARACTER


@pytest.mark.parametrize(
    "text",
    [
        "https://",
        "https:///saree",
        "https://shop/",
        "https://shop..example/",
        "https://.example/",
        "https://shop.example./",
        "https://-shop.example/",
        "https://shop-.example/",
        "https://ex%61mple.example/",
        "https://shop.example%00/",
        "https://xn--a.example/",
        "https://shop.example／evil.example/",
        f"https://{'a' * 64}.example/",
        f"https://{'a.' * 130}example/",
        "https://[shop.example]/",
        "https://[v1.a]/",
        "https://[::ffff:8.8.8.8]/",
        "https://[2001:4860:4860::8888]/",
        "https://[::1/",
    ],
)
def test_a_host_that_is_none_is_refused(text: str) -> None:
    assert destination(text) is Wrong.HOST
    assert destination(text, loopback=True) is Wrong.HOST


@pytest.mark.parametrize(
    "host",
    [
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",
        "127.1",
        "0x7f.1",
        "0177.0.0.1",
        "1.2.3.4.5",
        "8.8.8.256",
        "2130706433",
        "shop.0x7f",
    ],
)
def test_a_private_or_disguised_number_is_refused(host: str) -> None:
    assert destination(f"http://{host}/", loopback=True) is Wrong.HOST


@pytest.mark.parametrize(
    "host",
    ["localhost", "shop.localhost", "127.0.0.1", "127.8.8.8", "[::1]", "ｌocalhost", "１27.0.0.1"],
)
def test_this_machine_is_a_destination_only_where_that_is_allowed(host: str) -> None:
    assert destination(f"http://{host}:8080/") is Wrong.HOST
    assert accepted(f"http://{host}:8080/x", loopback=True).url.endswith(":8080/x")


@pytest.mark.parametrize("port", ["x", "70000", "-1"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    assert destination(f"https://shop.example:{port}/") is Wrong.PORT


def test_an_address_is_at_most_two_thousand_characters_as_typed_and_as_sent() -> None:
    start = "https://shop.example/"
    longest = start + "a" * (addresses.LONGEST - len(start))
    assert accepted(longest).url == longest
    assert destination(longest + "a") is Wrong.LENGTH
    assert destination("a pasted novel " * 1000) is Wrong.LENGTH  # before anything else
    assert destination(start + "ক" * 300) is Wrong.LENGTH  # nine characters each when escaped


pieces = st.sampled_from(
    [
        "http",
        "https",
        "://",
        ":",
        "/",
        "//",
        "@",
        "\\",
        "[",
        "]",
        "::1",
        ".",
        "..",
        "?",
        "#",
        "%",
        "%2f",
        "%00",
        "xn--",
        "localhost",
        "127.0.0.1",
        "0x7f",
        "shop.example",
        "বাংলা",
        "\u200d",
        "\u200c",
        "\t",
        "\r\n",
        "。",
        "／",
        "＠",
        "ß",
        "İ",
        "\u202e",
        "\ud800",
        "a" * 64,
        "ক" * 500,
    ]
)
wild = st.one_of(
    st.text(max_size=2 * addresses.LONGEST),
    st.lists(st.one_of(pieces, st.text(max_size=3)), max_size=20).map("".join),
    st.lists(st.one_of(pieces, st.text(max_size=3)), max_size=20).map(
        lambda parts: "https://" + "".join(parts)
    ),
    st.text(min_size=1, max_size=20).map(lambda host: f"https://{host}.example/"),
    st.text(max_size=addresses.LONGEST).map(lambda path: f"https://shop.example/{path}"),
)


@given(wild, st.booleans())
def test_whatever_is_typed_is_refused_or_becomes_a_safe_header(text: str, loopback: bool) -> None:
    found = destination(text, loopback=loopback)
    if isinstance(found, Wrong):
        return
    parts = urlsplit(found.url)
    assert found.url.isascii()
    assert found.url.isprintable()
    assert not set(found.url) & set(' \\"<>^`{|}')
    assert len(found.url) <= addresses.LONGEST
    assert parts.scheme in {"http", "https"}
    assert parts.hostname == found.host
    assert parts.username is None
    assert loopback or "." in found.host
    assert destination(found.url, loopback=loopback) == found


@pytest.mark.parametrize("text", ["red-saree", "abc", "a-1", "eid2026", "x" * 40])
def test_a_custom_word_may_be_short_and_plain(text: str) -> None:
    assert slug_ok(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ab",
        "x" * 41,
        "Red",
        "red saree",
        "red_saree",
        "লাল",
        "red/saree",
        "red.css",
        "../x",
        "-red",
        "red-",
        "---",
        "abc\n",
        "\uff41bc",
        "١٢٣",
    ],
)
def test_a_word_with_anything_else_in_it_is_refused(text: str) -> None:
    assert not slug_ok(text)


@pytest.mark.parametrize(
    "text", ["healthz", "playground", "report", "r", "g", "v1", "telegram", "static"]
)
def test_a_word_the_server_answers_itself_is_refused(text: str) -> None:
    assert text in addresses.RESERVED
    assert not slug_ok(text)


@given(st.text(max_size=60))
def test_an_accepted_word_needs_no_escaping(text: str) -> None:
    if slug_ok(text):
        assert text.isascii()
        assert text == text.lower()
        assert 3 <= len(text) <= 40
        assert text.replace("-", "a").isalnum()
