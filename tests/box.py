"""An empty folder to run the program's commands in, with nothing but loopback around it."""

from __future__ import annotations

import asyncio
import contextlib
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.__main__ import call
from bot.settings import Settings
from tests.peers.discord import DiscordPeer
from tests.peers.telegram import TelegramPeer

NOWHERE = "http://127.0.0.1:1"  # a port nobody listens on


@dataclass(frozen=True, slots=True)
class Said:
    """The exit code and what was written."""

    code: int
    out: str
    err: str


class Box:
    """A folder with commands, settings and a keyboard."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._patch = patch
        patch.chdir(folder)
        for name in Settings.model_fields:
            patch.delenv(name.upper(), raising=False)
        self.env(TELEGRAM_API_BASE=f"{NOWHERE}/bot", DISCORD_API_BASE=NOWHERE, HTTP_PORT="0")

    def env(self, **environment: str) -> None:
        for name, value in environment.items():
            self._patch.setenv(name, value)

    def attach(self, telegram: TelegramPeer, discord: DiscordPeer) -> None:
        """Let these be the platforms."""
        self.env(TELEGRAM_API_BASE=telegram.base, DISCORD_API_BASE=discord.api_base)

    def put(self, name: str, text: str, mode: int = 0o600) -> None:
        (self.folder / name).write_text(text, "utf-8")
        (self.folder / name).chmod(mode)

    def read(self, name: str) -> str:
        return (self.folder / name).read_text("utf-8")

    def mode(self, name: str) -> int:
        return (self.folder / name).stat().st_mode & 0o777

    def files(self) -> set[str]:
        """Every file, by its path in the folder."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return {str(path.relative_to(self.folder)) for path in found}

    async def run(self, *argv: str, typed: str = "") -> Said:
        """Call the program as the console script does; `typed` is all that will be typed."""
        out, err = io.StringIO(), io.StringIO()
        self._patch.setattr(sys, "stdin", io.StringIO(typed))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = await asyncio.to_thread(_code, argv)
        return Said(code, out.getvalue(), err.getvalue())


def _code(argv: tuple[str, ...]) -> int:
    try:
        return call(argv)
    except SystemExit as end:  # argparse
        return int(end.code or 0)


def marks(said: Said) -> dict[str, str]:
    """The doctor's marks by what was looked at; the worst where there are several."""
    found: dict[str, str] = {}
    for mark, what in _lines(said.out):
        found[what] = max(mark, found.get(what, ""), key="✓–✗".find)
    return found


def _lines(out: str) -> Iterator[tuple[str, str]]:
    for line in out.splitlines():
        if line[:2] in ("✓ ", "✗ ", "– "):
            yield line[0], line[2:16].strip()
