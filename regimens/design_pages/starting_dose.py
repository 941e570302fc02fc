"""The page of the starting dose: both doses side by side, the working, and where first doses of others lay."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from regimens.charts.reality_band import FirstDose, RealityBand, reality_band
from regimens.design_pages.answers import answered
from regimens.design_pages.first_doses import FIRST_DOSES
from regimens.design_pages.words import METRICS, REFUSED, WARNINGS


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseColumn:
    """One of both ways. `refused`: why there is no dose; then nothing else is said."""

    title: str
    doses: tuple[tuple[Promise, float], ...] = ()
    target_pm: float | None = None
    target_ng_ml: float | None = None
    limiting: str = ""
    fold: float | None = None
    capped: bool = False
    fold_to_active: float | None = None
    refused: Promise | str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartingDosePage:
    """`trimer`: what was asked of the contract about trimers, `trimers`: its answer; None: it was not asked."""

    columns: tuple[DoseColumn, DoseColumn]
    answer: Mapping[str, Any]
    warnings: tuple[Promise | str, ...]
    band: RealityBand
    trimer: Mapping[str, Any] | None
    trimers: Mapping[str, Any] | None


def starting_dose_page(document: Mapping[str, Any], trimer: Mapping[str, Any] | None = None) -> StartingDosePage:
    """Raises CaseError where the contract refuses. `trimer`: its input without a concentration, where it was given."""
    given = answered("starting_dose", document)
    modified = given["modified"]
    folds = given.get("fold_to_active") or {}
    columns = (
        _column(_("Traditional"), given["traditional"], given["limiting_assay"], folds.get("traditional")),
        _column(_("Corrected for E:T"), modified, "", folds.get("modified"))
        if modified
        else DoseColumn(title=_("Corrected for E:T"), refused=REFUSED.get(given["modified_refused"], "")),
    )  # fmt: skip
    factor = float(document.get("safety_factor") or 1)
    own = [FirstDose(name=_("this, traditional"), pm=given["traditional"]["target_pm"] / factor, own=True)]
    if modified:
        own.append(FirstDose(name=_("this, corrected"), pm=modified["target_pm"] / factor, own=True))
    others = [FirstDose(name=one.drug, pm=one.pm) for one in FIRST_DOSES]
    at_target = {**trimer, "free_pm": given["traditional"]["target_pm"]} if trimer else None
    return StartingDosePage(
        columns=columns, answer=given, band=reality_band([*others, *own]), trimer=at_target,
        trimers=answered("trimer", at_target) if at_target else None,
        warnings=tuple(WARNINGS.get(one, one) for one in given["warnings"]),
    )  # fmt: skip


def _column(title: str, part: Mapping[str, Any], limiting: str, fold_to_active: float | None) -> DoseColumn:
    return DoseColumn(
        title=title, doses=tuple((word, part["dose_ug"][name]) for name, word in METRICS.items()
                                 if part["dose_ug"].get(name) is not None),
        target_pm=part["target_pm"], target_ng_ml=part["target_ng_ml"],
        limiting=part.get("limiting_assay") or limiting, fold=part.get("fold"), capped=bool(part.get("capped")),
        fold_to_active=fold_to_active,
    )  # fmt: skip
