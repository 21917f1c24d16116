"""Which kind of database an address means, and where its backups go."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit


class BadAddress(ValueError):
    """DATABASE_URL is not an address of a database Adda knows."""


def is_postgres(url: str) -> bool:
    """True for PostgreSQL; anything else is taken for SQLite."""
    return url.startswith(("postgresql://", "postgres://"))


def sqlite_path(url: str) -> Path:
    """`sqlite:///relative.db` or `sqlite:////absolute.db` as a path. Raises BadAddress."""
    path = url.removeprefix("sqlite:///")
    if path == url or not path or "?" in path or path == ":memory:":
        raise BadAddress(
            f"DATABASE_URL {shown(url)!r} is not understood. "
            "Use sqlite:///adda.db, sqlite:////absolute/adda.db or postgresql://user@host/name."
        )
    return Path(path)


def shown(url: str) -> str:
    """The address as people may see it: without a password."""
    return re.sub(r"(//[^:/@]*:)[^/]*@", r"\1…@", url)


def backup_folder(url: str) -> Path:
    """`backups` beside a SQLite file; for PostgreSQL in the folder the program runs in."""
    return (Path() if is_postgres(url) else sqlite_path(url).parent) / "backups"


def database_name(url: str) -> str:
    """What the database is called, for the names of its backups."""
    if is_postgres(url):
        return urlsplit(url).path.strip("/").replace("/", "-") or "adda"
    return sqlite_path(url).stem
