"""What a creator chose for a giveaway, beyond prize, number of winners and time; pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal

Source = Literal["drand", "manual", "commit-reveal"]

RESERVES, CLAIM_HOURS, CAP = 3, 48, 10


@dataclass(frozen=True, slots=True)
class Requirements:
    """Who may enter; nothing is asked for where a field is 0, empty or False.

    `account_days` is the age of a Discord account, `member_days` the time in the group or server,
    `seen_hours` how long before the start the bot knew the person, `role` the id of a Discord
    role, `both` asks for membership on both platforms.
    """

    account_days: int = 0
    member_days: int = 0
    seen_hours: int = 0
    role: str = ""
    both: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """`tickets` are those each reason gives: enter, linked, click; `more` are prizes added to the
    first, each with how many people get it. `source` says what a manual beacon will be."""

    beacon: Source = "commit-reveal"
    source: str = ""
    reserves: int = RESERVES
    claim_h: int = CLAIM_HOURS
    cap: int = CAP
    tickets: Mapping[str, int] = field(default_factory=lambda: {"enter": 1})
    requirements: Requirements = Requirements()
    more: tuple[tuple[str, int], ...] = ()
    adult: bool = False
    region: str = ""
    contact: str = ""
    link: str = ""
    challenge: bool = False

    def packed(self) -> str:
        """Canonical JSON."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def unpacked(text: str) -> Plan:
    """The plan of a stored row; `{}` is that of the first version, in which nobody claimed."""
    values = json.loads(text)
    if not values:
        return Plan(reserves=0, claim_h=0, cap=1)
    values["requirements"] = Requirements(**values["requirements"])
    values["more"] = tuple((prize, winners) for prize, winners in values["more"])
    return Plan(**values)
