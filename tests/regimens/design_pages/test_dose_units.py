"""mg for µg among the doses of a regimen: asked again before it is saved."""

import pytest
from django.urls import reverse

from regimens.design_pages.dose_units import far_doses
from regimens.models import DesignVersion
from tests.pages import as_read
from tests.regimens.design_pages.builders import whole_design
from tests.stages import stage

TYPED = {
    "drug": "epcoritamab", "horizon_d": "28", "do": "save", "after": "1",
    "regimen-0-name": "A", "regimen-0-days": "0 7 14", "regimen-0-doses": "160 0.8 48", "regimen-0-unit": "mg",
}  # fmt: skip


def far(drug, *amounts, unit="mg", **others):
    doses = [{"t_d": 7 * place, unit: amount} for place, amount in enumerate(amounts)]
    return [one.number for one in far_doses({"drug": drug, "regimens": [{"name": "A", "doses": doses}]} | others)]


@pytest.mark.parametrize(("drug", "amounts", "unit", "doubts"), [
    # The label's 0.16, 0.8, 48 mg; 0.004 mg was the first in humans (models.md, starting_dose.md).
    ("epcoritamab", (0.16, 0.8, 48, 48), "mg", []),
    ("epcoritamab", (160, 0.8, 48), "mg", [1]),
    ("epcoritamab", (160, 800, 48_000), "mg", [1, 2, 3]),
    ("epcoritamab", (0.004, 0.04, 0.16), "mg", []),
    ("epcoritamab", (0.00016, 0.8), "mg", []),
    ("epcoritamab", (0.000016, 0.8), "mg", [1]),
    ("epcoritamab", (15.9, 0.8, 48), "mg", []),
    ("epcoritamab", (16.1, 0.8, 48), "mg", [1]),
    ("teclistamab", (0.06, 0.3, 1.5), "mg_per_kg", []),
    ("teclistamab", (60, 0.3, 1.5), "mg_per_kg", [1]),
    ("elranatamab", (12, 32, 76), "mg", []),
    ("elranatamab", (12_000, 32, 76), "mg", [1]),
    ("tarlatamab", (1, 10, 10), "mg", []),
    ("mosunetuzumab", (1, 2, 60), "mg", []),
    ("mosunetuzumab", (1000, 2, 60), "mg", [1]),
])  # fmt: skip
def test_a_dose_more_than_a_hundredfold_from_the_planned_one_is_asked_about(drug, amounts, unit, doubts):
    assert far(drug, *amounts, unit=unit) == doubts


def test_an_own_molecule_has_no_planned_doses():
    assert far_doses({"pk": {}, "regimens": [{"name": "A", "doses": [{"t_d": 0, "mg": 99_000}]}]}) == []


@pytest.fixture
def design(version):
    return version.design_id


@stage
def version(world):
    return whole_design(world)


@pytest.mark.django_db
@pytest.mark.parametrize("tab", ["design-compare", "design-exposure"])
def test_it_is_saved_once_somebody_said_that_the_unit_is_right(world, client, design, tab):
    client.force_login(world.sponsor)
    address = reverse(tab, args=[design])
    answer = client.post(address, TYPED)
    page = as_read(answer.content.decode())

    assert answer.status_code == 400
    assert "A, dose 1: 160 mg is more than 100-fold from what is planned of this molecule." in page
    assert "Is a unit wrong, mg for µg?" in page
    assert 'name="confirm"' in page
    assert DesignVersion.objects.filter(design=design).count() == 1
    assert client.post(address, TYPED | {"confirm": "on"}).status_code == 302
    assert DesignVersion.objects.filter(design=design).count() == 2
