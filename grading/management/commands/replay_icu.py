"""manage.py replay_icu FILE: real ICU vital signs through the same door as the bedside, and what came of them."""

import logging
import re
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from crsmonitor.error_words import detail_of, fields_of
from crsmonitor.errors import DomainError, KeyReused
from grading.management.progress import INTERRUPTED, bar, stop_on_ctrl_c
from grading.models import VitalSigns
from grading.simulation.icu_file import BadFile, Row, read
from grading.simulation.replay import Assumptions, ReplayOutcome, ReplayStanding, ReplayTrial, prepare, replay, standing

SAY_EVERY = 1000  # sets, where no terminal shows a bar
PLACES = 3  # of each refusal, to look at
NOTE = "None of these patients had CRS: a grade of this file says only what the algorithm does with such vitals."


@dataclass(slots=True)
class Tally:
    """What became of the sets so far."""

    recorded: int = 0
    already_there: int = 0
    grades: Counter[int] = field(default_factory=Counter)
    refused: dict[tuple[str, str], list[Row]] = field(default_factory=dict)  # (field, why) -> where
    refused_sets: int = 0
    dropped: dict[str, list[Row]] = field(default_factory=dict)  # field -> where nobody can have what was there
    rounded: int = 0  # values

    @property
    def done(self) -> int:
        return self.recorded + self.already_there + self.refused_sets

    def add(self, outcome: ReplayOutcome) -> None:
        if outcome.refused is not None:
            self.refused_sets += 1
            for name, reasons in fields_of(outcome.refused).items():
                for why in reasons:
                    plain = re.sub(r" \([^)]*\)", "", why)  # without the value: one reason is one line
                    self.refused.setdefault((name, plain), []).append(outcome.row)
        elif outcome.recorded is not None:
            self.rounded += len(outcome.row.rounded)
            assert isinstance(outcome.recorded.fact, VitalSigns)
            for name in outcome.recorded.fact.dropped:
                self.dropped.setdefault(name, []).append(outcome.row)
            self.recorded += not outcome.recorded.replayed
            self.already_there += outcome.recorded.replayed
            if outcome.recorded.grade is not None:
                self.grades[outcome.recorded.grade.grade] += 1


class Command(BaseCommand):
    help = "Replay a file of hourly ICU vital signs (csv or csv.gz) into a demo study. Run it again to go on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="icu_vitals_demo.csv.gz or a file with the same columns")
        parser.add_argument("--stays", type=_stays, metavar="1-10", help="only these: numbers, ranges, commas")
        parser.add_argument("--limit", type=int, metavar="N", help="only the first N sets")
        parser.add_argument(
            "--start", type=_moment, default=datetime(2026, 1, 1, tzinfo=UTC), metavar="2026-01-01T00:00Z",
            help="hour 0 of every stay",
        )  # fmt: skip
        parser.add_argument(
            "--assume-room-air", action="store_true",
            help="the file knows no oxygen device: take it to be room air where no FiO2 above 21 %% is charted",
        )  # fmt: skip
        parser.add_argument(
            "--assume-no-support", action="store_true",
            help="the file knows no vasopressor and no bolus: take it that there was none",
        )  # fmt: skip

    def handle(
        self, *args: Any, file: Path, stays: frozenset[int] | None, limit: int | None, start: datetime,
        assume_room_air: bool, assume_no_support: bool, **options: Any,
    ) -> None:  # fmt: skip
        if settings.PRODUCTION:
            raise CommandError("Not in production: a replay makes a demo study, recorded at moments that never were.")
        rows = _read(file)
        rows = [row for row in rows if stays is None or row.stay in stays][:limit]
        if not rows:
            raise CommandError("no set of the file is asked for")
        assumed = Assumptions(room_air=assume_room_air, no_support=assume_no_support)
        tally, touched, began = Tally(), {row.stay for row in rows}, time.perf_counter()
        with stop_on_ctrl_c() as interrupts, _nobody_to_tell():
            try:
                trial = prepare(assumed)
                self.stdout.write(f"{len(rows)} sets of {len(touched)} stays into study {trial.study}")
                with bar(self.stdout, "replay", of="sets", total=len(rows), every=SAY_EVERY) as advance:
                    for outcome in _until(interrupts, replay(rows, trial, assumed, start=start)):
                        tally.add(outcome)
                        advance()
            except KeyReused:
                why = "recorded from another file or --start before: the same file and --start go on from there"
                raise CommandError(f"study {assumed.study_code}: {why}") from None
            except DomainError as error:
                raise CommandError(detail_of(error)) from None
        seconds = time.perf_counter() - began
        self.stdout.write("\n".join(_report(rows, tally, trial, standing(trial, touched), assumed, seconds)))
        if interrupts:
            self.stdout.write(f"Interrupted after {tally.done} of {len(rows)}: run the same command again to go on.")
            sys.exit(INTERRUPTED)


def _read(path: Path) -> list[Row]:
    try:
        return read(path)
    except BadFile as error:
        raise CommandError(f"{path.name}: {error}. Nothing was recorded.") from None
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None


def _stays(text: str) -> frozenset[int]:
    stays: set[int] = set()
    for part in text.split(","):
        ends = re.fullmatch(r"(\d{1,6})(?:-(\d{1,6}))?", part.strip(), re.ASCII)
        if ends is None or int(ends[2] or ends[1]) < int(ends[1]):
            raise ArgumentTypeError(f"{text!r}: write 7, 1-10 or 1-3,7")
        stays |= set(range(int(ends[1]), int(ends[2] or ends[1]) + 1))
    return frozenset(stays)


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r}: write a moment such as 2026-01-01T00:00Z") from None
    if at.tzinfo is None:
        raise ArgumentTypeError(f"{text!r}: say the zone, for example {text}Z")
    return at


def _until(interrupts: list[int], outcomes: Iterator[ReplayOutcome]) -> Iterable[ReplayOutcome]:
    while not interrupts and (outcome := next(outcomes, None)) is not None:
        yield outcome


@contextmanager
def _nobody_to_tell() -> Iterator[None]:
    """The outbox reports an error where an alert reaches nobody. Here nobody is there on purpose."""
    logger = logging.getLogger("grading.alerting.delivery.outbox")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def _places(where: list[Row]) -> str:
    places = "; ".join(f"stay {row.stay} hour {row.hour}" for row in where[:PLACES])
    return f"{places}, ..." if len(where) > PLACES else places


def _report(
    rows: list[Row], tally: Tally, trial: ReplayTrial, stand: ReplayStanding, assumed: Assumptions, seconds: float
) -> Iterator[str]:
    grades = ", ".join(f"{grade}: {tally.grades[grade]}" for grade in range(-1, 5))
    alerts = ", ".join(f"grade {grade}: {count}" for grade, count in sorted(stand.alerts.items())) or "none"
    yield ""
    yield f"study          {trial.study}, recorded as {trial.by.username}"
    yield f"sets read      {len(rows)}"
    yield f"recorded       {tally.recorded}"
    yield f"already there  {tally.already_there}"
    yield f"refused        {tally.refused_sets}"
    for (name, why), where in sorted(tally.refused.items(), key=lambda entry: -len(entry[1])):
        yield f"  {len(where):>5}  {name}: {why} ({_places(where)})"
    yield f"left out       {sum(map(len, tally.dropped.values()))} values that nobody can have, of sets that were kept"
    for name, where in sorted(tally.dropped.items(), key=lambda entry: (-len(entry[1]), entry[0])):
        yield f"  {len(where):>5}  {name} ({_places(where)})"
    yield f"rounded        {tally.rounded} values, half-even to three decimals"
    yield f"grades         {grades} (-1: what nobody looked at leaves more than one grade)"
    yield f"episodes       {stand.episodes}, and {stand.provisional} provisional (low pressure or oxygen, no fever)"
    yield f"alerts         {alerts}"
    yield f"deliveries     {stand.deliveries} queued: this study has nobody with an address and no endpoint"
    yield f"time           {seconds:.1f} s, {tally.done / max(seconds, 0.001):.0f} sets a second"
    yield "assumed        " + ("; ".join(assumed.sentences) or "nothing: what the file does not say is not known")
    yield NOTE
