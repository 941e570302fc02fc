"""Whom a user looks after: who is watched and who was only enrolled, of nobody else's site, and nobody who is over."""

import pytest

from crsmonitor.accounts.roles import Act
from crsmonitor.audit.acting import acting
from grading.course.watched import unrecorded_in_scope, watched_in_scope
from regimens.models import Disposition, Participant
from tests.builders import draft, kept, stay

pytestmark = pytest.mark.django_db


def test_the_watched_and_the_enrolled_of_ones_own_site_and_nobody_who_is_over(world):
    going_on = world.participant
    places = {"OVER": world.site, "ENROLLED": world.site, "ELSEWHERE": world.other_site}
    with acting(by="test", reason="others"):
        others = {
            number: Participant.objects.create(study=world.study, site=site, number=number, regimen=world.regimen)
            for number, site in places.items()
        }
    kept(stay(world), world)
    world.participant = others["OVER"]
    kept(stay(world), world)
    kept(draft(Disposition, world, 29, kind="completed"), world, by=world.investigator)

    def who(condition):
        return set(Participant.objects.filter(condition))

    assert who(watched_in_scope(world.nurse)) == {going_on}
    assert who(unrecorded_in_scope(world.nurse)) == {others["ENROLLED"]}
    assert who(unrecorded_in_scope(world.investigator)) == {others["ENROLLED"], others["ELSEWHERE"]}
    assert who(watched_in_scope(world.investigator, Act.JUDGE)) == {going_on}
    assert who(watched_in_scope(world.nurse, Act.JUDGE)) == set()
    assert who(watched_in_scope(world.outsider)) == who(watched_in_scope(world.sponsor)) == set()
    assert who(unrecorded_in_scope(world.outsider)) == {others["ELSEWHERE"]}  # her site
    assert who(unrecorded_in_scope(world.sponsor)) == set()
