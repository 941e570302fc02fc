"""ADSL: one row for each participant, with what is fixed at enrolment and is an input of the rules."""

from grading.exports.datasets.adam.common import STUDYID, SUBJID, USUBJID, date_of
from grading.exports.datasets.dataset import Column, Dataset
from grading.exports.datasets.facts import PLACES, SUBJECTS, standing
from grading.exports.datasets.sql import coded, flag, local
from regimens.models import DispositionKind

# The doses of each participant, and how observation ended.
_DOSES = """
    SELECT period.participant_id, min(period.started_at) AS first_at, max(period.started_at) AS last_at,
           count(*) AS given
      FROM grading_doseperiod period
     WHERE period.ended_by <> 'NOT GIVEN' AND period.started_at <= {cut}::timestamptz GROUP BY period.participant_id
"""
_ENDS = f"""
    SELECT DISTINCT ON (fact.participant_id) fact.participant_id, fact.observed_at, fact.kind
      FROM ({standing("regimens_disposition")}) fact ORDER BY fact.participant_id, fact.observed_at, fact.root
"""  # noqa: S608  # our own texts

# fmt: off
COLUMNS = (
    STUDYID, USUBJID, SUBJID,
    Column("SITEID", "Study Site Identifier", "C10", "", "Site of enrolment", "DM.SITEID", "fact.enrolled_at", "core"),
    Column("CURSITE", "Site at the Data Cut", "C10", "", "Where the participant is, after transfers", "sponsor",
           "place.site_code"),
    Column("COUNTRY", "Country", "C3", "", "ISO 3166 alpha-3 of the site of enrolment", "DM.COUNTRY", "fact.country"),
    Column("TZ", "Site Time Zone", "C40", "", "IANA name; of the site of enrolment, the zone of the DT columns",
           "sponsor", "fact.time_zone", "core"),
    Column("NEUROIN", "Neuro Instrument", "C4", "", "ICE | CAPD: chosen at enrolment", "RS.RSCAT",
           "upper(fact.neuro_instrument)", "core", codes=("ICE", "CAPD")),
    Column("REGIMEN", "Regimen Code", "C20", "", "The regimen that the participant is on", "sponsor", "regimen.code"),
    Column("REGVER", "Regimen Definition Version", "C20", "", "Its version", "sponsor", "regimen.version"),
    Column("RESOLUH", "Resolution Window", "N", "h",
           "How long all signs are observed absent before an episode is over: an input of the rules", "sponsor",
           "regimen.resolution_hours", "core"),
    Column("SAFFL", "Safety Population Flag", "C1", "Y/N", "Y: a dose was given", "ADSL.SAFFL",
           flag("(dosed.given IS NOT NULL)"), "core"),
    Column("TRTSDTM", "Datetime of First Exposure to Treatment", "DT", "datetime", "Start of the first dose given",
           "ADSL.TRTSDTM", local("dosed.first_at", "fact.time_zone"), "core"),
    date_of("TRTSDT", "Date of First Exposure to Treatment", local("dosed.first_at", "fact.time_zone")),
    Column("LDOSEDTM", "Datetime of Last Dose", "DT", "datetime", "Start of the last dose given", "EX.EXSTDTC",
           local("dosed.last_at", "fact.time_zone")),
    Column("DOSESN", "Number of Doses Given", "N", "", "Those that open a dose period", "EX",
           "coalesce(dosed.given, 0)", "core"),
    Column("EOSDTM", "Datetime of End of Observation", "DT", "datetime", "Null: it goes on", "DS.DSSTDTC",
           local("ended.observed_at", "fact.time_zone")),
    date_of("EOSDT", "Date of End of Observation", local("ended.observed_at", "fact.time_zone")),
    Column("EOSSTT", "How Observation Ended", "C12", "", "Null: it goes on", "DS.DSDECOD", coded("ended.kind"), "core",
           codes=tuple(kind.upper().replace("_", " ") for kind in DispositionKind.values)),
    Column("DTHFL", "Subject Death Flag", "C1", "Y", "Y: a death is recorded", "DM.DTHFL",
           "CASE WHEN ended.kind LIKE 'death%' THEN 'Y' END", codes=("Y",)),
)
# fmt: on

# Whoever is in the study, dosed or not.
PARTICIPANTS = f"""FROM ({SUBJECTS}) fact
CROSS JOIN ({{cut_row}}) cut
JOIN regimens_regimen regimen ON regimen.id = fact.regimen_id
JOIN ({PLACES}) place ON place.participant_id = fact.participant_id AND place.since <= cut.at AND cut.at < place.until
LEFT JOIN ({_DOSES}) dosed ON dosed.participant_id = fact.participant_id
LEFT JOIN ({_ENDS}) ended ON ended.participant_id = fact.participant_id"""

ADSL = Dataset(
    name="adsl",
    label="Subject-Level Analysis Dataset",
    structure="SUBJECT LEVEL ANALYSIS DATASET",
    keys=("STUDYID", "USUBJID"),
    columns=COLUMNS,
    source=f"{PARTICIPANTS}\nORDER BY fact.usubjid",
    unblinding=frozenset({"REGIMEN", "REGVER"}),
)
