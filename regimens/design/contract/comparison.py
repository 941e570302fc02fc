"""Regimens side by side, as a design keeps them: no kind that answers, but what kinds are asked about.

Molecule, person, hazard and horizon once, and for each regimen its name and doses. A regimen for itself is a `risk`.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from regimens.design.contract.kinds import read
from regimens.design.contract.reading import CaseError, contradicts, listed, read_object, record, text
from regimens.design.parameters import drug, names

MOST_REGIMENS = 12
ANY_HAZARD = {"smax_per_d": 1, "s50_ug_ml": 1}  # where there is none yet: what else is wrong is to be found


def _as_given(value: object, field: str) -> object:
    """Read by the kind that is asked."""
    return value


SHARED = dict.fromkeys(("drug", "pk", "patient", "hazard", "horizon_d", "last_period_d"), _as_given)
REGIMENS = listed(record({"name": text, "doses": _as_given}, needs=("name", "doses")), MOST_REGIMENS)


def check(document: object) -> None:
    """Raises CaseError for the first fault. Without a hazard all but that is looked at."""
    given = read_object(document, {**SHARED, "regimens": REGIMENS}, needs=("regimens",))
    regimens = given.pop("regimens")
    hazard = {} if has_hazard(given) else {"hazard": ANY_HAZARD}
    for place, regimen in enumerate(regimens):
        try:
            read("risk", given | hazard | {"doses": regimen["doses"]})
        except CaseError as error:
            at_doses = (error.field or "").startswith("doses")
            field = f"regimens[{place}].{error.field}" if at_doses else error.field
            raise CaseError(error.code, error.detail, field) from None
        if regimen["name"] in [other["name"] for other in regimens[:place]]:
            raise contradicts(f"regimens[{place}].name", "is given twice")


def has_hazard(document: Mapping[str, Any]) -> bool:
    """Whether a probability of CRS can be told: the molecule has a hazard of its own, or one was said."""
    name = document.get("drug")
    known = isinstance(name, str) and name in names() and drug(name).hazard is not None
    return document.get("hazard") is not None or known


LAST = ("horizon_d", "last_period_d")
OF_BOTH = ("drug", "pk", "regimens", "horizon_d", "last_period_d")  # what is compared and what a rule learns of


def unlike(document: Mapping[str, Any], learning: Mapping[str, Any]) -> str:
    """The first field in which an input that learns is of something else than is compared. Empty: there is none."""
    return next((name for name in OF_BOTH if _as_read(document.get(name)) != _as_read(learning.get(name))), "")


def _as_read(value: Any) -> Any:
    """Numbers as the engine has them, and without what is null, which means the same as absent."""
    if isinstance(value, Mapping):
        return {name: _as_read(one) for name, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        return [_as_read(one) for one in value]
    return float(value) if isinstance(value, Decimal) else value


OF_PERSON = ("weight_kg", "age_y", "female")  # of whom somebody learns; what else a person has is in the prior


def learned_from(document: Mapping[str, Any]) -> dict[str, Any]:
    """What an input that learns has of what is compared: molecule, person, regimens and horizon, and of a hazard what
    is not learned."""
    learning = {name: document[name] for name in OF_BOTH if document.get(name) is not None}
    person = {name: value for name, value in (document.get("patient") or {}).items() if name in OF_PERSON}
    if person:
        learning["patient"] = person
    hazard = document.get("hazard") or {}
    if (hill := hazard.get("hill")) is not None:
        learning["hill"] = hill
    if (i50 := hazard.get("i50_ug_ml")) is not None:
        learning["i50_over_s50"] = float(i50) / float(hazard["s50_ug_ml"])
    return learning


def molecule_differs(document: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether what is believed of the one cannot be believed of the other."""
    return any(_as_read(document.get(name)) != _as_read(other.get(name)) for name in ("drug", "pk", "hazard"))


def unlike_regimens(document: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The regimens of the one whose dose periods are not the same in the other, or which are not in it."""
    before, after = (
        {
            one["name"]: (_as_read(one["doses"]), *(_as_read(part.get(name)) for name in LAST))
            for one in part["regimens"]
        }
        for part in (document, other)
    )
    return [name for name, doses in before.items() if after.get(name) != doses]
