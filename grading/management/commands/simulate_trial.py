"""manage.py simulate_trial REGIMEN: a trial that never was, through the services of the bedside."""

import hashlib
import logging
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from crsmonitor.error_words import detail_of
from crsmonitor.errors import DomainError
from grading.management.progress import INTERRUPTED, bar, stop_on_ctrl_c
from grading.simulation.assumed import Assumed
from grading.simulation.designed import DesignTruth, truth_of
from grading.simulation.habits import BUSY, NONE
from grading.simulation.rates import NoRate, Rate, rates_for
from grading.simulation.report import compare, exported, lines_of, raised
from grading.simulation.story import CannotTell, Story, tell
from grading.simulation.trial import CODE_LENGTH, cohort_at, digest_of, enrol, number_of, prepare
from regimens.library import BadDocument, Document, names, plan_of, read
from regimens.rules.canonical import hash_of

START = "2026-01-05T01:00Z"
NOTE = "Simulation settings are not clinical facts: docs/conventions.md, Simulated trials."
FOREVER = timedelta(days=36_500)  # the cut lies after every story


class Command(BaseCommand):
    help = "Simulate a trial of a regimen, and hold its export against what its sets could show."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("regimen", help="the id of a regimen of the library, or a file")
        parser.add_argument("--participants", type=_count, default=20, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed gives the same trial")
        parser.add_argument("--variant", default="", help="the region whose label is followed: US, EU, CH")
        parser.add_argument(
            "--rate", type=_rate, action="append", default=[], metavar="STEP=PERCENT",
            help="CRS after a dose of this step; * is every step without a published rate",
        )  # fmt: skip
        parser.add_argument(
            "--rates-from-design", type=UUID, metavar="RUN",
            help="CRS as often as this run of the workbench says, in a study that has its design and its band",
        )  # fmt: skip
        parser.add_argument("--missing", type=_percent, metavar="PERCENT", help="of sets: nobody came")
        parser.add_argument("--partial", type=_percent, metavar="PERCENT", help="of sets taken: a part was left out")
        parser.add_argument("--interrupted", type=_percent, metavar="PERCENT", help="of infusions: stopped early")
        parser.add_argument("--grades", type=_grades, metavar="1=70,2=25,3=4,4=1", help="weights of peak grades")
        parser.add_argument(
            "--busy", action="store_true",
            help="with premedication, late and imported sets, corrections, answers, signatures, CAPD, unreleased doses",
        )  # fmt: skip
        parser.add_argument("--study", default="SIM", metavar="CODE")
        parser.add_argument("--start", type=_moment, default=START, metavar=START, help="the first dose of the first")

    def handle(
        self, *args: Any, regimen: str, participants: int, seed: int, variant: str, rate: list[tuple[str, Decimal]],
        rates_from_design: UUID | None, missing: Decimal | None, partial: Decimal | None, interrupted: Decimal | None,
        grades: tuple[tuple[int, int], ...] | None, busy: bool, study: str, start: datetime, **options: Any,
    ) -> None:  # fmt: skip
        if settings.PRODUCTION:
            raise CommandError("Not in production: a simulation records at moments that never were.")
        if len(study) > CODE_LENGTH:
            raise CommandError(f"--study {study}: at most {CODE_LENGTH} characters")
        document = _document(regimen)
        plan = plan_of(document)
        if variant and variant not in (known := [one.code for one in plan.variants]):
            raise CommandError(f"{regimen}: no variant {variant!r}; there are: {', '.join(known) or 'none'}")
        chosen = {
            "missing_percent": missing, "partial_percent": partial, "interrupted_percent": interrupted,
            "grades": grades,
        }  # fmt: skip
        assumed = Assumed(**{name: value for name, value in chosen.items() if value is not None})
        truth: DesignTruth | None = None
        try:
            if rates_from_design is None:
                rates: Mapping[str, Rate] = rates_for(plan, document.data, given=dict(rate), repeats=assumed.repeats)
            else:
                truth = truth_of(rates_from_design, plan, document.data, given=dict(rate), repeats=assumed.repeats)
                rates = next(iter(truth.rates.values()))
                assumed = replace(assumed, grades=grades or truth.grades or assumed.grades)
        except NoRate as error:
            raise CommandError(str(error)) from None
        habits = BUSY if busy else NONE
        besides: tuple[object, ...] = (habits,) if busy else ()  # a trial without them keeps the name it had
        besides += () if document.library_id else (hash_of(document.data),)
        besides += () if truth is None else (str(truth.run),)
        settings_text = repr((document.id, variant, seed, sorted(rates.items()), assumed, start, *besides))
        marked = hashlib.sha256(settings_text.encode()).hexdigest()[:12]
        title = f"Simulated: {document.id} {variant}, seed {seed}, settings {marked}"
        stories: dict[str, Story] = {}
        began = time.perf_counter()
        with stop_on_ctrl_c() as interrupts, _Quiet("grading.alerting.delivery.outbox"):
            try:
                trial = prepare(document, variant=variant, code=study, title=title, assumed=assumed, truth=truth)
                with bar(self.stdout, "simulate", of="participants", total=participants, every=10) as advance:
                    for place in range(1, participants + 1):
                        if interrupts:
                            break
                        cohort = cohort_at(trial, place)
                        story = tell(
                            plan, variant=variant, rates=rates if truth is None else truth.rates_at(cohort),
                            assumed=assumed, seed=seed, participant=place, cohort=cohort,
                        )  # fmt: skip
                        day = timedelta(days=(place - 1) % assumed.first_doses_within_d)
                        enrol(trial, story, place=place, start=start + day, habits=habits)
                        stories[number_of(trial, place)] = story
                        advance()
            except CannotTell as error:
                raise CommandError(str(error)) from None
            except DomainError as error:
                raise CommandError(detail_of(error)) from None
        exported_grades = exported(trial.study, cut=start + FOREVER)
        compared = compare(stories, {key: grade for key, grade in exported_grades.items() if key[0] in stories})
        self.stdout.write(f"study          {title}")
        self.stdout.write("\n".join(lines_of(compared, stories, rates, raised(trial.study))))
        self.stdout.write(f"facts          {digest_of(trial.study)}")
        self.stdout.write(f"time           {time.perf_counter() - began:.1f} s\n{NOTE}")
        if compared.differ:
            sys.exit(1)
        if interrupts:
            self.stdout.write(f"Interrupted after {len(stories)} of {participants}: the same command goes on.")
            sys.exit(INTERRUPTED)


def _document(regimen: str) -> Document:
    if regimen in names():
        return read(regimen)
    if "/" not in regimen and not Path(regimen).is_file():
        raise CommandError(f"{regimen}: no file, and not in the library, which holds {', '.join(names())}")
    try:
        return read(Path(regimen))
    except BadDocument as error:
        raise CommandError(f"{regimen}: {error}") from None
    except OSError as error:
        raise CommandError(f"{regimen}: {error.strerror}") from None


class _Quiet:
    """The outbox reports an error where an alert reaches nobody. Here nobody is there on purpose."""

    def __init__(self, name: str) -> None:
        self.logger = logging.getLogger(name)

    def __enter__(self) -> None:
        self.before = self.logger.level
        self.logger.setLevel(logging.CRITICAL)

    def __exit__(self, *error: object) -> None:
        self.logger.setLevel(self.before)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 999):
        raise ArgumentTypeError(f"{text!r}: from 1 to 999")
    return int(text)


def _percent(text: str) -> Decimal:
    try:
        percent = Decimal(text)
    except InvalidOperation:
        raise ArgumentTypeError(f"{text!r} is not a number") from None
    if not (percent.is_finite() and 0 <= percent <= 100):
        raise ArgumentTypeError(f"{text!r}: a percent is from 0 to 100")
    return percent


def _rate(text: str) -> tuple[str, Decimal]:
    label, equals, percent = text.rpartition("=")  # a label may hold one itself
    if not equals or not label:
        raise ArgumentTypeError(f"{text!r}: write STEP=PERCENT")
    return label, _percent(percent)


def _grades(text: str) -> tuple[tuple[int, int], ...]:
    pairs = [part.split("=") for part in text.split(",")]
    if any(len(pair) != 2 or pair[0] not in "1234" or not pair[1].isdigit() for pair in pairs):
        raise ArgumentTypeError(f"{text!r}: write 1=70,2=25,3=4,4=1")
    weights = tuple((int(grade), int(weight)) for grade, weight in pairs)
    if not sum(weight for _, weight in weights):
        raise ArgumentTypeError(f"{text!r}: one weight is above 0")
    return weights


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r}: write a moment such as {START}") from None
    if at.tzinfo is None:
        raise ArgumentTypeError(f"{text!r}: say the zone, for example {text}Z")
    return at.astimezone(UTC)
