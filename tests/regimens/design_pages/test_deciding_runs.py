"""Pathways at once or as a run, and operating characteristics: what is asked, and what their pages read."""

import pytest

from regimens.design.contract.kinds import answer
from regimens.design_pages.deciding.operating import operating_page
from regimens.design_pages.deciding.pathways import pathways_page
from regimens.forms.design.operating import BEGINS_WITH, truth_of
from regimens.models import DesignRun
from tests.pages import as_read
from tests.regimens.design_pages.builders import claimed, computed_now
from tests.regimens.design_pages.ladders import ESCALATION, NAMES, ladder_design
from tests.stages import stage

ONE_PERIOD = {"drug": "epcoritamab", "regimens": [{"name": one, "doses": [{"t_d": 0, "mg": mg}]}
                                                 for one, mg in (("low", 0.16), ("high", 0.8))]}  # fmt: skip
SMALL = ONE_PERIOD | {"data": [], "ladder": ["low", "high"], "current": "low", "grade3": {"events": 0, "of": 0}}


@stage
def design(world) -> int:
    return ladder_design(world).design_id


def test_every_outcome_has_its_cell_in_the_order_of_the_contract():
    fields = {**ESCALATION, "next": {"regimen": "6 mg", "n": 1}}
    given = answer("pathways", fields)
    page = pathways_page(fields, given)

    assert [row.before for row in page.rows][:3] == [(0, 0, 0), (0, 0, 1), (0, 1, 0)]
    assert [len(row.cells) for row in page.rows] == [2] * 8
    numbers = {None: None} | {name: place for place, name in enumerate(NAMES, start=1)}
    cells = [cell for row in page.rows for cell in row.cells]
    assert [cell.number for cell in cells] == [numbers[path["recommended"]] for path in given["paths"]]
    assert sum(count for _mark, count in page.counts) == 16


@pytest.mark.long
@pytest.mark.django_db
def test_few_outcomes_are_shown_at_once_and_many_are_run(client, world, design):
    client.force_login(world.sponsor)
    few = as_read(client.get(f"/design/{design}/pathways/", {"n": "1"}).content.decode())
    many = client.get(f"/design/{design}/pathways/").content.decode()

    assert "What the rule says once 1 more have completed 6 mg" in few
    assert "S ■ 1" in few
    assert "escalate: a higher rung" in few
    assert "Run the pathways" in many
    queued = client.post(f"/design/{design}/pathways/", {"n": "3", "regimen": "6 mg"})
    run = DesignRun.objects.get()
    assert queued.headers["Location"] == f"/design/runs/{run.pk}/"
    assert "waits for its turn" in client.get(queued.headers["Location"]).content.decode()
    computed_now(claimed())
    page = as_read(client.get(queued.headers["Location"]).content.decode())
    assert "What the rule says once 3 more have completed 6 mg" in page
    assert page.count('<td class="n design-path-') == 256


@pytest.mark.django_db
@pytest.mark.parametrize(("query", "box", "words"), [
    ({"n": "7"}, "n", "A whole number from 1 to 6."), ({"n": "1.5"}, "n", "A whole number from 1 to 6."),
    ({"n": "1e999"}, "n", "A whole number from 1 to 6."), ({"n": ""}, "n", "This is missing."),
    ({"n": "NaN"}, "n", "is not a number"), ({"n": "6"}, "n", "With 4 dose periods there are too many outcomes"),
    ({"regimen": "none"}, "regimen", "Choose one of those listed."),
])  # fmt: skip
def test_a_fault_of_the_next_participants_stands_at_its_box(client, world, design, query, box, words):
    client.force_login(world.sponsor)
    for answered in (
        client.get(f"/design/{design}/pathways/", query),
        client.post(f"/design/{design}/pathways/", query),
    ):
        assert answered.status_code == 400
        assert words in as_read(answered.content.decode().split(f'id="id_{box}_wrong"', 1)[1].split("</p>", 1)[0])
    assert not DesignRun.objects.exists()


def test_scenarios_change_the_middle_of_the_prior():
    """The published hazard: SMAX exp(0.0539), S50 0.0943, Kin exp(-0.832)."""
    plain, third = truth_of(SMALL, {}), truth_of(SMALL, {"smax_times": 1 / 3, "kin_per_d": 0.2})

    assert plain == {"smax_per_d": pytest.approx(1.05538, abs=1e-4), "s50_ug_ml": pytest.approx(0.0943, abs=1e-5),
                     "kin_per_d": pytest.approx(0.43518, abs=1e-4)}  # fmt: skip
    assert (third["smax_per_d"] * 3, third["kin_per_d"]) == (pytest.approx(plain["smax_per_d"]), 0.2)


def test_rows_of_operating_characteristics_are_the_answer_s():
    fields = {name: value for name, value in SMALL.items() if name not in ("data", "grade3")} | {
        "truth": {"smax_per_d": 1e6, "s50_ug_ml": 0.0943}, "seed": 1, "trials": 4, "designs": ["model", "boin"],
    }  # fmt: skip
    given = answer("operating", fields)
    page = operating_page(fields, given)

    assert page is not None
    assert operating_page(fields, {**given, "designs": [{"design": "boin"}]}) is None
    assert [rung.too_toxic for rung in page.truth] == [True, True]
    selected, counted, ended = page.parts
    assert [[cell.text for cell in row.cells] for row in selected.rows] == [["0", "0"], ["0", "0"], ["100", "100"]]
    assert counted.rows[0].cells[0].text == "3"
    assert counted.rows[3].cells[0].text == "100"
    assert [row.cells[0].text for row in ended.rows] == ["100", "0", "0", "0"]
    assert page.error_points == pytest.approx(49.0, abs=0.1)


@pytest.mark.long
@pytest.mark.django_db
def test_simulated_trials_are_queued_of_the_version_and_their_page_reads_the_result(client, world):
    version = ladder_design(world, "small", comparison=ONE_PERIOD, escalation=SMALL)
    client.force_login(world.sponsor)
    address = f"/design/{version.design_id}/operating/?version=1"
    queued = client.post(address, BEGINS_WITH | {"trials": "5", "truth": "smax3"})
    run = DesignRun.objects.get()

    assert queued.headers["Location"] == f"/design/runs/{run.pk}/"
    assert (run.kind, run.version_id, run.fields["trials"]) == ("operating", version.pk, 5)
    assert run.fields["truth"]["smax_per_d"] == pytest.approx(3 * 1.05538, abs=1e-3)
    computed_now(claimed())
    page = as_read(client.get(queued.headers["Location"]).content.decode())
    for words in ("Operating characteristics", "BOIN", "3+3", "the lowest rung is too toxic", "Selected at the end"):
        assert words in page
    assert "Operating characteristics" in client.get(f"/design/{version.design_id}/decide/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("changes", "box", "words"), [
    ({"trials": "0"}, "trials", "From 1 to 5,000."), ({"trials": "many"}, "trials", "is not a number"),
    ({"cohort": "31"}, "cohort", "A cohort is at most as large as the trial."), ({"seed": ""}, "seed", "missing"),
    ({"boin_target": "0.9"}, "boin_target", "out of range"), ({"truth": "?"}, "truth", "Choose one of those listed."),
    ({"truth": "typed"}, "truth-smax_per_d", "This is missing."),
    ({"truth-smax_per_d": "1"}, "truth", "Numbers of a truth are typed below"),
    ({"truth": "typed", "truth-smax_per_d": "1", "truth-s50_ug_ml": "-1"}, "truth-s50_ug_ml", "Above 0"),
    ({"model": "", "boin": "", "three_plus_three": ""}, "model", "Choose one design at least."),
    ({"truth_grade3_share": "8"}, "truth_grade3_share", "From 0 to 1."),
])  # fmt: skip
def test_a_fault_of_simulated_trials_stands_at_its_box(client, world, design, changes, box, words):
    client.force_login(world.sponsor)
    answered = client.post(f"/design/{design}/operating/", BEGINS_WITH | changes)

    assert answered.status_code == 400
    assert words in as_read(answered.content.decode().split(f'id="id_{box}_wrong"', 1)[1].split("</p>", 1)[0])
    assert not DesignRun.objects.exists()
