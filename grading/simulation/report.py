"""What was simulated against what the export says, dose by dose."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count

from grading.exports.rows import Scope, rows_of
from grading.exports.writers import blocks_of
from grading.models import Alert
from grading.rules.alerting.policy.conditions import OF_OBSERVATION
from grading.simulation.rates import Rate
from grading.simulation.shown import ShownGrades, shown
from grading.simulation.story import Story
from regimens.models import Study


@dataclass(frozen=True, slots=True)
class Partial:
    """`sets` with a part left out. What they did to events: not shown by them, shown at less, end not shown."""

    sets: int = 0
    hid: int = 0
    lowered: int = 0
    left_open: int = 0

    def __add__(self, other: "Partial") -> "Partial":
        return Partial(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Doses that open a period, by step. `differ`: each dose of which the export says something else.

    `unseen`: events of which no set found the fever; `joined`: events that looked like the one before them.
    `partial`: sets with a part left out, and what whole ones would have shown more: events, higher grades, ends.
    """

    doses: Counter[str]
    happened: Counter[str]
    could_show: Counter[str]
    exported: Counter[str]
    unseen: int
    joined: int
    partial: Partial
    differ: tuple[str, ...]

    @property
    def hidden(self) -> int:
        return self.happened.total() - self.could_show.total()


def exported(study: Study, *, cut: datetime) -> dict[tuple[str, int], int]:
    """(participant's number, dose number) -> CRSMAXGR of the rows with CRSFL Y, read from the export itself."""
    with connection.cursor() as cursor:
        text = b"".join(blocks_of(cursor, rows_of(Scope(study=study, sites=None), cut))).decode()
    rows = csv.DictReader(text.splitlines())
    return {(row["SUBJID"], int(row["DOSENUM"])): int(row["CRSMAXGR"]) for row in rows if row["CRSFL"] == "Y"}


def compare(stories: Mapping[str, Story], exported_grades: Mapping[tuple[str, int], int]) -> Compared:
    """`stories`: number -> story. `exported_grades`: as `exported` gives it."""
    doses, happened, could_show, in_export = (Counter[str]() for _ in range(4))
    unseen = joined = 0
    partial = Partial()
    differ = []
    for number, story in stories.items():
        visible = seen_of(story)
        partial += partial_of(story, visible)
        for place, dose in enumerate(story.engager):
            label, grade, says = dose.step.label, visible.grades.get(place), exported_grades.get((number, place + 1))
            doses[label] += 1
            happened[label] += dose.event is not None
            could_show[label] += grade is not None
            in_export[label] += says is not None
            if dose.event is not None and grade is None:
                joined += place in visible.joined
                unseen += place not in visible.joined
            if grade != says:
                differ.append(
                    f"{number} dose {place + 1} ({label}): sets show {grade or 'none'}, export {says or 'none'}"
                )
    known = {(number, place + 1) for number, story in stories.items() for place in range(len(story.engager))}
    differ += [
        f"{number} dose {dose}: only the export has it" for number, dose in sorted(exported_grades.keys() - known)
    ]
    return Compared(
        doses=doses, happened=happened, could_show=could_show, exported=in_export, unseen=unseen, joined=joined,
        partial=partial, differ=tuple(differ),
    )  # fmt: skip


def seen_of(story: Story) -> ShownGrades:
    """What the sets that were taken could show."""
    return shown(story.sets, [dose.at for dose in story.engager])


def partial_of(story: Story, visible: ShownGrades) -> Partial:
    """What the sets with a part left out hid, held against the same sets with nothing left out."""
    whole = shown(story.whole, [dose.at for dose in story.engager])
    both = whole.grades.keys() & visible.grades.keys()
    return Partial(
        sets=sum(not seen.whole for seen in story.sets),
        hid=len(whole.grades.keys() - visible.grades.keys()),
        lowered=sum(visible.grades[dose] < whole.grades[dose] for dose in both),
        left_open=len((whole.over - visible.over) & both),
    )


def raised(study: Study) -> dict[str, int]:
    """How many alerts were raised, by their condition; "": the rise of a grade or a provisional episode."""
    alerts = Alert.objects.filter(participant__study=study).values_list("condition").annotate(n=Count("pk"))
    return dict(alerts.order_by())


def lines_of(
    compared: Compared, stories: Mapping[str, Story], rates: Mapping[str, Rate], alerts: Mapping[str, int]
) -> Iterator[str]:
    """The report, a line each. `alerts`: as `raised` gives it."""
    width = max(map(len, [*compared.doses, "step"]))
    yield f"{'step':<{width}}  doses  CRS happened  sets could show  hidden  export says  rate"
    for label, count in compared.doses.items():
        happened, could = compared.happened[label], compared.could_show[label]
        yield (
            f"{label:<{width}}  {count:>5}  {happened:>12}  {could:>15}  {happened - could:>6}  "
            f"{compared.exported[label]:>11}  {rates[label].percent} % ({rates[label].source})"
        )
    doses = [dose for story in stories.values() for dose in story.doses]
    taken, missed = (sum(len(getattr(story, name)) for story in stories.values()) for name in ("sets", "missed"))
    yield (
        f"hidden         {compared.hidden}: of {compared.unseen} no set found the fever, "
        f"{compared.joined} looked like the event before"
    )
    yield f"sets           {taken} taken, {missed} missed"
    part = compared.partial
    yield (
        f"partial        {part.sets} of those taken: {part.hid} events hidden by what was left out, "
        f"{part.lowered} shown at a lower grade, {part.left_open} not shown to be over before the next dose"
    )
    yield (
        f"delays         {sum(dose.days_late > 0 for dose in doses)} doses late, "
        f"{sum(dose.restarted for dose in doses)} restarts by the table, "
        f"{sum(dose.undecided for dose in doses)} given as planned though no row says what follows such a delay"
    )
    infusions = [dose.stopped_min is not None for dose in doses if dose.infusion_min is not None]
    yield f"infusions      {sum(infusions)} of {len(infusions)} stopped early and given in part"
    yield f"drugs          {sum(len(story.drugs) for story in stories.values())} given for CRS"
    overdue = sum(alerts.get(code.value, 0) for code in OF_OBSERVATION)
    yield f"alerts         {sum(alerts.values()) - overdue} of what was seen, {overdue} of looks that did not come"
    for one in compared.differ:
        yield f"DIFFERS        {one}"
    if not compared.differ:
        yield "export         says exactly what the sets could show, by dose and by highest grade"
