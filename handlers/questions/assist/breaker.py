"""A circuit breaker: a service that keeps failing is left alone for a while, then tried once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

FAILURES = 3  # one after another, until it opens
REST = timedelta(seconds=30)
LONGEST = timedelta(hours=1)  # rest, whatever a service asks for


class Breaker:
    """Closed: all go through. Open: none. After the rest, one at a time until one succeeds."""

    def __init__(self, now: Callable[[], datetime], failures: int = FAILURES) -> None:
        self._now = now
        self._most = failures
        self._failures = 0
        self._until: datetime | None = None  # while it is open, or half open
        self._probing = False

    @property
    def open(self) -> bool:
        """True until a request succeeds again."""
        return self._until is not None

    @property
    def resting(self) -> bool:
        """True while it is no use asking `allow`."""
        return self._until is not None and self._now() < self._until

    def allow(self) -> bool:
        """Whether to try now. After True, one of `succeeded`, `failed` or `gave_up` must follow."""
        if self._until is None:
            return True
        if self._probing or self.resting:
            return False
        self._probing = True
        return True

    def succeeded(self) -> None:
        self._failures, self._until, self._probing = 0, None, False

    def failed(self, patience: float | None = None) -> None:
        """`patience`: seconds the service asked to be left alone, which opens it at once."""
        self._failures += 1
        if patience is not None or self._probing or self._failures >= self._most:
            rest = REST if patience is None else timedelta(seconds=patience)
            self._until = self._now() + min(max(rest, REST), LONGEST)
        self._probing = False

    def gave_up(self) -> None:
        """Nothing was learnt: it was not asked after all."""
        self._probing = False
