"""Backups: everything comes back, on either database, or nothing is changed."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storage.backup import Damaged, NotEmpty, backup, restore, sealed_sample
from storage.migrate import migrate
from storage.schema import TooNew, apply, migrations, newest, schema_version
from storage.seal import Seal
from storage.whole import whole
from tests.whole import ROWS, contents, fill

NOW = newest(migrations())
MOTTO = (NOW + 1, "alter table communities add column motto text;")


@pytest.fixture
async def full(database_url: str) -> str:
    """The address of a database with rows in every table."""
    await migrate(database_url)
    await fill(database_url)
    return database_url


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    """A backup of a SQLite database with rows in every table, which is beside it."""
    url = f"sqlite:///{tmp_path}/source.db"
    await migrate(url)
    await fill(url)
    await backup(url, tmp_path / "full.zip")
    return tmp_path / "full.zip"


def rewritten(file: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    """A zip that is well formed, with other things in it."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    other = file.with_name("rewritten.zip")
    with zipfile.ZipFile(other, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return other


def in_manifest(**values: Any) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        parts["manifest.json"] = json.dumps(json.loads(parts["manifest.json"]) | values).encode()

    return change


async def test_every_row_of_every_table_comes_back_in_a_new_file(full: str, tmp_path: Path) -> None:
    done = await backup(full, tmp_path / "b.zip")
    assert done.rows == ROWS * len(done.tables)
    other = f"sqlite:///{tmp_path}/other/adda.db"
    await restore(other, tmp_path / "b.zip")
    assert await contents(other) == await contents(full)


async def test_a_community_moves_from_a_file_to_a_server(
    file: Path, database_url: str, tmp_path: Path
) -> None:
    await restore(database_url, file)
    assert await contents(database_url) == await contents(f"sqlite:///{tmp_path}/source.db")
    await migrate(database_url)
    assert await schema_version(database_url) == NOW


async def test_a_view_holds_on_to_one_moment(full: str) -> None:
    async with whole(full, readonly=True) as view:
        before = await view.value("select count(*) from inbox")
        async with whole(full) as other:
            await other.script(["delete from inbox"])
        assert await view.value("select count(*) from inbox") == before == ROWS
    assert len((await contents(full))["inbox"]) == 0


async def test_the_file_is_for_its_owner_and_says_what_is_in_it(full: str, tmp_path: Path) -> None:
    await backup(full, tmp_path / "new" / "b.zip")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["b.zip"]
    assert (tmp_path / "new" / "b.zip").stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(tmp_path / "new" / "b.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        lines = archive.read("communities.jsonl").decode().splitlines()
    assert (manifest["format"], manifest["schema"]) == (1, NOW)
    assert manifest["dialect"] in full
    assert manifest["tables"]["communities"]["rows"] == len(lines) == ROWS
    assert len(json.loads(lines[0])) == len(manifest["tables"]["communities"]["columns"])


async def test_a_backup_that_fails_leaves_the_one_before_and_no_half_file(
    file: Path, tmp_path: Path
) -> None:
    before = _bytes(file)
    url = f"sqlite:///{tmp_path}/source.db"
    async with whole(url) as db:
        await db.script(["drop view sponsored_links", "drop table link_tokens"])
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await backup(url, file)
    assert _bytes(file) == before
    assert not _left_over(tmp_path)


async def test_a_newer_database_is_not_backed_up_in_part(file: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/source.db"
    await migrate(url, [*migrations(), MOTTO])
    with pytest.raises(TooNew, match="database is from a newer version"):
        await backup(url, file)


async def test_a_database_that_holds_rows_is_left_alone(file: Path, full: str) -> None:
    async with whole(full) as db:
        await db.script(["update communities set name = 'ours'"])
    before = await contents(full)
    with pytest.raises(NotEmpty, match="nothing was changed"):
        await restore(full, file)
    assert await contents(full) == before


async def test_by_force_it_is_replaced_and_the_backup_of_it_brings_it_back(
    file: Path, full: str, tmp_path: Path
) -> None:
    async with whole(full) as db:
        await db.script(["update communities set name = 'ours'"])
    ours = await contents(full)
    await restore(full, file, before=tmp_path / "before.zip")
    assert await contents(full) == await contents(f"sqlite:///{tmp_path}/source.db")
    await restore(full, tmp_path / "before.zip", before=tmp_path / "again.zip")
    assert await contents(full) == ours


async def test_a_database_that_was_only_set_up_needs_no_force(
    file: Path, database_url: str
) -> None:
    await migrate(database_url)
    await restore(database_url, file)
    assert len((await contents(database_url))["communities"]) == ROWS


async def test_a_backup_of_an_older_schema_is_brought_to_the_newest(
    full: str, tmp_path: Path
) -> None:
    await backup(full, tmp_path / "old.zip")
    other, later = f"sqlite:///{tmp_path}/other.db", [*migrations(), MOTTO]
    await restore(other, tmp_path / "old.zip", changes=later)
    async with whole(other, readonly=True) as db:
        rows = [row async for row in db.rows("communities", ("id", "motto"))]
    assert await schema_version(other) == NOW + 1
    assert [motto for _, motto in rows] == [None] * ROWS


async def test_a_backup_of_a_newer_schema_is_refused(file: Path, full: str, tmp_path: Path) -> None:
    before = await contents(full)
    newer = rewritten(file, in_manifest(schema=NOW + 1))
    with pytest.raises(TooNew, match=rf"backup is from a newer version \(schema {NOW + 1} > {NOW}"):
        await restore(full, newer, before=tmp_path / "before.zip")
    assert await contents(full) == before


async def test_a_newer_database_is_not_replaced_even_by_force(
    file: Path, database_url: str, tmp_path: Path
) -> None:
    async with whole(database_url) as db:
        await apply(db, [*migrations(), MOTTO])
    with pytest.raises(TooNew, match="database is from a newer version"):
        await restore(database_url, file, before=tmp_path / "before.zip")
    assert await schema_version(database_url) == NOW + 1


def _put(name: str, content: bytes) -> Callable[[dict[str, bytes]], object]:
    return lambda parts: parts.update({name: content})


def orphan(parts: dict[str, bytes]) -> None:
    rows = [json.loads(line) for line in parts["places.jsonl"].splitlines()]
    rows[0][2] = "nobody's"
    parts["places.jsonl"] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)


BROKEN: dict[str, Callable[[dict[str, bytes]], object]] = {
    "no manifest": lambda parts: parts.pop("manifest.json"),
    "a strange manifest": _put("manifest.json", b"[]"),
    "a strange schema": in_manifest(schema="one"),
    "no tables": in_manifest(tables={}),
    "a table missing": lambda parts: parts.pop("members.jsonl"),
    "rows missing": _put("inbox.jsonl", b""),
    "rows others refer to missing": _put("communities.jsonl", b""),
    "a row nobody belongs to": orphan,
    "no JSON": _put("inbox.jsonl", b"not JSON\n"),
    "half a row": _put("inbox.jsonl", b'["e1"]\n'),
}


async def test_a_file_that_is_not_a_whole_backup_is_refused_and_nothing_is_changed(
    file: Path, full: str, tmp_path: Path
) -> None:
    before = await contents(full)
    for what, change in BROKEN.items():
        with pytest.raises(Damaged, match=r"is not a whole backup .*nothing was changed"):
            await restore(full, rewritten(file, change), before=tmp_path / "before.zip")
        assert await contents(full) == before, what


async def test_no_flipped_bit_and_no_cut_gives_other_contents(file: Path, tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path}/target.db"
    await migrate(target)
    good, wanted = _bytes(file), await contents(f"sqlite:///{tmp_path}/source.db")
    empty, refused = await contents(target), 0
    for at in range(0, len(good), len(good) // 60):
        for bad in (good[:at], good[:at] + bytes([good[at] ^ 4]) + good[at + 1 :]):
            broken = _write(tmp_path / "broken.zip", bad)
            try:
                await restore(target, broken, before=tmp_path / "before.zip")
            except (Damaged, TooNew):
                refused += 1
                assert await contents(target) in (empty, wanted)
            else:
                assert await contents(target) == wanted
    assert refused >= 100  # of 122; some bits are in dates nobody reads


async def test_a_sealed_value_of_a_backup_tells_whether_a_key_fits(tmp_path: Path) -> None:
    url, seal = f"sqlite:///{tmp_path}/a.db", Seal("secret")
    await migrate(url)
    await backup(url, tmp_path / "empty.zip")
    assert sealed_sample(tmp_path / "empty.zip") is None
    async with whole(url) as db:
        columns = ("platform", "user_id", "chat", "body_sealed", "at")
        await db.fill("forms", columns, [("telegram", "1", "1", seal.close("হ্যাঁ"), 0)])
    await backup(url, tmp_path / "b.zip")
    sample = sealed_sample(tmp_path / "b.zip")
    assert sample is not None
    assert seal.open(sample) == "হ্যাঁ"


def _bytes(file: Path) -> bytes:
    return file.read_bytes()


def _write(file: Path, content: bytes) -> Path:
    file.write_bytes(content)
    return file


def _left_over(folder: Path) -> list[Path]:
    return list(folder.glob(".*"))
