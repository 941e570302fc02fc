"""The rows of ADCRSP: whose they are, up to which cut, and the one COPY that reads them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count, Max, Q, QuerySet
from psycopg import sql

from crsmonitor.accounts.models import ApiToken, User
from crsmonitor.accounts.roles import Act, Role, roles_that_may
from crsmonitor.errors import Forbidden, InvalidInput, NotFound
from crsmonitor.security.sealing import open_sealed
from grading.exports.datasets.adcrsp.query import ADCRSP
from grading.exports.datasets.statement import copy_csv, plain, statement
from grading.exports.formats.comma_separated import spreadsheet_cell
from grading.models import Alert, AlertState, CurrentState, DosePeriod, GradeAssessment
from regimens.blinding import Profile, of_exports
from regimens.models import DoseCheck, Study, WindowCompletion
from regimens.selectors import memberships_of, studies_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What one user, or one key of a program, may take away of one study. `sites` and `datasets` None: all of them.

    `bound`: what a key may be told at most. None: what every export of the study may hold. `shift`: the secret by which
    its dates are moved. Empty: they are told as they are.
    """

    study: Study
    sites: tuple[int, ...] | None
    datasets: frozenset[str] | None = None
    bound: Profile | None = None
    shift: str = ""

    @property
    def profile(self) -> Profile:
        """A study that is blinded later blinds its keys as well, but for those of its monitoring committee."""
        return self.bound if self.bound in (Profile.BLINDED, Profile.DMC) else of_exports(self.study)

    def holds(self, dataset: str) -> bool:
        return self.datasets is None or dataset in self.datasets

    @property
    def participants(self) -> Q:
        mine = Q(participant__study=self.study)
        return mine if self.sites is None else mine & Q(participant__site__in=self.sites)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an export would hold, and what to look at before it is used: how many dose periods each is said of."""

    rows: int
    participants: int
    not_given: int
    warnings: dict[str, int]


def scopes_for(user: User) -> list[Scope]:
    """Every study of which this user may export something. A sponsor sees all sites, others their own."""
    return [scope for study in studies_for(user, Act.EXPORT).order_by("code") if (scope := _scope(user, study))]


def scopes_of(user: User, key: object) -> list[Scope]:
    """Every study of which this request may export something. `key`: what signed it in; None, a session."""
    return [scope_of_key(key)] if isinstance(key, ApiToken) and key.study_id else scopes_for(user)


def scope_for(user: User, code: str, key: object = None) -> Scope:
    """Raises NotFound for a stranger to the study, Forbidden for somebody of it who may not export.

    A program is a stranger to everything but what its key is bound to.
    """
    if isinstance(key, ApiToken) and key.study_id is not None:
        scope = scope_of_key(key)
        if scope.study.code != code:
            raise NotFound("no_such_study")
        return scope
    study = studies_for(user).filter(code=code).first()
    if study is None:
        raise NotFound("no_such_study")
    own = _scope(user, study)
    if own is None:
        raise Forbidden("role_forbids")
    return own


def live_scope_for(user: User, code: str, key: object = None) -> Scope:
    """The same of a door that tells what is known now: Forbidden where dates are shifted, as what comes has a day."""
    scope = scope_for(user, code, key)
    if scope.shift:
        raise Forbidden("dates_are_shifted")
    return scope


def scope_of_key(key: ApiToken) -> Scope:
    """What a program's key is bound to: nothing that is sent with a request widens it. NotFound: a person's own."""
    if key.study is None:
        raise NotFound("no_such_study")
    return Scope(
        study=key.study, sites=None if key.sites is None else tuple(key.sites), datasets=frozenset(key.datasets),
        bound=Profile(key.profile), shift=open_sealed(key.sealed_shift),
    )  # fmt: skip


def _scope(user: User, study: Study) -> Scope | None:
    # Not participants_for(): there an investigator sees the whole study, and exports only own sites (decisions).
    sites = own_sites(user, study)
    return None if sites == () else Scope(study=study, sites=sites)


def own_sites(user: User, study: Study) -> tuple[int, ...] | None:
    """The sites of which this user may export something; None: all of them, and empty: none."""
    mine = memberships_of(user).filter(study=study, role__in=roles_that_may(Act.EXPORT))
    held = list(mine.values_list("role", "site"))
    everywhere = any(site is None or role == Role.SPONSOR for role, site in held)
    return None if everywhere else tuple(sorted({site for _, site in held}))


def periods_in(scope: Scope, cut: datetime) -> QuerySet[DosePeriod]:
    return DosePeriod.objects.filter(scope.participants, started_at__lte=cut)


def preview(scope: Scope, cut: datetime) -> Preview:
    periods = periods_in(scope, cut)
    counts = periods.aggregate(
        rows=Count("pk"),
        participants=Count("participant", distinct=True),
        not_given=Count("pk", filter=Q(ended_by="NOT GIVEN")),
    )
    return Preview(**counts, warnings=warnings_in(periods, cut))


def warnings_in(periods: QuerySet[DosePeriod], cut: datetime) -> dict[str, int]:
    """What to look at before these are used, by the codes of words.WARNINGS."""
    given = ~Q(ended_by="NOT GIVEN")
    counts: dict[str, int] = periods.aggregate(
        open_periods=Count("pk", filter=given & (Q(ended_at=None) | Q(ended_at__gt=cut))),
        periods_without_observation=Count("pk", filter=given & Q(vitals_recorded=0)),
        periods_whose_crs_is_not_known=Count(
            "pk", filter=given & Q(vitals_recorded__gt=0, crs_final_any=None) & ~Q(crs_unjudged="Y")
        ),
        periods_without_risk_window=Count("pk", filter=given & Q(risk_ends_at=None)),
        periods_to_be_judged=Count("pk", filter=Q(crs_unjudged="Y") | Q(crs_judge_again="Y")),
    )
    return counts


def checked_cut(scope: Scope, cut: datetime | None, *, at: datetime) -> datetime:
    """The cut of an export made at `at`; None asks for now. Raises InvalidInput for one that cannot be honoured.

    The tables tell what is known now. A cut before the last change would need them as they were.
    """
    if cut is None:
        return at
    if cut.tzinfo is None:
        raise InvalidInput.at("cut", "needs_offset")
    if cut > at:
        raise InvalidInput.at("cut", "in_future")
    changed = last_change(scope)
    if changed is not None and cut < changed:
        last = changed.astimezone(UTC).isoformat()
        raise InvalidInput.at("cut", "changed_after_cut", last=last)
    return cut


def last_change(scope: Scope) -> datetime | None:
    """When anything that feeds an export of this scope changed last. None: nothing is recorded."""
    facts = CurrentState.objects.filter(scope.participants).aggregate(at=Max("changed_at"))
    rows = DosePeriod.objects.filter(scope.participants).aggregate(at=Max("changed_at"))
    alerts = Alert.objects.filter(scope.participants)
    answers = [
        alerts.aggregate(at=Max("raised_at")),
        alerts.filter(events__state=AlertState.ACKNOWLEDGED.value).aggregate(at=Max("events__at")),
        alerts.filter(escalations__number__gte=1).aggregate(at=Max("escalations__at")),
    ]
    assessments = GradeAssessment.objects.filter(scope.participants).aggregate(at=Max("recorded_at"))
    signed = WindowCompletion.objects.filter(scope.participants).aggregate(at=Max("recorded_at"))
    confirmed = DoseCheck.objects.filter(scope.participants).aggregate(at=Max("recorded_at"))
    changes = (newest["at"] for newest in (facts, rows, assessments, confirmed, signed, *answers))
    return max((at for at in changes if at is not None), default=None)


def rows_of(scope: Scope, cut: datetime, *, excel_safe: bool = False) -> sql.Composed:
    """One COPY of the scope's dose periods, header included, sorted by STUDYID, USUBJID, DOSENUM."""
    profile, cell = scope.profile, spreadsheet_cell if excel_safe else plain
    return copy_csv(statement(ADCRSP, study=scope.study, sites=scope.sites, cut=cut, profile=profile, cell=cell))
