"""A downtime sheet in words, from what is on record as of an instant: in the language that is in force."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from grading.alerting.alert_words import grade_words, state_text
from grading.bedside import baseline_words
from grading.downtime.blank_tables import blank_tables
from grading.downtime.codes import code_of
from grading.downtime.criteria import criteria_tables
from grading.downtime.facts import SheetFacts
from grading.downtime.sheet import Sheet, SheetLine, SheetSection, SheetTable
from grading.models import VitalSigns
from grading.policies.words import tables_of
from grading.rules.grades.entry.limits import LIMITS, Limit
from grading.rules.grades.graded import CRITERIA, VERSION
from grading.templatetags.grading import (
    agents,
    at_site,
    clock_at_site,
    degrees,
    device_label,
    ice_points,
    label,
    number,
    zone_name,
)
from grading.words import badges
from grading.words.wording import MEASURED, listed, named, phrases, span
from regimens.blinding import Profile, of_exports
from regimens.models import NeuroInstrument, Site
from regimens.rules.schedule import Kind
from regimens.selectors import wristband_of
from regimens.wording import step_text


def sheet_of(facts: SheetFacts, *, at: datetime) -> Sheet:
    participant = facts.row.participant
    site, band = participant.site, wristband_of(participant)
    version = _("threshold policy v%(n)s") % {"n": facts.policy.version} if facts.policy else _("no threshold policy")
    return Sheet(
        title=named(_("Downtime sheet"), participant.study.code),
        number=participant.number,
        bed=_("Bed %(bed)s") % {"bed": facts.row.bed or "–"},
        as_of=_("As of %(time)s") % {"time": f"{at_site(at, site)} {zone_name(at, site)}"},
        warning=_(
            "For the hours in which the program cannot be used. Research software, no bedside alarm: the clinician "
            "decides. Nothing here changes after the time above; enter every row as soon as the program is back."
        ),
        check=_("Wristband of %(number)s: does it end in %(ending)s? Checked at ____:____ by ______________")
        % {"number": band.identifier, "ending": band.ending},
        foot=phrases([f"{CRITERIA}, {VERSION}", version, settings.SITE_URL]),
        page_of=_("page %(page)s of %(pages)s"),
        sections=[_dose(facts), _now(facts, site), _due(facts, site), _phones(facts), *_rules(facts), _limits()],
        known=[_sets(facts.vitals, site), _neuro(facts, site)],
        criteria=criteria_tables(participant.neuro_instrument),
        blanks=blank_tables(participant, at=at, address=lambda kind: _address(participant.pk, kind, at)),
    )  # fmt: skip


def _address(participant_id: int, kind: str, at: datetime) -> str:
    path = reverse("from-sheet", args=[kind, code_of(participant_id, made_at=at)])
    return settings.SITE_URL.rstrip("/") + path


def _dose(facts: SheetFacts) -> SheetSection:
    """Of a blinded study without the step, as of its exports: paper travels to people whose role nobody knows."""
    row, participant = facts.row, facts.row.participant
    site = participant.site
    step = "" if of_exports(participant.study) is Profile.BLINDED else step_text(row.step_label or "")
    given = row.dose_number is not None and row.since_dose is not None
    last = _("dose %(n)s, %(time)s, %(span)s before") % {
        "n": row.dose_number, "time": at_site(row.dose_at, site), "span": span(row.since_dose),
    } if given and row.since_dose is not None else ""  # fmt: skip
    baselines = baseline_words.lines(participant, may_record=False)
    return SheetSection(
        title=_("Study and dose"),
        lines=[
            SheetLine(name=_("Site and ward"), text=listed(part for part in (site.code, row.ward) if part)),
            SheetLine(name=_("Last dose"), text=listed(part for part in (last, step) if part)),
            SheetLine(name=_("Window until"), text=at_site(row.window_ends_at, site)),
            SheetLine(name=_("Baselines"), text=phrases(named(one.name, one.text or "–") for one in baselines)),
        ],
    )


def _now(facts: SheetFacts, site: Site) -> SheetSection:
    row, pk = facts.row, facts.row.participant.pk
    crs, icans = (facts.newest.get((pk, kind)) for kind in ("crs", "icans"))
    crs_since, icans_since = row.crs_episode_since, row.icans_episode_since
    shown = (
        (badges.of_shown("crs", row.crs, row.crs_flags, explained=crs, in_episode=bool(crs_since)), crs_since),
        (badges.of_shown("icans", row.icans, explained=icans, in_episode=bool(icans_since)), icans_since),
    )
    lines = [SheetLine(name=badge.kind, text=_grade(badge, since, site)) for badge, since in shown]
    alerts = [
        phrases([grade_words(alert), at_site(alert.raised_at, site), state_text(alert.state)]) for alert in facts.alerts
    ]
    return SheetSection(
        title=_("Grades and open alerts"),
        lines=[*lines, SheetLine(name=_("Open alerts"), text="\n".join(alerts) or _("none"))],
    )


def _grade(badge: badges.GradeBadge, since: datetime | None, site: Site) -> str:
    episode = _("episode since %(time)s") % {"time": at_site(since, site)} if since else ""
    return phrases(part for part in (f"[{badge.digit}] {badge.word}", badge.detail, episode) if part)


def _due(facts: SheetFacts, site: Site) -> SheetSection:
    names = {Kind.VITALS: _("Vital signs"), Kind.NEURO: _("Neuro assessment")}
    lines = [
        SheetLine(name=name, text=listed(clock_at_site(due, site) for due, one in facts.due if one is kind))
        for kind, name in names.items()
    ]
    return SheetSection(title=_("Due in the next 24 h"), lines=lines)


def _phones(facts: SheetFacts) -> SheetSection:
    texts = [tree.text for tree in facts.phone_trees] or [_("No phone tree is on record: ask the charge nurse.")]
    say = _("When a threshold below is crossed, call at once, in this order. Say: number, bed, grade, since when.")
    return SheetSection(title=_("Whom to call"), texts=[say, *texts])


def _rules(facts: SheetFacts) -> list[SheetSection]:
    if facts.policy is None:
        return []
    return [
        SheetSection(title=title, texts=[f"• {rule}" for rule in rules]) for title, rules in tables_of(facts.policy)
    ]


def _limits() -> SheetSection:
    lines = [SheetLine(name=str(MEASURED[field]), text=_limit(limit)) for field, limit in LIMITS.items()]
    return SheetSection(title=_("Limits: measure again before you write it down"), lines=lines)


def _limit(limit: Limit) -> str:
    again = [
        _("below %(n)s") % {"n": limit.retype_below} if limit.retype_below is not None else "",
        _("above %(n)s") % {"n": limit.retype_above} if limit.retype_above is not None else "",
    ]
    possible = _("%(low)s to %(high)s %(unit)s") % {
        "low": limit.block_below, "high": limit.block_above, "unit": limit.unit,
    }  # fmt: skip
    limits = listed(part for part in again if part)
    return phrases([possible, named(_("again"), limits)]) if limits else possible


# --- What is on record ------------------------------------------------------------------------------------------


def _sets(vitals: Sequence[VitalSigns], site: Site) -> SheetTable:
    columns = [_("At"), "°C", "mmHg", _("Pulse"), _("Breaths"), "SpO₂ %", _("Oxygen"), _("Vasopressors")]
    return SheetTable(title=_("Last sets"), columns=columns, rows=[_set(one, site) for one in vitals])


def _set(one: VitalSigns, site: Site) -> list[str]:
    pressure = _("unrecordable") if one.pressure_unrecordable else f"{_kept(one.sbp)}/{_kept(one.dbp)}"
    flow = "" if one.oxygen_flow_l_min is None else f" {_kept(one.oxygen_flow_l_min)} L/min"
    return [
        clock_at_site(one.observed_at, site), degrees(one.temperature_c), pressure, _kept(one.heart_rate),
        _kept(one.respiratory_rate), _kept(one.spo2), f"{device_label(one.oxygen_device)}{flow}",
        agents(one.vasopressors),
    ]  # fmt: skip


def _kept(value: Decimal | None) -> str:
    return number(value)


def _neuro(facts: SheetFacts, site: Site) -> SheetTable:
    capd = facts.row.participant.neuro_instrument == NeuroInstrument.CAPD
    columns = [_("At"), "CAPD" if capd else "ICE", _("Consciousness"), _("Seizure"), _("Motor")]
    rows = [
        [
            clock_at_site(one.observed_at, site),
            _kept(one.capd_score) if capd else ice_points(one),
            label(one.consciousness, "CONSCIOUSNESS"), label(one.seizure, "SEIZURE"), label(one.motor, "MOTOR"),
        ]
        for one in facts.neuro
    ]  # fmt: skip
    return SheetTable(title=_("Last neuro assessments"), columns=columns, rows=rows)
