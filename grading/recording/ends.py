"""What stops began before: asked of the stop, and of a start that is corrected past its stop."""

from crsmonitor.errors import InvalidInput
from grading.models import Treatment, TreatmentEnd
from regimens.facts import Fact
from regimens.models import Dose, DoseEnd, Stay, StayEnd

_STARTS: dict[type[Fact], tuple[str, type[Fact]]] = {
    TreatmentEnd: ("treatment", Treatment),
    DoseEnd: ("dose", Dose),
    StayEnd: ("stay", Stay),
}


def check_order(draft: Fact) -> None:
    """Against the standing versions. Raises InvalidInput: a stop before its start ends nothing, and what it should
    end would run for ever.
    """
    if draft.withdrawn:
        return
    for end, (name, start) in _STARTS.items():
        if isinstance(draft, end):
            named = getattr(draft, name)
            begun = start.objects.standing().filter(root=named.root).first() or named
            if draft.observed_at < begun.observed_at:
                raise InvalidInput.at("observed_at", "stopped_before_it_began")
        elif isinstance(draft, start) and draft.supersedes_id is not None:
            stops = end.objects.standing().filter(observed_at__lt=draft.observed_at, **{f"{name}__root": draft.root})
            if stops.exists():
                raise InvalidInput.at("observed_at", "starts_after_its_stop")
