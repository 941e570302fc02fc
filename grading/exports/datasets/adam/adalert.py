"""ADALERT: one row for each alert card: what it was about, when it fired, who answered (by role) and how soon."""

from grading.exports.datasets.adam.common import IDENTITY, STEP
from grading.exports.datasets.dataset import Column, Dataset
from grading.exports.datasets.facts import PERIODS, PLACES, SUBJECTS, source
from grading.exports.datasets.sql import coded, flag, json_codes, local, utc

# What each person is in the study, without a name: a role that goes on before one that was ended.
ROLES = """
    SELECT DISTINCT ON (member.user_id) member.user_id, upper(replace(member.role, '_', ' ')) AS role
      FROM regimens_membership member WHERE member.study_id = {study}
     ORDER BY member.user_id, member.ended_at IS NOT NULL, member.id
"""


def minutes(start: str, end: str) -> str:
    return f"round(extract(epoch FROM {end} - {start}) / 60, 2)"


_ALERTS = f"""
    SELECT alert.*, subject.usubjid, subject.number, place.site_code, place.time_zone,
           {local("alert.observed_at", "place.time_zone")} AS at_local, period.dose_number, period.step_label,
           answer.at AS answered_at, member.role AS answered_by, page.at AS escalated_at, page.calls,
           (SELECT event.state FROM grading_alertevent event
             WHERE event.alert_id = alert.id AND event.at <= {{cut}}::timestamptz
             ORDER BY event.at DESC, event.id DESC LIMIT 1) AS state_then
      FROM grading_alert alert
      JOIN ({SUBJECTS}) subject ON subject.participant_id = alert.participant_id
      JOIN ({PLACES}) place ON place.participant_id = alert.participant_id
       AND place.since <= alert.observed_at AND alert.observed_at < place.until
      LEFT JOIN ({PERIODS}) period ON period.participant_id = alert.participant_id
       AND period.started_at <= alert.observed_at AND alert.observed_at < period.until
      LEFT JOIN (SELECT DISTINCT ON (event.alert_id) event.alert_id, event.at, event.by_id
                   FROM grading_alertevent event
                  WHERE event.state = 'acknowledged' AND event.at <= {{cut}}::timestamptz
                  ORDER BY event.alert_id, event.at, event.id) answer ON answer.alert_id = alert.id
      LEFT JOIN ({ROLES}) member ON member.user_id = answer.by_id
      LEFT JOIN (SELECT call.alert_id, min(call.at) AS at, count(*) AS calls FROM grading_escalation call
                  WHERE call.number >= 1 AND call.at <= {{cut}}::timestamptz GROUP BY call.alert_id) page
             ON page.alert_id = alert.id
     WHERE alert.raised_at <= {{cut}}::timestamptz
"""  # noqa: S608  # our own texts

# fmt: off
COLUMNS = (
    *IDENTITY,
    Column("FIREDTM", "Alert Fired (UTC)", "DT", "datetime", "When it was raised", "sponsor (XL)",
           utc("fact.raised_at"), "key"),
    Column("ALERTID", "Alert Identifier", "C36", "", "Of the card", "sponsor (XL)", "fact.id::text", "key"),
    Column("ADTM", "Date/Time of What It Is About", "DT", "datetime", "Of the set, the fact or the slot",
           "sponsor (XL)", "fact.at_local"),
    Column("ASPER", "Subperiod within Period", "N", "", "DOSENUM of ADCRSP; null before the first dose", "ADaM ASPER",
           "fact.dose_number"),
    Column("ASPERC", "Subperiod within Period (C)", "C40", "", "Label of the step of that dose", "ADaM ASPERC",
           "fact.step_label"),
    Column("SYNDROME", "Syndrome", "C9", "", "CRS | ICANS", "sponsor (XL)", "upper(fact.kind)"),
    Column("RULEID", "Rule of the Policy", "C200", "",
           "The condition that was met, or the thresholds of the policy that the grade reached", "sponsor (XL)",
           "coalesce(nullif(fact.condition, ''), array_to_string(fact.thresholds, ';'))", "core"),
    Column("POLICYV", "Version of the Policy", "N", "", "In force then; null: the study had none", "sponsor (XL)",
           "policy.version"),
    Column("GRADE", "Grade It Tells", "N", "", "-1: a provisional episode", "sponsor (XL)", "fact.grade", "core"),
    Column("GRADEBEF", "Grade Before", "N", "0-5", "Standing before the rise", "sponsor (XL)", "fact.grade_before"),
    Column("GRADEMAX", "Grade, Upper Bound", "N", "0-5", "What it could be", "sponsor (XL)", "fact.at_most"),
    Column("LATEFL", "Found by a Late Entry Flag", "C1", "Y/N", "Y: by a late entry or a correction", "sponsor (XL)",
           flag("fact.late")),
    Column("ACKFL", "Acknowledged Flag", "C1", "Y/N", "Y: answered by the cut, also where the answer lapsed",
           "sponsor (XL)", flag("(fact.answered_at IS NOT NULL)"), "core"),
    Column("ACKDTM", "First Acknowledged (UTC)", "DT", "datetime", "First answer", "sponsor (XL)",
           utc("fact.answered_at")),
    Column("ACKMIN", "Minutes to Acknowledge", "N", "min", "From FIREDTM to the first answer", "sponsor (XL)",
           minutes("fact.raised_at", "fact.answered_at"), "core"),
    Column("ACKROLE", "Role of Who Acknowledged", "C20", "", "In the study; never a name", "sponsor (XL)",
           "fact.answered_by", "core"),
    Column("ESCALN", "Calls beyond the First", "N", "", "By the cut", "sponsor (XL)", "coalesce(fact.calls, 0)",
           "core"),
    Column("ESCALDTM", "First Escalated (UTC)", "DT", "datetime", "First call beyond the first", "sponsor (XL)",
           utc("fact.escalated_at")),
    Column("STATE", "State of the Alert", "C12", "", "At the cut", "sponsor (XL)",
           coded("coalesce(fact.state_then, 'open')")),
    Column("ALFLAGS", "Flags of the Grade", "C200", "", "Codes, in the order of the rules", "sponsor (XL)",
           json_codes("fact.flags")),
    Column("RECID", "Record Identifier", "C36", "", "Identifier of the fact that it rests on", "sponsor (XL)",
           "fact.fact_root::text"),
)
# fmt: on

ADALERT = Dataset(
    name="adalert",
    label="Alerts Fired and Acknowledged",
    structure="ADAM OTHER",
    keys=("STUDYID", "USUBJID", "FIREDTM", "ALERTID"),
    columns=COLUMNS,
    source=source(
        _ALERTS,
        joins="LEFT JOIN grading_alertpolicy policy ON policy.id = fact.policy_id",
        order="fact.usubjid, fact.raised_at, fact.id",
    ),
    unblinding=STEP,
)
