"""ADTTE (BDS, time to event): of each dose period the hours from the dose to the onset of CRS and of ICANS, or up to
which look there was none: of what nobody looked at nothing is known, as in the onset curve of the evidence page.

A period of which CRSFL or ICNFL is not known (nobody looked, or a provisional episode that nobody has judged) has no
row: it is no observation without an event.
"""

from grading.exports.datasets.adam.common import STEP, STUDYID, SUBJID, TZ, USUBJID, date_of
from grading.exports.datasets.adcrsp.sql import RISK_COMPLETE
from grading.exports.datasets.dataset import Column, Dataset, Term
from grading.exports.datasets.sql import hours, local

_KINDS = (
    Term("TTCRS", "Time from Dose to Onset of CRS", "HOURS", "C201867"),
    Term("TTICANS", "Time from Dose to Onset of ICANS", "HOURS"),
)
_COMMON = (
    "participant_id", "usubjid", "subject_number", "site_code", "time_zone", "dose_number", "step_label", "started_at",
    "started_local", "is_open", "risk_ends_at", "risk_complete",
)  # fmt: skip
_LOOKS = {"crs": "ADSET", "icans": "ADNEURO"}


def _events(code: str, kind: str, first: str) -> str:
    """`first`: the onset of the first episode of a period. An episode that was open at the dose is none of its own."""
    names = ", ".join(f"period.{name}" for name in _COMMON)
    return f"""
    SELECT {names}, '{code}' AS code, '{kind.upper()}' AS short, period.{kind}_final_any = 'Y' AS happened,
           period.{first} AS onset_at, '{_LOOKS[kind]}' AS looks,
           (SELECT max(look.observed_at) FROM grading_grade look
             WHERE look.participant_id = period.participant_id AND look.kind = '{kind}'
               AND look.observed_at >= period.started_at AND look.observed_at <= {{cut}}::timestamptz
               AND (period.ended_at IS NULL OR look.observed_at < period.ended_at)) AS looked_at,
           EXISTS (SELECT FROM grading_episode episode
                    WHERE episode.participant_id = period.participant_id AND episode.kind = '{kind}'
                      AND episode.final_grade > 0
                      AND episode.started_at < period.started_at
                      AND (episode.ended_at IS NULL OR episode.ended_at > period.started_at)) AS carried
      FROM periods period WHERE period.{kind}_final_any IS NOT NULL
"""  # noqa: S608  # our own texts


_ROWS = f"""
    WITH periods AS (
        SELECT period.*, (period.ended_at IS NULL OR period.ended_at > {{cut}}::timestamptz) AS is_open
          FROM grading_doseperiod period
         WHERE period.study_id = {{study}} AND {{participant_here}} AND period.ended_by <> 'NOT GIVEN'
           AND period.started_at <= {{cut}}::timestamptz)
    {_events("TTCRS", "crs", "crs_final_onset_at")} UNION ALL {_events("TTICANS", "icans", "icans_final_onset_at")}
"""  # noqa: S608  # our own texts
_UNTIL = "CASE WHEN period.happened THEN period.onset_at ELSE period.looked_at END"
_UNTIL_LOCAL = local(f"({_UNTIL})", "period.time_zone")


def _of(column: Column) -> Column:
    """A column of the companions, of a dose period."""
    names = {"fact.number": "period.subject_number", "fact.": "period."}
    text = column.sql
    for before, after in names.items():
        text = text.replace(before, after)
    return Column(column.name, column.label, column.kind, column.unit, column.derivation, column.mapping, text,
                  column.need)  # fmt: skip


# fmt: off
COLUMNS = (
    STUDYID, _of(USUBJID), _of(SUBJID),
    Column("SITEID", "Study Site Identifier", "C10", "", "Site of the dose", "DM.SITEID", "period.site_code"),
    _of(TZ),
    Column("ASPER", "Subperiod within Period", "N", "", "DOSENUM of ADCRSP", "ADaM ASPER", "period.dose_number", "key"),
    Column("ASPERC", "Subperiod within Period (C)", "C40", "", "Label of the step of that dose", "ADaM ASPERC",
           "period.step_label"),
    Column("PARAMCD", "Parameter Code", "C8", "", "TTCRS | TTICANS", "ADaM", "period.code", "key",
           codes=tuple(one.code for one in _KINDS), terms=_KINDS),
    Column("PARAM", "Parameter", "C60", "", "The same in words, with its unit", "ADaM",
           "'Time from Dose to Onset of ' || period.short || ' (h)'"),
    Column("AVAL", "Analysis Value", "N", "h", "ADTM - STARTDTM in elapsed hours", "ADaM",
           hours("period.started_at", f"({_UNTIL})"), "core"),
    Column("AVALU", "Analysis Value Unit", "C5", "", "HOURS", "ADaM", "'HOURS'", codes=("HOURS",)),
    Column("CNSR", "Censor", "N", "", "0: it began in the period; 1: it did not, up to ADTM", "ADaM",
           "CASE WHEN period.happened THEN 0 ELSE 1 END", "core"),
    Column("STARTDTM", "Time-to-Event Origin Date/Time", "DT", "datetime", "Start of the dose", "EX.EXSTDTC",
           "period.started_local"),
    date_of("STARTDT", "Time-to-Event Origin Date", "period.started_local"),
    Column("ADTM", "Analysis Date/Time", "DT", "datetime",
           "Onset of the first episode by final grade; of none the last set of the period", "ADaM",
           _UNTIL_LOCAL, "core"),
    date_of("ADT", "Analysis Date", _UNTIL_LOCAL),
    Column("EVNTDESC", "Event or Censoring Description", "C40", "", "ONSET OF CRS | ONSET OF ICANS | NO ONSET", "ADaM",
           "CASE WHEN period.happened THEN 'ONSET OF ' || period.short ELSE 'NO ONSET' END",
           codes=("ONSET OF CRS", "ONSET OF ICANS", "NO ONSET")),
    Column("CNSDTDSC", "Censor Date Description", "C20", "", "LAST LOOK; null: it began", "ADaM",
           "CASE WHEN NOT period.happened THEN 'LAST LOOK' END", codes=("LAST LOOK",)),
    Column("SRCDOM", "Source Data", "C8", "", "ADCRS | ADICANS: of an onset; else ADSET | ADNEURO", "ADaM",
           "CASE WHEN period.happened THEN 'AD' || period.short ELSE period.looks END",
           codes=("ADCRS", "ADICANS", *_LOOKS.values())),
    Column("SRCVAR", "Source Variable", "C8", "", "ASTDTM of an onset; else ADTM", "ADaM",
           "CASE WHEN period.happened THEN 'ASTDTM' ELSE 'ADTM' END", codes=("ASTDTM", "ADTM")),
    Column("RISKWCFL", "Risk Window Completed Flag", "C1", "Y/N", "As in ADCRSP", "derived", RISK_COMPLETE),
    Column("ANL01FL", "Analysis Flag 01", "C1", "Y",
           "Y: at risk from the dose on; null: an episode of an earlier period was still open at it", "ADaM ANL01FL",
           "CASE WHEN NOT period.carried THEN 'Y' END", "core", codes=("Y",)),
)
# fmt: on

ADTTE = Dataset(
    name="adtte",
    label="Time from Dose to Onset of CRS and ICANS",
    structure="BASIC DATA STRUCTURE",
    keys=("STUDYID", "USUBJID", "ASPER", "PARAMCD"),
    columns=COLUMNS,
    source=f"FROM ({_ROWS}) period\nCROSS JOIN ({{cut_row}}) cut\n"
    "ORDER BY period.usubjid, period.dose_number, period.code",
    unblinding=STEP,
)
