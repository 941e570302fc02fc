"""What an open page is sent, and when: what is new, a sign of life in time, and never one drawing upon another."""

import asyncio
import json
import threading
from collections.abc import AsyncGenerator, Callable
from time import monotonic

import pytest
from django.db import DatabaseError

from crsmonitor.pages import live
from crsmonitor.pages.live import CROWDED, HEARTBEAT, RETRY, STREAMS_A_PERSON, Page, Picture, listener
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


async def drawn_again(mine: Page) -> None:
    """A notice comes, and the page has had the time to send what it makes of it."""
    listener().wake(f"{STUDY}.1")
    await listener().drawn(mine.picture)
    for _turn in range(20):
        await asyncio.sleep(0)


def test_a_notice_that_changes_nothing_sends_nothing_and_one_that_does_sends_what_is_new():
    draw = Drawing("a", "b")

    async def look():
        mine = page(draw)
        events, first = await opened(mine)
        following = asyncio.ensure_future(next_of(events))
        await drawn_again(mine)
        drawn, early = len(draw.times), following.done()
        draw.parts = ("a", "c")
        await drawn_again(mine)
        second = change_of(await following)
        await events.aclose()
        return first, drawn, early, second

    assert loops.run(look()) == (["a", "b"], 2, False, [[0, 1], "c"])


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


def test_after_a_drawing_comes_a_rest_as_long_as_it_took():
    draw = Drawing("a", lasts=0.05)

    async def look():
        mine = page(draw)
        events, _ = await opened(mine)
        for _change in range(2):
            listener().wake(f"{STUDY}.1")
            await listener().drawn(mine.picture)
        await events.aclose()

    loops.run(look())

    assert len(draw.times) == 3
    for (began, ended), (again, _) in zip(draw.times, draw.times[1:], strict=False):
        assert again - ended >= live.REST * (ended - began)


def test_what_nobody_waits_for_any_more_is_not_drawn(monkeypatch):
    draw = Drawing("a", lasts=0.05)
    monkeypatch.setattr(live, "REST", 10_000)  # the next drawing rests until it is called off

    async def look():
        mine = page(draw)
        events, _ = await opened(mine)
        first = listener().drawings[mine.picture.key]
        listener().wake(f"{STUDY}.1")
        following = asyncio.ensure_future(anext(events))
        while (second := listener().drawings[mine.picture.key]) is first:
            await asyncio.sleep(0.01)
        following.cancel()
        await asyncio.wait([following])
        await events.aclose()
        async with asyncio.timeout(SECONDS):
            await asyncio.wait([second.parts])

    loops.run(look())

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
