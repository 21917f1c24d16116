"""What a pretended Telegram does with login buttons: which it takes, and how it signs a person."""

from __future__ import annotations

import hashlib
import hmac
import re
from urllib.parse import urlencode

from tests.peers.telegram_people import Json, Person

ONE = "can't parse inline keyboard button: exactly one field must be used"
HTTPS = "inline keyboard button login URL is invalid: only HTTPS links are allowed"


def wrong(button: Json, domain: str) -> str | None:
    """Why a login button is refused: a `LoginUrl` is https, on the domain set at @BotFather."""
    if set(button) != {"text", "login_url"} or not button["text"]:
        return ONE
    found = re.match(r"https://([^/?#\s]+)\S*\Z", button["login_url"].get("url", ""))
    if found is None:
        return HTTPS
    return None if domain and found[1] == domain else "BOT_DOMAIN_INVALID"


def signed(token: str, at: int, fields: dict[str, str]) -> dict[str, str]:
    """`fields` of a person as Telegram vouches for them at `at` (seconds since 1970)."""
    given = fields | {"auth_date": str(at)}
    text = "\n".join(f"{name}={given[name]}" for name in sorted(given))
    secret = hashlib.sha256(token.encode()).digest()
    return given | {"hash": hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()}


def opened(token: str, who: Person, message: Json, label: str, at: int) -> str:
    """The address that a tap on a message's login button opens for a person who agrees."""
    rows = message["reply_markup"]["inline_keyboard"]
    url = next(b["login_url"]["url"] for row in rows for b in row if b["text"] == label)
    return f"{url}?{urlencode(signed(token, at, {'id': str(who.id), 'first_name': who.name}))}"
