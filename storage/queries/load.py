"""Reads every query of this folder, for one driver."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

import aiosql

Queries = Mapping[str, Callable[..., Any]]

# The words the two databases do not share: SQLite has a single writer and locks nothing, and each
# takes a JSON array apart by a function of its own.
_WORDS = {
    "postgres": {
        "/*skip locked*/": "for update skip locked",
        "json_each(:rows)": "jsonb_array_elements(cast(:rows as jsonb)) as json_rows (value)",
    },
    "sqlite": {},
}


def load(driver: Any, dialect: str) -> Queries:
    """Every query by its name, ready to be called with a connection of `driver`."""
    files = sorted(
        (f for f in resources.files("storage.queries").iterdir() if f.name.endswith(".sql")),
        key=lambda f: f.name,
    )
    text = "\n".join(f.read_text("utf-8") for f in files)
    for word, meaning in _WORDS[dialect].items():
        text = text.replace(word, meaning)
    return _parsed(driver, text)


@lru_cache(maxsize=4)  # a tenth of a second each
def _parsed(driver: Any, text: str) -> Queries:
    queries = aiosql.from_str(text, driver, mandatory_parameters=False, attribute=None)
    return {
        name: getattr(queries, name)
        for name in queries.available_queries
        if not name.endswith("_cursor")
    }
