"""A study begins: made by an operator, with an account for its first data manager where there is none."""

from dataclasses import dataclass

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.accounts.services import open_account
from crsmonitor.errors import InvalidInput
from regimens.models import Study
from regimens.services.trial import make_study


@dataclass(frozen=True, slots=True, kw_only=True)
class DataManagerAccount:
    """`password`: of an account that was opened now; None: the account was there."""

    user: User
    password: str | None


@transaction.atomic
def start_study(study: Study, *, username: str, email: str, by: User) -> DataManagerAccount:
    """Keep a new study with its first data manager. Raises Forbidden, InvalidInput at the field."""
    user, password = User.objects.filter(username=username).first(), None
    if user is None:
        if not email:
            raise InvalidInput.at("email", "new_account_needs_email")
        user, password = open_account(username, email, by=by, reason=f"data manager of {study.code}")
    elif not user.is_active:
        raise InvalidInput.at("username", "account_is_closed")
    make_study(study, data_manager=user, by=by)
    return DataManagerAccount(user=user, password=password)
