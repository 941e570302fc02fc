"""Of which kinds there is anything on record, asked of all their tables at once: most courses have few of them."""

from functools import cache
from typing import Any

from django.db import connection

from regimens.models import Participant

Models = tuple[type[Any], ...]


def kinds_on_record(participant: Participant, kinds: Models) -> frozenset[type[Any]]:
    """Those of which the participant has a row, whatever it says. One statement, where a look into each is one each.

    A kind that has none need not be read. Whoever derives holds the participant, so that none is added meanwhile.
    """
    with connection.cursor() as cursor:
        cursor.execute(_statement(kinds), {"participant": participant.pk})
        row = cursor.fetchone()
    return frozenset(kind for kind, has_any in zip(kinds, row, strict=True) if has_any)


@cache
def _statement(kinds: Models) -> str:
    name = connection.ops.quote_name
    tables = [(name(kind._meta.db_table), name(kind._meta.get_field("participant").column)) for kind in kinds]
    looks = [f"EXISTS (SELECT FROM {table} WHERE {column} = %(participant)s)" for table, column in tables]
    return f"SELECT {', '.join(looks)}"
