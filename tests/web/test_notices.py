"""A change wakes the pages of its site, and of nobody else; what cannot be read wakes everybody."""

import asyncio

import pytest
from django.db import transaction

from crsmonitor.pages import notices
from crsmonitor.pages.exhibit import Exhibit
from crsmonitor.pages.live import Picture, listener
from crsmonitor.pages.notices import (
    PARTICIPANT,
    SOMEBODY,
    Hints,
    Notice,
    announce,
    hint,
    notice_of,
    places_of,
    version_of,
)
from crsmonitor.pages.parts import Parts
from tests import loops

STUDY, HERE, ELSEWHERE = 7, 3, 4
PLACES = {
    "the site": (STUDY, HERE),
    "another site": (STUDY, ELSEWHERE),
    "all sites": (STUDY, 0),
    "another study": (8, HERE),
    "a locked tablet": (0, HERE),
    "somebody": (SOMEBODY, HERE),
    "a participant": (PARTICIPANT, 55),
    "another participant": (PARTICIPANT, 56),
}


def woken_by(payload: str | None) -> set[str]:
    """What of these pictures is drawn again, sooner or later: before it would be by itself."""

    async def look() -> set[str]:
        here = listener()
        for name, place in PLACES.items():
            picture = Picture(key=name, places=frozenset({place}), draw=tuple)
            here.exhibits[name] = Exhibit(picture, no_drawing, fresh=10_000).begin()
        by_itself = {name: one.due_at for name, one in here.exhibits.items()}
        here.wake(payload)
        woken = {name for name, one in here.exhibits.items() if one.due_at < by_itself[name]}
        for one in here.exhibits.values():
            one.task.cancel()
        return woken

    return loops.run(look())


async def no_drawing() -> Parts:
    return ()


@pytest.mark.parametrize(
    ("payload", "who"),
    [
        (f"{STUDY}.{HERE}", {"the site", "all sites", "a locked tablet", "somebody"}),
        (f"{STUDY}.{ELSEWHERE}", {"another site", "all sites"}),
        (f"{STUDY}.{HERE}.wait", {"the site", "all sites", "a locked tablet", "somebody"}),
        (f"{STUDY}.{HERE}.now.55", {"the site", "all sites", "a locked tablet", "a participant"}),
        ("9.9", set()),
        (f"{STUDY}.{HERE}.more", set(PLACES)),  # as a version after this one may write it
        (f"{STUDY}", set(PLACES)),  # as the version before wrote it
        ("x.y", set(PLACES)),
        (None, set(PLACES)),
    ],
)
def test_who_looks_again(payload, who):
    assert woken_by(payload) == who


def test_a_change_at_one_site_is_none_at_another():
    before = version_of([(STUDY, HERE)]), version_of([(STUDY, ELSEWHERE)]), version_of([(STUDY, 0)])

    notices.changed(places_of(STUDY, HERE))

    assert version_of([(STUDY, HERE)]) != before[0]
    assert version_of([(STUDY, ELSEWHERE)]) == before[1]
    assert version_of([(STUDY, 0)]) != before[2]


@pytest.mark.django_db(transaction=True)
def test_alerts_are_told_with_their_transaction_and_saves_once_soon_after_theirs(monkeypatch):
    mine = Hints()
    monkeypatch.setattr(notices, "hints", mine)
    monkeypatch.setattr(notices, "IDLE_SECONDS", 0.01)

    async def payloads() -> list[str]:
        import psycopg

        async with await psycopg.AsyncConnection.connect(**notices.address(), autocommit=True) as listening:
            await listening.execute(f"LISTEN {notices.CHANNEL}")
            await asyncio.to_thread(save)
            heard = []
            async for notice in listening.notifies(timeout=60):
                if notice.payload.startswith("77700"):  # the thread of a test before may still tell of others
                    heard.append(notice.payload)
                if len(heard) == 2:
                    return heard
        return heard

    def save() -> None:
        from django.db import connections

        try:
            with transaction.atomic():
                announce(777_007, HERE)
                hint(777_008, HERE, 55)
                hint(777_008, HERE, 55)
            with transaction.atomic():
                hint(777_006, HERE)
                transaction.set_rollback(True)
        finally:
            connections.close_all()

    assert loops.run(payloads()) == ["777007.3.now", "777008.3.wait.55"]
    if (thread := mine._thread) is not None:
        thread.join(60)


def test_what_a_notice_names():
    assert notice_of("7.3") == Notice(frozenset({(7, 3), (7, 0), (0, 3), (SOMEBODY, 3)}))
    assert notice_of("7.3.wait") == Notice(frozenset({(7, 3), (7, 0), (0, 3), (SOMEBODY, 3)}), may_wait=True)
    assert notice_of("7.3.now.55") == Notice(frozenset({(7, 3), (7, 0), (0, 3), (PARTICIPANT, 55)}))
    assert notice_of("7") is None
