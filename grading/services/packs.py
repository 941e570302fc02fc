"""Bring a threshold pack into force. Versions are added, never changed."""

from datetime import datetime

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from grading.models import ThresholdPack
from grading.packs import Pack
from regimens.models import Study


@transaction.atomic
def load_pack(pack: Pack, *, study: Study, by: User | str, reason: str, at: datetime) -> ThresholdPack:
    """The study's next version, in force from now. Alerts already raised keep the version that raised them."""
    Study.objects.select_for_update().get(pk=study.pk)  # one at a time
    newest = study.packs.order_by("-version").first()
    with acting(by=by, reason=reason):
        return ThresholdPack.objects.create(
            study=study, version=newest.version + 1 if newest else 1, title=pack.title, thresholds=pack.stored,
            drugs=pack.stored_drugs, in_force_from=at,
        )  # fmt: skip
