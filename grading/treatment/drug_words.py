"""The drug ledgers in words: codes come in, sentences go out."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grading.models.observations import DrugClass, Treatment
from grading.rules.treatment.clock import Stage
from grading.rules.treatment.premedication import PremedicationVerdict
from grading.rules.treatment.refractory import RefractoryCode, RefractoryRule
from grading.rules.treatment.steroids import Bucket, SteroidStep
from grading.rules.treatment.tocilizumab import NoDose
from grading.words.drug_names import drug_name
from grading.words.wording import as_typed, listed, phrases
from regimens.models import Site
from regimens.rules.wall_time import clock_text, day_text, on_wall

# What was unusual about a dose that is kept.
UNUSUAL: dict[str, Any] = {
    "class_from_name": _l("class by its name, not as entered"),
    "dose_not_known": _l("no dose known for this weight"),
    "above_cap": _l("above the most for one dose"),
    "other_dose": _l("another dose than for the weight"),
    "too_early": _l("too early"),
    "too_many_in_24_h": _l("beyond the doses in 24 h"),
    "too_many_in_all": _l("beyond the doses in all"),
    "far_from_plan": _l("far off the planned dose"),
    "drug_meant": _l("a name that is not known"),
    "drug_not_known": _l("a name that is not known"),
    "drug_of_other_kind": _l("another kind of drug"),
    "steroid_dose_missing": _l("dose not recorded"),
    "steroid_unweighed": _l("per kilogram without a weight"),
    "tenfold": _l("ten or a hundred times a dose of the policy"),
    "above_equivalent": _l("far above the policy's doses"),
    "no_cohort": _l("no cohort, planned dose not known"),
    "above_ladder": _l("far above the policy's doses"),
}
BUCKETS: dict[str, Any] = {
    Bucket.CRS: _l("CRS"),
    Bucket.ICANS: _l("ICANS"),
    Bucket.PREMEDICATION: _l("premedication"),
    Bucket.OTHER: _l("other"),
}
STAGES: dict[str, Any] = {
    Stage.CROSSED: _l("Threshold crossed"),
    Stage.ENTERED: _l("Entered"),
    Stage.PAGED: _l("Paged"),
    Stage.ANSWERED: _l("Answered"),
    Stage.ORDERED: _l("Ordered"),
    Stage.STARTED: _l("Started"),
}
ASKED: dict[str, Any] = {"tocilizumab": _l("Tocilizumab"), "corticosteroid": _l("Corticosteroid")}
VERDICTS: dict[PremedicationVerdict, Any] = {
    PremedicationVerdict.IN_TIME: _l("given, in the printed time"),
    PremedicationVerdict.OUTSIDE: _l("given outside the printed time"),
    PremedicationVerdict.ON_FILE: _l("given; no limits of time to hold it to"),
    PremedicationVerdict.NOT_ON_FILE: _l("not on file"),
    PremedicationVerdict.NOT_JUDGED: _l("not judged: compare it yourself"),
}
NO_DOSE: dict[str, Any] = {
    NoDose.NO_WEIGHT: _l("No weight on record: weight first."),
    NoDose.LOW_WEIGHT: _l("Not known for this weight: ask."),
}


def kind_text(treatment: Treatment) -> str:
    """The class under which it was entered and, where the drug is of another, the one that counts."""
    entered = str(treatment.get_drug_class_display())
    if treatment.acts_as == treatment.drug_class:
        return entered
    return _("%(entered)s, counted as %(acts)s") % {"entered": entered, "acts": DrugClass(treatment.acts_as).label}


def unusual_text(codes: list[str]) -> str:
    return listed(UNUSUAL.get(code, code) for code in codes)


def step_text(step: SteroidStep) -> str:
    """`dexamethasone 10 mg every 6 h, until grade 1 or less`."""
    text = f"{drug_name(step.drug)} {as_typed(step.dose)} {step.unit}"
    if step.every_h is None:
        text = _("%(dose)s once") % {"dose": text}
    elif step.every_at_most_h is None:
        text = _("%(dose)s every %(hours)s h") % {"dose": text, "hours": as_typed(step.every_h)}
    else:
        hours = f"{as_typed(step.every_h)}-{as_typed(step.every_at_most_h)}"
        text = _("%(dose)s every %(hours)s h") % {"dose": text, "hours": hours}
    if step.days is not None:
        text = _("%(dose)s, for %(days)s days") % {"dose": text, "days": step.days}
    if step.until_grade is not None:
        text = _("%(dose)s, until grade %(grade)s or less") % {"dose": text, "grade": step.until_grade}
    return text


def refractory_text(rule: RefractoryRule) -> str:
    if rule.code is RefractoryCode.MANAGE_AS_NEXT_GRADE:
        assert rule.hours is not None
        return _("No better %(hours)s h after tocilizumab: manage as the next grade") % {"hours": as_typed(rule.hours)}
    if rule.at_latest_after is None:
        return _("No better after %(doses)s dose(s) of tocilizumab: a corticosteroid") % {"doses": rule.after_doses}
    return _("No better after %(doses)s dose(s) of tocilizumab: a corticosteroid, at the latest after %(most)s") % {
        "doses": rule.after_doses, "most": rule.at_latest_after,
    }  # fmt: skip


DAY_BY_NAME = timedelta(days=6)  # a weekday within them is no other


def running_by_class(treatments: Iterable[Treatment], site: Site, *, at: datetime) -> dict[str, str]:
    """By class: what the record of treatments has running, each with its start in the zone of the site."""
    zone, lines = ZoneInfo(site.time_zone), defaultdict(list)
    for one in treatments:
        dose = "" if one.dose is None else f"{as_typed(one.dose)} {one.unit}"
        device = one.route if one.acts_as == DrugClass.OXYGEN else ""  # of another drug it is a code
        what = " ".join(filter(None, (one.drug, dose, device)))  # one name: it stands in the legend of an entry form
        line = _("%(what)s, since %(time)s") % {"what": what, "time": _since(one.observed_at, zone, at)}
        lines[one.acts_as].append(line)
    return {drug_class: phrases(texts) for drug_class, texts in lines.items()}


def _since(start: datetime, zone: ZoneInfo, at: datetime) -> str:
    """`Tue 03:10`; with the date where the weekday alone does not tell the day."""
    if at - start > DAY_BY_NAME:
        return day_text(start, zone)
    return f"{date_format(on_wall(start, zone), 'D')} {clock_text(start, zone)}"
