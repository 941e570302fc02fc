"""A file comes in: kept for a while, read for a dry run, and taken into the queue stretch by stretch."""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.errors import InvalidInput
from grading.intake.files.selectors import around, mapping_of
from grading.intake.services.taking_in import Import, take_in
from grading.models import FileState, IntakeDoor, IntakeFile, IntakeMapping
from grading.rules.intake.files.lines import FileRead, chunks, read
from grading.rules.intake.files.mapping import FileMapping, faults_of
from grading.rules.intake.files.text import FileTable, UnreadableText, table_of
from regimens.models import Site, Study

MOST_BYTES = 10 * 1024 * 1024
MOST_LINES = 100_000
TRIED_LINES = 10_000  # on a page: a request has an end, and what is wrong is wrong early
CHUNK = 500  # lines that are taken in at once: all of them or none
LEASE = timedelta(minutes=5)  # renewed with each stretch
LASTS = timedelta(days=1)  # how long a file waits for its columns to be named
OPEN = (FileState.UPLOADED.value, FileState.QUEUED.value)
Clock = Callable[[], datetime]


def keep_file(study: Study, site: Site, raw: bytes, *, by: User, at: datetime) -> IntakeFile:
    """The same bytes, sent again while they wait, are the same file. Raises InvalidInput at `file`."""
    if len(raw) > MOST_BYTES:
        raise InvalidInput.at("file", "file_too_large", most=MOST_BYTES // 1024**2)
    readable(raw, FileMapping(participant_column="", date_column=""))
    sha256 = hashlib.sha256(raw).hexdigest()
    here = {"study": study, "site": site, "sent_by": by, "sha256": sha256}
    waiting = IntakeFile.objects.filter(**here, state=FileState.UPLOADED.value).first()
    return waiting or IntakeFile.objects.create(
        **here, sent_at=at, size=len(raw), content=raw, state=FileState.UPLOADED.value
    )


def readable(raw: bytes, mapping: FileMapping) -> FileTable:
    """Raises InvalidInput at `file` for what is no table of text."""
    try:
        return table_of(raw, encoding=mapping.encoding, separator=mapping.separator, most=MOST_LINES)
    except UnreadableText as error:
        raise InvalidInput.at("file", error.code, most=MOST_LINES) from None


def dry_run(
    file: IntakeFile, mapping: FileMapping, *, by: User, at: datetime, most: int | None = TRIED_LINES
) -> FileRead:
    """What taking in its first `most` lines would do (None: all), and every fault in them. Nothing is kept. Raises
    InvalidInput at what of the mapping is wrong.
    """
    table = _fitting(file, mapping)
    tried = replace(table, rows=table.rows[:most])
    return read(tried, mapping, around(by, file.study, file.site, mapping, at=at))


def _fitting(file: IntakeFile, mapping: FileMapping) -> FileTable:
    table = readable(bytes(file.content or b""), mapping)
    faults = faults_of(mapping, table.header)
    if faults:
        place, code = next(iter(faults.items()))
        raise InvalidInput.at(place, code)
    return table


@transaction.atomic
def queue(file: IntakeFile, mapping: FileMapping, *, by: User, at: datetime) -> None:
    """It is taken in from now on; its mapping is there the next time. Nothing happens to one that is not waiting."""
    table = _fitting(file, mapping)
    changed = IntakeFile.objects.filter(pk=file.pk, state=FileState.UPLOADED.value).update(
        state=FileState.QUEUED.value, mapping=mapping.plain(), lines_in_all=len(table.rows)
    )
    if changed and mapping_of(file.study, file.site) != mapping:
        with acting(by=by, reason="columns of a file"):
            IntakeMapping.objects.create(
                study=file.study, site=file.site, mapping=mapping.plain(), saved_by=by, saved_at=at
            )


def cancel(file: IntakeFile) -> bool:
    """What is in the queue stays there; nothing more comes. False: it is over already."""
    return bool(
        IntakeFile.objects.filter(pk=file.pk, state__in=OPEN).update(state=FileState.CANCELLED.value, content=None)
    )


def take_next(*, clock: Clock) -> IntakeFile | None:
    """Take in the oldest file that waits, to its end. None: none waits."""
    file = _claim(at=clock())
    if file is not None:
        take_file(file, clock=clock)
    return file


def take_file(file: IntakeFile, *, clock: Clock, most: int | None = None) -> None:
    """From where it stopped on, `most` stretches at most. Sent twice, or begun again, nothing is in the queue twice."""
    by, mapping = file.sent_by, FileMapping.of(file.mapping)
    try:
        table = readable(bytes(file.content or b""), mapping)
        reading = read(table, mapping, around(by, file.study, file.site, mapping, at=clock()))
        rest = reading.entries[file.lines_done :]
        for number, stretch in enumerate(chunks(rest, CHUNK), start=1):
            sent = Import(door=IntakeDoor.FILE.value, origin=_origin(file), sha256=file.sha256, entries=stretch)
            taken = take_in(sent, by=by, at=clock())
            if not _went_on(file, len(stretch), taken.batch.counts, at=clock()):
                return
            if number == most:
                IntakeFile.objects.filter(pk=file.pk).update(claimed_until=None)
                return
    except Exception as error:
        IntakeFile.objects.filter(pk=file.pk, state=FileState.QUEUED.value).update(
            state=FileState.FAILED.value, problem=type(error).__name__[:60], content=None
        )
        raise
    IntakeFile.objects.filter(pk=file.pk, state=FileState.QUEUED.value).update(state=FileState.DONE.value, content=None)


def _origin(file: IntakeFile) -> str:
    return f"{file.study.code} {file.site.code}"


def _claim(*, at: datetime) -> IntakeFile | None:
    with transaction.atomic():
        free = Q(claimed_until=None) | Q(claimed_until__lt=at)
        waiting = IntakeFile.objects.select_for_update(skip_locked=True, of=("self",)).select_related(
            "study", "site", "sent_by"
        )
        file = waiting.filter(free, state=FileState.QUEUED.value).order_by("sent_at").first()
        if file is not None:
            IntakeFile.objects.filter(pk=file.pk).update(claimed_until=at + LEASE)
        return file


def _went_on(file: IntakeFile, lines: int, counts: dict[str, int], *, at: datetime) -> bool:
    """False: somebody cancelled it meanwhile."""
    file.lines_done += lines
    file.counts = dict(Counter(file.counts) + Counter(counts))
    return bool(
        IntakeFile.objects.filter(pk=file.pk, state=FileState.QUEUED.value).update(
            lines_done=file.lines_done, counts=file.counts, claimed_until=at + LEASE
        )
    )


def let_go(*, at: datetime) -> int:
    """The bytes of files whose columns nobody named within a day go."""
    old = IntakeFile.objects.filter(state=FileState.UPLOADED.value, sent_at__lt=at - LASTS)
    return old.update(state=FileState.CANCELLED.value, content=None)
