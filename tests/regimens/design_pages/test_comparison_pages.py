"""Exposure and regimens side by side: the contract's answers to the digit shown, and each fault at its box."""

import pytest

from regimens.charts.figures import figure, percent, points
from regimens.design.contract.kinds import answer
from regimens.design_pages.courses import followed
from regimens.forms.design.comparison import ComparisonForm, as_typed
from regimens.models import DesignVersion
from regimens.services.designs import create_design
from tests.builders import hour
from tests.pages import as_read
from tests.stages import stage

pytestmark = pytest.mark.django_db
TYPED = {
    "drug": "epcoritamab", "horizon_d": "28",
    "regimen-0-name": "label", "regimen-0-days": "0 7 14 21", "regimen-0-doses": "0.16 0.8 48 48",
    "regimen-0-unit": "mg",
    "regimen-1-name": "three steps", "regimen-1-days": "0, 7, 14, 21", "regimen-1-doses": "0.16, 0.8, 3, 48",
    "regimen-1-unit": "mg", "regimen-2-unit": "mg",  # of the empty column
}  # fmt: skip
DOSES = [{"t_d": 0, "mg": 0.16}, {"t_d": 7, "mg": 0.8}, {"t_d": 14, "mg": 48}, {"t_d": 21, "mg": 48}]


@stage
def design(world) -> int:
    contents = {"starting_dose": None, "comparison": None}
    made = create_design(study=world.study, name="steps", contents=contents, by=world.data_manager, at=hour(-100))
    return made.design_id


def test_the_typical_person_is_the_contract_s(world, client, design):
    """shared/design checks, C51 and the row below it: 6.77 8.21 11.90 0.80 and 6.77 8.21 5.75 3.14 %."""
    client.force_login(world.sponsor)
    page = as_read(client.post(f"/design/{design}/compare/", TYPED).content.decode())
    risk = answer("risk", {"drug": "epcoritamab", "doses": DOSES, "horizon_d": 28})
    other = answer(
        "risk", {"drug": "epcoritamab", "doses": [*DOSES[:2], {"t_d": 14, "mg": 3}, DOSES[3]], "horizon_d": 28}
    )

    assert [percent(one["p"]) for one in risk["periods"]] == ["6.8", "8.2", "12", "0.80"]
    for p in ("6.8", "8.2", "12", "0.80", percent(risk["p_total"]), percent(other["periods"][2]["p"])):
        assert f"<strong>{p} %</strong>" in page
    assert f"{points(other['periods'][2]['p'] - risk['periods'][2]['p'])}</span>" in page
    assert other["periods"][2]["p"] == pytest.approx(0.0575, abs=0.0002)
    assert "CRS of grade 2 or more by dose period" in page
    assert "Hazard transferred" not in page


def test_exposure_is_the_contract_s(world, client, design):
    client.force_login(world.sponsor)
    page = client.post(f"/design/{design}/exposure/", TYPED).content.decode()
    windows = [[0, 7], [7, 14], [14, 21], [21, 28]]
    given = answer("exposure", {"drug": "epcoritamab", "doses": DOSES, "windows": windows})

    for one in given["windows"]:
        assert f'<td class="n">{figure(one["cmax_ng_ml"])}</td>' in page
        assert f'<td class="n">{figure(one["ctrough_ng_ml"])}</td>' in page


def test_by_script_there_is_the_result_alone_and_nothing_is_saved(world, client, design):
    client.force_login(world.sponsor)
    answered = client.post(f"/design/{design}/compare/", TYPED, headers={"HX-Request": "true"})
    page = answered.content.decode()

    assert "<html" not in page
    assert "12 %" in page
    assert DesignVersion.objects.filter(design=design).count() == 1


def test_a_version_that_was_saved_is_shown_as_it_was_typed(world, client, design):
    client.force_login(world.data_manager)

    assert client.post(f"/design/{design}/compare/", TYPED | {"do": "save", "after": "1"}).status_code == 302
    contents = DesignVersion.objects.get(design=design, number=2).contents
    page = client.get(f"/design/{design}/compare/").content.decode()

    assert contents["comparison"]["regimens"][0]["doses"] == DOSES
    assert 'value="0.16 0.8 48 48"' in page
    assert as_typed(ComparisonForm(TYPED).document())["regimen-1-days"] == "0 7 14 21"


def test_where_the_hazard_was_typed_it_stands_across_the_picture(world, client, design):
    client.force_login(world.sponsor)
    own = TYPED | {"drug": "own", "pk-cl_l_per_d": "0.5", "pk-vc_l": "4"}
    bare = client.post(f"/design/{design}/compare/", own).content.decode()
    assumed = client.post(f"/design/{design}/compare/", own | {"hazard-smax_per_d": "1", "hazard-s50_ug_ml": "1"})
    transferred = client.post(f"/design/{design}/compare/", TYPED | {"drug": "tarlatamab"}).content.decode()

    assert "This molecule has no published hazard of CRS" in bare
    assert "PK and hazard assumed</text>" in assumed.content.decode()
    assert "Hazard transferred</text>" in transferred
    assert "PK assumed</text>" in client.post(f"/design/{design}/exposure/", own).content.decode()


def test_doses_out_of_order_are_sorted(world, client, design):
    form = ComparisonForm(TYPED | {"regimen-0-days": "14 0 7 21", "regimen-0-doses": "48 0.16 0.8 48"})
    document = form.document()

    assert document is not None
    assert [float(one["mg"]) for one in document["regimens"][0]["doses"]] == [0.16, 0.8, 48, 48]


@pytest.mark.parametrize(("box", "typed", "fault"), [
    ("drug", "", "Choose a molecule, or describe your own."),
    ("drug", "aspirin", "Choose one of those listed."),
    ("regimen-0-doses", "0.16 0.8 48", "3 doses on 4 days"),
    ("regimen-0-doses", "0.16 0.8 0 48", "Dose 3: Above 0, and at most 100,000."),
    ("regimen-0-doses", "0.16 0.8 -1 48", "Dose 3: Above 0, and at most 100,000."),
    ("regimen-0-doses", "0.16 0.8 1e999 48", "Dose 3: Above 0, and at most 100,000."),
    ("regimen-0-doses", "0.16 0.8 48mg 48", "Number 3: “48mg” is not a number"),
    ("regimen-0-doses", "0.16 NaN 48 48", "Number 2: “NaN” is not a number"),
    ("regimen-0-days", "0 7 14 2100", "Dose 4: From 0 to 1,000."),
    ("regimen-1-name", "label", "This name is given twice"),
    ("regimen-0-infusion_h", "4", "Hours of infusion are of what is given intravenously."),
    ("horizon_d", "-1", "Above 0, and at most 1,000."),
    ("patient-weight_kg", "x", "“x” is not a number"),
    ("patient-female", "on", "Sex has no effect in the model of this molecule"),
])  # fmt: skip
def test_a_fault_stands_at_its_box_and_nothing_typed_is_lost(world, client, design, box, typed, fault):
    client.force_login(world.sponsor)
    answered = client.post(f"/design/{design}/compare/", TYPED | {box: typed})
    page = answered.content.decode()

    assert answered.status_code == 400
    assert fault in page.split(f'id="id_{box}_wrong">')[1].split("</p>")[0]
    assert 'value="0, 7, 14, 21"' in page
    assert not typed or box == "drug" or f'value="{typed}"' in page


def test_two_molecules_are_refused(world, client, design):
    client.force_login(world.sponsor)
    both = TYPED | {"pk-cl_l_per_d": "0.5", "pk-vc_l": "4"}

    assert "Two molecules" in client.post(f"/design/{design}/compare/", both).content.decode()


def test_no_regimen_and_a_dose_past_the_horizon_are_said(world, client, design):
    client.force_login(world.sponsor)
    page = client.post(f"/design/{design}/compare/", TYPED | {"horizon_d": "0.5", "regimen-0-days": "1 7 14 21"})
    empty = client.post(f"/design/{design}/compare/", {"drug": "epcoritamab", "do": "save", "after": "1"})

    assert "The horizon comes before the first dose" in page.content.decode()
    assert empty.status_code == 400
    assert "Type the doses and days of one regimen at least." in empty.content.decode()


def test_a_regimen_of_the_library_fills_the_next_column(world, client, design):
    client.force_login(world.sponsor)
    typed = TYPED | {"do": "add", "source": "library:epcoritamab_LBCL"}
    page = client.post(f"/design/{design}/compare/", typed).content.decode()

    assert 'name="regimen-2-doses" id="id_regimen-2-doses" value="0.16 0.8 48 48"' in page


def test_the_fold_of_the_cytokine_peak_is_folded_away_with_its_sentence(world, client, design):
    """shared/design checks, C49: 60 then 300 ug a week later, peaks 118.79 and 25.67."""
    client.force_login(world.sponsor)
    cytokine = TYPED | {"regimen-0-days": "0 7", "regimen-0-doses": "0.06 0.3"}
    bare, whole = (
        as_read(client.post(f"/design/{design}/compare/", cytokine | more).content.decode())
        for more in ({}, {"do": "folds"})
    )
    folded = whole.split("<summary>Fold of the first cytokine peak</summary>")[1].split("</details>")[0]

    assert "The scale of the cytokine model is arbitrary" in folded
    assert f'<td class="n">{figure(25.67 / 118.79)}</td>' in folded
    assert f'<td class="n">{figure(25.67 / 118.79)}</td>' not in bare  # computed once it is asked for
    assert 'name="do" value="folds"' in bare


def test_more_than_a_page_computes_is_said_in_words_and_can_be_saved(world, client, design):
    """24 dose periods of a fortnight six times over: some 0.45 s of CPU, where a page has 0.3 s."""
    client.force_login(world.data_manager)
    days, doses = " ".join(str(14 * n) for n in range(24)), " ".join(["76"] * 24)
    typed = {"drug": "elranatamab"}
    for place in range(6):
        column = {"name": str(place), "days": days, "doses": doses, "unit": "mg"}
        typed |= {f"regimen-{place}-{name}": value for name, value in column.items()}

    for tab in ("compare", "exposure"):
        page = as_read(client.post(f"/design/{design}/{tab}/", typed).content.decode())
        assert "Not computed: these regimens together have more doses and days than a page computes at once" in page
    saved = client.post(f"/design/{design}/compare/", typed | {"do": "save", "after": "1"})
    assert saved.status_code == 302


@pytest.mark.parametrize("drug", ["epcoritamab", "elranatamab", "teclistamab"])
def test_a_picture_is_of_the_same_solution_as_its_table(drug):
    """To the last digit: the contract's answer, and the contract's answer with the course it is read off."""
    fields = {"drug": drug, "doses": [{"t_d": 1, "mg": 0.16}, *DOSES[1:]], "horizon_d": 28}
    windows = {"drug": drug, "doses": DOSES, "windows": [[0, 7], [7, 14]]}
    risk, exposure = followed("risk", fields), followed("exposure", windows)

    assert risk.answer == answer("risk", fields)
    assert exposure.answer == answer("exposure", windows)
    assert max(exposure.course.ng_ml) > 0
    assert risk.course.times_d[:2] == (0.0, 1.0)
    assert risk.course.tolerance[:2] == (1.0, 1.0)
    assert risk.course.times_d[-1] == 28
