"""Who opens a login button, as Telegram signs it: nothing is believed but what it signed."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from bot.model import Identity, Login
from bot.world import spell

FIELDS = ("auth_date", "first_name", "id", "last_name", "photo_url", "username")
PATIENCE = 300  # seconds a signature holds
AHEAD = 60  # seconds Telegram's clock may be ahead of ours
_ID, _MOMENT, _HASH = (
    re.compile(f"{one}\\Z") for one in ("[0-9]{1,16}", "[0-9]{1,12}", "[0-9a-f]{64}")
)


def login(token: str, query: Iterable[tuple[str, str]], now: datetime) -> Login | None:
    """Who it is; None for what was not signed for this bot's `token` in the last minutes.

    Fields Telegram does not document are ignored; one given twice is a forgery.
    """
    pairs = [(name, value) for name, value in query if name in FIELDS or name == "hash"]
    given = dict(pairs)
    signature = given.pop("hash", "")
    if max(Counter(name for name, _ in pairs).values(), default=0) > 1:
        return None
    if not (_HASH.match(signature) and _ID.match(given.get("id", ""))):
        return None
    text = "\n".join(f"{name}={given[name]}" for name in sorted(given))
    secret = hashlib.sha256(token.encode()).digest()
    made = hmac.digest(secret, text.encode("utf-8", "replace"), hashlib.sha256)
    if not hmac.compare_digest(made.hex(), signature) or not _fresh(given, now):
        return None
    name = f"{given.get('first_name', '')} {given.get('last_name', '')}".strip()
    once = hmac.digest(secret, b"personal link:" + made, hashlib.sha256)
    return Login(
        Identity("telegram", given["id"], name), spell(int.from_bytes(once[:8], "big"), 12)
    )


def _fresh(given: dict[str, str], now: datetime) -> bool:
    if not _MOMENT.match(given.get("auth_date", "")):
        return False
    return -AHEAD <= now.timestamp() - int(given["auth_date"]) <= PATIENCE
