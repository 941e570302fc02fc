"""The course in words: one row a fact for the table, and the same facts as numbers for the chart."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from grading.alerting.alert_words import grade_words, state_text
from grading.bedside.selectors.timeline_page import Timeline
from grading.course.record import readings
from grading.models import Alert, Episode, NeuroAssessment, Treatment, VitalSigns
from grading.review.selectors.assessments import Ledgers
from grading.rules.course.masking import MaskedSpan
from grading.treatment.drug_words import kind_text, unusual_text
from grading.words import badges, wording
from grading.words.drug_names import drug_name, drug_names
from regimens.facts import Fact
from regimens.models import Dose, DoseStatus, Participant
from regimens.rules.wall_time import day_text
from regimens.wording import step_text

KINDS = {"crs": "CRS", "icans": "ICANS"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRow:
    """One thing that happened. `before`: it began before the window and still held when that opened.

    `ledgers`: what is said of the grade of this set, or of the episode that begins here.
    """

    at: datetime
    order: int
    what: str
    details: list[str]
    badge: badges.GradeBadge | None = None
    ledgers: Ledgers | None = None
    by: str = ""
    before: bool = False
    remarks: list[str] = field(default_factory=list)
    fact: Fact | None = None  # None: it is derived


def rows_of(page: Timeline) -> list[CourseRow]:
    """Every fact of the window, oldest first."""
    rows = [row for make in (_given, _observations, _places, _judged, _derived) for row in make(page)]
    return sorted(rows, key=lambda row: (row.at, row.order))


def _row(fact: Any, order: int, what: str, details: Iterable[str], page: Timeline, **more: Any) -> CourseRow:
    by = fact.recorded_by.get_username()
    remarks = [_("reason: %(why)s") % {"why": fact.reason}] if fact.reason else []
    parts = [part for part in details if part]
    before = fact.observed_at < page.start
    return CourseRow(
        at=fact.observed_at, order=order, what=what, details=parts, by=by, before=before, remarks=remarks, fact=fact,
        **more,
    )  # fmt: skip


def _given(page: Timeline) -> Iterator[CourseRow]:
    for dose in page.doses:
        unusual = unusual_text(dose.unusual), dose.because
        details = [
            step_text(dose.step.label),
            _amount(dose),
            str(dose.get_status_display()),
            dose.not_given_because,
            *unusual,
        ]
        yield _row(dose, 0, _("Study dose"), details, page)
    labels = {dose.root: step_text(dose.step.label) for dose in page.every_dose}
    for end in page.dose_ends:
        yield _row(end, 0, _("End of infusion"), [labels.get(end.dose.root, "")], page)
    for drug in page.treatments:
        details = [drug_name(drug.drug), _amount(drug), wording.route_word(drug.route)]
        kind = wording.listed([kind_text(drug), drug.get_indication_display()])
        yield _row(drug, 1, _("Treatment"), [*details, kind], page)
    for stop in page.treatment_ends:
        yield _row(stop, 1, _("End of treatment"), [drug_name(stop.treatment.drug)], page)


def _amount(fact: Dose | Treatment) -> str:
    amount = fact.amount if isinstance(fact, Dose) else fact.dose
    unit = fact.get_unit_display() if isinstance(fact, Dose) else fact.unit
    return "" if amount is None else f"{wording.as_typed(amount)} {unit}"


def _observations(page: Timeline) -> Iterator[CourseRow]:
    for seen in page.vitals:
        details = set_words(seen, page.masked_by.get(seen.id))
        yield _row(seen, 3, _("Vital signs"), details, page, **_graded(seen, page))
    for mind in page.neuro:
        yield _row(mind, 4, _("Neuro assessment"), mind_words(mind, page.participant), page, **_graded(mind, page))


def _graded(fact: VitalSigns | NeuroAssessment, page: Timeline) -> dict[str, Any]:
    one = page.grades.get(fact.id)
    return {} if one is None else {"badge": badges.of_explained(one), "ledgers": page.ledgers.of_set(one.grade)}


def set_words(seen: VitalSigns, mask: MaskedSpan | None) -> list[str]:
    """A set in words; what nobody looked at is said to be so."""
    findings = [
        _temperature(seen, mask),
        _pressure(seen),
        _measured(_("SpO₂"), seen.spo2, "%"),
        _oxygen(seen),
        wording.named(_("vasopressors"), _none_or(seen.vasopressors)),
        wording.named(_("bolus"), _yes_no(seen.fluid_bolus)),
        wording.named(_("hypotension"), _yes_no(seen.hypotension)),
        _measured(_("Pulse"), seen.heart_rate, "/min"),
        _measured(_("Breaths"), seen.respiratory_rate, "/min"),
    ]
    if seen.rigors is not None:
        findings.append(wording.named(_("rigors"), _yes_no(seen.rigors)))
    if seen.infection_suspected is not None:
        findings.append(wording.named(_("infection suspected"), _yes_no(seen.infection_suspected)))
    if seen.infusion:
        findings.append(wording.named(_("infusion"), wording.INFUSION.get(seen.infusion, seen.infusion)))
    findings += [str(wording.DIFFERENTIAL.get(code, code)) for code in seen.differential]
    return findings + _not_done(seen.not_done) + _dropped(seen.dropped)


def _temperature(seen: VitalSigns, mask: MaskedSpan | None) -> str:
    if seen.temperature_c is None:
        return wording.named(_("temperature"), _("not assessed"))
    text = f"{wording.in_degrees(seen.temperature_c)} °C"
    if mask is not None:
        text = wording.bracketed(_("masked: %(drug)s can hide a fever") % {"drug": drug_name(mask.drug)}, beside=text)
    return text


def _pressure(seen: VitalSigns) -> str:
    name = _("BP")
    if seen.pressure_unrecordable:
        return f"{name} {_('unrecordable')}"
    if seen.sbp is None and seen.dbp is None:
        return wording.named(name, _("not assessed"))
    high, low = (_("not assessed") if v is None else wording.as_typed(v) for v in (seen.sbp, seen.dbp))
    where = [wording.POSITIONS.get(seen.position), wording.ARMS.get(seen.arm)]
    site_text = wording.listed(one for one in where if one is not None)
    text = f"{name} {high}/{low} mmHg"
    return wording.bracketed(site_text, beside=text) if site_text else text


def _measured(name: str, value: Any, unit: str) -> str:
    return wording.named(name, _("not assessed")) if value is None else f"{name} {wording.as_typed(value)} {unit}"


def _oxygen(seen: VitalSigns) -> str:
    if seen.oxygen_device is None and seen.oxygen_flow_l_min is None:
        return wording.named(_("oxygen"), _("not assessed"))
    device = str(wording.DEVICES.get(seen.oxygen_device or "", seen.oxygen_device or _("not assessed")))
    flow = "" if seen.oxygen_flow_l_min is None else f" {wording.as_typed(seen.oxygen_flow_l_min)} L/min"
    why = wording.INDICATIONS.get(seen.oxygen_indication)
    return wording.bracketed(why, beside=f"{device}{flow}") if why else f"{device}{flow}"


def _none_or(names: list[str] | None) -> str:
    return _("not assessed") if names is None else drug_names(names) or _("none")


def _yes_no(answer: bool | None) -> str:
    return _("not assessed") if answer is None else _("yes") if answer else _("no")


def _dropped(dropped: dict[str, str]) -> list[str]:
    return [
        _("left out, not possible: %(what)s %(value)s") % {"what": wording.MISSING.get(name, name), "value": value}
        for name, value in dropped.items()
    ]


def _not_done(not_done: dict[str, str]) -> list[str]:
    return [
        wording.named(
            _("not done"), wording.bracketed(wording.NOT_DONE.get(why, why), beside=wording.MISSING.get(name, name))
        )
        for name, why in not_done.items()
    ]


def mind_words(mind: NeuroAssessment, participant: Participant) -> list[str]:
    if participant.neuro_instrument == "capd":
        score = f"CAPD {_('not assessed') if mind.capd_score is None else mind.capd_score}"
    else:
        points = readings.ice_score(mind)
        score = wording.named("ICE", _("not assessed")) if points is None else f"ICE {points}/10"
    if mind.ice_unable_reason:
        score = wording.bracketed(wording.ICE_UNABLE.get(mind.ice_unable_reason, mind.ice_unable_reason), beside=score)
    findings = [score]
    for name, code, table in (
        (_("consciousness"), mind.consciousness, wording.CONSCIOUSNESS),
        (_("seizures"), mind.seizure, wording.SEIZURE),
        (_("motor findings"), mind.motor, wording.MOTOR),
    ):
        findings.append(wording.named(name, _("not assessed") if code is None else table.get(code, code)))
    if mind.oedema:
        findings.append(wording.named(_("cerebral oedema"), wording.OEDEMA.get(mind.oedema, mind.oedema)))
    findings += [str(wording.ICP_SIGNS.get(sign, sign)) for sign in mind.icp_signs or []]
    return findings + _not_done(mind.not_done)


def _places(page: Timeline) -> Iterator[CourseRow]:
    for stay in page.stays:
        details = [_("ward %(ward)s, bed %(bed)s") % {"ward": stay.ward, "bed": stay.bed}, str(stay.get_kind_display())]
        yield _row(stay, 2, _("Bed"), details, page)
    for end in page.stay_ends:
        yield _row(end, 2, _("Left the unit"), [], page)
    for one in page.measurements:
        details = [wording.DEVICES.get(one.text, one.text)] if one.text else []
        details += [wording.as_typed(one.value)] if one.value is not None else []
        yield _row(one, 2, _("Measurement"), [wording.named(one.get_kind_display(), wording.listed(details))], page)
    for disposition in page.dispositions:
        yield _row(disposition, 8, _("End of observation"), [str(disposition.get_kind_display())], page)


def _judged(page: Timeline) -> Iterator[CourseRow]:
    for one in page.attributions:
        text = _("%(sign)s is due to another cause: %(cause)s") % {"sign": one.get_sign_display(), "cause": one.cause}
        until = _("until %(time)s") % {"time": _clock(one.until, page)} if one.until else ""
        yield _row(one, 2, _("Attribution"), [text, one.because, until], page)


def _derived(page: Timeline) -> Iterator[CourseRow]:
    for episode in page.episodes:
        yield from _episode(episode, page)
    for alert in page.alerts:
        answered = alert.acknowledged_by.get_username() if alert.acknowledged_by else ""
        late = _("found by a late entry") if alert.late else ""
        details = [grade_words(alert), state_text(alert.state), answered, late]
        yield CourseRow(at=alert.raised_at, order=7, what=_("Alert"), details=[part for part in details if part])


def _episode(episode: Episode, page: Timeline) -> Iterator[CourseRow]:
    name, worst = KINDS.get(episode.kind, episode.kind), _worst(episode)
    started = [wording.provisional_text(episode.provisional)] if episode.provisional else []
    now = pgettext("episode", "open")
    if episode.ended_at:
        now = _("resolved since %(time)s") % {"time": _clock(episode.ended_at, page)}
    yield CourseRow(
        at=episode.started_at, order=5, what=_("%(name)s episode begins") % {"name": name},
        details=[*started, worst, now], before=episode.started_at < page.start,
        ledgers=page.ledgers.of_episode(episode),
    )  # fmt: skip
    if episode.max_at != episode.started_at and page.start <= episode.max_at <= page.end:
        yield CourseRow(
            at=episode.max_at, order=5, what=_("%(name)s episode at its worst") % {"name": name}, details=[worst]
        )
    if episode.ended_at and episode.ended_at <= page.end:
        yield CourseRow(
            at=episode.ended_at, order=6, what=_("%(name)s episode resolved") % {"name": name}, details=[worst]
        )


def _worst(episode: Episode) -> str:
    if episode.provisional:
        return _("if CRS: grade %(grade)s") % {"grade": episode.axis_grade}
    if episode.max_grade == episode.at_most:
        return _("worst grade %(grade)s") % {"grade": episode.max_grade}
    return _("worst grade at least %(grade)s, up to %(most)s") % {"grade": episode.max_grade, "most": episode.at_most}


def _clock(instant: datetime | None, page: Timeline) -> str:
    zone = ZoneInfo(page.participant.site.time_zone)
    return "" if instant is None else day_text(instant, zone)


def alert_label(alert: Alert) -> str:
    """Short, for the chart: CRS 2, CRS ≥2, CRS ?2 of a provisional episode; a condition by its name."""
    if alert.condition:
        return grade_words(alert)
    if alert.grade < 0:
        return f"{KINDS.get(alert.kind, alert.kind)} ?{'' if alert.urgency is None else alert.urgency}"
    floor = "" if alert.grade == alert.at_most else "≥"
    return f"{KINDS.get(alert.kind, alert.kind)} {floor}{alert.grade}"


def dose_label(dose: Dose) -> str:
    if dose.status == DoseStatus.NOT_GIVEN:
        return f"{step_text(dose.step.label)} ({dose.get_status_display()})"
    return step_text(dose.step.label)
