"""R18: "change against signature: what voids what", one row each (docs/signatures.md has the same table).

Judged at 10 h: from the onset at 4 h until then. The window: from the dose until it was closed at 26 h. The release:
from the dose until 28 h. The period: until it was signed at 30 h.
"""

import pytest

from crsmonitor.accounts.proof import Proof
from crsmonitor.errors import InvalidInput, KeyReused
from grading.models import DosePeriod, EpisodeNarrative, GradeAssessment, NeuroAssessment, Treatment, VitalSigns
from grading.recording.kinds import KINDS
from grading.recording.record import record
from grading.review.signatures import words
from grading.review.signatures.kinds import OF_FACTS, SIGNABLES
from regimens.models import Dose, DoseRelease, Signature, Stay, WindowCompletion
from regimens.services.signing import content_of, seal_of, sign, standing, still_says
from tests.builders import dose, draft, hour, kept, neuro, stay, treatment, vitals
from tests.review.drafts import assessment, otherwise
from tests.review.signatures.conftest import SIGNED_AT, signed, voids  # noqa: F401

pytestmark = pytest.mark.django_db
LATE, AGAIN = {"reason": "forgotten"}, {"reason": "mistyped"}
J, R, W, P = "assessment", "release", "window", "period"


def first(model):
    return model.objects.standing().order_by("observed_at")[0]


def newest(model):
    return model.objects.standing().order_by("-observed_at")[0]


def taken_back(model, builder, h, **columns):
    def change(world):
        return builder(world, h, supersedes=first(model), withdrawn=True, **AGAIN, **columns), world.nurse

    return change


def nurse(build):
    return lambda world: (build(world), world.nurse)


def investigator(build):
    return lambda world: (build(world), world.investigator)


def release(world, **columns):
    values = {"step": world.steps[1], "dose_at": hour(168), "override": True, "because": "Another reason."}
    return draft(DoseRelease, world, 29, **values | columns)


def closing(world, **columns):
    values = {"dose": first(Dose), "complete": False, "because": "Left early.", "signed": True}
    return draft(WindowCompletion, world, 27, **values | columns)


LATER = SIGNED_AT + 1
ROWS = [
    ("a set in order, after all", nurse(lambda w: vitals(w, LATER)), {}),
    ("a stay after all", nurse(lambda w: stay(w, LATER)), {}),
    ("a late set between onset and judgement", nurse(lambda w: vitals(w, 8, **LATE)),
     {J: "late", W: "late", R: "late", P: "late"}),
    ("a late set after the judgement, in the window", nurse(lambda w: vitals(w, 14, **LATE)),
     {W: "late", R: "late", P: "late"}),
    ("a late set after the window was closed", nurse(lambda w: vitals(w, 27, **LATE)), {R: "late", P: "late"}),
    ("a late set after the release", nurse(lambda w: vitals(w, 29, **LATE)), {P: "late"}),
    ("a late set before the onset, in the period", nurse(lambda w: vitals(w, 2, **LATE)),
     {W: "late", R: "late", P: "late"}),
    ("a set before the dose", nurse(lambda w: vitals(w, -3, **LATE)), {}),
    ("the onset set corrected, same grade",
     nurse(lambda w: vitals(w, 4, temperature_c=38.7, supersedes=first(VitalSigns),
     **AGAIN)), dict.fromkeys((J, W, R, P), "fact_corrected")),
    ("the onset set withdrawn", taken_back(VitalSigns, vitals, 4, temperature_c=38.6),
     dict.fromkeys((J, W, R, P), "fact_withdrawn")),
    ("a set of after the judgement moved before it",
     nurse(lambda w: vitals(w, 9, supersedes=newest(VitalSigns), **AGAIN)),
     dict.fromkeys((J, W, R, P), "fact_corrected")),
    ("the neuro assessment withdrawn", taken_back(NeuroAssessment, neuro, 5),
     dict.fromkeys((J, W, R, P), "fact_withdrawn")),
    ("the antipyretic withdrawn",
     nurse(lambda w: treatment(w, 6, "paracetamol", "antipyretic", "crs", dose=1000, unit="mg",
     supersedes=first(Treatment), withdrawn=True, **AGAIN)), dict.fromkeys((J, R, P), "fact_withdrawn")),
    ("a late tocilizumab after the window",
     nurse(lambda w: treatment(w, 27, "tocilizumab", "anticytokine", "crs", dose=480,
     unit="mg", **LATE)), {R: "late", P: "late"}),
    ("a late bed in the period", nurse(lambda w: stay(w, 20, bed="14", **LATE)), {P: "late"}),
    ("the bed of before the dose corrected",
     nurse(lambda w: stay(w, -1, bed="9", supersedes=first(Stay), **AGAIN)), {}),
    ("the dose's time corrected", nurse(lambda w: dose(w, 0.5, supersedes=first(Dose), **AGAIN)),
     {W: "fact_corrected", R: "fact_corrected", P: "corrected"}),
    ("the judgement corrected", investigator(lambda w: otherwise(w, 2, h=LATER, about="episode", ledger="investigator",
     supersedes=first(GradeAssessment), **AGAIN)), {J: "corrected", R: "fact_corrected", P: "fact_corrected"}),
    ("a second judgement, with another grade", investigator(lambda w: otherwise(w, 2, h=LATER, about="episode",
     ledger="investigator")), {P: "derived"}),
    ("a second judgement that agrees", investigator(lambda w: assessment(w, h=LATER, about="episode",
     ledger="investigator")), {}),
    ("a nurse's word", nurse(lambda w: assessment(w, h=LATER, about="episode")), {}),
    ("the release withdrawn",
     investigator(lambda w: release(w, supersedes=first(DoseRelease), withdrawn=True, **AGAIN)),
     {R: "withdrawn", P: "fact_withdrawn"}),
    ("the release corrected", investigator(lambda w: release(w, supersedes=first(DoseRelease), **AGAIN)),
     {R: "corrected", P: "fact_corrected"}),
    ("the closing corrected", investigator(lambda w: closing(w, supersedes=first(WindowCompletion), **AGAIN)),
     {W: "corrected", P: "fact_corrected"}),
    ("the next dose", nurse(lambda w: dose(w, 168, step=1)), {}),
]  # fmt: skip


@pytest.mark.req("R18")
@pytest.mark.parametrize(("change", "voided"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_change_voids_what_covers_it_and_nothing_else(signed, change, voided):  # noqa: F811
    fact, by = change(signed)
    at = max(fact.observed_at, hour(LATER))

    kept(fact, signed, by=by, at=at)

    assert voids(signed) == voided
    for one in Signature.objects.filter(participant=signed.participant).select_related("void"):
        signable = SIGNABLES[one.kind]
        key = {"dose__root": one.root} if one.kind == P else {"pk": one.record}
        record_now = signable.model.objects.filter(**key).first()
        by_fact = getattr(one, "void", None)
        if by_fact is None:  # what holds says what it said; nothing changed unseen
            assert still_says(one, signable, record_now), one
        else:
            assert (by_fact.fact, by_fact.by, by_fact.at) == (fact.pk, by, at)


def test_everything_that_is_signed_has_a_row_of_its_own(signed):  # noqa: F811
    rows = {(one.kind, one.meaning, one.proof) for one in Signature.objects.all()}

    assert rows == {
        (J, "grade_confirmed", "password"), (W, "reviewed", "password"), (R, "overridden", "password"),
        (P, "reviewed", "passkey"),
    }  # fmt: skip
    assert {one.by for one in Signature.objects.all()} == {signed.investigator}


@pytest.mark.req("R18")
def test_a_signature_under_another_record_or_name_is_seen(signed):  # noqa: F811
    one = Signature.objects.get(kind=J)
    assessment_of = GradeAssessment.objects.get(ledger="investigator")
    assert one.hash == seal_of(one)
    assert still_says(one, SIGNABLES[J], assessment_of)

    for name, other in (("record", str(signed.participant.pk)), ("by_id", signed.nurse.pk), ("meaning", "reviewed")):
        was = getattr(one, name)
        setattr(one, name, other)
        assert not still_says(one, SIGNABLES[J], assessment_of), name
        setattr(one, name, was)


def test_nobody_signs_the_same_record_twice_and_no_form_signs_twice(signed):  # noqa: F811
    period = first_period()
    with pytest.raises(InvalidInput, match="signed_already"):
        sign(SIGNABLES[P], period, by=signed.investigator, at=hour(LATER), proof=Proof.PASSWORD)
    used = Signature.objects.get(kind=J).pk
    with pytest.raises(KeyReused):
        sign(SIGNABLES[P], period, by=signed.investigator, at=hour(LATER), proof=Proof.PASSWORD, key=used)


def test_the_same_submission_again_signs_nothing_more(signed):  # noqa: F811
    fact = GradeAssessment.objects.get(ledger="investigator")
    names = [field.attname for field in fact._meta.concrete_fields if field.name not in ("digest", "recorded_at")]
    again = GradeAssessment(**{name: getattr(fact, name) for name in names})

    answer = record(again, by=signed.investigator, at=hour(LATER), proof=Proof.PASSWORD)

    assert answer.replayed
    assert standing(J, [str(fact.pk)]).count() == 1


def test_every_fact_that_is_signed_is_in_the_table():
    never = KINDS[VitalSigns].is_signed
    assert set(OF_FACTS) == {model for model, kind in KINDS.items() if kind.is_signed is not never}


def test_every_kind_that_is_signed_has_words_and_a_page():
    assert set(words.KINDS) == set(words.PAGES) == set(SIGNABLES)


def test_a_narrative_is_signed_and_void_by_what_its_episode_covers(signed):  # noqa: F811
    root = GradeAssessment.objects.get(ledger="investigator").about_root
    narrative = draft(EpisodeNarrative, signed, 13, about_root=root, kind="crs", language="en", text="Fever on day 1.")
    kept(narrative, signed, by=signed.investigator)
    assert Signature.objects.get(kind="narrative").meaning == "responsible"

    kept(vitals(signed, 8, **LATE), signed, at=hour(LATER))

    assert voids(signed)["narrative"] == "late"


def test_a_column_that_comes_later_changes_no_record_of_before(signed):  # noqa: F811
    one, signable = Signature.objects.get(kind=W), SIGNABLES[W]
    record_now = WindowCompletion.objects.get()
    now = content_of(signable, record_now, None)["record"] | {"another_column": "x"}

    assert set(one.content["record"]) < set(now)
    assert still_says(one, signable, record_now)


def first_period():
    return DosePeriod.objects.get(dose_number=1)
