"""An investigator signs the observation window of each simulated dose, and says to its episodes what was derived.

Each is reported as an event too. What is said follows the course alone: settings of a simulation, no clinical facts.
"""

import uuid
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import pairwise

from crsmonitor.accounts.models import User
from grading.models import (
    About,
    DrugAction,
    Episode,
    EventReport,
    GradeAssessment,
    Ledger,
    ReportedOutcome,
    SeriousnessCriterion,
    VitalSigns,
)
from grading.recording.record import record
from regimens.facts import Fact, Source
from regimens.models import Dose, WindowCompletion

WHY = "simulated trial"
NAMESPACE = uuid.UUID("5f0c3c51-7a55-5b0e-8a0b-1f2b0d9c6a4e")
SERIOUS_FROM, LIFE_THREATENING_FROM = 3, 4  # grades
SIGNED_AFTER = timedelta(hours=3)  # the last set of the dose, once what came late is there


def closings_of(facts: Iterable[Fact]) -> Iterator[WindowCompletion]:
    """After the last set of each dose, unless the next one was given by then."""
    known = list(facts)
    doses = sorted((one for one in known if isinstance(one, Dose)), key=lambda one: one.observed_at)
    begun = [one for one in doses if one.supersedes_id is None]
    for dose, following in pairwise([*begun, None]):
        until = None if following is None else following.observed_at
        sets = [
            one.observed_at for one in known
            if isinstance(one, VitalSigns) and dose.observed_at < one.observed_at
            and (until is None or one.observed_at < until)
        ]  # fmt: skip
        at = max(sets, default=dose.observed_at) + SIGNED_AFTER
        if until is None or at < until:
            yield WindowCompletion(
                id=uuid.uuid5(NAMESPACE, f"window of {dose.pk}"), participant=dose.participant, dose=dose,
                observed_at=at, recorded_at=at, source=Source.SIMULATION, complete=False, because=WHY, signed=True,
            )  # fmt: skip


def judge_episodes(closing: WindowCompletion, *, by: User) -> None:
    """Those of the participant by then: each once, as it was derived."""
    assessments = GradeAssessment.objects.filter(participant=closing.participant, about=About.EPISODE)
    judged = set(assessments.values_list("about_root", "kind"))
    for episode in Episode.objects.filter(participant=closing.participant).order_by("started_at", "kind"):
        if (episode.root, episode.kind) in judged:
            continue
        at = closing.recorded_at
        record(
            GradeAssessment(
                id=uuid.uuid5(NAMESPACE, f"{episode.kind} {episode.root}"), participant=closing.participant,
                observed_at=at, source=Source.SIMULATION, about=About.EPISODE, about_root=episode.root,
                kind=episode.kind, ledger=Ledger.INVESTIGATOR, agrees=True,
            ),
            by=by, at=at,
        )  # fmt: skip
        record(_report(episode, closing), by=by, at=at)


def _report(episode: Episode, closing: WindowCompletion) -> EventReport:
    """Serious from grade 3 on. Nobody is dosed before it is over, and then as planned."""
    over, criteria = episode.ended_at is not None, []
    if episode.final_grade >= SERIOUS_FROM:
        criteria = [SeriousnessCriterion.IMPORTANT.value]
    if episode.final_grade >= LIFE_THREATENING_FROM:
        criteria = [SeriousnessCriterion.LIFE_THREATENING.value]
    return EventReport(
        id=uuid.uuid5(NAMESPACE, f"report of {episode.kind} {episode.root}"), participant=closing.participant,
        observed_at=closing.recorded_at, source=Source.SIMULATION, kind=episode.kind, about_root=episode.root,
        serious=bool(criteria), criteria=criteria, next_dose_delayed=not over,
        outcome=ReportedOutcome.RECOVERED.value if over else ReportedOutcome.NOT_RECOVERED.value,
        action=DrugAction.NOT_CHANGED.value if over else DrugAction.INTERRUPTED.value,
    )  # fmt: skip
