"""An alert in words: on cards, in mails. Codes come in, sentences go out."""

from django.utils.translation import gettext as _

from grading.models import Alert, AlertState
from grading.rules.alerts import ThresholdCode
from grading.rules.grades import INDETERMINATE

KINDS = {"crs": "CRS", "icans": "ICANS"}


def kind_word(alert: Alert) -> str:
    return KINDS.get(alert.kind, alert.kind)


def grade_words(alert: Alert) -> str:
    """A floor is told as one; a provisional episode, which has no grade, by its name."""
    if alert.grade == INDETERMINATE:
        return _("Possible CRS, grade not known")
    words = _("%(kind)s grade %(grade)d") if alert.grade == alert.at_most else _("%(kind)s at least grade %(grade)d")
    return words % {"kind": kind_word(alert), "grade": alert.grade}


def asked_text(code: str) -> str:
    """What a threshold of the pack asks for. A code from a newer version is shown as it is."""
    texts = {
        ThresholdCode.NEW_GRADE: _("New grade: review the participant"),
        ThresholdCode.TOCILIZUMAB: _("Tocilizumab threshold met"),
        ThresholdCode.CORTICOSTEROID: _("Corticosteroid threshold met"),
        ThresholdCode.POSSIBLE_MASKED_FEVER: _(
            "Hypotension or hypoxia, a fever may be masked: judge whether it is CRS"
        ),
        ThresholdCode.UNEXPLAINED: _("Low pressure or oxygen without a fever: find the cause"),
    }
    return dict(texts).get(code, code)  # type: ignore[call-overload,no-any-return]


def state_text(state: str) -> str:
    texts = {
        AlertState.OPEN: _("Nobody has answered yet"),
        AlertState.DELIVERED: _("Sent; nobody has answered yet"),
        AlertState.SEEN: _("Seen; nobody has answered yet"),
        AlertState.ACKNOWLEDGED: _("Answered"),
        AlertState.EXPIRED: _("Answered, but nobody acted: it waits again"),
        AlertState.ACTED_ON: _("Acted on"),
        AlertState.RESOLVED: _("Resolved"),
        AlertState.WITHDRAWN: _("Withdrawn: the corrected record does not call for it"),
    }
    return texts[AlertState(state)]
