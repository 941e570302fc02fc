"""A simulated trial: the same seed gives the same, and its export says exactly what its sets could show."""

import io
import re
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from crsmonitor.accounts.models import User
from grading.models import Alert, AlertState, DosePeriod, NeuroAssessment, VitalSigns
from grading.recording.record import record
from grading.recording.rederiving import rederive_participant
from grading.simulation.trial import NURSE, digest_of
from regimens.facts import Source
from regimens.models import Dose, DoseRelease, Participant, Study
from tests.sizes import sized
from tests.stages import stage

pytestmark = pytest.mark.django_db
TECLISTAMAB = ("teclistamab", "--variant", "US", "--rate", "weekly=10")
TARLATAMAB = ("tarlatamab", "--variant", "US", "--rate", "C1D15=20", "--rate", "C2+ D1, D15=10")
ELRANATAMAB = ("elranatamab", "--variant", "US", "--rate", "first treatment dose=30", "--rate", "*=10")
PEOPLE = sized("2", sample="1")
SHORT = ("blinatumomab_RR_ALL", "--rate", "*=20")  # half as many facts as the others


def simulate(*options: str) -> str:
    out = io.StringIO()
    call_command("simulate_trial", *options, stdout=out)
    return out.getvalue()


def hidden(report: str) -> int:
    match = re.search(r"hidden +(\d+):", report)
    assert match is not None
    return int(match[1])


@pytest.mark.long
@pytest.mark.parametrize("missing", sized(["0", "30"], sample=["30"]))
@pytest.mark.parametrize(
    "regimen",
    sized([TECLISTAMAB, TARLATAMAB, ELRANATAMAB], sample=[TECLISTAMAB]),
    ids=lambda options: options[0],
)
def test_the_export_recovers_what_the_sets_could_show(regimen, missing):
    people = PEOPLE if missing == "30" else "1"  # where nothing is left to chance, another says the same again
    report = simulate(
        *regimen, "--participants", people, "--seed", "11", "--missing", missing, "--grades", "1=1,2=1,3=1"
    )

    assert "says exactly what the sets could show" in report
    if missing == "0":
        assert hidden(report) == 0


@pytest.mark.long
def test_looks_that_did_not_come_are_told_as_on_a_ward_and_over_with_the_next():
    report = simulate(*TECLISTAMAB, "--participants", "1", "--seed", "11", "--missing", "30")

    overdue = Alert.objects.filter(condition="observation_overdue")
    assert overdue.count() > 0
    assert f", {overdue.count()} of looks that did not come" in report
    for alert in overdue:
        assert alert.raised_at > alert.observed_at  # when it was due, and not when the next fact came
        assert alert.state == AlertState.RESOLVED
        look = VitalSigns if alert.kind == "vitals" else NeuroAssessment
        assert not look.objects.filter(observed_at__range=(alert.observed_at, alert.raised_at)).exists()
    assert rederive_participant(Participant.objects.get().pk, check=True, at=timezone.now()).differences == ()


@pytest.mark.long
def test_where_none_was_missed_only_a_window_without_an_end_asks_for_more():
    simulate(*TECLISTAMAB, "--participants", "1", "--seed", "11", "--missing", "0")

    for alert in Alert.objects.filter(condition="observation_overdue"):
        period = DosePeriod.objects.filter(started_at__lte=alert.observed_at).latest("started_at")
        assert period.window_ends_at is None  # the label prints no length for this step


@stage(lasts_s=600)  # its days are those of the trial
def simulated() -> None:
    """A trial of one participant with seed 5."""
    simulate(*TECLISTAMAB, "--participants", "1", "--seed", "5")


def digest(seed: str) -> str:
    """Of a trial that leaves nothing behind."""
    with transaction.atomic():
        report = simulate(*SHORT, "--participants", "1", "--seed", seed)
        digest_text = digest_of(Study.objects.get())
        transaction.set_rollback(True)
    assert digest_text in report
    return digest_text


@pytest.mark.long
def test_the_same_seed_gives_the_same_trial_and_another_seed_another():
    first = digest("5")

    assert digest("5") == first
    assert digest("6") != first


@pytest.mark.long
def test_other_settings_are_another_study(simulated):
    with pytest.raises(CommandError, match="choose another --study"):
        simulate(*TECLISTAMAB, "--participants", "1", "--seed", "6")
    assert Participant.objects.count() == 1


@pytest.mark.long
def test_every_dose_was_released_and_every_fact_is_marked_as_simulated(simulated):
    assert set(VitalSigns.objects.values_list("source", flat=True)) == {"simulation"}
    assert DoseRelease.objects.count() == Participant.objects.get().dose_facts.count()


@pytest.mark.long
def test_an_export_that_says_something_else_ends_with_1():
    """A fever that the story does not have, recorded beside it: the same command finds it in the export."""
    never = [*TECLISTAMAB[:3], *(part for step in ("step-up 1", "step-up 2", "first treatment dose", "weekly")
                                 for part in ("--rate", f"{step}=0")), "--participants", "1"]  # fmt: skip
    assert "says exactly what the sets could show" in simulate(*never)
    dosed_at = Dose.objects.earliest("observed_at").observed_at
    fever = VitalSigns(
        id=uuid.uuid4(), participant=Participant.objects.get(), observed_at=dosed_at + timedelta(hours=5),
        source=Source.SIMULATION, temperature_c=Decimal("38.6"),
    )  # fmt: skip
    record(fever, by=User.objects.get(username=NURSE), at=fever.observed_at)

    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("simulate_trial", *never, stdout=out)
    assert ended.value.code == 1
    assert "DIFFERS        SIM-001 dose 1 (step-up 1): sets show none, export 1" in out.getvalue()


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("teclistamab",), r"is on file for 'weekly'. Give each, such as --rate \"weekly=PERCENT\""),
        (("tarlatamab",), r"on file for 'C1D15'; 'C2\+ D1, D15'"),
        (("nothing",), "not in the library, which holds blinatumomab_RR_ALL, elranatamab"),
        (("teclistamab", "--rate", "weekly"), "write STEP=PERCENT"),
        (("teclistamab", "--rate", "weekly=101"), "a percent is from 0 to 100"),
        (("teclistamab", "--rate", "dose 9=1"), "no step 'dose 9' is reached"),
        (("teclistamab", "--variant", "JP", "--rate", "*=1"), "no variant 'JP'; there are: CH, EU, US"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_recorded(options, why):
    with pytest.raises(CommandError, match=why):
        simulate(*options)
    assert not Study.objects.exists()


def test_never_in_production(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="Not in production"):
        simulate(*TECLISTAMAB)
