"""The files that somebody sent, and what is known beside a file. Every question starts from who is asking."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from django.db.models import OuterRef, QuerySet, Subquery

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.errors import NotFound
from grading.models import IntakeFile, IntakeMapping
from grading.rules.intake.files.lines import FileContext
from grading.rules.intake.files.mapping import OFFSET, SITE_ZONE, FileMapping
from regimens.models import Site, Study, Transfer
from regimens.selectors import participants_for, sites_for, studies_for

SHOWN = 20  # files on the page


def places_for(user: User) -> list[tuple[Study, Site]]:
    """Where this user may record."""
    studies = studies_for(user, Act.RECORD).order_by("code")
    return [(study, site) for study in studies for site in sites_for(user, study, Act.RECORD).order_by("code")]


def place_for(user: User, study: str, site: str) -> tuple[Study, Site]:
    """By their codes. NotFound for who may not record there."""
    for one, other in places_for(user):
        if (one.code, other.code) == (study, site):
            return one, other
    raise NotFound("no_such_site")


def files_of(user: User) -> QuerySet[IntakeFile]:
    """Those that this user sent, the newest first, without their bytes."""
    return IntakeFile.objects.filter(sent_by=user).select_related("study", "site").defer("content").order_by("-sent_at")


def file_of(user: User, file_id: uuid.UUID) -> IntakeFile:
    """For whoever sent it, while she may record there. NotFound for anybody else."""
    file = IntakeFile.objects.filter(pk=file_id, sent_by=user).select_related("study", "site").first()
    if file is None or (file.study, file.site) not in places_for(user):
        raise NotFound("no_such_record")
    return file


def mapping_of(study: Study, site: Site) -> FileMapping | None:
    """As it was read the last time. None: no file was."""
    newest = IntakeMapping.objects.filter(study=study, site=site).order_by("-saved_at", "-pk").first()
    return None if newest is None else FileMapping.of(newest.mapping)


def around(user: User, study: Study, site: Site, mapping: FileMapping, *, at: datetime) -> FileContext:
    """What a file of this place does not say itself."""
    return FileContext(
        sender=f"{study.code}/{site.code}", zone=zone_of(mapping, site), at=at, subjects=_subjects(user, study),
    )  # fmt: skip


def zone_of(mapping: FileMapping, site: Site) -> ZoneInfo | None:
    """None: each time has its offset. NotFound for a zone that there is not."""
    if mapping.zone == OFFSET:
        return None
    name = site.time_zone if mapping.zone == SITE_ZONE else mapping.zone
    if name not in available_timezones():
        raise NotFound("no_such_page")
    return ZoneInfo(name)


def _subjects(user: User, study: Study) -> Mapping[str, str]:
    """Study number -> USUBJID, of those of whom this user may record. It has the site of enrolment."""
    moved = Transfer.objects.filter(participant=OuterRef("pk")).order_by("at")
    mine = participants_for(user, Act.RECORD).filter(study=study).annotate(
        enrolled_at=Subquery(moved.values("from_site__code")[:1])
    )  # fmt: skip
    rows = mine.values_list("number", "enrolled_at", "site__code")
    return {number: f"{study.code}-{enrolled or here}-{number}" for number, enrolled, here in rows}
