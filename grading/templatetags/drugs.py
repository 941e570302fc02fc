"""Words of the drug ledgers for templates."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _

from grading.models.observations import DrugClass, Treatment
from grading.rules.treatment.premedication import PremedicationVerdict
from grading.treatment import drug_words
from grading.words import drug_names
from grading.words.wording import as_typed

register = template.Library()


@register.filter
def drug_name(drug: str) -> str:
    return drug_names.drug_name(drug)


@register.filter
def bucket_word(code: str) -> str:
    return str(drug_words.BUCKETS[code])


@register.filter
def stage_word(code: str) -> str:
    return str(drug_words.STAGES[code])


@register.filter
def asked_word(code: str) -> str:
    return str(drug_words.ASKED[code])


@register.filter
def class_word(code: str) -> str:
    return str(DrugClass(code).label)


@register.filter
def verdict_word(code: PremedicationVerdict) -> str:
    return str(drug_words.VERDICTS[code])


@register.filter
def kind_words(treatment: Treatment) -> str:
    return drug_words.kind_text(treatment)


@register.filter
def unusual_words(codes: list[str]) -> str:
    return drug_words.unusual_text(codes)


@register.filter
def ladder_step(step: Any) -> str:
    return drug_words.step_text(step)


@register.filter
def advice(rule: Any) -> str:
    return drug_words.refractory_text(rule)


@register.filter
def mg(value: Decimal | None) -> str:
    """`15 mg`; "not known" where it could not be converted."""
    return _("not known") if value is None else f"{as_typed(value)} mg"


@register.filter
def dose_words(expected: Any) -> str:
    """The dose for the weight, or why there is none."""
    if expected.mg is None:
        return str(drug_words.NO_DOSE[expected.why])
    text = f"{as_typed(expected.mg)} mg"
    return _("%(dose)s (the most for one dose)") % {"dose": text} if expected.capped else text


@register.filter
def minutes(value: int | None) -> str:
    return "–" if value is None else _("%(minutes)s min") % {"minutes": value}
