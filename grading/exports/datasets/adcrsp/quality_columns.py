"""Columns of ADCRSP: how well it was looked after, and where the row comes from."""

from grading.exports.datasets.adcrsp import sql
from grading.exports.datasets.adcrsp.sql import by_ice, expected, given
from grading.exports.datasets.dataset import Column
from grading.exports.datasets.sql import local
from grading.rules.grades.graded import VERSION

# fmt: off
QUALITY: tuple[Column, ...] = (
    Column("OBSEXPN", "Observations Expected", "N", "",
           "Slots of the period looked at, excused or over by the cut; null where the step plans none or the window's "
           "clock has not started", "schedule", expected("vitals"), "core"),
    Column("OBSRECN", "Observations Recorded in Window", "N", "",
           "Slots with a set of vital signs in time; where the step plans none, sets in the period", "VS",
           "period.vitals_counted",
           "core"),
    Column("OBSLATEN", "Observations Recorded Late", "N", "",
           "Slots with a set after the grace of the regimen version and before the next slot's time", "VS",
           "period.vitals_late"),
    Column("OBSMISN", "Observations Missed", "N", "", "Slots over by the cut: OBSEXPN-OBSRECN-OBSLATEN-excused",
           "VS STAT=NOT DONE", "period.vitals_missed", "core"),
    Column("OBSPCT", "Observations Recorded", "N", "%", "100*(OBSRECN+OBSLATEN)/OBSEXPN; null where none is expected",
           "derived", f"round(100.0 * (period.vitals_on_time + period.vitals_late)"
                      f" / nullif({expected('vitals')}, 0), 2)"),
    Column("MAXGAPH", "Longest Gap between Vitals", "N", "h",
           "Between sets, from the dose to the first, and from the last to the end of the window, of the period or to "
           "the cut, inside the inpatient window of the step; null without one", "VS", sql.LONGEST_GAP, "core"),
    Column("ICEEXPN", "ICE Assessments Expected", "N", "", "As OBSEXPN, of neuro slots; null under CAPD", "schedule",
           by_ice(expected("neuro"))),
    Column("ICERECN", "ICE Assessments Recorded", "N", "",
           "Assessments in the period with all items of the ICE, planned or not; null under CAPD", "FT",
           by_ice("period.ice_recorded")),
    Column("DEVICEN", "Device/EHR-imported Readings", "N", "",
           "Standing sets of vital signs of the period that came by an import: of a device or another record",
           "VS origin", given("period.imported_readings")),
    Column("CORRN", "Corrections after First Save", "N", "",
           "Later versions by the cut, withdrawals too, of facts that the version before had in the period, and of the "
           "dose itself", "audit", given("coalesce(corrections.made, 0)")),
    Column("ALRTN", "Alerts Fired", "N", "", "Raised by the cut for a set of the period, withdrawn ones too",
           "sponsor (XL)", given("coalesce(alerts.fired, 0)"), "core"),
    Column("ALRTACKN", "Alerts Acknowledged", "N", "", "Of those, answered by the cut, also where the answer lapsed",
           "sponsor (XL)", given("coalesce(alerts.acknowledged, 0)"), "core"),
    Column("ALRTMEDM", "Median Minutes to Acknowledge", "N", "min",
           "Of ALRTACKN, from raised to the first answer; null where that is 0",
           "sponsor (XL)", "alerts.median_min", "core"),
    Column("ALRTMAXM", "Max Minutes to Acknowledge", "N", "min", "As ALRTMEDM", "sponsor (XL)",
           "alerts.longest_min"),
    Column("ALRTESCN", "Alerts Escalated", "N", "",
           "Of ALRTN, those that by the cut were called on for beyond their first call", "sponsor (XL)",
           given("coalesce(alerts.escalated, 0)")),
)
PROVENANCE: tuple[Column, ...] = (
    Column("PERSTAT", "Period Status", "C10", "",
           "OPEN while PERENDC is DATA CUT | SIGNED: over, and SIGNDTM says when | COMPLETE: over; LOCKED: not yet",
           "sponsor", sql.PERIOD_STATUS, "core"),
    Column("QRYOPENN", "Open Queries", "N", "",
           "Queries about records of the period that were opened and not closed by the cut, answered ones too: of each "
           "the period in which the version asked about lay, of a dose its own", "sponsor",
           "coalesce(queries.waiting, 0)"),
    Column("SIGNDTM", "Investigator Signature Time", "DT", "datetime",
           "When the observation window of the dose was signed; null where it was not, the signature was taken back, "
           "or anything seen, given or corrected in the window was recorded afterwards", "sponsor",
           local("signature.stands_at", "period.time_zone")),
    Column("GRADVER", "Grading Algorithm Version", "C20", "", "Criteria and version of the rules", "Define MethodDef",
           f"'ASTCT2019/{VERSION}'::text", "core"),
    Column("CUTDTM", "Data Cut", "DT", "datetime", "UTC; the same on all rows of one export", "manifest", "cut.text",
           "core"),
    Column("LSTMODTM", "Last Modified (UTC)", "DT", "datetime",
           "Last change of the period, of an alert in it, of a final grade of the participant or of a weight up to the "
           "dose, a correction or a query in it, a signature of its window, or when a second person confirmed the dose",
           "sponsor", sql.MODIFIED, "core"),
)
# fmt: on
