"""Any data set of the catalogue as a test reads it: through its COPY, as a list of rows."""

import csv
import io
from datetime import datetime

from django.db import connection

from grading.exports.datasets import ALL
from grading.exports.datasets.statement import copy_csv, statement
from grading.exports.writers import blocks_of
from regimens.blinding import Profile
from tests.builders import World

BY_NAME = {dataset.name: dataset for dataset in ALL}
Row = dict[str, str]


def raw(world: World, name: str, cut: datetime, *, profile: Profile = Profile.DOSES, sites=None) -> bytes:
    query = statement(BY_NAME[name], study=world.study, sites=sites, cut=cut, profile=profile)
    with connection.cursor() as cursor:
        return b"".join(blocks_of(cursor.cursor, copy_csv(query)))


def rows(world: World, name: str, cut: datetime, *, sites=None) -> list[Row]:
    return list(csv.DictReader(io.StringIO(raw(world, name, cut, sites=sites).decode(), newline="")))


def listed(world: World, name: str, cut: datetime, *columns: str) -> list[tuple[str, ...]]:
    return [tuple(row[column] for column in columns) for row in rows(world, name, cut)]
