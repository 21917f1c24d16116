"""A spill file for each process: two that live never share one, and what a dead one left is kept.

A file is claimed by a lock that the operating system lets go when its process dies, however it
dies. The files are `name`, `name-2`, `name-3`, …, each with an empty `….lock` beside it.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MOST = 64  # processes beside one another


class TooMany(Exception):
    """Every file is in use."""


@contextmanager
def claimed(first: Path) -> Iterator[Path]:
    """A spill file of this process alone while the block runs, beginning with what dead processes
    left in theirs. Blocks on the disk; call it before anything is served. Raises TooMany."""
    first.parent.mkdir(parents=True, exist_ok=True)
    lock, mine = _free(first)
    try:
        for other in _candidates(first):
            if other != mine:
                _adopt(other, mine)
        yield mine
    finally:
        os.close(lock)


def _candidates(first: Path) -> Iterator[Path]:
    yield first
    for number in range(2, MOST + 1):
        yield first.with_name(f"{first.stem}-{number}{first.suffix}")


def _free(first: Path) -> tuple[int, Path]:
    for path in _candidates(first):
        lock = _lock(path)
        if lock is not None:
            return lock, path
    raise TooMany(f"{MOST} processes use {first} already. Start this one in another folder.")


def _lock(path: Path) -> int | None:
    """The handle that holds the file's lock until it is closed; None when another one does."""
    handle = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _adopt(other: Path, mine: Path) -> None:
    """Put what a dead process left behind what is mine; dying here, a record may stand in both,
    and is known by its id when it is stored."""
    left = [other.with_name(other.name + ".replaying"), other]
    if not any(file.exists() for file in left):
        return
    lock = _lock(other)
    if lock is None:
        return
    try:
        for file in left:
            if file.exists():
                _append(file, mine)
                file.unlink()
    finally:
        os.close(lock)


def _append(file: Path, mine: Path) -> None:
    handle = os.open(mine, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "ab") as into, file.open("rb") as left:
        into.write(b"\n")  # either may end in half a line
        shutil.copyfileobj(left, into)
        into.write(b"\n")
        into.flush()
        os.fsync(into.fileno())
