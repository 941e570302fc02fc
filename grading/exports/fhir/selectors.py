"""Resources of a scope, a page at a time, in an order that stays: by instant, then by key."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from grading.exports.fhir import administrations, adverse_events, observations
from grading.exports.fhir.common import Resource
from grading.exports.rows import Scope
from grading.models import Episode, EventReport, Grade, NeuroAssessment, Treatment, TreatmentEnd, VitalSigns
from regimens.blinding import Profile
from regimens.models import Disposition, Dose, DoseEnd, Participant, Transfer

# Which data sets a key must be bound to for a kind of resource; grades and doses ask for one more.
NEEDED = {"Observation": ("advs",), "MedicationAdministration": ("adcm",), "AdverseEvent": ("adcrs", "adicans")}


BEFORE_ALL = "1970-01-01T00:00:00+00:00"  # where the next table is read from its beginning


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`after`: where the next page goes on, as table, instant and key; None: this is the last."""

    resources: list[Resource]
    after: str | None


def subjects(scope: Scope, usubjid: str | None) -> dict[int, str]:
    """USUBJID of the participants of a scope, by key. `usubjid`: of this one alone; empty where nobody is called so."""
    first = Transfer.objects.filter(participant=OuterRef("pk")).order_by("at").values("from_site__code")[:1]
    known = Participant.objects.filter(study=scope.study)
    if scope.sites is not None:
        known = known.filter(site__in=scope.sites)
    rows = known.annotate(enrolled_at=Coalesce(Subquery(first), "site__code")).values_list(
        "pk", "number", "enrolled_at"
    )
    named = {pk: f"{scope.study.code}-{site}-{number}" for pk, number, site in rows}
    return named if usubjid is None else {pk: name for pk, name in named.items() if name == usubjid}


def page_of(
    kind: str, scope: Scope, people: dict[int, str], *, count: int, after: tuple[int, datetime, Any] | None
) -> Page:
    """`count`: facts of the page; one set is several Observations."""
    sources = SOURCES[kind]
    start, resources, left = (0 if after is None else after[0]), [], count
    for place in range(start, len(sources)):
        model, when, make = sources[place]
        rows = _after(_rows(model, people), when, after if place == start else None)
        facts = list(rows.order_by(when, "pk")[: left + 1])
        shown = facts[:left]
        resources += make(shown, scope, people)
        if len(facts) > left:
            return Page(resources=resources, after=_name(place, shown[-1], when))
        left -= len(shown)
        if left == 0 and place + 1 < len(sources):
            return Page(resources=resources, after=f"{place + 1}|{BEFORE_ALL}|0")
    return Page(resources=resources, after=None)


def _name(place: int, last: Any, when: str) -> str:
    return f"{place}|{getattr(last, when).isoformat()}|{last.pk}"


def _rows(model: Any, people: dict[int, str]) -> QuerySet[Any]:
    if model is Episode:
        return Episode.objects.filter(participant__in=people, final_grade__gt=0)  # those that AE has
    rows: QuerySet[Any] = model.objects.standing().filter(participant__in=people)
    return rows


def _after(rows: QuerySet[Any], when: str, after: tuple[int, datetime, Any] | None) -> QuerySet[Any]:
    if after is None:
        return rows
    _, instant, key = after
    if isinstance(key, int) is not (rows.model is Episode):  # only where a table begins
        return rows.filter(**{f"{when}__gt": instant})
    return rows.filter(Q(**{f"{when}__gt": instant}) | Q(**{when: instant, "pk__gt": key}))


def _vitals(facts: list[VitalSigns], scope: Scope, people: dict[int, str]) -> Iterator[Resource]:
    grades = _grades(facts, scope)
    for fact in facts:
        name = people[fact.participant_id]
        yield from observations.of_vitals(fact, name)
        if fact.pk in grades:
            yield observations.of_grade(grades[fact.pk], fact, name)


def _neuro(facts: list[NeuroAssessment], scope: Scope, people: dict[int, str]) -> Iterator[Resource]:
    if not scope.holds("adneuro"):
        return
    grades = _grades(facts, scope)
    for fact in facts:
        name = people[fact.participant_id]
        yield from observations.of_neuro(fact, name)
        if fact.pk in grades:
            yield observations.of_grade(grades[fact.pk], fact, name)


def _grades(facts: list[Any], scope: Scope) -> dict[UUID, Grade]:
    """What is derived of sets is ADSET's: told to a key that is bound to it."""
    return Grade.objects.in_bulk([fact.pk for fact in facts]) if scope.holds("adset") else {}


def _treatments(facts: list[Treatment], scope: Scope, people: dict[int, str]) -> Iterator[Resource]:
    ends = _ends(TreatmentEnd, "treatment", facts)
    for fact in facts:
        if fact.acts_as not in administrations.NO_DRUG:
            name = people[fact.participant_id]
            yield administrations.of_treatment(fact, name, ended_at=ends.get(fact.root))


def _doses(facts: list[Dose], scope: Scope, people: dict[int, str]) -> Iterator[Resource]:
    """Of a blinded recipient none: that there was one, and when, is in the data sets that she may have."""
    if scope.profile is Profile.BLINDED or not scope.holds("adex"):
        return
    ends, drugs = _ends(DoseEnd, "dose", facts), _drugs(facts)
    for fact in facts:
        name = people[fact.participant_id]
        yield administrations.of_dose(fact, drugs[fact.participant_id], name, ended_at=ends.get(fact.root))


def _ends(model: Any, names: str, facts: list[Any]) -> dict[UUID, datetime]:
    ends = model.objects.standing().filter(**{f"{names}__root__in": [fact.root for fact in facts]})
    return dict(ends.values_list(f"{names}__root", "observed_at"))


def _drugs(facts: list[Dose]) -> dict[int, str]:
    own = Participant.objects.filter(pk__in={fact.participant_id for fact in facts})
    return dict(own.values_list("pk", "regimen__drug"))


def _episodes(episodes: list[Episode], scope: Scope, people: dict[int, str]) -> Iterator[Resource]:
    tells = scope.profile is not Profile.BLINDED and scope.holds("adex")
    reports, left = _reported(episodes), _left(episodes)
    for one in episodes:
        yield adverse_events.of_episode(
            one, people[one.participant_id], scope.study.code, tells_dose=tells,
            reported=reports.get((one.participant_id, one.kind, one.root), ""),
            observed=one.participant_id not in left,
        )  # fmt: skip


def _reported(episodes: list[Episode]) -> dict[tuple[int, str, UUID], str]:
    """The outcome that the newest report of each says."""
    reports = EventReport.objects.standing().filter(
        participant__in={one.participant_id for one in episodes}, about_root__in=[one.root for one in episodes]
    )
    newest = reports.order_by("observed_at", "recorded_at").values_list("participant", "kind", "about_root", "outcome")
    return {(participant, kind, root): outcome for participant, kind, root, outcome in newest}


def _left(episodes: list[Episode]) -> set[int]:
    """Of whom observation ended."""
    ended = Disposition.objects.standing().filter(participant__in={one.participant_id for one in episodes})
    return set(ended.values_list("participant", flat=True))


SOURCES: dict[str, list[tuple[Any, str, Any]]] = {
    "Observation": [(VitalSigns, "observed_at", _vitals), (NeuroAssessment, "observed_at", _neuro)],
    "MedicationAdministration": [(Treatment, "observed_at", _treatments), (Dose, "observed_at", _doses)],
    "AdverseEvent": [(Episode, "started_at", _episodes)],
}
