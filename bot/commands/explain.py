"""Errors as sentences with the remedy, for whoever runs the program."""

from __future__ import annotations

import errno
import os
import re
import sqlite3
import sys
import traceback
from pathlib import Path

import asyncpg
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.commands import Misused, Trouble
from bot.platforms.base import Stopped
from handlers.links.spill_files import TooMany
from storage.address import BadAddress
from storage.backup import Damaged, NotEmpty
from storage.schema import TooNew
from storage.seal import WrongKey
from web.app import Taken

WRONG, MISUSED = 1, 2  # exit codes; the second for settings and arguments
# What a database that cannot be used raises.
UNUSABLE = (
    OSError, sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError, BadAddress, WrongKey,
)  # fmt: skip


def explain(error: BaseException, port: str = "HTTP_PORT") -> tuple[str, int]:
    """What to say about an error, and the exit code; `port` is what sets the port listened on."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    match error:
        case ValidationError():
            return "\n".join(setting_errors(error)), MISUSED
        case BadAddress() | Misused():
            return str(error), MISUSED
        case Trouble() | Stopped() | Taken() | TooNew() | WrongKey() | NotEmpty() | Damaged():
            return str(error), WRONG
        case TooMany():
            return str(error), WRONG
    return database_error(error) or system_error(error, port) or _fault(error), WRONG


def setting_errors(error: ValidationError) -> list[str]:
    """A sentence for each setting that is wrong, naming the variable."""
    found: dict[str, str] = {}
    for one in error.errors(include_url=False):
        name = str(one["loc"][0]).upper() if one["loc"] else "The settings"
        found.setdefault(name, f"{name}: {_setting(name, one)}")
    return list(found.values())


def _setting(name: str, one: ErrorDetails) -> str:
    given, kind, more = one["input"], one["type"], one.get("ctx", {})
    match kind:
        case "value_error":
            return str(more["error"])
        case "int_parsing" | "int_from_float" | "int_type":
            return f"{given!r} is not a whole number."
        case "less_than_equal":
            return f"{given} is too large; the most is {more['le']}."
        case "greater_than_equal":
            return f"{given} is too small; the least is {more['ge']}."
        case "literal_error":
            return f"{given!r} is not known. Use {more['expected']}."
        case "bool_parsing" | "bool_type":
            return f"{given!r} is neither yes nor no. Use true or false."
        case _ if name == "TRUSTED_PROXIES":
            return f"{given!r} is not a network. Use for example 127.0.0.1 or 10.0.0.0/8."
    return f"{one['msg']}."


def database_error(error: BaseException) -> str | None:
    """What a database driver complains of; None for other errors."""
    match error:
        case sqlite3.OperationalError() if "unable to open" in str(error):
            return (
                "The database file cannot be opened. Check that the folder in DATABASE_URL exists "
                "and that this user may read and write it."
            )
        case sqlite3.OperationalError() if "locked" in str(error):
            return "Another program is writing to the database file. Stop it, or wait a moment."
        case sqlite3.OperationalError() if "readonly" in str(error):
            return "The database file is read-only for this user. Change its owner or its mode."
        case sqlite3.OperationalError() if "full" in str(error):
            return "The disk is full. Make room; nothing that was acknowledged is lost."
        case sqlite3.DatabaseError() if "not a database" in str(error):
            return "DATABASE_URL names a file that is not a SQLite database. Name another one."
        case sqlite3.DatabaseError():
            return (
                f"The database file could not be used: {error}. Restore a backup if it is damaged."
            )
        case asyncpg.InvalidPasswordError() | asyncpg.InvalidAuthorizationSpecificationError():
            return "PostgreSQL refused the user or the password. Correct them in DATABASE_URL."
        case asyncpg.InvalidCatalogNameError():
            return (
                f"PostgreSQL says: {_first(error)}. Make it with createdb, or correct DATABASE_URL."
            )
        case asyncpg.ClientConfigurationError():
            return "DATABASE_URL is not understood. Write it as postgresql://user@host/name."
        case asyncpg.PostgresError() | asyncpg.InterfaceError():
            return f"PostgreSQL says: {_first(error)}."
    return None


def _first(error: BaseException) -> str:
    """The first line; PostgreSQL's next ones may hold values of a row."""
    return str(error).partition("\n")[0]


def system_error(error: BaseException, port: str) -> str | None:
    """What the operating system complains of; None for other errors."""
    match error:
        case UnicodeDecodeError():
            return "A file that should be text is not (UTF-8), perhaps .env. Save it as UTF-8."
        case OSError(errno=errno.EADDRINUSE):
            number = re.search(r"', (\d+)", str(error))
            return f"Port {number[1]} is taken. Set {port}." if number else f"Set another {port}."
        case FileNotFoundError(filename=str() | Path() as name):
            return f"There is no {name}."
        case PermissionError(filename=str() | Path() as name):
            return f"This user may not use {name}. Change its owner or its mode."
        case OSError(errno=errno.ENOSPC):
            return "The disk is full. Make room and try again."
        case ConnectionRefusedError() | TimeoutError():
            return f"Nobody answers there: {error or 'time is up'}. Is the server running?"
        case OSError():
            return f"{error.strerror or error}."
    return None


def _fault(error: BaseException) -> str:
    """A fault of ours, in one line that can be reported; LOG_LEVEL=debug adds where it was."""
    if os.environ.get("LOG_LEVEL") == "debug":
        traceback.print_exception(error, file=sys.stderr)
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = f" ({Path(last[0].filename).name}:{last[0].lineno})" if last else ""
    return (
        f"Something went wrong inside Adda: {type(error).__name__}: {error}{where}. "
        "Please report it; LOG_LEVEL=debug shows more."
    )
