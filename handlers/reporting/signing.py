"""How postbacks and webhooks are signed: HMAC-SHA256 over the moment, a full stop and the body."""

from __future__ import annotations

import hashlib
import hmac


def sign(key: str, timestamp: str, body: bytes) -> str:
    """Hexadecimal. `timestamp` is in seconds since 1970."""
    return hmac.new(key.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
