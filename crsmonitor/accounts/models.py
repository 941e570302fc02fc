"""Who may act: named accounts, never deleted, and the API tokens they hold."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from crsmonitor.audit.selectors import has_acted


class User(AbstractUser):
    """A named person. Deactivated, never deleted: facts and the audit trail point here."""

    email = models.EmailField(_("e-mail address"), blank=True, help_text=_("Where alerts are sent."))
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, blank=True,
        help_text=_("In which messages come; empty: that of the site."),
    )  # fmt: skip
    must_change_password = models.BooleanField(
        _("must change the password"), default=False, editable=False,
        help_text=_("Somebody else set it: nothing else is opened and nothing signed before it is changed."),
    )  # fmt: skip
    # A program of a study: it holds keys, and nothing else. The database refuses it a password, rights and a role
    # (migrations/0005), so that it can neither sign in, sign nor be on a rota.
    is_machine = models.BooleanField(_("a program, nobody's person"), default=False, editable=False)
    # The database adds one whenever the password changes or the account is deactivated (migrations/0003): sessions of
    # an earlier one are over for good, and its tokens are revoked in the same moment.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                name="machine_is_no_person",
                condition=Q(is_machine=False)
                | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX, email="", is_staff=False, is_superuser=False),
            )
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        is_new, fields = self._state.adding, kwargs.get("update_fields")
        super().save(*args, **kwargs)
        if not is_new and (fields is None or {"password", "is_active"} & set(fields)):
            self.refresh_from_db(fields=["session_epoch"])

    def check_password(self, raw_password: str | None) -> bool:
        """Without Django's new hash under newer parameters: to the audit trail that is a change by nobody."""
        return check_password(raw_password, self.password)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        words = f"{self.password}|{self.session_epoch}"
        return salted_hmac("crsmonitor.accounts.User", words, secret=secret, algorithm="sha256").hexdigest()

    def clean(self) -> None:
        """Records and the audit trail know a person by the name to sign in with (a trigger holds it too)."""
        super().clean()
        before = type(self).objects.filter(pk=self.pk).first()
        if before is not None and before.username != self.username and has_acted(f"user:{before.pk}:{before.username}"):
            problem = _("Fixed since this account first acted: deactivate it, and make another.")
            raise ValidationError({"username": problem})


class TokenScope(models.TextChoices):
    """What a key may do. Never more than its holder; and never judge, release, sign or answer an alert."""

    READ = "read", _("read what its holder may read")
    WRITE = "write", _("record observations, doses and treatments")
    EXPORT = "export", _("take exports")


LONGEST = timedelta(days=365)  # of a key: one without an end is one that nobody remembers


class ApiToken(models.Model):
    """A key for machines: shown once, kept only as a hash, always with an end.

    Without a study it is a person's own, and opens what she may open. With one it is a program's, and opens the
    `datasets` of that study alone: of its `sites` (None: all of them), told as `profile` says, from `networks`
    (empty: from anywhere).
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    label = models.CharField(max_length=80)
    # SHA-256 is enough for a random 256-bit key; slow hashes are for passwords that people choose.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    scopes = ArrayField(models.CharField(max_length=10, choices=TokenScope), default=list)
    # To the hour: each change is a link of the audit trail. None: never used.
    last_used_at = models.DateTimeField(null=True, blank=True)
    study = models.ForeignKey("regimens.Study", on_delete=models.PROTECT, related_name="+", null=True, editable=False)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, editable=False)
    sites = ArrayField(models.BigIntegerField(), null=True, editable=False)
    datasets = ArrayField(models.CharField(max_length=32), default=list, editable=False)
    profile = models.CharField(max_length=10, blank=True, editable=False)  # of regimens.blinding
    networks = ArrayField(models.CharField(max_length=43), default=list, editable=False)  # 192.0.2.0/24
    # The secret by which a program's dates are shifted, sealed (crsmonitor/security/sealing.py). Empty: they are not.
    sealed_shift = models.TextField(blank=True, default="", editable=False)
    used_from = ArrayField(models.CharField(max_length=39), default=list, editable=False)  # the latest addresses

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="study_key_is_bound",
                condition=Q(study=None) | (Q(scopes=["export"]) & ~Q(datasets=[]) & ~Q(profile="")),
            ),
            models.CheckConstraint(
                name="key_ends_within_a_year",
                condition=Q(expires_at__lte=models.F("created_at") + LONGEST),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.user.get_username()})"

    @staticmethod
    def digest_of(key: str) -> str:
        return hashlib.sha256(key.encode()).hexdigest()

    @classmethod
    def issue(
        cls, *, user: User, label: str, at: datetime, expires_at: datetime, scopes: Iterable[str] = TokenScope.values,
        **bound: Any,
    ) -> tuple[Self, str]:  # fmt: skip
        """A new token and its key. The key cannot be shown again. `bound`: to what, if to a study."""
        key = secrets.token_urlsafe(32)
        token = cls.objects.create(
            user=user, label=label, digest=cls.digest_of(key), created_at=at, expires_at=expires_at,
            scopes=[TokenScope(scope).value for scope in scopes], **bound,
        )  # fmt: skip
        return token, key


class GuessCount(models.Model):
    """How often somebody guessed (guessing.py says who counts together), and when last. Forgotten after an hour."""

    app_may = "SELECT, INSERT, UPDATE, DELETE"

    key = models.CharField(max_length=64, primary_key=True)  # a keyed hash: a name may be a password in the wrong box
    tries = models.PositiveIntegerField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.tries} until {self.at:%Y-%m-%d %H:%M}"
