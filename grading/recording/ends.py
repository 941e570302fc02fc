"""What stops began before: asked of the stop, and of a start that is corrected past its stop."""

from crsmonitor.errors import InvalidInput
from grading.recording.kinds import KINDS, stopped_by
from regimens.facts import Fact


def check_order(draft: Fact) -> None:
    """Against the standing versions. Raises InvalidInput: a stop before its start ends nothing, and what it should
    end would run for ever.
    """
    if draft.withdrawn:
        return
    kind = KINDS[type(draft)]
    if kind.stops:
        named = getattr(draft, kind.names or "")
        begun = kind.named.objects.standing().filter(root=named.root).first() or named
        if draft.observed_at < begun.observed_at:
            raise InvalidInput.at("observed_at", "stopped_before_it_began")
    if draft.supersedes_id is None:
        return
    for end in stopped_by(type(draft)):
        earlier = {"observed_at__lt": draft.observed_at, f"{end.names}__root": draft.root}
        if end.model.objects.standing().filter(**earlier).exists():
            raise InvalidInput.at("observed_at", "starts_after_its_stop")
