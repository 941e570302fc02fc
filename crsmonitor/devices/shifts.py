"""A session on a tablet, from the full sign-in of somebody until it is the next one's."""

from datetime import datetime

from django.http import HttpRequest

from crsmonitor.accounts.models import User
from crsmonitor.accounts.sign_in import guessing
from crsmonitor.accounts.sign_in.idle import LOCKS_AFTER_S
from crsmonitor.audit.acting import acting
from crsmonitor.devices.enrolling import TABLET, note_use
from crsmonitor.devices.models import Ending, Tablet, TabletSignIn
from crsmonitor.devices.places import works_at
from crsmonitor.devices.selectors import rules_of


def tablet_of(request: HttpRequest) -> Tablet | None:
    """The enrolled tablet that the request comes from. None: another browser."""
    return getattr(request, "tablet", None)


def bind(request: HttpRequest, tablet: Tablet) -> None:
    """The session is this tablet's: it ends with it, and locks as its site says."""
    seconds = rules_of(tablet.site).lock_after_s
    if (request.session.get(TABLET), request.session.get(LOCKS_AFTER_S)) != (tablet.pk, seconds):
        request.session[TABLET], request.session[LOCKS_AFTER_S] = tablet.pk, seconds


def signed_in_fully(request: HttpRequest, user: User, *, at: datetime) -> None:
    """From now on, and for a shift, a PIN or a badge is enough for her on this tablet, if she works at its site."""
    tablet = tablet_of(request)
    if tablet is None:
        return
    bind(request, tablet)
    note_use(tablet, by=user, at=at)
    guessing.forgive_on_tablets(user)
    if works_at(user, tablet.site_id):
        with acting(by=user, reason="signed in on a tablet"):
            _end(tablet, user, Ending.AGAIN, at=at)
            TabletSignIn.objects.create(tablet=tablet, user=user, at=at, epoch=user.session_epoch)


def signed_out(request: HttpRequest, user: User, *, at: datetime) -> None:
    """By herself: her shift on this tablet is over."""
    tablet = tablet_of(request)
    if tablet is not None:
        with acting(by=user, reason="signed out on a tablet"):
            _end(tablet, user, Ending.SIGNED_OUT, at=at)


def locked_out(sign_in: TabletSignIn, *, at: datetime) -> None:
    """Too many wrong tries: she signs in fully before a PIN is enough again. A session of hers that is open goes on."""
    with acting(by="tablet", reason="too many wrong tries"):
        _end(sign_in.tablet, sign_in.user, Ending.LOCKED_OUT, at=at)


def _end(tablet: Tablet, user: User, ending: Ending, *, at: datetime) -> None:
    mine = TabletSignIn.objects.filter(tablet=tablet, user=user, ended_at=None)
    mine.update(ended_at=at, ending=ending.value)
