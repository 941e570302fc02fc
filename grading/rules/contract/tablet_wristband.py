"""Whether the second identifier that is typed is this participant's, and else whose of the ward it is."""

from collections.abc import Mapping
from typing import Any

from regimens.rules.wristband import Wristband


def wristband(question: Mapping[str, Any]) -> dict[str, Any]:
    """`typed`; `own`: the `identifier` and `ending` that the page asks for; `others`: those of everybody else there.

    `code`: what is said at the field, with its `values`; empty: it is this participant's.
    """
    typed, own = question["typed"], question["own"]
    if typed.strip() == "":
        return {"code": "no_wristband", "values": {}}
    if _band(own).is_confirmed(typed):
        return {"code": "", "values": {}}
    for other in question["others"]:
        if _band(other).is_confirmed(typed):
            return {"code": "wristband_of_another", "values": {"typed": typed, "number": other["identifier"]}}
    return {"code": "not_this_wristband", "values": {"typed": typed}}


def _band(one: Mapping[str, Any]) -> Wristband:
    return Wristband(identifier=one["identifier"], ending=one["ending"])
