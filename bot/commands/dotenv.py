"""The `.env` file: a few values changed, every other line kept."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from bot.commands import Trouble

ENV = Path(".env")
_PLAIN = re.compile(r"[\w./:@%+,=-]*", re.ASCII)
_HEAD = "# Settings of Adda; .env.example explains every one.\n"
_NAME = re.compile(r"\s*(?:export\s+)?([A-Za-z_]\w*)\s*=")


def names(file: Path = ENV) -> list[str]:
    """The names the file gives a value, as written."""
    if not file.exists():
        return []
    found = (_NAME.match(line) for line in file.read_text("utf-8").splitlines())
    return [match[1] for match in found if match]


def put(values: Mapping[str, str], file: Path = ENV) -> None:
    """Give these names these values; the file is replaced whole and has mode 600 from then on."""
    old = file.read_text("utf-8") if file.exists() else _HEAD
    left, lines = dict(values), []
    for line in old.splitlines():
        match = _NAME.match(line)
        name = match[1].upper() if match else ""
        if name in values:
            left.pop(name, None)
            line = _line(name, values[name])
        lines.append(line)
    lines += [_line(name, value) for name, value in left.items()]
    target = file.resolve()  # a link stays a link
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write("\n".join(lines) + "\n")
        out.flush()
        os.fsync(out.fileno())
    part.replace(target)


def _line(name: str, value: str) -> str:
    if _PLAIN.fullmatch(value):
        return f"{name}={value}"
    if "${" in value or not value.isprintable():
        raise Trouble(f"{name} may hold neither a line break nor ${{. Nothing was written.")
    return f"{name}='" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
