"""A finished run beside the typical person: only of the version and the regimens that the page shows."""

import json

import pytest
from django.urls import reverse

from regimens.charts.figures import percent, points, span
from regimens.design_pages.layers import trial_page
from regimens.services.designs import save_version
from tests.builders import hour
from tests.pages import as_read
from tests.regimens.design_pages.builders import COMPARISON, finished_trial, whole_design
from tests.stages import stage

pytestmark = pytest.mark.django_db
OTHERS = {
    "drug": "epcoritamab", "horizon_d": "28",
    "regimen-0-name": "A", "regimen-0-days": "0 7 14", "regimen-0-doses": "0.16 0.8 24", "regimen-0-unit": "mg",
}  # fmt: skip


@stage
def version(world):
    return whole_design(world)


@stage
def done(version):
    return finished_trial(version)


def compare_page(client, version, typed=None) -> str:
    address = reverse("design-compare", args=[version.design_id])
    return as_read((client.post(address, typed) if typed else client.get(address)).content.decode())


def test_the_layers_stand_in_the_cells_of_the_typical_person(world, client, version, done):
    client.force_login(world.sponsor)
    page = compare_page(client, version)
    table = page.split('class="design-table"')[1].split("</table>")[0]
    first, second = json.loads(done.result.answer)["regimens"]

    for period in [*first["periods"], first["total"]]:
        assert f"<strong>{percent(period['mean'])} %</strong>" in table
        assert f"{period['count_interval'][0]}–{period['count_interval'][1]} of 20" in table
    for period in first["periods"]:
        assert f"{span(period['patients'][0], period['patients'][2])} %" in table
        assert f"{span(*period['mean_interval'])} %" in table
    assert points(second["total"]["mean"] - first["total"]["mean"]) in table
    for words in ("typical person", "mean over people", "between people", "not knowing the parameters",
                  "chance in n people"):  # fmt: skip
        assert words in table
    assert "It has no interval here" in page
    assert 'class="chart-diamond"' in page


def test_a_layer_that_was_not_asked_for_is_left_out_of_the_cells(world, client, version):
    finished_trial(version, draws=0, n=None)
    client.force_login(world.sponsor)
    table = compare_page(client, version).split('class="design-table"')[1].split("</table>")[0]

    assert "between people" in table
    assert "not knowing the parameters" not in table
    assert "chance in n people" not in table


def test_of_another_version_the_page_says_of_which(world, client, version, done):
    contents = version.contents | {"comparison": COMPARISON | {"horizon_d": 21}}
    save_version(design_id=version.design_id, contents=contents, by=world.data_manager, at=hour(-80))
    client.force_login(world.sponsor)
    newest = compare_page(client, version)
    address = reverse("design-compare", args=[version.design_id]) + "?version=1"

    assert "The newest finished run is of version 1, not of version 2" in newest
    assert "mean over people" not in newest
    assert "mean over people" in client.get(address).content.decode()


def test_beside_other_doses_than_those_that_were_run_nothing_is_laid(world, client, version, done):
    client.force_login(world.sponsor)
    page = compare_page(client, version, OTHERS)

    assert "The finished run of version 1 is of other regimens" in page
    assert "mean over people" not in page


def test_without_a_finished_run_nothing_is_said_of_one(world, client, version):
    client.force_login(world.sponsor)

    assert "finished run" not in compare_page(client, version)


def test_the_typical_person_is_drawn_where_it_was_given_and_only_there(done):
    result = json.loads(done.result.answer)
    alone = trial_page(done.fields, result).chart
    beside = trial_page(done.fields, result, {(1, "A"): 0.0677}).chart

    assert not alone.has_typical
    assert [row.name for row in beside.rows if row.typical] == ["A"]
