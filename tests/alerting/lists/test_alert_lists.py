"""The alert list is drawn once for all who may see the same, and nothing of a person is in it."""

import asyncio
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.pages import live, notices
from crsmonitor.pages.exhibit import Exhibit
from crsmonitor.pages.live import Gallery, Page, Picture, listener
from grading.alerting.views.alert_list import picture_for
from grading.models import Alert
from regimens.models import Membership
from tests import loops
from tests.builders import World, kept, person, vitals
from tests.stages import stage


class Drawing:
    """Counts how often it was drawn; `during` happens meanwhile."""

    def __init__(self, during=lambda: None) -> None:
        self.times, self.during = 0, during

    def __call__(self) -> tuple[str, ...]:
        self.times += 1
        self.during()
        return ("drawn", str(self.times))


def picture(draw, *, key: object = "scope", study: int = -1) -> Picture:
    return Picture(key=key, places=frozenset({(study, 0)}), draw=draw)


def while_somebody_listens(work):
    """What `work` returns, in a process that hears notices."""

    async def run():
        listener().listening = True
        try:
            return await asyncio.to_thread(work)
        finally:
            listener().listening = False

    return loops.run(run())


def test_a_hundred_pages_cost_one_drawing_and_a_change_one_more():
    draw = Drawing()

    async def all_told(pages: list[Page]) -> None:
        async with asyncio.timeout(60):
            await asyncio.gather(*(page.news.wait() for page in pages))
        for page in pages:
            page.news.clear()

    async def look():
        shown = picture(draw)
        pages = [Page(person=n, session="", picture=shown, still=lambda pages: pages) for n in range(100)]
        here = Exhibit(shown, partial(asyncio.to_thread, draw), fresh=60).begin()
        here.pages.update(dict.fromkeys(pages))
        for page in pages:
            here.show(page)
        await all_told(pages)
        first = here.parts
        here.wake(within=0)
        await all_told(pages)
        here.task.cancel()
        return first, here.parts

    assert loops.run(look()) == (("drawn", "1"), ("drawn", "2"))
    assert draw.times == 2


def test_requests_share_a_drawing_and_another_study_changes_nothing():
    draw, here = Drawing(), Gallery()

    def look():
        with ThreadPoolExecutor(8) as at_once:
            list(at_once.map(lambda _: here.show(picture(draw)), range(40)))
        notices.changed([(-2, 0)])
        return here.show(picture(draw))

    assert while_somebody_listens(look) == ("drawn", "1")


def test_what_was_begun_before_a_change_is_not_shown_after_it():
    begun, changed = threading.Event(), threading.Event()

    def during():
        begun.set()
        changed.wait(60)

    draw, here = Drawing(during), Gallery()

    def look():
        with ThreadPoolExecutor(2) as at_once:
            before = at_once.submit(here.show, picture(draw))
            begun.wait(60)
            notices.changed([(-1, 0)])
            after = at_once.submit(here.show, picture(draw))
            changed.set()
            return before.result(), after.result()

    assert while_somebody_listens(look) == (("drawn", "1"), ("drawn", "2"))


def test_where_no_notice_would_be_heard_it_is_drawn_each_time():
    draw, here = Drawing(), Gallery()

    assert [here.show(picture(draw)) for _ in range(2)] == [("drawn", "1"), ("drawn", "2")]


def test_only_so_many_drawings_are_kept():
    here = Gallery()
    for number in range(live.KEPT + 10):
        here.show(picture(Drawing(), key=number))

    assert len(here._kept) == live.KEPT


# --- Whose ------------------------------------------------------------------------------------------------------


@stage(lasts_s=600)
def alert(ward: World) -> Alert:
    [raised] = kept(vitals(ward, 4, temperature_c=38.6), ward).alerts
    return raised


pytestmark = pytest.mark.django_db


def test_who_has_the_same_rights_shares_and_nobody_else(world, alert):
    with acting(by="test", reason="a colleague"):
        colleague = person("colleague", world.study, Role.NURSE, world.site)
    mine = picture_for(world.nurse, "en")

    assert picture_for(colleague, "en") == mine
    others = [world.charge_nurse, world.investigator, world.data_manager, world.outsider]
    assert len({picture_for(user, "en").key for user in (world.nurse, *others)}) == 5
    assert picture_for(colleague, "zh-hant").key != mine.key


def test_whose_rights_change_has_another_list_at_once(client, world, alert):
    client.force_login(world.nurse)
    before = picture_for(world.nurse, "en").key
    assert "DEMO-001" in client.get(reverse("alert_list")).content.decode()

    with acting(by="test", reason="moves"):
        Membership.objects.filter(user=world.nurse).update(ended_at=timezone.now())
        Membership.objects.create(user=world.nurse, study=world.study, site=world.other_site, role=Role.NURSE.value)

    assert picture_for(world.nurse, "en").key != before
    assert "DEMO-001" not in client.get(reverse("alert_list")).content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_nothing_of_a_person_is_in_it(world, alert, language, time_machine):
    with acting(by="test", reason="a colleague"):
        colleague = person("colleague", world.study, Role.INVESTIGATOR)
    time_machine.move_to(timezone.now(), tick=False)  # it says how long ago

    drawn = ["".join(picture_for(user, language).draw()) for user in (world.investigator, colleague)]

    assert drawn[0] == drawn[1]
    assert "csrf" not in drawn[0]
    assert "formaction" in drawn[0]  # the button is there, and its token is the page's
    assert "formaction" not in "".join(picture_for(world.data_manager, language).draw())


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_another_process_would_draw_the_same(world, alert, language, time_machine):
    """What it is asked goes there by pickle; a request's user is one that is read when it is needed."""
    time_machine.move_to(timezone.now(), tick=False)  # it says how long ago
    mine = picture_for(SimpleLazyObject(lambda: world.investigator), language)

    assert pickle.loads(pickle.dumps(mine.draw))() == mine.draw()


def test_whoever_asked_first_and_lost_her_role_takes_nothing_from_the_others(world, alert):
    """The picture is one for all of a scope: it is drawn with the eyes of somebody who still has it."""
    with acting(by="test", reason="a colleague"):
        person("colleague", world.study, Role.NURSE, world.site)
    shared = picture_for(world.nurse, "en")
    with acting(by="test", reason="moves"):
        Membership.objects.filter(user=world.nurse).update(ended_at=timezone.now())

    assert "DEMO-001" in "".join(shared.draw())
    with acting(by="test", reason="nobody is left"):
        Membership.objects.filter(user__username="colleague").update(ended_at=timezone.now())
    assert shared.draw() == ()
