"""The projection: from the facts of one participant to everything that is derived of them, and into its tables.

`continue_with` adds one set that comes in order; `rederive` makes everything again from all facts. Both run
the same rules, and a test holds that they give the same rows.
"""

from grading.course.carry_on import continue_with
from grading.course.derive import Derived, rederive
from grading.course.store import replace, store

__all__ = ["Derived", "continue_with", "rederive", "replace", "store"]
