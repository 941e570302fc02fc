"""An episode of CRS or ICANS as an AdverseEvent: what was derived, and the grade that is final."""

from grading.exports.fhir.common import OURS, STUDY, Resource, coding, concept, instant, subject
from grading.models import Episode, ReportedOutcome

SEVERITY = "http://terminology.hl7.org/CodeSystem/adverse-event-severity"
OUTCOME = "http://terminology.hl7.org/CodeSystem/adverse-event-outcome"
ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
NAMES = {"crs": "Cytokine release syndrome", "icans": "Immune effector cell-associated neurotoxicity syndrome"}
UNSPECIFIED = {"crs": "D89.839", "icans": "G92.00"}
BY_GRADE = {"crs": "D89.83", "icans": "G92.0"}  # with the grade, 1 to 5, behind it
# R4 has three severities for five grades (required binding): the grade itself stands in the text.
SEVERITIES = {1: "mild", 2: "moderate", 3: "severe", 4: "severe", 5: "severe"}
OUTCOMES = {
    ReportedOutcome.RECOVERED: "resolved", ReportedOutcome.SEQUELAE: "resolvedWithSequelae",
    ReportedOutcome.RECOVERING: "recovering", ReportedOutcome.NOT_RECOVERED: "ongoing",
    ReportedOutcome.FATAL: "fatal", ReportedOutcome.UNKNOWN: "unknown",
}  # fmt: skip


def of_episode(
    episode: Episode, usubjid: str, study: str, *, tells_dose: bool, reported: str, observed: bool
) -> Resource:
    """`tells_dose`: whether it may name the dose that it is held to come from. Seriousness is a person's to judge.

    `reported`: the outcome that an investigator said, as in AEOUT; empty: nobody said. `observed`: whether anybody
    looks still, so that an episode that is not over is known to go on.
    """
    grade = episode.final_grade if episode.final_grade in SEVERITIES else None
    code = UNSPECIFIED[episode.kind] if grade is None else f"{BY_GRADE[episode.kind]}{grade}"
    resource = {
        "resourceType": "AdverseEvent", "id": f"{episode.root}-{episode.kind}",
        "identifier": {"system": f"{OURS}:episode", "value": f"{episode.root}#{episode.kind}"},
        "actuality": "actual",
        "event": concept(coding(ICD_10_CM, code), text=NAMES[episode.kind]),
        "subject": subject(usubjid), "date": instant(episode.started_at),
        "outcome": concept(coding(OUTCOME, _outcome(episode, grade, reported, observed))),
        "study": [{"type": "ResearchStudy", "identifier": {"system": STUDY, "value": study}}],
    }  # fmt: skip
    if grade is not None:
        resource["severity"] = concept(coding(SEVERITY, SEVERITIES[grade]), text=f"ASTCT 2019 grade {grade}")
    if tells_dose and episode.dose_root is not None:
        resource["suspectEntity"] = [{"instance": {"reference": f"MedicationAdministration/{episode.dose_root}"}}]
    return resource


def _outcome(episode: Episode, grade: int | None, reported: str, observed: bool) -> str:
    if grade == 5:
        return "fatal"
    if reported:
        return OUTCOMES[ReportedOutcome(reported)]
    if episode.ended_at is not None:
        return "resolved"
    return "ongoing" if observed else "unknown"
