"""A trial as talquetamab was given in practice, made into a packet.

The library tells of it (talquetamab_biweekly.yaml, SEED): 50 participants who had all four doses, 80 % with CRS in
step-up, 4 % at the fourth dose and of grade 1 at most. With this seed the stories are so to the participant, and every
event shows in the sets that were taken. The facts are put in at once: a packet derives everything from them anew.
"""

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import groupby

from django.db import connection

from crsmonitor.audit.acting import acting
from grading.exports.datasets import ADCRSP
from grading.exports.datasets.statement import statement
from grading.exports.formats.table import FORMATS, save
from grading.exports.packet.known_at import known_at
from grading.simulation.assumed import Assumed
from grading.simulation.rates import rates_for
from grading.simulation.story import Story, tell
from grading.simulation.trial import Trial, facts_of, number_of, prepare
from regimens.blinding import Profile
from regimens.facts import Fact
from regimens.library import document_from, plan_of
from regimens.library.own import with_windows
from regimens.models import Participant
from regimens.rules.plan import ObservationClock

SEED, PARTICIPANTS = 105, 50
START = datetime(2026, 1, 5, 1, tzinfo=UTC)
CUT = START + timedelta(days=100)
LABELS = ("step-up 1", "step-up 2", "step-up 3", "first treatment dose")
DOSES = ((1, 0.01), (4, 0.06), (7, 0.4), (10, 0.8))  # day, mg/kg
PERCENT = (29, 44, 33, 4)  # with CRS: US PI 5.1 in the library's file, and SEED for the last
PLAN = {
    "id": "talquetamab-like", "drug": "x", "title": "Like talquetamab every 2 weeks", "route": "SC",
    "steps": [
        {"label": label, "day": day, "dose": dose, "unit": "mg/kg", "source": "P",
         ("target" if label == LABELS[-1] else "step_up"): True}
        for label, (day, dose) in zip(LABELS, DOSES, strict=True)
    ],
    "sources": {"P": {"what": "protocol"}},
}  # fmt: skip
SETTINGS = Assumed(
    missing_percent=Decimal(0), grades=((1, 57), (2, 17), (3, 2)), duration_h=(24, 30), vitals_every_h=8,
    neuro_every_h=48, watched_h=16, delayed_percent=Decimal(0), neurotoxic_percent=Decimal(0),
)  # fmt: skip


@dataclass(frozen=True)
class Packed:
    """What happened, and what was packed: name of a file -> its bytes."""

    stories: tuple[Story, ...]
    files: dict[str, bytes]


def packed_trial(formats: tuple[str, ...]) -> Packed:
    document, variant = with_windows(
        document_from(PLAN), "", hours=Decimal(24), clock=ObservationClock.ADMINISTRATION, source="protocol"
    )
    made = prepare(document, variant=variant, code="TALQ", title="Like talquetamab", assumed=SETTINGS)
    trial = replace(made, followed_h=SETTINGS.risk_window_h)  # whoever leaves before is undeterminable
    plan = plan_of(document)
    given = dict(zip(LABELS, map(Decimal, PERCENT), strict=True))
    rates = rates_for(plan, document.data, given=given, repeats=1)
    stories = tuple(
        tell(plan, variant=variant, rates=rates, assumed=SETTINGS, seed=SEED, participant=place)
        for place in range(1, PARTICIPANTS + 1)
    )
    put_in(trial, stories)
    return Packed(stories, dict(_written(trial, formats)))


def _written(trial: Trial, formats: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """ADCRSP alone, as a packet has it: of the others and of their hashes test_packets.py says enough."""
    rows = statement(ADCRSP, study=trial.study, sites=None, cut=CUT, profile=Profile.DOSES)
    with known_at(trial.study, CUT), connection.cursor() as cursor:
        for name in formats:
            file = io.BytesIO()
            save(FORMATS[name], ADCRSP, rows, cursor.cursor, file, made_at=CUT, study=trial.study.code)
            yield ADCRSP.name + FORMATS[name].suffix, file.getvalue()


def put_in(trial: Trial, stories: tuple[Story, ...]) -> None:
    """All facts at once, past the door and without what is derived of them."""
    facts: list[Fact] = []
    with acting(by="test", reason="simulated"):
        for place, story in enumerate(stories, start=1):
            who = Participant.objects.create(
                study=trial.study, site=trial.site, number=number_of(trial, place), regimen=trial.regimen
            )
            facts += facts_of(story, trial, who, start=START + timedelta(days=place % 28))
    for fact in facts:
        fact.root, fact.recorded_by = fact.pk, trial.nurse
    for model, same in groupby(sorted(facts, key=lambda fact: type(fact).__name__), key=type):
        model.objects.bulk_create(list(same), batch_size=500)


# --- The table, as the stories have it ------------------------------------------------------------------------------


def table_of(stories: tuple[Story, ...]) -> dict[str, float]:
    """Figures by name: what an analysis of the packet has to come to."""
    peaks = [[0 if dose.event is None else dose.event.peak for dose in story.engager] for story in stories]
    highest = Counter(max(each) for each in peaks)
    table: dict[str, float] = {
        "participants": len(stories),
        "percent_step_up": 100 * sum(any(each[:3]) for each in peaks) / len(stories),
        "percent_fourth": 100 * sum(each[3] > 0 for each in peaks) / len(stories),
        "highest_fourth": max(each[3] for each in peaks),
        "recurrent": sum(sum(peak > 0 for peak in each) > 1 for each in peaks),
    }
    table |= {f"with_crs_{place}": sum(each[place - 1] > 0 for each in peaks) for place in (1, 2, 3, 4)}
    return table | {f"highest_{grade}": highest[grade] for grade in range(4)}
