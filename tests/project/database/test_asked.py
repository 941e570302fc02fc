"""Each question of which the text is kept finds what its query finds, for whoever asks; a stranger's finds nothing."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act, Role
from crsmonitor.audit.acting import acting
from crsmonitor.database.question import Question
from grading.alerting.delivery import signs_of_life
from grading.alerting.selectors import alerts, contacts, glances, scopes
from grading.bedside.selectors import board_order, course, explained, history, timeline_page
from grading.models import Alert, Attribution, NeuroAssessment, PhoneTree, Treatment, TreatmentEnd, VitalSigns
from grading.review.selectors import assessments, unheld
from regimens import selectors
from regimens.models import Disposition, Dose, DoseEnd, Measurement, Membership, Stay, StayEnd
from tests.builders import build_world, hour, kept, neuro, person, treatment, vitals

pytestmark = pytest.mark.django_db


def everybody(away) -> list[User | AnonymousUser]:
    """Of each role, of another site, of another study, in none, and nobody."""
    return [*User.objects.exclude(username__startswith="away"), away.nurse, away.sponsor, AnonymousUser()]


def read(row, came_from=None) -> object:
    """A row as it is; of an object its columns, and those of what was fetched with it."""
    if not hasattr(row, "_meta"):
        return row
    columns = {field.attname: row.__dict__.get(field.attname) for field in row._meta.concrete_fields}
    fetched = {name: read(one, row) for name, one in row._state.fields_cache.items() if one is not came_from}
    return type(row).__name__, columns, fetched


def found_of(question: Question, **values) -> tuple[list, list]:
    """By the text that is kept, and by the query."""
    by_text = question.all(**values)
    return [read(row) for row in by_text], [read(row) for row in question.ask(**values)]


def of_the_ward(people: list[int]) -> list[tuple[Question, dict]]:
    """Begin with who asks, and tell of the ward."""
    return [
        (glances._rows_up_to(101), {}),
        (glances._rows_up_to(200), {}),
        (glances._PARTICIPANTS, {"participants": people}),
        (board_order._ROWS, {}),
        (alerts._WAITING_FOR, {}),
        (unheld._RISEN, {}),
        (signs_of_life._TROUBLES, {}),
        (signs_of_life._NUMBERS, {}),
    ]


def of_one(participant: int) -> list[tuple[Question, dict]]:
    """Begin with who asks, and tell of one participant."""
    return [(selectors._one_for(act), {"key": participant}) for act in (Act.SEE_WARD, Act.SEE_STUDY, Act.JUDGE)]


def of_herself(instants: dict) -> list[tuple[Question, dict]]:
    """Of what the reader is and does."""
    return [
        (selectors._ROLES, {}),
        (contacts._GONE, {"since": instants["since"]}),
        (board_order._ANSWERED, {}),
        *((question, instants) for question in board_order._RECORDED),
    ]


def of_keys(world, away) -> list[tuple[Question, dict]]:
    """Of what the reader was shown before."""
    alert_keys = list(Alert.objects.values_list("pk", flat=True))
    studies, people = [world.study.pk, away.study.pk], [world.nurse.pk, away.nurse.pk, world.sponsor.pk]
    return [
        (glances._NAMES, {"people": people}),
        (glances._POLICIES, {"studies": studies}),
        (glances._ACTIONS, {"alerts": alert_keys}),
        (board_order._WAITING, {"participants": [world.participant.pk, away.participant.pk]}),
        (scopes._MEMBERSHIPS, {"users": people}),
    ]


def of_a_course(participant: int, at: datetime) -> list[tuple[Question, dict]]:
    """Of a participant whom the reader was let see."""
    this, these = {"participant": participant}, {"participants": [participant]}
    roots = list(Alert.objects.values_list("fact_root", flat=True))
    windows = [this | {"start": start, "end": at} for start in (None, hour(1))]
    kinds = (Attribution, Dose, Disposition, DoseEnd, Measurement, NeuroAssessment, Stay, StayEnd, Treatment)
    return [
        (assessments._HELD, this),
        *((course._newest(kind), this) for kind in (Attribution, Dose, Stay, Treatment)),
        *((course._newest(kind, 2), this) for kind in (VitalSigns, NeuroAssessment)),
        *((timeline_page._newest(2), window) for window in windows),
        *((timeline_page._standing_within(kind), window) for kind in (*kinds, TreatmentEnd) for window in windows),
        *((question, these) for question in (explained._NEWEST, explained._TREATMENTS, explained._EPISODES)),
        (explained._BEHIND, these | {"roots": roots}),
        (explained._SETS[VitalSigns], {"keys": roots}),
        (history._BASELINES, these),
    ]


@pytest.mark.long
def test_what_is_found_by_a_kept_text_is_what_the_query_finds(ward):
    away = build_world("AWAY")
    with acting(by="test", reason="people of each kind"):
        person("demo.central", ward.study, Role.CENTRAL)
        User.objects.create_superuser("root", "root@example.org", "root-password-long")
        PhoneTree.objects.create(study=ward.study, site=ward.site, text="ward 1001")
        PhoneTree.objects.create(study=ward.study, site=None, text="on call 2002")
    people = [ward.participant.pk, away.participant.pk]
    now = timezone.now()
    instants = {"since": now - timedelta(hours=12), "at": now}
    kept(vitals(ward, 4, temperature_c=38.6, sbp=85, hypotension=True), ward)
    for turn in range(2):
        if turn:
            with acting(by="test", reason="what a question depends on"):
                Alert.objects.update(responder=ward.nurse, acknowledged_by=ward.nurse, acknowledged_at=now)
                Membership.objects.filter(user=ward.charge_nurse).update(ended_at=now)
                User.objects.filter(pk=ward.data_manager.pk).update(is_active=False)
        for user in everybody(away):
            for question, values in (*of_the_ward(people), *of_herself(instants)):
                by_text = question.all(user, **values)
                plain = question.ask(user=user, **values) if user.is_active else []
                assert [read(row) for row in by_text] == [read(row) for row in plain], (user, question.ask)
                assert question.exists(user, **values) == bool(by_text)
        for question, values in of_keys(ward, away):
            by_text, plain = found_of(question, **values)
            assert sorted(by_text, key=repr) == sorted(plain, key=repr)
            assert question.all(**{name: [] for name in values}) == []


@pytest.mark.long
def test_so_it_is_of_a_course(ward):
    away = build_world("AWAY")
    for fact in (
        treatment(ward, 3, "paracetamol", "antipyretic", "other"), neuro(ward, 3), neuro(ward, 5),
        vitals(ward, 2), vitals(ward, 4, temperature_c=38.6, sbp=85, hypotension=True), vitals(ward, 5),
    ):  # fmt: skip
        kept(fact, ward)
    seen = []
    for participant in (ward.participant.pk, away.participant.pk):
        for question, values in of_a_course(participant, hour(9)):
            by_text, plain = found_of(question, **values)
            assert by_text == plain, question.ask
            seen.append((participant, bool(plain)))
        for user in everybody(away):
            for question, values in of_one(participant):
                by_text = question.all(user, **values)
                assert [read(row) for row in by_text] == [read(row) for row in question.ask(user=user, **values)]
    assert sum(any_ for participant, any_ in seen if participant == ward.participant.pk) > len(seen) / 4
    stranger = selectors._one_for(Act.SEE_WARD)
    assert [stranger.exists(one, key=ward.participant.pk) for one in (ward.nurse, ward.outsider, away.nurse)] == [
        True, False, False,
    ]  # fmt: skip
    assert not stranger.exists(ward.nurse, key=10**30)  # as an address may say


def test_who_is_of_another_site_or_study_finds_nothing_of_the_ward(ward):
    away = build_world("AWAY")
    kept(vitals(ward, 4, temperature_c=38.6, sbp=85, hypotension=True), ward)
    people, seen = [ward.participant.pk], []
    for question, values in of_the_ward(people):
        seen.append(bool(question.all(ward.nurse, **values)))
        for stranger in (ward.outsider, away.nurse, away.investigator, AnonymousUser()):
            assert question.all(stranger, **values) == [], (stranger, question.ask)
    assert seen[:5] == [True] * 5
