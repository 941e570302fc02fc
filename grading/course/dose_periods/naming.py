"""Whose a dose period is and under which plan, by the names of the export: resolved when the row is written.

Codes, numbers and zones are fixed from the first record on and a plan from its approval on (triggers hold both), so
that what was written stays right. A site's country may be put right: `name_site_again`.
"""

from collections.abc import Collection

from grading.course.record.facts import Record
from grading.models import DosePeriod
from regimens.models import DoseCheck, NeuroInstrument, Participant, Site, Step

LABEL_LENGTH = 40  # ASPERC of the export


def name(period: DosePeriod, record: Record) -> None:
    """With the participant's names, those of the site where the dose was given, and those of its step."""
    participant, site, regimen = record.participant, record.sites[period.site_id], period.step.regimen
    period.study, period.subject_number = participant.study, participant.number
    period.usubjid = usubjid_of(record)
    period.site_code, period.country, period.time_zone = site.code, site.country, site.time_zone
    period.regimen_code, period.regimen_version = regimen.code, str(regimen.version)
    period.step_label, period.cohort = label_of(period.step), participant.cohort or None
    period.by_ice = participant.neuro_instrument == NeuroInstrument.ICE


def usubjid_of(record: Record) -> str:
    """STUDYID-site of enrolment-SUBJID: a transfer leaves it as it was."""
    participant = record.participant
    return identifier_of(participant, record.sites[record.moves[0].origin if record.moves else participant.site_id])


def identifier_of(participant: Participant, enrolled: Site) -> str:
    return f"{participant.study.code}-{enrolled.code}-{participant.number}"


def label_of(step: Step) -> str | None:
    return (step.short_label or step.label)[:LABEL_LENGTH] or None


def confirm(period: DosePeriod, checks: Collection[DoseCheck]) -> None:
    """With the confirmations of this version of the dose. `checks`: all of the participant, in every version."""
    replaced = {one.supersedes_id for one in checks}
    versions = [one for one in checks if one.dose_id == period.dose_id]
    standing = [one for one in versions if one.pk not in replaced and not one.withdrawn]
    period.confirmed_at = min((one.recorded_at for one in standing), default=None)
    period.checked_at = max((one.recorded_at for one in versions), default=None)


def confirm_again(participant: Participant) -> None:
    """A confirmation was recorded or taken back: the rows are made to say so."""
    checks = list(DoseCheck.objects.filter(participant=participant))
    periods = list(DosePeriod.objects.filter(participant=participant))
    for period in periods:
        confirm(period, checks)
    DosePeriod.objects.bulk_update(periods, ["confirmed_at", "checked_at"])


def name_site_again(site: Site) -> None:
    """The site was described anew: the rows of doses given there say so."""
    DosePeriod.objects.filter(site=site).update(country=site.country)
