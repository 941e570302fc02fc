"""Several web processes of a machine: when one is started again, and how much of what is limited each one has."""

import pytest

from crsmonitor.database.connections import doubts, most_connections, pool_of_each
from crsmonitor.pages import live
from crsmonitor.web.processes import LONGEST_WAIT_SECONDS, STEADY_SECONDS, Place


def test_who_ends_again_and_again_is_started_again_later_and_later():
    place, waits = Place(pid=7), []
    for _ in range(7):
        place.leave(at=0.0)
        waits.append(place.due_at)

    assert waits == [0.5, 1, 2, 4, 8, LONGEST_WAIT_SECONDS, LONGEST_WAIT_SECONDS]
    place.leave(at=STEADY_SECONDS)
    assert place.due_at == STEADY_SECONDS  # it has run: its end is another matter


def test_a_person_has_four_streams_of_a_machine_and_two_of_a_process_at_least(settings):
    def each(processes: int) -> int:
        settings.WEB_PROCESSES = processes
        return live.streams_here()

    assert [each(1), each(2), each(4)] == [4, 2, 2]


def test_the_connections_of_a_machine_are_counted():
    assert [pool_of_each(number) for number in (1, 2, 3, 4, 6, 12)] == [21, 21, 18, 14, 9, 9]
    assert most_connections(web=2, pool=21, workers=2) == 2 * (21 + 5) + 2 + 6
    assert all(most_connections(web=n, pool=pool_of_each(n), workers=2) <= 97 for n in range(1, 7))


@pytest.mark.parametrize(
    ("wanted", "available", "used", "words"),
    [(97, 97, 10, ""), (98, 97, 10, "lower DB_POOL"), (42, 97, 87, ""), (42, 97, 88, "raise max_connections")],
)
def test_a_machine_that_may_want_more_than_there_is_says_so(wanted, available, used, words):
    assert words in doubts(wanted=wanted, available=available, used=used)
    assert bool(words) == bool(doubts(wanted=wanted, available=available, used=used))
