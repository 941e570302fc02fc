"""What many tests begin with is recorded once, and every test finds it untouched. engines.py has them found.

A stage is a fixture that records something and needs nothing but other stages. It is recorded in a savepoint
below the test's own, which takes back what the test did: Django's `setUpTestData` for fixtures that build on each
other. The next test keeps what it begins with as well, takes back the rest, and records only what it lacks. Its
objects are copies, so that what one test sets on them no other sees.
"""

import copy
import inspect
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

import pytest
from django.db import connection, transaction

Build = Callable[..., Any]
LASTS_S = 5  # recorded again after so long: some are "two hours ago"


def stage(build: Build | None = None, *, lasts_s: float | None = None) -> Any:
    """A fixture like any other to those who ask for it; its parameters are the stages that it begins with.

    `lasts_s`: of one that takes long to record and does not mind the time. None: LASTS_S.
    """
    if build is None:
        return partial(stage, lasts_s=lasts_s)

    def from_stage(request: pytest.FixtureRequest, db: None, **needs: Any) -> Any:
        recorded = request.getfixturevalue("_recorded")
        return recorded[build] if build in recorded else build(**needs)  # a test that commits, or asked while running

    own = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in inspect.signature(build).parameters]
    given = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in ("request", "db")]
    from_stage.__signature__ = inspect.Signature([*given, *own])
    from_stage.__name__, from_stage.__doc__, from_stage.__module__ = build.__name__, build.__doc__, build.__module__
    from_stage.build, build.lasts_s = build, lasts_s
    return pytest.fixture(from_stage)


@dataclass(frozen=True)
class Level:
    build: Build
    values: dict[Build, Any]  # what this and the levels below gave
    savepoint: transaction.Atomic
    since: float

    @property
    def is_old(self) -> bool:
        lasts_s = getattr(self.build, "lasts_s", None)
        return time.monotonic() > self.since + (LASTS_S if lasts_s is None else lasts_s)


def atomic_blocks() -> list[transaction.Atomic]:
    return connection.atomic_blocks


@dataclass
class Stack:
    """The stages that are on record now, each in a savepoint inside the one before."""

    levels: list[Level] = field(default_factory=list)

    def reach(self, wanted: dict[Build, list[Build]]) -> dict[Build, Any]:
        """Leave exactly these on record, given in the order to record them in, with what each needs."""
        if not self.stands():
            self.leave(0)
        same = 0
        for level, build in zip(self.levels, wanted, strict=False):
            if level.build is not build or level.is_old:
                break
            same += 1
        self.leave(same)
        for build in list(wanted)[same:]:
            self.enter(build, wanted[build])
        return copy.deepcopy(self.values)

    @property
    def values(self) -> dict[Build, Any]:
        return self.levels[-1].values if self.levels else {}

    def stands(self) -> bool:
        """Whether no test closed the connection or left its transaction broken."""
        broken = connection.connection is None or connection.closed_in_transaction or connection.needs_rollback
        return not broken and atomic_blocks() == [level.savepoint for level in self.levels]

    def enter(self, build: Build, needs: list[Build]) -> None:
        values = copy.deepcopy(self.values)
        savepoint = transaction.atomic()
        savepoint.__enter__()
        try:
            values[build] = build(*(values[need] for need in needs))
            connection.check_constraints()  # here once, or every test would check them again
        except BaseException:
            savepoint.__exit__(*sys.exc_info())
            raise
        self.levels.append(Level(build, values, savepoint, time.monotonic()))

    def leave(self, until: int) -> None:
        while len(self.levels) > until:
            savepoint = self.levels.pop().savepoint
            if not connection.closed_in_transaction:
                transaction.set_rollback(True)
            savepoint.__exit__(None, None, None)


def wanted_by(item: pytest.Item) -> dict[Build, list[Build]]:
    """The stages that a test and its fixtures name. None where others must see what it does, or it what others do."""
    marker = item.get_closest_marker("django_db")
    outside = marker and (marker.kwargs.get("transaction") or marker.kwargs.get("databases"))
    names = getattr(item, "fixturenames", ())
    if outside or {"transactional_db", "superuser"} & set(names):
        return {}
    wanted: dict[Build, list[Build]] = {}
    defined = item._fixtureinfo.name2fixturedefs if names else {}  # type: ignore[attr-defined]

    def add(name: str) -> Build | None:
        build = getattr(defined[name][-1].func, "build", None) if name in defined else None
        if build is not None and build not in wanted:
            needs = [add(need) for need in needs_of(build)]
            assert None not in needs, f"{build.__name__} is a stage and may need nothing but stages"
            wanted[build] = needs
        return build

    # In alphabetical order, so that tests that name the same find the same below them.
    for name in sorted(names):
        add(name)
    return wanted


@cache
def needs_of(build: Build) -> tuple[str, ...]:
    return tuple(inspect.signature(build).parameters)


def side_by_side(chains: Sequence[Sequence[Build]]) -> list[int]:
    """In which order to run tests that begin with these stages: what many begin with is then recorded once.

    Stages stand on each other, so a small trial was recorded anew after every file that begins with another world.
    Who begins with nothing comes first; of the others the order is that of the first that needs what they need.
    """
    first: dict[tuple[Build, ...], int] = {}
    ranks: list[tuple[int, ...]] = []
    for place, chain in enumerate(chains):
        below = [tuple(chain[: length + 1]) for length in range(len(chain))]
        ranks.append(tuple(first.setdefault(each, place) for each in below))
    return sorted(range(len(chains)), key=ranks.__getitem__)
