"""The loopback Telegram, judged by aiogram and driven by python-telegram-bot over our HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from telegram import Bot, BotCommand, BotCommandScopeAllChatAdministrators
from telegram import InlineKeyboardButton as Button
from telegram import InlineKeyboardMarkup as Keyboard
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from bot.platforms.telegram_http import Flood, NotSent, TelegramHttp
from handlers.links import qr
from tests.peers.telegram import TelegramPeer
from tests.peers.telegram_load import LoadPeer
from tests.peers.telegram_people import Json
from tests.peers.telegram_wire import BLOCKED, UNAUTHORIZED, Fault, broken, dropped, flood


@pytest.fixture
async def peer() -> AsyncIterator[TelegramPeer]:
    async with TelegramPeer() as peer:
        yield peer
    assert peer.invalid == []


def bot_of(peer: TelegramPeer, http: TelegramHttp, token: str | None = None) -> Bot:
    return Bot(
        token or peer.token,
        base_url=peer.base,
        base_file_url=peer.file_base,
        request=http,
        get_updates_request=http,
    )


@pytest.fixture
async def bot(peer: TelegramPeer) -> AsyncIterator[Bot]:
    async with bot_of(peer, TelegramHttp(read=2)) as bot:
        yield bot


async def test_the_library_hears_what_a_person_says_and_answers(
    peer: TelegramPeer, bot: Bot
) -> None:
    peer.says("rupa", "/ask লাল ড্রেসের দাম কত?")
    (update,) = await bot.get_updates(timeout=5)
    assert update.message is not None
    assert update.message.from_user is not None
    assert update.message.from_user.id > 2**32
    assert update.message.parse_entities() == {update.message.entities[0]: "/ask"}
    await bot.send_message(update.message.chat_id, "২,৪৫০ টাকা", reply_to_message_id=1)
    assert [m["text"] for m in peer.seen("rupa")] == ["২,৪৫০ টাকা"]
    assert peer.sent[-1].answer["reply_to_message"]["text"] == "/ask লাল ড্রেসের দাম কত?"


async def test_updates_come_again_until_an_offset_confirms_them(
    peer: TelegramPeer, bot: Bot
) -> None:
    first, second = peer.says("rupa", "one"), peer.says("rupa", "two")
    assert len(await bot.get_updates()) == 2
    assert len(await bot.get_updates()) == 2
    later = await bot.get_updates(offset=second["update_id"])
    assert [update.update_id for update in later] == [second["update_id"]]
    peer.again(first)
    again = await bot.get_updates(offset=second["update_id"] + 1)
    assert [update.update_id for update in again] == [first["update_id"]]
    assert peer.waiting == 0


async def test_a_long_poll_returns_when_something_happens(peer: TelegramPeer, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await peer.until(lambda: peer.polling)
    peer.says("rupa", "hello")
    (update,) = await asyncio.wait_for(poll, 5)
    assert update.message is not None
    assert update.message.text == "hello"


async def test_only_asked_for_kinds_of_update_come(peer: TelegramPeer, bot: Bot) -> None:
    group = peer.group("Adda", bot="administrator")
    await bot.get_updates(allowed_updates=["my_chat_member", "chat_member"])
    peer.joins("rupa", group)
    peer.removes_bot("nila", group)
    (joined, removed) = await bot.get_updates()
    assert joined.chat_member is not None
    assert removed.my_chat_member is not None
    assert removed.my_chat_member.new_chat_member.status == "kicked"


async def test_of_two_pollers_the_earlier_gets_409(peer: TelegramPeer, bot: Bot) -> None:
    earlier = asyncio.create_task(bot.get_updates(timeout=30))
    await peer.until(lambda: peer.polling)
    peer.says("rupa", "hello")
    await asyncio.wait_for(earlier, 5)
    earlier = asyncio.create_task(
        bot.get_updates(offset=peer._updates[0]["update_id"] + 1, timeout=30)
    )
    await peer.until(lambda: peer.waiting == 0)
    later = asyncio.create_task(bot.get_updates(timeout=30))
    with pytest.raises(Conflict, match="other getUpdates"):
        await asyncio.wait_for(earlier, 5)
    peer.says("rupa", "to the later one")
    assert len(await asyncio.wait_for(later, 5)) == 1


async def test_a_webhook_carries_the_secret_and_is_tried_until_it_says_200(
    peer: TelegramPeer, bot: Bot
) -> None:
    came: list[tuple[str, Json]] = []

    async def receive(request: web.BaseRequest) -> web.Response:
        came.append((request.headers["X-Telegram-Bot-Api-Secret-Token"], await request.json()))
        if len(came) < 3:
            return web.Response(status=503)
        return web.json_response({"method": "sendMessage", "chat_id": 5_000_000_001, "text": "ok"})

    runner = web.ServerRunner(web.Server(receive, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/", secret_token="s3cret")
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    update = peer.says("rupa", "hello")
    await peer.until(lambda: peer.asked("sendMessage"))
    assert came == [("s3cret", update)] * 3
    assert peer.waiting == 0
    assert (await bot.get_webhook_info()).url
    await bot.delete_webhook()
    assert await bot.get_updates() == ()
    await runner.cleanup()


async def test_a_press_is_answered_with_a_toast_and_an_edit(peer: TelegramPeer, bot: Bot) -> None:
    peer.says("rupa", "/start")
    keyboard = Keyboard([[Button("যোগ দিন", callback_data="ge:0001")]])
    message = await bot.send_message(peer.person("rupa").id, "গিভঅ্যাওয়ে", reply_markup=keyboard)
    peer.presses("rupa", peer.sent[-1].answer, "যোগ দিন")
    query = (await bot.get_updates())[-1].callback_query
    assert query is not None
    assert query.data == "ge:0001"
    assert await query.answer("আপনি যোগ দিয়েছেন!")
    edited = await query.edit_message_text("১ জন", reply_markup=keyboard)
    assert isinstance(edited, type(message))
    assert peer.seen("rupa")[-1]["text"] == "১ জন"
    with pytest.raises(BadRequest, match="not modified"):
        await query.edit_message_text("১ জন", reply_markup=keyboard)
    with pytest.raises(AssertionError, match="no button"):
        peer.presses("rupa", peer.sent[-1].answer or message.to_dict(), "অন্য")
    forged = peer.presses("nila", message.to_dict(), "gd:0001", forged=True)
    assert forged["callback_query"]["data"] == "gd:0001"


@pytest.mark.parametrize(
    ("text", "data", "why"),
    [
        (" ", "ok", "text is empty"),
        ("ক" * 4097, "ok", "too long"),
        ("ok", "ড্র" * 20, "button_data_invalid"),
    ],
    ids=["empty", "long", "data"],
)
async def test_telegrams_limits_are_kept(
    peer: TelegramPeer, bot: Bot, text: str, data: str, why: str
) -> None:
    peer.says("rupa", "/start")
    keyboard = Keyboard([[Button("যোগ দিন", callback_data=data)]])
    with pytest.raises(BadRequest, match=f"(?i){why}"):
        await bot.send_message(peer.person("rupa").id, text, reply_markup=keyboard)


async def test_a_late_or_unknown_press_cannot_be_answered(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="too old"):
        await bot.answer_callback_query("77")


async def test_places_that_refuse_the_bot_say_why(peer: TelegramPeer, bot: Bot) -> None:
    with pytest.raises(BadRequest, match="not found"):
        await bot.send_message(12345, "hello")
    peer.private("shy")
    with pytest.raises(Forbidden, match="can't initiate"):
        await bot.send_message(peer.person("shy").id, "hello")
    peer.blocks("rupa")
    with pytest.raises(Forbidden, match="blocked"):
        await bot.send_message(peer.person("rupa").id, "hello")
    peer.unblocks("rupa")
    await bot.send_message(peer.person("rupa").id, "hello")
    group = peer.group("Adda", bot="left")
    with pytest.raises(Forbidden, match="not a member"):
        await bot.send_message(group.id, "hello")
    peer.adds_bot("rupa", group)
    await bot.send_message(group.id, "hello")


async def test_a_topic_must_exist(peer: TelegramPeer, bot: Bot) -> None:
    group = peer.group("Adda", forum=True)
    peer.says("rupa", "hello", group, thread=7)
    message = await bot.send_message(group.id, "hello", message_thread_id=7)
    assert message.is_topic_message
    with pytest.raises(BadRequest, match="thread not found"):
        await bot.send_message(group.id, "hello", message_thread_id=8)


async def test_commands_are_kept_by_scope_and_language(peer: TelegramPeer, bot: Bot) -> None:
    admins = BotCommandScopeAllChatAdministrators()
    bengali = [BotCommand("ask", "প্রশ্ন করুন")]
    await bot.set_my_commands(bengali, scope=admins, language_code="bn")
    assert list(await bot.get_my_commands(admins, "bn")) == bengali
    assert await bot.get_my_commands() == ()
    with pytest.raises(BadRequest):
        await bot.set_my_commands([BotCommand("প্রশ্ন", "no")])
    await bot.set_my_description("আড্ডা", language_code="bn")
    await bot.set_my_short_description("Adda")
    assert peer.descriptions == {("description", "bn"): "আড্ডা", ("short_description", ""): "Adda"}


async def test_files_go_both_ways(peer: TelegramPeer, bot: Bot) -> None:
    peer.sends("rupa", "document", content="নাম,দাম\n".encode())
    document = (await bot.get_updates())[0].effective_message
    assert document is not None
    assert document.document is not None
    file = await document.document.get_file()
    assert bytes(await file.download_as_bytearray()).decode() == "নাম,দাম\n"
    await bot.send_document(document.chat_id, b"a,b\n", caption="দাম", filename="prices.csv")
    picture = qr.png("https://links.example/eid")
    await bot.send_photo(document.chat_id, picture, caption="ছবি")
    sent, photo = peer.sent[-2:]
    assert (sent.files, sent.text) == ({"document": b"a,b\n"}, "দাম")
    assert (photo.files, photo.text) == ({"photo": picture}, "ছবি")
    assert peer.invalid == []
    await bot.send_photo(document.chat_id, b"png")
    assert peer.invalid == ["sendPhoto: IMAGE_PROCESS_FAILED"]
    peer.invalid.clear()


async def test_chats_members_and_deletion(peer: TelegramPeer, bot: Bot) -> None:
    group = peer.group("আড্ডা")
    rupa = peer.person("rupa")
    assert (await bot.get_chat(group.id)).title == "আড্ডা"
    assert (await bot.get_chat_member(group.id, rupa.id)).user.id == rupa.id
    assert (await bot.get_chat_member(group.id, bot.id)).status == "member"
    message = await bot.send_message(group.id, "hello")
    assert await message.delete()
    assert peer.seen(group) == []


@pytest.mark.parametrize(
    ("fault", "error", "acted"),
    [
        (flood(3), Flood, False),
        (broken(502), NetworkError, False),
        (broken(500, acts=True), NetworkError, True),
        (dropped(), NetworkError, False),
        (dropped(acts=True), NetworkError, True),
        (dropped(part=5), NetworkError, True),
        (BLOCKED, Forbidden, False),
        (UNAUTHORIZED, InvalidToken, False),
        (Fault(400, "Bad Request: chat not found"), BadRequest, False),
    ],
)
async def test_faults_come_out_as_the_librarys_errors(
    peer: TelegramPeer, bot: Bot, fault: Fault, error: type[TelegramError], acted: bool
) -> None:
    peer.says("rupa", "/start")
    peer.fail("sendMessage", fault)
    with pytest.raises(error) as caught:
        await bot.send_message(peer.person("rupa").id, "once")
    assert type(caught.value) is error
    assert peer.token not in str(caught.value)
    assert len(peer.seen("rupa")) == acted
    if isinstance(caught.value, Flood):
        assert caught.value.seconds == 3
    await bot.send_message(peer.person("rupa").id, "and well again")


async def test_a_refused_connection_is_surely_not_sent(peer: TelegramPeer) -> None:
    await peer.stop()
    async with TelegramHttp() as http:
        with pytest.raises(NotSent) as caught:
            await http.call(f"{peer.base}{peer.token}/getMe", {})
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__  # its text might hold the token
        await peer.start()
        me = await http.call(f"{peer.base}{peer.token}/getMe", {})
    assert me["username"] == "adda_test_bot"


async def test_waiting_too_long_for_a_free_connection_is_surely_not_sent(
    peer: TelegramPeer,
) -> None:
    async with bot_of(peer, TelegramHttp(connections=1, connect=0.05)) as bot:
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await peer.until(lambda: peer.polling)
        with pytest.raises(NotSent):
            await bot.get_me()
        poll.cancel()
        await asyncio.gather(poll, return_exceptions=True)


async def test_an_answer_that_does_not_come_leaves_doubt(peer: TelegramPeer) -> None:
    http = TelegramHttp(read=0.05)
    async with http:
        peer.latency = 0.5
        with pytest.raises(TimedOut):
            await http.call(f"{peer.base}{peer.token}/getMe", {})
        peer.latency = 0


async def test_a_redirect_is_not_followed(peer: TelegramPeer) -> None:
    async def elsewhere(request: web.BaseRequest) -> web.Response:
        where = f"http://127.0.0.1:{peer.port}{request.raw_path}"
        return web.Response(status=307, headers={"Location": where})

    runner = web.ServerRunner(web.Server(elsewhere, access_log=None), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with TelegramHttp() as http:
        with pytest.raises(NetworkError, match="307"):
            await http.call(f"http://127.0.0.1:{runner.addresses[0][1]}/bot{peer.token}/getMe", {})
    await runner.cleanup()
    assert peer.sent == []


async def test_a_wrong_token_is_told(peer: TelegramPeer) -> None:
    bot = bot_of(peer, TelegramHttp(), "1:wrong")
    with pytest.raises(InvalidToken):
        await bot.initialize()
    await bot.shutdown()


async def test_calls_of_our_own_get_the_same_result(peer: TelegramPeer) -> None:
    peer.says("rupa", "/start")
    chat = peer.person("rupa").id
    async with TelegramHttp() as http:
        url = f"{peer.base}{peer.token}/sendMessage"
        message = await http.call(url, {"chat_id": chat, "text": "হ্যালো \ud83d"})
        assert message["text"] == "হ্যালো ?"  # half a pair cannot be encoded
        with pytest.raises(BadRequest, match="empty"):
            await http.call(url, {"chat_id": chat, "text": ""})
    with pytest.raises(NotSent):
        await http.call(url, {"chat_id": chat, "text": "closed"})


async def test_every_way_to_ask_is_understood(peer: TelegramPeer) -> None:
    peer.says("rupa", "/start")
    chat = peer.person("rupa").id
    url = f"{peer.base}{peer.token}/sendMessage"
    values = {"chat_id": str(chat), "text": "হ্যালো", "disable_notification": "true"}
    async with aiohttp.ClientSession() as session:
        for options in ({"params": values}, {"data": values}, {"json": values | {"chat_id": chat}}):
            async with session.post(url, **options) as response:
                assert response.status == 200
    assert [message["text"] for message in peer.seen("rupa")] == ["হ্যালো"] * 3


async def test_the_judge_objects_to_what_the_bot_api_does_not_know() -> None:
    async with TelegramPeer() as peer, TelegramHttp() as http:
        peer.says("rupa", "/start")
        values = {"chat_id": peer.person("rupa").id, "text": "hello"}
        await http.call(f"{peer.base}{peer.token}/sendMessage", values | {"colour": "red"})
        peer.says("rupa", "hello", mood="good")
        peer.says("rupa", "hello", entities=[{"type": "bold"}])
    assert len(peer.invalid) == 3
    assert "sendMessage.colour" in peer.invalid[0]
    assert "update.message.mood" in peer.invalid[1]
    assert "offset" in peer.invalid[2]


async def test_until_tells_the_story_when_it_is_over() -> None:
    async with TelegramPeer(judge=False) as peer:
        with pytest.raises(AssertionError, match=r"not within 0\.01 s"):
            await peer.until(lambda: peer.sent, within=0.01)


async def test_a_load_is_made_and_its_answers_are_counted() -> None:
    load = {"kind": "presses", "count": 3, "people": 2, "data": "ge:0001"}
    async with LoadPeer(latency=0, poll_latency=None, port=0) as peer, TelegramHttp() as http:
        control = f"http://127.0.0.1:{peer.port}/control"
        async with aiohttp.ClientSession() as session:
            await (await session.post(control, json=load)).read()
            await peer.until(lambda: peer.waiting == 3)
            for update in await http.call(f"{peer.base}{peer.token}/getUpdates", {}):
                assert update["callback_query"]["data"] == "ge:0001"
                query = {"callback_query_id": update["callback_query"]["id"]}
                await http.call(f"{peer.base}{peer.token}/answerCallbackQuery", query)
            story = await (await session.get(control)).json()
    assert story["asked"] == {"getUpdates 200": 1, "answerCallbackQuery 200": 3}
    assert (story["answered"], story["waiting"]) == (3, 3)
    assert 0 <= story["p50"] <= story["p99"]
