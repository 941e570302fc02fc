"""What Python decides and no projection holds, as keys that a source joins: SQL compares them and decides nothing.

A source that names one of these in braces has it made for its study as the statement is put together. What somebody
typed never comes into a statement: a name is known by its hash.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256

from psycopg import sql

from grading.models import Episode, Grade, GradeAssessment, Treatment
from grading.review.selectors.assessments import Ledgers, ParticipantLedgers, newest_assessments
from grading.rules.drugs.names import reading
from regimens.models import Study

# What `drug_names` knows a name by.
NAME_KEY = "encode(sha256(convert_to(fact.drug, 'UTF8')), 'hex')"


def drug_names(study: Study, cut: datetime) -> sql.Composable:
    """`key` and `name`: the drug of each typed name of the study that the dictionary knows."""
    typed = Treatment.objects.filter(participant__study=study).values_list("drug", flat=True).distinct().order_by()
    names = {sha256(one.encode()).hexdigest(): reading(one).drug for one in typed}
    generic = {key: name for key, name in sorted(names.items()) if name is not None}
    return sql.SQL("SELECT * FROM unnest({}::text[], {}::text[]) AS one(key, name)").format(
        sql.Literal(list(generic)), sql.Literal([name.upper() for name in generic.values()])
    )


def accepted_assessments(study: Study, cut: datetime) -> sql.Composable:
    """`judgement`, `about`, `kind`, `about_root`: the judgement whose grade is the final one, of each set and episode
    of which there is one.
    """
    roots = [(one.root, one.about, one.kind, one.about_root) for one in _accepted_in(study, cut)]
    columns = [list(column) for column in zip(*sorted(roots), strict=True)] or [[], [], [], []]
    return sql.SQL(
        "SELECT * FROM unnest({}::uuid[], {}::text[], {}::text[], {}::uuid[])"
        " AS one(judgement, about, kind, about_root)"
    ).format(*map(sql.Literal, columns))


def _accepted_in(study: Study, cut: datetime) -> Iterator[GradeAssessment]:
    of_each: dict[int, list[GradeAssessment]] = defaultdict(list)
    for one in newest_assessments().filter(participant__study=study, observed_at__lte=cut):
        of_each[one.participant_id].append(one)
    roots = {one.about_root for judged in of_each.values() for one in judged}
    all_of = {participant: ParticipantLedgers.of(judged) for participant, judged in of_each.items()}
    mine = {"participant__in": all_of, "root__in": roots}
    # Of an onset that opened both a definite and a provisional episode the definite one is what is judged.
    episodes = {(one.participant_id, one.kind, one.root): one
                for one in Episode.objects.filter(**mine).order_by("-provisional")}  # fmt: skip
    ledgers = [
        *(all_of[one.participant_id].of_set(one) for one in Grade.objects.filter(**mine)),
        *(all_of[one.participant_id].of_episode(one) for one in episodes.values()),
    ]
    yield from (one for one in map(accepted_of, ledgers) if one is not None)


def accepted_of(ledgers: Ledgers) -> GradeAssessment | None:
    """The judgement that the final grade is of: the first that holds; else one whose higher grade is not lowered.

    None: the grade by the rules is final.
    """
    for one in ledgers.deciding:
        if ledgers.holds(one):
            return one
    first = next(iter(ledgers.deciding), None)
    return first if first is not None and (first.grade or 0) > ledgers.now.at_least else None


BY_RULES: Mapping[str, Callable[[Study, datetime], sql.Composable]] = {
    "drug_names": drug_names,
    "accepted": accepted_assessments,
}
