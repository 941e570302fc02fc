"""The rows of ADCRSP: whose they are, up to which cut, and the one COPY that reads them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count, Max, Q, QuerySet
from psycopg import sql

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act, Role, roles_that_may
from crsmonitor.errors import Forbidden, InvalidInput, NotFound
from grading.exports import planned
from grading.exports.classes import other_classes
from grading.exports.columns import COLUMNS, Column
from grading.exports.sql import offset
from grading.models import Alert, AlertState, CurrentState, DosePeriod, GradeAssessment
from regimens.models import Study
from regimens.rules.releases import EARLY, LATE
from regimens.selectors import memberships_of, studies_for

# ="0012" is a formula that gives a text: 0012, 1E5, 3-4 and MAR1 stay what they are in a spreadsheet, and what
# somebody typed as a formula is a text inside it.
AS_TEXT = """'="' || replace(v.x, '"', '""') || '"'"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What one user may take away of one study. `sites` None: all of them."""

    study: Study
    sites: tuple[int, ...] | None

    @property
    def participants(self) -> Q:
        mine = Q(participant__study=self.study)
        return mine if self.sites is None else mine & Q(participant__site__in=self.sites)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an export would hold, and what to look at before it is used."""

    rows: int
    participants: int
    not_given: int
    open: int
    unobserved: int
    indeterminate: int


def scopes_for(user: User) -> list[Scope]:
    """Every study of which this user may export something. A sponsor sees all sites, others their own."""
    return [scope for study in studies_for(user, Act.EXPORT).order_by("code") if (scope := _scope(user, study))]


def scope_for(user: User, code: str) -> Scope:
    """Raises NotFound for a stranger to the study, Forbidden for somebody of it who may not export."""
    study = studies_for(user).filter(code=code).first()
    if study is None:
        raise NotFound("no_such_study")
    scope = _scope(user, study)
    if scope is None:
        raise Forbidden("role_forbids")
    return scope


def _scope(user: User, study: Study) -> Scope | None:
    # Not participants_for(): there an investigator sees the whole study, and exports only own sites (decisions).
    mine = memberships_of(user).filter(study=study, role__in=roles_that_may(Act.EXPORT))
    held = list(mine.values_list("role", "site"))
    if not held:
        return None
    everywhere = any(site is None or role == Role.SPONSOR for role, site in held)
    return Scope(study=study, sites=None if everywhere else tuple(sorted({site for _, site in held})))


def periods_in(scope: Scope, cut: datetime) -> QuerySet[DosePeriod]:
    return DosePeriod.objects.filter(scope.participants, started_at__lte=cut)


def preview(scope: Scope, cut: datetime) -> Preview:
    given = ~Q(ended_by="NOT GIVEN")
    counts = periods_in(scope, cut).aggregate(
        rows=Count("pk"),
        participants=Count("participant", distinct=True),
        not_given=Count("pk", filter=~given),
        open=Count("pk", filter=given & (Q(ended_at=None) | Q(ended_at__gt=cut))),
        unobserved=Count("pk", filter=given & Q(vitals_recorded=0)),
        indeterminate=Count("pk", filter=given & Q(vitals_recorded__gt=0, crs_any=None)),
    )
    return Preview(**counts)


def checked_cut(scope: Scope, asked: datetime | None, *, at: datetime) -> datetime:
    """The cut of an export made at `at`; None asks for now. Raises InvalidInput for one that cannot be honoured.

    The tables tell what is known now. A cut before the last change would need them as they were.
    """
    if asked is None:
        return at
    if asked.tzinfo is None:
        raise InvalidInput.at("cut", "needs_offset")
    if asked > at:
        raise InvalidInput.at("cut", "in_future")
    changed = last_change(scope)
    if changed is not None and asked < changed:
        last = changed.astimezone(UTC).isoformat()
        raise InvalidInput.at("cut", "changed_after_cut", last=last)
    return asked


def last_change(scope: Scope) -> datetime | None:
    """When anything that feeds an export of this scope changed last. None: nothing is recorded."""
    facts = CurrentState.objects.filter(scope.participants).aggregate(at=Max("changed_at"))
    rows = DosePeriod.objects.filter(scope.participants).aggregate(at=Max("changed_at"))
    alerts = Alert.objects.filter(scope.participants)
    told = [
        alerts.aggregate(at=Max("raised_at")),
        alerts.filter(events__state=AlertState.ACKNOWLEDGED.value).aggregate(at=Max("events__at")),
        alerts.filter(escalations__number__gte=1).aggregate(at=Max("escalations__at")),
    ]
    said = GradeAssessment.objects.filter(scope.participants).aggregate(at=Max("recorded_at"))
    changes = (found["at"] for found in (facts, rows, said, *told))
    return max((at for at in changes if at is not None), default=None)


def rows_of(scope: Scope, cut: datetime, *, excel_safe: bool = False) -> sql.Composed:
    """One COPY of the scope's dose periods, header included, sorted by STUDYID, USUBJID, DOSENUM."""
    columns = sql.SQL(",\n").join(
        sql.SQL("{} AS {}").format(sql.SQL(_cell(column, excel_safe=excel_safe)), sql.Identifier(column.name))
        for column in COLUMNS
    )
    sites = sql.SQL("true") if scope.sites is None else _site_in(scope.sites)
    return sql.SQL("COPY ({}) TO STDOUT WITH (FORMAT csv, HEADER true)").format(
        sql.SQL(_SELECT).format(
            columns=columns,
            study=sql.Literal(scope.study.pk),
            sites=sites,
            cut=sql.Literal(cut),
            early=sql.Literal(EARLY),
            late=sql.Literal(LATE),
            cut_text=sql.Literal(cut.astimezone(UTC).isoformat()),
            plans=sql.SQL(planned.PLANS).format(study=sql.Literal(scope.study.pk)),
            planned=sql.SQL(planned.OF_A_DOSE),
            other_classes=other_classes(scope.study.pk),
            vasopressor_span=_time_of("vasopressor"),
            oxygen_span=_time_of("oxygen"),
            winter=_usual_offset("winter", "2026-01-01"),
            summer=_usual_offset("summer", "2026-07-01"),
        )
    )


def _site_in(sites: tuple[int, ...]) -> sql.Composed:
    return sql.SQL("q.site_id IN ({})").format(sql.SQL(", ").join(map(sql.Literal, sites)))


def _cell(column: Column, *, excel_safe: bool) -> str:
    if not (excel_safe and column.is_text and column.kind != "C1"):  # C1 is Y or N
        return column.sql
    return f"(SELECT {AS_TEXT} FROM (SELECT {column.sql}) v(x))"  # noqa: S608  # our own texts


def _time_of(drug_class: str) -> sql.SQL:
    """In which at least one of the class ran. Null: none did, or a stop is missing in a period that is over."""
    mine = f"FILTER (WHERE v.drug_class = '{drug_class}')"
    ran = f"(SELECT sum(upper(u) - lower(u)) FROM unnest(range_agg(v.span) {mine}) u)"  # noqa: S608  # our own texts
    return sql.SQL(f"CASE WHEN NOT bool_or(v.endless) {mine} THEN {ran} END")


def _usual_offset(name: str, day: str) -> sql.SQL:
    here, utc = f"(timestamptz '{day} 00:00Z' AT TIME ZONE i.time_zone)", f"timestamp '{day}'"
    return sql.SQL(f"{here} - {utc} AS {name}, {offset(here, utc)} AS {name}_text")


# A fact holds while no later version of it exists and it is not withdrawn: regimens/facts.py.
_SELECT = """
WITH w AS MATERIALIZED (
    SELECT q.id, t.code AS study, q.number, q.cohort, q.neuro_instrument AS instrument,
           t.code || '-' || coalesce((
               SELECT o.code FROM regimens_transfer x JOIN regimens_site o ON o.id = x.from_site_id
                WHERE x.participant_id = q.id ORDER BY x.at LIMIT 1), i.code) || '-' || q.number AS usubjid,
           make_interval(days => t.concurrence_days) AS concurrence,
           (SELECT z.document IS NOT NULL FROM regimens_regimen z WHERE z.id = q.regimen_id) AS has_rules,
           (SELECT (f.started_at AT TIME ZONE o.time_zone)::date
              FROM grading_doseperiod f JOIN regimens_site o ON o.id = f.site_id
             WHERE f.participant_id = q.id AND f.ended_by <> 'NOT GIVEN' ORDER BY f.dose_number LIMIT 1) AS day_1
      FROM regimens_participant q
      JOIN regimens_site i ON i.id = q.site_id
      JOIN regimens_study t ON t.id = q.study_id
     WHERE q.study_id = {study} AND {sites}
),
si AS MATERIALIZED (
    SELECT i.id, i.code, i.country, i.time_zone AS tz, {winter}, {summer} FROM regimens_site i
),
a AS (
    SELECT f.dose_id, count(*) AS fired, count(x.answered) AS acked, max(x.answered - x.raised_at) AS longest,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY x.answered - x.raised_at) AS median,
           count(x.called_on) AS escalated, max(greatest(x.raised_at, x.answered, x.called_on)) AS changed
      FROM (SELECT y.participant_id, y.observed_at, y.raised_at, m.answered, k.called_on
              FROM grading_alert y JOIN regimens_participant q ON q.id = y.participant_id
      CROSS JOIN (SELECT {cut}::timestamptz AS at, {cut_text}::text AS text) c
              -- the first answer, also where it lapsed
              LEFT JOIN (SELECT v.alert_id, min(v.at) AS answered FROM grading_alertevent v
                          WHERE v.state = 'acknowledged' AND v.at <= {cut}::timestamptz GROUP BY v.alert_id
                        ) m ON m.alert_id = y.id
              LEFT JOIN (SELECT v.alert_id, min(v.at) AS called_on FROM grading_escalation v
                          WHERE v.number >= 1 AND v.at <= {cut}::timestamptz GROUP BY v.alert_id
                        ) k ON k.alert_id = y.id
             WHERE q.study_id = {study} AND y.raised_at <= c.at) x
      JOIN grading_doseperiod f ON f.participant_id = x.participant_id AND f.ended_by <> 'NOT GIVEN'
           AND f.started_at <= x.observed_at AND (f.ended_at IS NULL OR x.observed_at < f.ended_at)
     GROUP BY f.dose_id
),
e AS (
    SELECT g.root, max(n.observed_at) AS at
      FROM regimens_doseend n
      JOIN regimens_dose g ON g.id = n.dose_id
      JOIN regimens_participant q ON q.id = n.participant_id
      CROSS JOIN (SELECT {cut}::timestamptz AS at, {cut_text}::text AS text) c
     WHERE q.study_id = {study} AND n.observed_at <= c.at AND NOT n.withdrawn
           AND NOT EXISTS (SELECT FROM regimens_doseend l WHERE l.supersedes_id = n.id)
     GROUP BY g.root
),
h AS (
    SELECT v.dose_id, round(extract(epoch FROM sum(v.span)) / 3600, 2) AS hospital,
           round(extract(epoch FROM sum(CASE WHEN v.kind = 'icu' THEN v.span ELSE '0' END)) / 3600, 2) AS icu
      FROM (SELECT f.dose_id, y.kind, greatest(
                   least(y.moved_at, y.left_at, c.at) - greatest(y.observed_at, f.started_at),
                                               '0') AS span
              FROM (SELECT y.participant_id, y.kind, y.observed_at,
                           -- of one instant by content, as by_time() has them
                           lead(y.observed_at) OVER (PARTITION BY y.participant_id ORDER BY y.observed_at,
                               y.kind COLLATE "C", y.ward COLLATE "C", y.bed COLLATE "C") AS moved_at,
                           (SELECT min(z.observed_at) FROM regimens_stayend z JOIN regimens_stay o ON o.id = z.stay_id
                             WHERE z.participant_id = y.participant_id AND o.root = y.root AND NOT z.withdrawn
                                   AND NOT EXISTS (SELECT FROM regimens_stayend l WHERE l.supersedes_id = z.id)
                           ) AS left_at
                      FROM regimens_stay y JOIN regimens_participant q ON q.id = y.participant_id
                     WHERE q.study_id = {study} AND NOT y.withdrawn
                           AND NOT EXISTS (SELECT FROM regimens_stay l WHERE l.supersedes_id = y.id)) y
              CROSS JOIN (SELECT {cut}::timestamptz AS at, {cut_text}::text AS text) c
              JOIN grading_doseperiod f ON f.participant_id = y.participant_id
                   AND (f.ended_at IS NULL OR f.ended_at > c.at) AND f.ended_by <> 'NOT GIVEN') v
     GROUP BY v.dose_id
),
k AS MATERIALIZED ({other_classes}),
ran AS (
    SELECT v.dose_id, max(v.changed) AS changed,
           round(extract(epoch FROM {vasopressor_span}) / 3600, 2) AS vasopressor_h,
           round(extract(epoch FROM {oxygen_span}) / 3600, 2) AS oxygen_h,
           bool_or(v.drug_class = 'vasopressor') AS vasopressor, bool_or(v.drug_class = 'oxygen') AS oxygen
      FROM (SELECT f.dose_id, y.drug_class, greatest(y.recorded_at, y.stop_recorded_at) AS changed,
                   y.stopped_at IS NULL AND coalesce(f.ended_at <= c.at, false) AS endless,
                   tstzrange(greatest(y.observed_at, f.started_at), least(y.stopped_at, f.ended_at, c.at)) AS span
              FROM (SELECT y.participant_id, coalesce(k.acts_as, y.drug_class) AS drug_class, y.observed_at,
                           y.recorded_at, z.stopped_at, z.stop_recorded_at
                      FROM grading_treatment y
                      LEFT JOIN k ON k.drug = y.drug AND k.entered = y.drug_class
                      JOIN regimens_participant q ON q.id = y.participant_id
                      LEFT JOIN LATERAL (
                           SELECT min(z.observed_at) AS stopped_at, max(z.recorded_at) AS stop_recorded_at
                             FROM grading_treatmentend z JOIN grading_treatment o ON o.id = z.treatment_id
                            WHERE z.participant_id = y.participant_id AND o.root = y.root AND NOT z.withdrawn
                                  AND NOT EXISTS (SELECT FROM grading_treatmentend l WHERE l.supersedes_id = z.id)
                      ) z ON true
                     WHERE q.study_id = {study} AND coalesce(k.acts_as, y.drug_class) IN ('vasopressor', 'oxygen')
                           AND NOT y.withdrawn
                           AND NOT EXISTS (SELECT FROM grading_treatment l WHERE l.supersedes_id = y.id)) y
              CROSS JOIN (SELECT {cut}::timestamptz AS at, {cut_text}::text AS text) c
              JOIN grading_doseperiod f ON f.participant_id = y.participant_id AND f.ended_by <> 'NOT GIVEN'
                   AND y.observed_at < least(f.ended_at, c.at) AND (y.stopped_at IS NULL OR y.stopped_at > f.started_at)
           ) v
     GROUP BY v.dose_id
),
rel AS (
    SELECT DISTINCT ON (g.id) g.id, y.label AS step,
           EXISTS (SELECT FROM grading_episode e WHERE e.participant_id = g.participant_id
                      AND (e.started_at > x.observed_at AND e.started_at <= g.at
                           OR e.max_at > x.observed_at AND e.max_at <= g.at)) AS event_since,
           g.at NOT BETWEEN x.dose_at - {early} AND x.dose_at + {late} AS other_time
      FROM (SELECT d.id, d.participant_id, d.observed_at AS at, lag(d.observed_at) OVER (
                       PARTITION BY d.participant_id ORDER BY d.observed_at, d.root) AS before
              FROM regimens_dose d JOIN regimens_participant q ON q.id = d.participant_id
             WHERE q.study_id = {study} AND d.status <> 'NOT GIVEN' AND NOT d.withdrawn
                   AND NOT EXISTS (SELECT FROM regimens_dose l WHERE l.supersedes_id = d.id)) g
      JOIN regimens_doserelease x ON x.participant_id = g.participant_id AND x.observed_at <= g.at
           AND (g.before IS NULL OR x.observed_at > g.before) AND NOT x.withdrawn
           AND NOT EXISTS (SELECT FROM regimens_doserelease l WHERE l.supersedes_id = x.id)
      JOIN regimens_step y ON y.id = x.step_id
     ORDER BY g.id, x.observed_at DESC
),
pl AS MATERIALIZED ({plans}),
s AS (
    SELECT s.*, ARRAY(SELECT y.id FROM regimens_step y JOIN regimens_regimen z ON z.id = y.regimen_id
                       WHERE z.study_id = {study} AND y.position > s.position) AS later
      FROM regimens_step s
)
SELECT {columns}
  FROM w
  JOIN grading_doseperiod p ON p.participant_id = w.id
  JOIN si ON si.id = p.site_id
  JOIN regimens_dose d ON d.id = p.dose_id
  JOIN s ON s.id = p.step_id
  JOIN regimens_regimen r ON r.id = s.regimen_id
  CROSS JOIN (SELECT {cut}::timestamptz AS at, {cut_text}::text AS text) c
  {planned}
  LEFT JOIN a ON a.dose_id = p.dose_id
  LEFT JOIN e ON e.root = d.root
  LEFT JOIN h ON h.dose_id = p.dose_id
  LEFT JOIN rel ON rel.id = p.dose_id
  LEFT JOIN ran ON ran.dose_id = p.dose_id
 WHERE p.started_at <= c.at
 ORDER BY w.study, w.usubjid COLLATE "C", p.dose_number
"""
