"""All that can be held against the audit trail, by hand (`verify_audit`) and once a day by itself."""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils.translation import gettext as _

from crsmonitor.audit import anchors
from crsmonitor.audit.models import Verification
from crsmonitor.audit.selectors import BrokenLink, broken_links, differing_rows
from crsmonitor.health import NotWell

logger = logging.getLogger(__name__)

Check = Callable[[datetime], Iterable[BrokenLink]]
CHECKS: list[Check] = []
AGAIN_AFTER = timedelta(hours=1)  # whoever began and has not finished by then is gone
STALE_AFTER = timedelta(hours=50)  # a day missed, and some


def add_check(check: Check) -> None:
    """What an app holds against its facts whenever all is verified."""
    CHECKS.append(check)


def problems(*, at: datetime) -> Iterator[BrokenLink]:
    """All that does not hold: links, the rows they are about, what the apps derive of these, and the last anchor."""
    yield from broken_links()
    yield from differing_rows()
    for check in CHECKS:
        yield from check(at)
    if (anchor := anchors.newest()) is not None:
        yield from anchors.problems_with(anchor)


def verify_daily(*, at: datetime) -> bool:
    """Verify, write the anchor (or what was found instead) and mail it, unless today's was. True: it was verified.

    May run any number of times.
    """
    Verification.objects.get_or_create(day=at.date(), defaults={"started_at": at - AGAIN_AFTER})
    mine = Q(finished_at=None, started_at__lte=at - AGAIN_AFTER)
    verified = bool(Verification.objects.filter(mine, day=at.date()).update(started_at=at))
    if verified:
        _verify(at=at)
    _mail(at=at)
    return verified


def _verify(*, at: datetime) -> None:
    count = sum(1 for _one in problems(at=at))
    if count:
        logger.error("audit: %s broken links, verify_audit shows them", count)
    digest = anchors.write(anchors.taken(at=at), at=at, holds=not count)
    Verification.objects.filter(day=at.date()).update(finished_at=at, problems=count, anchor=digest)


def note(count: int, *, at: datetime) -> None:
    """Somebody verified by hand: today's verification says what they saw."""
    Verification.objects.filter(day=at.date(), finished_at__isnull=False).update(finished_at=at, problems=count)


def _mail(*, at: datetime) -> None:
    """The anchor to the operators, who then have it where nobody of the database has."""
    waiting = Verification.objects.filter(day=at.date(), finished_at__isnull=False, mailed_at=None).first()
    file = anchors.of_day(at.date())
    if waiting is None or file is None or not settings.OPERATOR_EMAIL:
        return
    if waiting.problems:
        subject = _("[crsmonitor] Audit trail: %(n)s problems") % {"n": waiting.problems}
    else:
        subject = _("[crsmonitor] Audit trail: every chain holds")
    body = [_("Keep the file: it shows what the trail was today."), f"SHA-256 {waiting.anchor}", settings.SITE_URL, ""]
    message = EmailMessage(subject=subject, body="\n".join(body), to=settings.OPERATOR_EMAIL)
    message.attach(file.name, file.read_bytes(), "application/json")
    try:
        message.send()
    except OSError as error:  # smtplib's errors are; the next tick tries again
        logger.error("audit: the mail server did not take the anchor (%s)", type(error).__name__)
        return
    Verification.objects.filter(pk=waiting.pk).update(mailed_at=at)


def check_last(*, at: datetime) -> None:
    """Raises NotWell where the last verification found something, or none was finished for two days."""
    last = Verification.objects.filter(finished_at__isnull=False).first()
    if last is None:
        if Verification.objects.filter(started_at__lt=at - STALE_AFTER).exists():
            raise NotWell
        return
    if last.problems or (last.finished_at is not None and last.finished_at < at - STALE_AFTER):
        raise NotWell
