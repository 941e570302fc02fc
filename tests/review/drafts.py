"""What people say of a grade, as drafts, and what is final after it."""

from grading.models import Episode, Grade, GradeAssessment, ReviewAssignment
from grading.review.selectors.assessments import ledgers_of
from tests.builders import World, draft, kept


def assessment(world: World, *, h: float = 5, about: str = "set", ledger: str = "nurse", **columns) -> GradeAssessment:
    root = Grade.objects.get(kind="crs", participant=world.participant).root if about == "set" else None
    if about == "episode":
        root = Episode.objects.get(kind="crs", participant=world.participant).root
    fields = {"about": about, "about_root": root, "kind": "crs", "ledger": ledger, "agrees": True}
    return draft(GradeAssessment, world, h, **fields | columns)


def otherwise(world: World, grade: int, **columns) -> GradeAssessment:
    return assessment(world, agrees=False, grade=grade, because="bleeding", **columns)


def final_of(world: World) -> int:
    return ledgers_of(world.participant).of_episode(Episode.objects.get(kind="crs")).final


def send(world: World, h: float = 5, why: str = "sample") -> None:
    """The episode to central review."""
    about = {"kind": "crs", "about_root": Episode.objects.get().root}
    kept(draft(ReviewAssignment, world, h, why=why, because="1 of 10", **about), world, by=world.data_manager)
