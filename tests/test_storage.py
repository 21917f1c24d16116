"""Storage: units of work, sealing and addresses, on both databases."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from storage import outbox, people
from storage.address import backup_folder, database_name, shown, sqlite_path
from storage.database import BadAddress, Database, database, open_database
from storage.postgres import PostgresDatabase
from storage.seal import Seal, WrongKey
from storage.sqlite import SqliteDatabase
from storage.tx import Tx


class Halt(BaseException):
    """Something that is not an Exception, as a cancellation is not."""


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    opened = await open_database(database_url, Seal("test secret"))
    yield opened
    await opened.close()


async def add(tx: Tx, community: str, name: str = "Mitu") -> None:
    await people.add_community(tx, community, name, "bn", "Asia/Dhaka", 0)


def adding(community: str) -> Callable[[Tx], Coroutine[Any, Any, None]]:
    return lambda tx: add(tx, community)


async def there(db: Database, community: str) -> bool:
    async with db.read() as tx:
        return await people.community(tx, community) is not None


# Units of work ------------------------------------------------------------------------------------


async def test_what_a_unit_wrote_is_there_once_it_returns(db: Database) -> None:
    async def unit(tx: Tx) -> str:
        await add(tx, "c1")
        return "its value"

    assert await db.unit(unit) == "its value"
    assert await there(db, "c1")


@pytest.mark.parametrize("problem", [ValueError("no"), Halt(), asyncio.CancelledError()])
async def test_a_unit_that_raises_anything_leaves_nothing(
    db: Database, problem: BaseException
) -> None:
    async def unit(tx: Tx) -> None:
        await add(tx, "c1")
        raise problem

    with pytest.raises(type(problem)):
        await db.unit(unit)
    assert not await there(db, "c1")
    await db.unit(adding("c2"))
    assert await there(db, "c2")


async def test_a_unit_that_fails_takes_no_other_with_it(db: Database) -> None:
    async def unit(number: int, tx: Tx) -> None:
        await add(tx, f"c{number}")
        if number % 2:
            raise ValueError(number)

    units = [db.unit(partial(unit, n)) for n in range(20)]
    ends = await asyncio.gather(*units, return_exceptions=True)
    assert [isinstance(end, ValueError) for end in ends] == [bool(n % 2) for n in range(20)]
    assert [await there(db, f"c{n}") for n in range(20)] == [not n % 2 for n in range(20)]


async def test_of_64_callers_with_one_event_exactly_one_is_first(db: Database) -> None:
    seen = await asyncio.gather(
        *(db.unit(lambda tx: outbox.first_time(tx, "telegram:1", 0)) for _ in range(64))
    )
    assert sorted(seen) == [False] * 63 + [True]


async def test_64_callers_at_once_are_all_served(db: Database) -> None:
    await asyncio.gather(*(db.unit(adding(f"c{n}")) for n in range(64)))
    assert all([await there(db, f"c{n}") for n in range(64)])


async def test_a_broken_rule_of_the_schema_undoes_the_unit_and_says_so(db: Database) -> None:
    async def unit(tx: Tx) -> None:
        await add(tx, "c1")
        await people.add_member(tx, "nobody", "m1", "telegram", "1", "Rima", 0, 0)

    with pytest.raises((sqlite3.IntegrityError, asyncpg.ForeignKeyViolationError)):
        await db.unit(unit)
    assert not await there(db, "c1")


async def test_a_view_cannot_write_and_goes_on_seeing_what_is_new(db: Database) -> None:
    for n in range(4):
        async with db.read() as tx:
            with pytest.raises((sqlite3.OperationalError, asyncpg.ReadOnlySQLTransactionError)):
                await add(tx, "never")
        await db.unit(adding(f"c{n}"))
        for _ in range(3):  # more often than there are readers
            assert await there(db, f"c{n}")
    assert not await there(db, "never")


async def test_cancelled_reads_leave_the_readers_fit_for_use(db: Database) -> None:
    for turn in range(60):
        reading = asyncio.create_task(there(db, "c1"))
        for _ in range(turn % 12):
            await asyncio.sleep(0)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
    await db.unit(adding("c1"))
    assert all(await asyncio.gather(*(there(db, "c1") for _ in range(8))))


async def test_a_closed_database_takes_no_more_units(db: Database) -> None:
    await db.close()
    with pytest.raises(RuntimeError, match="not open"):
        await db.unit(adding("c1"))


async def test_units_that_block_each_other_are_run_again(db: Database) -> None:
    if db.dialect == "sqlite":
        await db.unit(adding("one after another: nothing can block"))
        return
    for id in ("a", "b"):
        await db.unit(adding(id))
    holding = {"a": asyncio.Event(), "b": asyncio.Event()}

    async def unit(tx: Tx, mine: str, other: str) -> None:
        await tx.run("home_put", id=mine, name=f"by {mine}", language="bn", timezone="", now=0)
        holding[mine].set()
        await holding[other].wait()
        await tx.run("home_put", id=other, name=f"by {mine}", language="bn", timezone="", now=0)

    await asyncio.gather(
        db.unit(lambda tx: unit(tx, "a", "b")), db.unit(lambda tx: unit(tx, "b", "a"))
    )
    async with db.read() as tx:
        names = [await people.community(tx, id) for id in ("a", "b")]
    assert names[0] is not None
    assert names[1] is not None
    assert names[0].name == names[1].name


# Sealing ------------------------------------------------------------------------------------------


def test_sealed_text_opens_to_itself_and_never_looks_the_same() -> None:
    seal = Seal("secret")
    first, second = seal.close("লাল ড্রেস"), seal.close("লাল ড্রেস")
    assert first != second
    assert first.isascii()
    assert Seal("secret").open(first) == seal.open(second) == "লাল ড্রেস"


def test_another_key_opens_nothing_and_the_remedy_is_said() -> None:
    sealed = Seal("secret").close("text")
    with pytest.raises(WrongKey, match="Put the old key back"):
        Seal("another").open(sealed)


def test_a_changed_letter_of_sealed_text_is_noticed() -> None:
    sealed = Seal("secret").close("text")
    changed = sealed[:-5] + ("A" if sealed[-5] != "A" else "B") + sealed[-4:]
    with pytest.raises(WrongKey):
        Seal("secret").open(changed)


def test_no_nonce_is_used_twice_whichever_thread_asks() -> None:
    seal = Seal("secret")
    with ThreadPoolExecutor(4) as threads:
        sealed = list(threads.map(seal.close, [""] * 5000))
    assert len({text[:19] for text in sealed}) == 5000  # the mark and the nonce in base 64


def test_keys_for_different_purposes_have_nothing_in_common() -> None:
    seal = Seal("secret")
    assert seal.derive("seal") == Seal("secret").derive("seal")
    assert len({seal.derive("seal"), seal.derive("clicks"), Seal("b").derive("seal")}) == 3
    assert len(seal.derive("clicks")) == 32


async def test_a_stolen_file_shows_no_name(tmp_path: Path) -> None:
    db = await open_database(f"sqlite:///{tmp_path}/a.db", Seal("secret"))

    async def unit(tx: Tx) -> None:
        await add(tx, "c1")
        await people.add_member(tx, "c1", "m1", "telegram", "1", "Rima Akter", 0, 0)

    await db.unit(unit)
    await db.close()
    assert "Rima" not in _bytes_in(tmp_path)


def _bytes_in(folder: Path) -> str:
    found = b"".join(file.read_bytes() for file in folder.iterdir())
    assert found.startswith(b"SQLite")
    return found.decode("latin-1")


# Addresses ----------------------------------------------------------------------------------------


def test_an_address_says_which_database_it_means() -> None:
    assert sqlite_path("sqlite:///data/adda.db") == Path("data/adda.db")
    assert sqlite_path("sqlite:////var/lib/adda.db") == Path("/var/lib/adda.db")
    assert isinstance(database("sqlite:///a.db", Seal("x")), SqliteDatabase)
    for scheme in ("postgres", "postgresql"):
        assert isinstance(database(f"{scheme}://u@h/a", Seal("x")), PostgresDatabase)


@pytest.mark.parametrize(
    "url",
    ["", "adda.db", "sqlite://adda.db", "sqlite:///", "sqlite:///:memory:", "mysql://u@h/adda",
     "sqlite:///a.db?mode=ro"],
)  # fmt: skip
def test_an_address_of_nothing_we_know_gets_a_sentence_with_examples(url: str) -> None:
    with pytest.raises(BadAddress, match=r"Use sqlite:///adda\.db"):
        database(url, Seal("x"))


def test_no_sentence_shows_a_password() -> None:
    with pytest.raises(BadAddress) as caught:
        sqlite_path("mysql://mitu:hunter2@db.example/adda")
    assert "hunter2" not in str(caught.value)
    assert shown("postgresql://mitu:p@ss@db:5432/adda") == "postgresql://mitu:…@db:5432/adda"
    assert shown("postgresql://mitu@db/adda") == "postgresql://mitu@db/adda"
    assert shown("sqlite:///data/adda.db") == "sqlite:///data/adda.db"


def test_backups_go_beside_the_file_or_for_a_server_where_the_program_runs() -> None:
    assert backup_folder("sqlite:////srv/adda/adda.db") == Path("/srv/adda/backups")
    assert backup_folder("postgresql://u@h/fans") == Path("backups")
    assert database_name("postgresql://u@h/fans") == "fans"
    assert database_name("sqlite:////srv/adda/adda.db") == "adda"
