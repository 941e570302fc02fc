"""TA, TE and TV: the trial as the plan has it. An arm is a regimen, a visit a dose that opens a period.

Of a regimen in several versions the newest that somebody is on. Nothing of arms and visits is told to who is blinded:
how many doses there are, and on which days, tells the regimens apart.
"""

from grading.exports.datasets.adam.common import STUDYID
from grading.exports.datasets.dataset import Column, Dataset
from grading.exports.datasets.facts import SUBJECTS
from grading.exports.datasets.sdtm.domain import fixed, variable

_SCREENING, _TREATMENT = ("SCRN", "SCREENING"), ("TRT", "TREATMENT")
_ELEMENTS = f"(VALUES (1, '{_SCREENING[0]}', '{_SCREENING[1]}'), (2, '{_TREATMENT[0]}', '{_TREATMENT[1]}'))"
_ARMS = f"""
    SELECT DISTINCT ON (regimen.code) regimen.id, regimen.code COLLATE "C" AS code
      FROM ({SUBJECTS}) subject JOIN regimens_regimen regimen ON regimen.id = subject.regimen_id
     ORDER BY regimen.code, regimen.version DESC, regimen.id
"""  # noqa: S608  # our own texts
_ARMCD = variable("ARMCD", "Planned Arm Code", "C20", "Code of the regimen", "arm.code", need="key")
_ARM = variable("ARM", "Description of Planned Arm", "C20", "Code of the regimen", "arm.code")
_ETCD = variable("ETCD", "Element Code", "C8", "SCRN | TRT", "element.code", codes=(_SCREENING[0], _TREATMENT[0]))
_ELEMENT = variable("ELEMENT", "Description of Element", "C40", "SCREENING | TREATMENT", "element.name",
                    codes=(_SCREENING[1], _TREATMENT[1]))  # fmt: skip
_UNBLINDING = frozenset({"ARMCD", "ARM"})


def _design(code: str, label: str, keys: tuple[str, ...], columns: tuple[Column, ...], source: str) -> Dataset:
    return Dataset(
        name=code.lower(), label=label, structure="TRIAL DESIGN", keys=("STUDYID", *keys),
        columns=(STUDYID, fixed("DOMAIN", "Domain Abbreviation", code), *columns), source=source,
        unblinding=_UNBLINDING & {column.name for column in columns},
    )  # fmt: skip


TE = _design(
    "TE", "Trial Elements", ("ETCD",),
    (
        _ETCD, _ELEMENT,
        variable("TESTRL", "Rule for Start of Element", "C200", "Rule",
                 "CASE element.place WHEN 1 THEN 'Enrolment' ELSE 'Start of the first dose of the study drug' END"),
        variable("TEENRL", "Rule for End of Element", "C200", "Rule",
                 "CASE element.place WHEN 1 THEN 'Start of the first dose of the study drug'"
                 " ELSE 'End of observation, as DS has it' END"),
    ),
    f"FROM ({{cut_row}}) cut CROSS JOIN {_ELEMENTS} element(place, code, name) ORDER BY element.place",
)  # fmt: skip
TA = _design(
    "TA", "Trial Arms", ("ARMCD", "TAETORD"),
    (
        _ARMCD, _ARM,
        variable("TAETORD", "Planned Order of Element within Arm", "N", "Screening, then treatment", "element.place",
                 need="key"),
        _ETCD, _ELEMENT,
        variable("TABRANCH", "Branch", "C40", "Null: nothing branches here", "NULL::text"),
        variable("TATRANS", "Transition Rule", "C40", "Null: elements follow each other", "NULL::text"),
        variable("EPOCH", "Epoch", "C20", "Of the element", "element.name", codes=(_SCREENING[1], _TREATMENT[1])),
    ),
    f"FROM ({_ARMS}) arm CROSS JOIN ({{cut_row}}) cut"  # our own texts
    f" CROSS JOIN {_ELEMENTS} element(place, code, name) WHERE NOT cut.blinded ORDER BY arm.code, element.place",
)  # fmt: skip

# A step that is given so many times is as many visits; one that is given again without end is the last visit that the
# plan names.
_VISITS = f"""
    SELECT arm.code, step.repeats AND step.times IS NULL AS is_endless,
           CASE WHEN again.n = 1 THEN step.planned_day
                ELSE step.planned_day + (again.n - 1) * step.interval_planned_d END AS planned_day,
           row_number() OVER (PARTITION BY arm.code ORDER BY step.position, again.n) AS number
      FROM ({_ARMS}) arm
      JOIN regimens_step step ON step.regimen_id = arm.id AND step.opens_period
     CROSS JOIN LATERAL generate_series(1, coalesce(step.times, 1)) again(n)
"""  # noqa: S608  # our own texts
TV = _design(
    "TV", "Trial Visits", ("ARMCD", "VISITNUM"),
    (
        variable("VISITNUM", "Visit Number", "N", "Of the doses of the plan that open a period; that of SV where all "
                 "were given in order", "arm.number", need="key"),
        variable("VISIT", "Visit Name", "C12", "DOSE and its number", "'DOSE ' || arm.number"),
        variable("VISITDY", "Planned Study Day of Visit", "N", "As the plan says; null: it names none",
                 "arm.planned_day", unit="d"),
        _ARMCD, _ARM,
        variable("TVSTRL", "Visit Start Rule", "C200", "Rule", "'Start of the dose'"),
        variable("TVENRL", "Visit End Rule", "C200", "Rule",
                 "CASE WHEN arm.is_endless THEN 'Start of the next dose, which is given again as this one'"
                 " ELSE 'Start of the next dose, or end of observation' END"),
    ),
    f"FROM ({_VISITS}) arm CROSS JOIN ({{cut_row}}) cut WHERE NOT cut.blinded ORDER BY arm.code, arm.number",
)  # fmt: skip
