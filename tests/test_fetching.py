"""A page by its address: what is read, and every way in which it is not."""

from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

import pytest
from aiohttp import abc, web

from bot.model import Refuse
from bot.words import Reader
from handlers.questions.commands import questions
from handlers.questions.fetching import AGENT, Fetcher, Page, is_open
from handlers.questions.markup import text_of
from tests.stage import Stage

FAQ = """<!doctype html><meta charset="utf-8"><title>FAQ</title><style>h1 {}</style>
<nav><a href="/">Home</a></nav><h1>প্রশ্ন</h1>
<h2>ডেলিভারি চার্জ <b>কত</b>?</h2><p>ঢাকায় ৮০ টাকা।<br>বাইরে ১৩০।</p>
<ul><li>ক্যাশ</li><li>বিকাশ &amp; নগদ</li></ul><script>track("<h2>না</h2>")</script>
<h2>সাইজ?</h2><p>M, L</p><footer>© ২০২৬</footer>"""


class Shop:
    """A web site on this machine."""

    def __init__(self) -> None:
        self.asked: list[web.Request] = []
        self.base = ""
        self.answers: dict[str, Callable[[], web.StreamResponse]] = {}

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        if request.path == "/slow":
            await asyncio.sleep(1)
        return self.answers[request.path]()

    def put(self, path: str, body: str | bytes, kind: str = "text/html", **headers: str) -> str:
        data = body.encode() if isinstance(body, str) else body
        given = {"Content-Type": kind, **{k.replace("_", "-"): v for k, v in headers.items()}}
        self.answers[path] = lambda: web.Response(body=data, headers=given)
        return self.base + path

    def lead(self, path: str, to: str) -> str:
        self.answers[path] = lambda: web.Response(
            status=302, headers={"Location": to, "Connection": "close"}
        )
        return self.base + path


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    made = Shop()
    app = web.Application()
    app.router.add_get("/{path:.*}", made.answer)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


near = Fetcher(loopback=True)  # the rule that keeps this machine out is relaxed in these tests


async def why(fetch: Fetcher, url: str) -> str:
    with pytest.raises(Refuse) as refused:
        await fetch(url)
    return Reader("en", "UTC").text(refused.value.say)


async def test_a_page_is_read_without_its_menus_and_scripts(shop: Shop) -> None:
    page = await near(shop.put("/faq", FAQ))
    assert page.kind == "article"
    assert "## ডেলিভারি চার্জ কত?\n\nঢাকায় ৮০ টাকা।\nবাইরে ১৩০।" in page.text
    assert "- ক্যাশ\n- বিকাশ & নগদ" in page.text
    assert not any(word in page.text for word in ("Home", "না", "২০২৬", "h1", "FAQ"))
    [request] = shop.asked
    assert request.headers["User-Agent"] == AGENT
    assert "Cookie" not in request.headers


@pytest.mark.parametrize(
    ("kind", "known"),
    [
        ("text/csv", "table"), ("application/json; charset=utf-8", "json"),
        ("text/markdown", "article"), ("text/plain", None),
    ],
)  # fmt: skip
async def test_text_is_read_as_what_the_server_says(
    shop: Shop, kind: str, known: str | None
) -> None:
    assert await near(shop.put("/a", "দাম", kind)) == Page("দাম", known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ("দাম".encode("utf-16"), "text/plain"),
        ("\ufeffদাম".encode(), "text/plain; charset=iso-8859-1"),
        ("<meta charset=utf-8>দাম".encode(), "text/html"),
    ],
)  # fmt: skip
async def test_the_letters_are_known_by_mark_header_or_page(
    shop: Shop, data: bytes, kind: str
) -> None:
    assert (await near(shop.put("/a", data, kind))).text == "দাম"


async def test_an_older_page_is_read_by_the_letters_it_names(shop: Shop) -> None:
    page = b'<meta http-equiv=x content="text/html; charset=iso-8859-1"><p>caf\xe9 \x93yes\x94'
    assert (await near(shop.put("/a", page))).text == "café “yes”"


async def test_a_packed_page_is_opened_within_the_limit(shop: Shop) -> None:
    small = shop.put("/a", gzip.compress(b"ok"), "text/plain", Content_Encoding="gzip")
    assert (await near(small)).text == "ok"
    bomb = gzip.compress(b"x" * 200_000_000)
    url = shop.put("/bomb", bomb, "text/plain", Content_Encoding="gzip")
    assert "larger than 2 MB" in await why(near, url)
    torn = shop.put("/torn", b"no gzip", "text/plain", Content_Encoding="gzip")
    assert "could not be fetched" in await why(near, torn)


async def test_what_cannot_be_read_is_said_with_the_remedy(shop: Shop) -> None:
    assert "something (image/png)" in await why(near, shop.put("/a", b"x", "image/png"))
    assert "larger than 2 MB" in await why(near, shop.put("/b", b"x" * 2_000_001, "text/plain"))
    assert "(koi8-r)" in await why(near, shop.put("/c", b"x", "text/plain; charset=koi8-r"))
    assert "packed in a way (br)" in await why(
        near, shop.put("/d", b"x", "text/plain", Content_Encoding="br")
    )
    shop.answers["/e"] = lambda: web.Response(status=403)
    assert "it answered 403" in await why(near, shop.base + "/e")
    assert "could not be fetched" in await why(near, "http://127.0.0.1:1/")


async def test_a_page_that_does_not_come_is_given_up(shop: Shop) -> None:
    assert "did not come within 0 seconds" in await why(
        Fetcher(loopback=True, seconds=0.2), shop.base + "/slow"
    )


async def test_three_redirects_are_followed_and_no_more(shop: Shop) -> None:
    shop.put("/end", "ok", "text/plain")
    for at in range(1, 5):
        shop.lead(f"/{at}", f"/{at - 1}" if at > 1 else "/end")
    assert (await near(shop.base + "/3")).text == "ok"
    assert "more than 3 times" in await why(near, shop.base + "/4")


@pytest.mark.parametrize(
    "to",
    ["http://169.254.169.254/latest/meta-data", "http://10.0.0.1/", "http://[::ffff:10.0.0.1]/"],
)
async def test_a_redirect_into_a_network_behind_is_not_followed(shop: Shop, to: str) -> None:
    assert "not on the open internet" in await why(near, shop.lead("/a", to))


@pytest.mark.parametrize(
    "to", ["file:///etc/passwd", "gopher://a.example/", "http://u:p@a.example/"]
)
async def test_a_redirect_to_another_kind_of_address_is_not_followed(shop: Shop, to: str) -> None:
    assert "address is not right" in await why(near, shop.lead("/a", to))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://0.0.0.0/",
        "http://2130706433/", "http://0x7f.1/", "http://10.1.2.3/", "http://192.168.0.1/",
        "http://100.64.0.1/", "http://169.254.169.254/", "http://224.0.0.1/",
        "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
        "http://[fe80::1]/", "http://[fc00::1]/", "http://intranet/", "http://255.255.255.255/",
    ],
)  # fmt: skip
async def test_this_machine_and_its_network_are_never_read(url: str) -> None:
    assert "not on the open internet" in await why(Fetcher(), url)


@pytest.mark.parametrize("url", ["https://a.example:8080/", "http://a.example:22/"])
async def test_only_the_usual_ports_are_read(url: str) -> None:
    assert "port number" in await why(Fetcher(), url)


class Names(abc.AbstractResolver):
    """A name server that answers what it likes, another address every time."""

    def __init__(self, *addresses: str) -> None:
        self._left = list(addresses)

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002
    ) -> list[abc.ResolveResult]:
        address = self._left.pop(0) if len(self._left) > 1 else self._left[0]
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [abc.ResolveResult(
            hostname=host, host=address, port=port, family=kind, proto=0, flags=0
        )]  # fmt: skip

    async def close(self) -> None:
        pass


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "::ffff:127.0.0.1", "::127.0.0.1",
        "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::1", "2001:0:4136:e378::1", "fd00::1",
        "fe80::1", "ff02::1", "2001:db8::1",
    ],
)  # fmt: skip
async def test_a_name_that_means_an_address_behind_is_not_connected_to(address: str) -> None:
    fetch = Fetcher(resolver=Names(address))
    assert "not on the open internet" in await why(fetch, "http://shop.example/")


async def test_a_name_that_changes_its_meaning_gains_nothing(shop: Shop) -> None:
    """First it means what is allowed, then a network behind; every connection is checked."""
    names = Names("127.0.0.1", "10.0.0.7")
    port = shop.base.rpartition(":")[2]
    shop.lead("/a", f"http://shop.example:{port}/b")
    fetch = Fetcher(loopback=True, resolver=names)
    assert "not on the open internet" in await why(fetch, f"http://shop.example:{port}/a")
    assert len(shop.asked) == 1


@pytest.mark.parametrize(
    ("address", "open_"),
    [
        ("8.8.8.8", True), ("2606:4700::1111", True), ("64:ff9b::808:808", True),
        ("192.0.2.1", False), ("198.18.0.1", False), ("240.0.0.1", False), ("::", False),
        ("fe80::1%eth0", False), ("2002:808:808::1", False), ("::ffff:8.8.8.8", False),
    ],
)  # fmt: skip
def test_what_is_of_the_open_internet(address: str, open_: bool) -> None:
    assert is_open(address) is open_


@pytest.mark.parametrize(
    "piece", ["<", "<a", "<!--", "<!", "&", "</", "<a b='", "<script>", "<p>", "<svg>", "&#9"]
)
def test_hostile_pages_are_read_in_little_time(piece: str) -> None:
    """Doubling the length may not take much more than double the work: 200 kB are instant."""
    assert isinstance(text_of(piece * (200_000 // len(piece))), str)


def test_what_is_hidden_or_never_closed_stays_out() -> None:
    assert text_of("a<!-- <p>no --><p>b<script>c") == "a\nb"
    assert text_of("<main><h2>q</h2>a</main><p>around") == "## q\n\na"
    assert text_of("<dl><dt>দাম?</dt><dd>৩০০</dd></dl>") == "###### দাম?\n\n৩০০"
    assert text_of("<table><tr><td>S<td>৩৬</tr><tr><td>M<td>৩৮</tr></table>") == "S | ৩৬\nM | ৩৮"


# In the chat -----------------------------------------------------------------------------------


@pytest.fixture
def _reads_near(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.app.questions", partial(questions, fetch=near))


@pytest.mark.usefixtures("_reads_near")
async def test_a_page_is_read_shown_in_private_and_applied_by_the_press(
    ready_url: str, shop: Shop
) -> None:
    url = shop.put("/faq", FAQ)
    async with Stage.open(ready_url) as bot:
        seen = await bot.command("creator", "answers import", {"text": url}, place="fans")
        assert "পাতাটা পড়ছি" in seen[0].text
        shown = bot.seen("creator", "telegram", "dm")[-1]
        assert "নতুন ২" in shown.text
        assert "১. ডেলিভারি চার্জ কত?" in shown.text
        done = await bot.press("creator", shown, "যোগ করুন")
        assert "২টা নতুন উত্তর" in done[-1].text
        assert "সাইজ?\nM, L" in (await bot.say("creator", "/answers list"))[-1].text


@pytest.mark.usefixtures("_reads_near")
async def test_a_page_that_cannot_be_read_is_explained_and_forgotten(
    ready_url: str, shop: Shop
) -> None:
    url = shop.put("/a", b"x", "image/png")
    async with Stage.open(ready_url) as bot:
        await bot.say("creator", f"/answers import {url}")
        said = bot.seen("creator", "telegram", "dm")[-1].text
        assert url in said
        assert "(image/png)" in said
        left: Any = await bot.unit(lambda tx: tx.all("imports_of", community="c1", member="x"))
        assert left == []


async def test_the_running_bot_does_not_read_its_own_machine(bot: Stage, shop: Shop) -> None:
    await bot.say("creator", f"/answers import {shop.put('/faq', FAQ)}")
    assert "খোলা ইন্টারনেটের নয়" in bot.seen("creator", "telegram", "dm")[-1].text
    assert shop.asked == []
