"""The next version by file of one made of a design is of that design while its steps, days and doses stay."""

import copy

import pytest
from django.urls import reverse

from crsmonitor.accounts.proof import Proof
from crsmonitor.errors import InvalidInput
from regimens.library import as_json, document_from
from regimens.models import DesignedRegimen, PredictedBand
from regimens.services.designs import save_version
from regimens.services.drafting import approve, draft
from tests.builders import hour
from tests.regimens.designed.builders import DOSES, WHOLE, designed_version, drafted, origin_of, windowed
from tests.stages import stage

pytestmark = pytest.mark.django_db
OTHER = {"comparison": {"drug": "epcoritamab", "regimens": [{"name": "label", "doses": DOSES[:3]}]}}


@stage
def version(world):
    return designed_version(world)


@stage
def first(world, version):
    """The design's draft, which nobody approved yet."""
    return drafted(world, origin_of(version))


def approved(world, made):
    return approve(made.pk, because="chosen", by=world.investigator, at=hour(-50), proof=Proof.PASSWORD)


def next_of(world, before, change):
    """The file of the page with something changed in it."""
    data = copy.deepcopy(as_json(windowed().data))
    change(data)
    return draft(
        study=world.study, document=document_from(data), variant="US", by=world.data_manager, reason="by file",
        at=hour(-90), own=WHOLE, amends=before,
    )  # fmt: skip


def notes(data):
    data["notes"] = [*data.get("notes", ()), {"text": "what the protocol adds", "source": next(iter(data["sources"]))}]


def no_restart(data):
    del data["restart"]


def another_dose(data):
    data["steps"][1]["dose"] = "0.9"


def another_day(data):
    data["steps"][1]["day"] += 1


def the_same_dose_in_other_digits(data):
    data["steps"][1]["dose"] = f"{data['steps'][1]['dose']}0"


@pytest.mark.parametrize(("change", "stays"), [
    (notes, True), (no_restart, True), (the_same_dose_in_other_digits, True), (another_dose, False),
    (another_day, False),
])  # fmt: skip
def test_what_no_design_says_may_change_and_what_it_says_may_not(world, version, first, change, stays):
    made = next_of(world, first, change)

    designed = DesignedRegimen.objects.filter(regimen=made).first()
    assert (designed is not None) == stays
    if designed is not None:
        assert (designed.version, designed.rungs, designed.band_from) == (version, {"": "label"}, "prior")
    approved(world, made)
    assert PredictedBand.objects.filter(designed__regimen=made).exists() == stays


def test_after_the_one_in_force_it_stays_so_whatever_is_designed_meanwhile(world, client, version, first):
    approved(world, first)
    save_version(design_id=version.design_id, contents=OTHER, by=world.sponsor, at=hour(-95))

    drafted_next = next_of(world, first, notes)
    client.force_login(world.investigator)
    page = client.get(reverse("regimen", args=[drafted_next.pk])).content.decode()
    assert "The design has a newer version" not in page
    made = approved(world, drafted_next)

    bands = [PredictedBand.objects.get(designed__regimen=one) for one in (first, made)]
    assert bands[0].draws == bands[1].draws


def test_its_editor_says_so(world, client, first):
    client.force_login(world.data_manager)
    page = client.get(reverse("regimen-amend", args=[first.pk])).content.decode()
    assert "Made of the design three steps, version 1." in page


def test_before_anything_is_in_force_a_design_that_changed_is_refused_by_file_too(world, version, first):
    save_version(design_id=version.design_id, contents=OTHER, by=world.sponsor, at=hour(-95))

    with pytest.raises(InvalidInput) as refused:
        next_of(world, first, notes)
    assert [message.code for message in refused.value.fields["version"]] == ["design_version_replaced"]
