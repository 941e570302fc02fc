"""What a judgement must be before it is kept: about something that is there, and in its author's own ledger."""

from crsmonitor.errors import InvalidInput
from grading.models import About, Episode, Grade, Judgement

_SAME = ("about", "about_root", "kind", "ledger")  # a correction says something else, never about something else


def check_judgement(draft: Judgement) -> None:
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
    derived = derived_grade(draft)
    if derived is None and isinstance(draft.supersedes, Judgement):
        derived = draft.supersedes.derived_grade  # what was judged is gone: its judgement can still be taken back
    if derived is None:
        raise InvalidInput.at("about_root", "no_such_set_or_episode")
    draft.derived_grade = derived


def derived_grade(draft: Judgement) -> int | None:
    """The derived grade of what is judged. None: there is no such set or episode, now."""
    if draft.about == About.SET:
        sets = Grade.objects.filter(participant=draft.participant_id, kind=draft.kind, root=draft.about_root)
        return sets.values_list("grade", flat=True).first()
    episodes = Episode.objects.filter(participant=draft.participant_id, kind=draft.kind, root=draft.about_root)
    return episodes.order_by("provisional").values_list("max_grade", flat=True).first()
