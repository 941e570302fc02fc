"""A tablet is enrolled, its site's rules are set, and it is revoked: whoever runs the tablets of its site does it.

She also ends a shift that somebody left on one, and withdraws a badge that was lost.
"""

from datetime import datetime

from django.db import IntegrityError, transaction

from crsmonitor.accounts.models import User
from crsmonitor.accounts.sign_in.sessions import end_all
from crsmonitor.audit.acting import acting
from crsmonitor.audit.events import record_event
from crsmonitor.devices import cookie
from crsmonitor.devices.models import Ending, SiteTablets, Tablet, TabletSignIn
from crsmonitor.devices.selectors import badges_for, site_run_by, tablets_for
from crsmonitor.errors import InvalidInput, NotFound

TABLET = "tablet"  # in a session: on which tablet it was opened


def enrol(name: str, *, site_id: int, by: User, at: datetime) -> tuple[Tablet, str]:
    """A new tablet and its key, which is kept nowhere else. Raises NotFound for a site that is not hers to run."""
    site = site_run_by(by, site_id)
    key = cookie.new_key()
    try:
        with acting(by=by, reason="tablet enrolled"):
            tablet = Tablet.objects.create(
                site=site, name=name.strip(), digest=Tablet.digest_of(key), enrolled_by=by, enrolled_at=at
            )
    except IntegrityError as error:
        if "tablet_name_once" in str(error):
            raise InvalidInput.at("name", "tablet_name_taken", site=site.code) from error
        raise
    record_event("tablet_enrolled", by=by, subject=f"tablet:{tablet.pk}", site=site.code, name=tablet.name)
    return tablet, key


def revoke(tablet_id: int, *, reason: str, by: User, at: datetime) -> Tablet:
    """From now on it opens nothing, and every session on it is over. Raises NotFound, InvalidInput without a reason."""
    with transaction.atomic():
        tablet = tablets_for(by).select_for_update(of=("self",)).filter(pk=tablet_id, revoked_at=None).first()
        if tablet is None:
            raise NotFound("no_such_record")
        if not reason.strip():
            raise InvalidInput.at("reason", "say_why_revoked")
        people = set(TabletSignIn.objects.filter(tablet=tablet).values_list("user", flat=True))
        with acting(by=by, reason=reason.strip()):
            Tablet.objects.filter(pk=tablet.pk).update(revoked_at=at, revoked_by=by)
            TabletSignIn.objects.filter(tablet=tablet, ended_at=None).update(ended_at=at, ending=Ending.REVOKED)
        ended = end_all(people, where=lambda session: session.get(TABLET) == tablet.pk)
        record_event("tablet_revoked", by=by, subject=f"tablet:{tablet.pk}", sessions=ended)
    return tablet


def set_rules(site_id: int, *, lock_after_s: int, badge_alone: bool, by: User) -> None:
    """How the tablets of a site lock and open, from the next request of each on. Raises NotFound."""
    site = site_run_by(by, site_id)
    with acting(by=by, reason="how tablets lock and open"):
        SiteTablets.objects.update_or_create(
            site=site, defaults={"lock_after_s": lock_after_s, "badge_alone": badge_alone}
        )


def note_use(tablet: Tablet, *, by: User, at: datetime) -> None:
    """To the hour."""
    last = tablet.last_used_at
    if last is None or (at - last).total_seconds() > 3600:
        with acting(by=by, reason="used"):
            Tablet.objects.filter(pk=tablet.pk).update(last_used_at=at)


def end_shift(tablet_id: int, person_id: int, *, by: User, at: datetime) -> TabletSignIn:
    """Her session on this tablet is over, and no PIN or badge opens one before she signs in fully. Raises NotFound."""
    with transaction.atomic():
        there = TabletSignIn.objects.filter(tablet__in=tablets_for(by), tablet=tablet_id, user=person_id)
        shift = there.filter(ended_at=None).select_related("user", "tablet").first()
        if shift is None:
            raise NotFound("no_such_record")
        with acting(by=by, reason="shift ended by whoever runs the ward"):
            TabletSignIn.objects.filter(pk=shift.pk).update(ended_at=at, ending=Ending.BY_WARD)
        ended = end_all({person_id}, where=lambda session: session.get(TABLET) == tablet_id)
        record_event("shift_ended", by=by, subject=f"user:{person_id}", tablet=tablet_id, sessions=ended)
    return shift


def withdraw_badge(person_id: int, *, by: User) -> User:
    """It opens nothing from now on; its owner enrols another herself. Raises NotFound."""
    badge = badges_for(by).filter(user=person_id).first()
    if badge is None:
        raise NotFound("no_such_record")
    with acting(by=by, reason="badge withdrawn by whoever runs the ward"):
        badge.delete()
    record_event("badge_withdrawn", by=by, subject=f"user:{person_id}")
    return badge.user
