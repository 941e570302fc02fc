"""How long the database works for us before it gives up: one stuck transaction must not stop a site.

Given when a connection is opened, so that none is without.
"""

from dataclasses import dataclass

from django.db.utils import Error, InterfaceError, OperationalError


@dataclass(frozen=True, slots=True)
class Limits:
    """In seconds; 0 is no limit."""

    lock: int  # to wait for a row that somebody else holds
    statement: int
    idle: int  # between two statements of a transaction: whoever holds rows so long is gone

    @property
    def by_name(self) -> dict[str, int]:
        """By the names of PostgreSQL."""
        return {
            "lock_timeout": self.lock,
            "statement_timeout": self.statement,
            "idle_in_transaction_session_timeout": self.idle,
        }

    @property
    def options(self) -> str:
        """For libpq's `options`."""
        return " ".join(f"-c {name}={value}s" for name, value in self.by_name.items())

    @property
    def statements(self) -> str:
        """For a session that is open, where options do not arrive."""
        return "; ".join(f"SET {name} = '{value}s'" for name, value in self.by_name.items())


SITE = Limits(lock=3, statement=15, idle=30)  # web and workers; an export has 30 min on a connection of its own
COMMAND = Limits(lock=0, statement=0, idle=0)  # migrate, rederive and their like: a person waits for them

RETRY_SECONDS = 3  # when a client that was told "busy" may come again

# SQLSTATE of errors that are not operational ones to psycopg, and pass: idle in a transaction, a standby.
_PASSING = frozenset({"25P03", "25006"})


def is_read_only_error(error: BaseException) -> bool:
    """Whether the database takes no writes now."""
    return getattr(error.__cause__, "sqlstate", None) == "25006"


def is_busy(error: BaseException) -> bool:
    """Whether the same request may go well in a moment: a row is held, a limit was met, the database is away."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return isinstance(error, Error) and getattr(error.__cause__, "sqlstate", None) in _PASSING
