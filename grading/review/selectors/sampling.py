"""The random sample of a study for central review: of the episodes that ended, which are drawn, sent and waiting."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.errors import Forbidden, NotFound
from grading.models import Episode, ReviewAssignment, ReviewReason
from grading.rules.grades.sampling import is_drawn
from regimens.models import Study
from regimens.selectors import participants_for, studies_for


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSample:
    """`ended`: definite episodes that are over. `sent`: the facts of those drawn so far, taken back ones too, the
    newest first. `waiting`: drawn, and not sent yet."""

    study: Study
    ended: int
    sent: Sequence[ReviewAssignment]
    waiting: Sequence[Episode]


def study_sampled(user: User, code: str) -> Study:
    """NotFound for a stranger, Forbidden for who draws nothing."""
    study = studies_for(user).filter(code=code).first()
    if study is None:
        raise NotFound("no_such_study")
    if not studies_for(user, Act.DRAFT).filter(pk=study.pk).exists():
        raise Forbidden("role_forbids")
    return study


def sample_of(user: User, study: Study) -> ReviewSample:
    """Of the sites whose data this user looks after."""
    sent = ReviewAssignment.objects.filter(
        participant__in=participants_for(user, Act.DRAFT), participant__study=study, why=ReviewReason.SAMPLE.value,
        supersedes=None,
    )  # fmt: skip
    return ReviewSample(
        study=study,
        ended=_ended(user, study).count(),
        sent=list(sent.select_related("participant", "recorded_by").order_by("-observed_at", "id")),
        waiting=to_draw(user, study),
    )


def to_draw(user: User, study: Study) -> Sequence[Episode]:
    """Those of the sample of which nobody has written down that they are, the first ended first. None is drawn twice:
    what was drawn once, and taken back, is not drawn again."""
    if study.review_percent is None:
        return []
    drawn_before = ReviewAssignment.objects.filter(
        participant=OuterRef("participant"), kind=OuterRef("kind"), about_root=OuterRef("root"),
        why=ReviewReason.SAMPLE.value,
    )  # fmt: skip
    episodes = _ended(user, study).filter(~Exists(drawn_before)).select_related("participant")
    return [
        one for one in episodes.order_by("ended_at", "root")
        if is_drawn(f"{one.kind}/{one.root}", seed=study.review_seed, percent=study.review_percent)
    ]  # fmt: skip


def _ended(user: User, study: Study) -> QuerySet[Episode]:
    mine = participants_for(user, Act.DRAFT).filter(study=study)
    return Episode.objects.filter(participant__in=mine, ended_at__isnull=False, provisional="")
