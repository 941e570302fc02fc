"""Who is not told what a participant is given: one profile for every door, page, API and export.

A cohort by its name is told on the ward alone. In an open-label study, as phase 1 mostly is, doses, steps and regimens
are told to its sponsor and central reviewers too, who can tell the cohort from them; in a blinded one they are not.
"""

from enum import StrEnum

from regimens.models import Participant, Study


class Profile(StrEnum):
    """What is told of an assignment. By role and study, never by a parameter."""

    OPEN = "open"  # the cohort too
    DOSES = "doses"  # of an open-label study: regimen, steps and doses, no cohort by its name
    BLINDED = "blinded"
    DMC = "dmc"  # of a key for the data monitoring committee: the cohort too, also of a blinded study


def profile_of(study: Study, *, ward_seen: bool) -> Profile:
    """Whoever sees the ward knows what is given there."""
    return Profile.OPEN if ward_seen else of_exports(study)


def of_exports(study: Study) -> Profile:
    """No export holds a cohort: a file travels to people whose role nobody here knows."""
    return Profile.BLINDED if study.blinded else Profile.DOSES


def unblinds(study: Study, profile: Profile) -> bool:
    """Whether it tells what the study is blinded for: each such pull is an event of its own."""
    return study.blinded and profile is not Profile.BLINDED


def cohort_shown(participant: Participant, profile: Profile) -> str | None:
    """The cohort, empty where none is assigned. None: withheld."""
    return participant.cohort if profile is Profile.OPEN else None
