"""ADSCHED: one row for each slot of the observation plan whose time had begun by the cut, and what became of it.

The slots were planned in Python and stand in the dose period (grading/rules/course/slots.py); here a look and an end
are only compared with the slot's own times and with the cut.
"""

from grading.exports.datasets.adam.common import ASPERC, STEP, STUDYID, SUBJID, USUBJID
from grading.exports.datasets.dataset import Column, Dataset
from grading.exports.datasets.facts import standing
from grading.exports.datasets.sql import hours, local
from regimens.models import Because

SLOTS = f"""
    SELECT slot.*, reason.because,
           CASE WHEN slot.looked_at IS NOT NULL THEN
                     CASE WHEN slot.looked_at <= slot.on_time_until THEN 'ON TIME' ELSE 'LATE' END
                WHEN slot.excused THEN 'EXCUSED'
                WHEN slot.over_at <= {{cut}}::timestamptz THEN 'MISSED' ELSE 'DUE' END AS status
      FROM (SELECT period.participant_id, period.usubjid, period.subject_number AS number, period.site_code,
                   period.time_zone, period.dose_number, period.step_label, period.started_at, planned.key AS kind,
                   (slot ->> 0)::timestamptz AS opens_at, (slot ->> 1)::timestamptz AS due_at,
                   (slot ->> 2)::timestamptz AS on_time_until, (slot ->> 3)::timestamptz AS over_at,
                   (slot ->> 4)::timestamptz AS looked_at, (slot ->> 5)::boolean AS excused
              FROM (SELECT * FROM grading_doseperiod WHERE study_id = {{study}} AND {{participant_here}}) period
             CROSS JOIN LATERAL jsonb_each(period.slot_times) planned
             CROSS JOIN LATERAL jsonb_array_elements(planned.value) slot
             WHERE period.started_at <= {{cut}}::timestamptz) slot
      LEFT JOIN LATERAL (
            SELECT fact.because
              FROM ({standing("regimens_missedobservationreason")}) fact
             WHERE fact.participant_id = slot.participant_id AND fact.observation_kind = slot.kind
               AND slot.opens_at <= fact.due_at AND fact.due_at < slot.over_at
             ORDER BY fact.due_at, fact.root LIMIT 1) reason ON true
     WHERE slot.opens_at <= {{cut}}::timestamptz
"""  # noqa: S608  # our own texts


def _at(name: str, label: str, derivation: str, moment: str, need: str = "") -> Column:
    return Column(name, label, "DT", "datetime", derivation, "sponsor", local(moment, "fact.time_zone"), need)


# fmt: off
COLUMNS = (
    STUDYID, USUBJID, SUBJID,
    Column("SITEID", "Study Site Identifier", "C10", "", "Site where the dose was given", "DM.SITEID",
           "fact.site_code"),
    Column("TZ", "Site Time Zone", "C40", "", "IANA name; the zone of the DT columns", "sponsor", "fact.time_zone"),
    Column("ASPER", "Subperiod within Period", "N", "", "DOSENUM of ADCRSP: the dose of which it is planned",
           "ADaM ASPER", "fact.dose_number", "key"),
    ASPERC,
    Column("OBSKIND", "What Is Looked At", "C6", "", "VITALS | NEURO", "VS.VSCAT", "upper(fact.kind)", "key",
           codes=("VITALS", "NEURO")),
    _at("DUEDTM", "Due Date/Time", "By the plan of the step, tightened after a trigger", "fact.due_at", "key"),
    Column("DUEH", "Due, Hours from Dose Start", "N", "h", "DUEDTM from the dose", "VS.VSTPTNUM",
           hours("fact.started_at", "fact.due_at"), "core"),
    _at("WINBDTM", "Start of the Slot", "From then on a look counts for it", "fact.opens_at"),
    _at("WINEDTM", "End of Being on Time", "A look after it is late", "fact.on_time_until"),
    _at("OVERDTM", "End of the Slot", "A look from then on counts for the next slot", "fact.over_at"),
    Column("STATUS", "Status of the Slot", "C8", "",
           "ON TIME | LATE | EXCUSED | MISSED; DUE: not over at the cut. OBSEXPN of ADCRSP counts all but DUE",
           "VS.VSSTAT", "fact.status", "core", codes=("ON TIME", "LATE", "EXCUSED", "MISSED", "DUE")),
    _at("LOOKDTM", "First Look in the Slot", "Null: nobody looked", "fact.looked_at"),
    Column("REASND", "Reason Not Done", "C20", "", "Why nobody looked, as recorded", "VS.VSREASND",
           "CASE WHEN fact.looked_at IS NULL THEN upper(replace(fact.because, '_', ' ')) END",
           codes=tuple(one.upper().replace("_", " ") for one in Because.values)),
)
# fmt: on

ADSCHED = Dataset(
    name="adsched",
    label="Expected Observations and Their Fate",
    structure="ADAM OTHER",
    keys=("STUDYID", "USUBJID", "ASPER", "OBSKIND", "DUEDTM"),
    columns=COLUMNS,
    source=f"""FROM ({SLOTS}) fact
CROSS JOIN ({{cut_row}}) cut
ORDER BY fact.usubjid, fact.dose_number, fact.kind DESC, fact.due_at""",
    unblinding=STEP,
)
