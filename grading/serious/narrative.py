"""H.1 of a serious-event sheet: what happened, sentence by sentence, each with the facts that say it. Nothing else."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from grading.bedside.course_words import mind_words, set_words
from grading.models import NeuroAssessment, SeriousnessCriterion, VitalSigns
from grading.review.assessment_words import grade_word
from grading.serious.drugs import DrugRow, dose_rows, is_given, treatment_rows
from grading.serious.elements import Sentence, ids
from grading.serious.facts import EventFacts
from grading.serious.sections import shown_at
from grading.serious.words import TERMS, UNJUDGED_TERM
from grading.words.wording import listed, phrases, span, stored_reason_text
from regimens.blinding import Profile
from regimens.models.given import StayKind

RECENT_DOSES = 3  # told one by one; the table has them all


def narrative(facts: EventFacts, profile: Profile) -> list[Sentence]:
    """In order of time. `profile`: that of the reader: free text and amounts are for the ward."""
    parts: Iterable[Iterator[Sentence]] = (
        _doses(facts, profile), _onset(facts), _worst(facts), _treatments(facts), _stays(facts),
        _attributions(facts, profile), _doses_since(facts, profile), _judged(facts), _end(facts), _died(facts),
        _reported(facts),
    )  # fmt: skip
    return [sentence for part in parts for sentence in part]


def _doses(facts: EventFacts, profile: Profile) -> Iterator[Sentence]:
    rows = [row for row in dose_rows(facts, profile) if is_given(row.fact)]
    if len(rows) > RECENT_DOSES:
        yield Sentence(
            text=_("%(n)s doses of the study drug were given before the onset, the first at %(time)s.")
            % {"n": len(rows), "time": shown_at(rows[0].start, facts)},
            facts=ids(row.fact for row in rows),
        )
    for row in rows[-RECENT_DOSES:]:
        yield Sentence(
            text=_("The study drug was given at %(time)s: %(what)s.")
            % {"time": shown_at(row.start, facts), "what": _what(row)},
            facts=[row.fact.pk],
        )


def _what(row: DrugRow) -> str:
    return phrases(one for one in (row.name, row.amount_text, row.details) if one)


def _onset(facts: EventFacts) -> Iterator[Sentence]:
    if facts.onset is None:
        return
    last = next((one for one in reversed(facts.doses) if is_given(one)), None)
    after = ""
    if last is not None:
        after = _(", %(span)s after the last dose") % {"span": span(facts.onset.observed_at - last.observed_at)}
    unjudged = facts.episode.provisional and not facts.ledgers.outcome.judged
    term = UNJUDGED_TERM if unjudged else TERMS[facts.episode.kind]
    yield Sentence(
        text=_("%(term)s: first seen at %(time)s%(after)s. %(look)s.")
        % {"term": term, "time": shown_at(facts.onset.observed_at, facts), "after": after,
           "look": _look(facts.onset, facts)},
        facts=ids([facts.onset, last]),
    )  # fmt: skip


def _look(one: VitalSigns | NeuroAssessment, facts: EventFacts) -> str:
    """A set in words: what nobody looked at is said to be so."""
    grade = facts.grades.get(one.pk)
    words = set_words(one, None) if isinstance(one, VitalSigns) else mind_words(one, facts.participant)
    reasons = [] if grade is None else [stored_reason_text(reason) for reason in grade.reasons]
    first = [] if grade is None else [_graded(grade.grade, grade.at_least, grade.at_most), *reasons]
    return phrases([*first, *words])


def _graded(grade: int, least: int, most: int) -> str:
    if grade >= 0:
        return str(grade_word(grade))
    return _("grade cannot be told, %(least)s to %(most)s") % {"least": least, "most": most}


def _worst(facts: EventFacts) -> Iterator[Sentence]:
    worst = next((one for one in facts.looks if one.observed_at == facts.episode.max_at), None)
    if worst is None or worst == facts.onset:
        return
    yield Sentence(
        text=_("At its worst first at %(time)s, %(span)s after the onset. %(look)s.")
        % {"time": shown_at(worst.observed_at, facts), "span": _since(worst.observed_at, facts),
           "look": _look(worst, facts)},
        facts=[worst.pk],
    )  # fmt: skip


def _since(at: datetime, facts: EventFacts) -> str:
    return span(max(at - facts.episode.started_at, timedelta(0)))


def _treatments(facts: EventFacts) -> Iterator[Sentence]:
    for row in treatment_rows(facts):
        before = row.start < facts.episode.started_at
        sentence = _("%(span)s before the onset, at %(time)s: %(what)s.")
        if not before:
            sentence = _("%(span)s after the onset, at %(time)s: %(what)s.")
        length = span(abs(row.start - facts.episode.started_at))
        yield Sentence(
            text=sentence % {"span": length, "time": shown_at(row.start, facts), "what": _what(row)},
            facts=[row.fact.pk],
        )


def _stays(facts: EventFacts) -> Iterator[Sentence]:
    until = facts.episode.ended_at
    for stay in facts.stays:
        if stay.observed_at <= facts.episode.started_at or (until is not None and stay.observed_at >= until):
            continue
        sentence = _("From %(time)s in a bed of a ward.")
        if stay.kind == StayKind.ICU:
            sentence = _("From %(time)s in intensive care.")
        yield Sentence(text=sentence % {"time": shown_at(stay.observed_at, facts)}, facts=[stay.pk])


def _attributions(facts: EventFacts, profile: Profile) -> Iterator[Sentence]:
    """The cause is free text: for the ward alone."""
    for one in facts.attributions:
        values = {"sign": one.get_sign_display(), "time": shown_at(one.observed_at, facts), "cause": one.cause}
        sentence = _("An investigator holds another cause responsible for %(sign)s from %(time)s on.")
        if profile is Profile.OPEN:
            sentence = _("An investigator holds another cause responsible for %(sign)s from %(time)s on: %(cause)s.")
        yield Sentence(text=sentence % values, facts=[one.pk])


def _doses_since(facts: EventFacts, profile: Profile) -> Iterator[Sentence]:
    """What became of the dosing, in place of an action that no fact names."""
    for row in dose_rows(facts, profile, since=True):
        yield Sentence(
            text=_("After the onset, study drug at %(time)s: %(what)s.")
            % {"time": shown_at(row.start, facts), "what": _what(row)},
            facts=[row.fact.pk],
        )


def _judged(facts: EventFacts) -> Iterator[Sentence]:
    names = {"central": _("The central reviewer"), "investigator": _("The investigator")}
    for one in facts.ledgers.deciding:
        word = _("confirmed the grade by the rules") if one.grade is None else grade_word(one.grade)
        yield Sentence(
            text=_("%(who)s, at %(time)s: %(word)s.")
            % {"who": names[one.ledger], "time": shown_at(one.observed_at, facts), "word": word},
            facts=[one.pk],
        )


def _end(facts: EventFacts) -> Iterator[Sentence]:
    ended_at = facts.episode.ended_at
    last = next((one for one in facts.looks if one.observed_at == ended_at), None) if ended_at else None
    if last is not None:
        text = _("Observed free of it from %(time)s on.") % {"time": shown_at(last.observed_at, facts)}
        yield Sentence(text=text, facts=[last.pk])
    elif ended_at is None and facts.looks:
        newest = facts.looks[-1]
        text = _("Not over at the last look, at %(time)s.") % {"time": shown_at(newest.observed_at, facts)}
        yield Sentence(text=text, facts=[newest.pk])


def _died(facts: EventFacts) -> Iterator[Sentence]:
    for one in facts.dispositions:
        text = _("%(what)s: %(time)s.") % {"what": one.get_kind_display(), "time": shown_at(one.observed_at, facts)}
        yield Sentence(text=text, facts=[one.pk])


def _reported(facts: EventFacts) -> Iterator[Sentence]:
    """What an investigator said of it as an event, each part where it was said."""
    report = facts.report
    if report is None:
        return
    kind = facts.episode.kind.upper()
    parts: list[str] = []
    if report.serious is not None:
        criteria = listed(SeriousnessCriterion(one).label for one in report.criteria)
        serious = _("It was serious: %(criteria)s.") % {"criteria": criteria}
        parts.append(serious if report.serious else _("It was not serious."))
    if report.outcome:
        parts.append(_("Outcome: %(outcome)s.") % {"outcome": report.get_outcome_display()})
    if report.action:
        parts.append(_("Action taken with the study drug: %(action)s.") % {"action": report.get_action_display()})
    if report.next_dose_delayed is not None:
        delayed = _("The next dose was not delayed because of %(kind)s.")
        if report.next_dose_delayed:
            delayed = _("The next dose was delayed because of %(kind)s.")
        parts.append(delayed % {"kind": kind})
    yield from (Sentence(text=text, facts=[report.pk]) for text in parts)
