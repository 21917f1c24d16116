"""Adding to the public log within a unit of work."""

from __future__ import annotations

from handlers.giveaways.log import Event, chained, line
from storage import giveaway_log as store
from storage.giveaway_log import Line
from storage.tx import Tx


async def record(tx: Tx, giveaway: str, *events: Event) -> Line:
    """Append the events in order; the last line as it stands now."""
    number, head = await store.last(tx, giveaway)
    lines = following(number, head, *events)
    await store.put(tx, giveaway, lines)
    return lines[-1]


def following(number: int, head: str, *events: Event) -> list[Line]:
    """The lines of these events after the line `number` with that head."""
    found: list[Line] = []
    for event in events:
        text = line(event)
        number, head = number + 1, chained(head, text)
        found.append(Line(number, text, head))
    return found
