"""A participant moves to another site: what was before stays where it was, for exports, days and access (case R34)."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from crsmonitor.errors import Forbidden, InvalidInput, NotFound
from grading.bedside.views.head import picture_for
from grading.course.compare import comparison_of
from grading.course.derive import rederive
from grading.dosing.selectors.gate_case import case_of
from grading.models import DosePeriod, Episode, GradeAssessment
from regimens.library import plan_named
from regimens.models import Participant, Site, StayEnd, Transfer
from regimens.moving import transfer
from regimens.selectors import participant_for
from tests.builders import dose, draft, hour, kept, person, stay, vitals
from tests.exports.reading import picked, rows
from tests.stages import stage

pytestmark = pytest.mark.django_db

WEEK = 168
PLACE = ("USUBJID", "SITEID", "COUNTRY", "TZ", "ASPRSDTM", "ASPRSDY")


@stage
def dosed(world):
    """Dosed in Taipei on 2 March, 17:00 there."""
    kept(dose(world), world)
    kept(vitals(world, 4, temperature_c=38.5), world)
    return world


def moved(world, h=100, *, by=None, to=None, because="lives in Paris now"):
    return transfer(
        participant_id=world.participant.pk, to=to or world.other_site, because=because,
        by=by or world.charge_nurse, at=hour(h),
    )  # fmt: skip


@pytest.fixture
def there(dosed):
    """A charge nurse of the site in Paris."""
    with acting(by="test", reason="a colleague"):
        return person("demo.paris", dosed.study, Role.CHARGE_NURSE, dosed.other_site)


def differences(world) -> int:
    participant = Participant.objects.get(pk=world.participant.pk)
    return sum(
        len(one.added) + len(one.changed) + len(one.gone) for one in comparison_of(rederive(participant, at=hour(999)))
    )


def test_r34_the_row_of_a_past_dose_does_not_change(dosed):
    (before,) = rows(dosed, hour(200))
    moved(dosed)
    (after,) = rows(dosed, hour(200))

    assert after == before
    assert picked(after, *PLACE) == (
        "DEMO-DEMO-TPE-DEMO-001", "DEMO-TPE", "TWN", "Asia/Taipei", "2026-03-02T17:00:00+08:00", "1")  # fmt: skip
    assert differences(dosed) == 0


@pytest.mark.long
def test_a_head_that_is_sent_to_an_open_page_ends_with_the_move(dosed, there):
    mine, pk = picture_for(dosed.nurse, dosed.participant.pk, "en"), dosed.participant.pk
    with acting(by="test", reason="a colleague"):
        colleague = person("demo.nurse2", dosed.study, Role.NURSE, dosed.site)
    assert picture_for(colleague, pk, "en").key == mine.key
    assert picture_for(dosed.investigator, pk, "en").key != mine.key
    assert picture_for(dosed.nurse, pk, "zh-hant").key != mine.key
    theirs = picture_for(dosed.investigator, pk, "en")
    assert all("DEMO-001" in "".join(one.draw()) for one in (mine, theirs))

    moved(dosed)

    for one in (mine, theirs):  # who sees both sites begins anew
        with pytest.raises(NotFound):
            one.draw()
    with pytest.raises(NotFound):
        picture_for(dosed.nurse, pk, "en")
    assert "DEMO-001" in "".join(picture_for(there, pk, "en").draw())


def test_a_dose_after_it_has_the_new_site_and_the_same_identifier(dosed, there):
    """Paris, 9 March 10:00; the first dose was on 2 March in Taipei, so that it is day 8."""
    moved(dosed)
    dosed.participant.refresh_from_db()
    kept(dose(dosed, WEEK, step=1), dosed, by=there)

    first, second = rows(dosed, hour(200))

    assert picked(first, *PLACE[:4]) == ("DEMO-DEMO-TPE-DEMO-001", "DEMO-TPE", "TWN", "Asia/Taipei")
    assert picked(second, *PLACE) == (
        "DEMO-DEMO-TPE-DEMO-001", "DEMO-PAR", "FRA", "Europe/Paris", "2026-03-09T10:00:00+01:00", "8")  # fmt: skip
    assert differences(dosed) == 0


def test_an_assessment_made_after_it_leaves_each_onset_on_the_clock_of_its_own_site(dosed, there):
    """21:00 in Taipei on 2 March, 14:00 in Paris on 9 March: CRS began 4 h after each dose, and is over 24 h later."""
    for h in (8, 32):
        kept(vitals(dosed, h), dosed)
    moved(dosed)
    dosed.participant.refresh_from_db()
    kept(dose(dosed, WEEK, step=1), dosed, by=there)
    kept(vitals(dosed, WEEK + 4, temperature_c=38.5), dosed, by=there)
    clocks = [
        ("2026-03-02T21:00:00+08:00", "2026-03-03T01:00:00+08:00"),
        ("2026-03-09T14:00:00+01:00", ""),
    ]
    assert [picked(row, "CRSONDTM", "CRSENDTM") for row in rows(dosed, hour(200))] == clocks

    for episode in Episode.objects.order_by("started_at"):
        word = draft(
            GradeAssessment, dosed, WEEK + 5, about="episode", about_root=episode.root, kind="crs",
            ledger="investigator", agrees=False, grade=2, because="pressure on paper",
        )  # fmt: skip
        kept(word, dosed, by=dosed.investigator)

    judged = rows(dosed, hour(200))
    assert [picked(row, "CRSONDTM", "CRSENDTM") for row in judged] == clocks
    assert [row["CRSMAXGR"] for row in judged] == ["2", "2"]
    assert differences(dosed) == 0


def test_a_dose_entered_late_is_of_the_site_where_it_was_given(dosed, there):
    moved(dosed)
    dosed.participant.refresh_from_db()
    kept(dose(dosed, 50, step=1, reason="found in the notes"), dosed, by=there, at=hour(150))

    assert [row["SITEID"] for row in rows(dosed, hour(200))] == ["DEMO-TPE", "DEMO-TPE"]


def test_twice_moved_each_dose_is_where_it_was_and_the_identifier_is_that_of_enrolment(dosed, there):
    moved(dosed)
    dosed.participant.refresh_from_db()
    kept(dose(dosed, WEEK, step=1), dosed, by=there)
    moved(dosed, 200, to=dosed.site, by=there)
    dosed.participant.refresh_from_db()
    kept(dose(dosed, 2 * WEEK, step=2), dosed)

    rows_of_dose = rows(dosed, hour(400))
    assert [row["SITEID"] for row in rows_of_dose] == ["DEMO-TPE", "DEMO-PAR", "DEMO-TPE"]
    assert {row["USUBJID"] for row in rows_of_dose} == {"DEMO-DEMO-TPE-DEMO-001"}


def test_the_gate_counts_days_from_the_date_that_a_dose_had(dosed):
    """17:00 in Taipei on 2 March, 10:00 in Paris on 9 March: 161 h on the wall, seven dates."""
    moved(dosed)
    dosed.participant.refresh_from_db()

    case = case_of(dosed.participant, plan_named("teclistamab"), dose_at=hour(WEEK))

    assert case.zero_local.isoformat() == "2026-03-02T17:00:00"
    assert (case.doses[0].t_hours, case.now_h) == (0, 161)


def test_whoever_is_at_the_new_site_sees_the_participant_and_the_old_nurse_no_more(dosed, there):
    moved(dosed)

    assert participant_for(there, dosed.participant.pk)
    assert participant_for(dosed.outsider, dosed.participant.pk)  # a nurse in Paris
    assert participant_for(dosed.investigator, dosed.participant.pk)  # of the study
    with pytest.raises(NotFound):
        participant_for(dosed.nurse, dosed.participant.pk)


def test_it_is_recorded_with_who_when_and_why(dosed):
    made = moved(dosed)

    one = Transfer.objects.get()
    assert (one.from_site, one.to_site, one.at, one.because, one.recorded_by) == (
        dosed.site, dosed.other_site, hour(100), "lives in Paris now", dosed.charge_nurse)  # fmt: skip
    assert AuditEvent.objects.filter(table_name="regimens_transfer", row_id=str(made.pk)).exists()


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("nurse", Forbidden), ("sponsor", Forbidden), ("outsider", NotFound),
     ("charge_nurse", None), ("investigator", None), ("data_manager", None)],
)  # fmt: skip
def test_charge_nurse_investigator_and_data_manager_may(dosed, who, refusal):
    by = getattr(dosed, who)

    if refusal is None:
        assert moved(dosed, by=by).pk
    else:
        with pytest.raises(refusal):
            moved(dosed, by=by)
        assert not Transfer.objects.exists()


def test_only_to_another_site_of_the_study_and_with_a_reason(dosed):
    with acting(by="test", reason="a site of nobody's"):
        foreign = Site.objects.create(code="XX", name="Elsewhere", country="DEU", time_zone="Europe/Berlin")

    for wrong in ({"to": foreign}, {"to": dosed.site}, {"because": " "}):
        with pytest.raises(InvalidInput):
            moved(dosed, **wrong)
    assert not Transfer.objects.exists()


def test_nobody_moves_out_of_a_bed_that_they_have_not_left(dosed):
    here = kept(stay(dosed, 1), dosed).fact
    with pytest.raises(InvalidInput) as refused:
        moved(dosed)
    assert list(refused.value.fields) == ["to"]

    kept(draft(StayEnd, dosed, 90, stay=here), dosed)
    assert moved(dosed).pk


def test_by_page(dosed, client):
    client.force_login(dosed.charge_nurse)
    where = reverse("transfer", args=[dosed.participant.pk])
    assert where in client.get(reverse("window", args=[dosed.participant.pk])).content.decode()
    assert "Now at DEMO-TPE" in client.get(where).content.decode()

    refused = client.post(where, {"to": dosed.other_site.pk, "because": ""})
    done = client.post(where, {"to": dosed.other_site.pk, "because": "lives there"})

    assert (refused.status_code, done.status_code, done["Location"]) == (400, 302, "/")
    assert Participant.objects.get(pk=dosed.participant.pk).site == dosed.other_site


def test_a_nurse_has_no_such_page(dosed, client):
    client.force_login(dosed.nurse)

    assert client.get(reverse("transfer", args=[dosed.participant.pk])).status_code == 403
    assert "transfer" not in client.get(reverse("window", args=[dosed.participant.pk])).content.decode()


FIXED = {"site": "other_site", "number": "X-9", "neuro_instrument": "capd"}


@pytest.mark.parametrize("name", FIXED)
def test_an_edit_does_not_move_anybody_once_something_is_recorded(dosed, name):
    one = Participant.objects.get(pk=dosed.participant.pk)
    setattr(one, name, dosed.other_site if name == "site" else FIXED[name])

    with pytest.raises(ValidationError) as refused:
        one.clean()

    assert list(refused.value.message_dict) == [name]


def test_before_anything_is_recorded_a_slip_is_mended_by_an_edit(world):
    world.participant.site = world.other_site

    world.participant.clean()


def test_the_zone_and_code_of_a_site_are_fixed_by_what_was_recorded_there(dosed):
    for site, name, value in (
        (dosed.site, "time_zone", "Europe/Berlin"), (dosed.site, "code", "TPE2")
    ):  # fmt: skip
        one = Site.objects.get(pk=site.pk)
        setattr(one, name, value)
        with pytest.raises(ValidationError):
            one.clean()
    away = Site.objects.get(pk=dosed.other_site.pk)
    away.time_zone = "Europe/Berlin"
    away.clean()  # nobody was recorded there


def test_every_period_has_a_site(dosed):
    assert DosePeriod.objects.get().site == dosed.site
