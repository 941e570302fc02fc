"""Policies that were read already: whoever saves a set needs one every time, and its sections are long.

What is kept of a row holds for that version of the row alone, which the database names (who wrote it, and where it
lies: every change makes another). It is asked for with the participant, in the transaction of the save itself, so no
process has to hear of a policy that was approved, or of anything else that became of one.
"""

from functools import cache

from crsmonitor.database import rows
from grading.models import AlertPolicy

_VERSION = "a.xmin::text || a.ctid::text"
_kept: dict[int, tuple[str, AlertPolicy]] = {}


def in_force_sql(study: str, at: str) -> str:
    """Key and version of the policy in force in a study, as policy_in_force finds it: for `kept_policy`. Else null."""
    return f"""
        (SELECT ARRAY[a.id::text, {_VERSION}] FROM grading_alertpolicy a
          WHERE a.study_id = {study} AND a.in_force_from <= {at}
          ORDER BY a.in_force_from DESC, a.version DESC LIMIT 1)
    """  # noqa: S608 - names of our own


@cache
def _row() -> str:
    return f"SELECT {_VERSION}, {rows.columns(AlertPolicy, 'a')} FROM grading_alertpolicy a WHERE a.id = $1"  # noqa: S608


def kept_policy(named: list[str] | None) -> AlertPolicy | None:
    """The policy of this key and version, an object of the caller's own; what its rules say is read once for all."""
    if named is None:
        return None
    key, version = int(named[0]), named[1]
    known = _kept.get(key)
    if known is None or known[0] != version:
        row = rows.fetch(_row(), [key])
        assert row is not None  # a policy is never deleted
        known = _kept[key] = next(row), rows.taken(AlertPolicy, row)
    policy = rows.again(known[1])
    policy.rules = known[1].rules
    return policy
