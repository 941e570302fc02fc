"""The projection: from the facts of one participant to everything that is derived of them, and into its tables.

`continue_with` adds one fact that comes in order; `rederive` makes everything again from all facts. Both run
the same rules, and a test holds that they give the same rows.
"""

from grading.course.carry_on import continue_with
from grading.course.changes import Change, changes_of
from grading.course.compare import Difference, Unlike, differences, unlike
from grading.course.derive import Derived, rederive
from grading.course.memory import says_something
from grading.course.store import replace, store, write

__all__ = [
    "Change",
    "Derived",
    "Difference",
    "Unlike",
    "changes_of",
    "continue_with",
    "differences",
    "rederive",
    "replace",
    "says_something",
    "store",
    "unlike",
    "write",
]
