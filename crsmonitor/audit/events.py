"""What somebody did that changes no row: signed in, exported, looked at what is unblinded. Kept in the audit trail.

An event is a link of the same chains as the changes: `action` is EVENT, `table_name` its kind, `after` its details.
"""

import json
from typing import TYPE_CHECKING, Union

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from crsmonitor.audit.acting import actor_name
from crsmonitor.logs.request_id import current_request_id

if TYPE_CHECKING:  # accounts are audited themselves
    from crsmonitor.accounts.models import User

_RECORD = "SELECT audit_record(%s, %s, %s, %s::jsonb, %s)"


def record_event(kind: str, *, by: Union["User", str], subject: str = "", **details: object) -> None:
    """Add an event of this kind (small letters, digits and _), in the transaction that is open, if one is.

    `subject`: whose chain it joins, such as `study:3`; left out: that of the account, or of the command, that acts.
    `details` are what a reader of the trail needs: ids, counts, hashes. Never a password, a token or a name that
    nobody here has: whatever is typed at a door may be a password (`accounts.guessing.hash_of`).
    """
    actor = actor_name(by)
    chain = subject or (f"command:{by}" if isinstance(by, str) else f"user:{by.pk}")
    values = [chain[:100], actor[:200], kind, json.dumps(details, cls=DjangoJSONEncoder), current_request_id()]
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, values)
