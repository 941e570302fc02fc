"""The band of a version that was made of a design is frozen when it comes into force, from what was known before."""

import math
from concurrent.futures import ThreadPoolExecutor
from statistics import fmean, stdev

import pytest
from django.db import DatabaseError, connection, transaction

from crsmonitor.accounts.models import User
from crsmonitor.accounts.proof import Proof
from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.errors import InvalidInput
from regimens.design.contract import kinds
from regimens.models import DesignedRegimen, PredictedBand, Regimen
from regimens.services.designs import save_version
from regimens.services.drafting import approve
from regimens.services.versions import adopt, amend
from tests.builders import build_world, hour, person
from tests.regimens.designed.builders import CONTENTS, WHOLE, designed_version, drafted, origin_of, windowed
from tests.regimens.designs.builders import run_row

pytestmark = pytest.mark.django_db
COMPARED = CONTENTS["comparison"]
# 60 participants of whom 3 had an event: far fewer than the prior of epcoritamab says.
FEW_EVENTS = [{"regimen": "label", "period": 3, "n": 60, "events": 3}]
ESCALATION = COMPARED | {
    "data": FEW_EVENTS, "ladder": ["label"], "current": "label", "grade3": {"events": 0, "of": 3},
}  # fmt: skip


def approved(world, version: Regimen) -> Regimen:
    return approve(version.pk, because="chosen", by=world.investigator, at=hour(-50), proof=Proof.PASSWORD)


def column(band: PredictedBand, place: int) -> list[float]:
    return [row[place] for row in band.draws]


def test_a_band_of_400_draws_of_the_prior_is_frozen_with_the_approval_and_not_before(world):
    version = designed_version(world)
    draft = drafted(world, origin_of(version))
    assert (draft.designed.version, draft.designed.rungs) == (version, {"": "label"})
    assert not PredictedBand.objects.exists()

    approved(world, draft)

    band = PredictedBand.objects.get()
    assert (band.designed.regimen, band.taken_from, band.at) == (draft, "prior", hour(-50))
    assert (band.engine, len(band.draws)) == (kinds.engine(), 400)
    # LI26, adaptive.md: ln SMAX 0.0539 (1), ln S50 of 0.0943 (1), ln Kin -0.832 (0.5). 400 draws: within 4 errors.
    for place, (mean, sd) in enumerate([(0.0539, 1), (math.log(0.0943), 1), (-0.832, 0.5)]):
        assert fmean(column(band, place)) == pytest.approx(mean, abs=4 * sd / 20)
        assert stdev(column(band, place)) == pytest.approx(sd, rel=0.15)
    assert band.fields == {
        "drug": "epcoritamab", "patient": {}, "hill": pytest.approx(math.exp(-0.124)),
        "i50_over_s50": 0.00473, "endpoint": "grade2plus",
    }  # fmt: skip


def test_the_same_version_of_a_design_gives_the_same_draws(world):
    other = build_world("TWIN")
    for one in (world, other):
        approved(one, drafted(one, origin_of(designed_version(one))))

    first, second = PredictedBand.objects.all()
    assert (first.draws, first.seed) == (second.draws, second.seed)


def test_a_band_of_the_posterior_is_as_narrow_as_the_counts_of_the_design_make_it(world):
    contents = CONTENTS | {"escalation": ESCALATION}
    approved(world, drafted(world, origin_of(designed_version(world, contents), band_from="posterior")))

    band = PredictedBand.objects.get()
    learned = kinds.answer("posterior", COMPARED | {"data": FEW_EVENTS})["parameters"]
    assert band.taken_from == "posterior"
    for place, name in enumerate(("ln_smax", "ln_s50", "ln_kin")):
        mean, sd = learned[name]["posterior"]
        assert fmean(column(band, place)) == pytest.approx(mean, abs=4 * sd / 20)
        assert stdev(column(band, place)) == pytest.approx(sd, rel=0.15)


def test_a_version_that_is_in_force_at_once_has_its_band_at_once(world):
    version = designed_version(world)
    more = {"variant": "US", "by": "operator", "at": hour(-100), "origin": origin_of(version)}

    first = adopt(study=world.study, document=windowed(), reason="", own=WHOLE, **more)
    second = amend(regimen=first, document=windowed(), reason="again", looks=WHOLE.looks, **more)

    frozen = PredictedBand.objects.select_related("designed__regimen")
    assert {one.designed.regimen for one in frozen} == {first, second}
    assert {one.by for one in DesignedRegimen.objects.all()} == {None}


@pytest.mark.parametrize(
    ("compared", "code"),
    [
        ({"drug": "teclistamab"}, "band_needs_prior"),
        ({"hazard": {"smax_per_d": 1, "s50_ug_ml": 0.1}}, "band_needs_prior"),
        ({"patient": {"prophylaxis": "both"}}, "band_prior_is_of_others"),
    ],
)
def test_without_a_prior_of_its_hazard_there_is_no_band_and_the_draft_says_so(world, compared, code):
    version = designed_version(world, {"comparison": COMPARED | compared})

    with pytest.raises(InvalidInput, match="band_not_frozen") as refused, transaction.atomic():
        drafted(world, origin_of(version))
    assert refused.value.fields["band_from"][0].code == code

    approved(world, drafted(world, origin_of(version, band_from="")))
    assert not PredictedBand.objects.exists()


def test_a_posterior_without_counts_is_no_posterior(world):
    with pytest.raises(InvalidInput, match="band_needs_counts"):
        drafted(world, origin_of(designed_version(world), band_from="posterior"))


def test_a_design_that_has_changed_since_is_neither_drafted_nor_approved(world):
    version = designed_version(world)
    draft = drafted(world, origin_of(version))
    changed = {"comparison": COMPARED | {"horizon_d": 40}}
    newer = save_version(design_id=version.design_id, contents=changed, by=world.sponsor, at=hour(-90))

    for act in (lambda: approved(world, draft), lambda: drafted(world, origin_of(version))):
        with pytest.raises(InvalidInput, match="design_version_replaced") as refused, transaction.atomic():
            act()
        assert refused.value.message.values == {"number": 1, "newest": 2, "by": world.sponsor.get_username()}
    assert not PredictedBand.objects.exists()
    assert approved(world, drafted(world, origin_of(newer))).designed.version == newer


def test_a_run_of_another_version_and_a_design_of_another_study_are_refused(world):
    version, strange = designed_version(world), designed_version(build_world("AWAY"))
    newest = designed_version(world, name="another")

    with pytest.raises(InvalidInput, match="run_of_another_version"), transaction.atomic():
        drafted(world, origin_of(version, run=run_row(newest)))
    with pytest.raises(InvalidInput, match="no_such_design"):
        drafted(world, origin_of(strange))


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_approve_at_the_same_moment_one_does_and_there_is_one_band(transactional_world):
    world = transactional_world
    with acting(by="test", reason="a second investigator"):
        other = person("second", world.study, Role.INVESTIGATOR)
    draft = drafted(world, origin_of(designed_version(world)))

    def bring(by: User) -> str:
        try:
            approve(draft.pk, because="chosen", by=by, at=hour(-50), proof=Proof.PASSWORD)
            return "in force"
        except InvalidInput as refused:
            return refused.message.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(bring, [world.investigator, other])) == ["approved_already", "in force"]
    assert PredictedBand.objects.count() == 1


def test_what_was_frozen_is_written_once_and_comes_with_approval_alone(world):
    draft = drafted(world, origin_of(designed_version(world)))

    with pytest.raises(DatabaseError, match="frozen when it comes into force"), transaction.atomic():
        PredictedBand.objects.create(
            designed=draft.designed, taken_from="prior", draws=[], seed=1, engine="-", fields={}, at=hour(0)
        )
    approved(world, draft)
    for table in ("regimens_designedregimen", "regimens_predictedband"):
        for change in (f"UPDATE {table} SET at = at", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match=r"permission denied|is written once"), transaction.atomic():
                connection.cursor().execute(change)
