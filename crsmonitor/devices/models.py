"""Tablets of a ward that several people use: which they are, who signed in on one, and how people switch on it."""

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LOCK_AFTER_S = 120  # decisions: idle lock, 2 min on an enrolled ward tablet


class Tablet(models.Model):
    """A tablet that was enrolled for a site. Known by a key in its browser, of which only the hash is here."""

    site = models.ForeignKey("regimens.Site", on_delete=models.PROTECT, related_name="tablets")
    name = models.CharField(max_length=60)
    # SHA-256 is enough for a random 256-bit key, as for keys of machines.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    enrolled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    enrolled_at = models.DateTimeField()
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    # To the hour: each change is a link of the audit trail. None: never used.
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "name"], condition=Q(revoked_at=None), name="tablet_name_once"),
            models.CheckConstraint(
                name="tablet_revoked_by_with_at",
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def digest_of(key: str) -> str:
        return hashlib.sha256(key.encode()).hexdigest()


class Ending(models.TextChoices):
    """Why somebody signs in fully again before switching to herself on a tablet."""

    SIGNED_OUT = "signed_out", _("signed out")
    LOCKED_OUT = "locked_out", _("too many wrong PINs")
    REVOKED = "revoked", _("the tablet was revoked")
    AGAIN = "again", _("signed in again")
    BY_WARD = "by_ward", _("ended by whoever runs the ward")


class TabletSignIn(models.Model):
    """Somebody signed in fully on a tablet: for a shift from then on a PIN or a badge is enough there.

    `epoch`: that of the account then. A changed password or a deactivation makes another, and the sign-in void.
    """

    tablet = models.ForeignKey(Tablet, on_delete=models.PROTECT, related_name="sign_ins")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tablet_sign_ins")
    at = models.DateTimeField()
    epoch = models.PositiveIntegerField()
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=12, choices=Ending, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tablet", "user"], condition=Q(ended_at=None), name="tablet_sign_in_once"),
            models.CheckConstraint(
                name="tablet_sign_in_ended_how",
                condition=Q(ended_at=None, ending="") | (Q(ended_at__isnull=False) & ~Q(ending="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.tablet_id}"

    def holds(self, *, at: datetime) -> bool:
        """Whether a PIN or a badge is enough at this moment; its account, and the places of it, are asked as well."""
        lasts = timedelta(seconds=settings.SESSION_COOKIE_AGE)
        return self.ended_at is None and self.epoch == self.user.session_epoch and timedelta(0) <= at - self.at < lasts


class SiteTablets(models.Model):
    """How the tablets of a site lock and open. No row: as the fields say by themselves."""

    site = models.OneToOneField("regimens.Site", on_delete=models.PROTECT, related_name="tablet_rules")
    lock_after_s = models.PositiveSmallIntegerField(
        default=LOCK_AFTER_S, validators=[MinValueValidator(30), MaxValueValidator(600)]
    )
    badge_alone = models.BooleanField(default=False, help_text=_("A badge opens without a PIN."))

    def __str__(self) -> str:
        return f"{self.site_id}: {self.lock_after_s} s"


class Pin(models.Model):
    """Six digits, of their owner alone. Made of the PIN and a key of the server by a slow hash (credentials/keyed.py).

    The column has the name that the audit trail never copies.
    """

    app_may = "SELECT, INSERT, UPDATE, DELETE"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="pin")
    password = models.CharField(max_length=128, editable=False)
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"of {self.user_id}"


class Badge(models.Model):
    """What a reader types of somebody's badge: kept as a hash under a key of the server, to be looked up by."""

    app_may = "SELECT, INSERT, UPDATE, DELETE"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="badge")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    enrolled_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"of {self.user_id}"
