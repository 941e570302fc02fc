"""Sentences of a narrative: whom it is about, how the grade went, what else there was, whether it limits the dose.

As ICH E3 (12.3.2) asks of a narrative. What it asks and no fact says, the first sentence names.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from grading.bedside.course_words import mind_words, set_words
from grading.models import Grade, NeuroAssessment, VitalSigns
from grading.review.assessment_words import grade_word
from grading.serious.elements import Sentence, ids
from grading.serious.facts import EventFacts
from grading.serious.sections import shown_at
from grading.serious.words import TERMS
from grading.words.limiting import limiting_text
from grading.words.wording import as_typed, phrases, span, stored_reason_text

Timed = tuple[datetime, Sentence]


def who(facts: EventFacts) -> Iterator[Sentence]:
    weight, values = facts.weight, {"number": facts.participant.number}
    text = _("Participant %(number)s.") % values
    if weight is not None and weight.value is not None:
        text = _("Participant %(number)s, weight %(kg)s kg.") % (values | {"kg": as_typed(weight.value)})
    yield Sentence(text=text, facts=ids([weight]) or [facts.episode.root])
    absent = _("Age, sex, medical history and an opinion on causality are not kept here: the investigator adds them.")
    yield Sentence(text=absent, facts=[facts.episode.root])


def since_onset(at: datetime, facts: EventFacts) -> str:
    return span(max(at - facts.episode.started_at, timedelta(0)))


def look_text(one: VitalSigns | NeuroAssessment, facts: EventFacts) -> str:
    """A set in words: what nobody looked at is said to be so, and what a reason says is not said again."""
    grade = facts.grades.get(one.pk)
    words = set_words(one, None) if isinstance(one, VitalSigns) else mind_words(one, facts.participant)
    reasons = [] if grade is None else [stored_reason_text(reason) for reason in grade.reasons]
    first = [] if grade is None else [_graded(grade.grade, grade.at_least, grade.at_most), *reasons]
    return phrases([*first, *(word for word in words if not any(word in reason for reason in reasons))])


def _graded(grade: int, least: int, most: int) -> str:
    if grade >= 0:
        return str(grade_word(grade))
    return _("grade cannot be told, %(least)s to %(most)s") % {"least": least, "most": most}


def _grades(facts: EventFacts) -> Iterator[tuple[VitalSigns | NeuroAssessment, Grade]]:
    """Of the looks whose grade is certain, in order of time. A provisional episode has none that is its own."""
    for one in () if facts.episode.provisional else facts.looks:
        grade = facts.grades.get(one.pk)
        if grade is not None and grade.grade >= 0:
            yield one, grade


def rises(facts: EventFacts) -> Iterator[Timed]:
    """Each higher grade between the onset and the worst."""
    highest = None
    for one, grade in _grades(facts):
        if one.observed_at >= facts.episode.max_at:
            return
        if highest is not None and grade.grade > highest:
            text = _("Higher first at %(time)s, %(span)s after the onset. %(look)s.") % {
                "time": shown_at(one.observed_at, facts), "span": since_onset(one.observed_at, facts),
                "look": look_text(one, facts),
            }  # fmt: skip
            yield one.observed_at, Sentence(text=text, facts=[one.pk])
        highest = max(grade.grade, -1 if highest is None else highest)


def changes_since(facts: EventFacts) -> Iterator[Timed]:
    """Each other grade after the worst, but the last one: how it ended is a sentence of its own."""
    last = facts.episode.max_grade
    for one, grade in _grades(facts):
        if one.observed_at <= facts.episode.max_at or one.observed_at == facts.episode.ended_at:
            continue
        if grade.grade != last:
            text = _("%(grade)s from %(time)s on.") % {
                "grade": grade_word(grade.grade), "time": shown_at(one.observed_at, facts),
            }  # fmt: skip
            yield one.observed_at, Sentence(text=text, facts=[one.pk])
        last = grade.grade


def meanwhile(facts: EventFacts) -> Iterator[Timed]:
    """CRS during ICANS, and ICANS during CRS."""
    for one in facts.meanwhile:
        values = {
            "term": TERMS[one.kind], "time": shown_at(one.started_at, facts), "grade": grade_word(one.final_grade),
            "end": shown_at(one.ended_at, facts),
        }  # fmt: skip
        text = _("%(term)s meanwhile: first seen at %(time)s, final: %(grade)s, not over.") % values
        if one.ended_at is not None:
            text = _("%(term)s meanwhile: first seen at %(time)s, final: %(grade)s, over at %(end)s.") % values
        yield one.started_at, Sentence(text=text, facts=[one.root])


def limits(facts: EventFacts) -> Iterator[Sentence]:
    """Dose-limiting or not, by the rule that the study wrote."""
    text = _("By the rule of the study (%(rule)s) it was not dose-limiting.")
    if facts.limits is None:
        text = _("Whether it was dose-limiting cannot be told (%(rule)s).")
    elif facts.limits:
        text = _("By the rule of the study (%(rule)s) it was dose-limiting.")
    resting_on = ids([facts.worst]) or [facts.episode.root]
    yield Sentence(text=text % {"rule": limiting_text(facts.participant.study, facts.episode.kind)}, facts=resting_on)
