"""Virtual people: who they are, and what the drug does in each of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from regimens.design.doses import Array
from regimens.design.hazard import HazardCurve
from regimens.design.parameters import Drug, Hazard
from regimens.design.randomness import normals, uniforms

PROPHYLAXIS = ("none", "one", "both")


class PersonGiven(Protocol):
    """None: as the drug's reference person."""

    @property
    def weight_kg(self) -> float | None: ...
    @property
    def age_y(self) -> float | None: ...
    @property
    def female(self) -> bool: ...
    @property
    def prior_car_t(self) -> bool: ...
    @property
    def prophylaxis(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person. None: as the drug's reference person."""

    weight_kg: float | None = None
    age_y: float | None = None
    female: bool = False
    prior_car_t: bool = False
    prophylaxis: str = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Of a log-normal weight (`middle` its median, `spread` its CV in per cent) or a normal age (mean, SD), clipped."""

    middle: float
    spread: float
    least: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """`frailty_sd`: standard deviation of the log of a person's own factor on SMAX; its median is 1."""

    weight_kg: Spread = field(default_factory=lambda: Spread(middle=72.8, spread=18, least=46, most=109.4))
    age_y: Spread = field(default_factory=lambda: Spread(middle=66, spread=10, least=33, most=83))
    pk_variability: bool = True
    prior_car_t_pct: float = 0.0
    prophylaxis_one_pct: float = 0.0
    prophylaxis_both_pct: float = 0.0
    frailty_sd: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """A block of them, one value each. `smax_times`, `s50_times`: what they bring to the hazard's parameters."""

    weight_kg: Array
    age_y: Array
    pk: Mapping[str, Array]
    smax_times: Array
    s50_times: Array

    @property
    def count(self) -> int:
        return len(self.weight_kg)

    def some(self, chosen: NDArray[np.intp]) -> Self:
        return type(self)(
            weight_kg=self.weight_kg[chosen],
            age_y=self.age_y[chosen],
            pk={name: values[chosen] for name, values in self.pk.items()},
            smax_times=self.smax_times[chosen],
            s50_times=self.s50_times[chosen],
        )

    def curve(self, hazard: Hazard) -> HazardCurve:
        """The hazard's parameters in each of them, without SMAX. I50 is the drug's, whatever moves S50."""
        s50 = hazard.s50 * self.s50_times if np.any(self.s50_times != 1) else hazard.s50
        return HazardCurve(s50=s50, kin=hazard.kin, i50=hazard.i50, hill=hazard.hill)


def typical(drug: Drug, person: PersonGiven | None = None, hazard: Hazard | None = None) -> People:
    """One person with the typical values. `hazard`: whose effects of CAR-T and prophylaxis count."""
    one = person or Person()
    weight = np.array([drug.weight_kg if one.weight_kg is None else one.weight_kg])
    age = np.array([drug.age_y if one.age_y is None else one.age_y])
    smax, s50 = 1.0, 1.0
    if hazard is not None:
        smax = hazard.prior_car_t_on_smax if one.prior_car_t else 1.0
        s50 = {**hazard.prophylaxis_on_s50}.get(one.prophylaxis, 1.0)  # type: ignore[call-overload]
    return People(
        weight_kg=weight,
        age_y=age,
        pk=_pk(drug, weight, age, female=one.female),
        smax_times=np.array([smax]),
        s50_times=np.array([s50]),
    )


def drawn(
    drug: Drug, population: Population, seed: int, start: int, count: int, hazard: Hazard | None = None
) -> People:
    """The people `start`, `start` + 1, ... of the population with this seed: always the same ones."""

    def normal(name: str) -> Array:
        return normals(seed, f"people/{name}", start, count)

    def share(name: str) -> Array:
        return uniforms(seed, f"people/{name}", start, count) * 100

    of_weight, of_age = population.weight_kg, population.age_y
    omega = np.sqrt(np.log1p((of_weight.spread / 100) ** 2))
    weight = np.clip(of_weight.middle * np.exp(omega * normal("weight_kg")), of_weight.least, of_weight.most)
    age = np.clip(of_age.middle + of_age.spread * normal("age_y"), of_age.least, of_age.most)
    pk = _pk(drug, weight, age)
    if population.pk_variability:
        pk = {
            name: values * np.exp(part) for (name, values), part in zip(pk.items(), _parts(drug, normal), strict=True)
        }
    smax, s50 = np.ones(count), np.ones(count)
    if hazard is not None:
        smax = np.where(share("prior_car_t") < population.prior_car_t_pct, hazard.prior_car_t_on_smax, smax)
        given, one = share("prophylaxis"), population.prophylaxis_one_pct
        either = one + population.prophylaxis_both_pct
        factors = hazard.prophylaxis_on_s50
        s50 = np.where(given < one, factors.get("one", 1.0), np.where(given < either, factors.get("both", 1.0), s50))
    if population.frailty_sd:
        smax = smax * np.exp(population.frailty_sd * normal("frailty"))
    return People(weight_kg=weight, age_y=age, pk=pk, smax_times=smax, s50_times=s50)


def _pk(drug: Drug, weight: Array, age: Array, *, female: bool = False) -> dict[str, Array]:
    values = {}
    for name, number in drug.pk.items():
        value = np.full(len(weight), number.value)
        if number.weight is not None:
            value = value * (weight / number.weight.over) ** number.weight.power
        if number.age is not None:
            value = value * (age / number.age.over) ** number.age.power
        values[name] = value * number.female_times if female else value
    return values


def _parts(drug: Drug, normal: "Normal") -> list[Array | float]:
    """Each parameter's own part of the log, with the covariances between them."""
    names = list(drug.pk)
    joined = {name for first, second, _ in drug.covariances for name in (first, second)}
    scores = {name: normal(name) for name in names if drug.pk[name].sd_log}
    parts: dict[str, Array] = {
        name: drug.pk[name].sd_log * score for name, score in scores.items() if name not in joined
    }
    for first, second, covariance in drug.covariances:  # pairs alone: the factor of a 2 x 2 matrix, written out
        a, b = drug.pk[first].sd_log, drug.pk[second].sd_log
        along = covariance / a
        parts[first] = a * scores[first]
        parts[second] = along * scores[first] + np.sqrt(b**2 - along**2) * scores[second]
    return [parts.get(name, 0.0) for name in names]


class Normal(Protocol):
    def __call__(self, name: str, /) -> Array: ...
