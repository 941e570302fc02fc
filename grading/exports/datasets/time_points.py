"""At which planned time point a look was: that of the slot whose first look it was, in elapsed time from the dose.

The slots were planned in Python and stand in the dose period, each with the look that filled it. A look that filled
none (between two slots, or the second of one) was not planned, and has no time point.
"""

# `planned_min`: minutes from the start of the dose to when the slot was due. Of a look that is the first of two slots
# which overlap, the earlier.
_FILLED = """
    SELECT period.participant_id, period.started_at AS dosed_at, planned.key AS kind,
           (slot ->> 4)::timestamptz AS looked_at,
           round(extract(epoch FROM min((slot ->> 1)::timestamptz) - period.started_at) / 60)::int AS planned_min
      FROM (SELECT * FROM grading_doseperiod WHERE study_id = {study} AND {participant_here}) period
     CROSS JOIN LATERAL jsonb_each(period.slot_times) planned
     CROSS JOIN LATERAL jsonb_array_elements(planned.value) slot
     WHERE slot ->> 4 IS NOT NULL AND period.started_at <= {cut}::timestamptz
     GROUP BY 1, 2, 3, 4
"""
MORE = ", planned.planned_min"  # of `located`


def slot_of(kind: str) -> str:
    """A join for `located`. `kind`: vitals or neuro."""
    return (
        f"LEFT JOIN ({_FILLED}) planned ON planned.participant_id = fact.participant_id AND planned.kind = '{kind}'"
        " AND planned.looked_at = fact.observed_at AND planned.dosed_at = stretch.dosed_at"
    )


NUMBER = "trim_scale(round(fact.planned_min / 60.0, 2))"
NAME = f"{NUMBER} || ' H AFTER DOSE'"
# ISO 8601: PT4H, PT30M, PT1H30M.
ELAPSED = (
    "CASE WHEN fact.planned_min IS NOT NULL THEN 'PT'"
    " || CASE WHEN fact.planned_min % 60 = 0 OR fact.planned_min > 60 THEN fact.planned_min / 60 || 'H' ELSE '' END"
    " || CASE WHEN fact.planned_min % 60 > 0 THEN fact.planned_min % 60 || 'M' ELSE '' END END"
)
