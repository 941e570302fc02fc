"""The demo trial shows what the product is for: every state that a ward board can have, told by the simulator."""

import io
import logging
from dataclasses import dataclass

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from crsmonitor.accounts.models import User
from grading.bedside.selectors.ward import ward_board
from grading.course.record.readings import icans_inputs
from grading.models import Alert, AlertState, Delivery, DeliveryState, Episode, NeuroAssessment, Treatment, VitalSigns
from grading.setup.readiness import RowStanding, checklist, missing_at
from grading.setup.selectors import facts_of
from grading.simulation.demo import PASSWORD, PEOPLE, SCENES, now_in, story_of
from regimens.models import DesignRun, Disposition, Dose, Participant, Stay, StayEnd, Study
from regimens.selectors import sites_of
from tests.stages import stage

pytestmark = [pytest.mark.django_db, pytest.mark.long]


class Kept(logging.Handler):
    """What was logged as a warning or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@dataclass(frozen=True)
class Seeded:
    output: str
    warnings: list[str]


@stage(lasts_s=60)  # its next looks are due in tens of minutes
def demo() -> Seeded:
    out, kept = io.StringIO(), Kept()
    logging.getLogger().addHandler(kept)
    try:
        call_command("seed_demo", stdout=out)
    finally:
        logging.getLogger().removeHandler(kept)
    return Seeded(out.getvalue(), kept.lines)


def test_it_prints_sign_ins_that_work(demo, client):
    for name, _role, _site in PEOPLE:
        assert name in demo.output
        assert client.login(username=name, password=PASSWORD)


def test_the_demo_study_is_ready_to_enrol_at_both_sites(demo):
    study = Study.objects.get()

    rows = checklist(facts_of(study, at=timezone.now()))
    assert {row.item.value: row.shortfalls for row in rows if row.standing is RowStanding.MISSING} == {}
    assert [missing_at(rows, site.code) for site in sites_of(study)] == [(), ()]


def test_the_central_reviewer_goes_to_the_disagreements(demo, client):
    client.login(username="reviewer", password=PASSWORD)

    assert client.get(reverse("board"))["Location"] == reverse("disagreements")


def test_the_sponsor_finds_a_design_with_a_trial_that_is_done(demo, client):
    client.login(username="sponsor", password=PASSWORD)
    run = DesignRun.objects.get()

    assert run.progress.state == "done"
    assert reverse("design-run", args=[run.pk]) in client.get(reverse("designs")).content.decode()
    assert client.get(reverse("design-run", args=[run.pk])).status_code == 200


# --- What the ward shows --------------------------------------------------------------------------------------

NOTHING = {"drugs": [], "open": False, "waiting": 0, "before": []}
# sets and ICE since the last dose: F fever, L low pressure, O oxygen, V vasopressor, ? a part left out, - none of them.
WARD = {
    "DEMO-001": {"step": "step-up 1", "crs": "1", "icans": "0", "sets": ["-", "F"], "ice": [10], "due": "later",
                 "drugs": ["paracetamol"], "open": True},
    "DEMO-002": {"step": "step-up 2", "crs": "0", "icans": "0", "sets": ["-", "F", "FLO", "F", "-"], "ice": [10, 10],
                 "due": "later", "drugs": ["paracetamol", "tocilizumab"], "open": True},
    "DEMO-003": {"step": "step-up 1", "crs": "0", "icans": "0", "sets": ["-", "-"], "ice": [10], "due": "soon"},
    "DEMO-004": {"step": "step-up 2", "crs": "0", "icans": "0", "sets": ["-", "-"], "ice": [10], "due": "overdue"},
    "DEMO-005": {"step": "step-up 1", "crs": "3", "icans": "1", "sets": ["-", "F", "F", "FLOV"], "ice": [10, 8],
                 "due": "later", "drugs": ["paracetamol"], "open": True, "waiting": 2},
    "DEMO-006": {"step": "step-up 1", "crs": "1 to 2", "icans": "0 to 3", "sets": ["-", "F", "F?"], "ice": [None],
                 "due": "later", "drugs": ["paracetamol"], "open": True},
    "DEMO-007": {"step": "first treatment dose", "crs": "0", "icans": "0", "sets": ["-"], "ice": [], "due": "later",
                 "before": [1]},
    "DEMO-008": {"step": "step-up 1", "crs": "0", "icans": "0", "sets": ["-", "F", "F", "F", "-"], "ice": [10, 10],
                 "due": "later", "drugs": ["paracetamol"], "open": True},
}  # fmt: skip


def test_the_ward_shows_what_each_scene_says(demo):
    now = timezone.now()
    rows = {row.participant.number: row for row in ward_board(User.objects.get(username="investigator"), at=now)}

    assert {number: shown_of(row) for number, row in rows.items()} == {k: NOTHING | look for k, look in WARD.items()}
    assert {number: (row.ward, row.bed) for number, row in rows.items()} == {
        f"DEMO-{scene.number}": ("7B", scene.bed) for scene in SCENES
    }
    assert {row.participant.site.code for row in rows.values()} == {"TPE", "PAR"}


def shown_of(row):
    mine = {"participant": row.participant, "observed_at__gte": row.dose_at}
    examinations = NeuroAssessment.objects.filter(**mine).order_by("observed_at")
    earlier = Episode.objects.filter(participant=row.participant, ended_at__lt=row.dose_at)
    return {
        "step": row.step_label,
        "crs": graded(row.crs),
        "icans": graded(row.icans),
        "sets": [marks(seen) for seen in VitalSigns.objects.filter(**mine).order_by("observed_at")],
        "ice": [score(mind) for mind in examinations],
        "due": due(row.vitals_due.late_by.total_seconds() / 60),
        "drugs": list(Treatment.objects.filter(**mine).order_by("observed_at").values_list("drug", flat=True)),
        "open": row.crs_episode_since is not None,
        "waiting": row.open_alerts,
        "before": list(earlier.values_list("max_grade", flat=True)),
    }


def graded(shown):
    return str(shown.grade) if shown.grade >= 0 else f"{shown.at_least} to {shown.at_most}"


def marks(seen):
    signs = {
        "F": seen.temperature_c is not None and seen.temperature_c >= 38,
        "L": seen.hypotension,
        "O": seen.oxygen_device != "room_air",
        "V": seen.vasopressors,
        "?": None in (seen.temperature_c, seen.sbp, seen.spo2),
    }
    return "".join(mark for mark, is_so in signs.items() if is_so) or "-"


def score(mind):
    ice = icans_inputs(mind, pediatric=False).ice
    return None if ice is None else ice.lowest


def due(late_by):
    return "overdue" if late_by > 60 else "soon" if -30 < late_by < 0 else "later" if late_by < -30 else "now"


def test_a_story_is_recorded_up_to_now_and_what_is_over_pages_nobody(demo):
    """Alerts of a dose weeks ago went to who was on call then, and ended with their episode."""
    assert demo.warnings == []
    for scene in SCENES:
        story, of = story_of(scene), {"participant": Participant.objects.get(number=f"DEMO-{scene.number}")}
        now = now_in(scene, story)
        assert VitalSigns.objects.filter(**of).count() == sum(seen.at + 2 <= now for seen in story.sets)
        assert Dose.objects.filter(**of).count() == scene.dose
        assert Stay.objects.filter(**of).count() == StayEnd.objects.filter(**of).count() + 1
    assert not Disposition.objects.exists()
    over = Alert.objects.filter(state=AlertState.RESOLVED.value)
    assert {alert.participant.number for alert in over} == {"DEMO-007"}
    assert set(Delivery.objects.filter(alert__in=over).values_list("state", flat=True)) == {DeliveryState.DROPPED.value}
    assert {alert.grade for alert in Alert.objects.all()} == {1, 2, 3}


def test_a_second_time_it_changes_nothing(demo, capsys):
    before = Participant.objects.count(), Alert.objects.count()

    call_command("seed_demo")

    assert (Participant.objects.count(), Alert.objects.count()) == before
    assert PASSWORD in capsys.readouterr().out


def test_never_in_production(db, settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="not for production"):
        call_command("seed_demo")
