"""Cards are kept for as long as nothing changes that they are made of, and never longer."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.pages.parts import Shelf
from grading.alerting import drawn_cards
from grading.alerting.selectors.glances import glances_for
from grading.alerting.services.answers import acknowledge, act_on, delivered, seen
from grading.alerting.services.escalation import escalate
from grading.alerting.services.reviews import review
from grading.alerting.views.alert_list import picture_for
from grading.models import Alert, AlertPolicy
from grading.rules.alerting.lifecycle import ActionKind
from regimens.models import Measured, Measurement, Membership, Participant, Site, Stay, StayEnd
from regimens.moving import transfer
from tests.builders import World, dose, draft, hour, kept, neuro, person, stay, treatment, vitals
from tests.stages import stage

pytestmark = pytest.mark.django_db

LOW = {"temperature_c": 38.6, "hypotension": True}  # CRS grade 2


@stage(lasts_s=600)
def ward(world) -> World:
    """In bed, dosed, and with CRS grade 2: one alert that waits."""
    kept(stay(world), world)
    kept(dose(world), world)
    kept(vitals(world, 4, **LOW), world)
    return world


@pytest.fixture(autouse=True)
def shelf(monkeypatch) -> Shelf:
    """An empty one, as long as the test."""
    empty: Shelf = Shelf(drawn_cards.KEPT)
    monkeypatch.setattr(drawn_cards, "shelf", empty)
    return empty


def shown(user: User, language: str = "en") -> str:
    return "".join(picture_for(user, language).draw())


def drawn_from_nothing(user: User, language: str) -> str:
    before, drawn_cards.shelf = drawn_cards.shelf, Shelf(drawn_cards.KEPT)
    try:
        return shown(user, language)
    finally:
        drawn_cards.shelf = before


def newest() -> Alert:
    return Alert.objects.select_related("participant__site", "participant__study").order_by("-raised_at", "pk").first()


# --- Whatever changes -------------------------------------------------------------------------------------------


def correction(world, fact, h, **changes):
    kept(vitals(world, h, supersedes=fact, reason="mistyped", **changes), world, at=hour(6))


def first_set(world):
    return world.participant.vitalsigns_facts.order_by("recorded_at").first()


def answered(world):
    acknowledge(str(newest().pk), by=world.nurse, at=timezone.now())


def treated(world):
    kept(treatment(world, 4.5, "tocilizumab", "anticytokine", "crs"), world)


def reviewed(world):
    treated(world)
    shown(world.investigator)
    review(str(newest().pk), by=world.investigator, at=timezone.now())


def taken_back(world):
    treated(world)
    shown(world.investigator)
    given = world.participant.treatment_facts.get()
    again = treatment(world, 4.5, "tocilizumab", "anticytokine", "crs", supersedes=given, withdrawn=True, reason="no")
    kept(again, world, at=hour(5))


def moved_to_another_site(world):
    with acting(by="test", reason="moves"):
        Site.objects.filter(pk=world.other_site.pk).update(time_zone="Asia/Tokyo")
        person("there", world.study, Role.NURSE, world.other_site)
    kept(draft(StayEnd, world, 5, stay=Stay.objects.get()), world)
    transfer(participant_id=world.participant.pk, to=world.other_site, because="nearer", by=world.charge_nurse,
             at=timezone.now())  # fmt: skip


def changed(row, **columns):
    with acting(by="test", reason="test"):
        type(row).objects.filter(pk=row.pk).update(**columns)


def called(_world):
    with acting(by="test", reason="time has come"):
        escalate(newest(), at=timezone.now())


CHANGES = {
    "another set of the same grade": lambda w: kept(vitals(w, 5, **LOW, sbp=80), w),
    "a rise": lambda w: kept(vitals(w, 5, **LOW, vasopressors=["norepinephrine"]), w),
    "ICANS beside it": lambda w: kept(neuro(w, 5, consciousness="voice"), w),
    "the set was another grade": lambda w: correction(w, first_set(w), 4, temperature_c=38.6),
    "the set says more": lambda w: correction(w, first_set(w), 4, **LOW, oxygen_device="nasal_cannula",
                                              oxygen_flow_l_min=2, spo2=93),
    "the set was later": lambda w: correction(w, first_set(w), 4.2, **LOW),
    "the set never was": lambda w: kept(vitals(w, 4, supersedes=first_set(w), withdrawn=True, reason="of another"), w),
    "a late set that began it": lambda w: kept(vitals(w, 3, reason="late", **LOW), w, at=hour(6)),
    "a baseline pressure": lambda w: kept(draft(Measurement, w, -2, kind=Measured.BASELINE_SBP, value=Decimal(118)), w),
    "a dose before": lambda w: kept(dose(w, 3.5, step=1, reason="late"), w, at=hour(6)),
    "a fever that is hidden": lambda w: kept(treatment(w, 3.9, "paracetamol", "antipyretic", "other"), w),
    "another bed": lambda w: kept(stay(w, 5, bed="14"), w),
    "answered": answered,
    "at the bedside": lambda w: act_on(str(newest().pk), ActionKind.AT_BEDSIDE, by=w.nurse, at=timezone.now()),
    "the drug that is asked for": treated,
    "reviewed": reviewed,
    "taken back": taken_back,
    "a message has left": lambda w: delivered([newest()], at=timezone.now()),
    "seen": lambda w: seen([str(newest().pk)], by=w.nurse, at=timezone.now()),
    "called": called,
    "silent for a while": lambda w: changed(newest(), snoozed_until=hour(6), escalate_at=hour(6)),
    "lapsed": lambda w: changed(newest(), state="expired"),
    "resolved": lambda w: changed(newest(), state="resolved"),
    "another site": moved_to_another_site,
}  # fmt: skip


# Of this alert's card: the record is asked again all the same.
SAID_NOWHERE = [
    CHANGES[name]
    for name in ("another set of the same grade", "a baseline pressure", "a dose before", "a fever that is hidden")
]


@pytest.mark.parametrize("language", ["en", "zh-hant"])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_no_card_is_shown_that_says_what_was(ward, change, language, monkeypatch):
    monkeypatch.setattr("grading.alerting.views.alert_list.timezone.now", lambda: hour(7))
    before = shown(ward.investigator, language)

    change(ward)

    now = shown(ward.investigator, language)
    assert now == drawn_from_nothing(ward.investigator, language)
    assert now != before or change in SAID_NOWHERE


def hidden_fever(world):
    """A drug hid the fever while the pressure fell; for how long it hides one is the policy's to say."""
    kept(treatment(world, 3.9, "paracetamol", "antipyretic", "other"), world)
    kept(vitals(world, 5, temperature_c=37.2, hypotension=True), world)


def test_another_policy_is_asked_too(ward):
    hidden_fever(ward)
    made_of = [one.made_of for one in glances_for(ward.investigator, 9)]
    policy = AlertPolicy.objects.order_by("-version").first()

    with acting(by="test", reason="a new version"):
        AlertPolicy.objects.create(
            study=ward.study, version=policy.version + 1, title="Next", thresholds=policy.thresholds,
            drugs=policy.drugs, in_force_from=hour(-2),
        )  # fmt: skip

    now = [one.made_of for one in glances_for(ward.investigator, 9)]
    assert all(mine != earlier for mine, earlier in zip(now, made_of, strict=True))


# --- For whom, in which language, and when ------------------------------------------------------------------------


def test_who_may_not_answer_has_no_button_though_the_card_is_kept(ward):
    for _again in range(2):
        assert "formaction" in shown(ward.nurse)
        assert "formaction" not in shown(ward.data_manager)


def test_each_language_has_its_own(ward):
    for _again in range(2):
        assert "Nobody has answered yet" in shown(ward.nurse)
        assert "Nobody has answered yet" not in shown(ward.nurse, "zh-hant")


def test_the_age_is_that_of_reading(ward, shelf, monkeypatch):
    for h, words in ((4.2, "12 min ago"), (7, "3 h 0 min ago")):
        monkeypatch.setattr("grading.alerting.views.alert_list.timezone.now", lambda h=h: hour(h))
        assert words in shown(ward.nurse)
    assert len(shelf) == 1


def test_whose_alerts_are_no_longer_hers_sees_none_of_the_cards_that_are_kept(ward):
    assert "DEMO-001" in shown(ward.nurse)

    with acting(by="test", reason="moves"):
        Membership.objects.filter(user=ward.nurse).update(ended_at=timezone.now())
        Membership.objects.create(user=ward.nurse, study=ward.study, site=ward.other_site, role="nurse")

    assert "DEMO-001" not in shown(ward.nurse)


# --- What it costs ----------------------------------------------------------------------------------------------


def test_colleagues_of_other_roles_share_a_card_and_a_change_draws_one(ward, shelf):
    second = another_participant(ward)
    kept(vitals(second, 4, **LOW), second)
    for user in (ward.nurse, ward.charge_nurse, ward.investigator):
        shown(user)
    assert len(shelf) == 2

    answered(second)
    shown(ward.nurse)
    shown(ward.investigator)

    assert len(shelf) == 3


def another_participant(world: World) -> World:
    with acting(by="test", reason="enrolled"):
        one = Participant.objects.create(
            study=world.study, site=world.site, number="DEMO-002", regimen=world.regimen
        )  # fmt: skip
    other = replace(world, participant=one)
    kept(dose(other), other)
    return other


def test_where_nothing_changed_the_record_behind_the_grades_is_not_read(ward):
    shown(ward.nurse)

    with CaptureQueriesContext(connection) as queries:
        shown(ward.nurse)

    tables = ("grading_vitalsigns", "grading_treatment", "regimens_measurement")
    assert not [one["sql"] for one in queries if any(f'FROM "{table}"' in one["sql"] for table in tables)]
    # One asks whether a push of hers still arrives, the last whether whoever it was drawn for still has the scope.
    assert len(queries) <= 12
