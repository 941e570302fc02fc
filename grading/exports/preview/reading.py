"""A statement of a data set for a page: it has some seconds, and is given up rather than waited for."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection, transaction
from psycopg import sql
from psycopg.errors import QueryCanceled

from grading.exports.datasets.dataset import Dataset
from grading.exports.datasets.statement import statement
from grading.models import DataCut
from regimens.blinding import Profile

SECONDS = 5  # the longest that a page waits for one statement


class TooLong(Exception):
    """There is more than a page can wait for."""


def of_cut(dataset: Dataset, cut: DataCut, *, until: datetime) -> sql.Composed:
    """The rows of a data set up to an instant with the sites and the profile of a cut, as they are known now."""
    sites = None if cut.sites is None else tuple(cut.sites)
    return statement(dataset, study=cut.study, sites=sites, cut=until, profile=Profile(cut.profile))


@contextmanager
def in_time() -> Iterator[psycopg.Cursor[Any]]:
    """A cursor of the database's own. Raises TooLong."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{SECONDS}s'")
            cursor.execute("SET LOCAL jit = off")
            yield cursor.cursor
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except QueryCanceled as error:
        raise TooLong from error
