"""The elements of a serious-event sheet by the sections of E2B(R3): C the report, D the participant, E the event."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from grading.rules.course.periods.seriousness import Criterion, outcome, seriousness
from grading.rules.grades.graded import CRITERIA
from grading.serious.elements import SheetElement, ids, instant_of
from grading.serious.facts import DEATHS, EventFacts
from grading.serious.words import (
    BASES,
    CRITERIA_NAMES,
    CRITERION_CODES,
    FOR_INVESTIGATOR,
    FOR_SPONSOR,
    OUTCOME_CODES,
    OUTCOMES,
    SAID_BY_INVESTIGATOR,
    TERMS,
    UNJUDGED_TERM,
)
from grading.words.wording import as_typed, listed, span
from regimens.rules.wall_time import day_text, offset_of
from regimens.wording import ROLE_NAMES

HEALTH_PROFESSIONAL = "3"  # C.2.r.4; whether an investigator is a physician (1) no fact says
NURSES = {"nurse", "charge_nurse"}


def shown_at(at: datetime | None, facts: EventFacts) -> str:
    """`2026-03-03 03:10 +08:00`, at the place of the onset."""
    return "" if at is None else f"{day_text(at, facts.zone)} {offset_of(at, facts.zone)}"


def report(facts: EventFacts, *, key: str) -> list[SheetElement]:
    """C: the report and who reported. `key`: our own identifier of the sheet."""
    study, onset = facts.participant.study, facts.onset
    first, newest = (None if onset is None else onset.recorded_at), facts.newest_at
    roles = set(facts.reporter_roles)
    return [
        SheetElement(number="C.1.1", name=_("Identifier of the sheet"), value=key),
        SheetElement(number="C.1.3", name=_("Type of report"), value="2", text=_("report from study")),
        SheetElement(number="C.1.4", name=_("First recorded"), value=instant_of(first, facts.zone),
                text=shown_at(first, facts), facts=ids([onset])),
        SheetElement(number="C.1.5", name=_("Newest information"), value=instant_of(newest, facts.zone),
                text=shown_at(newest, facts)),
        SheetElement(number="C.1.7", name=_("Meets criteria for an expedited report"), why=str(FOR_SPONSOR)),
        SheetElement(number="C.2.r.4", name=_("Qualification of the reporter"),
                value=HEALTH_PROFESSIONAL if roles and roles <= NURSES else None,
                text=_("other health professional"), facts=ids([onset])),
        SheetElement(number="", name=_("Role of the reporter in the study"), value=", ".join(sorted(roles)) or None,
                text=listed(ROLE_NAMES[role] for role in sorted(roles)), facts=ids([onset])),
        SheetElement(number="C.5.2", name=_("Study"), value=study.title),
        SheetElement(number="C.5.3", name=_("Sponsor's study number"), value=study.code),
        SheetElement(number="C.5.4", name=_("Type of study"), value="1", text=_("clinical trial")),
    ]  # fmt: skip


def participant(facts: EventFacts) -> list[SheetElement]:
    """D: nothing of a person is kept here but the study number and a weight."""
    weight, deaths = facts.weight, [one for one in facts.dispositions if one.kind.startswith("death")]
    kilograms = None if weight is None or weight.value is None else as_typed(weight.value)
    died_at = deaths[-1].observed_at if deaths else None
    return [
        SheetElement(number="D.1.1.4", name=_("Participant"), value=facts.usubjid),
        SheetElement(number="D.2.2", name=_("Age at the onset"), why=_("not kept by this program")),
        SheetElement(number="D.3", name=_("Weight, kg"), value=kilograms, facts=ids([weight])),
        SheetElement(number="D.5", name=_("Sex"), why=_("not kept by this program")),
        SheetElement(number="D.7.2", name=_("Medical history"), why=_("not kept by this program")),
        SheetElement(number="D.9.1", name=_("Date of death"), value=instant_of(died_at, facts.zone),
                text=shown_at(died_at, facts), facts=ids(deaths[-1:])),
    ]  # fmt: skip


def event(facts: EventFacts) -> list[SheetElement]:
    """E: what happened, from when to when, how serious, how it came out."""
    episode, country = facts.episode, facts.participant.site.country
    term = str(UNJUDGED_TERM if _is_unjudged(facts) else TERMS[episode.kind])
    onset, end = ids([facts.onset]) or [episode.root], _end(facts)
    length = None if episode.ended_at is None else episode.ended_at - episode.started_at
    hours = None if length is None else f"{length.total_seconds() / 3600:.2f}"
    return [
        SheetElement(number="E.i.1.1a", name=_("Event as reported"), value=term, facts=onset),
        SheetElement(number="E.i.1.1b", name=_("Language of the term"), value=get_language()),
        SheetElement(number="E.i.2.1b", name=_("MedDRA code"), why=_("no dictionary here: the sponsor codes it")),
        SheetElement(number="E.i.3.1", name=_("Highlighted by the reporter"), why=str(FOR_INVESTIGATOR)),
        *_criteria(facts, onset),
        SheetElement(number="E.i.4", name=_("Start"), value=instant_of(episode.started_at, facts.zone),
                text=shown_at(episode.started_at, facts), why=_("the first set that shows it"), facts=onset),
        SheetElement(number="E.i.5", name=_("End"), value=instant_of(episode.ended_at, facts.zone),
                text=shown_at(episode.ended_at, facts), facts=end,
                why=_("the first set of the time observed free of it") if end else ""),
        SheetElement(number="E.i.6a", name=_("Duration"), value=hours, text="" if length is None else span(length)),
        SheetElement(number="E.i.6b", name=_("Unit of the duration"), value=None if hours is None else "h"),
        _outcome(facts, end),
        SheetElement(number="E.i.8", name=_("Confirmed by a health professional"), why=str(FOR_INVESTIGATOR)),
        SheetElement(number="E.i.9", name=_("Country"), value=country, text=_("%(code)s (ISO 3166 alpha-3)")
                % {"code": country}),
        *_grades(facts),
    ]  # fmt: skip


def _is_unjudged(facts: EventFacts) -> bool:
    return bool(facts.episode.provisional) and not facts.ledgers.outcome.judged


def _end(facts: EventFacts) -> list[UUID]:
    return [one.pk for one in facts.looks if one.observed_at == facts.episode.ended_at]


def _outcome(facts: EventFacts, end: Sequence[UUID]) -> SheetElement:
    """The investigator's word where there is one, else what was observed."""
    name, report = _("Outcome at the last observation"), facts.report
    if report is not None and report.outcome:
        return SheetElement(
            number="E.i.7", name=name, value=OUTCOME_CODES[report.outcome], text=str(report.get_outcome_display()),
            why=str(SAID_BY_INVESTIGATOR), facts=[report.pk],
        )  # fmt: skip
    came_out = outcome(facts.course)
    return SheetElement(
        number="E.i.7", name=name, value=came_out.value, text=str(OUTCOMES[came_out]),
        facts=end or ids(facts.looks[-1:]),
    )  # fmt: skip


def _criteria(facts: EventFacts, onset: Sequence[UUID]) -> list[SheetElement]:
    met = seriousness(facts.course)
    worst = ids([facts.worst])
    deaths = ids(one for one in facts.dispositions if one.kind == DEATHS[facts.episode.kind])
    stays = ids(one for one in facts.stays if one.observed_at in facts.course.admitted_at)[:1]
    resting_on = {
        Criterion.DEATH: deaths or worst, Criterion.LIFE_THREATENING: worst, Criterion.HOSPITALISATION: stays,
    }  # fmt: skip
    answers = facts.report.criteria if facts.report is not None else []

    def element(one: Criterion) -> SheetElement:
        name = str(CRITERIA_NAMES[one])
        if facts.report is not None and CRITERION_CODES[one] in answers:
            return SheetElement(
                number=one.value, name=name, value="true", text=_("yes"), why=str(SAID_BY_INVESTIGATOR),
                facts=[facts.report.pk],
            )  # fmt: skip
        if one in met:
            rests = resting_on.get(one) or onset
            return SheetElement(
                number=one.value, name=name, value="true", text=_("yes"), why=str(BASES[met[one]]), facts=rests
            )
        return SheetElement(number=one.value, name=name, why=str(FOR_INVESTIGATOR))

    return [element(one) for one in Criterion]


def _grades(facts: EventFacts) -> list[SheetElement]:
    """The grade by ASTCT, for which E2B has no element."""
    episode, ledgers = facts.episode, facts.ledgers
    worst = ids([facts.worst])
    computed = episode.axis_grade if episode.provisional else episode.max_grade
    final = None if _is_unjudged(facts) else str(ledgers.outcome.grade)
    judged = ledgers.deciding[0].ledger if ledgers.outcome.judged else ""
    by = {"central": _("central review"), "investigator": _("the investigator")}.get(judged, "")
    return [
        SheetElement(number="", name=_("Grade that is final, %(criteria)s") % {"criteria": CRITERIA}, value=final,
                why=by or (_("nobody has judged it") if final is None else _("by the rules")),
                facts=ids(ledgers.deciding) or worst),
        SheetElement(number="", name=_("Grade by the rules"), value=str(computed), facts=worst,
                why=_("if it is CRS") if episode.provisional else ""),
        SheetElement(number="", name=_("Grade that it could be at most"), value=str(episode.at_most), facts=worst,
                why=_("were what nobody looked at as bad as possible")),
        SheetElement(number="", name=_("At its worst first"), value=instant_of(episode.max_at, facts.zone),
                text=shown_at(episode.max_at, facts), facts=worst),
    ]  # fmt: skip
