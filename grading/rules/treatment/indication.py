"""For what a drug was given, and what that decides: one question for each use of it. Pure.

An indication is "crs", "icans", "premedication", "prophylaxis" or "other", and "treatment" (or nothing said) in the
series contract. What "other" answers to each question is a convention (docs/conventions.md, "other").
"""

PREMEDICATION, PROPHYLAXIS = "premedication", "prophylaxis"
SYNDROMES = frozenset({"crs", "icans"})
AHEAD = frozenset({PREMEDICATION, PROPHYLAXIS})  # of anything to treat


def is_premedication(indication: str) -> bool:
    """Whether it is told beside the study dose that it was given for."""
    return indication == PREMEDICATION


def is_prophylaxis(indication: str) -> bool:
    return indication == PROPHYLAXIS


def opens_waiver(indication: str) -> bool:
    """Whether a drug that can hide a fever, given since the onset, is why a fever is no longer required (S2)."""
    return indication not in AHEAD


def treats_syndrome(indication: str, kind: str | None = None) -> bool:
    """Whether it was given for CRS or ICANS, or for `kind` of the two, and is told as its treatment."""
    return indication in SYNDROMES if kind is None else indication == kind


def counts_towards_limit(indication: str, *, prophylaxis_counts: bool) -> bool:
    """Whether a dose of tocilizumab uses up one of those allowed."""
    return prophylaxis_counts or indication not in AHEAD


def counts_as_tried(indication: str) -> bool:
    """Whether a dose of tocilizumab was one that may have failed, so that the next thing is due."""
    return indication not in AHEAD


def holds_next_dose(indication: str) -> bool:
    """Whether the gate counts the hours since this drug."""
    return indication not in AHEAD


def needs_its_dose(indication: str) -> bool:
    """Whether its dose must be said. Ahead of the study dose it is the plan's, and stands there."""
    return indication not in AHEAD


def holds_pressure(indication: str) -> bool:
    """Whether fluid was given to maintain pressure. Most is given for other reasons, which says nothing of pressure."""
    return indication in ("crs", "treatment")
