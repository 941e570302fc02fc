"""Where the regimens of a design change, its escalation rule goes with them, or it is said why it cannot."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from regimens.design.contract.comparison import learned_from, molecule_differs, unlike_regimens
from regimens.design.contract.kinds import read
from regimens.rules.reading import CaseError

OF_COMPARISON = ("drug", "pk", "patient", "regimens", "horizon_d", "last_period_d")


def carried(document: Mapping[str, Any], escalation: Mapping[str, Any]) -> dict[str, Any]:
    """The rule of the regimens as they are now."""
    own = {name: value for name, value in escalation.items() if name not in OF_COMPARISON}
    return own | learned_from(document)


def why_not_carried(before: Mapping[str, Any], after: Mapping[str, Any], escalation: Mapping[str, Any]) -> str:
    """A sentence for whoever changed the regimens. Empty: the rule goes with them.

    What is believed of one molecule is not believed of another, and counts of one regimen are not those of another.
    """
    if molecule_differs(before, after):
        return _(
            "The escalation rule of this design believes something of another molecule or hazard. On the page Decide,"
            " empty the ladder and save; then change the molecule."
        )
    names = [one["name"] for one in after["regimens"]]
    needed = [*escalation["ladder"], *(row["regimen"] for row in escalation["data"])]
    if gone := [name for name in dict.fromkeys(needed) if name not in names]:
        return _(
            "The escalation rule of this design is about %(regimens)s. Take it from the ladder on the page Decide"
            " before it is renamed or taken out here."
        ) % {"regimens": ", ".join(gone)}
    changed = unlike_regimens(before, after)
    if counted := [name for name in changed if any(row["regimen"] == name and row["n"] for row in escalation["data"])]:
        return _(
            "Counts of %(regimens)s are typed on the page Decide: they are not of other days or doses. Empty them there"
            " first, or give the changed regimen a name of its own."
        ) % {"regimens": ", ".join(counted)}
    try:
        read("escalation", carried(after, escalation))
    except CaseError as error:
        return _("The escalation rule does not fit these regimens any more (%(field)s): see the page Decide.") % {
            "field": error.field or error.code
        }
    return ""
