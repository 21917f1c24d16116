"""Sealing: free text of fans, secrets and messages on their way are unreadable in a stolen file."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import threading

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_MARK = "s1:"


class WrongKey(Exception):
    """The text was sealed with another key."""


class Seal:
    """AES-256-GCM under a key derived from the operator's secret (any text of enough entropy)."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._pool, self._at, self._lock = b"", 0, threading.Lock()
        self._cipher = AESGCM(self.derive("seal"))

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose; the same secret and purpose give the same bytes."""
        return hmac.digest(self._secret, b"adda:" + purpose.encode(), hashlib.sha256)

    def close(self, text: str) -> str:
        """Sealed text, ASCII; different each time."""
        nonce = self._nonce()
        return (
            _MARK
            + base64.b64encode(nonce + self._cipher.encrypt(nonce, text.encode(), None)).decode()
        )

    def _nonce(self) -> bytes:
        """Twelve random bytes; asking the system for many at once is five times cheaper."""
        with self._lock:
            if self._at + _NONCE > len(self._pool):
                self._pool, self._at = os.urandom(_NONCE * 256), 0
            self._at += _NONCE
            return self._pool[self._at - _NONCE : self._at]

    def open(self, sealed: str) -> str:
        """The text again. Raises WrongKey when this key did not seal it."""
        raw = base64.b64decode(sealed.removeprefix(_MARK))
        try:
            return self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], None).decode()
        except InvalidTag:
            raise WrongKey(
                "This database was sealed with another SECRET_KEY. Put the old key back "
                "(SECRET_KEY or the file SECRET_KEY_FILE names); nothing was changed."
            ) from None
