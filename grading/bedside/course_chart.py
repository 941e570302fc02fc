"""The course as numbers, for `bedside/course/*.js`. Times are seconds; null is "nobody looked", and shown as that."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from grading.bedside.course_words import KINDS, CourseRow, alert_label, dose_label
from grading.bedside.selectors.timeline_page import Timeline
from grading.course.record import readings
from grading.models import Episode, VitalSigns
from grading.rules.course.periods.sets import OXYGEN_LEVEL
from grading.rules.drugs.agents import agents_of
from grading.words import badges, wording
from regimens.models import DoseStatus


def chart_of(page: Timeline, rows: list[CourseRow]) -> dict[str, Any]:
    """Everything the chart draws. What a touch reads out comes from the table: `rows` has its times."""
    capd = page.participant.neuro_instrument == "capd"
    return {
        "from": _s(page.start),
        "to": _s(page.end),
        "zone": page.participant.site.time_zone,
        "capd": capd,
        "rows": [_s(row.at) for row in rows],
        "sets": {
            "t": [_s(seen.observed_at) for seen in page.vitals],
            "temperature": [_n(seen.temperature_c) for seen in page.vitals],
            "masked": [int(seen.id in page.masked_by) for seen in page.vitals],
            "sbp": [_n(seen.sbp) for seen in page.vitals],
            "unrecordable": [int(seen.pressure_unrecordable) for seen in page.vitals],
            "spo2": [_n(seen.spo2) for seen in page.vitals],
            "oxygen": [None if s.oxygen_device is None else OXYGEN_LEVEL[s.oxygen_device] for s in page.vitals],
            "oxygenWord": [_oxygen(seen) for seen in page.vitals],
            "pressors": [_pressors(seen) for seen in page.vitals],
            "pressorWord": [wording.listed(seen.vasopressors or []) for seen in page.vitals],
        },
        "minds": {
            "t": [_s(mind.observed_at) for mind in page.neuro],
            "score": [mind.capd_score if capd else readings.ice_score(mind) for mind in page.neuro],
        },
        "grades": {
            kind: [_tile(row) for row in rows if row.badge is not None and row.badge.kind == name]
            for kind, name in KINDS.items()
        },
        "doses": [
            {"t": _s(d.observed_at), "label": dose_label(d), "given": d.status != DoseStatus.NOT_GIVEN}
            for d in page.doses
        ],
        "treatments": [{"t": _s(drug.observed_at), "label": drug.drug} for drug in page.treatments],
        "alerts": [{"t": _s(alert.raised_at), "label": alert_label(alert)} for alert in page.alerts],
        "episodes": [_episode(episode) for episode in page.episodes],
        "nobodyLooked": [[_s(a), _s(b)] for a, b in page.nobody_looked],
        "nobodyAsked": [[_s(a), _s(b)] for a, b in page.nobody_asked],
        "words": {"nobody": _("nobody looked"), "unrecordable": _("unrecordable"), "and": wording.listed(["", ""])},
    }


def _s(instant: datetime) -> int:
    return int(instant.timestamp())


def _n(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _oxygen(seen: VitalSigns) -> str:
    """Short, for a bar: the device, and the litres where there are any."""
    device = str(wording.DEVICES.get(seen.oxygen_device or "", ""))
    flow = seen.oxygen_flow_l_min
    return device if flow is None else f"{device} {wording.as_typed(flow)} L"


def _pressors(seen: VitalSigns) -> int | None:
    """How many agents run, vasopressin and inotropes among them. None: nobody looked."""
    if seen.vasopressors is None:
        return None
    return len(agents_of(seen.vasopressors).holding)


def _tile(row: CourseRow) -> dict[str, Any]:
    badge: badges.GradeBadge = row.badge  # type: ignore[assignment]
    rank = int(digits) if (digits := badge.digit.strip("≥")).isdigit() else 0
    return {
        "t": _s(row.at), "digit": badge.digit, "shape": badge.shape, "tone": badge.tone, "open": badge.open,
        "rank": rank,
    }  # fmt: skip


def _episode(episode: Episode) -> dict[str, Any]:
    floor = episode.max_grade != episode.at_most
    grade = f"≥{episode.max_grade}" if floor else str(episode.max_grade)
    if episode.provisional:
        label = _("provisional")
    else:
        label = _("worst %(grade)s") % {"grade": grade}
    if episode.ended_at is None:
        label = wording.listed([label, pgettext("episode", "open")])
    return {
        "kind": episode.kind,
        "from": _s(episode.started_at),
        "to": None if episode.ended_at is None else _s(episode.ended_at),
        "provisional": bool(episode.provisional),
        "label": label,
    }
