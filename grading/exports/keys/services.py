"""Keys of a study are made and revoked by its data managers and by operators; the trail of the study has each."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from crsmonitor.accounts.models import ApiToken, TokenScope, User
from crsmonitor.accounts.roles import Act
from crsmonitor.accounts.selectors import is_operator
from crsmonitor.accounts.tokens import MOST_DAYS
from crsmonitor.audit.acting import acting
from crsmonitor.audit.events import record_event
from crsmonitor.errors import Forbidden, InvalidInput, NotFound
from crsmonitor.security.sealing import open_sealed, seal
from grading.exports.blinding.telling import record_unblinding
from grading.exports.datasets import ALL
from grading.exports.rows import own_sites
from regimens.blinding import Profile, of_exports
from regimens.models import Study
from regimens.selectors import sites_of, studies_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """What a key is for, for good. `sites` None: all, also those to come; `networks` empty: from anywhere."""

    sites: tuple[int, ...] | None
    datasets: Sequence[str]
    profile: Profile
    networks: Sequence[str] = ()
    shifts_dates: bool = False


def keys_of(study: Study) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(study=study).select_related("user", "issued_by").order_by("-created_at")


def profiles_of(study: Study) -> list[Profile]:
    """What a key of the study may be told: what any export of it holds, or all of it for the data monitoring committee,
    whose statistician is nobody of the trial. The least comes first."""
    return list(dict.fromkeys([Profile.BLINDED, of_exports(study), Profile.DMC]))


def sites_to_bind(study: Study, user: User) -> tuple[int, ...] | None:
    """The sites that this user may give away. None: all of them."""
    return None if is_operator(user) else own_sites(user, study)


@transaction.atomic
def issue(study: Study, *, name: str, binding: Binding, days: int, by: User, at: datetime) -> str:
    """The key of a program, which cannot be shown again. Raises Forbidden, InvalidInput.

    `name`: of the program; with the same name it is the same account. The key ends by itself after `days`.
    """
    _check(study, binding, days, by)
    with acting(by=by, reason=f"a key of {study.code} for {name}"):
        account = _account(study, name)
        token, key = ApiToken.issue(
            user=account, label=name, scopes=[TokenScope.EXPORT], at=at,
            sealed_shift=_shift_of(account, shifts_dates=binding.shifts_dates),
            expires_at=at + timedelta(days=days), study=study, issued_by=by,
            sites=None if binding.sites is None else sorted(binding.sites), datasets=sorted(binding.datasets),
            profile=binding.profile.value, networks=list(binding.networks),
        )  # fmt: skip
    record_event(
        "key_made", by=by, subject=f"study:{study.pk}", key=token.pk, label=name, sites=token.sites,
        datasets=token.datasets, profile=token.profile, networks=token.networks, expires_at=token.expires_at,
        shifts_dates=binding.shifts_dates,
    )  # fmt: skip
    record_unblinding(study, binding.profile, by=by, what=name, of_a_key=True)
    return key


@transaction.atomic
def revoke(study: Study, token_id: int, *, by: User, at: datetime) -> None:
    """NotFound for one that is not of this study, and for one that is revoked already."""
    _may(study, by)
    with acting(by=by, reason=f"a key of {study.code} revoked"):
        if not ApiToken.objects.filter(pk=token_id, study=study, revoked_at=None).update(revoked_at=at):
            raise NotFound("no_such_record")
    record_event("key_revoked", by=by, subject=f"study:{study.pk}", key=token_id)


def _may(study: Study, by: User) -> None:
    if not is_operator(by) and not studies_for(by, Act.DRAFT).filter(pk=study.pk).exists():
        raise Forbidden("role_forbids")


def _check(study: Study, binding: Binding, days: int, by: User) -> None:
    _may(study, by)
    own = sites_to_bind(study, by)
    if binding.sites is None:
        allowed = own is None
    else:
        mine = set(sites_of(study).values_list("pk", flat=True)) & (set(binding.sites) if own is None else set(own))
        allowed = bool(binding.sites) and set(binding.sites) <= mine
    if not allowed:
        raise InvalidInput.at("sites", "no_such_site")
    if not binding.datasets or not set(binding.datasets) <= {one.name for one in ALL}:
        raise InvalidInput.at("datasets", "one_of", choices=", ".join(one.name for one in ALL))
    if binding.profile not in profiles_of(study):
        raise InvalidInput.at("profile", "one_of", choices=", ".join(profiles_of(study)))
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput.at("days", "one_of", choices=f"1-{MOST_DAYS}")


def _shift_of(account: User, *, shifts_dates: bool) -> str:
    """The sealed secret of the program's shifted dates, the same in all its keys; empty: they are not.

    Raises InvalidInput where it ever had a key of the other kind: with the dates of both it could undo the shift.
    """
    before = list(ApiToken.objects.filter(user=account).values_list("sealed_shift", flat=True))
    if any(bool(one) is not shifts_dates for one in before):
        raise InvalidInput.at("shifts_dates", "shift_is_for_good")
    if not shifts_dates:
        return ""
    return seal(open_sealed(before[0]) if before else secrets.token_urlsafe(32))


def _account(study: Study, name: str) -> User:
    """The program's, of nobody. Raises InvalidInput where a person, or a closed account, is called so."""
    username = f"machine.{study.code}.{name}"
    user = User.objects.filter(username__iexact=username).first()
    if user is None:
        user = User(username=username, is_machine=True)
        user.set_unusable_password()
        user.save()
    if not user.is_machine or not user.is_active:
        raise InvalidInput.at("name", "name_is_taken")
    return user
