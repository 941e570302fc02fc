"""What a compiled regimen shows, and what its source entry says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from crsmonitor.errors import Message
from regimens.library import Document, as_json
from regimens.library.designed.document import PREFIX, Compiled, Origin
from regimens.library.protocol import dose_text
from regimens.models import DesignRun, DesignVersion
from regimens.services.designed import POSTERIOR, PRIOR, BandSource, band_input


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """`doses`: of each cohort, or the one. `remark`: what is new of it; empty: it is as it was."""

    label: str
    day: str
    doses: tuple[str, ...]
    remark: str


def step_rows(made: Compiled, base: Document | None) -> list[StepRow]:
    """All steps of what it becomes, with what was before."""
    before = {one["label"]: one for one in as_json(base.data)["steps"]} if base else {}
    cohorts = as_json(made.document.data).get("cohorts", [])
    return [
        StepRow(
            label=step["label"], day=str(step.get("day", "")),
            doses=tuple(
                dose_text(one["ladder"].get(step["label"], step["dose"]), step["unit"]) for one in cohorts
            ) or (dose_text(step["dose"], step["unit"]),),
            remark=_remark(step, before.get(step["label"]), made, by_cohort=bool(cohorts)),
        )
        for step in as_json(made.document.data)["steps"]
    ]  # fmt: skip


def _remark(step: Mapping[str, Any], before: Mapping[str, Any] | None, made: Compiled, *, by_cohort: bool) -> str:
    if before is None:
        return _("new")
    parts = []
    if not by_cohort and dose_text(before["dose"], before["unit"]) != dose_text(step["dose"], step["unit"]):
        parts.append(_("was %(dose)s") % {"dose": dose_text(before["dose"], before["unit"])})
    if before.get("day") != step.get("day"):
        parts.append(_("was day %(day)s") % {"day": before.get("day") or "–"})
    if step["label"] in made.followed:
        parts.append(_("not in the design: goes on with its last dose"))
    elif step["label"] not in made.labels and not step.get("pretreatment"):
        parts.append(_("not in the design: as it was"))
    return "; ".join(parts)


def origin_of(version: DesignVersion, run: DesignRun | None) -> Origin:
    """English, as the sources are."""
    design = version.design
    what = f"Design “{design.name}” of {design.study.code}, version {version.number} (SHA-256 {version.sha256})"
    if run is not None:
        what += f"; {run.kind} run {run.pk} (SHA-256 of its input {run.digest}, of its result {run.result.sha256})"
    return Origin(key=f"{PREFIX}{design.pk}_V{version.number}", what=what)


def band_sources(contents: Mapping[str, Any]) -> list[BandSource]:
    """What a band can be drawn from, the usual one first; the empty one where there is nothing."""
    given = band_input(contents)
    if isinstance(given, Message):
        return [""]
    return [PRIOR, POSTERIOR] if given.has_data else [PRIOR]
