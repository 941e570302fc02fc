"""When a temperature may be masked, and since when a fever is no longer required: what the fold decides, told in spans.

The decision itself is in timeline.py (S2, C2, C2c); tests hold that both say the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from grading.rules.treatment.masking_hours import Masking


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugAct:
    """A drug that can hide a fever was given. `treats` is False for premedication and prophylaxis."""

    at: datetime
    drug: str
    masking: Masking
    treats: bool
    indication: str = ""
    lasts: timedelta | None = None  # by the study's policy; None: as its class does


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedSpan:
    """A temperature taken in [since, until) may be masked by the drug."""

    since: datetime
    until: datetime
    drug: str


def masked_spans(given: Iterable[DrugAct], *, lasts: Mapping[Masking, timedelta]) -> tuple[MaskedSpan, ...]:
    """One span for each drug given, in order of time."""
    ordered = sorted(given, key=lambda act: act.at)
    return tuple(MaskedSpan(since=a.at, until=a.at + (a.lasts or lasts[a.masking]), drug=a.drug) for a in ordered)


def mask_at(spans: Iterable[MaskedSpan], at: datetime) -> MaskedSpan | None:
    """The span that lasts longest of those acting at this instant. None: nothing masks."""
    acting = [span for span in spans if span.since <= at < span.until]
    return max(acting, key=lambda span: span.until, default=None)


def waiver_of(given: Sequence[DrugAct], *, started_at: datetime, ended_at: datetime | None) -> DrugAct | None:
    """The first treating drug at or after the onset of a CRS episode: since then fever is not required (C2, S2).

    None: no such drug was given, and the fever stays required.
    """
    opening = [a for a in given if a.treats and a.at >= started_at and (ended_at is None or a.at < ended_at)]
    return min(opening, key=lambda act: act.at, default=None)
