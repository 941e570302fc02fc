"""What every resource that leaves has: whose it is, which version, and from where it came."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from grading.rules.intake.fhir import codes
from regimens.facts import Fact

Resource = dict[str, Any]
OURS, SOURCE, STUDY = "urn:crsmonitor", "urn:crsmonitor:source", "urn:crsmonitor:study"
NCIT = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"


def subject(usubjid: str) -> Resource:
    return {"type": "Patient", "identifier": {"system": codes.USUBJID, "value": usubjid}}


def instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def number(value: Decimal) -> Any:
    """As JSON writes it, with the digits that were measured: a float of so few is told back exactly."""
    return int(value) if value == value.to_integral_value() else float(value)


def coding(system: str, code: str, display: str = "") -> Resource:
    return {"system": system, "code": code} | ({"display": display} if display else {})


def concept(*codings: Resource, text: str = "") -> Resource:
    return ({"coding": list(codings)} if codings else {}) | ({"text": text} if text else {})


def quantity(value: Decimal, unit: str) -> Resource:
    return {"value": number(value), "unit": unit, "system": codes.UCUM, "code": unit}


def fact_resource(kind: str, fact: Fact, *, part: str, usubjid: str) -> Resource:
    """Known by the root of the fact, so that a correction is another version of the same resource."""
    return {
        "resourceType": kind, "id": f"{fact.root}-{part}" if part else str(fact.root),
        "meta": {"versionId": str(fact.pk), "lastUpdated": instant(fact.recorded_at),
                 "tag": [coding(SOURCE, fact.source)]},
        "identifier": [{"system": f"{OURS}:fact", "value": f"{fact.root}{'#' if part else ''}{part}"}],
        "subject": subject(usubjid),
    }  # fmt: skip
