"""The loop: a design becomes a document, a version with its band, a simulated trial, and evidence of the same design.

The facts of a trial are put in at once and derived: through the door of the bedside 60 participants take minutes.
"""

import csv
import io
import json
import math
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from grading.course.derive import rederive
from grading.evidence.observed import evidence_of
from grading.evidence.outcomes import outcomes
from grading.evidence.predicted.fitting import refit_where_behind, whole_scope
from grading.exports.datasets import ADCRSP
from grading.exports.datasets.statement import copy_csv, statement
from grading.exports.writers import blocks_of
from grading.models import DosePeriod
from grading.simulation.assumed import Assumed
from grading.simulation.designed import SEVERE, rungs_of, truth_of
from grading.simulation.rates import NoRate
from grading.simulation.story import tell
from grading.simulation.trial import prepare
from regimens.blinding import Profile
from regimens.design.contract import kinds
from regimens.library import plan_of
from regimens.library.designed.document import Origin, compiled
from regimens.models import PredictedBand, Study
from regimens.rules.canonical import text_of_json
from regimens.runs import claims
from tests.builders import build_world, hour
from tests.exports.packet.talquetamab import put_in
from tests.regimens.designed.builders import DOSES, designed_version
from tests.regimens.designs.builders import run_row
from tests.stages import stage

pytestmark = pytest.mark.django_db
LABEL = {"name": "label", "doses": DOSES}
COMPARED = {"drug": "epcoritamab", "regimens": [LABEL], "last_period_d": 7}
# Sixty people seen before, as the published hazard has it: 6.8, 8.2, 11.9, 0.8 %. From the prior alone the band of the
# fourth dose reaches so far that a truth with Kin 0.2 gives 2.4 bits.
SEEN = [{"regimen": "label", "period": place, "n": 60, "events": x} for place, x in enumerate((4, 5, 7, 0), start=1)]
CONTENTS = {
    "comparison": COMPARED,
    "escalation": COMPARED | {"data": SEEN, "ladder": ["label"], "current": "label", "grade3": {"events": 0, "of": 16}},
}
TRUE = {"ln_smax": 0.0539, "ln_s50": math.log(0.0943), "ln_kin": -0.832}  # LI26
SLOW = {"smax_per_d": math.exp(0.0539), "s50_ug_ml": 0.0943, "kin_per_d": 0.2}
HEAD = {"id": "loop", "drug": "epcoritamab", "title": "Loop", "route": "SC"}
SETTINGS = Assumed(
    grades=SEVERE, watched_h=16, duration_h=(24, 30), neurotoxic_percent=Decimal(0), vitals_every_h=8, neuro_every_h=48,
    missing_percent=Decimal(0), delayed_percent=Decimal(0),
)  # fmt: skip
CUT = datetime(2026, 6, 1, tzinfo=UTC)
LOUD = 4.3  # bits: two-sided p 0.05


def done_run(version, **more):
    """Of 500 virtual people, computed here."""
    fields = COMPARED | {"patients": 500, "seed": 7} | more
    run_row(version, kind="trial", input=text_of_json(fields))
    claim = claims.claim_next(engine="test", at=hour(-85))
    answer = text_of_json(kinds.answer("trial", fields))
    assert claims.finish(claim, answer, cpu_s=1.0, done=500, at=hour(-80))
    return claim.run


@stage(lasts_s=600)
def loop():
    """The version of the design, and the document that its regimen becomes."""
    made = compiled([LABEL], cohorts=False, base=None, head=HEAD, origin=Origin(key="DESIGN_1", what="a design"))
    return designed_version(build_world(), CONTENTS), made.document


def simulated(loop, run, *, people, seed):
    """The trial, and how many of grade 2 and above the stories tell of, by dose."""
    document, plan = loop[1], plan_of(loop[1])
    truth = truth_of(run.pk, plan, document.data, given={}, repeats=SETTINGS.repeats)
    trial = prepare(document, variant="", code="LOOP", title="LOOP", assumed=SETTINGS, truth=truth)
    stories = tuple(
        tell(plan, variant="", rates=truth.rates_at(""), assumed=SETTINGS, seed=seed, participant=place)
        for place in range(1, people + 1)
    )
    put_in(trial, stories)
    for participant in trial.study.participants.select_related("study", "site", "regimen"):
        DosePeriod.objects.bulk_create(rederive(participant, at=CUT).periods)
    return trial.study, Counter(place for one in stories for place, dose in enumerate(one.engager, 1) if dose.event)


def exported(study):
    """Doses, and those with CRS of grade 2 and above, by number, as the sponsor's rows have them."""
    query = copy_csv(statement(ADCRSP, study=study, sites=None, cut=CUT, profile=Profile.DOSES))
    with connection.cursor() as cursor:
        # Nobody has analyzed what was put in just now, and a plan for tables believed empty once took eight minutes.
        cursor.execute("SET LOCAL enable_nestloop TO off")
        text = b"".join(blocks_of(cursor.cursor, query)).decode()
        cursor.execute("SET LOCAL enable_nestloop TO on")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    return Counter(int(one["DOSENUM"]) for one in rows), Counter(
        int(one["DOSENUM"]) for one in rows if one["CRSFL"] == "Y" and int(one["CRSMAXGR"]) >= 2
    )


def evidence(study):
    refit_where_behind(engine=kinds.engine(), at=CUT)
    return evidence_of(outcomes(whole_scope(study), cut=None, at=CUT)).bands[0]


@pytest.mark.long
def test_sixty_participants_of_a_right_design_are_recovered_and_surprise_nobody(loop):
    study, happened = simulated(loop, done_run(loop[0]), people=60, seed=1)
    given, in_export = exported(study)
    band = evidence(study)

    assert (band.endpoint, band.taken_from) == ("grade2plus", "posterior")
    assert {row.place: row.known for row in band.rows} == given
    assert Counter({row.place: row.events for row in band.rows}) == in_export == happened
    assert [row.place for row in band.rows if row.prior.bits >= LOUD] == []
    for name, value in TRUE.items():
        mean, sd = band.parameters[name]["posterior"]
        assert abs(mean - value) < 2 * sd
        assert sd < band.parameters[name]["prior"][1]


@pytest.mark.long
def test_slower_tolerance_is_told_at_the_fourth_dose(loop):
    study, _happened = simulated(loop, done_run(loop[0], hazard=SLOW), people=20, seed=2)
    band = evidence(study)

    fourth = band.rows[3]
    assert (fourth.place, fourth.prior.direction) == (4, "more")
    assert fourth.prior.bits > LOUD
    assert fourth.posterior.expected > 2 * fourth.prior.expected  # and is learned


# --- The command ----------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_a_file_is_simulated_with_the_rates_of_a_run_and_has_its_band(loop, tmp_path):
    path, out = tmp_path / "loop.yaml", io.StringIO()
    path.write_text(json.dumps(loop[1].data, default=float))
    run = done_run(loop[0])

    options = ("--rates-from-design", str(run.pk), "--rate", "target dose 2=100", "--missing", "0")
    call_command("simulate_trial", str(path), *options, "--participants", "1", stdout=out)

    assert "export         says exactly what the sets could show" in out.getvalue()
    first = run.result.contents["regimens"][0]["periods"][0]["mean"]
    assert f"{100 * first:.2f} % (run {str(run.pk)[:8]})" in out.getvalue()
    assert "100 % (given)" in out.getvalue()
    assert PredictedBand.objects.get().designed.regimen.study == Study.objects.get(code="SIM")
    seen = outcomes(whole_scope(Study.objects.get(code="SIM")), cut=None, at=CUT)
    assert (seen.periods[-1].place, seen.periods[-1].crs_grade2) == (4, "event")  # grades of the endpoint, unasked
    assert {one.crs_any.is_known for one in seen.periods} == {True}  # also the last: its window is seen through


@pytest.mark.parametrize(("text", "message"), [(None, "No such file"), ("id: [", "loop.yaml"), ("id: loop", "steps")])
def test_a_file_that_is_no_regimen_is_refused_with_what_is_wrong(tmp_path, text, message):
    path = tmp_path / "loop.yaml"
    if text is not None:
        path.write_text(text)

    with pytest.raises(CommandError, match=message):
        call_command("simulate_trial", str(path))


def test_a_run_that_is_not_there_is_told(db):
    with pytest.raises(CommandError, match="is no run of the workbench"):
        call_command("simulate_trial", "teclistamab", "--rates-from-design", str(uuid4()))


def test_a_plan_s_cohorts_follow_the_regimens_of_their_names():
    assert rungs_of(["low", "a name that is too lo"[:20]], ["a name that is too long", "low", "high"]) == {
        "low": "low", "a name that is too l": "a name that is too long",
    }  # fmt: skip
    alike = ["a name that is too long", "a name that is too long too"]  # the same in twenty characters
    assert rungs_of(["a name that is too 2", "a name that is too l"], alike) == {
        "a name that is too 2": alike[1], "a name that is too l": alike[0],
    }  # fmt: skip
    assert rungs_of([], ["one"]) == {"": "one"}
    for cohorts, regimens in (([], ["one", "two"]), (["three"], ["one", "two"])):
        with pytest.raises(NoRate):
            rungs_of(cohorts, regimens)
