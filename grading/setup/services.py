"""A study begins: made by an operator, with its first data manager, invited by mail where there is no account."""

from datetime import datetime

from django.db import transaction

from crsmonitor.accounts import invitations
from crsmonitor.accounts.models import User
from crsmonitor.errors import Forbidden, InvalidInput
from grading.setup.people import invite
from regimens.models import Study
from regimens.services.trial import make_study


@transaction.atomic
def start_study(study: Study, *, username: str, email: str, by: User, at: datetime) -> bool:
    """Keep a new study with its first data manager. Whether an invitation was sent; an account that is there stays.

    Raises Forbidden for who is no operator, InvalidInput at the field.
    """
    if not by.is_staff:
        raise Forbidden("role_forbids")
    user = User.objects.filter(username__iexact=username).first()
    if user is not None and not user.is_active:
        raise InvalidInput.at("username", "account_is_closed")
    if user is None and not email:
        raise InvalidInput.at("email", "new_account_needs_email")
    manager = user or invitations.open_invited(username, email, by=by, reason=f"data manager of {study.code}")
    make_study(study, data_manager=manager, by=by)
    if user is None:
        invite(study, manager, at=at)
    return user is None
