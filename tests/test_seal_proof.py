"""Proofs: whoever downloads one sees whether anything was changed after it was sealed."""

from __future__ import annotations

import asyncio
import io
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from handlers.reporting.sealing import Sealer
from handlers.reporting.verify import Finding, check
from handlers.reporting.view import view
from storage import seals as store
from storage.database import Database
from storage.whole import whole
from tests.reported import OURS, START, THEIRS, add, click, generated, ms, report
from tests.test_seal_chain import clock, database, proof, sealer, world

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


__all__ = ["clock", "database", "sealer", "world"]  # fixtures


def changed(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The zip with one of its files changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.namelist():
            content = old.read(one)
            new.writestr(one, change(content) if one == name else content)
    return out.getvalue()


def in_proof(data: bytes, change: Callable[[Any], object]) -> Finding:
    """What is found when the proof says something else."""

    def rewrite(raw: bytes) -> bytes:
        proof = json.loads(raw)
        change(proof)
        return json.dumps(proof).encode()

    return check(changed(data, "proof.json", rewrite))


async def test_an_untouched_proof_is_found_whole(database: Database, sealer: Sealer) -> None:
    await add(database, generated(1, 1500))
    await sealer.catch_up()
    found = check(await proof(database))
    assert found.faults == []
    assert found.entries == 19
    assert found.days > 5
    assert found.compared > 0


async def test_a_changed_table_is_caught(database: Database, sealer: Sealer) -> None:
    await add(database, generated(1, 600))
    await sealer.catch_up()
    data = await proof(database)
    for name in ("report.csv", "report.json"):
        found = check(changed(data, name, lambda raw: raw.replace(b"1", b"2", 1)))
        assert f"{name} was changed after it was signed" in found.faults
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        table = archive.read("report.csv")
    assert check(data, table).faults == []
    assert check(data, table + b"x").faults == ["the table is not the one that was signed"]


async def test_a_table_signed_by_the_server_itself_must_say_what_was_sealed(
    database: Database, sealer: Sealer, ready_url: str
) -> None:
    """Whoever has the key and changes the counts in the database is still held by the chain."""
    await add(
        database, [click(f"{n}", "l1", ms(START), "human", random.Random(n)) for n in range(50)]
    )
    await sealer.catch_up()
    assert check(await proof(database)).faults == []
    async with whole(ready_url) as db:
        await db.script(["update click_totals set clicks = clicks + 40 where link = 'l1'"])
    found = check(await proof(database))
    assert any("sealed were 50" in fault for fault in found.faults)


async def test_a_deleted_row_is_caught(database: Database, sealer: Sealer) -> None:
    await add(database, generated(1, 600))
    await sealer.catch_up()
    data = await proof(database)

    def delete(proof: Any) -> None:
        import base64

        raw = base64.b64decode(proof["days"][2]["leaves"])
        proof["days"][2]["leaves"] = base64.b64encode(raw[:320] + raw[352:]).decode()

    faults = in_proof(data, delete).faults
    assert any("are not those that were sealed" in fault for fault in faults)
    faults = in_proof(data, lambda proof: proof["days"].clear()).faults
    assert any(fault.startswith("the rows of 2026-11-") and "missing" in fault for fault in faults)


async def test_days_in_another_order_are_caught(database: Database, sealer: Sealer) -> None:
    await add(database, generated(1, 600))
    await sealer.catch_up()
    data = await proof(database)

    def swap(proof: Any) -> None:
        chain = proof["chain"]
        chain[3], chain[4] = chain[4], chain[3]

    assert any("does not follow" in fault for fault in in_proof(data, swap).faults)
    assert any("does not follow" in f for f in in_proof(data, lambda p: p["chain"].pop(5)).faults)
    found = in_proof(data, lambda proof: proof["chain"].pop())
    assert "the signature of the files is not genuine" in found.faults


async def test_a_chain_made_anew_with_another_key_is_caught_by_the_known_key(
    database: Database, sealer: Sealer
) -> None:
    await add(database, generated(1, 200))
    await sealer.catch_up()
    data = await proof(database)
    known = store.signer(database.seal).public_key().public_bytes_raw().hex()
    assert check(data, key=known).faults == []
    other = KEY.public_key().public_bytes_raw().hex()
    assert check(data, key=other).faults == ["it is signed with another key than the one given"]


@given(st.binary(max_size=200))
def test_whatever_is_given_as_a_proof_is_answered_in_words(data: bytes) -> None:
    assert check(data).faults


async def test_a_proof_with_odd_contents_is_answered_in_words(
    database: Database, sealer: Sealer
) -> None:
    await add(database, generated(1, 100))
    await sealer.catch_up()
    data = await proof(database)
    values: tuple[Any, ...] = (None, 7, "x", [], [1], {})
    for name in ("format", "files", "chain", "days", "signature", "key", "campaign"):
        for value in values:
            assert in_proof(data, partial(_put, name=name, value=value)).faults


def _put(proof: Any, name: str, value: Any) -> None:
    proof[name] = value


async def test_a_brands_proof_holds_nothing_of_another_brand_and_no_small_count(
    database: Database, sealer: Sealer
) -> None:
    await add(database, generated(3, 700))
    await sealer.catch_up()
    shown = view(await report(database), exact=False)
    days = {row.name: row.clicks for row in shown.tables["days"]}
    with zipfile.ZipFile(io.BytesIO(await proof(database))) as archive:
        text = archive.read("proof.json").decode()
    found = json.loads(text)
    assert f'"{THEIRS}"' not in text
    assert "Bata" not in text
    assert {day["campaign"] for day in found["days"]} == {OURS}
    entries = {entry["number"]: entry["day"] for entry in found["chain"]}
    for day in found["days"]:
        for total in day["totals"]:
            assert total["count"] == days[entries[day["number"]]]
        assert not 0 < sum(t["count"] for t in day["totals"]) < 10


async def test_the_command_says_what_is_wrong_and_what_is_right(
    database: Database, sealer: Sealer, tmp_path: Path
) -> None:
    await add(database, generated(1, 300))
    await sealer.catch_up()
    good = await proof(database)
    bad = changed(good, "report.csv", lambda raw: raw.replace(b"1", b"2", 1))
    for name, data, code, says in (
        ("good.zip", good, 0, "the chain of 19 entries is whole"),
        ("bad.zip", bad, 1, "report.csv was changed after it was signed"),
    ):
        (tmp_path / name).write_bytes(data)
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "bot", "report", "verify", str(tmp_path / name)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (code, "")
        assert says in done.stdout
