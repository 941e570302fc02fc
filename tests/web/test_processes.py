"""Several web processes of a machine: when one is started again, and how much of what is limited each one has."""

import asyncio
import threading

import pytest
import uvicorn

from crsmonitor.database.connections import doubts, most_connections, pool_of_each
from crsmonitor.pages import live
from crsmonitor.web.processes import BEGIN_SECONDS, LONGEST_WAIT_SECONDS, STEADY_SECONDS, Place
from crsmonitor.web.pulse import STUCK_SECONDS, Pulse, Server, Threads


def test_who_ends_again_and_again_is_started_again_later_and_later():
    place, waits = Place(pid=7), []
    for _ in range(7):
        place.leave(at=0.0)
        waits.append(place.due_at)

    assert waits == [0.5, 1, 2, 4, 8, LONGEST_WAIT_SECONDS, LONGEST_WAIT_SECONDS]
    place.leave(at=STEADY_SECONDS)
    assert place.due_at == STEADY_SECONDS  # it has run: its end is another matter


def looks_until_hung(place: Place, *, after: float) -> int:
    looks = 1
    while not place.is_hung(after=after):
        looks += 1
    return looks


def test_who_goes_on_is_never_taken_for_hung_and_who_stops_is_after_so_many_looks():
    place = Place()
    place.begin(7, at=0.0)
    for _ in range(300):
        place.pulse.beat()
        assert not place.is_hung(after=15.0)
        assert not place.is_hung(after=15.0)  # one look without a beat

    assert looks_until_hung(place, after=15.0) == 14


def test_who_comes_next_has_its_time_to_begin_and_is_not_known_by_the_beats_of_who_was_there():
    place = Place()
    place.begin(7, at=0.0)
    place.pulse.beat()
    place.begin(8, at=1.0)

    assert looks_until_hung(place, after=15.0) == BEGIN_SECONDS


def test_a_count_that_begins_anew_is_heard():
    pulse, heard = Pulse(), []
    for _ in range(300):
        pulse.beat()
        heard.append(pulse.is_heard())

    assert all(heard)
    assert not pulse.is_heard()


def test_threads_are_stuck_where_something_waits_and_none_of_them_comes_to_an_end(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("crsmonitor.web.pulse.monotonic", lambda: now[0])
    lane, first, second = Threads(1, "saves"), threading.Event(), threading.Event()

    def is_stuck(at: float) -> bool:
        return lane.is_stuck(at, after=STUCK_SECONDS)

    long = lane.submit(first.wait)
    now[0] = 500.0
    assert not is_stuck(500)  # nobody waits
    waiting = lane.submit(second.wait)
    assert not is_stuck(500 + STUCK_SECONDS - 1)
    assert is_stuck(500 + STUCK_SECONDS)

    third = lane.submit(int)
    now[0] = 570.0
    first.set()
    long.result()
    assert [is_stuck(570 + seconds) for seconds in (STUCK_SECONDS - 1, STUCK_SECONDS)] == [False, True]
    second.set()
    assert (waiting.result(), third.result()) == (True, 0)
    lane.shutdown()
    assert not is_stuck(9999)


class Stuck(Threads):
    def is_stuck(self, at: float, *, after: float) -> bool:
        return True


def test_a_server_beats_with_its_loop_and_ends_where_threads_are_stuck_and_another_would_come():
    config = uvicorn.Config(lambda: None)
    pulse, lane = Pulse(), {"saves": Threads(1, "saves")}

    def ends(pulse: Pulse | None, lanes: dict[str, Threads]) -> bool:
        return asyncio.run(Server(config, pulse=pulse, lanes=lanes).on_tick(1))

    assert not ends(pulse, lane)
    assert pulse.is_heard()
    assert ends(pulse, {"saves": Stuck(1, "saves")})
    assert not ends(None, {"saves": Stuck(1, "saves")})


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
