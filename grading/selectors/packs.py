"""Which threshold pack is in force."""

from datetime import datetime

from grading.models import ThresholdPack
from grading.rules.drugs.pack import DrugRules, read_drugs
from regimens.models import Study


def pack_in_force(study: Study, *, at: datetime) -> ThresholdPack | None:
    """The study's newest threshold pack that is in force. None: the study has none, and nobody is told."""
    packs = ThresholdPack.objects.filter(study=study, in_force_from__lte=at)
    return packs.order_by("-version").first()


def drug_rules(study: Study, *, at: datetime) -> DrugRules | None:
    """What that pack says of drugs. None: nothing, and nothing is computed."""
    pack = pack_in_force(study, at=at)
    return None if pack is None else read_drugs(pack.drugs)
