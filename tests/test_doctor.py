"""The doctor: a line for each thing looked at, and the remedy where something is wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from bot.commands.doctor import examine
from bot.world import Clock, counted_world
from storage import people
from storage.database import Database, open_database
from storage.migrate import migrate
from storage.schema import migrations, newest
from storage.seal import Seal
from storage.whole import whole
from tests.box import Box, Said, marks
from tests.peers.discord import TOKEN as DISCORD
from tests.peers.discord import DiscordPeer
from tests.peers.telegram import TOKEN as TELEGRAM
from tests.peers.telegram import TelegramPeer
from tests.peers.telegram_wire import broken
from web.health import health

NEWER = [*migrations(), (newest(migrations()) + 1, "create table later (id text);")]


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Box:
    return Box(tmp_path, monkeypatch)


@pytest.fixture
async def telegram(box: Box) -> AsyncIterator[TelegramPeer]:
    """Both platforms, and a token for each in the environment."""
    async with TelegramPeer() as telegram, DiscordPeer() as discord:
        box.attach(telegram, discord)
        box.env(TELEGRAM_TOKEN=TELEGRAM, DISCORD_TOKEN=DISCORD)
        yield telegram
        assert telegram.invalid == discord.invalid == []


def line(said: Said, what: str) -> str:
    """What is said about one thing."""
    return next(text for text in said.out.splitlines() if text[2:].startswith(what))


async def served(*routes: web.RouteDef) -> tuple[web.AppRunner, int]:
    """Something listening on loopback, and its port."""
    app = web.Application()
    app.add_routes(routes)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, int(runner.addresses[0][1])


@pytest.fixture
async def stranger() -> AsyncIterator[int]:
    """The port of a program that is not Adda."""

    async def hello(_request: web.Request) -> web.Response:
        return web.json_response({"status": "up"})

    runner, port = await served(web.get("/healthz", hello))
    yield port
    await runner.cleanup()


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[int]:
    """The port of Adda at work."""
    database: Database = await open_database(f"sqlite:///{tmp_path}/x/adda.db", Seal("x"))
    runner, port = await served(*health(database, {}))
    yield port
    await runner.cleanup()
    await database.close()


async def test_a_new_folder_is_well_and_stays_empty(box: Box) -> None:
    said = await box.run("doctor")
    assert said.code == 0, said.out
    assert set(marks(said).values()) == {"✓", "–"}
    assert said.out.endswith("there is no token yet: addabot init asks for one.\n")
    assert box.files() == set()


@pytest.mark.usefixtures("telegram")
async def test_after_init_everything_has_its_tick(box: Box) -> None:
    await box.run("init", "--yes", "--operator", "ops")
    before = box.files()
    said = await box.run("doctor")
    assert said.code == 0, said.out
    machine = ["Python", ".env", "settings", "key", "disk", "SQLite", "database"]
    assert [what for what, mark in marks(said).items() if mark == "✓"] == [
        *machine, "Telegram", "webhook", "Discord", "clock", "port",
    ]  # fmt: skip
    assert "@adda_test_bot" in line(said, "Telegram")
    assert said.out.endswith("All is well.\n")
    assert box.files() == before


async def test_settings_that_cannot_be_read_are_named_and_the_rest_waits(box: Box) -> None:
    box.env(HTTP_PORT="eighty", TIMEZONE="Mars")
    said = await box.run("doctor")
    assert said.code == 1
    assert "HTTP_PORT: 'eighty' is not a whole number." in said.out
    assert "TIMEZONE: 'Mars' is no time zone." in said.out
    assert "Telegram" not in said.out


async def test_an_address_of_no_database_we_know_is_crossed(box: Box) -> None:
    box.env(DATABASE_URL="mysql://u:hunter2@h/x")
    said = await box.run("doctor")
    assert "'mysql://u:…@h/x' is not understood. Use sqlite:///" in line(said, "settings")
    assert said.code == 1


async def test_a_misspelt_setting_is_pointed_out(box: Box) -> None:
    box.put(".env", "TELEGRAM_TOKN=1:a\nHTTP_PORT=8080\n")
    said = await box.run("doctor")
    assert (
        "TELEGRAM_TOKN in .env is not a setting of Adda. Did you mean TELEGRAM_TOKEN?" in said.out
    )
    assert "HTTP_PORT in .env" not in said.out


async def test_settings_and_a_key_that_others_can_read_are_crossed(box: Box) -> None:
    box.put(".env", "COMMUNITY=Mitu\n", 0o644)
    box.put("adda.key", "a secret", 0o640)
    said = await box.run("doctor")
    assert (marks(said)[".env"], marks(said)["key"]) == ("✗", "✗")
    assert "(mode 644). chmod 600 .env" in said.out
    assert "(mode 640). chmod 600 adda.key" in said.out
    assert said.out.endswith("2 of 12 need attention.\n")


async def test_a_key_in_the_folder_of_the_database_is_crossed(box: Box) -> None:
    box.put("adda.key", "a secret")
    box.env(DATABASE_URL="sqlite:///adda.db")
    said = await box.run("doctor")
    assert marks(said)["key"] == "✗"
    assert "Move it elsewhere and set SECRET_KEY_FILE." in said.out


async def test_a_secret_that_can_be_guessed_is_crossed(box: Box) -> None:
    box.env(SECRET_KEY="letmein")
    assert marks(await box.run("doctor"))["key"] == "✗"
    box.env(SECRET_KEY="a secret of the operator's own")
    assert marks(await box.run("doctor"))["key"] == "✓"


async def test_a_database_of_a_newer_version_is_crossed(box: Box, database_url: str) -> None:
    box.env(DATABASE_URL=database_url)
    await migrate(database_url, NEWER)
    said = await box.run("doctor")
    assert marks(said)["database"] == "✗"
    assert "Update the program; nothing was changed." in said.out


async def test_a_database_sealed_with_another_key_is_crossed(box: Box, database_url: str) -> None:
    box.env(DATABASE_URL=database_url, SECRET_KEY="a secret of the operator's own")
    await box.run("init", "--yes")
    database = await open_database(database_url, Seal("a secret of the operator's own"))
    await database.unit(
        lambda tx: people.add_member(tx, "home", "m1", "telegram", "1", "Rima", 0, 0)
    )
    await database.close()
    assert "writable, the key fits" in line(await box.run("doctor"), "database")
    box.env(SECRET_KEY="not the operator's own secret")
    said = await box.run("doctor")
    assert (said.code, marks(said)["database"]) == (1, "✗")
    assert "Put the old key back" in said.out
    box.env(SECRET_KEY="")
    missing = await box.run("doctor")
    assert "its key adda.key is missing. Put it back." in line(missing, "database")
    assert "adda.key" not in box.files()


async def test_a_database_that_cannot_be_written_is_crossed(box: Box, database_url: str) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("an administrator, as whom tests may run, can write to any file")
    box.env(DATABASE_URL=database_url)
    await box.run("init", "--yes")
    async with whole(database_url) as db:
        name = await db.value("select current_database()")
        await db.script([f'alter database "{name}" set default_transaction_read_only = on'])
    said = await box.run("doctor")
    assert marks(said)["database"] == "✗"
    assert "read-only transaction" in line(said, "database")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("sqlite:///words.txt", "names a file that is not a SQLite database"),
        ("postgresql://root:hunter2@127.0.0.1:1/x", "Is the server running?"),
    ],
)
async def test_a_database_that_cannot_be_used_is_crossed(box: Box, url: str, sentence: str) -> None:
    box.put("words.txt", "not a database\n" * 100)
    box.env(DATABASE_URL=url)
    said = await box.run("doctor")
    assert said.code == 1
    assert sentence in line(said, "database")
    assert "hunter2" not in said.out


async def test_platforms_that_cannot_be_asked_are_crossed(box: Box) -> None:
    box.env(TELEGRAM_TOKEN=TELEGRAM, DISCORD_TOKEN=DISCORD)
    said = await box.run("doctor")
    assert (marks(said)["Telegram"], marks(said)["Discord"]) == ("✗", "✗")
    assert "Telegram cannot be asked (Connect call failed" in said.out
    assert TELEGRAM not in said.out


async def test_tokens_that_are_not_known_are_crossed_with_the_way_to_new_ones(
    box: Box, telegram: TelegramPeer
) -> None:
    box.env(TELEGRAM_TOKEN="1234567:another", DISCORD_TOKEN="another")
    said = await box.run("doctor")
    assert "Telegram answered 401. Copy it again from @BotFather" in line(said, "Telegram")
    assert "Discord answered 401. Copy it again from the Developer Portal" in line(said, "Discord")
    assert telegram.sent == []


async def test_an_answer_that_says_nothing_about_the_token_is_no_refusal(
    box: Box, telegram: TelegramPeer
) -> None:
    telegram.fail("getMe", broken(502))
    said = await box.run("doctor")
    assert "Telegram cannot be asked (it answered 502)" in line(said, "Telegram")


async def test_a_webhook_of_another_program_is_crossed_when_polling(
    box: Box, telegram: TelegramPeer
) -> None:
    telegram.webhook = {"url": "https://other.example/hook"}
    said = await box.run("doctor")
    assert said.code == 1
    assert "A program at other.example receives this bot's messages." in line(said, "webhook")
    telegram.webhook = {}


async def test_a_webhook_must_lead_to_the_public_address(box: Box, telegram: TelegramPeer) -> None:
    box.env(TELEGRAM_WEBHOOK="true")
    assert "needs PUBLIC_URL" in line(await box.run("doctor"), "webhook")
    box.env(PUBLIC_URL="http://127.0.0.1:1")
    assert line(await box.run("doctor"), "webhook").startswith("– ")
    telegram.webhook = {"url": "https://127.0.0.1/telegram/x"}
    assert line(await box.run("doctor"), "webhook").startswith("✓ ")
    telegram.webhook = {"url": "https://other.example/hook"}
    assert "leads to other.example, not to 127.0.0.1" in line(await box.run("doctor"), "webhook")
    telegram.webhook = {}


@pytest.mark.usefixtures("telegram", "box")
@pytest.mark.parametrize(("hours", "said"), [(1, "s ahead"), (-2, "s behind"), (0, "right")])
async def test_a_clock_that_is_wrong_is_crossed(hours: int, said: str) -> None:
    world = counted_world(Clock(datetime.now(UTC) + timedelta(hours=hours)))
    clock = next(one for one in await examine(world) if one.what == "clock")
    assert clock.mark == ("✗" if hours else "✓")
    assert said in clock.words


async def test_a_port_that_another_program_has_is_crossed(box: Box, stranger: int) -> None:
    box.env(HTTP_PORT=str(stranger))
    said = await box.run("doctor")
    assert f"✗ port           Port {stranger} is taken. Set HTTP_PORT." in said.out


async def test_a_port_that_adda_has_is_well(box: Box, running: int) -> None:
    box.env(HTTP_PORT=str(running), PUBLIC_URL=f"http://127.0.0.1:{running}")
    said = await box.run("doctor")
    assert "taken by Adda, which runs already" in line(said, "port")
    assert line(said, "PUBLIC_URL").startswith("✓")


async def test_the_way_from_outside_is_tried_before_the_first_start(box: Box) -> None:
    runner, port = await served()
    await runner.cleanup()  # so it is free now
    box.env(HTTP_PORT=str(port), PUBLIC_URL=f"http://127.0.0.1:{port}")
    said = await box.run("doctor")
    assert f"✓ PUBLIC_URL     http://127.0.0.1:{port} leads here" in said.out


async def test_a_public_address_that_leads_elsewhere_or_nowhere_is_crossed(
    box: Box, stranger: int
) -> None:
    box.env(PUBLIC_URL=f"http://127.0.0.1:{stranger}")
    assert "did not come from here. Let the proxy pass" in (await box.run("doctor")).out
    box.env(PUBLIC_URL="http://127.0.0.1:1")
    assert "does not answer (ClientConnectorError)" in (await box.run("doctor")).out
