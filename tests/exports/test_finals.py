"""What the export's SQL makes of judgements is what `rules/grades/final.py` makes of them, over the small space."""

from itertools import product

import pytest
from django.db import connection

from grading.exports.finals import ABOUT, FINAL, NOW
from grading.rules.grades.final import Derived, Word, final_of

pytestmark = pytest.mark.django_db

GRADES = (0, 1, 2, 4)
WORDS = [(None, 1, 1), (0, 1, 1), (4, 1, 2), (1, 4, 4), (0, 0, 2), (2, 0, None), (None, 0, 4)]
CASES = list(product(("", "flag"), GRADES, GRADES, [None, *WORDS], [None, *WORDS]))

# As FINALS has it, of one episode z and the words n of two ledgers.
QUERY = f"""
    WITH z (id, provisional, max_grade, axis_grade) AS (
            SELECT * FROM unnest(%s::int[], %s::text[], %s::int[], %s::int[])),
         n (id, ledger, grade, derived_grade, derived_at_most, stands) AS (
            SELECT u.*, true FROM unnest(%s::int[], %s::text[], %s::int[], %s::int[], %s::int[]) u)
    SELECT DISTINCT ON (z.id) z.id, {FINAL}, v.holds, NOT v.holds
      FROM n JOIN z ON z.id = n.id CROSS JOIN LATERAL (SELECT n.stands AND {NOW} <= {ABOUT} AS holds) v
     ORDER BY z.id, n.stands DESC, v.holds DESC, n.ledger = 'central' DESC
"""


def test_sql_and_python_give_the_same_final_grade():
    episodes = [(i, flag, 0 if flag else grade, max(grade, most)) for i, (flag, grade, most, *_) in enumerate(CASES)]
    words = [
        (i, ledger, *word)
        for i, (*_, central, investigator) in enumerate(CASES)
        for ledger, word in (("central", central), ("investigator", investigator))
        if word is not None
    ]
    with connection.cursor() as cursor:
        cursor.execute(QUERY, [*map(list, zip(*episodes, strict=True)), *map(list, zip(*words, strict=True))])
        found = {row[0]: row[1:] for row in cursor.fetchall()}

    for i, flag, grade, most in episodes:
        said = [Word(grade=g, about=a, about_at_most=m) for g, a, m in (w[2:] for w in words if w[0] == i)]
        if said:
            final = final_of(Derived(at_least=grade, at_most=most, unsettled=bool(flag)), said)
            assert found[i] == (final.grade, final.judged, final.again), CASES[i]
