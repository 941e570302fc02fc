"""What is known of each drug: its files in drugs/, every number with unit and source. Needs no numpy.

>>> drug("epcoritamab").hazard.s50
0.0942...
"""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

FOLDER = Path(__file__).parent / "drugs"
EQUATIONS = 5  # goes up with every change of an equation, a step or a random stream: results may differ then

# What is carried over from epcoritamab (LI26) where a hazard says no more than SMAX and S50.
HILL = math.exp(-0.124)
KIN_PER_D = 0.435
I50_OVER_S50 = 0.00473

Model = Literal["linear", "falling_clearance", "bound_to_target", "soluble_target"]
Prophylaxis = Literal["none", "one", "both"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaled:
    """times (x / over) ^ power"""

    over: float
    power: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A typical value, what it depends on, and the standard deviation of its log between people (0: none known)."""

    value: float
    unit: str = ""
    source: str = ""
    weight: Scaled | None = None
    age: Scaled | None = None
    female_times: float = 1.0
    sd_log: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """Risk of CRS with tolerance (LI26). SMAX and kin a day, S50 and I50 in ug/mL."""

    smax: float
    s50: float
    hill: float = HILL
    kin: float = KIN_PER_D
    i50: float
    endpoint: Literal["grade2plus", "any", "given"] = "given"
    transferred: bool = False  # carried over from another drug, exploratory
    prior_car_t_on_smax: float = 1.0
    prophylaxis_on_s50: Mapping[Prophylaxis, float] = field(default_factory=lambda: {"none": 1.0})


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug:
    """`infusion_h`: how long an intravenous dose takes unless it says so itself. `hazard`: None, nobody fitted one."""

    name: str
    model: Model
    subcutaneous: bool
    free: bool  # the concentration that acts is the free one
    weight_kg: float
    age_y: float
    pk: Mapping[str, Parameter]
    infusion_h: float = 0.0
    covariances: tuple[tuple[str, str, float], ...] = ()
    hazard: Hazard | None = None
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    who: str = ""

    @property
    def linear(self) -> bool:
        """Linear and constant: it has a closed form and a half-life."""
        return self.model == "linear"

    @property
    def effects(self) -> frozenset[str]:
        """What about a person changes anything here, beside a dose by weight."""
        numbers = self.pk.values()
        names = {
            "weight_kg": any(number.weight for number in numbers),
            "age_y": any(number.age for number in numbers),
            "female": any(number.female_times != 1 for number in numbers),
            "prior_car_t": self.hazard is not None and self.hazard.prior_car_t_on_smax != 1,
            "prophylaxis": self.hazard is not None and len(self.hazard.prophylaxis_on_s50) > 1,
        }
        return frozenset(name for name, has in names.items() if has)


def names() -> list[str]:
    """The drugs whose PK was found."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


@cache
def drug(name: str) -> Drug:
    """Raises KeyError for one that is not in `names()`."""
    if name not in names():
        raise KeyError(name)
    data = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    pk = {key: _parameter(number) for key, number in data["pk"].items()}
    reference = data["reference"]
    return Drug(
        name=data["name"],
        model=data["model"],
        subcutaneous=data["route"] == "subcutaneous",
        free=data["concentration"] == "free",
        weight_kg=_value(reference["weight_kg"]),
        age_y=_value(reference["age_y"]) if "age_y" in reference else 66.0,
        pk=pk,
        infusion_h=_value(data["infusion_h"]) if "infusion_h" in data else 0.0,
        covariances=tuple(_covariance(row, pk) for row in data.get("covariances", ())),
        hazard=_hazard(data["hazard"]) if "hazard" in data else None,
        sources=data["sources"],
        who=reference["who"],
    )


def own_molecule(
    *,
    cl_l_per_d: float,
    vc_l: float,
    q_l_per_d: float | None = None,
    vp_l: float | None = None,
    ka_per_d: float | None = None,
    f: float = 1.0,
    infusion_h: float = 0.0,
    cv_pct: Mapping[str, float] | None = None,
) -> Drug:
    """A molecule that the user describes: linear. `cv_pct` by the same names as the first five."""
    values = {"cl_l_per_d": cl_l_per_d, "vc_l": vc_l, "q_l_per_d": q_l_per_d, "vp_l": vp_l, "ka_per_d": ka_per_d}
    inside = {"cl_l_per_d": "cl", "vc_l": "vc", "q_l_per_d": "q", "vp_l": "vp", "ka_per_d": "ka"}
    spread = cv_pct or {}
    pk = {
        inside[name]: Parameter(value=value, sd_log=sd_log_of_cv(spread.get(name, 0.0)))
        for name, value in values.items()
        if value is not None
    }
    if ka_per_d is not None:
        pk["f"] = Parameter(value=f)
    return Drug(
        name="own", model="linear", subcutaneous=ka_per_d is not None, free=False, weight_kg=72.8, age_y=66.0, pk=pk,
        infusion_h=infusion_h,
    )  # fmt: skip


def given_hazard(
    *,
    smax_per_d: float,
    s50_ug_ml: float,
    hill: float = HILL,
    kin_per_d: float = KIN_PER_D,
    i50_ug_ml: float | None = None,
) -> Hazard:
    """A hazard that the user gives: nobody's prophylaxis or CAR-T changes it."""
    i50 = I50_OVER_S50 * s50_ug_ml if i50_ug_ml is None else i50_ug_ml
    return Hazard(smax=smax_per_d, s50=s50_ug_ml, hill=hill, kin=kin_per_d, i50=i50)


def sd_log_of_cv(cv_pct: float) -> float:
    """omega^2 = ln(1 + CV^2)"""
    return math.sqrt(math.log1p((cv_pct / 100) ** 2))


@cache
def engine_version() -> str:
    """Changes whenever a result could: with the equations, and with any byte of the parameter files."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.glob("*.yaml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return f"design {EQUATIONS}, parameters sha256:{digest.hexdigest()}"


def _value(number: Mapping[str, Any]) -> float:
    return math.exp(number["ln"]) if "ln" in number else float(number["value"])


def _parameter(number: Mapping[str, Any]) -> Parameter:
    sd_log = number.get("sd_log", 0.0)
    if "cv_pct" in number:
        sd_log = sd_log_of_cv(number["cv_pct"])
    elif "variance_log" in number:
        sd_log = math.sqrt(number["variance_log"])
    return Parameter(
        value=_value(number),
        unit=number["unit"],
        source=number["source"],
        weight=Scaled(**number["weight"]) if "weight" in number else None,
        age=Scaled(**number["age"]) if "age" in number else None,
        female_times=float(number.get("female_times", 1.0)),
        sd_log=float(sd_log),
    )


def _covariance(row: Mapping[str, Any], pk: Mapping[str, Parameter]) -> tuple[str, str, float]:
    first, second = row["between"]
    value = row["value"] if "value" in row else row["correlation"] * pk[first].sd_log * pk[second].sd_log
    return first, second, float(value)


def _hazard(data: Mapping[str, Any]) -> Hazard:
    effects = {name: _value(number) for name, number in data["effects"].items()}
    s50 = _value(data["s50"])
    prophylaxis: dict[Prophylaxis, float] = {"none": 1.0}
    if "prophylaxis_one_on_s50" in effects:
        prophylaxis |= {"one": effects["prophylaxis_one_on_s50"], "both": effects["prophylaxis_both_on_s50"]}
    return Hazard(
        smax=_value(data["smax"]),
        s50=s50,
        hill=_value(data["hill"]),
        kin=_value(data["kin"]),
        i50=_value(data["i50"]) if "i50" in data else _value(data["i50_over_s50"]) * s50,
        endpoint=data["endpoint"],
        transferred=data["origin"] == "transferred",
        prior_car_t_on_smax=effects.get("prior_car_t_on_smax", 1.0),
        prophylaxis_on_s50=prophylaxis,
    )
