"""EX, EC, CM and PR: doses of the study drug as given and as planned, other drugs, and oxygen."""

from grading.exports.datasets.adam import adcm, adex
from grading.exports.datasets.dataset import Column
from grading.exports.datasets.facts import located, standing
from grading.exports.datasets.sdtm.domain import EPOCH, day_of, domain, fixed, identifier, instant_of, variable
from grading.exports.datasets.sql import coded, number

_DOSE_JOINS = f"""
JOIN regimens_step step ON step.id = fact.step_id
JOIN regimens_regimen regimen ON regimen.id = step.regimen_id
LEFT JOIN grading_doseperiod own ON own.dose_id = fact.id
LEFT JOIN ({adex.ENDS}) ended ON ended.dose_root = fact.root
"""  # our own texts
_DOSES = standing("regimens_dose")
_UNBLINDING = ("TRT", "CAT", "DOSE", "DOSU")


def _dose(code: str, amount: str, derivation: str) -> tuple[Column, ...]:
    return (
        identifier(code),
        variable(f"{code}LNKID", "Link ID", "C12", "DOSE and DOSENUM of ADCRSP", "'DOSE' || own.dose_number"),
        variable(f"{code}TRT", "Name of Treatment", "C80", "Study drug of the regimen", "regimen.drug"),
        variable(f"{code}CAT", "Category of Treatment", "C40", "Label of the step",
                 "left(coalesce(nullif(step.short_label, ''), step.label), 40)"),
        variable(f"{code}DOSE", "Dose", "N", derivation, amount, unit=f"{code}DOSU"),
        variable(f"{code}DOSU", "Dose Units", "C12", "As entered", "fact.unit"),
        variable(f"{code}ROUTE", "Route of Administration", "C20", "As entered", "fact.route"),
    )  # fmt: skip


def _time(code: str) -> tuple[Column, ...]:
    return (
        EPOCH,
        instant_of(f"{code}STDTC", "Start Date/Time of Treatment", "Start of the dose"),
        instant_of(f"{code}ENDTC", "End Date/Time of Treatment", "End of the infusion; a bolus ended as it began",
                   f"CASE WHEN {adex.GIVEN} THEN {adex.ENDED_AT} END"),
        day_of(f"{code}STDY", "Study Day of Start of Treatment"),
    )  # fmt: skip


EX = domain(
    "EX", "Exposure", "INTERVENTIONS",
    (*_dose("EX", number("fact.amount"), "Amount given"), *_time("EX")),
    located(f"{_DOSES} AND {adex.GIVEN}"), joins=_DOSE_JOINS,
    unblinding=frozenset(f"EX{name}" for name in _UNBLINDING),
)  # fmt: skip
EC = domain(
    "EC", "Exposure as Collected", "INTERVENTIONS",
    (
        *_dose("EC", f"coalesce({number('fact.amount')}, own.planned_dose::numeric)",
               "Amount given; of a dose not given what was planned"),
        fixed("ECPRESP", "Pre-Specified", "Y"),
        variable("ECOCCUR", "Occurrence", "C1", "N: not given", f"CASE WHEN {adex.GIVEN} THEN 'Y' ELSE 'N' END",
                 codes=("Y", "N")),
        variable("ECADJ", "Status of the Dose", "C20", "PARTIAL or INTERRUPTED, where it was",
                 "CASE WHEN fact.status IN ('PARTIAL', 'INTERRUPTED') THEN fact.status END",
                 codes=("PARTIAL", "INTERRUPTED")),
        *_time("EC"),
    ),
    located(_DOSES), joins=_DOSE_JOINS, unblinding=frozenset(f"EC{name}" for name in _UNBLINDING),
)  # fmt: skip

_TREATMENTS = standing("grading_treatment")
_ENDED = f"LEFT JOIN ({adcm.ENDS}) ended ON ended.treatment_root = fact.root"  # our own texts


def _treatment(code: str, what: str) -> tuple[Column, ...]:
    return (
        identifier(code),
        variable(f"{code}TRT", f"Reported Name of {what}", "C60", "As entered; not coded", "fact.drug"),
        variable(f"{code}CAT", f"Category for {what}", "C16",
                 "PREMEDICATION | PROPHYLAXIS | TREATMENT, by the indication",
                 "CASE WHEN fact.indication IN ('premedication', 'prophylaxis') THEN upper(fact.indication)"
                 " ELSE 'TREATMENT' END", codes=("PREMEDICATION", "PROPHYLAXIS", "TREATMENT")),
        variable(f"{code}INDC", "Indication", "C16", "As entered", coded("fact.indication")),
        variable(f"{code}DOSE", f"Dose of {what}", "N", "As entered; null: not said", number("fact.dose"),
                 unit=f"{code}DOSU"),
        variable(f"{code}DOSU", "Dose Units", "C16", "As entered", "nullif(fact.unit, '')"),
        variable(f"{code}ROUTE", "Route of Administration", "C16", "As entered", "nullif(fact.route, '')"),
        EPOCH,
        instant_of(f"{code}STDTC", f"Start Date/Time of {what}", "When it was given or began to run"),
        instant_of(f"{code}ENDTC", f"End Date/Time of {what}", "When it was stopped; null: nobody said so",
                   "ended.ended_at"),
        day_of(f"{code}STDY", f"Study Day of Start of {what}"),
    )  # fmt: skip


CM = domain(
    "CM", "Concomitant Medications", "INTERVENTIONS",
    (*_treatment("CM", "Medication"),
     variable("CMCLAS", "Medication Class", "C16", "As entered", coded("fact.drug_class"))),
    located(f"{_TREATMENTS} AND fact.drug_class <> 'oxygen'"), joins=_ENDED,
)  # fmt: skip
PR = domain(
    "PR", "Procedures", "INTERVENTIONS", _treatment("PR", "Procedure"),
    located(f"{_TREATMENTS} AND fact.drug_class = 'oxygen'"), joins=_ENDED,
)  # fmt: skip
