"""A soak: what is posted and what is killed is drawn from one seed; when each thing meets the other is chance."""

import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import psycopg

from crsmonitor import embedded
from regimens.models import Participant
from tests.builders import World
from tests.faults.rig.forks import Fork
from tests.faults.rig.stack import Stack, another
from tests.faults.rig.tablets import FEVERISH, LOW, Tablet, a_set
from tests.sinks import Hook

SETS_A_SECOND = 6
BEDS_AT_ONCE = 6
SETS_OF_A_BED = 8
AGAIN = 1 / 6  # of the sets come a second time, as from a tablet that lost the answer
EVERY = (0.5, 2.5)  # seconds from when all runs to the next death
DOWN = (0.1, 1.2)  # seconds until what died runs again
# By ASTCT 2019: a fever; hypotension; one vasopressor; several.
SEEN: dict[int, dict[str, object]] = {
    0: {}, 1: FEVERISH, 2: LOW, 3: LOW | {"vasopressors": ["norepinephrine"]},
    4: LOW | {"vasopressors": ["norepinephrine", "epinephrine"]},
}  # fmt: skip


# --- Posted -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Drawn:
    """A set to post: the grade that it is of, and whether it comes twice."""

    grade: int
    again: bool


Courses = list[tuple[Participant, list[Drawn]]]


@dataclass
class Posted:
    """What the API answered. `alerts`: the id of each alert that it said it raised, and the grade it said."""

    sets: list[str] = field(default_factory=list)
    alerts: dict[str, int] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)


def beds(world: World, seconds: float) -> list[Participant]:
    """As many participants as the sets of so many seconds need, each under observation."""
    lots = -(-int(seconds * SETS_A_SECOND) // (BEDS_AT_ONCE * SETS_OF_A_BED))
    return [another(world, number).participant for number in range(lots * BEDS_AT_ONCE)]


def courses(of: Sequence[Participant], dice: random.Random) -> Courses:
    """For each the sets to come, whose grades go up, down and stay."""

    def one() -> Drawn:
        return Drawn(dice.choice(list(SEEN)), again=dice.random() < AGAIN)

    return [(participant, [one() for _ in range(SETS_OF_A_BED)]) for participant in of]


def post(tablet: Tablet, drawn: Courses, seconds: float) -> Posted:
    """At a steady rate, BEDS_AT_ONCE side by side; one that nobody answers comes again until it is taken."""
    posted, began = Posted(), time.monotonic()

    def from_side(side: int) -> None:
        for turn, (participant, sets) in enumerate(drawn[side::BEDS_AT_ONCE]):
            here, highest = tablet.at_bed_of(participant), 0
            for place, one in enumerate(sets):
                number = (turn * SETS_OF_A_BED + place) * BEDS_AT_ONCE + side
                if (due := number / SETS_A_SECOND) >= seconds:
                    return
                time.sleep(max(0.0, began + due - time.monotonic()))
                rises = _taken(here, one, posted)
                assert one.grade <= highest or one.grade in rises, f"nobody is told of {one} after {highest}"
                highest = max(highest, one.grade)

    with ThreadPoolExecutor(BEDS_AT_ONCE) as sides:
        list(sides.map(from_side, range(BEDS_AT_ONCE)))
    return posted


def _taken(tablet: Tablet, one: Drawn, posted: Posted) -> set[int]:
    """The grades of CRS that the answer says somebody is told of. Whatever else is told is in the answer too."""
    body = a_set(**SEEN[one.grade])
    status, answer = tablet.ask_until_taken(body, seconds=60)
    assert answer["grade"]["grade"] == one.grade
    if one.again:
        replayed = tablet.ask_until_taken(body, seconds=60)
        assert (replayed[0], replayed[1]["alerts"]) == (200, answer["alerts"])
    posted.statuses[status] += 1
    posted.sets.append(body["id"])
    posted.alerts.update({alert["id"]: alert["grade"] for alert in answer["alerts"]})
    return {alert["grade"] for alert in answer["alerts"] if alert["kind"] == "crs"}


# --- Killed -----------------------------------------------------------------------------------------------------


class Reaper:
    """Kills parts of a running stack, and starts them again a little later, as a supervisor does."""

    def __init__(self, stack: Stack, postgres: embedded.Postgres, server: str, dice: random.Random) -> None:
        self.stack, self.postgres, self.dice = stack, postgres, dice
        self.port = int(server.rpartition(":")[2])
        self.web = stack.processes[-1]
        self.workers = [stack.worker() for _ in range(2)]
        self.beat = stack.beat()
        self.killed: Counter[str] = Counter()
        self.parts: dict[str, Callable[[], None]] = {
            "worker": self.kill_worker, "beat": self.kill_beat, "broker": self.kill_broker,
            "database backend": self.kill_backend, "web": self.kill_web,
        }  # fmt: skip

    def reap(self, seconds: float) -> None:
        """One after the other for so long, and each once at least: in rounds of all, in an order that is drawn."""
        end, round_ = time.monotonic() + seconds, list[str]()
        while len(self.killed) < len(self.parts) or time.monotonic() + EVERY[1] < end:
            time.sleep(self.dice.uniform(*EVERY))
            round_ = round_ or self.dice.sample(sorted(self.parts), k=len(self.parts))
            part = round_.pop()
            self.parts[part]()
            self.killed[part] += 1

    def _kill(self, process: Fork) -> None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._wait()

    def _wait(self) -> None:
        time.sleep(self.dice.uniform(*DOWN))

    def kill_worker(self) -> None:
        which = self.dice.randrange(len(self.workers))
        self._kill(self.workers[which])
        self.workers[which] = self.stack.worker()

    def kill_beat(self) -> None:
        self._kill(self.beat)
        self.beat = self.stack.beat()

    def kill_web(self) -> None:
        self._kill(self.web)
        self.web = self.stack.web(self.port)

    def kill_broker(self) -> None:
        self.stack.kill_broker()
        self._wait()
        self.stack.broker.start()

    def kill_backend(self) -> None:
        """One connection's process as the OOM killer would: the server then ends all others and recovers."""
        backends, chosen = list[int](), self.dice.random()
        end = time.monotonic() + 10
        while not backends:  # connections are opened for each request
            assert time.monotonic() < end, "nobody speaks to the database"
            backends = self._backends()
        os.kill(backends[int(chosen * len(backends))], signal.SIGKILL)
        while not self.postgres.answers(self.postgres.port):
            assert time.monotonic() < end + 50, "the database does not recover"
            time.sleep(0.02)

    def _backends(self) -> list[int]:
        find = "SELECT pid FROM pg_stat_activity WHERE usename = %s ORDER BY pid"
        with psycopg.connect(self.postgres.url(embedded.SUPERUSER)) as superuser:
            return [pid for (pid,) in superuser.execute(find, [embedded.APP])]


# --- Arrived ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Arrived:
    """What a receiver took, beside what was answered."""

    missing: set[str]  # alerts that were answered and nobody was called for
    surplus: set[str]  # keys of a second message for one alert, or of one that was not answered
    called_again: int  # messages of later escalation steps, which a long soak has
    twins: int  # messages with the key of one that was taken before


def compared(posted: Posted, hook: Hook) -> Arrived:
    bodies: dict[str, dict[str, Any]] = {}
    for _headers, body in hook.calls:
        message = json.loads(body)
        bodies[message["key"]] = message
    later = {key for key in bodies if "." in key.split(":")[2]}  # alert:ID:OCCURRENCE.STEP:...
    first = {key: body for key, body in bodies.items() if key not in later}
    calls = Counter(body["alert"] for body in first.values())
    grades = {body["alert"]: body["grade"] for body in first.values()}
    surplus = {key for key, body in first.items() if calls[body["alert"]] > 1}
    surplus |= {key for key, body in bodies.items() if body["alert"] not in posted.alerts}
    missing = {alert for alert, grade in posted.alerts.items() if grades.get(alert) != grade}
    return Arrived(missing, surplus, len(later), len(hook.taken) - len({*hook.taken}))
