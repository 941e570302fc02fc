"""What is asked of a treatment before it is kept: weight, unit, dose, limits and the second person."""

from datetime import datetime

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.errors import ConfirmationNeeded, InvalidInput, Message
from grading.models import Treatment
from grading.policies.selectors import drug_rules
from grading.rules.drugs.names import TOCILIZUMAB, generic, reading
from grading.rules.grades.entry.checks import Doubt
from grading.rules.treatment import study_dose
from grading.rules.treatment.checks import SAID_ONLY, Entered, doubts, to_answer, weight_doubts
from grading.rules.treatment.drug_rules import DrugRules
from grading.rules.treatment.tocilizumab import TocilizumabDose
from grading.treatment.doubts import by_field
from grading.treatment.selectors.drug_facts import planned_dose, tocilizumab_of, weight_before, weights_of
from regimens.facts import BY_HAND
from regimens.models import Dose, DoseStatus, Measured, Measurement, Participant
from regimens.selectors import participants_for

# A correction of anything else does not ask again about a dose that is there already.
_DECIDES = ("drug", "drug_class", "dose", "unit", "indication", "observed_at", "checked_by")


CLASS_FROM_NAME = "class_from_name"


def name_decides_class(draft: Treatment) -> None:
    """The class of the drug that is named, whatever was tapped (Rulings 2); what comes of it says so.

    Of an import the class stays as it came, and whoever reads it asks `acts_as`.
    """
    if draft.source in BY_HAND and draft.acts_as != draft.drug_class:
        draft.drug_class, draft.unusual = draft.acts_as, [CLASS_FROM_NAME]


def check_treatment(draft: Treatment, participant: Participant, *, by: User, at: datetime) -> list[str]:
    """What is unusual about it, confirmed by a second typing and a reason. Empty: nothing.

    Raises InvalidInput and ConfirmationNeeded. Of an import or a simulation nobody is there to ask.
    """
    if draft.source not in BY_HAND:
        return []
    if draft.ordered_at is not None and draft.ordered_at > draft.observed_at:
        raise InvalidInput.at("ordered_at", "ordered_after_start")
    earlier = draft.supersedes
    if isinstance(earlier, Treatment) and all(getattr(earlier, name) == getattr(draft, name) for name in _DECIDES):
        return list(earlier.unusual)
    from_name = [one for one in draft.unusual if one == CLASS_FROM_NAME]
    if draft.needs_second_person:
        check_second_person(draft.checked_by, participant, by=by)
    return from_name + _confirmed(doubts_of(draft, drug_rules(participant.study, at=at)), draft)


_OF_A_DOSE = ("step_id", "status", "amount", "unit", "observed_at")


def check_dose(draft: Dose, participant: Participant) -> list[str]:
    """As check_treatment, of a dose of the study drug: against the plan, for the weight and the cohort."""
    if draft.source not in BY_HAND or not draft.amount:  # a dose given has one: the table says so
        return []
    earlier = draft.supersedes
    if isinstance(earlier, Dose) and all(getattr(earlier, name) == getattr(draft, name) for name in _OF_A_DOSE):
        return list(earlier.unusual)
    planned = planned_dose(participant, draft.step, at=draft.observed_at)
    doubts = study_dose.doubts(draft.amount, draft.unit, planned=planned, in_full=draft.status == DoseStatus.GIVEN)
    return _confirmed(doubts, draft)


def _confirmed(doubts: list[Doubt], draft: Treatment | Dose | Measurement) -> list[str]:
    """The codes of what is unusual, once each field was typed again and a reason given; raises until then."""
    is_weight = isinstance(draft, Measurement)
    if refused := [doubt for doubt in doubts if doubt.refuses]:
        raise InvalidInput("cannot_be_weight" if is_weight else "cannot_be_dose", fields=by_field(refused))
    retyped, because = draft.retyped, draft.because.strip()
    if to_answer(doubts, retyped=retyped, because=because):
        untyped = [one for one in doubts if one.field not in retyped and not (because and one.code in SAID_ONLY)]
        fields = by_field(untyped)
        if not because:
            fields["because"] = [Message("say_why_so" if is_weight else "say_why_given")]
        raise ConfirmationNeeded("weight_unusual" if is_weight else "dose_unusual", fields=fields)
    return sorted({doubt.code for doubt in doubts})


_OF_A_WEIGHT = ("kind", "value", "observed_at")


def check_weight(draft: Measurement) -> list[str]:
    """As check_treatment, of a weight: every dose for the weight would be wrong with a wrong one."""
    if draft.kind != Measured.WEIGHT or draft.value is None or draft.source not in BY_HAND:
        return []
    earlier = draft.supersedes
    if isinstance(earlier, Measurement) and all(
        getattr(earlier, name) == getattr(draft, name) for name in _OF_A_WEIGHT
    ):
        return list(earlier.unusual)
    others = [one for one in weights_of(draft.participant_id) if one.root != draft.root]
    before = [one for one in others if one.observed_at <= draft.observed_at]
    nearest = before[-1:] or others[:1]  # of a late entry before all others the first of them
    return _confirmed(weight_doubts(draft.value, before=nearest[0].value if nearest else None), draft)


def doubts_of(draft: Treatment, rules: DrugRules | None) -> list[Doubt]:
    """Everything to be said about a treatment that is not kept yet."""
    drug = generic(draft.drug)
    given = TocilizumabDose(at=draft.observed_at, indication=draft.indication)
    unit = draft.unit.strip().casefold()
    entered = Entered(
        given=given, drug=drug, typed=reading(draft.drug), drug_class=draft.drug_class, dose=draft.dose, unit=unit
    )
    is_tocilizumab = drug == TOCILIZUMAB
    others: list[TocilizumabDose] = []
    weight = weight_before(draft.participant_id, draft.observed_at)
    if is_tocilizumab:
        others = [
            TocilizumabDose(at=one.observed_at, indication=one.indication)
            for one in tocilizumab_of(draft.participant_id)
            if one.root != draft.root
        ]
    return doubts(entered, weight_kg=weight, others=others, rules=rules)


def check_second_person(name: str, participant: Participant, *, by: User) -> None:
    """Raises InvalidInput unless this is the sign-in name of somebody else who may record at the site."""
    name = name.strip()
    if not name:
        why = "second_person_needed"
    elif name == by.get_username():
        why = "second_person_is_self"
    elif not _may_check(name, participant):
        why = "second_person_unknown"
    else:
        return
    raise InvalidInput.at("checked_by", why)


def _may_check(name: str, participant: Participant) -> bool:
    person = User.objects.filter(username=name, is_active=True).first()
    return person is not None and participants_for(person, Act.RECORD).filter(pk=participant.pk).exists()
