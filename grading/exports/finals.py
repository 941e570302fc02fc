"""The final grades of judged episodes as SQL: what `rules/grades/final.py` says, for the whole export at once.

A test holds the two together. Fixed texts of ours: nothing a user typed comes in here. The aliases are those of
rows.py: n what each ledger says, j the final grade of each judged episode, jp when anything of a participant was
judged last, f the outcome of a period in which an episode was judged, p the period as it was derived.
"""

# What is derived of an episode now, and what a word was about: of a provisional one the grade of its axis.
NOW = "CASE WHEN z.provisional <> '' THEN z.axis_grade ELSE z.max_grade END"
ABOUT = "CASE WHEN z.provisional <> '' THEN coalesce(n.derived_at_most, n.derived_grade) ELSE n.derived_grade END"
FINAL = (
    "CASE WHEN v.holds THEN coalesce(n.grade, z.max_grade)"
    " WHEN n.stands THEN greatest(z.max_grade, n.grade) ELSE z.max_grade END"
)

# The newest standing word of each ledger that decides; where none stands, one that was taken back, for when.
WORDS = """
    SELECT DISTINCT ON (y.participant_id, y.kind, y.about_root, y.ledger) y.participant_id, y.kind, y.about_root,
           y.ledger, y.grade, y.derived_grade, y.derived_at_most, y.stands,
           max(y.recorded_at) OVER (PARTITION BY y.participant_id, y.kind, y.about_root) AS changed
      FROM (SELECT y.*, NOT y.withdrawn AND NOT EXISTS (
                       SELECT FROM grading_gradeassessment l WHERE l.supersedes_id = y.id) AS stands
              FROM grading_gradeassessment y JOIN regimens_participant q ON q.id = y.participant_id
             WHERE q.study_id = {study} AND y.about = 'episode' AND y.ledger <> 'nurse') y
     ORDER BY y.participant_id, y.kind, y.about_root, y.ledger, y.stands DESC, y.observed_at DESC,
              y.recorded_at DESC, y.id
"""
# The first word that holds decides, central review before the investigator.
FINALS = f"""
    SELECT DISTINCT ON (z.id) z.id AS episode, z.participant_id, z.kind, z.dose_root, {FINAL} AS final,
           v.holds AS judged, n.stands AND NOT v.holds AS again, n.changed
      FROM n
      JOIN grading_episode z ON z.participant_id = n.participant_id AND z.root = n.about_root AND z.kind = n.kind
      CROSS JOIN LATERAL (SELECT n.stands AND {NOW} <= {ABOUT} AS holds) v
     ORDER BY z.id, n.stands DESC, v.holds DESC, n.ledger = 'central' DESC
"""  # noqa: S608  # our own texts
PERIODS = """
    SELECT x.participant_id, x.dose_root, max(x.changed) AS changed, {outcomes}
      FROM (SELECT y.*, coalesce(j.final, y.max_grade) AS final, j.changed, coalesce(j.again, false) AS again,
                   y.provisional <> '' AND NOT coalesce(j.judged, false) AS unjudged,
                   least(y.ended_at, c.at) - y.started_at AS span
              FROM (SELECT DISTINCT j.participant_id, j.dose_root FROM j) b
              JOIN grading_episode y ON y.participant_id = b.participant_id AND y.dose_root = b.dose_root
              LEFT JOIN j ON j.episode = y.id
              CROSS JOIN (SELECT {cut}::timestamptz AS at, {cut_text}::text AS text) c) x
     GROUP BY x.participant_id, x.dose_root
"""


def judged_outcomes(kind: str) -> str:
    """What the columns read of f, made of the episodes x of one period with their `final` grades.

    An episode whose final grade is 0 was none; one that was provisional and is given a grade was one.
    """
    real = f"FILTER (WHERE x.kind = '{kind}' AND x.final > 0)"
    known = f"FILTER (WHERE x.kind = '{kind}' AND (x.provisional = '' OR x.final > 0))"
    columns = {
        "max_grade": f"max(x.final) {known}",
        "any": f"max(x.final) {known} > 0",
        "episodes": f"count(*) {real}",
        "onset_at": f"min(x.started_at) {real}",
        "max_at": f"(array_agg(x.max_at ORDER BY x.final DESC, x.started_at) {real})[1]",
        "resolved_at": f"CASE WHEN bool_and(x.ended_at IS NOT NULL) {real} THEN max(x.ended_at) {real} END",
        "ongoing": f"bool_or(x.ended_at IS NULL) {real}",
        "duration_h": in_hours(f"sum(x.span) {real}"),
        "first_duration_h": in_hours(f"(array_agg(x.span ORDER BY x.started_at) {real})[1]"),
        "unjudged": f"max(x.at_most) FILTER (WHERE x.kind = '{kind}' AND x.unjudged)",
        "again": f"bool_or(x.again) FILTER (WHERE x.kind = '{kind}')",
    }
    return ", ".join(f"{value} AS {kind}_{name}" for name, value in columns.items())


def outcome(kind: str, name: str) -> str:
    """An outcome column of the period: as computed, and from the final grades where somebody judged an episode."""
    return f"CASE WHEN f.{kind}_max_grade IS NULL THEN p.{kind}_{name} ELSE f.{kind}_{name} END"


def is_real(episode: str) -> str:
    """Whether this episode (an alias) is one by its final grade."""
    finals = "(SELECT j.episode FROM j WHERE j.final {})"
    none, some = finals.format("= 0"), finals.format("> 0")
    return f"(({episode}.provisional = '' AND {episode}.id NOT IN {none}) OR {episode}.id IN {some})"


def in_hours(span: str) -> str:
    return f"round(extract(epoch FROM {span}) / 3600, 2)"


# --- CRS of the period, and what nobody has judged --------------------------------------------------------------

# Somebody judged an episode of CRS of this participant, so that what an earlier period tells may be another.
JUDGED = "coalesce(jp.crs, false)"
_OF_PARTICIPANT = "FROM grading_episode x WHERE x.participant_id = p.participant_id AND x.kind = 'crs'"
_OPEN_AT_DOSE = "x.started_at < p.started_at AND (x.ended_at IS NULL OR x.ended_at > p.started_at)"
_EARLIER = f"EXISTS (SELECT {_OF_PARTICIPANT} AND x.started_at < p.started_at AND {is_real('x')} AND {{}})"
_IS_UNJUDGED = "x.provisional <> '' AND x.id NOT IN (SELECT j.episode FROM j WHERE j.judged)"
# What the provisional episodes of the period that nobody has judged could be; those open at its dose. Null: none.
UNJUDGED = "CASE WHEN f.participant_id IS NULL THEN p.crs_provisional ELSE f.crs_unjudged END"
UNJUDGED_CARRIED = (
    f"CASE WHEN {JUDGED} THEN (SELECT max(x.at_most) {_OF_PARTICIPANT} AND {_OPEN_AT_DOSE} AND {_IS_UNJUDGED})"
    " ELSE p.crs_provisional_carried END"
)
UNJUDGED_FLAG = (
    f"CASE WHEN {UNJUDGED} IS NOT NULL OR {UNJUDGED_CARRIED} IS NOT NULL THEN true WHEN p.vitals_recorded > 0 THEN"
    " false END"
)
# Not known while a provisional episode could make another answer of it.
ANY_CRS = f"CASE WHEN {outcome('crs', 'any')} THEN true WHEN {UNJUDGED} IS NULL THEN {outcome('crs', 'any')} END"
EPISODES = f"CASE WHEN {UNJUDGED} IS NULL THEN {outcome('crs', 'episodes')} END"
MAX_CRS = (
    f"CASE WHEN {UNJUDGED} IS NULL OR {UNJUDGED} <= {outcome('crs', 'max_grade')}"
    f" THEN {outcome('crs', 'max_grade')} END"
)
RECURRENT = (
    f"CASE WHEN {JUDGED} OR {UNJUDGED} IS NOT NULL THEN CASE {ANY_CRS} WHEN true"
    f" THEN {_EARLIER.format('x.dose_root IS NOT NULL')} WHEN false THEN false END ELSE p.crs_recurrent END"
)
CARRIED = (
    f"CASE WHEN {JUDGED} THEN CASE WHEN {_EARLIER.format('(x.ended_at IS NULL OR x.ended_at > p.started_at)')}"
    f" THEN true WHEN p.vitals_recorded > 0 AND {UNJUDGED_CARRIED} IS NULL THEN false END ELSE p.crs_carried END"
)
CHANGED_BY_A_PERSON = f"CASE WHEN {MAX_CRS} IS NOT NULL THEN {MAX_CRS} IS DISTINCT FROM p.crs_max_grade END"
# The final grade of an episode counts where its maximum was reached, elsewhere at most what was seen there.
_TOUCHES = "(p.ended_at IS NULL OR x.started_at < p.ended_at) AND (x.ended_at IS NULL OR x.ended_at >= p.started_at)"
_HERE = "x.max_at >= p.started_at AND (p.ended_at IS NULL OR x.max_at < p.ended_at OR x.max_at = x.ended_at)"
_REACHED = (  # by each judged or other episode that touches the period
    "SELECT coalesce(j.final, x.max_grade) AS final, x.max_at, x.ended_at FROM grading_episode x"  # noqa: S608  # our own texts
    " LEFT JOIN j ON j.episode = x.id WHERE x.participant_id = p.participant_id AND x.kind = 'crs'"
    f" AND {_TOUCHES}"
)
_HIGHEST = f"SELECT max(CASE WHEN {_HERE} THEN x.final ELSE least(x.final, p.crs_peak) END) FROM ({_REACHED}) x"  # noqa: S608
_PEAK = f"CASE WHEN NOT {JUDGED} THEN p.crs_peak WHEN p.crs_peak IS NOT NULL THEN coalesce(({_HIGHEST}), 0) END"
PEAK = (
    f"CASE WHEN greatest({UNJUDGED}, {UNJUDGED_CARRIED}) IS NULL OR greatest({UNJUDGED}, {UNJUDGED_CARRIED}) <= {_PEAK}"
    f" THEN {_PEAK} END"
)
