"""Open pages are told little by little, and between saves as far as an alert can wait."""

import asyncio

import pytest

from crsmonitor.asgi import application
from crsmonitor.pages import exhibit
from crsmonitor.pages.exhibit import GOES, SLICE, Exhibit
from crsmonitor.pages.live import Page, Picture
from crsmonitor.pages.parts import Parts
from crsmonitor.pages.saves import saves
from tests import loops

PICTURE = Picture(key="scope", places=frozenset({(7, 0)}), draw=Parts)


class Turn(asyncio.Lock):
    """How often it was somebody's."""

    times = 0

    async def acquire(self):
        self.times += 1
        return await super().acquire()


class Ward:
    """So many pages that show one drawing."""

    def __init__(self, number: int) -> None:
        self.drawn, self.turn = asyncio.Event(), Turn()
        self.exhibit = Exhibit(PICTURE, self.draw, fresh=3600, turn=self.turn)
        self.pages = [Page(person=n, session="", picture=PICTURE, still=list) for n in range(number)]
        self.exhibit.pages.update(dict.fromkeys(self.pages))

    async def draw(self) -> Parts:
        self.drawn.set()
        return ("drawn",)

    async def change(self) -> None:
        """It is drawn, and whoever may be told at once has been."""
        self.exhibit.begin().wake(within=0)
        await self.drawn.wait()
        for _ in range(100):
            await asyncio.sleep(0)

    async def all_told(self) -> None:
        async with asyncio.timeout(60):
            await asyncio.gather(*(page.news.wait() for page in self.pages))
        self.exhibit.task.cancel()

    @property
    def told_count(self) -> int:
        return sum(page.news.is_set() for page in self.pages)


def test_nobody_is_told_while_a_save_is_under_way_and_everybody_after_it(monkeypatch):
    monkeypatch.setattr(exhibit, "PATIENCE_SECONDS", 3600)

    async def save():
        ward = Ward(10)
        with saves.one():
            await ward.change()
            meanwhile = ward.told_count
        await ward.all_told()
        return meanwhile

    assert loops.run(save()) == 0


def test_an_alert_does_not_wait_for_a_save_that_lasts(monkeypatch):
    monkeypatch.setattr(exhibit, "PATIENCE_SECONDS", 0)

    async def save():
        ward = Ward(10)
        with saves.one():
            await ward.change()
            await ward.all_told()

    loops.run(save())


@pytest.mark.parametrize(("pages", "goes"), [(1, 1), (SLICE + 1, 2), (10 * SLICE * GOES, GOES)])
def test_pages_are_told_a_few_at_a_time_and_a_crowd_in_so_many_goes(pages, goes):
    async def tell():
        ward = Ward(pages)
        await ward.change()
        await ward.all_told()
        return ward.turn.times

    assert loops.run(tell()) == goes


@pytest.mark.parametrize(
    ("method", "path", "under_way"),
    [
        ("POST", "/participants/1/vitals/", 1),
        ("POST", "/api/v1/participants/1/vital-signs/", 1),
        ("POST", "/alerts/seen/", 0),
        ("GET", "/alerts/", 0),
    ],
)
def test_a_save_is_under_way_until_it_is_answered(method, path, under_way):
    seen = []

    async def receive():
        return {"type": "http.request"} if not seen else await asyncio.Future()

    async def send(_message):
        seen.append(saves.under_way)

    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": [], "http_version": "1.1"}
    loops.run(application(scope, receive, send))

    assert (set(seen), saves.under_way) == ({under_way}, 0)
