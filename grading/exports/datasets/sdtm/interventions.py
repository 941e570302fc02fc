"""EX, EC, CM and PR: doses of the study drug as given and as planned, other drugs, and oxygen."""

from grading.exports.datasets.adam import adcm, adex
from grading.exports.datasets.adcrsp.reports import NEWEST
from grading.exports.datasets.dataset import Column
from grading.exports.datasets.facts import located, standing
from grading.exports.datasets.sdtm.domain import EPOCH, day_of, domain, fixed, identifier, instant_of, variable
from grading.exports.datasets.sdtm.events import EVENTS
from grading.exports.datasets.sdtm.supplements import supplement
from grading.exports.datasets.sql import coded, number
from regimens.models import DoseStatus

# What investigators say was done with the study drug because of an episode, by the dose in whose period it began.
_ACTED = f"""
    SELECT period.participant_id, period.dose_number, bool_or(report.action = 'DRUG INTERRUPTED') AS interrupted,
           bool_or(report.action = 'DOSE REDUCED') AS reduced
      FROM grading_episode episode
      JOIN regimens_dose dose ON dose.root = episode.dose_root
      JOIN grading_doseperiod period ON period.study_id = {{study}} AND period.dose_id = dose.id
      JOIN ({NEWEST}) report ON report.participant_id = episode.participant_id AND report.kind = episode.kind
       AND report.about_root = episode.root
     GROUP BY period.participant_id, period.dose_number
"""  # noqa: S608  # our own texts
_DOSE_JOINS = f"""
JOIN regimens_step step ON step.id = fact.step_id
JOIN regimens_regimen regimen ON regimen.id = step.regimen_id
LEFT JOIN grading_doseperiod own ON own.dose_id = fact.id
LEFT JOIN ({adex.ENDS}) ended ON ended.dose_root = fact.root
LEFT JOIN ({_ACTED}) here ON here.participant_id = fact.participant_id AND here.dose_number = own.dose_number
LEFT JOIN ({_ACTED}) earlier ON earlier.participant_id = fact.participant_id
      AND earlier.dose_number = own.dose_number - 1
"""  # our own texts
_DOSES = standing("regimens_dose")
_ADVERSE_EVENT = "ADVERSE EVENT"


def _adjusted(code: str) -> Column:
    return variable(
        f"{code}ADJ", "Reason for Dose Adjustment", "C20",
        "ADVERSE EVENT: given in part or interrupted, and an investigator says of an episode of its period that the "
        "drug was interrupted; or less than planned, and of one of the period before that the dose was reduced. Null: "
        "not adjusted, or only a typed reason is there, which leaves no ward",
        "CASE WHEN fact.status IN ('PARTIAL', 'INTERRUPTED') AND here.interrupted"
        f" OR fact.amount < own.planned_dose::numeric AND earlier.reduced THEN '{_ADVERSE_EVENT}' END",
        codes=(_ADVERSE_EVENT,),
    )  # fmt: skip


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
    (*_dose("EX", number("fact.amount"), "Amount given"), _adjusted("EX"), *_time("EX")),
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
        _adjusted("EC"),
        *_time("EC"),
    ),
    located(_DOSES), joins=_DOSE_JOINS, unblinding=frozenset(f"EC{name}" for name in _UNBLINDING),
)  # fmt: skip

SUPPEC = supplement(
    "EC", located(_DOSES), identifier="ECSPID", name="DOSSTAT", label="Dose Status",
    derivation="GIVEN | PARTIAL | INTERRUPTED | NOT GIVEN", value="fact.status",
    codes=tuple(str(one) for one in DoseStatus.values),
)  # fmt: skip

_TREATMENTS = standing("grading_treatment")
_DRUGS = f"{_TREATMENTS} AND fact.drug_class <> 'oxygen'"
_ENDED = f"LEFT JOIN ({adcm.ENDS}) ended ON ended.treatment_root = fact.root"  # our own texts


_ROLES = ("PREMEDICATION", "PROPHYLAXIS", "TREATMENT")
_ROLE_OF = "PREMEDICATION | PROPHYLAXIS | TREATMENT, by the indication"
_ROLE = "CASE WHEN fact.indication IN ('premedication', 'prophylaxis') THEN upper(fact.indication) ELSE 'TREATMENT' END"
_Columns = tuple[Column, ...]
# What it was given for, and when: the episode that went on then.
_FOR_EVENT = f"""LEFT JOIN ({EVENTS}) event ON event.participant_id = fact.participant_id
 AND event.kind = fact.indication AND event.started_at <= fact.observed_at
 AND fact.observed_at < coalesce(event.ended_at, 'infinity')
{adcm.CODED}"""  # our own texts


def _treatment(code: str, what: str, *, link: tuple[Column, ...] = (), name: tuple[Column, ...] = ()) -> _Columns:
    return (
        identifier(code),
        *link,
        variable(f"{code}TRT", f"Reported Name of {what}", "C60", "As entered", "fact.drug"),
        *name,
        variable(f"{code}CAT", f"Category for {what}", "C16", _ROLE_OF, _ROLE, codes=_ROLES),
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
    (
        *_treatment(
            "CM", "Medication",
            link=(variable("CMLNKID", "Link ID", "C12",
                           "AELNKID of the event that it was given for: of that indication, going on when it was given",
                           "event.link"),),
            name=(variable("CMDECOD", "Standardized Medication Name", "C40",
                           "International name by our own dictionary of drugs; null: a name that it does not know, or "
                           "several. The sponsor codes by WHODrug", "coded.name"),),
        ),
        variable("CMCLAS", "Medication Class", "C16", "As entered", coded("fact.drug_class")),
    ),
    located(_DRUGS), joins=f"{_ENDED}\n{_FOR_EVENT}",
)  # fmt: skip
SUPPCM = supplement(
    "CM", located(_DRUGS), identifier="CMSPID", name="CMROLE", label="Role of the Medication", derivation=_ROLE_OF,
    value=_ROLE, codes=_ROLES,
)  # fmt: skip
PR = domain(
    "PR", "Procedures", "INTERVENTIONS", _treatment("PR", "Procedure"),
    located(f"{_TREATMENTS} AND fact.drug_class = 'oxygen'"), joins=_ENDED,
)  # fmt: skip
