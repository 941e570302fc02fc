"""Premedication beside the dose it was given for, and against what the regimen prints. Pure, and never a guess."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from grading.rules.drugs.names import class_of, reading
from regimens.rules.elapsed import whole_minutes

PREMEDICATION_WITHIN = timedelta(hours=24)  # PREMSTFL: a steroid in the 24 h before the dose


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyDose:
    at: datetime
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """`dose` None: no study dose in the 24 h after it."""

    dose: StudyDose | None
    minutes: int | None


def before_which(given_at: datetime, doses: Iterable[StudyDose]) -> Before:
    """The first dose at or after the premedication, if it came within the hours in which it counts for one."""
    later: Sequence[StudyDose] = [dose for dose in doses if given_at <= dose.at <= given_at + PREMEDICATION_WITHIN]
    first = min(later, key=lambda dose: dose.at, default=None)
    if first is None:
        return Before(dose=None, minutes=None)
    return Before(dose=first, minutes=whole_minutes(first.at - given_at))


# --- Against the plan -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTime:
    """Minutes before the dose, both ends included. `most` None: no limit."""

    least: int
    most: int | None

    def holds(self, minutes: int) -> bool:
        return self.least <= minutes and (self.most is None or minutes <= self.most)


_MINUTES = {"h": 60, "min": 1}
_TIMING = re.compile(
    r"(?:(?P<low>\d+)-(?P<high>\d+)|>=(?P<least>\d+)|within (?P<most>\d+)) (?P<unit>h|min)"
    r" before(?: each step-up dose)?"
)


def printed_time(timing: str) -> PrintedTime | None:
    """The limits that a source prints. None: it prints none that can be read.

    One number without a range ("1 h before", "about 1 h") has no limits to be held to. Without "before" the text may
    speak of the time after, and of a drug that must be completed the start does not tell.
    """
    match = _TIMING.fullmatch(timing.strip())
    if match is None:
        return None
    times = _MINUTES[match["unit"]]
    if match["least"]:
        return PrintedTime(least=int(match["least"]) * times, most=None)
    if match["most"]:
        return PrintedTime(least=0, most=int(match["most"]) * times)
    low, high = int(match["low"]) * times, int(match["high"]) * times
    return PrintedTime(least=low, most=high) if low <= high else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One drug of a printed row. `any_of`: generic names or classes, one of which will do; empty: cannot be read."""

    text: str
    any_of: frozenset[str]


_CLASS_WORDS = {
    "corticosteroid": "corticosteroid", "glucocorticoid": "corticosteroid", "steroid": "corticosteroid",
    "antipyretic": "antipyretic",
}  # fmt: skip
_BY_NAME = frozenset({"diphenhydramine"})  # a drug of no class that is known here, as labels name it
_AMOUNT = r"(?: \d+(?:\.\d+)?(?:-\d+(?:\.\d+)?)? mg)?"
_DRUG = re.compile(rf"(?:IV )?(?P<name>[A-Za-z]+){_AMOUNT}(?: (?:PO/IV|IV|PO))?")


def wanted(drug: str) -> list[Wanted]:
    """The drugs that a row names, each by itself. What is not one name or one class is kept as printed, unread."""
    return [Wanted(text=part, any_of=_any_of(part)) for part in re.split(r" \+ |; ", drug.strip())]


def _any_of(part: str) -> frozenset[str]:
    matches = [_DRUG.fullmatch(one) for one in part.split(" or ")]
    names = [_named(one["name"].casefold()) for one in matches if one is not None]
    known = [name for name in names if name is not None]
    return frozenset(known) if len(known) == len(matches) else frozenset()


def _named(word: str) -> str | None:
    if word in _CLASS_WORDS:
        return _CLASS_WORDS[word]
    return word if word in _BY_NAME else reading(word).drug


class PremedicationVerdict(StrEnum):
    IN_TIME = "in_time"
    OUTSIDE = "outside"
    ON_FILE = "on_file"  # no limits are printed that can be read
    NOT_ON_FILE = "not_on_file"
    NOT_JUDGED = "not_judged"  # which drug is wanted cannot be read


@dataclass(frozen=True, slots=True, kw_only=True)
class Premedicated:
    at: datetime
    drug: str  # as typed
    drug_class: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """`minutes` before the dose; None: nothing that counts is on file."""

    wanted: Wanted
    verdict: PremedicationVerdict
    minutes: int | None


def judged(one: Wanted, timing: str, *, dose_at: datetime, given: Iterable[Premedicated]) -> Judged:
    """`given`: the premedication on file. Of several that count, one in the printed time will do, else the last."""
    if not one.any_of or re.search(r"\bafter\b", timing.casefold()):  # a drug for after the dose is none of these
        return Judged(wanted=one, verdict=PremedicationVerdict.NOT_JUDGED, minutes=None)
    spans = [dose_at - drug.at for drug in given if _counts(drug, one) and drug.at <= dose_at]
    before = sorted(whole_minutes(span) for span in spans if span <= PREMEDICATION_WITHIN)
    if not before:
        return Judged(wanted=one, verdict=PremedicationVerdict.NOT_ON_FILE, minutes=None)
    printed = printed_time(timing)
    if printed is None:
        return Judged(wanted=one, verdict=PremedicationVerdict.ON_FILE, minutes=before[0])
    if within := [minutes for minutes in before if printed.holds(minutes)]:
        return Judged(wanted=one, verdict=PremedicationVerdict.IN_TIME, minutes=within[0])
    return Judged(wanted=one, verdict=PremedicationVerdict.OUTSIDE, minutes=before[0])


def _counts(drug: Premedicated, one: Wanted) -> bool:
    """By the generic name, the class it acts as, or a name written in what was typed."""
    words = set(re.findall(r"[^\W\d_]+", drug.drug.casefold()))
    names = {reading(drug.drug).drug, class_of(drug.drug, drug.drug_class), *(words & _BY_NAME)}
    return bool(names & one.any_of)
