"""Tell the database who acts and why, for as long as one transaction lasts."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Union

from django.db import connections, transaction

from crsmonitor.database.straight import Statement
from crsmonitor.logs.request_id import current_request_id

if TYPE_CHECKING:  # accounts are audited themselves
    from crsmonitor.accounts.models import User

_SAY = """
    SELECT current_setting('app.actor', true), current_setting('app.reason', true),
           set_config('app.actor', %s, true), set_config('app.reason', %s, true),
           set_config('app.request_id', %s, true)
"""

# The same around a single statement that is sent with them.
_BEFORE = """
    SELECT set_config('app.actor_before', coalesce(current_setting('app.actor', true), ''), true),
           set_config('app.reason_before', coalesce(current_setting('app.reason', true), ''), true),
           set_config('app.actor', $1, true), set_config('app.reason', $2, true), set_config('app.request_id', $3, true)
"""
_AFTER = """
    SELECT set_config('app.actor', current_setting('app.actor_before'), true),
           set_config('app.reason', current_setting('app.reason_before'), true)
"""


def actor_name(by: Union["User", str]) -> str:
    """How the audit trail names somebody: the user's id and sign-in name, or a command's name."""
    return by if isinstance(by, str) else f"user:{by.pk}:{by.get_username()}"


@contextmanager
def acting(*, by: Union["User", str], reason: str, using: str = "default", savepoint: bool = True) -> Iterator[None]:
    """One transaction in which every audited change is `by`'s, for `reason`.

    `savepoint` False: within another transaction, which ends with whatever is raised here.

    The trigger refuses a change without an actor, and an update or delete without a reason.
    """
    nested = connections[using].in_atomic_block
    with transaction.atomic(using=using, savepoint=savepoint), connections[using].cursor() as cursor:
        cursor.execute(_SAY, [actor_name(by), reason, current_request_id()])
        before = cursor.fetchone()
        yield
        if nested:  # the rest of the outer transaction is not ours
            cursor.execute(_SAY, [before[0] or "", before[1] or "", current_request_id()])


def around(*, by: Union["User", str], reason: str) -> tuple[Statement, Statement]:
    """What `acting` says, for rows that are written within a transaction: to go before them, and after (rows.write)."""
    return (_BEFORE, [actor_name(by), reason, current_request_id()]), (_AFTER, [])
