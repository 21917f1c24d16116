"""Visitors are told apart for a while and then not even by us."""

import pytest

from handlers.links.visitors import MOST, RATE, Visitors, network


def test_a_visitors_key_lives_for_a_day_and_is_never_the_same_for_another_process() -> None:
    day, numbers = 86_400_000, iter(range(9))
    one, other = (Visitors(lambda n: next(numbers).to_bytes(n, "big")) for _ in range(2))
    key = one.key("198.51.100.7", "browser", day)
    assert one.key("198.51.100.200", "browser", 2 * day - 1) == key
    assert one.key("198.51.101.7", "browser", day) != key
    assert one.key("198.51.100.7", "another", day) != key
    assert other.key("198.51.100.7", "browser", day) != key
    assert one.key("198.51.100.7", "browser", 2 * day) != key


def test_processes_that_are_told_one_secret_know_the_same_visitor() -> None:
    day, numbers = 86_400_000, iter(range(9))
    one, other = (Visitors(lambda n: next(numbers).to_bytes(n, "big")) for _ in range(2))
    one.tell(day, b"secret")
    other.tell(day, b"secret")
    assert one.key("198.51.100.7", "browser", day) == other.key("198.51.100.7", "browser", day)
    assert one.told(2 * day - 1)
    assert not one.told(2 * day)


def test_a_minute_of_one_visitor_is_counted_from_the_first_opening() -> None:
    visitors = Visitors(bytes)
    assert not any(visitors.flooding("one", at * 1000) for at in range(RATE))
    assert visitors.flooding("one", 59_999)
    assert not visitors.flooding("another", 59_999)
    assert not visitors.flooding("one", 60_000)


def test_an_opening_is_a_repeat_for_ten_seconds_on_one_link() -> None:
    visitors = Visitors(bytes)
    assert not visitors.again("link", "", "one", 0)
    assert visitors.again("link", "", "one", 9_999)
    assert not visitors.again("other", "", "one", 9_999)
    assert not visitors.again("link", "token", "one", 9_999)
    assert not visitors.again("link", "", "one", 10_000)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("198.51.100.7", "198.51.100.8"),
        ("2001:db8:1:2::3", "2001:db8:1:ffff::9"),
        ("::ffff:198.51.100.7", "198.51.100.8"),
    ],
)
def test_neighbours_are_one_network(one: str, other: str) -> None:
    assert network(one) == network(other)
    assert network(one) not in (network("203.0.113.1"), network("2001:db8:2::1"), one)


def test_visitors_remembered_at_once_are_bounded() -> None:
    visitors = Visitors(bytes)
    for number in range(MOST + 5):
        assert not visitors.again("link", "", str(number), 0)
    assert visitors.again("link", "", str(MOST), 0)
    assert not visitors.again("link", "", "0", 0)
