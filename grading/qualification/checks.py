"""Each thing that is tried on an installed system, with what came of it."""

import json
import zoneinfo
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.core import checks
from django.db import connection

from crsmonitor import __version__, health
from crsmonitor.audit.verifying import problems
from crsmonitor.operating import release
from grading.rules.contract.contract import answer
from regimens.models import Site

CASES = Path(__file__).with_name("cases.jsonl")  # a sentence of Lee et al. 2019 each, with its grade; -1: not known
OWNED = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user"


@dataclass(frozen=True, slots=True)
class Tried:
    """`note`: what it was instead, or what is written down beside it."""

    name: str
    holds: bool
    note: str = ""

    def plain(self) -> dict[str, object]:
        return asdict(self)


def installation() -> Iterator[Tried]:
    """Version, settings, parts, rights, time zones."""
    yield Tried("program", True, f"{__version__}, commit {release.commit() or 'not known'}, {release.schema()}")
    messages = checks.run_checks(include_deployment_checks=True)
    serious = [message.id or "" for message in messages if message.level >= checks.ERROR]
    yield Tried("settings", not serious, " ".join(sorted({message.id or "" for message in messages})))
    for name, check in health.CHECKS.items():
        state = health.state_of(name, check)
        yield Tried(f"ready: {name}", state != "failed", state)
    with connection.cursor() as cursor:
        cursor.execute(OWNED)
        owned = cursor.fetchone()[0]
    yield Tried("the role that runs owns no table", owned == 0, f"{owned} tables")
    known = zoneinfo.available_timezones()
    unknown = sorted({site.time_zone for site in Site.objects.all()} - known)
    yield Tried("the time zone of every site is known here", not unknown, " ".join(unknown))


def grades() -> Iterator[Tried]:
    """Of the installed rules, for each sentence of the paper."""
    for line in CASES.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        came = answer({"id": case["says"], "kind": case["kind"], "inputs": case["inputs"]}).get("grade")
        holds = came == case["grade"]
        yield Tried(f"{case['kind']} {case['grade']}: {case['says']}", holds, "" if holds else f"graded {came}")


def record(*, at: datetime) -> Iterator[Tried]:
    """The chains of the trail, that each row is as the trail says, and that what is derived is what the facts say."""
    broken = sum(1 for _ in problems(at=at))
    yield Tried("the trail holds, and what is derived is what the facts say", not broken, f"{broken} problems")
