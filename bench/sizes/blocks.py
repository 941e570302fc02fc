"""The blocks that a question touches, by table with its indexes, as the server counts them.

Beside all of them those without the inner pages of B-trees: a table ten times as large has an index that is a level
deeper every second time, so that each row that is looked up by a key costs a page more. Those pages are a few
hundredths of an index and in memory always; heap and leaf pages are what has to be fetched.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

OF_TABLES = """
SELECT relname, heap_blks_read + heap_blks_hit + coalesce(idx_blks_read + idx_blks_hit, 0)
              + coalesce(toast_blks_read + toast_blks_hit, 0) + coalesce(tidx_blks_read + tidx_blks_hit, 0)
  FROM pg_statio_user_tables
"""
OF_INDEXES = """
SELECT s.relname, s.indexrelid, s.idx_scan FROM pg_stat_user_indexes s WHERE s.idx_scan > 0
"""
LEVELS = """
SELECT i.indexrelid, (SELECT fastlevel FROM bt_metap(i.indexrelid::regclass::text))
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam AND a.amname = 'btree'
 WHERE c.relnamespace = 'public'::regnamespace
"""


@dataclass(frozen=True, slots=True)
class Touched:
    """`blocks`: all, by table. `inner`: those of them that are pages of an index above its leaves."""

    blocks: Counter[str]
    inner: Counter[str]

    @property
    def fetched(self) -> int:
        """Heap and leaf pages."""
        return self.blocks.total() - self.inner.total()


class Counting:
    """Asks as the superuser what was asked on Django's connection. Made anew when the database has grown."""

    def __init__(self, superuser: Any) -> None:
        self.superuser = superuser
        superuser.execute("CREATE EXTENSION IF NOT EXISTS pageinspect")
        superuser.execute("GRANT EXECUTE ON FUNCTION pg_stat_force_next_flush() TO PUBLIC")
        self.levels: dict[int, int] = dict(superuser.execute(LEVELS).fetchall())

    def touched(self, ask: Callable[[], Any]) -> tuple[Any, Touched]:
        """Its answer and what it touched. A descent into an index passes a page of each level above the leaves."""
        blocks, scans = self._now()
        answer = ask()
        more_blocks, more_scans = self._now()
        inner: Counter[str] = Counter()
        for (table, index), times in (more_scans - scans).items():
            inner[table] += times * self.levels.get(index, 0)
        return answer, Touched(more_blocks - blocks, +inner)

    def _now(self) -> tuple[Counter[str], Counter[tuple[str, int]]]:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_force_next_flush()")
        scans = self.superuser.execute(OF_INDEXES).fetchall()
        blocks = Counter(dict(self.superuser.execute(OF_TABLES).fetchall()))
        return blocks, Counter({(table, index): times for table, index, times in scans})
