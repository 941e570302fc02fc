"""The facts of a scope as the data sets read them: those that stand, whose they are, where and after which dose.

Each is a text for a FROM, with the placeholders of `statement.py`. Nothing here decides anything: the dose period in
which a fact lies, and what its step is called there, were projected.
"""

from grading.exports.datasets.sql import clock_text, day_between, hours

# Sites are looked up one by one: of a join by a computed key the planner knows nothing and expects next to no rows, and
# what comes after goes through all participants for each fact.

# The participants of the scope by the names of a packet. USUBJID has the site of enrolment, also after a transfer.
SUBJECTS = """
    SELECT participant.*, site.code AS enrolled_at, site.country, site.time_zone,
           (study.code || '-' || site.code || '-' || participant.number) COLLATE "C" AS usubjid
      FROM (SELECT one.id AS participant_id, one.number, one.neuro_instrument, one.study_id, one.site_id,
                   one.regimen_id, one.cohort FROM regimens_participant one) participant
      JOIN regimens_study study ON study.id = participant.study_id
      LEFT JOIN (SELECT DISTINCT ON (move.participant_id) move.participant_id AS moved, move.from_site_id
                   FROM regimens_transfer move ORDER BY move.participant_id, move.at) first
             ON first.moved = participant.participant_id
     CROSS JOIN LATERAL (SELECT * FROM regimens_site WHERE id = coalesce(first.from_site_id, participant.site_id)
                          LIMIT 1) site
     WHERE participant.study_id = {study} AND {participant_here}
"""

# Where each was from when on, half-open: before the first transfer, after each, and all the time without one.
PLACES = """
    SELECT stretch.participant_id, stretch.since, stretch.until, site.code AS site_code, site.time_zone
      FROM (SELECT move.participant_id, move.to_site_id AS site_id, move.at AS since,
                   lead(move.at, 1, 'infinity') OVER (PARTITION BY move.participant_id ORDER BY move.at) AS until
              FROM regimens_transfer move
             UNION ALL
            SELECT one.id, coalesce(first.from_site_id, one.site_id), '-infinity', coalesce(first.at, 'infinity')
              FROM regimens_participant one
              LEFT JOIN (SELECT DISTINCT ON (move.participant_id) move.participant_id, move.from_site_id, move.at
                           FROM regimens_transfer move ORDER BY move.participant_id, move.at) first
                     ON first.participant_id = one.id) stretch
     CROSS JOIN LATERAL (SELECT * FROM regimens_site WHERE id = stretch.site_id LIMIT 1) site
"""

# The doses that were given and their periods up to the next, half-open.
PERIODS = """
    SELECT period.participant_id, period.dose_id, period.dose_number, period.step_label, period.started_at,
           period.started_local, coalesce(period.ended_at, 'infinity') AS until, period.dose_amount, period.dose_unit
      FROM grading_doseperiod period
     WHERE period.ended_by <> 'NOT GIVEN' AND period.started_at <= {cut}::timestamptz
"""

# When each participant had the first of them.
FIRST_DOSES = """
    SELECT period.participant_id AS dosed, min(period.started_at) AS first_at FROM grading_doseperiod period
     WHERE period.ended_by <> 'NOT GIVEN' AND period.started_at <= {cut}::timestamptz GROUP BY period.participant_id
"""

# All the time of each participant of the study, in parts: each period, what lies before the first, and what no period
# holds. Each fact lies in one, so what is the same for all facts of a part is found once for the part.
_PARTS = f"""
    SELECT one.participant_id, one.started_at AS since, one.until, one.dose_number, one.step_label,
           one.started_at AS dosed_at, one.started_local AS dosed_local, min(one.started_at) OVER whole AS first_at
      FROM ({PERIODS} AND period.study_id = {{study}}) one WINDOW whole AS (PARTITION BY one.participant_id)
     UNION ALL
    SELECT gap.participant_id, gap.since, gap.until, NULL, NULL, NULL, NULL, gap.first_at
      FROM (SELECT one.participant_id, min(one.started_at) OVER up_to AS first_at, max(one.until) OVER up_to AS since,
                   lead(one.started_at, 1, 'infinity') OVER up_to AS until
              FROM ({PERIODS} AND period.study_id = {{study}}) one
            WINDOW up_to AS (PARTITION BY one.participant_id ORDER BY one.started_at
                             ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)) gap
     WHERE gap.since < gap.until
     UNION ALL
    SELECT one.id, '-infinity', coalesce(first.first_at, 'infinity'), NULL, NULL, NULL, NULL, first.first_at
      FROM regimens_participant one LEFT JOIN ({FIRST_DOSES}) first ON first.dosed = one.id
     WHERE one.study_id = {{study}}
"""  # noqa: S608  # our own texts
# The same with whose it is and from where: a part ends where its participant moves to another site.
_STRETCHES = f"""
    SELECT part.participant_id, part.dose_number, part.step_label, part.dosed_at, part.dosed_local, part.first_at,
           (part.first_at AT TIME ZONE place.time_zone)::date AS first_date,
           subject.usubjid, subject.number, subject.neuro_instrument, place.site_code, place.time_zone,
           greatest(part.since, place.since) AS since, least(part.until, place.until) AS until
      FROM ({_PARTS}) part
      JOIN ({SUBJECTS}) subject ON subject.participant_id = part.participant_id
      JOIN ({PLACES}) place ON place.participant_id = part.participant_id
       AND place.since < part.until AND part.since < place.until
    OFFSET 0
"""  # noqa: S608  # our own texts

# In the order of the data sets, and with OFFSET 0: what is the same for all readings of a set is made once for the set,
# and nothing as long as the readings is sorted.
_LOCATED = """
    SELECT fact.*, stretch.usubjid, stretch.number, stretch.neuro_instrument, stretch.site_code, stretch.time_zone,
           {{local}} AS at_local, stretch.dose_number, stretch.step_label, stretch.dosed_at, stretch.dosed_local,
           {{since}} AS from_dose_h, stretch.first_at, {{day}} AS study_day{{more}}
      FROM ({{stretches}}) stretch
      JOIN ({{facts}}) fact ON fact.participant_id = stretch.participant_id
       AND stretch.since <= fact.observed_at AND fact.observed_at < stretch.until
     CROSS JOIN LATERAL (SELECT fact.observed_at AT TIME ZONE stretch.time_zone AS here,
                                fact.observed_at AT TIME ZONE 'UTC' AS in_utc OFFSET 0) clock
      {{joins}}
     ORDER BY stretch.usubjid, fact.observed_at, fact.root
    OFFSET 0
"""


def standing(table: str) -> str:
    """The facts of a table that hold: no version supersedes them, and they do not say that it never happened."""
    return (
        f"SELECT fact.* FROM {table} fact WHERE NOT fact.withdrawn AND fact.observed_at <= {{cut}}::timestamptz"  # noqa: S608  # our own texts
        f" AND NOT EXISTS (SELECT FROM {table} newer WHERE newer.supersedes_id = fact.id)"
    )


def located(facts: str, *, more: str = "", joins: str = "") -> str:
    """These with whose they are, the site and its clock then, and the dose period in which they lie.

    `more`: further columns, each after a comma, of what `joins` adds.
    """
    texts = {
        "local": clock_text("clock.here", "clock.in_utc"),
        "since": hours("stretch.dosed_at", "fact.observed_at"),
        "day": day_between("stretch.first_date", "clock.here::date"),
        "facts": facts, "stretches": _STRETCHES, "more": more, "joins": joins,
    }  # fmt: skip
    text = _LOCATED
    for name, value in texts.items():
        text = text.replace("{{" + name + "}}", value)
    return text


def source(rows: str, *, order: str, joins: str = "") -> str:
    """The FROM of a data set whose rows are called `fact`, in order of time within a participant."""
    return f"FROM ({rows}) fact\nCROSS JOIN ({{cut_row}}) cut\n{joins}\nORDER BY {order}"
