"""What an open page is sent, and when: what is new, a sign of life in time, and never one drawing upon another."""

import asyncio
import json
import threading
from collections.abc import AsyncGenerator, Callable
from time import monotonic

import pytest
from django.db import DatabaseError

from crsmonitor.pages import exhibit, live
from crsmonitor.pages.live import CROWDED, HEARTBEAT, RETRY, STREAMS_A_PERSON, Page, Picture, listener
from crsmonitor.pages.notices import MAY_WAIT
from crsmonitor.pages.parts import Parts
from tests import loops

pytestmark = pytest.mark.django_db  # the listener hears notices of the database

STUDY = 7
SECONDS = 60.0


class Drawing:
    """What is shown; when each drawing was begun and ended."""

    def __init__(self, *parts: str, lasts: float = 0.0) -> None:
        self.parts, self.lasts, self.times = parts, lasts, list[tuple[float, float]]()

    def __call__(self) -> Parts:
        began = monotonic()
        threading.Event().wait(self.lasts)
        self.times.append((began, monotonic()))
        return self.parts


def page(draw: Callable[[], Parts], *, person: int = 1) -> Page:
    picture = Picture(key="scope", places=frozenset({(STUDY, 0)}), draw=draw)
    return Page(person=person, session="", picture=picture, still=lambda pages: pages)


async def next_of(events: AsyncGenerator[bytes, None]) -> bytes:
    async with asyncio.timeout(SECONDS):
        return await anext(events)


async def opened(mine: Page) -> tuple[AsyncGenerator[bytes, None], list[object]]:
    """Its events from now on, and what the first list was made of: the listener may take its time to connect."""
    events = mine.events()
    assert await next_of(events) == RETRY
    while (event := await next_of(events)) == HEARTBEAT:
        pass
    return events, change_of(event)


def change_of(event: bytes) -> list[object]:
    name, data = event.decode().removesuffix("\n\n").split("\n")
    assert name == "event: list"
    return json.loads(data.removeprefix("data: "))


async def until_drawn(draw: Drawing, times: int) -> None:
    async with asyncio.timeout(SECONDS):
        while len(draw.times) < times:
            await asyncio.sleep(0.001)


def test_a_notice_that_changes_nothing_sends_nothing_and_one_that_does_sends_what_is_new():
    draw = Drawing("a", "b")

    async def look():
        events, first = await opened(page(draw))
        listener().wake(f"{STUDY}.1")
        await until_drawn(draw, 2)
        draw.parts = ("a", "c")
        listener().wake(f"{STUDY}.1")
        second = change_of(await next_of(events))
        await events.aclose()
        return first, second

    assert loops.run(look()) == (["a", "b"], [[0, 1], "c"])


def test_sets_that_are_saved_one_after_the_other_are_one_drawing_which_has_the_newest(monkeypatch):
    monkeypatch.setattr(live, "PACE_SECONDS", 0.1)
    draw = Drawing("0")

    async def look():
        events, _ = await opened(page(draw))
        for number in range(1, 11):
            draw.parts = (str(number),)
            listener().wake(f"{STUDY}.1.{MAY_WAIT}")
        following = change_of(await next_of(events))
        await events.aclose()
        return following

    assert loops.run(look()) == ["10"]
    assert len(draw.times) == 2


def test_an_alert_is_drawn_at_once_and_shows_the_sets_that_wait_where_a_board_waits_with_it(monkeypatch):
    monkeypatch.setattr(live, "PACE_SECONDS", 10_000)
    draw, of_board = Drawing("0"), Drawing("0")
    board = Picture(key="board", places=frozenset({(STUDY, 0)}), draw=of_board, may_wait=True)

    async def look():
        events, _ = await opened(page(draw))
        rows, _ = await opened(Page(person=2, session="", picture=board, still=lambda pages: pages))
        draw.parts = ("a set",)
        listener().wake(f"{STUDY}.1.{MAY_WAIT}")
        waits = {key: one.due_at - asyncio.get_running_loop().time() for key, one in listener().exhibits.items()}
        draw.parts = ("a set", "an alert")
        listener().wake(f"{STUDY}.1")
        following = change_of(await next_of(events))
        for one in (events, rows):
            await one.aclose()
        return waits, following

    waits, following = loops.run(look())

    assert min(waits.values()) > 0
    assert following == ["a set", "an alert"]
    assert len(of_board.times) == 1


def test_what_happens_while_it_is_drawn_is_in_the_next_drawing(monkeypatch):
    monkeypatch.setattr(live, "PACE_SECONDS", 0.1)
    begun, may_end = threading.Event(), threading.Event()
    shown = ["before"]

    def draw() -> Parts:
        parts = tuple(shown)
        begun.set()
        may_end.wait(SECONDS)
        return parts

    async def look():
        events = page(draw).events()
        assert await next_of(events) == RETRY
        following = asyncio.ensure_future(next_of(events))
        await asyncio.to_thread(begun.wait, SECONDS)
        shown[:] = ["after"]
        listener().wake(f"{STUDY}.1.{MAY_WAIT}")
        may_end.set()
        changes = [change_of(await following), change_of(await next_of(events))]
        await events.aclose()
        return changes

    assert loops.run(look()) == [["before"], ["after"]]


def test_where_it_cannot_be_drawn_the_stream_ends_and_the_next_one_tries_again():
    shown = [ValueError, ("a",)]

    def draw() -> Parts:
        if isinstance(now := shown.pop(0), tuple):
            return now
        raise now

    async def look():
        mine = [event async for event in page(draw).events()]
        events, first = await opened(page(draw))
        await events.aclose()
        return mine, first

    assert loops.run(look()) == ([RETRY], ["a"])


def test_a_sign_of_life_comes_in_time_also_where_notices_come_all_the_time_and_change_nothing(monkeypatch):
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.2)

    async def look():
        mine = page(Drawing("a"))
        events, _ = await opened(mine)
        following = asyncio.ensure_future(next_of(events))
        end = monotonic() + SECONDS
        while not following.done() and monotonic() < end:
            listener().wake(f"{STUDY}.1")
            await asyncio.sleep(0.01)
        event = await following
        await events.aclose()
        return event

    assert loops.run(look()) == HEARTBEAT


def test_a_page_that_no_notice_reaches_looks_by_itself(monkeypatch):
    monkeypatch.setattr(live, "FRESH_SECONDS", 0.1)
    draw = Drawing("10 min")

    async def look():
        events, _ = await opened(page(draw))
        draw.parts = ("11 min",)
        while (event := await next_of(events)) == HEARTBEAT:
            pass
        await events.aclose()
        return change_of(event)

    assert loops.run(look()) == ["11 min"]


@pytest.mark.long
def test_after_a_drawing_comes_a_rest_as_long_as_it_took():
    draw = Drawing("a", lasts=0.05)

    async def look():
        events, _ = await opened(page(draw))
        for times in (2, 3):
            listener().wake(f"{STUDY}.1")
            await until_drawn(draw, times)
        await events.aclose()

    loops.run(look())

    for (began, ended), (again, _) in zip(draw.times, draw.times[1:], strict=False):
        assert again - ended >= exhibit.REST * (ended - began)


def test_what_nobody_looks_at_any_more_is_not_drawn(monkeypatch):
    draw = Drawing("a", lasts=0.05)
    monkeypatch.setattr(exhibit, "REST", 10_000)  # the next drawing rests until it is called off

    async def look():
        events, _ = await opened(page(draw))
        [mine] = listener().exhibits.values()
        listener().wake(f"{STUDY}.1")
        await events.aclose()
        async with asyncio.timeout(SECONDS):
            await asyncio.wait([mine.task])
        return mine.task.cancelled(), listener().exhibits

    assert loops.run(look()) == (True, {})
    assert len(draw.times) == 1


def test_a_drawing_that_finds_no_database_leaves_the_page_open_and_it_is_drawn_at_the_next_notice():
    draw, is_there = Drawing("a"), [True]

    def draw_where_it_is_there() -> Parts:
        if not is_there[0]:
            raise DatabaseError
        return draw()

    async def look():
        mine = page(draw_where_it_is_there)
        events, _ = await opened(mine)
        is_there[0] = False
        listener().wake(f"{STUDY}.1")
        without = await next_of(events)
        is_there[0], draw.parts = True, ("b",)
        listener().wake(f"{STUDY}.1")
        following = change_of(await next_of(events))
        await events.aclose()
        return without, following

    assert loops.run(look()) == (HEARTBEAT, ["b"])


def test_who_opens_one_page_too_many_is_told_so_on_the_oldest_and_others_are_not():
    draw = Drawing("a")

    async def look():
        others, _ = await opened(page(draw, person=2))
        mine = [(await opened(page(draw)))[0] for _page in range(STREAMS_A_PERSON + 1)]
        event = await next_of(mine[0])
        ended = [await anext(mine[0], None)]
        still = sum(not one.over for one in listener().pages)
        for events in (others, *mine):
            await events.aclose()
        return event, ended, still

    assert loops.run(look()) == (CROWDED, [None], STREAMS_A_PERSON + 1)
