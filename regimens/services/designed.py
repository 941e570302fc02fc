"""A regimen version that is made of a design: said with the draft, and its band frozen when it comes into force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from crsmonitor.accounts.models import User
from crsmonitor.errors import DomainError, InvalidInput, Message
from regimens.design import parameters
from regimens.design.contract import kinds
from regimens.library import Document
from regimens.library.designed.document import schedule_of
from regimens.models import DesignedRegimen, DesignRun, DesignVersion, PredictedBand, Regimen
from regimens.rules.reading import CaseError

BandSource = Literal["", "prior", "posterior"]
PRIOR: BandSource = "prior"
POSTERIOR: BandSource = "posterior"
SEED_DIGITS = 15  # of the version's SHA-256, so that anybody draws the same again
# What a prior is of, as the contract names it.
MOLECULE = ("drug", "pk", "patient")
OF_LEARNING = (
    *MOLECULE, "regimens", "horizon_d", "last_period_d", "prior", "i50_over_s50", "hill", "pk_patients", "population",
    "seed",
)  # fmt: skip
OF_PERSON = ("age_y", "female")  # a weight is each participant's own
EFFECTS = ("prior_car_t", "prophylaxis")


@dataclass(frozen=True, slots=True, kw_only=True)
class FromDesign:
    """`rungs`: cohort -> regimen of the design; without cohorts the one stands under the empty text. `run`: the one
    that was shown. `band_from`: what the band is drawn from; empty: none is frozen.
    """

    version: DesignVersion
    rungs: Mapping[str, str]
    run: DesignRun | None = None
    band_from: BandSource = PRIOR


@dataclass(frozen=True, slots=True, kw_only=True)
class BandInput:
    """What a band is drawn from: fields of the contract's `posterior`, and what is predicted with it."""

    learning: Mapping[str, Any]
    endpoint: str

    @property
    def has_data(self) -> bool:
        return any(row["n"] for row in self.learning["data"])


def band_input(contents: Mapping[str, Any]) -> BandInput | Message:
    """Of a design version; a Message says why there is none: nobody put down a prior that is of its hazard."""
    escalation, compared = contents.get("escalation"), contents.get("comparison") or {}
    if escalation:
        learning = {name: escalation[name] for name in OF_LEARNING if escalation.get(name) is not None}
        learning["data"] = escalation.get("data") or []
        return BandInput(learning=learning, endpoint=_endpoint(escalation, compared))
    if not compared.get("regimens"):
        return Message("no_regimens_in_design")
    if any((compared.get("patient") or {}).get(name) not in (None, False, "none") for name in EFFECTS):
        return Message("band_prior_is_of_others")
    learning = {name: compared[name] for name in OF_LEARNING if compared.get(name) is not None} | {"data": []}
    if "patient" in learning:
        learning["patient"] = {name: one for name, one in learning["patient"].items() if name not in EFFECTS}
    if compared.get("hazard") or not _has_prior(learning):
        return Message("band_needs_prior")
    return BandInput(learning=learning, endpoint=_endpoint(compared, compared))


def carried(before: Regimen | None, document: Document) -> FromDesign | None:
    """The design of `before` stays that of the next version whose steps, days and doses are the same: windows, rules
    and restarts are added by hand, which no design says. None: it was of none, or what is given is another thing now.
    """
    if before is None or before.document is None:
        return None
    related = ("version__design", "run")
    designed = DesignedRegimen.objects.select_related(*related).filter(regimen=before).first()
    was = Document(data=before.document, library_id=before.library_id)
    if designed is None or schedule_of(was) != schedule_of(document):
        return None
    band_from = cast(BandSource, designed.band_from)  # the database has no other
    return FromDesign(version=designed.version, rungs=designed.rungs, run=designed.run, band_from=band_from)


def keep_origin(regimen: Regimen, origin: FromDesign, *, by: User | str, at: datetime) -> DesignedRegimen:
    """Of which design a version is made, beside it. Raises InvalidInput, also where the design has changed."""
    version, run = origin.version, origin.run
    if version.design.study_id != regimen.study_id:
        raise InvalidInput.at("version", "no_such_design")
    check_unchanged(version, of=regimen)
    if run is not None and run.version_id != version.pk:
        raise InvalidInput.at("run", "run_of_another_version")
    if origin.band_from:
        _check_band(origin)
    return DesignedRegimen.objects.create(
        regimen=regimen, version=version, rungs=dict(origin.rungs), run=run, band_from=origin.band_from,
        by=by if isinstance(by, User) else None, at=at,
    )  # fmt: skip


def replaced_by(version: DesignVersion, *, of: Regimen) -> DesignVersion | None:
    """The design's newer version, for which a draft `of` it is refused: what the design says now is another thing.

    None: it is the newest, or `of` amends a version of the same one, whose doses are in force already.
    """
    newest = DesignVersion.objects.filter(design=version.design_id).select_related("drafted_by").order_by("-number")[0]
    in_force = DesignedRegimen.objects.filter(regimen=of.amends_id, version=version).exists()
    return None if newest.pk == version.pk or in_force else newest


def check_unchanged(version: DesignVersion, *, of: Regimen, field: str = "version") -> None:
    """Raises InvalidInput where the design has changed since, as above."""
    if newest := replaced_by(version, of=of):
        values = {"number": version.number, "newest": newest.number, "by": newest.drafted_by.get_username()}
        raise InvalidInput.at(field, "design_version_replaced", **values)


def freeze_band(regimen: Regimen, *, at: datetime) -> PredictedBand | None:
    """In the transaction in which the version comes into force. None: it is of no design, or has no band."""
    designed = DesignedRegimen.objects.select_related("version").filter(regimen=regimen).first()
    if designed is None or not designed.band_from:
        return None
    given = band_input(designed.version.contents)
    assert isinstance(given, BandInput)  # looked at when the draft was kept, and neither is ever changed
    seed = int(designed.version.sha256[:SEED_DIGITS], 16)
    return PredictedBand.objects.create(
        designed=designed, taken_from=designed.band_from, draws=_draws(given, designed.band_from, seed), seed=seed,
        engine=kinds.engine(), fields=_fields_of(given), at=at,
    )  # fmt: skip


def _check_band(origin: FromDesign) -> None:
    given = band_input(origin.version.contents)
    if isinstance(given, Message):
        raise InvalidInput("band_not_frozen", fields={"band_from": [given]})
    if origin.band_from == POSTERIOR and not given.has_data:
        raise InvalidInput.at("band_from", "band_needs_counts")


def _draws(given: BandInput, source: str, seed: int) -> list[list[float]]:
    # numpy: not loaded before somebody makes a version of a design
    from regimens.design.adaptive.band import drawn_of_posterior, drawn_of_prior
    from regimens.design.contract.posterior import learned_of, read_posterior

    try:
        case = read_posterior(dict(given.learning))
        if source == PRIOR:
            return [[float(one) for one in row] for row in drawn_of_prior(case.prior, seed)]
        return [[float(one) for one in row] for row in drawn_of_posterior(learned_of(case).posterior, seed)]
    except (CaseError, ArithmeticError) as error:
        raise DomainError("band_unsolved") from error


def _fields_of(given: BandInput) -> dict[str, Any]:
    """All that a prediction needs besides doses, weights and the draws."""
    learning = given.learning
    patient = {name: one for name, one in (learning.get("patient") or {}).items() if name in OF_PERSON}
    fields = {name: learning[name] for name in ("drug", "pk", "last_period_d") if name in learning}
    return fields | {
        "patient": patient, "hill": learning.get("hill", parameters.HILL),
        "i50_over_s50": learning.get("i50_over_s50", parameters.I50_OVER_S50), "endpoint": given.endpoint,
    }  # fmt: skip


def _own_hazard(molecule: Mapping[str, Any]) -> parameters.Hazard | None:
    name = molecule.get("drug")
    return parameters.drug(name).hazard if name in parameters.names() else None


def _endpoint(molecule: Mapping[str, Any], compared: Mapping[str, Any]) -> str:
    """Grade 2 and above for epcoritamab's own hazard, any for all others: docs/conventions.md."""
    law = _own_hazard(molecule)
    return "any" if law is None or compared.get("hazard") or law.endpoint == "given" else law.endpoint


def _has_prior(learning: Mapping[str, Any]) -> bool:
    from regimens.design.contract.posterior import needs_prior  # numpy, as above

    return needs_prior(learning) is None
