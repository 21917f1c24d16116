"""The public log of a giveaway: lines of canonical JSON, each chained to the one before; pure.

    h_0 = the digest of the terms as they were first published
    h_n = sha256(h_{n-1} || event n)

Events by `kind` (hashes in hexadecimal, `C` is a person's commitment, `at` unix seconds):

    open        params (canonical JSON), at
    amend       params (the new terms), what, at
    enter       C, n (entry number)             leave       C
    merge       C, of (the two that were one person)
    freeze      root, head, n, tickets, round (0 if none), late (true or false), at
    beacon      value (signature, manual value or secret), source, at
    skip        C, rule, by, at
    draw        winners [C], reserves [C], at
    claim       C, slot                          lost        C, slot, why, by, at
    promote     C, slot, at
    cancel      why, at
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

Event = Mapping[str, Any]


def line(event: Event) -> str:
    """JSON, sorted keys, no spaces, not escaped."""
    return json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def chained(before: str, line: str) -> str:
    """The head after this line; both heads in hexadecimal."""
    return sha256(bytes.fromhex(before) + line.encode()).hexdigest()
