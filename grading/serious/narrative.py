"""H.1 of a serious-event sheet: what happened, sentence by sentence, each with the facts that say it. Nothing else."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from grading.models import SeriousnessCriterion, Treatment
from grading.review.assessment_words import grade_word
from grading.serious.course_sentences import (
    Timed,
    changes_since,
    limits,
    look_text,
    meanwhile,
    rises,
    since_onset,
    who,
)
from grading.serious.drugs import DrugRow, dose_rows, is_given, treatment_rows
from grading.serious.elements import Sentence, ids
from grading.serious.facts import EventFacts
from grading.serious.sections import shown_at
from grading.serious.words import TERMS, UNJUDGED_TERM
from grading.words.drug_names import drug_name
from grading.words.wording import listed, phrases, span
from regimens.blinding import Profile
from regimens.models.given import StayKind

RECENT_DOSES = 3  # told one by one; the table has them all


def narrative(facts: EventFacts, profile: Profile) -> list[Sentence]:
    """Who, the doses before, the course in order of time, what people say of it, and how it came out.

    `profile`: that of the reader: free text and amounts are for the ward.
    """
    course: Iterable[Iterator[Timed]] = (
        _onset(facts), rises(facts), _worst(facts), _treatments(facts), _stays(facts), _attributions(facts, profile),
        meanwhile(facts), changes_since(facts), _doses_since(facts, profile),
    )  # fmt: skip
    in_time = sorted((one for part in course for one in part), key=lambda timed: timed[0])
    after: Iterable[Iterator[Sentence]] = (
        _judged(facts), _end(facts), _died(facts), limits(facts), _reported(facts),
    )  # fmt: skip
    afterwards = [sentence for part in after for sentence in part]
    return [*who(facts), *_doses(facts, profile), *(sentence for _at, sentence in in_time), *afterwards]


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
            % {"time": shown_at(row.start, facts), "what": _what(row, facts)},
            facts=[row.fact.pk],
        )


def _what(row: DrugRow, facts: EventFacts) -> str:
    until = "" if row.end is None else _("until %(time)s") % {"time": shown_at(row.end, facts)}
    return phrases(one for one in (row.name, row.amount_text, row.details, until) if one)


def _onset(facts: EventFacts) -> Iterator[Timed]:
    if facts.onset is None:
        return
    last = next((one for one in reversed(facts.doses) if is_given(one)), None)
    after = ""
    if last is not None:
        after = _(", %(span)s after the last dose") % {"span": span(facts.onset.observed_at - last.observed_at)}
    unjudged = facts.episode.provisional and not facts.ledgers.outcome.judged
    term = UNJUDGED_TERM if unjudged else TERMS[facts.episode.kind]
    yield facts.onset.observed_at, Sentence(
        text=_("%(term)s: first seen at %(time)s%(after)s. %(look)s.")
        % {"term": term, "time": shown_at(facts.onset.observed_at, facts), "after": after,
           "look": look_text(facts.onset, facts)},
        facts=ids([facts.onset, last]),
    )  # fmt: skip


def _worst(facts: EventFacts) -> Iterator[Timed]:
    """By a look, or by a treatment that was begun: a vasopressor counts from its start."""
    worst = facts.worst
    if worst is None or worst == facts.onset:
        return
    values = {"time": shown_at(worst.observed_at, facts), "span": since_onset(worst.observed_at, facts)}
    if isinstance(worst, Treatment):
        text = _("At its worst first at %(time)s, %(span)s after the onset, when %(drug)s was begun: %(grade)s.")
        text %= values | {"drug": drug_name(worst.drug), "grade": grade_word(facts.episode.max_grade)}
    else:
        text = _("At its worst first at %(time)s, %(span)s after the onset. %(look)s.")
        text %= values | {"look": look_text(worst, facts)}
    yield worst.observed_at, Sentence(text=text, facts=[worst.pk])


def _treatments(facts: EventFacts) -> Iterator[Timed]:
    for row in treatment_rows(facts):
        before = row.start < facts.episode.started_at
        sentence = _("%(span)s before the onset, at %(time)s: %(what)s.")
        if not before:
            sentence = _("%(span)s after the onset, at %(time)s: %(what)s.")
        length = span(abs(row.start - facts.episode.started_at))
        yield (
            row.start,
            Sentence(
                text=sentence % {"span": length, "time": shown_at(row.start, facts), "what": _what(row, facts)},
                facts=[row.fact.pk],
            ),
        )


def _stays(facts: EventFacts) -> Iterator[Timed]:
    until = facts.episode.ended_at
    for stay in facts.stays:
        if stay.observed_at <= facts.episode.started_at or (until is not None and stay.observed_at >= until):
            continue
        sentence = _("From %(time)s in a bed of a ward.")
        if stay.kind == StayKind.ICU:
            sentence = _("From %(time)s in intensive care.")
        text = sentence % {"time": shown_at(stay.observed_at, facts)}
        yield stay.observed_at, Sentence(text=text, facts=[stay.pk])


def _attributions(facts: EventFacts, profile: Profile) -> Iterator[Timed]:
    """The cause is free text: for the ward alone."""
    for one in facts.attributions:
        values = {"sign": one.get_sign_display(), "time": shown_at(one.observed_at, facts), "cause": one.cause}
        sentence = _("An investigator holds another cause responsible for %(sign)s from %(time)s on.")
        if profile is Profile.OPEN:
            sentence = _("An investigator holds another cause responsible for %(sign)s from %(time)s on: %(cause)s.")
        yield one.observed_at, Sentence(text=sentence % values, facts=[one.pk])


def _doses_since(facts: EventFacts, profile: Profile) -> Iterator[Timed]:
    """What became of the dosing, in place of an action that no fact names."""
    for row in dose_rows(facts, profile, since=True):
        yield (
            row.start,
            Sentence(
                text=_("After the onset, study drug at %(time)s: %(what)s.")
                % {"time": shown_at(row.start, facts), "what": _what(row, facts)},
                facts=[row.fact.pk],
            ),
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
        values = {"time": shown_at(last.observed_at, facts), "span": since_onset(last.observed_at, facts)}
        text = _("Observed free of it from %(time)s on, %(span)s after the onset.") % values
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
