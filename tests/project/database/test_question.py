"""What is asked by a text that was made once is what the query itself finds, for whoever asks and whatever changes."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import gettext

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.database.question import Question, ReaderQuestion
from grading.alerting.delivery.signs_of_life import phone_numbers_for, phone_trees_for
from grading.alerting.selectors.alerts import is_any_waiting, waiting_for
from grading.models import Alert, AlertState, PhoneTree
from regimens.models import Membership
from regimens.selectors import memberships_of, roles_of
from tests.builders import build_world, kept, person, vitals

pytestmark = pytest.mark.django_db


def everybody() -> list[User | AnonymousUser]:
    return [*User.objects.order_by("pk"), AnonymousUser()]


def by_text(users) -> list[tuple]:
    return [(is_any_waiting(one), phone_numbers_for(one), roles_of(one)) for one in users]


def by_query(users) -> list[tuple]:
    """By the queries themselves."""
    return [
        (
            waiting_for(one).exists(),
            [(tree.study.code, tree.site and tree.site.code, tree.text) for tree in phone_trees_for(one)],
            {Role(membership.role) for membership in memberships_of(one)},
        )
        for one in users
    ]


@pytest.mark.long
def test_it_finds_for_everybody_what_the_query_finds_also_after_a_change(ward):
    away, at = build_world("AWAY"), timezone.now()
    with acting(by="test", reason="phone trees of a study, of its site and of a stranger's"):
        person("demo.central", ward.study, Role.CENTRAL)
        User.objects.create_superuser("root", "root@example.org", "root-password-long")
        PhoneTree.objects.create(study=ward.study, site=ward.site, text="ward 1001")
        PhoneTree.objects.create(study=ward.study, site=None, text="on call 2002")
        PhoneTree.objects.create(study=away.study, site=away.site, text="elsewhere")
    answers = [by_text(everybody())]
    assert answers[0] == by_query(everybody())

    kept(vitals(ward, 4, temperature_c=38.6, sbp=85, hypotension=True), ward)
    changes = [
        lambda: Membership.objects.filter(user=ward.charge_nurse).update(ended_at=at),
        lambda: User.objects.filter(pk=ward.nurse.pk).update(is_active=False),
        lambda: Alert.objects.update(state=AlertState.WITHDRAWN.value),
    ]
    for change in (lambda: None, *changes):
        with acting(by="test", reason="what a question depends on"):
            change()
        answers.append(by_text(everybody()))
        assert answers[-1] == by_query(everybody())
    before = [len([one for one, *_ in answer if one]) for answer in answers]
    assert before == [0, before[1], before[1] - 1, before[1] - 2, 0]
    assert [one for one in answers[-1] if one == (False, [], set())]


def test_the_text_is_made_once_and_the_key_stands_in_it_each_time(world):
    made = []

    def ask(user):
        made.append(user)
        return Membership.objects.filter(user=user).values_list("role", flat=True)

    question = ReaderQuestion(ask)
    with CaptureQueriesContext(connection) as queries:
        roles = [question.all(one) for one in (world.nurse, world.investigator, world.nurse)]

    assert roles == [["nurse"], ["investigator"], ["nurse"]]
    assert (len(made), len(queries)) == (2, 3)
    assert not question.exists(User(pk=0))


def test_a_query_that_does_not_depend_on_what_is_asked_is_refused(world):
    with pytest.raises(ValueError, match="does not depend on user"):
        ReaderQuestion(lambda user: Membership.objects.all()).exists(world.nurse)


@pytest.mark.parametrize(
    "ask",
    [
        lambda at: Alert.objects.filter(raised_at__lte=at, observed_at__gt=at - timedelta(hours=1)),
        lambda at: Alert.objects.filter(raised_at__lte=at, observed_at__lt=timezone.now()),
        lambda at: Alert.objects.filter(raised_at__lte=at, raised_at__date="2026-01-01"),
        lambda at: Alert.objects.filter(raised_at__lte=at, condition=gettext("All alerts")),
    ],
    ids=["another instant made of it", "the time of making", "the reader's zone", "the reader's language"],
)
def test_a_text_that_would_keep_something_of_the_first_call_is_refused(ask, db):
    with pytest.raises(ValueError, match="a question"):
        Question(ask).all(at=timezone.now())
