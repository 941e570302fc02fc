"""Plain cases, read quickly: nothing escaped, nothing nested but ICE, no name twice. Any other is left to the contract.

msgspec holds the shape; each value is looked up, as it is written, in what the contract's own reader made of it before.
Whatever is odd or wrong gives None here, and the contract reads it anew and words what is wrong.
"""

from collections import namedtuple
from collections.abc import Collection, Mapping
from dataclasses import MISSING, Field, fields
from decimal import Decimal
from operator import getitem
from typing import Any, Union, get_args

import msgspec
from msgspec import UNSET, Raw, UnsetType, defstruct
from msgspec.structs import astuple

from crsmonitor.formats.strict_json import UnreadableJSON, loads
from grading.rules.contract.fields import is_kept_otherwise
from grading.rules.contract.inputs import CRS_FIELDS, HISTORY, ICANS_FIELDS, ICANS_PED_FIELDS, ICE_FIELDS
from grading.rules.grades.crs import grade_crs
from grading.rules.grades.crs_inputs import CrsInputs
from grading.rules.grades.entry.limits import pressures_contradict
from grading.rules.grades.graded import Graded, Kind
from grading.rules.grades.icans import grade_icans
from grading.rules.grades.icans_inputs import IcansInputs, IceItems
from regimens.rules.reading import CaseError, Reader

REMEMBERED = 16_384  # ways of writing one field; of ICE, some eleven thousand
OF_A_CASE = 3  # names: its id, its kind and its inputs
CRS = Kind.CRS  # once: a member is looked up slowly


class Odd(Exception):
    """A value of which the answer says more than a grade."""


class Readings(dict[object, object]):
    """Of one field: what the contract's reader makes of each way it is written. Absent and null are there at once."""

    def __init__(self, one: "Field[Any]", reader: Reader) -> None:
        absent = None if one.default is MISSING else one.default
        null = None if one.name in HISTORY else absent
        super().__init__({UNSET: absent, b"": absent, None: null, b"null": null})
        self.name, self.reader = one.name, reader

    def __missing__(self, written: object) -> object:
        value = loads(written) if isinstance(written, bytes) else written
        if isinstance(value, Decimal) and is_kept_otherwise(str(value)):
            raise Odd(self.name)
        read = self.reader(value, self.name)
        if len(self) < REMEMBERED:
            self[written] = read
        return read


ICE = defstruct(
    "IceAsWritten",
    [(name, (int if name == "naming" else bool) | None | UnsetType, UNSET) for name in ICE_FIELDS],
    forbid_unknown_fields=True,
    gc=False,
)


def _ice(written: object, field: str) -> object:
    """ICE of its items' values, in the order of the items."""
    assert isinstance(written, tuple)
    items = {name: value for name, value in zip(ICE_FIELDS, written, strict=True) if value is not UNSET}
    return ICANS_FIELDS["ice"](items, field)


def _as_written(one: "Field[Any]") -> Any:
    """The type that msgspec is to find. Of a measured value its text, because 38 and 38.0 are told as they came."""
    kinds = {kind for kind in (get_args(one.type) or (one.type,)) if kind is not type(None)}
    if kinds == {Decimal}:
        return Raw
    if kinds == {IceItems}:
        return ICE | None | UnsetType
    if kinds == {bool}:
        return bool | None | UnsetType
    if kinds == {int}:
        return int | None | UnsetType
    listed = any(getattr(kind, "__origin__", None) is Collection for kind in kinds)
    return (tuple[str, ...] if listed else str) | None | UnsetType


class CaseInputs:
    """The inputs of one kind of case, as msgspec reads them and as a grader takes them."""

    def __init__(self, of: type[Any], readers: Mapping[str, Reader], **known: object) -> None:
        given = sorted([one for one in fields(of) if one.name in readers], key=lambda one: _as_written(one) is not Raw)
        rest = [one for one in fields(of) if one not in given]
        self.measured = sum([_as_written(one) is Raw for one in given])  # which come first
        self.readings = [Readings(one, _ice if one.name == "ice" else readers[one.name]) for one in given]
        self.rest = tuple([known.get(one.name, one.default) for one in rest])
        row: Any = namedtuple("Row", [one.name for one in (*given, *rest)])  # type: ignore[misc]
        properties = {name: one for name, one in vars(of).items() if isinstance(one, property)}
        self.row: Any = type(f"{of.__name__}Row", (row,), {"__slots__": ()} | properties)
        self.shape = defstruct(
            f"{of.__name__}AsWritten",
            [(one.name, _as_written(one), Raw() if _as_written(one) is Raw else UNSET) for one in given],
            forbid_unknown_fields=True,
            gc=False,
        )

    def case(self, kind: Kind) -> Any:
        whole = [("id", str), ("inputs", self.shape)]
        return defstruct(f"{kind}_case", whole, tag_field="kind", tag=kind.value, forbid_unknown_fields=True, gc=False)

    def read(self, written: tuple[object, ...]) -> Any:
        return tuple.__new__(self.row, (*map(getitem, self.readings, written), *self.rest))


def _these(readers: Mapping[str, Reader], *names: str) -> Mapping[str, Reader]:
    return {name: readers[name] for name in names}


# What a set and an examination mostly are: the fewer fields a case may have, the less there is to look up.
USUAL_CRS = _these(
    CRS_FIELDS, *HISTORY, "temperature_c", "sbp", "dbp", "position", "hypotension", "fluid_bolus", "vasopressors",
    "spo2", "oxygen_device", "oxygen_flow_l_min", "oxygen_indication",
)  # fmt: skip
USUAL_ICANS = _these(
    ICANS_FIELDS, "ice", "consciousness", "seizure", "motor", "oedema", "icp_signs", "intracranial_haemorrhage"
)
USUAL = {
    Kind.CRS: CaseInputs(CrsInputs, USUAL_CRS),
    Kind.ICANS: CaseInputs(IcansInputs, USUAL_ICANS, pediatric=False),
}
EVERY = {
    Kind.CRS: CaseInputs(CrsInputs, CRS_FIELDS),
    Kind.ICANS: CaseInputs(IcansInputs, ICANS_FIELDS, pediatric=False),
    Kind.ICANS_PED: CaseInputs(IcansInputs, ICANS_PED_FIELDS, pediatric=True),
}


def _cases(of: Mapping[Kind, CaseInputs]) -> tuple[Any, dict[type, tuple[Kind, CaseInputs]]]:
    """A decoder, and of which kind each case is that it gives."""
    cases = {inputs.case(kind): (kind, inputs) for kind, inputs in of.items()}
    return msgspec.json.Decoder(Union[tuple(cases)]), cases  # noqa: UP007


USUALLY, CASES = _cases(USUAL)
ALWAYS, _more = _cases(EVERY)
CASES |= _more


def grade_of(line: bytes) -> tuple[str, Graded] | None:
    """The id and the grade of a case. None: the contract is to read it."""
    if b"\\" in line or not line.isascii():
        return None
    try:
        try:
            case = USUALLY.decode(line)
        except msgspec.ValidationError:
            case = ALWAYS.decode(line)
        kind, inputs = CASES[type(case)]
        names, look = (_crs if kind is CRS else _icans)(inputs, case.inputs)
    except (msgspec.DecodeError, UnreadableJSON, CaseError, Odd, RecursionError):
        return None
    # Each name has its colon: one more than the names that are there, and one was given twice.
    if line.count(b":") - case.id.count(":") != OF_A_CASE + names:
        return None
    return case.id, grade_crs(look) if kind is CRS else grade_icans(look)


def _crs(inputs: CaseInputs, given: Any) -> tuple[int, Any]:
    """How many names were given, and what was seen."""
    values = astuple(given)
    texts = [*map(bytes, values[: inputs.measured])]
    others = values[inputs.measured :]
    look = inputs.read((*texts, *others))
    if look.sbp is not None and look.dbp is not None and pressures_contradict(look.sbp, look.dbp):
        raise Odd("sbp")
    return len(values) - texts.count(b"") - others.count(UNSET), look


def _icans(inputs: CaseInputs, given: Any) -> tuple[int, Any]:
    ice, *others = astuple(given)
    items = astuple(ice) if type(ice) is ICE else ()
    look = inputs.read((items or ice, *others))
    return 1 + len(others) - (ice is UNSET) - others.count(UNSET) + len(items) - items.count(UNSET), look
