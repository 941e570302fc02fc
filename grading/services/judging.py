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
        why = "A correction keeps the ledger and what it is about."
        raise InvalidInput(why, fields={"supersedes": [why]})
    if draft.agrees != (draft.grade is None):
        why = "Either agree, or say which grade it is." if draft.agrees else "Say which grade it is."
        raise InvalidInput(why, fields={"grade": [why]})
    if not draft.agrees and not draft.because.strip():
        raise InvalidInput("Say why it is another grade.", fields={"because": ["Say why it is another grade."]})
    derived = derived_grade(draft)
    if derived is None and isinstance(draft.supersedes, Judgement):
        derived = draft.supersedes.derived_grade  # what was judged is gone: its judgement can still be taken back
    if derived is None:
        why = "This participant has no such set or episode."
        raise InvalidInput(why, fields={"about_root": [why]})
    draft.derived_grade = derived


def derived_grade(draft: Judgement) -> int | None:
    """The derived grade of what is judged. None: there is no such set or episode, now."""
    if draft.about == About.SET:
        sets = Grade.objects.filter(participant=draft.participant_id, kind=draft.kind, root=draft.about_root)
        return sets.values_list("grade", flat=True).first()
    episodes = Episode.objects.filter(participant=draft.participant_id, kind=draft.kind, root=draft.about_root)
    return episodes.order_by("provisional").values_list("max_grade", flat=True).first()
