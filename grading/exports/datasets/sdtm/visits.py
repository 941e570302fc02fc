"""TV: the planned visits. A visit is a dose that opens a period.

Nothing of visits is told to who is blinded: how many doses there are, and on which days, tells the regimens apart.
"""

from grading.exports.datasets.adam.common import STUDYID
from grading.exports.datasets.dataset import Dataset
from grading.exports.datasets.sdtm.domain import fixed, variable
from grading.exports.datasets.sdtm.elements import ARM, ARMCD, ARMS

# A step that is given so many times is as many visits; one that is given again without end is the last visit that the
# plan names.
_VISITS = f"""
    SELECT arm.code, step.repeats AND step.times IS NULL AS is_endless,
           CASE WHEN again.n = 1 THEN step.planned_day
                ELSE step.planned_day + (again.n - 1) * step.interval_planned_d END AS planned_day,
           row_number() OVER (PARTITION BY arm.code ORDER BY step.position, again.n) AS number
      FROM ({ARMS}) arm
      JOIN regimens_step step ON step.regimen_id = arm.id AND step.opens_period
     CROSS JOIN LATERAL generate_series(1, coalesce(step.times, 1)) again(n)
"""  # noqa: S608  # our own texts
TV = Dataset(
    name="tv", label="Trial Visits", structure="TRIAL DESIGN", keys=("STUDYID", "ARMCD", "VISITNUM"),
    columns=(
        STUDYID, fixed("DOMAIN", "Domain Abbreviation", "TV"),
        variable("VISITNUM", "Visit Number", "N", "Of the doses of the plan that open a period; that of SV where all "
                 "were given in order", "arm.number", need="key"),
        variable("VISIT", "Visit Name", "C12", "DOSE and its number", "'DOSE ' || arm.number"),
        variable("VISITDY", "Planned Study Day of Visit", "N", "As the plan says; null: it names none",
                 "arm.planned_day", unit="d"),
        ARMCD, ARM,
        variable("TVSTRL", "Visit Start Rule", "C200", "Rule", "'Start of the dose'"),
        variable("TVENRL", "Visit End Rule", "C200", "Rule",
                 "CASE WHEN arm.is_endless THEN 'Start of the next dose, which is given again as this one'"
                 " ELSE 'Start of the next dose, or end of observation' END"),
    ),
    source=f"FROM ({_VISITS}) arm CROSS JOIN ({{cut_row}}) cut WHERE NOT cut.blinded ORDER BY arm.code, arm.number",
    unblinding=frozenset({"ARMCD", "ARM"}),
)  # fmt: skip
