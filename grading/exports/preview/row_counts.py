"""How many rows each data set would have now, and how many it had in a cut."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import sql

from grading.exports.datasets import ALL
from grading.exports.datasets.dataset import Dataset
from grading.exports.datasets.statement import statement
from grading.exports.preview.reading import TooLong, in_time
from grading.exports.rows import Scope
from grading.models import DataCut
from regimens.blinding import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCount:
    """`now` None: too many to count for a page. `then` None: there is no cut, or the data set was not in it."""

    dataset: Dataset
    now: int | None
    then: int | None

    @property
    def more(self) -> str | None:
        """How many rows came or went, with its sign. None: not known."""
        if self.now is None or self.then is None:
            return None
        more = self.now - self.then
        return f"{more:+}".replace("-", "\N{MINUS SIGN}") if more else "0"


def row_counts(scope: Scope, since: DataCut | None, manifest: dict[str, Any], *, at: datetime) -> Iterator[RowCount]:
    """Of every data set. With the sites and the profile of `since`, so that like is compared with like."""
    sites, profile = scope.sites, scope.profile
    if since is not None:
        sites, profile = None if since.sites is None else tuple(since.sites), Profile(since.profile)
    then = {entry["name"]: entry["rows"] for entry in manifest.get("files", ())}
    counts = sql.SQL(", ").join(
        sql.SQL("(SELECT count(*) FROM ({}) one)").format(
            statement(dataset, study=scope.study, sites=sites, cut=at, profile=profile)
        )
        for dataset in ALL
    )
    try:
        with in_time() as cursor:
            now = cursor.execute(sql.SQL("SELECT {}").format(counts)).fetchone() or ()
    except TooLong:
        now = (None,) * len(ALL)
    for dataset, count in zip(ALL, now, strict=True):
        yield RowCount(dataset=dataset, now=count, then=then.get(f"{dataset.name}.csv"))
