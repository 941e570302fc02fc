"""`population` of the design contract: whom virtual people are drawn from."""

from typing import Any

from regimens.design.contract.reading import Reader, boolean, contradicts, read_object, within
from regimens.design.contract.shared import age, weight
from regimens.design.people import Population, Spread

percent = within(0, 100)
SPREADS: dict[str, dict[str, Reader]] = {
    "weight_kg": {"median": weight, "cv_pct": within(0, 1000), "min": weight, "max": weight},
    "age_y": {"mean": age, "sd": within(0, 150), "min": age, "max": age},
}
USUAL = Population()


def _spread(value: object, field: str) -> Spread:
    """What is absent is the usual population's."""
    name = field.rpartition(".")[2]
    usual: Spread = getattr(USUAL, name)
    middle, spread, least, most = (
        read_object(value, SPREADS[name], at=field).get(part, standard)
        for part, standard in zip(SPREADS[name], (usual.middle, usual.spread, usual.least, usual.most), strict=True)
    )
    return Spread(middle=middle, spread=spread, least=least, most=most)


def _prophylaxis(value: object, field: str) -> dict[str, Any]:
    return {"one": 0.0, "both": 0.0} | read_object(value, {"one": percent, "both": percent}, at=field)


POPULATION: dict[str, Reader] = {
    "weight_kg": _spread,
    "age_y": _spread,
    "pk_variability": boolean,
    "prior_car_t_pct": percent,
    "prophylaxis_pct": _prophylaxis,
    "frailty_sd": within(0, 10),
}


def population(value: object, field: str) -> Population:
    read = read_object(value, POPULATION, at=field)
    shares = read.pop("prophylaxis_pct", {"one": 0.0, "both": 0.0})
    return Population(**read, prophylaxis_one_pct=shares["one"], prophylaxis_both_pct=shares["both"])


def check_population(given: Population) -> None:
    """Raises CaseError for limits the wrong way round, and for more than everybody."""
    for name, spread in (("weight_kg", given.weight_kg), ("age_y", given.age_y)):
        if spread.least > spread.most:
            raise contradicts(f"population.{name}.max", "is below min")
    if given.prophylaxis_one_pct + given.prophylaxis_both_pct > 100:
        raise contradicts("population.prophylaxis_pct", "is more than 100 in all")
