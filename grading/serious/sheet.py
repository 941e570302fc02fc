"""A serious-event sheet as JSON: the numbers are those of ICH E2B(R3), the shape is ours. No message of E2B itself.

The same facts give the same bytes to the same reader: what is hashed holds no time of its own making.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crsmonitor import __version__
from grading.rules.grades.graded import CRITERIA, VERSION
from grading.serious import sections
from grading.serious.drugs import DrugRow, dose_rows, row_json, study_drug, treatment_rows
from grading.serious.elements import Sentence, SheetElement
from grading.serious.facts import EventFacts
from grading.serious.narrative import narrative
from grading.serious.readings import SheetReading, readings_of
from grading.serious.signed import SheetSignature, sheet_signatures, signed_narratives
from grading.serious.words import FOR_INVESTIGATOR, FOR_SPONSOR
from regimens.blinding import Profile

FORMAT = "crsmonitor-serious-event/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSheet:
    """One episode, for a reader of this profile, in the language that was in force."""

    key: str
    facts: EventFacts
    profile: Profile
    language: str
    report: list[SheetElement]
    participant: list[SheetElement]
    event: list[SheetElement]
    readings: list[SheetReading]
    drug: list[SheetElement]
    doses: list[DrugRow]
    doses_since: list[DrugRow]
    treatments: list[DrugRow]
    narrative: list[Sentence]
    comments: list[SheetElement]
    signatures: list[SheetSignature]
    signed_narratives: list[str]

    @property
    def versions(self) -> dict[str, str]:
        version = {"format": FORMAT, "program": __version__, "criteria": CRITERIA, "rules": VERSION}
        regimen = self.facts.participant.regimen
        named = {} if self.profile is Profile.BLINDED else {"regimen": f"{regimen.code} v{regimen.version}"}
        return version | named

    @property
    def body(self) -> dict[str, Any]:
        """What is hashed."""
        facts = self.facts
        return {
            "format": FORMAT, "standard": "ICH E2B(R3): numbers of its data elements", "language": self.language,
            "profile": self.profile.value, "is_pseudonymised": self.profile is not Profile.OPEN,
            "kind": facts.episode.kind, "provisional": facts.episode.provisional,
            "C": _json(self.report), "D": _json(self.participant), "E": _json(self.event),
            "F": [one.as_json(facts) for one in self.readings],
            "G": {"drug": _json(self.drug), "doses_to_onset": [row_json(one, facts) for one in self.doses],
                  "doses_since_onset": [row_json(one, facts) for one in self.doses_since]},
            "treatments": [row_json(one, facts) for one in self.treatments],
            "H": {"H.1": [one.as_json() for one in self.narrative], **_numbered(self.comments)},
            "signatures": [one.as_json(facts) for one in self.signatures],
            "signed_narratives": self.signed_narratives,
            "versions": self.versions,
        }  # fmt: skip

    @property
    def sha256(self) -> str:
        text = json.dumps(self.body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def document(self, *, at: datetime) -> dict[str, Any]:
        return {"sheet": self.body, "sha256": self.sha256, "made_at": at.isoformat(timespec="seconds")}


def sheet_of(facts: EventFacts, profile: Profile) -> EventSheet:
    """In the language that is in force. `profile`: OPEN for the ward; what an export may tell for others."""
    key = f"{facts.usubjid}-{facts.episode.kind}-{facts.episode.root}"
    signatures = sheet_signatures(facts, profile)
    return EventSheet(
        key=key, facts=facts, profile=profile, language=get_language() or "en",
        report=sections.report(facts, key=key), participant=sections.participant(facts), event=sections.event(facts),
        readings=readings_of(facts), drug=study_drug(facts, profile), doses=dose_rows(facts, profile),
        doses_since=dose_rows(facts, profile, since=True), treatments=treatment_rows(facts),
        narrative=narrative(facts, profile),
        comments=[
            SheetElement(number="H.2", name=_("Comments of the reporter"), why=str(FOR_INVESTIGATOR)),
            SheetElement(number="H.4", name=_("Comments of the sender"), why=str(FOR_SPONSOR)),
        ],
        signatures=signatures, signed_narratives=signed_narratives(signatures, profile),
    )  # fmt: skip


def _json(elements: list[SheetElement]) -> list[dict[str, Any]]:
    return [one.as_json() for one in elements]


def _numbered(elements: list[SheetElement]) -> dict[str, Any]:
    return {one.number: one.as_json() for one in elements}
