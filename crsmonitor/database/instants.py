"""Instants read as the server writes them to this program, whose sessions are in UTC: by one call, no expression.

Every page and every save reads them by the dozen.
"""

from datetime import UTC, datetime

from django.db.backends.postgresql.psycopg_any import BaseTzLoader, get_adapters_template
from psycopg.abc import Buffer

_UTC_ENDS = b"+00"


class UtcLoader(BaseTzLoader):
    """As Django's own, which reads what is not of this form: another zone, a year of no calendar, infinity."""

    timezone = UTC

    def load(self, data: Buffer) -> datetime:
        text = bytes(data)
        if text.endswith(_UTC_ENDS):
            try:
                return datetime.fromisoformat(text.decode())
            except ValueError:
                pass
        return super().load(data)  # type: ignore[no-any-return]


def read_instants_at_once() -> None:
    """On every connection that is opened from now on."""
    get_adapters_template(True, UTC).adapters.register_loader("timestamptz", UtcLoader)
