"""Queries as a test makes them: about the fever of the set at hour 4, at the hours that it says."""

import uuid
from typing import Any

from crsmonitor.accounts.models import User
from grading.models import DataQuery
from grading.queries.services import AboutRecord, StepBy, move_query, open_query
from grading.rules.queries.thread import QueryMove
from regimens.facts import Fact
from tests.builders import World, hour


def taken(by: User, h: float, **columns: Any) -> StepBy:
    return StepBy(**{"id": uuid.uuid4(), "by": by, "at": hour(h)} | columns)


def about(fact: Fact, field: str = "") -> AboutRecord:
    return AboutRecord(
        participant_id=fact.participant_id, kind=fact._meta.db_table, root=fact.root, field=field
    )  # fmt: skip


def asks(world: World, fact: Fact, h: float = 5, *, field: str = "", text: str = "38.6 or 36.8?", **columns: Any):
    """The data manager opens a query."""
    by = columns.pop("by", world.data_manager)
    return open_query(about(fact, field), text, step=taken(by, h, **columns))


def moved(query: DataQuery, move: QueryMove, by: User, h: float, text: str = "as on the paper", **columns: Any) -> None:
    move_query(query.pk, move, text, step=taken(by, h, **columns))
