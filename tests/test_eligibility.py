"""Who may be in: what is known is judged, what is not known refuses nobody before the draw."""

from __future__ import annotations

import pytest

from handlers.giveaways.eligibility import DAY, HOUR, Facts, Known, failing
from handlers.giveaways.plan import Requirements

NOW = 1_795_154_400_000  # ms
WEEK = Requirements(member_days=7)


def facts(*accounts: Known, seen: int = NOW, **more: object) -> Facts:
    given = {"now": NOW, "opened": NOW - DAY, "seen": seen} | more
    return Facts(accounts=accounts, **given)  # type: ignore[arg-type]


def rule(asked: Requirements, found: Facts) -> str | None:
    failed = failing(asked, found)
    return failed.rule if failed else None


def numbers(asked: Requirements, found: Facts) -> dict[str, object]:
    failed = failing(asked, found)
    assert failed is not None
    return dict(failed.say.values)


TELEGRAM = Known("telegram", roles=())
DISCORD = Known("discord")


def test_nothing_asked_lets_everybody_in_but_who_is_banned() -> None:
    assert rule(Requirements(), facts(TELEGRAM)) is None
    assert rule(Requirements(), facts(TELEGRAM, banned=True)) == "banned"


@pytest.mark.parametrize(("age", "failed"), [(29, "account"), (30, None), (31, None)])
def test_a_discord_account_must_be_old_enough_to_the_day(age: int, failed: str | None) -> None:
    asked = Requirements(account_days=30)
    known = Known("discord", born=NOW - age * DAY)
    assert rule(asked, facts(known)) == failed
    if failed:
        assert numbers(asked, facts(known)) == {"days": 30, "has": 29}


def test_of_two_accounts_the_older_counts_and_telegram_has_no_age() -> None:
    asked = Requirements(account_days=30)
    assert rule(asked, facts(TELEGRAM)) is None
    assert rule(asked, facts(TELEGRAM, Known("discord", born=NOW - DAY))) == "account"


@pytest.mark.parametrize(("hours", "failed"), [(48, None), (47, "seen"), (0, "seen")])
def test_seen_counts_from_before_the_start(hours: int, failed: str | None) -> None:
    seen = NOW - DAY - hours * HOUR
    assert rule(Requirements(seen_hours=48), facts(TELEGRAM, seen=seen)) == failed


def test_time_in_the_group_is_exact_where_the_platform_tells_it() -> None:
    three = Known("discord", since=NOW - 3 * DAY, roles=())
    seven = Known("discord", since=NOW - 7 * DAY, roles=())
    assert rule(WEEK, facts(three, seen=NOW - 90 * DAY)) == "member"
    assert numbers(WEEK, facts(three)) == {"days": 7, "has": 3}
    assert rule(WEEK, facts(seven)) is None


def test_where_it_does_not_tell_it_counts_from_the_bots_first_sight() -> None:
    assert rule(WEEK, facts(TELEGRAM, seen=NOW - 7 * DAY)) is None
    late = facts(TELEGRAM, seen=NOW - 2 * DAY)
    failed = failing(WEEK, late)
    assert failed is not None
    assert (failed.rule, failed.say.key) == ("member", "giveaway.fails_member_seen")


@pytest.mark.parametrize("asked", [WEEK, Requirements(role="42")])
def test_what_was_not_asked_yet_refuses_nobody(asked: Requirements) -> None:
    assert rule(asked, facts(DISCORD)) is None
    assert rule(asked, facts(TELEGRAM, DISCORD)) is None


def test_a_role_is_one_of_those_held_in_the_server() -> None:
    asked = Requirements(role="42")
    assert rule(asked, facts(Known("discord", inside=True, roles=("7", "42")))) is None
    assert rule(asked, facts(Known("discord", inside=True, roles=("7",)))) == "role"
    assert rule(asked, facts(TELEGRAM)) == "role"


def test_both_asks_for_an_account_on_each_and_at_the_draw_for_both_groups() -> None:
    asked = Requirements(both=True)
    assert rule(asked, facts(TELEGRAM)) == "both"
    assert rule(asked, facts(TELEGRAM, DISCORD)) is None
    there = [Known(name, inside=True, roles=()) for name in ("telegram", "discord")]
    places = {"telegram", "discord"}
    assert rule(asked, facts(*there, platforms=places)) is None
    gone = Known("discord", inside=False, roles=())
    assert rule(asked, facts(there[0], gone, platforms=places)) == "both"
    assert rule(asked, facts(there[0], platforms=places)) == "both"


def test_who_left_every_group_is_out_where_membership_was_asked_for() -> None:
    gone = Known("telegram", inside=False, roles=())
    assert rule(WEEK, facts(gone, seen=NOW - 90 * DAY)) == "left"
    assert rule(Requirements(role="42"), facts(gone)) == "left"
    assert rule(Requirements(), facts(gone)) is None


def test_one_account_in_the_group_is_enough() -> None:
    gone = Known("telegram", inside=False, roles=())
    there = Known("discord", inside=True, since=NOW - 30 * DAY, roles=())
    assert rule(WEEK, facts(gone, there)) is None
