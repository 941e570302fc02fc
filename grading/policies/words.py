"""A threshold policy in words: each rule as what it is about and what it says. Codes come in, sentences go out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grading.alerting.alert_words import KINDS, asked_text, condition_name
from grading.models import AlertPolicy
from grading.models.observations import DrugClass
from grading.rules.alerting.policy.diff import PolicyChange, Rule, rules_of, stated
from grading.rules.alerting.policy.thresholds import ConditionCode
from grading.rules.treatment.drug_rules import read_drugs
from grading.treatment.drug_words import refractory_text, step_text
from grading.words.wording import listed

SECTIONS: dict[str, Any] = {
    "thresholds": _l("When somebody is told"),
    "drugs.tocilizumab": _l("Tocilizumab: dose and limits"),
    "drugs.steroid_ladder": _l("Corticosteroids by grade"),
    "drugs.refractory": _l("When it does not get better"),
    "drugs.masking": _l("How long a drug can hide a fever"),
}
# In the order in which they are read; the last word of each is its unit.
TOCILIZUMAB: dict[str, tuple[Any, str]] = {
    "mg_per_kg": (_l("dose"), "mg/kg"),
    "cap_mg": (_l("at most in one dose"), "mg"),
    "low_weight_below_kg": (_l("another dose below"), "kg"),
    "low_weight_mg_per_kg": (_l("dose below that weight"), "mg/kg"),
    "interval_h": (_l("at least between two doses"), "h"),
    "per_24_h": (_l("doses in 24 h at most"), ""),
    "in_all": (_l("doses in all at most"), ""),
    "prophylaxis_counts": (_l("a prophylactic dose counts"), ""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleText:
    """One rule for people. `source` empty: the policy names none."""

    what: str
    number: str
    source: str

    def __str__(self) -> str:
        return f"{self.what}: {self.number}" if self.number else self.what


def rule_text(rule: Rule) -> RuleText:
    """A rule of a section or a code that is not known here is told by its names as they are."""
    what = _of_kind(rule, _coded(str(rule.named["code"])) if "code" in rule.named else rule.name)
    number = _numbers(rule.values)
    if rule.section == "drugs.tocilizumab" and rule.name in TOCILIZUMAB:
        what, unit = TOCILIZUMAB[rule.name]
        number = f"{value_text(rule.values.get('value'))} {unit}".strip() if _known(rule) else value_text(None)
    elif rule.section == "drugs.steroid_ladder":
        what, number = _step(rule)
    elif rule.section == "drugs.refractory":
        what, number = _refractory(rule)
    elif rule.section == "drugs.masking":
        what = _drug_or_class(str(rule.named.get("code", "")))
    return RuleText(what=str(what), number=number, source=rule.source)


def _coded(code: str) -> str:
    """A grade threshold is what it asks; a condition is what holds, then what it asks."""
    text = asked_text(code)
    return f"{condition_name(code)}. {text}" if code in {one.value for one in ConditionCode} else text


def _known(rule: Rule) -> bool:
    return rule.values.get("value") is not None


def _of_kind(rule: Rule, what: str) -> str:
    if "kind" not in rule.named:
        return what
    kind = KINDS.get(str(rule.named["kind"]), str(rule.named["kind"]))
    if "grade" in rule.named:
        kind = _("%(kind)s grade %(grade)s") % {"kind": kind, "grade": rule.named["grade"]}
    return f"{kind} · {what}" if "code" in rule.named else kind


def _numbers(values: Mapping[str, object]) -> str:
    return listed(_number(name, value) for name, value in stated(values).items())


def _number(name: str, value: object) -> str:
    if name == "value" or value is None:
        return value_text(value)
    units = {
        "from_grade": _("from grade %(n)s"),
        "hours": _("%(n)s h"),
        "minutes": _("%(n)s min"),
        "points": _("%(n)s points"),
    }
    return units.get(name, f"{name.replace('_', ' ')} %(n)s") % {"n": value_text(value)}


def value_text(value: object) -> str:
    if value is None:
        return _("not known: nothing is computed")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


def _step(rule: Rule) -> tuple[str, str]:
    drugs = read_drugs({"steroid_ladder": [dict(rule.named) | dict(rule.values) | {"source": rule.source}]})
    assert drugs is not None
    return _of_kind(rule, ""), step_text(drugs.ladder[0])


def _refractory(rule: Rule) -> tuple[str, str]:
    drugs = read_drugs({"refractory": [dict(rule.named) | dict(rule.values) | {"source": rule.source}]})
    assert drugs is not None
    return KINDS[drugs.refractory[0].kind], refractory_text(drugs.refractory[0])


def _drug_or_class(code: str) -> str:
    """Drug names stay English; classes are said in the reader's language."""
    return str(DrugClass(code).label) if code in DrugClass.values else code


def section_name(section: str) -> str:
    return str(SECTIONS.get(section, section.replace("_", " ").replace(".", ": ")))


def tables_of(policy: AlertPolicy) -> list[tuple[str, list[RuleText]]]:
    """The whole version: each section with its rules, who is told first."""
    by_section: dict[str, list[Rule]] = {}
    for rule in rules_of(policy.data):
        by_section.setdefault(rule.section, []).append(rule)
    return [
        (section_name(section), [rule_text(rule) for rule in sorted(by_section[section], key=_place)])
        for section in sorted(by_section, key=lambda name: (name.startswith("drugs"), _place_of(name), name))
    ]


def _place_of(section: str) -> int:
    return list(SECTIONS).index(section) if section in SECTIONS else len(SECTIONS)


def _place(rule: Rule) -> int:
    """JSON columns give back an object's names in no order that a person would choose."""
    return list(TOCILIZUMAB).index(rule.name) if rule.name in TOCILIZUMAB else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeText:
    """`was` None: it is new; `becomes` None: it is gone."""

    section: str
    what: str
    was: RuleText | None
    becomes: RuleText | None

    @property
    def word(self) -> str:
        return _("new") if self.was is None else _("gone") if self.becomes is None else _("changed")

    @property
    def source_differs(self) -> bool:
        return self.was is None or self.becomes is None or self.was.source != self.becomes.source


def change_text(change: PolicyChange) -> ChangeText:
    was, becomes = (rule_text(rule) if rule is not None else None for rule in (change.was, change.becomes))
    rule, text = (change.becomes, becomes) if becomes is not None else (change.was, was)
    assert rule is not None
    assert text is not None
    return ChangeText(section=section_name(rule.section), what=text.what, was=was, becomes=becomes)
