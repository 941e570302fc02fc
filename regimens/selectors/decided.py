"""Questions about what was decided of a ladder's rungs. Who may see a study's designs is not asked: the study is."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from crsmonitor.accounts.models import User
from regimens.models import Design, EscalationDecision, Study
from regimens.selectors import studies_for


def decisions_for(user: User, study: Study, *, until: datetime | None = None) -> QuerySet[EscalationDecision]:
    """Those of the study, the newest first, with who decided; none for a stranger. `until` None: all.

    Names and reasons are for whoever sees the staff of the study: whoever shows them asks.
    """
    mine = studies_for(user).filter(pk=OuterRef("study"))
    made = EscalationDecision.objects.filter(Exists(mine), study=study)
    if until is not None:
        made = made.filter(at__lte=until)
    return made.select_related("version__design", "regimen", "decided_by", "clearance").order_by("-at", "-pk")


def decisions_of_design(design: Design, *, user: User | None) -> QuerySet[EscalationDecision]:
    """All of a design, the oldest first; none for a stranger. `user` None: whoever operates the server."""
    made = EscalationDecision.objects.all() if user is None else decisions_for(user, design.study)
    return made.filter(version__design=design).select_related("decided_by").order_by("at", "pk")


def newest_decision(user: User, study: Study, design_id: int) -> EscalationDecision | None:
    """The decision that holds for this design. None: nobody has decided."""
    return decisions_for(user, study).filter(version__design=design_id).first()
