"""The headings of a regimen in the reader's language. What the sources say stays as it was printed."""

import re
from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from crsmonitor.accounts.roles import Act, Role
from regimens.models import Regimen
from regimens.rules.runs import RunState

HEADINGS: dict[str, Promise] = {
    "Regimen": _("Regimen"),
    "Schedule": _("Schedule"),
    "Doses by weight": _("Doses by weight"),
    "Cohorts": _("Cohorts"),
    "Premedication": _("Premedication"),
    "Observation": _("Observation"),
    "Looks": _("Looks"),
    "Tocilizumab on site": _("Tocilizumab on site"),
    "Restart after a delay": _("Restart after a delay"),
    "Next dose by grade": _("Next dose by grade"),
    "Published figures": _("Published figures"),
    "Remarks": _("Remarks"),
    "Not found": _("Not found"),
    "Sources": _("Sources"),
    "What": _("What"),
    "As published": _("As published"),
    "Source": _("Source"),
    "Step": _("Step"),
    "Day": _("Day"),
    "Dose": _("Dose"),
    "Kind": _("Kind"),
    "Infusion": _("Infusion"),
    "Since the dose before": _("Since the dose before"),
    "Repeats": _("Repeats"),
    "Condition": _("Condition"),
    "Who": pgettext_lazy("of a plan", "Who"),
    "Cohort": _("Cohort"),
    "Doses": _("Doses"),
    "Staggering": _("Staggering"),
    "Sentinel": _("Sentinel"),
    "When": pgettext_lazy("of a plan", "When"),
    "Drug": _("Drug"),
    "Timing": _("Timing"),
    "Remark": _("Remark"),
    "Label of": _("Label of"),
    "After": _("After"),
    "Hours": _("Hours"),
    "From": pgettext_lazy("of a plan", "From"),
    "Where": _("Where"),
    "Vital signs every": _("Vital signs every"),
    "Neuro assessment every": _("Neuro assessment every"),
    "Risk window": _("Risk window"),
    "Before": _("Before"),
    "After a last dose of": _("After a last dose of"),
    "Days since": _("Days since"),
    "What follows": _("What follows"),
    "Free for": _("Free for"),
    "In hospital": _("In hospital"),
    "About": _("About"),
    "Of": _("Of"),
    "Figure": _("Figure"),
    "Denominator": _("Denominator"),
    "What the sources read do not say": _("What the sources read do not say"),
    "Key": _("Key"),
    "Address": _("Address"),
}
# What a study sets before it enrols (selectors.missing_for_enrolment).
ASKED: dict[str, Promise] = {
    "vitals_every_h": _("how often vital signs are taken"),
    "neuro_every_h": _("how often the neuro assessment is made"),
    "risk_window_h": _("the risk window"),
    "window_h": _("the hours of observation that the gate waits for"),
}
KINDS: dict[str, Promise] = {
    "pretreatment": _("pretreatment"),
    "step-up": _("step-up dose"),
    "target": _("target dose"),
}
PLACES: dict[str, Promise] = {
    "hospital": _("in hospital"),
    "near_facility": _("near the facility"),
    "outpatient": _("outpatient"),
}
STATES: dict[str, Promise] = {
    "draft": _("draft"),
    "replaced": _("draft that was replaced"),
    "in_force": _("in force"),
    "before": _("before"),
}


def state_of(version: Regimen, versions: Iterable[Regimen]) -> str:
    """draft, replaced (a draft that a newer version passed over), in_force, or before. `versions`: those beside it."""
    later = [one for one in versions if (one.study_id, one.code) == (version.study_id, version.code)
             and one.version > version.version]  # fmt: skip
    if version.approved_at is None:
        return "replaced" if later else "draft"
    return "before" if any(one.approved_at is not None for one in later) else "in_force"


ROLE_NAMES: dict[str, Promise] = {
    Role.NURSE.value: _("nurse"),
    Role.CHARGE_NURSE.value: _("charge nurse"),
    Role.INVESTIGATOR.value: _("investigator"),
    Role.DATA_MANAGER.value: _("data manager"),
    Role.SPONSOR.value: _("sponsor"),
    Role.CENTRAL.value: _("central reviewer"),
}
ACT_NAMES: dict[Act, Promise] = {
    Act.SEE_WARD: _("see participants with bed, facts and alerts"),
    Act.SEE_STUDY: _("see participants by study number"),
    Act.RECORD: _("record and correct"),
    Act.JUDGE: _("attribute, override, release a dose, sign"),
    Act.ADJUDICATE: _("keep the central ledger"),
    Act.ACKNOWLEDGE: _("answer alerts"),
    Act.RUN_WARD: _("rota, beds, devices"),
    Act.DRAFT: _("draft regimens and policies, people of the study"),
    Act.APPROVE: _("approve regimens and policies"),
    Act.EXPORT: _("take exports"),
    Act.QUERY: _("ask about records, and close queries"),
    Act.VERIFY: _("compare records with their source"),
    Act.COPY: _("make certified copies"),
    Act.DESIGN: _("draft designs and run them"),
}
RUN_STATES: dict[str, Promise] = {
    RunState.QUEUED.value: pgettext_lazy("run", "waits for its turn"),
    RunState.RUNNING.value: pgettext_lazy("run", "running"),
    RunState.DONE.value: pgettext_lazy("run", "done"),
    RunState.FAILED.value: pgettext_lazy("run", "failed"),
    RunState.CANCELLED.value: pgettext_lazy("run", "cancelled"),
}

DAY = r"c\d+d\d+"
_NAMED_STEP = re.compile(
    rf"(?<![\w-])(step-up \d+|full dose \d+|first full dose|first treatment dose|{DAY} step-up)\b", re.IGNORECASE
)


def step_text(label: str) -> str:
    """A step of a plan in the reader's language: `step-up 2`, `C1D1 step-up`. What a study calls its own stays."""
    words = _usual_words(label.lower())
    return label if words.lower() == label.lower() else words


def with_step_words(text: str) -> str:
    """A text with each step named in it in the reader's language; all else as it is."""
    return _NAMED_STEP.sub(lambda match: step_text(match[0]), text)


def steps_text(labels: Iterable[str]) -> str:
    """Several steps one after the other."""
    return pgettext("between parts of a list", ", ").join(map(step_text, labels))


def _usual_words(label: str) -> str:
    if match := re.fullmatch(r"step-up (\d+)", label):
        return pgettext("step", "step-up %(n)s") % {"n": match[1]}
    if match := re.fullmatch(r"dose (\d+)", label):
        return pgettext("step", "dose %(n)s") % {"n": match[1]}
    if match := re.fullmatch(r"full dose (\d+)", label):
        return pgettext("step", "full dose %(n)s") % {"n": match[1]}
    if match := re.fullmatch(r"every (\d+) weeks", label):
        return pgettext("step", "every %(n)s weeks") % {"n": match[1]}
    if match := re.fullmatch(rf"({DAY}) step-up", label):
        return pgettext("step", "%(day)s step-up") % {"day": match[1].upper()}
    if match := re.fullmatch(rf"({DAY}) first target", label):
        return pgettext("step", "%(day)s first target") % {"day": match[1].upper()}
    names = {
        "weekly": pgettext("step", "weekly"),
        "first treatment dose": pgettext("step", "first treatment dose"),
        "first full dose": pgettext("step", "first full dose"),
        "target": pgettext("step", "target"),
        "pretreatment": pgettext("step", "pretreatment"),
    }
    return names.get(label, label)
