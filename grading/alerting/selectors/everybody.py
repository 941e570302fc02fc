"""Participants for a command that an operator runs: nobody signs in, and every site is meant."""

from collections.abc import Iterator

from django.db.models import QuerySet

from regimens.models import Participant

PAGE = 500  # ids held at a time


def _chosen(study: str | None, number: str | None) -> QuerySet[Participant]:
    chosen = Participant.objects.all()
    if study is not None:
        chosen = chosen.filter(study__code=study)
    return chosen if number is None else chosen.filter(number=number)


def standing(*, study: str | None, number: str | None) -> int:
    """How many there are."""
    return _chosen(study, number).count()


def ids_of(*, study: str | None, number: str | None) -> Iterator[int]:
    """Their keys, in order; those that arrive meanwhile come last."""
    after = 0
    while page := list(_chosen(study, number).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:PAGE]):
        yield from page
        after = page[-1]
