"""What the doctor found: a mark, what was looked at, and the remedy in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """✓ is well, ✗ must be put right, – is left out or cannot be known."""

    mark: Literal["✓", "✗", "–"]
    what: str
    words: str


def good(what: str, words: str) -> Finding:
    return Finding("✓", what, words)


def bad(what: str, words: str) -> Finding:
    return Finding("✗", what, words)


def off(what: str, words: str) -> Finding:
    return Finding("–", what, words)
