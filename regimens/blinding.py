"""Who is not told to which arm or cohort a participant belongs: one profile for every door, page, API and export."""

from enum import StrEnum

from regimens.models import Participant


class Profile(StrEnum):
    """What is told of an assignment. By role, never by a parameter."""

    OPEN = "open"
    BLINDED = "blinded"


# No export holds a cohort: a file travels to people whose role nobody here knows.
OF_EXPORTS = Profile.BLINDED


def profile_of(*, ward_seen: bool) -> Profile:
    """Whoever sees the ward knows what is given there; of the others nobody is told."""
    return Profile.OPEN if ward_seen else Profile.BLINDED


def cohort_shown(participant: Participant, profile: Profile) -> str | None:
    """The cohort, empty where none is assigned. None: withheld."""
    return participant.cohort if profile is Profile.OPEN else None
