"""ADCRS and ADICANS (OCCDS): one row for each episode, by the dose of its onset."""

from grading.exports.datasets.adam.common import IDENTITY, STEP, date_of, end_date
from grading.exports.datasets.dataset import Column, Dataset
from grading.exports.datasets.facts import PERIODS, PLACES, SUBJECTS, source
from grading.exports.datasets.sql import coded, flag, followed_to, hours, json_codes, local


def episodes_of(kind: str) -> str:
    """The episodes of a kind that began by the cut, with whose they are and the dose in whose period each began.

    `is_counted`: what ADCRSP counts. A provisional one has a final grade once a person gave it one, and not before.
    """
    return f"""
    SELECT episode.*, {local("episode.started_at", "place.time_zone")} AS started_here, subject.usubjid,
           subject.number, place.site_code, place.time_zone, period.dose_number, period.step_label,
           period.started_at AS dosed_at, period.started_local, period.dose_amount, period.dose_unit,
           episode.final_grade > 0 AS is_counted,
           row_number() OVER (PARTITION BY episode.participant_id, episode.final_grade > 0
                              ORDER BY episode.started_at, episode.root) AS number_of,
           row_number() OVER (PARTITION BY episode.participant_id, episode.final_grade > 0
                              ORDER BY episode.final_grade DESC, episode.started_at, episode.root) AS by_grade,
           min(CASE WHEN episode.final_grade > 0 THEN period.dose_number END)
               OVER (PARTITION BY episode.participant_id) AS first_dose,
           row_number() OVER (PARTITION BY episode.participant_id
                              ORDER BY episode.started_at, episode.root, episode.provisional) AS place
      FROM grading_episode episode
      JOIN ({SUBJECTS}) subject ON subject.participant_id = episode.participant_id
      JOIN ({PLACES}) place ON place.participant_id = episode.participant_id
       AND place.since <= episode.started_at AND episode.started_at < place.until
      LEFT JOIN regimens_dose dose ON dose.root = episode.dose_root
       AND NOT EXISTS (SELECT FROM regimens_dose newer WHERE newer.supersedes_id = dose.id)
      LEFT JOIN ({PERIODS}) period ON period.dose_id = dose.id
     WHERE episode.kind = '{kind}' AND episode.started_at <= {{cut}}::timestamptz
"""  # noqa: S608  # our own texts


def _columns(kind: str, domain: str) -> tuple[Column, ...]:
    # fmt: off
    return (
        *IDENTITY,
        Column("ASEQ", "Analysis Sequence Number", "N", "", "Of the episodes of the participant, by onset", "AE.AESEQ",
               "fact.place", "key"),
        Column("ATERM", "Reported Term", "C60", "", "No dictionary code: the sponsor codes it", "AE.AETERM",
               f"'{TERMS[domain]}'", codes=(TERMS[domain],)),
        Column("PROVISNL", "Provisional Because", "C60", "",
               "Signs that may be it, by the flag that opened the episode, until a person judges; null: definite",
               "sponsor", coded("fact.provisional"), "core"),
        Column("ASTDTM", "Analysis Start Date/Time", "DT", "datetime", "Onset: the first set of the episode",
               "AE.AESTDTC", "fact.started_here", "core"),
        date_of("ASTDT", "Analysis Start Date", "fact.started_here"),
        Column("AENDTM", "Analysis End Date/Time", "DT", "datetime",
               "First set of the time that was observed free; null: not over", "AE.AEENDTC",
               local("fact.ended_at", "fact.time_zone"), "core"),
        end_date(local("fact.ended_at", "fact.time_zone")),
        Column("AENRTPT", "End Relative to the Data Cut", "C8", "",
               "ONGOING: not over at the cut, or when observation ended", "AE.AEENRTPT",
               "CASE WHEN fact.ended_at IS NULL THEN 'ONGOING' END", codes=("ONGOING",)),
        Column("ADURN", "Analysis Duration (N)", "N", "ADURU",
               "AENDTM - ASTDTM; not over: to the cut, or the end of observation if it was before", "derived",
               hours("fact.started_at", followed_to("fact")), "core"),
        Column("ADURU", "Analysis Duration Units", "C5", "", "HOURS", "derived", "'HOURS'", codes=("HOURS",)),
        Column("ATOXGRN", "Analysis Toxicity Grade (N)", "N", "0-5",
               f"ASTCT {kind} grade that is final: a person's while the computed one is not above the one judged",
               "AE.AETOXGR", "fact.final_grade", "core"),
        Column("ATOXGRCN", "Maximum Grade (Computed)", "N", "0-5",
               "By the rules; a set with data missing counts as its least grade; 5: recorded death",
               "RS origin Derived", "fact.max_grade", "core"),
        Column("ATOXGRUN", "Maximum Grade, Upper Bound", "N", "0-5",
               "Were what was not looked at as bad as possible", "sponsor", "fact.at_most"),
        Column("AXISGRN", "Grade of the Axis", "N", "0-5", "Of a provisional episode: what its signs would be",
               "sponsor", "fact.axis_grade"),
        Column("AADJFL", "Grade Changed by a Person Flag", "C1", "Y/N", "ATOXGRN is not the computed grade", "sponsor",
               flag("(fact.final_grade <> fact.max_grade)")),
        Column("AMXDTM", "Time of the First Maximum Grade", "DT", "datetime", "First set of the maximum", "RS.RSDTC",
               local("fact.max_at", "fact.time_zone")),
        Column("LDOSEDTM", "End Date/Time of Last Dose", "DT", "datetime", "Start of the dose in whose period it began",
               "EX.EXSTDTC", "fact.started_local"),
        Column("ASPER", "Subperiod within Period", "N", "", "DOSENUM of that dose", "ADaM ASPER", "fact.dose_number"),
        Column("ASPERC", "Subperiod within Period (C)", "C40", "", "Label of its step", "ADaM ASPERC",
               "fact.step_label"),
        Column("DOSEON", "Treatment Dose at Record Start", "N", "DOSEU", "Amount given then", "EX.EXDOSE",
               "fact.dose_amount"),
        Column("DOSEU", "Treatment Dose Units", "C12", "", "Unit of DOSEON", "EX.EXDOSU", "fact.dose_unit"),
        Column("AONH", "Onset from Dose Start", "N", "h", "ASTDTM - LDOSEDTM", "derived (LDOSEDTM)",
               hours("fact.dosed_at", "fact.started_at")),
        Column("AOCCFL", "1st Occurrence within Subject Flag", "C1", "Y",
               "Y: the first whose final grade is 1 or above; a provisional one has it from a person", "ADaM AOCCFL",
               "CASE WHEN fact.is_counted AND fact.number_of = 1 THEN 'Y' END", codes=("Y",)),
        Column("AOCCIFL", "1st Max Sev./Int. Occurrence Flag", "C1", "Y",
               "Y: of those that AOCCFL looks at the first of the highest final grade of the participant",
               "ADaM AOCCIFL", "CASE WHEN fact.is_counted AND fact.by_grade = 1 THEN 'Y' END", codes=("Y",)),
        Column(RECURRENT[domain], f"Recurrent {kind} Flag", "C1", "Y/N",
               "Y: another of those that AOCCFL looks at began in the period of an earlier dose; null: not one of "
               "them, or it began before any dose", "derived",
               f"CASE WHEN fact.is_counted THEN {flag('(fact.first_dose < fact.dose_number)')} END"),
        Column("TRTEMFL", "Treatment Emergent Analysis Flag", "C1", "Y", "Y: it began after a dose", "ADaM TRTEMFL",
               "CASE WHEN fact.dosed_at IS NOT NULL THEN 'Y' END", codes=("Y",)),
        Column("AFLAGS", "Flags of the Episode", "C200", "", "Codes, in the order of the rules", "sponsor",
               json_codes("fact.flags")),
        Column("LNKID", "Link Identifier", "C12", "", f"{domain} and ASEQ: AELNKID of the SDTM data sets", "AE.AELNKID",
               f"'{domain}' || fact.place"),
        Column("RECID", "Record Identifier", "C36", "", "Identifier of the fact of its onset", "sponsor",
               "fact.root::text"),
    )
    # fmt: on


RECURRENT = {"CRS": "CRSRECFL", "ICANS": "ICNRECFL"}
TERMS = {
    "CRS": "Cytokine release syndrome",
    "ICANS": "Immune effector cell-associated neurotoxicity syndrome",
}


def _dataset(name: str, label: str, kind: str, domain: str) -> Dataset:
    return Dataset(
        name=name,
        label=label,
        structure="OCCURRENCE DATA STRUCTURE",
        keys=("STUDYID", "USUBJID", "ASEQ"),
        columns=_columns(domain, domain),
        source=source(episodes_of(kind), order="fact.usubjid, fact.place"),
        unblinding=STEP | {"DOSEON", "DOSEU"},
    )


ADCRS = _dataset("adcrs", "Episodes of CRS", "crs", "CRS")
ADICANS = _dataset("adicans", "Episodes of ICANS", "icans", "ICANS")
