"""DM, SV, TS and RELREC: participants, visits, the trial, and what belongs together."""

from grading.exports.datasets.adam import adsl
from grading.exports.datasets.adam.common import STUDYID, SUBJID, USUBJID
from grading.exports.datasets.dataset import Column, Dataset
from grading.exports.datasets.sdtm.domain import fixed, instant_of, variable
from grading.exports.datasets.sql import utc

_LAST = "coalesce(ended.observed_at, CASE WHEN dosed.given IS NOT NULL THEN cut.at END)"


def _arm(name: str, label: str, *, actual: bool = False) -> Column:
    """`actual`: of whoever was given a dose of it."""
    if actual:
        given = "CASE WHEN dosed.first_at IS NOT NULL THEN regimen.code END"
        return variable(name, label, "C20", "The same once a dose was given; null: none was (ARMNRS)", given)
    return variable(name, label, "C20", "The regimen that the participant is on; cohorts leave no ward", "regimen.code")


DM = Dataset(
    name="dm", label="Demographics", structure="SPECIAL PURPOSE", keys=("STUDYID", "USUBJID"),
    columns=(
        STUDYID, fixed("DOMAIN", "Domain Abbreviation", "DM"), USUBJID, SUBJID,
        instant_of("RFSTDTC", "Subject Reference Start Date/Time", "First dose", "dosed.first_at"),
        instant_of("RFENDTC", "Subject Reference End Date/Time", "End of observation, or the cut", _LAST),
        instant_of("RFXSTDTC", "Date/Time of First Study Treatment", "First dose", "dosed.first_at"),
        instant_of("RFXENDTC", "Date/Time of Last Study Treatment", "Start of the last dose", "dosed.last_at"),
        instant_of("DTHDTC", "Date/Time of Death", "Where a death is recorded",
                   "CASE WHEN ended.kind LIKE 'death%' THEN ended.observed_at END"),
        variable("DTHFL", "Subject Death Flag", "C1", "Y: a death is recorded",
                 "CASE WHEN ended.kind LIKE 'death%' THEN 'Y' END", codes=("Y",)),
        variable("SITEID", "Study Site Identifier", "C10", "Site of enrolment", "fact.enrolled_at"),
        variable("COUNTRY", "Country", "C3", "ISO 3166 alpha-3 of that site", "fact.country"),
        _arm("ARMCD", "Planned Arm Code"), _arm("ARM", "Description of Planned Arm"),
        _arm("ACTARMCD", "Actual Arm Code", actual=True), _arm("ACTARM", "Description of Actual Arm", actual=True),
        variable("ARMNRS", "Reason Arm and/or Actual Arm is Null", "C24", "Where no dose was given by the cut",
                 "CASE WHEN dosed.first_at IS NULL THEN 'ASSIGNED, NOT TREATED' END",
                 codes=("ASSIGNED, NOT TREATED",)),
    ),
    source=adsl.ADSL.source,
    unblinding=frozenset({"ARMCD", "ARM", "ACTARMCD", "ACTARM"}),
)  # fmt: skip

# The period of each dose is a visit, in the order of doses.
_VISITS = """
    SELECT period.participant_id, period.usubjid, period.time_zone, period.dose_number, period.started_at,
           least(period.ended_at, {cut}::timestamptz) AS ended_at, period.study_day
      FROM (SELECT * FROM grading_doseperiod WHERE study_id = {study} AND {participant_here}) period
     WHERE period.ended_by <> 'NOT GIVEN' AND period.started_at <= {cut}::timestamptz
"""
SV = Dataset(
    name="sv", label="Subject Visits", structure="SPECIAL PURPOSE", keys=("STUDYID", "USUBJID", "VISITNUM"),
    columns=(
        STUDYID, fixed("DOMAIN", "Domain Abbreviation", "SV"), USUBJID,
        variable("VISITNUM", "Visit Number", "N", "DOSENUM of ADCRSP", "fact.dose_number", need="key"),
        variable("VISIT", "Visit Name", "C12", "DOSE and its number", "'DOSE ' || fact.dose_number"),
        fixed("EPOCH", "Epoch", "TREATMENT"),
        instant_of("SVSTDTC", "Start Date/Time of Observations", "Start of the dose", "fact.started_at"),
        instant_of("SVENDTC", "End Date/Time of Observations", "End of its period, or the cut",
                   "coalesce(fact.ended_at, cut.at)"),
        variable("SVSTDY", "Study Day of Start of Observation", "N", "ASPRSDY of ADCRSP", "fact.study_day"),
    ),
    source=f"FROM ({_VISITS}) fact CROSS JOIN ({{cut_row}}) cut ORDER BY fact.usubjid, fact.dose_number",
)  # fmt: skip

_IF_OPEN = "CASE WHEN NOT cut.blinded THEN {} END"
_PARAMETERS = f"""(1, 'DCUTDESC', 'Data Cutoff Description', 'DATA CUT OF THIS PACKET'),
    (2, 'DCUTDTC', 'Data Cutoff Date', {utc("cut.at")}),
    (3, 'TITLE', 'Trial Title', left(study.title, 200)),
    (4, 'TRT', 'Investigational Therapy or Treatment', {_IF_OPEN.format("study.drugs")})"""
TS = Dataset(
    name="ts", label="Trial Summary", structure="TRIAL DESIGN", keys=("STUDYID", "TSSEQ"),
    columns=(
        STUDYID, fixed("DOMAIN", "Domain Abbreviation", "TS"),
        variable("TSSEQ", "Sequence Number", "N", "Of the parameters", "one.place", need="key"),
        variable("TSPARMCD", "Trial Summary Parameter Short Name", "C8", "Parameter", "one.code",
                 codes=("DCUTDESC", "DCUTDTC", "TITLE", "TRT")),
        variable("TSPARM", "Trial Summary Parameter", "C40", "Parameter", "one.label"),
        variable("TSVAL", "Parameter Value", "C200", "What is known here; the sponsor completes the trial design",
                 "one.value"),
    ),
    source=f"""FROM ({{cut_row}}) cut
CROSS JOIN (SELECT study.title,
                   (SELECT left(string_agg(DISTINCT regimen.drug, '; ' ORDER BY regimen.drug), 200)
                      FROM regimens_regimen regimen WHERE regimen.study_id = study.id) AS drugs
              FROM regimens_study study WHERE study.id = {{study}}) study
CROSS JOIN LATERAL (VALUES {_PARAMETERS}) one(place, code, label, value)
ORDER BY one.place""",  # noqa: S608  # our own texts
)  # fmt: skip

RELREC = Dataset(
    name="relrec", label="Related Records", structure="RELATIONSHIP", keys=("STUDYID", "RELID", "RDOMAIN"),
    columns=(
        STUDYID,
        variable("RDOMAIN", "Related Domain Abbreviation", "C2", "Domain", "one.domain", need="key"),
        variable("USUBJID", "Unique Subject Identifier", "C40", "Null: it holds for all", "NULL::text"),
        variable("IDVAR", "Identifying Variable", "C8", "The link", "one.variable"),
        variable("IDVARVAL", "Identifying Variable Value", "C12", "Null: whatever the link is", "NULL::text"),
        variable("RELTYPE", "Relationship Type", "C4", "ONE | MANY", "one.type", codes=("ONE", "MANY")),
        variable("RELID", "Relationship Identifier", "C8", "Each pair has its own", "one.relation", need="key"),
    ),
    source="""FROM ({cut_row}) cut CROSS JOIN (VALUES
    ('AECE', 'AE', 'AELNKID', 'ONE'), ('AECE', 'CE', 'CELNKID', 'MANY'),
    ('AECM', 'AE', 'AELNKID', 'ONE'), ('AECM', 'CM', 'CMLNKID', 'MANY'),
    ('AEFA', 'AE', 'AELNKID', 'ONE'), ('AEFA', 'FA', 'FALNKID', 'MANY')) one(relation, domain, variable, type)
ORDER BY one.relation, one.domain""",
)  # fmt: skip
