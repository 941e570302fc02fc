"""Threshold packs: which is in force, and the versions that a user may see."""

from datetime import datetime

from django.db.models import F, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.errors import NotFound
from grading.models import ThresholdPack
from grading.rules.treatment.drug_rules import DrugRules, read_drugs
from regimens.models import Study
from regimens.selectors import studies_for


def pack_in_force(study: Study, *, at: datetime) -> ThresholdPack | None:
    """The threshold pack that came into force last. None: the study has none, and nobody is told."""
    packs = ThresholdPack.objects.filter(study=study, in_force_from__lte=at)
    return packs.order_by("-in_force_from", "-version").first()


def drug_rules(study: Study, *, at: datetime) -> DrugRules | None:
    """What that pack says of drugs. None: nothing, and nothing is computed."""
    pack = pack_in_force(study, at=at)
    return None if pack is None else read_drugs(pack.drugs)


def packs_for(user: User) -> QuerySet[ThresholdPack]:
    """Every version in the user's studies, drafts too, the newest first."""
    packs = ThresholdPack.objects.filter(study__in=studies_for(user))
    return packs.select_related("study", "drafted_by", "approved_by").order_by("study__code", F("version").desc())


def pack_for(user: User, pack_id: int) -> ThresholdPack:
    """One of them. Raises NotFound for a stranger."""
    found = packs_for(user).filter(pk=pack_id).first()
    if found is None:
        raise NotFound("no_such_pack")
    return found
