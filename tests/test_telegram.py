"""The Telegram door against a loopback Telegram: receiving, confirming, sending, giving up."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.actions import Stale
from bot.model import Called, Event, Intent, Joined, Left, Place, Pressed, Said
from bot.platforms.base import Busy, CommandCard, Doubt, Gone, Key, Outgoing, Stopped
from bot.platforms.telegram import Telegram, Webhook
from bot.platforms.telegram_http import TelegramHttp
from tests.peers.telegram import TelegramPeer
from tests.peers.telegram_people import Chat
from tests.peers.telegram_wire import BLOCKED, UNAUTHORIZED, Fault, broken, dropped, flood

NOW = datetime(2026, 11, 21, 13, 0, tzinfo=UTC)
CARDS = (
    CommandCard("ask", {"en": "Ask a question", "bn": "প্রশ্ন করুন"}),
    CommandCard("giveaway new", {"en": "New giveaway", "bn": "নতুন গিভঅ্যাওয়ে"}, team=True),
)


class Core:
    """Takes events and, where told to, fails or waits before it has."""

    def __init__(self) -> None:
        self.begun: list[Intent] = []
        self.taken: list[Event] = []
        self.full = False
        self.fails: list[Exception | None] = []
        self.asked, self.open = asyncio.Event(), asyncio.Event()
        self.open.set()

    async def handle(self, event: Event) -> None:
        self.begun.append(event.intent)
        self.asked.set()
        await self.open.wait()
        if self.fails and (failure := self.fails.pop(0)):
            raise failure
        self.taken.append(event)

    def crowded(self) -> bool:
        return self.full

    @property
    def said(self) -> list[str]:
        return [event.intent.text for event in self.taken if isinstance(event.intent, Said)]


class Pauses:
    """Time that passes at once."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        await asyncio.sleep(0)


@pytest.fixture
async def peer() -> AsyncIterator[TelegramPeer]:
    async with TelegramPeer() as peer:
        yield peer
    assert peer.invalid == []


@pytest.fixture
def core() -> Core:
    return Core()


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


def door(peer: TelegramPeer, **options: Any) -> Telegram:
    given = {"api_base": peer.base, "file_base": peer.file_base} | options
    return Telegram(given.pop("token", peer.token), lambda: NOW, **given)


@asynccontextmanager
async def running(
    peer: TelegramPeer, core: Core, cards: Sequence[CommandCard] = (), **options: Any
) -> AsyncIterator[Telegram]:
    telegram = door(peer, **options)
    task = asyncio.create_task(telegram.run(core, cards))
    try:
        yield telegram
    finally:
        task.cancel()
        await asyncio.sleep(0)
        task.cancel()  # as in a crash, what was taken in is not waited for
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await telegram.close()


# Receiving --------------------------------------------------------------------------------------


async def test_an_update_is_confirmed_only_after_it_was_taken(
    peer: TelegramPeer, core: Core
) -> None:
    core.open.clear()
    async with running(peer, core):
        peer.says("rupa", "dam koto?")
        await asyncio.wait_for(core.asked.wait(), 5)
        assert peer.waiting == 1
        assert len(peer.polls) == 1
        core.open.set()
        await peer.until(lambda: peer.waiting == 0)
    assert core.said == ["dam koto?"]


async def test_an_update_not_yet_confirmed_comes_again_after_a_crash(
    peer: TelegramPeer, core: Core
) -> None:
    update = peer.says("rupa", "dam koto?")
    core.open.clear()
    async with running(peer, core):
        await asyncio.wait_for(core.asked.wait(), 5)
    core.open.set()
    async with running(peer, core):
        await peer.until(lambda: peer.waiting == 0)
    assert [event.id for event in core.taken] == [f"telegram:{update['update_id']}"]


async def test_told_to_stop_it_hands_over_what_it_has_taken(peer: TelegramPeer, core: Core) -> None:
    core.open.clear()
    telegram = door(peer)
    task = asyncio.create_task(telegram.run(core, ()))
    peer.says("rupa", "dam koto?")
    await asyncio.wait_for(core.asked.wait(), 5)
    task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    core.open.set()
    await asyncio.gather(task, return_exceptions=True)
    await telegram.close()
    assert core.said == ["dam koto?"]


async def test_what_was_not_committed_comes_again_and_so_does_all_after_it(
    peer: TelegramPeer, core: Core, pauses: Pauses
) -> None:
    for text in ("one", "two", "three", "four"):
        peer.says("rupa", text)
    core.fails = [None, OSError("disk full"), None, OSError("disk full")]
    with capture_logs() as lines:
        async with running(peer, core, pause=pauses):
            await peer.until(lambda: peer.waiting == 0)
    assert core.said == ["one", "three", "two", "three", "four"]
    assert len(pauses.taken) == 1
    assert [line["why"] for line in lines if line["log_level"] == "warning"] == [
        "OSError('disk full')"
    ]


async def test_the_same_update_delivered_again_has_the_same_id(
    peer: TelegramPeer, core: Core
) -> None:
    async with running(peer, core):
        update = peer.says("rupa", "dam koto?")
        await peer.until(lambda: peer.waiting == 0)
        peer.again(update)
        peer.says("rupa", "and then?")
        await peer.until(lambda: peer.waiting == 0)
    assert core.taken[0] == core.taken[1]


async def test_a_hundred_at_a_time_come_in_order(peer: TelegramPeer, core: Core) -> None:
    for number in range(250):
        peer.says(f"fan {number % 7}", str(number))
    async with running(peer, core):
        await peer.until(lambda: peer.waiting == 0)
    assert core.said == [str(number) for number in range(250)]


async def test_after_a_quiet_week_updates_may_count_from_a_lower_number(
    peer: TelegramPeer, core: Core
) -> None:
    async with running(peer, core):
        peer.says("rupa", "before")
        await peer.until(lambda: peer.waiting == 0 and peer.polling)
        peer._wake("time is up")
        await peer.until(lambda: len(peer.polls) == 2 and peer.polling)
        peer._update_ids = count(7)
        peer.says("rupa", "after")
        await peer.until(lambda: len(peer.polls) == 3 and peer.polling)
    assert core.said == ["before", "after"]


async def test_an_update_of_unknown_shape_does_not_hold_up_the_rest(core: Core) -> None:
    async with TelegramPeer(judge=False) as peer, running(peer, core):
        peer._give("message", {"chat": {"type": "private"}, "text": "no date, no sender"})
        peer.says("rupa", "dam koto?")
        await peer.until(lambda: peer.waiting == 0)
    assert core.said == ["dam koto?"]


async def test_forged_presses_arrive_as_stale_and_joins_as_they_are(
    peer: TelegramPeer, core: Core
) -> None:
    group = peer.group("আড্ডা", bot="left")
    async with running(peer, core):
        peer.adds_bot("nila", group)
        message = peer.says("rupa", "chatter", group)["message"]
        peer.joins("tanvir", group)
        peer.presses("rupa", message, "no such tag:1", forged=True)
        peer.removes_bot("nila", group)
        peer.blocks("rupa")
        await peer.until(lambda: peer.waiting == 0)
    pressed = Pressed(Stale("no such tag:1"))
    assert [event.intent for event in core.taken] == [Joined("আড্ডা"), pressed, Left(), Left()]
    assert core.taken[1].at == NOW
    assert core.taken[1].ticket in peer.queries


async def test_nothing_is_asked_for_while_the_core_is_crowded(
    peer: TelegramPeer, core: Core
) -> None:
    rested = asyncio.Event()

    async def rest(_: float) -> None:
        rested.set()
        await core.open.wait()

    core.full = True
    core.open.clear()
    async with running(peer, core, pause=rest) as telegram:
        peer.says("rupa", "dam koto?")
        await rested.wait()
        assert peer.polls == []
        assert telegram.fresh() is not None  # a rest of its own choice is no silence
        core.full = False
        core.open.set()
        await peer.until(lambda: peer.waiting == 0)


@pytest.mark.parametrize(
    "fault", [broken(502), broken(500, acts=True), dropped(), dropped(part=9)], ids=repr
)
async def test_a_poll_that_fails_is_tried_again_and_nothing_is_lost(
    peer: TelegramPeer, core: Core, pauses: Pauses, fault: Fault
) -> None:
    peer.says("rupa", "dam koto?")
    peer.fail("getUpdates", fault, 5)
    with capture_logs() as lines:
        async with running(peer, core, pause=pauses) as telegram:
            assert telegram.fresh() is None
            await peer.until(lambda: peer.waiting == 0)
            assert (telegram.fresh() or 99) < 10
    assert core.said == ["dam koto?"]
    assert len(pauses.taken) == 5
    assert all(2**n <= wait * 2 <= 2 ** (n + 1) for n, wait in enumerate(pauses.taken, 1))
    assert [line["event"] for line in lines if line["log_level"] == "warning"] == [
        "waiting for Telegram"
    ]


async def test_a_poll_is_as_patient_as_telegram_asks(
    peer: TelegramPeer, core: Core, pauses: Pauses
) -> None:
    peer.fail("getUpdates", flood(17))
    peer.says("rupa", "dam koto?")
    async with running(peer, core, pause=pauses):
        await peer.until(lambda: peer.waiting == 0)
    assert pauses.taken == [17]


async def test_a_network_that_is_not_there_yet_is_waited_for(
    peer: TelegramPeer, core: Core
) -> None:
    tries = 0

    async def pause(_: float) -> None:
        nonlocal tries
        tries += 1
        if tries == 3:
            await peer.start()

    peer.says("rupa", "dam koto?")
    await peer.stop()
    async with running(peer, core, pause=pause):
        await peer.until(lambda: peer.waiting == 0)
    assert tries == 3


async def test_another_copy_is_told_of_in_words(
    peer: TelegramPeer, core: Core, pauses: Pauses
) -> None:
    with capture_logs() as lines:
        async with running(peer, core, pause=pauses), TelegramHttp() as other:
            await peer.until(lambda: peer.polling)
            await other.call(f"{peer.base}{peer.token}/getUpdates", {"timeout": 0})
            await peer.until(lambda: [call for call in peer.polls if call.status == 409])
            peer.says("rupa", "dam koto?")
            await peer.until(lambda: peer.waiting == 0)
    (line,) = (line for line in lines if line["log_level"] == "warning")
    assert line["why"].startswith("Another copy of this bot is polling (409 Conflict).")


async def test_a_webhook_set_elsewhere_is_told_of_in_words(
    peer: TelegramPeer, core: Core, pauses: Pauses
) -> None:
    why = "Conflict: can't use getUpdates method while webhook is active"
    peer.fail("getUpdates", Fault(409, why))
    with capture_logs() as lines:
        async with running(peer, core, pause=pauses):
            await peer.until(lambda: peer.polling)
    (line,) = (line for line in lines if line["log_level"] == "warning")
    assert "receives by webhook" in line["why"]


async def test_a_refused_token_stops_the_platform_and_says_so(
    peer: TelegramPeer, core: Core
) -> None:
    wrong = door(peer, token="1:wrong")
    with pytest.raises(Stopped, match="TELEGRAM_TOKEN looks wrong") as caught:
        await wrong.run(core, ())
    assert "1:wrong" not in str(caught.value)
    await wrong.close()
    revoked = door(peer)
    peer.fail("getUpdates", UNAUTHORIZED)
    with pytest.raises(Stopped, match="401"):
        await revoked.run(core, ())
    await revoked.close()


@pytest.mark.parametrize("setting", ["api_base", "file_base"])
def test_plain_http_is_for_this_machine_alone(setting: str) -> None:
    with pytest.raises(ValueError, match=f"TELEGRAM_{setting.upper()} must begin with https://"):
        Telegram("1:x", lambda: NOW, **{setting: "http://example.com/bot"})  # type: ignore[arg-type]


# Webhook ----------------------------------------------------------------------------------------


@asynccontextmanager
async def listening(doors: list[Telegram]) -> AsyncIterator[str]:
    async def receive(request: web.BaseRequest) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        return web.Response(status=await doors[0].receive(await request.read(), secret))

    runner = web.ServerRunner(web.Server(receive, access_log=None), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


async def until_told(_: float) -> None:
    await asyncio.Event().wait()


async def test_a_webhook_delivers_until_the_core_has_it(peer: TelegramPeer, core: Core) -> None:
    doors: list[Telegram] = []
    core.fails = [OSError("disk full"), None]
    peer.says("rupa", "while we were away")
    async with listening(doors) as address:
        hook = Webhook(address, "s3cret")
        async with running(peer, core, webhook=hook, pause=until_told) as telegram:
            doors.append(telegram)
            peer.says("rupa", "dam koto?")
            await peer.until(lambda: peer.waiting == 0)
            assert telegram.fresh() is not None
            await peer.until(lambda: peer.asked("getWebhookInfo"))
    assert core.said == ["while we were away", "dam koto?"]
    assert len(core.begun) == 3
    assert peer.asked("setWebhook")[0].values["allowed_updates"] == [
        "message",
        "callback_query",
        "my_chat_member",
    ]


async def test_a_delivery_that_is_not_telegrams_is_refused(peer: TelegramPeer, core: Core) -> None:
    hook = Webhook("http://127.0.0.1:9/", "s3cret")
    early = door(peer, webhook=hook)
    assert await early.receive(b"{}", "s3cret") == 503
    await early.close()
    async with running(peer, core, webhook=hook, pause=until_told) as telegram:
        await peer.until(lambda: peer.asked("getWebhookInfo"))
        assert await telegram.receive(b'{"update_id": 1}', None) == 401
        assert await telegram.receive(b'{"update_id": 1}', "S3CRET") == 401
        assert await telegram.receive(b'{"update_id": 1}', "বাংলা") == 401
        assert await telegram.receive(b'{"update_id": 1', "s3cret") == 400
        assert await telegram.receive(b"[1]", "s3cret") == 200
        core.full = True
        assert await telegram.receive(b'{"update_id": 1}', "s3cret") == 503
    assert core.begun == []


async def test_a_webhook_that_was_moved_is_taken_back(
    peer: TelegramPeer, core: Core, pauses: Pauses
) -> None:
    hook = Webhook("http://127.0.0.1:9/ours", "s3cret")
    async with running(peer, core, webhook=hook, pause=pauses), TelegramHttp() as other:
        await peer.until(lambda: peer.asked("getWebhookInfo"))
        theirs = {"url": "http://127.0.0.1:9/theirs"}
        await other.call(f"{peer.base}{peer.token}/setWebhook", theirs)
        await peer.until(lambda: len(peer.asked("setWebhook")) == 3)
    assert peer.webhook["url"] == hook.address


# Menus ------------------------------------------------------------------------------------------


async def test_menus_are_published_by_scope_and_language_and_only_when_changed(
    peer: TelegramPeer, core: Core
) -> None:
    async with running(peer, core, CARDS) as telegram:
        assert telegram.deep_link("r_1") is None
        await peer.until(lambda: peer.polling)
        assert telegram.deep_link("r_1") == "https://t.me/adda_test_bot?start=r_1"
    everyone, team = '{"type": "default"}', '{"type": "all_chat_administrators"}'
    assert {place: [c["command"] for c in found] for place, found in peer.commands.items()} == {
        (everyone, ""): ["ask"],
        (everyone, "bn"): ["ask"],
        (everyone, "en"): ["ask"],
        (team, ""): ["ask", "giveaway_new"],
        (team, "bn"): ["ask", "giveaway_new"],
        (team, "en"): ["ask", "giveaway_new"],
    }
    assert peer.commands[team, "bn"][1]["description"] == "নতুন গিভঅ্যাওয়ে"
    peer.sent.clear()
    async with running(peer, core, CARDS):
        await peer.until(lambda: peer.polling)
    assert peer.asked("setMyCommands") == []


async def test_a_menu_that_is_refused_is_not_needed(peer: TelegramPeer, core: Core) -> None:
    peer.fail("setMyCommands", Fault(400, "Bad Request: BOT_COMMAND_INVALID"), 6)
    async with running(peer, core, CARDS):
        peer.says("rupa", "/ask dam koto?")
        await peer.until(lambda: peer.waiting == 0)
    assert core.taken[0].intent == Called("ask", text="dam koto?")


# Sending ----------------------------------------------------------------------------------------


@pytest.fixture
async def telegram(peer: TelegramPeer, core: Core) -> AsyncIterator[Telegram]:
    peer.says("rupa", "/start")
    async with running(peer, core) as telegram:
        await peer.until(lambda: peer.waiting == 0)
        yield telegram


def place(peer: TelegramPeer, chat: Chat | str, thread: str | None = None) -> Place:
    if isinstance(chat, str):
        return Place("telegram", str(peer.person(chat).id))
    return Place("telegram", str(chat.id), thread, private=False)


async def test_a_message_is_sent_and_edited(peer: TelegramPeer, telegram: Telegram) -> None:
    rupa = place(peer, "rupa")
    rows = ((Key("যোগ দিন", "ge:0001"),),)
    sent = await telegram.send(Outgoing("1", "message", rupa, "০ জন", rows, reply_to="1"))
    edit = Outgoing("2", "edit", rupa, "১ জন", message=sent.message)
    assert await telegram.send(edit) == sent
    assert await telegram.send(edit) == sent  # "not modified" is as good as done
    (shown,) = peer.seen("rupa")
    assert (shown["text"], str(shown["message_id"])) == ("১ জন", sent.message)
    assert "reply_markup" not in shown
    assert shown["reply_to_message"]["text"] == "/start"
    with pytest.raises(Gone, match="not found"):
        await telegram.send(Outgoing("3", "edit", rupa, "২ জন", message="999"))


async def test_a_press_is_answered_once_whatever_the_answer(
    peer: TelegramPeer, telegram: Telegram, core: Core
) -> None:
    rupa = place(peer, "rupa")
    await telegram.send(Outgoing("1", "message", rupa, "🎁", ((Key("যোগ দিন", "ge:0001"),),)))
    for _ in range(2):
        peer.presses("rupa", peer.seen("rupa")[0], "যোগ দিন")
    await peer.until(lambda: peer.waiting == 0)
    first, second = (event.ticket for event in core.taken[1:])
    toast = Outgoing("2", "toast", rupa, "আপনি যোগ দিয়েছেন!", ticket=first)
    assert (await telegram.send(toast)).message is None
    sent = await telegram.send(Outgoing("3", "message", rupa, "নিয়ম", ticket=second))
    assert sent.message is not None
    answered = [(c.values["callback_query_id"], c.text) for c in peer.asked("answerCallbackQuery")]
    assert answered == [(first, "আপনি যোগ দিয়েছেন!"), (second, "")]
    del peer.queries[first or ""]
    with pytest.raises(Gone) as caught:
        await telegram.send(toast)
    assert caught.value.why == "expired"
    late = Outgoing("4", "message", rupa, "তবু", ticket=first)
    assert (await telegram.send(late)).message is not None


async def test_a_topic_is_answered_in_the_topic(peer: TelegramPeer, telegram: Telegram) -> None:
    forum = peer.group("Adda", forum=True)
    peer.says("rupa", "hello", forum, thread=7)
    await telegram.send(Outgoing("1", "message", place(peer, forum, "7"), "🎁"))
    assert peer.seen(forum)[0]["message_thread_id"] == 7


async def test_a_group_that_got_a_new_id_is_followed(
    peer: TelegramPeer, telegram: Telegram
) -> None:
    group = peer.group("Adda")
    why = "Bad Request: group chat was upgraded to a supergroup chat"
    peer.fail("sendMessage", Fault(400, why, parameters={"migrate_to_chat_id": group.id}))
    await telegram.send(Outgoing("1", "message", Place("telegram", "-77", private=False), "hello"))
    assert [message["text"] for message in peer.seen(group)] == ["hello"]


@pytest.mark.parametrize(
    ("fault", "error", "why"),
    [
        (flood(3), Busy, None),
        (broken(502), Doubt, None),
        (dropped(), Doubt, None),
        (dropped(acts=True), Doubt, None),
        (dropped(part=9), Doubt, None),
        (BLOCKED, Gone, "blocked"),
        (UNAUTHORIZED, Busy, None),
        (Fault(400, "Bad Request: message is too long"), Gone, "Message is too long"),
    ],
    ids=repr,
)
async def test_what_goes_wrong_is_told_as_what_to_do(
    peer: TelegramPeer, telegram: Telegram, fault: Fault, error: type[Exception], why: str | None
) -> None:
    peer.fail("sendMessage", fault)
    with pytest.raises(error) as caught:
        await telegram.send(Outgoing("1", "message", place(peer, "rupa"), "hello"))
    assert getattr(caught.value, "why", None) == why
    assert peer.token not in repr(caught.value)
    assert caught.value.__suppress_context__


async def test_without_a_connection_nothing_was_sent(peer: TelegramPeer) -> None:
    unopened = door(peer)
    with pytest.raises(Busy):
        await unopened.send(Outgoing("1", "message", place(peer, "rupa"), "hello"))
    await unopened.close()


async def test_closing_finishes_what_is_being_sent(peer: TelegramPeer, telegram: Telegram) -> None:
    peer.latency = 0.05
    out = Outgoing("1", "message", place(peer, "rupa"), "the last word")
    sending = asyncio.create_task(telegram.send(out))
    await asyncio.sleep(0)
    await telegram.close()
    assert sending.done()
    assert (await sending).message is not None
