"""What entries cost at the sites that a user runs. Spreads only: no entry, no participant, no person."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.errors import NotFound
from grading.effort.figures import Spread, spread_of
from grading.models import EntryEffort
from regimens.models import Site, Study
from regimens.selectors import sites_for, studies_for

MEASURES = ("seconds", "taps", "corrections", "retypes")


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortLine:
    """`shift` empty: of all shifts. `person_shifts`: how many people's shifts the entries are of.

    `per_person_shift`: how many entries each of them made.
    """

    kind: str
    shift: str
    person_shifts: int
    per_person_shift: Spread | None
    spreads: dict[str, Spread | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortOfSite:
    study: Study
    site: Site
    lines: Sequence[EffortLine]


def efforts_for(user: User) -> list[EffortOfSite]:
    """Each site that the user runs, with a line for each kind of entry and one for each of its shifts.

    Raises NotFound for who runs none.
    """
    studies = list(studies_for(user, Act.RUN_WARD).order_by("code"))
    if not studies:
        raise NotFound("no_such_page")
    places = [(study, site) for study in studies for site in sites_for(user, study, Act.RUN_WARD).order_by("code")]
    rows: dict[tuple[int, int], list[EntryEffort]] = defaultdict(list)
    for row in EntryEffort.objects.filter(study__in=studies).order_by("kind", "shift"):
        rows[row.study_id, row.site_id].append(row)
    return [
        EffortOfSite(study=study, site=site, lines=_lines(rows[study.pk, site.pk]))
        for study, site in places
        if rows[study.pk, site.pk]
    ]


def _lines(rows: Sequence[EntryEffort]) -> list[EffortLine]:
    lines = []
    for kind, of_kind in groupby(rows, attrgetter("kind")):
        entries = list(of_kind)
        lines.append(_line(kind, "", entries))
        lines += [_line(kind, shift, list(some)) for shift, some in groupby(entries, attrgetter("shift"))]
    return lines


def _line(kind: str, shift: str, rows: Sequence[EntryEffort]) -> EffortLine:
    people: dict[str, int] = defaultdict(int)
    for row in rows:
        people[row.person_shift] += 1
    return EffortLine(
        kind=kind,
        shift=shift,
        person_shifts=len(people),
        per_person_shift=spread_of(people.values()),
        spreads={name: spread_of(getattr(row, name) for row in rows) for name in MEASURES},
    )
