"""Spill files: each process has its own, and what a dead one left is taken over once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from handlers.links import spill_files
from handlers.links.spill import Spill
from handlers.links.spill_files import TooMany, claimed
from tests.process import ROOT

DIES = """
import sys, time
from pathlib import Path
from handlers.links.spill_files import claimed
with claimed(Path(sys.argv[1])) as mine:
    mine.open("a").write('{"id": "%s"}\\n{"half' % mine.name)
    print(mine.name, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def first(tmp_path: Path) -> Path:
    return tmp_path / "adda.clicks.jsonl"


def another(first: Path) -> tuple[subprocess.Popen[str], str]:
    """A process that has claimed a file and left a record in it."""
    process = subprocess.Popen(
        [sys.executable, "-c", DIES, str(first)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def text(path: Path) -> str:
    return path.read_text()


async def records(path: Path) -> list[str]:
    found: list[str] = []

    async def store(some: object) -> None:
        assert isinstance(some, list)
        found.extend(one["id"] for one in some)

    await Spill(path).replay(store)
    return found


def test_two_that_live_never_share_a_file(first: Path) -> None:
    with claimed(first) as one, claimed(first) as two, claimed(first) as three:
        names = [one.name, two.name, three.name]
    assert names == ["adda.clicks.jsonl", "adda.clicks-2.jsonl", "adda.clicks-3.jsonl"]
    with claimed(first) as again:
        assert again == first


async def test_what_a_killed_process_left_is_replayed_by_the_next_one(first: Path) -> None:
    process, name = another(first)
    kill(process)
    with claimed(first) as mine:
        assert mine.name == name == first.name
        assert await records(mine) == [name]


async def test_a_living_process_keeps_its_records_and_a_dead_one_gives_them_up(
    first: Path,
) -> None:
    living, _ = another(first)
    dead, second = another(first)
    assert second == "adda.clicks-2.jsonl"
    dead_third, third = another(first)
    kill(dead)
    kill(dead_third)
    try:
        with claimed(first) as mine:
            assert mine.name == second
            assert await records(mine) == [second, third]
            assert not first.with_name(third).exists()
        assert text(first).startswith('{"id": "adda.clicks.jsonl"}')
    finally:
        kill(living)


async def test_an_unfinished_replay_of_a_dead_process_is_taken_over_too(first: Path) -> None:
    left = first.with_name("adda.clicks-2.jsonl")
    left.with_name(left.name + ".replaying").write_text(json.dumps({"id": "old"}))
    left.write_text(json.dumps({"id": "new"}) + "\n")
    with claimed(first) as mine:
        assert await records(mine) == ["old", "new"]
    assert list(first.parent.glob("*2.jsonl*")) == [left.with_name(left.name + ".lock")]


def test_when_every_file_is_taken_the_remedy_is_told(
    first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spill_files, "MOST", 1)
    with claimed(first), pytest.raises(TooMany, match="Start this one in another folder"):  # noqa: SIM117
        with claimed(first):
            pass


def test_what_is_taken_over_stays_its_owners_alone(first: Path) -> None:
    first.with_name("adda.clicks-2.jsonl").write_text('{"id": "x"}\n')
    with claimed(first) as mine:
        assert mine.stat().st_mode & 0o777 == 0o600
