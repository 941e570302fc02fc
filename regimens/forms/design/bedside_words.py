"""Why a design makes no document, and what a document does not say, in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from regimens.library.designed.doses import NotCompiled
from regimens.library.designed.unsaid import Unsaid
from regimens.wording import steps_text

REFUSALS: Mapping[str, Promise] = {
    "not_a_whole_day": _l(
        "%(regimen)s has a dose on day %(day)s: a regimen at the bedside has whole days, and the hour would be lost."
    ),
    "two_doses_a_day": _l("%(regimen)s has two doses on day %(day)s: say them as one, or on days of their own."),
    "days_differ": _l("The days of %(regimen)s are others than those of %(other)s: cohorts share them."),
    "infusions_differ": _l("The infusions of %(regimen)s last otherwise than those of %(other)s: cohorts share them."),
    "unit_of_another_kind": _l(
        "%(regimen)s has %(amount)s on day %(day)s in another kind of unit than the regimen it grows from, whose doses "
        "are in %(unit)s: per kilogram or not, and no rate of an infusion."
    ),
    "too_many_decimals": _l(
        "%(regimen)s, day %(day)s: %(dose)s %(unit)s has more than %(most)s decimals. A dose is never rounded here."
    ),
    "split_in_two": _l(
        "%(step)s is one half of a dose that is split with %(other)s: the design has to say both halves."
    ),
    "later_dose_unsaid": _l(
        "The design ends before “%(step)s”, whose dose is %(dose)s %(unit)s in the regimen it grows from: give it as a "
        "dose of the design, or choose another regimen."
    ),
    "below_minimum": _l("%(step)s would come after %(days)s days; its label asks for at least %(least)s."),
    "beyond_latest": _l("%(step)s would come after %(days)s days; its label allows at most %(most)s."),
    "cycles_differ": _l(
        "“%(step)s” begins on day %(printed)s as printed; the design has a dose on day %(day)s, which does not fit."
    ),
    "cycle_length_unknown": _l("The length of a cycle is not known, so the days of “%(step)s” cannot be told."),
    "repeats_differ": _l(
        "“%(step)s” repeats on other days than the design, which has a dose on day %(day)s, %(days)s days after the "
        "one before. Leave out the doses that repeat: they go on as the regimen says."
    ),
    "repeats_too_often": _l("“%(step)s” is given %(times)s times; the design has more."),
    "doses_by_weight": _l("The regimen doses by weight (%(band)s), and the design does not: choose another."),
    "ladder_of_other_doses": _l("The ladder was saved when %(regimen)s had other doses: save it again under Decide."),
    "document_refused": _l("What it becomes is no regimen yet."),
}
UNSAID: Mapping[str, Promise] = {
    "window": _l("How long to observe after: %(of)s. The study says it below; else the gate holds."),
    "no_window": _l("The label followed names no window of observation after: %(of)s. The gate waits for none there."),
    "minimum_interval": _l("The least days before: %(of)s. A dose before its planned day holds."),
    "restart": _l("What follows when a dose is late, after: %(of)s. The gate holds."),
    "grades_crs": _l("What follows CRS of grade %(of)s. The gate holds from grade 3 on."),
    "grades_icans": _l("What follows ICANS of grade %(of)s. The gate holds from grade 3 on."),
    "after_last": _l("How it goes on after the last dose, %(of)s. The gate has no next step."),
    "infusion": _l("How long the infusion lasts: %(of)s."),
    "washout": _l("How long after tocilizumab or a steroid the next dose may be given. The gate asks nobody."),
    "on_site": _l("How much tocilizumab is on site before a dose. The gate asks nobody."),
}
PARTS: Mapping[str, Promise] = {
    "restart": _l("Restart after a delay"),
    "grade_rules": _l("Next dose by grade"),
    "observation": _l("Observation"),
    "premedication": _l("Premedication"),
    "on_site": _l("Tocilizumab on site"),
    "cohorts": _l("Cohorts"),
    "rates": _l("Published figures"),
    "days": _l("Days of a region"),
    "by_weight": _l("Doses by weight"),
}
BANDS: Mapping[str, Promise] = {
    "prior": _l("from the prior of the design"),
    "posterior": _l("from the posterior of the counts in this version"),
    "": _l("none is frozen"),
}


def refusal_texts(refused: NotCompiled) -> list[str]:
    """What is said of it, the fault of a document with the place of each problem."""
    values = {
        name: value.rstrip("0").rstrip(".") if name == "day" and isinstance(value, str) else value
        for name, value in refused.refusal.values.items()
    }
    own = str(REFUSALS[refused.refusal.code] % values)
    return [own, *(f"{one.place}: {one.text}" for one in refused.problems)]


def unsaid_text(one: Unsaid) -> str:
    return str(UNSAID[one.code] % {"of": steps_text(one.of)})
