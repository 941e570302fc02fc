"""The kinds of the design contract, and the one door to them: `answer(kind, fields)`, for command, API and pages.

To add a kind NAME: write `read_NAME(fields) -> case` and `answer_NAME(case) -> dict` in a module of this folder, and
name the module in KINDS below. Nothing else has to know of it.

- `read_NAME` takes the object as JSON gives it, without `id` and `kind`: `read_object` of a table of readers in the
  order of the contract, then what contradicts (`contradicts(field, detail)` is raised last). What it gives is a frozen
  dataclass, whose defaults are the contract's. Every fault is a CaseError.
- `answer_NAME` calls the pure module and writes its answer as JSON: names, lists and plain floats (`float(x)` of a
  numpy number), unrounded. It may raise CaseError("not_verified", ...), and CaseError("out_of_range", ...) where the
  numbers lead out of what can be computed. `engine` is added here.
- A kind of which the API answers only what is small has `size_NAME(case) -> int` beside them, and a row in AT_ONCE. Its
  `answer_NAME(case, *, progress=None)` calls `progress(done, of)` some times a second, where it is not None.

Several kinds may share a module. A module is imported when its kind is first asked for, and must import numpy and scipy
nowhere else: the web process and the other commands never load them.
"""

import math
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

from regimens.design.contract.reading import CaseError
from regimens.rules.reading import mapping

HOME = "regimens.design.contract"
# Kind -> the module that reads and answers it, in the order of the contract.
KINDS = {
    "exposure": "exposure",
    "risk": "exposure",
    "trial": "trial",
    "posterior": "posterior",
    "escalation": "escalation",
    "pathways": "escalation",
    "operating": "operating",
    "evidence": "evidence",
    "surprise": "evidence",
    "onset": "evidence",
    "comparator": "comparator",
    "trimer": "trimer",
    "starting_dose": "starting_dose",
    "cytokine": "cytokine",
}


Progress = Callable[[int, int], None]  # how many of how many are done


class Most(NamedTuple):
    """What is answered at once: up to `size` of a kind's `size_NAME`; `field` is to blame for more."""

    size: int
    field: str


AT_ONCE = {
    "trial": Most(5_000, "patients"),
    "cytokine": Most(2_000, "patients"),
    "pathways": Most(64, "next.n"),
    "operating": Most(0, "trials"),
}
# The same of `work_NAME`, some 0.3 s of CPU: the web process has a ward to serve.
WORK_AT_ONCE = {
    "exposure": Most(3_000, "doses"),  # steps in time of one person
    "risk": Most(3_000, "doses"),
    "posterior": Most(12_000, "regimens"),
    "escalation": Most(12_000, "regimens"),
    "pathways": Most(12_000, "regimens"),
    "trial": Most(400_000, "regimens"),  # microseconds, with what a busy machine adds
    "cytokine": Most(400_000, "horizon_h"),
    "surprise": Most(10_000_000, "periods"),  # only where each person has a probability of their own
}


def module_of(kind: str) -> ModuleType:
    return import_module(f"{HOME}.{KINDS[kind]}")


def read(kind: str, fields: object) -> Any:
    """The case, or CaseError with the first fault. KeyError for a kind that there is not."""
    return getattr(module_of(kind), f"read_{kind}")(fields)


def size_of(kind: str, case: Any) -> int:
    """How much there is to compute, in what AT_ONCE counts; 0 for a kind that is always small."""
    return int(getattr(module_of(kind), f"size_{kind}")(case)) if kind in AT_ONCE else 0


def check_small(kind: str, case: Any, runs_at: str) -> None:
    """Raises CaseError for more than is answered at once; `runs_at`: where a larger one is made a run."""
    if kind in AT_ONCE and size_of(kind, case) > AT_ONCE[kind].size:
        field = AT_ONCE[kind].field
    elif kind in WORK_AT_ONCE and getattr(module_of(kind), f"work_{kind}")(case) > WORK_AT_ONCE[kind].size:
        field = WORK_AT_ONCE[kind].field
    else:
        return
    elsewhere = f"send it to {runs_at} as a run" if kind in AT_ONCE else "manage.py design answers it"
    raise CaseError("out_of_range", f"{field} is too large to be answered at once: {elsewhere}", field)


def answer(
    kind: str, fields: object, *, runs_at: str | None = None, progress: Progress | None = None
) -> dict[str, Any]:
    """The answer to the fields of a kind, with `engine`.

    `runs_at`: what is too large is refused, and sent there (`check_small`); None: any size is answered. `progress` is
    told by the kinds of AT_ONCE how many of all are done.
    """
    case = read(kind, fields)
    if runs_at is not None:
        check_small(kind, case, runs_at)
    compute = getattr(module_of(kind), f"answer_{kind}")
    try:
        contents = compute(case, progress=progress) if progress is not None and kind in AT_ONCE else compute(case)
    except ArithmeticError:
        contents = {"too large, or divided by what is as good as 0": math.inf}
    return _finished(contents)


def solved(kind: str, fields: object) -> tuple[dict[str, Any], Any]:
    """The answer of `exposure` or `risk`, and the course that it is read off: a picture costs no second solution."""
    case = read(kind, fields)
    try:
        contents, whole = getattr(module_of(kind), f"solved_{kind}")(case)
    except ArithmeticError:
        contents, whole = {"too large, or divided by what is as good as 0": math.inf}, None
    return _finished(contents), whole


def _finished(contents: dict[str, Any]) -> dict[str, Any]:
    if not _is_finite(contents):
        raise CaseError("out_of_range", "these numbers lead out of what can be computed")
    return {**contents, "engine": engine()}


def engine() -> str:
    """Changes whenever an answer could."""
    return str(import_module("regimens.design.parameters").engine_version())


def _is_finite(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict):
        return all(_is_finite(one) for one in value.values())
    return all(_is_finite(one) for one in value) if isinstance(value, list | tuple) else True


def answer_case(case: object) -> dict[str, Any]:
    """One line of the command, with `id` and `kind`, to its answer. CaseError carries the id where there is one."""
    case_id: object = None
    try:
        fields = dict(mapping(case, None))
        case_id = fields.pop("id", None)
        if not isinstance(case_id, str):
            raise CaseError("missing_field" if case_id is None else "invalid_type", "id is a string", "id")
        return {"id": case_id} | answer(_kind(fields.pop("kind", None)), fields)
    except CaseError as error:
        error.id = case_id if isinstance(case_id, str | int) else None
        raise


def _kind(name: object) -> str:
    if isinstance(name, str) and name in KINDS:
        return name
    code = "missing_field" if name is None else "unknown_value" if isinstance(name, str) else "invalid_type"
    raise CaseError(code, f"kind is one of {', '.join(KINDS)}", "kind")
