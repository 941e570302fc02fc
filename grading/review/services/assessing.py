"""What an assessment must be before it is kept: about something that is there, and in its author's own ledger."""

from django.db.models import Max

from crsmonitor.errors import InvalidInput, NotFound
from grading.models import About, Episode, Grade, GradeAssessment, Ledger
from grading.review.selectors.assessments import is_for_central, ledgers_of

_SAME = ("about", "about_root", "kind", "ledger")  # a correction says something else, never about something else


def check_assessment(draft: GradeAssessment) -> None:
    """Notes the derived grade that is judged. Raises InvalidInput."""
    if draft.supersedes is not None and any(
        str(getattr(draft, name)) != str(getattr(draft.supersedes, name)) for name in _SAME
    ):
        # Else a nurse could take an investigator's word back under her own ledger.
        raise InvalidInput.at("supersedes", "correction_keeps_ledger")
    if draft.agrees != (draft.grade is None):
        raise InvalidInput.at("grade", "agree_or_say_grade" if draft.agrees else "say_which_grade")
    if not draft.agrees and not draft.because.strip():
        raise InvalidInput.at("because", "say_why_other_grade")
    if draft.ledger == Ledger.CENTRAL and draft.supersedes is None:
        _check_sent(draft)
    derived = derived_of(draft)
    if derived is None and isinstance(draft.supersedes, GradeAssessment):
        before = draft.supersedes  # what was judged is gone: its assessment can still be taken back
        derived = before.derived_grade, before.derived_at_most
    if derived is None:
        raise InvalidInput.at("about_root", "no_such_set_or_episode")
    draft.derived_grade, draft.derived_at_most = derived


def _check_sent(draft: GradeAssessment) -> None:
    """NotFound where nobody sent it to central review, and nobody who decides disputes its grade."""
    thing, all_of = _judged_of(draft), ledgers_of(draft.participant)
    if thing is None:
        return  # the caller says that it is gone
    ledgers = all_of.of_set(thing) if isinstance(thing, Grade) else all_of.of_episode(thing)
    if not is_for_central(thing, ledgers, all_of):
        raise NotFound("no_such_record")


def _judged_of(draft: GradeAssessment) -> Grade | Episode | None:
    mine = {"participant": draft.participant_id, "kind": draft.kind, "root": draft.about_root}
    if draft.about == About.SET:
        return Grade.objects.filter(**mine).first()
    return Episode.objects.filter(**mine).order_by("provisional").first()


def derived_of(draft: GradeAssessment) -> tuple[int, int | None] | None:
    """The derived grade of what is judged, and what it could be. None: there is no such set or episode, now."""
    mine = {"participant": draft.participant_id, "kind": draft.kind, "root": draft.about_root}
    if draft.about == About.SET:
        return Grade.objects.filter(**mine).values_list("grade", "at_most").first()
    episode = Episode.objects.filter(**mine).order_by("provisional").first()
    if episode is None or episode.max_at <= draft.observed_at:
        return None if episode is None else (episode.max_grade, episode.judged_at_most)
    return _reached_by(draft, episode)


def _reached_by(draft: GradeAssessment, episode: Episode) -> tuple[int, int]:
    """What the sets up to the assessment said: it was made, perhaps without a network, before the episode got worse.

    Of a provisional one below the grade that its axis has reached since, so that it asks to be judged again.
    """
    until = {"observed_at__gte": episode.started_at, "observed_at__lte": draft.observed_at}
    observations = Grade.objects.filter(participant=draft.participant_id, kind=draft.kind, **until)
    bounds = observations.aggregate(least=Max("at_least"), most=Max("at_most"))
    least, most = bounds["least"] or 0, bounds["most"] or 0
    return least, min(most, episode.axis_grade - 1) if episode.provisional else most
