"""The shared fields of the design contract: drug or own molecule, patient, doses, hazard, regimens and periods.

Readers by field, to be put into the table of a kind; what contradicts among them is raised by the `check_*` functions,
which a kind calls in the order of its table when all is read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from regimens.design.contract.reading import (
    CaseError,
    Need,
    Reader,
    boolean,
    choice,
    contradicts,
    day,
    listed,
    pair,
    positive,
    record,
    text,
    together,
    within,
)
from regimens.design.parameters import Drug, names, own_molecule
from regimens.design.parameters import drug as drug_named

MOST_DOSES, MOST_REGIMENS, MOST_PERIODS, MOST_ROWS = 100, 12, 24, 1000
MOST_WINDOWS = 100
LAST_PERIOD_D = 14.0
PROPHYLAXIS = ("none", "one", "both")


# What of a patient could mislead where the model of the molecule has no such effect, and its value without one.
NO_EFFECT = {"female": False, "prior_car_t": False, "prophylaxis": "none"}
OF_HAZARD = {"prior_car_t", "prophylaxis"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPk:
    """An own molecule, linear. `ka_per_d` None: intravenous, over `infusion_h`; None and 0: a bolus."""

    cl_l_per_d: float
    vc_l: float
    q_l_per_d: float | None = None
    vp_l: float | None = None
    ka_per_d: float | None = None
    f: float = 1.0
    infusion_h: float | None = None
    cv_pct: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientGiven:
    """None: the drug's reference person's."""

    weight_kg: float | None = None
    age_y: float | None = None
    female: bool = False
    prior_car_t: bool = False
    prophylaxis: str = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseAt:
    """Exactly one of `mg` and `mg_per_kg`. `infusion_h` None: the drug's or molecule's own."""

    t_d: float
    mg: float | None = None
    mg_per_kg: float | None = None
    infusion_h: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardGiven:
    """A hazard that replaces the drug's. None: carried over from epcoritamab (`i50_ug_ml`: as a share of S50)."""

    smax_per_d: float
    s50_ug_ml: float
    hill: float | None = None
    kin_per_d: float | None = None
    i50_ug_ml: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRegimen:
    name: str
    doses: tuple[DoseAt, ...]


infusion = within(0, 24_000)  # hours
hill = within(0, 100, above=True)
PK_RATES = ("cl_l_per_d", "vc_l", "q_l_per_d", "vp_l", "ka_per_d")
own_pk = record(
    {
        **dict.fromkeys(PK_RATES, positive),
        "f": within(0, 1, above=True),
        "infusion_h": infusion,
        "cv_pct": record(dict.fromkeys(PK_RATES, within(0, 1000))),
    },
    OwnPk,
    needs=("cl_l_per_d", "vc_l", together("q_l_per_d", "vp_l")),
)
MOLECULE: dict[str, Reader] = {"drug": choice(*names()), "pk": own_pk}
NEEDS_MOLECULE: Need = ("drug", "pk")

weight = within(1, 1000)
age = within(1, 150)
PATIENT_SIZE: dict[str, Reader] = {"weight_kg": weight, "age_y": age, "female": boolean}
patient = record(PATIENT_SIZE | {"prior_car_t": boolean, "prophylaxis": choice(*PROPHYLAXIS)}, PatientGiven)
patient_of_size = record(PATIENT_SIZE, PatientGiven)  # where what else a person has stands in the prior

mg = within(0, 100_000, above=True)
dose = record(
    {"t_d": day, "mg": mg, "mg_per_kg": mg, "infusion_h": infusion}, DoseAt, needs=("t_d", ("mg", "mg_per_kg"))
)
doses = listed(dose, MOST_DOSES)
regimens = listed(record({"name": text, "doses": doses}, NamedRegimen, needs=("name", "doses")), MOST_REGIMENS)

hazard = record(
    {"smax_per_d": positive, "s50_ug_ml": positive, "hill": hill, "kin_per_d": positive, "i50_ug_ml": positive},
    HazardGiven,
    needs=("smax_per_d", "s50_ug_ml"),
)
span = pair(day, names="two times: from, to")
LAST: dict[str, Reader] = {"horizon_d": within(0, 1000, above=True), "last_period_d": within(0, 1000, above=True)}


def molecule_of(drug: str | None, pk: OwnPk | None) -> Drug:
    """What is known of the drug, or of the own molecule."""
    if drug is not None:
        return drug_named(drug)
    assert pk is not None
    return own_molecule(**(asdict(pk) | {"infusion_h": pk.infusion_h or 0.0}))


def needs_hazard(values: Mapping[str, object]) -> str | None:
    """A drug without a hazard of its own needs one, and so does an own molecule."""
    drug = values.get("drug")
    known = isinstance(drug, str) and drug in names()
    own = drug_named(str(drug)).hazard is not None if known else values.get("pk") is None
    return None if own or values.get("hazard") is not None else "hazard"


def check_molecule(
    drug: str | None, pk: OwnPk | None, patient: PatientGiven | None = None, hazard: HazardGiven | None = None
) -> None:
    """Raises CaseError for what contradicts in `drug`, `pk` and `patient`. Nobody's prophylaxis changes a `hazard`."""
    if drug is not None and pk is not None:
        raise contradicts("pk", "and drug are two molecules")
    if pk is not None:
        if pk.ka_per_d is not None and pk.infusion_h is not None:
            raise contradicts("pk.infusion_h", "is of what is given intravenously, ka_per_d of what is not")
        for name in pk.cv_pct:
            if getattr(pk, name) is None:
                raise contradicts(f"pk.cv_pct.{name}", "varies what the molecule has not")
    effects = drug_named(drug).effects if drug is not None else frozenset()
    if hazard is not None:
        effects -= OF_HAZARD
    for name, none in NO_EFFECT.items():
        if patient is not None and getattr(patient, name) != none and name not in effects:
            raise contradicts(f"patient.{name}", "has no effect in the model of this molecule")


def check_doses(doses: Sequence[DoseAt], drug: str | None, pk: OwnPk | None, at: str = "doses") -> None:
    """Raises CaseError for a dose that is said twice, or infused where nothing is."""
    intravenous = not drug_named(drug).subcutaneous if drug is not None else pk is not None and pk.ka_per_d is None
    for place, one in enumerate(doses):
        if one.mg is not None and one.mg_per_kg is not None:
            raise contradicts(f"{at}[{place}].mg_per_kg", "and mg are two doses")
        if one.infusion_h is not None and not intravenous:
            raise contradicts(f"{at}[{place}].infusion_h", "is of what is given intravenously")


def check_periods(doses: Sequence[DoseAt], horizon_d: float | None, at: str = "doses") -> None:
    """Raises CaseError where the horizon leaves no dose period, or where there are too many of them."""
    times = {one.t_d for one in doses if horizon_d is None or one.t_d < horizon_d}
    if not times:
        raise contradicts("horizon_d", "comes before the first dose, and leaves no dose period")
    if len(times) > MOST_PERIODS:
        raise CaseError("out_of_range", f"{at} open more than {MOST_PERIODS} dose periods", at)


def check_regimens(
    regimens: Sequence[NamedRegimen], drug: str | None, pk: OwnPk | None, horizon_d: float | None
) -> None:
    """Raises CaseError for a name given twice, and for what contradicts in the doses of a regimen."""
    names: set[str] = set()
    for place, one in enumerate(regimens):
        if one.name in names:
            raise contradicts(f"regimens[{place}].name", "is given twice")
        names.add(one.name)
        check_doses(one.doses, drug, pk, f"regimens[{place}].doses")
        check_periods(one.doses, horizon_d, f"regimens[{place}].doses")


def check_spans(spans: Sequence[tuple[float, float]], at: str) -> None:
    """Raises CaseError for a window or period that does not end after it begins."""
    for place, (start, end) in enumerate(spans):
        if end <= start:
            raise contradicts(f"{at}[{place}]", "ends before it begins")
