"""A Bundle, or lines of resources, as what was received: each entry by itself, none of them able to break another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from grading.rules.intake.fhir import codes, medication, observation
from grading.rules.intake.fhir.elements import child, objects, text
from grading.rules.intake.reasons import IntakeReason, Weight, has, reason
from grading.rules.intake.received import Received, RowKind, digest_of, key_of

TYPES = ("batch", "transaction", "collection", "searchset")
METHODS = frozenset({"", "POST", "PUT"})
Resource = dict[str, Any]


@dataclass(slots=True)
class Parcel:
    """All resources of one import, by the names under which they refer to each other. `origin`: the sending system."""

    origin: str
    at: datetime
    named: dict[str, Resource] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)

    def add(self, resource: Resource, full_url: str) -> None:
        kind, own = text(resource, "resourceType"), text(resource, "id")
        for name in filter(None, (full_url, f"{kind}/{own}" if own else "")):
            self.named.setdefault(name, resource)
            if kind == "Patient" and (subject := _usubjid(resource)):
                self.subjects[name] = subject
        if kind == "ResearchSubject" and (subject := _usubjid(resource)):
            person = child(resource, "individual") or child(resource, "subject")  # R4, R5
            self.subjects[text(person, "reference")] = subject

    def subject_of(self, resource: Resource) -> str | None:
        """USUBJID, by the identifier of the reference or of the Patient or ResearchSubject that came with it."""
        reference = child(resource, "subject")
        identifier = child(reference, "identifier")
        if text(identifier, "system") == codes.USUBJID:
            return text(identifier, "value") or None
        name = text(reference, "reference")
        if name.startswith("#"):
            inside = (one for one in objects(resource.get("contained")) if text(one, "id") == name[1:])
            return next((_usubjid(one) for one in inside), None)
        return self.subjects.get(name)

    def resolver(self, resource: Resource) -> medication.Resolve:
        def resolve(name: str) -> Resource:
            inside = (one for one in objects(resource.get("contained")) if f"#{text(one, 'id')}" == name)
            return next(inside, None) or self.named.get(name, {})

        return resolve


def _usubjid(resource: Resource) -> str | None:
    values = (text(one, "value") for one in objects(resource.get("identifier")) if text(one, "system") == codes.USUBJID)
    return next((value for value in values if value), None)


def read_entries(entries: Sequence[Any], *, origin: str, at: datetime) -> list[Received]:
    """Each entry of a Bundle: `{"resource": ..., "fullUrl": ..., "request": ...}`."""
    parcel = Parcel(origin, at)
    for one in objects(entries):
        parcel.add(child(one, "resource"), text(one, "fullUrl"))
    return [_entry(one, place, parcel) for place, one in enumerate(entries)]


def read_resources(resources: Iterable[Any], *, origin: str, at: datetime) -> list[Received]:
    """Each line of ndjson; None: a line that cannot be read."""
    return read_entries([{"resource": one} for one in resources], origin=origin, at=at)


def _entry(entry: Any, place: int, parcel: Parcel) -> Received:
    resource = child(entry, "resource")
    if not resource or not text(resource, "resourceType"):
        return _received(resource or {"entry": place}, place, parcel, reasons=(reason("malformed"),))
    if text(child(entry, "request"), "method") not in METHODS:
        return _received(resource, place, parcel, reasons=(reason("method_unknown"),))
    reader = READERS.get(resource["resourceType"])
    if reader is None:
        return _received(resource, place, parcel, reasons=(reason("resource_unknown"),))
    return reader(resource, place, parcel)


def _observation(resource: Resource, place: int, parcel: Parcel) -> Received:
    status = text(resource, "status")
    kind, gives, reasons = observation.values(resource)
    when = observation.observed_at(resource, at=parcel.at)
    return _checked(resource, place, parcel, status, kind, gives, [*observation.status_reasons(status), *reasons], when)


def _administration(resource: Resource, place: int, parcel: Parcel) -> Received:
    status = text(resource, "status")
    gives, reasons = medication.values(resource, at=parcel.at, resolve=parcel.resolver(resource))
    when = medication.started_at(resource, at=parcel.at)
    reasons = [*medication.status_reasons(status), *reasons]
    return _checked(resource, place, parcel, status, RowKind.TREATMENT, gives, reasons, when)


READERS = {"Observation": _observation, "MedicationAdministration": _administration}


def _checked(
    resource: Resource, place: int, parcel: Parcel, status: str, kind: RowKind | None, gives: Mapping[str, Any],
    reasons: list[IntakeReason], when: datetime | IntakeReason,
) -> Received:  # fmt: skip
    subject = parcel.subject_of(resource)
    if status == observation.IN_ERROR:  # whatever else it says no longer matters
        why = () if subject else (reason("no_subject"),)
        return _received(resource, place, parcel, subject=subject, kind=kind, retracts=True, reasons=why)
    if kind is None and not has(reasons, Weight.REJECTS):
        return _received(resource, place, parcel, subject=subject, reasons=tuple(reasons))
    if subject is None:
        reasons.append(reason("no_subject"))
    if isinstance(when, IntakeReason):
        reasons.append(when)
    observed_at = None if isinstance(when, IntakeReason) else when
    return _received(
        resource, place, parcel, subject=subject, kind=kind, observed_at=observed_at, gives=gives,
        reasons=tuple(reasons),
    )  # fmt: skip


def _received(resource: Resource, place: int, parcel: Parcel, **values: Any) -> Received:
    content = {name: value for name, value in resource.items() if name not in ("meta", "text")}
    digest = digest_of(content)
    return Received(place=place, key=_key(resource, parcel, digest), digest=digest, **{"gives": {}} | values)


def _key(resource: Resource, parcel: Parcel, digest: str) -> str:
    """By its identifier; else by its id at the sending system; else it is known by its content alone."""
    kind = text(resource, "resourceType")
    for one in objects(resource.get("identifier")):
        if text(one, "value"):
            return key_of(kind, text(one, "system"), text(one, "value"))
    own = text(resource, "id")
    return key_of(kind, parcel.origin, own, "id") if own else key_of(kind, digest, "content")
