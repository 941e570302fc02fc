"""The page of the starting dose: the contract's answer to the digit shown, pasted rows, and each fault at its box."""

import pytest
from django.urls import reverse

from regimens.charts.figures import figure
from regimens.design.contract.kinds import answer
from regimens.models import DesignVersion
from regimens.services.designs import create_design
from tests.builders import hour
from tests.pages import as_read
from tests.stages import stage

pytestmark = pytest.mark.django_db
# shared/design checks C42, C43: EC50 50 pM, Hill 1 -> EC20 12.5 pM; at 146 kDa by 3 L 5.475 µg.
TYPED = {
    "assay-0-name": "TDCC", "assay-0-readout": "cytotoxicity", "assay-0-ec50_pm": "50", "assay-0-hill": "1",
    "assay-0-effector_to_target": "10", "mw_kda": "146", "effect_pct": "20", "exposure-plasma_volume_l": "3",
}  # fmt: skip
DOCUMENT = {
    "assays": [{"name": "TDCC", "readout": "cytotoxicity", "ec50_pm": 50, "hill": 1, "effector_to_target": 10}],
    "mw_kda": 146, "effect_pct": 20, "exposure": {"plasma_volume_l": 3},
}  # fmt: skip


@stage
def design(world) -> int:
    contents = {"starting_dose": None, "comparison": None}
    made = create_design(
        study=world.study, name="first in human", contents=contents, by=world.data_manager, at=hour(-100)
    )
    return made.design_id


def posted(client, design, do="look", **changes):
    return client.post(f"/design/{design}/", TYPED | {"do": do} | changes)


@pytest.mark.parametrize("who", ["data_manager", "investigator", "sponsor"])
def test_who_may_design_sees_the_dose_of_the_contract(world, client, design, who):
    client.force_login(getattr(world, who))
    page = as_read(posted(client, design).content.decode())
    given = answer("starting_dose", DOCUMENT)

    assert figure(given["traditional"]["dose_ug"]["volume"]) == "5.5"
    assert '<strong class="design-big">5.5</strong>µg' in page
    assert "a person decides and signs" in page
    assert "Not computed: the effector-to-target ratio in the tumour was not said." in page


@pytest.mark.long
@pytest.mark.parametrize("who", ["nurse", "charge_nurse", "outsider"])
def test_nobody_else_finds_a_design(world, client, design, who):
    client.force_login(getattr(world, who))

    statuses = {client.get(address).status_code for address in ("/design/", "/design/new/", f"/design/{design}/")}

    assert statuses == {404}
    assert posted(client, design).status_code == 404
    assert reverse("designs") not in client.get("/").content.decode()


def test_a_save_is_the_next_version_and_shows_what_was_typed(world, client, design):
    client.force_login(world.sponsor)

    assert posted(client, design, "save", after="1", note="first assay").status_code == 302
    version = DesignVersion.objects.get(design=design, number=2)
    page = client.get(f"/design/{design}/").content.decode()

    assert (version.contents["starting_dose"], version.note) == (DOCUMENT, "first assay")
    assert 'value="50"' in page
    assert "5.5</strong>" in page
    assert "5.5</strong>" not in client.get(f"/design/{design}/?version=1").content.decode()


def test_a_number_of_5000_digits_is_no_version(world, client, design):
    client.force_login(world.sponsor)

    assert posted(client, design, "save", after="9" * 5000).status_code == 302
    assert client.get(f"/design/{design}/?version={'9' * 5000}").status_code == 404
    answered = client.post(f"/design/{design}/compare/", {"do": "add", "source": f"version:{'9' * 5000}"})
    assert "Choose one of those listed." in answered.content.decode()


def test_what_somebody_else_saved_since_is_not_covered_up(world, client, design):
    client.force_login(world.sponsor)
    posted(client, design, "save", after="1")
    late = posted(client, design, "save", after="1", mw_kda="150")

    assert late.status_code == 400
    assert 'value="150"' in late.content.decode()
    assert DesignVersion.objects.filter(design=design).count() == 2


def test_the_correction_is_refused_where_the_first_risk_is_in_blood(world, client, design):
    client.force_login(world.sponsor)
    page = as_read(posted(client, design, risk_site="blood", tumour_effector_to_target="1").content.decode())

    assert "the tumour's ratio is the wrong denominator".replace("'", "&#x27;") in page


# starting_dose.md, first row at E:T 10: 0.0497 pM make 0.05 trimers a target; C48: most at sqrt(K1 K2) = 1,115.8 pM.
TRIMER = {
    "trimer-kd_target_pm": "30", "kd_cd3_nm": "41.5", "trimer-target_cells_per_ml": "1e5",
    "trimer-receptors_per_target": "12590", "trimer-t_cells_per_ml": "1e6", "trimer-cd3_per_t_cell": "60000",
    "assay-0-ec50_pm": "0.0497", "effect_pct": "50",
}  # fmt: skip


def test_trimers_per_target_are_told_at_the_target_concentration_and_kept(world, client, design):
    client.force_login(world.sponsor)
    page = as_read(posted(client, design, **TRIMER).content.decode())
    posted(client, design, "save", after="1", **TRIMER)
    version = DesignVersion.objects.get(design=design, number=2)
    again = client.get(f"/design/{design}/").content.decode()

    assert "Trimers per target cell there: 0.050." in page
    assert "Most are made at 1,100 pM of free drug" in page
    assert version.contents["trimer"]["kd_cd3_pm"] == 41_500
    assert 'value="12590"' in again
    assert "Trimers per target cell there: 0.050." in as_read(again)


@pytest.mark.parametrize(("box", "typed", "wrong"), [
    ("trimer-kd_target_pm", "", "trimer-kd_target_pm"),
    ("trimer-t_cells_per_ml", "0", "trimer-t_cells_per_ml"),
    ("trimer-cd3_per_t_cell", "many", "trimer-cd3_per_t_cell"),
    ("kd_cd3_nm", "", "kd_cd3_nm"),
])  # fmt: skip
def test_half_of_what_makes_a_trimer_is_no_trimer(world, client, design, box, typed, wrong):
    client.force_login(world.sponsor)
    answered = posted(client, design, "save", after="1", **TRIMER | {box: typed})

    assert answered.status_code == 400
    assert f'id="id_{wrong}_wrong"' in answered.content.decode()
    assert DesignVersion.objects.filter(design=design).count() == 1


@pytest.mark.parametrize(("box", "typed", "fault"), [
    ("assay-0-effector_to_target", "", "An EC without its effector-to-target ratio is not accepted."),
    ("assay-0-ec50_pm", "abc", "“abc” is not a number"),
    ("assay-0-ec50_pm", "NaN", "“NaN” is not a number"),
    ("assay-0-ec50_pm", "-5", "Above 0, and at most"),
    ("assay-0-ec50_pm", "0", "Above 0, and at most"),
    ("assay-0-ec50_pm", "1e999", "Above 0, and at most"),
    ("assay-0-ec50_pm", "12,5", "Write a decimal point"),
    ("effect_pct", "100", "Above 0 and below 100."),
    ("mw_kda", "", "This is missing."),
    ("exposure-plasma_volume_l", "", "Say a plasma volume"),
    ("exposure-pk-cl_l_per_d", "0.5", "This is missing."),
])  # fmt: skip
def test_a_fault_stands_at_its_box_and_nothing_typed_is_lost(world, client, design, box, typed, fault):
    client.force_login(world.sponsor)
    answered = posted(client, design, **{box: typed})
    page = answered.content.decode()
    at = {"exposure-pk-cl_l_per_d": "exposure-interval_d"}.get(box, box)

    assert answered.status_code == 400
    assert fault in page.split(f'id="id_{at}_wrong">')[1].split("</p>")[0]
    assert 'value="TDCC"' in page
    assert typed == "" or f'value="{typed}"' in page


def test_a_unit_by_mistake_is_asked_about_again(world, client, design):
    """50 nM typed as pM: 12,500,000 pM is more than a hundredfold above the band."""
    client.force_login(world.sponsor)
    asked_again = posted(client, design, "save", after="1", **{"assay-0-ec50_pm": "50000000"})

    assert asked_again.status_code == 400
    assert "Is a unit wrong?" in asked_again.content.decode()
    assert DesignVersion.objects.filter(design=design).count() == 1
    assert posted(client, design, "save", after="1", confirm="on", **{"assay-0-ec50_pm": "50000000"}).status_code == 302


def test_pasted_rows_take_the_place_of_those_typed(world, client, design):
    client.force_login(world.sponsor)
    page = posted(client, design, "paste", paste="IL-6\tcytokine\t12.5\t1\t5:1").content.decode()

    assert 'value="IL-6"' in page
    assert 'value="TDCC"' not in page
    assert 'value="146"' in page


def test_a_fault_in_what_was_pasted_says_row_and_column_and_keeps_it(world, client, design):
    client.force_login(world.sponsor)
    answered = posted(client, design, "paste", paste="IL-6\tcytokine\tx\t1\t5\nTNF\tcytokine\t3\t1\t")
    page = answered.content.decode()

    assert answered.status_code == 400
    assert "Row 1, EC50, pM: “x” is not a number" in page
    assert "Row 2, E:T: This is missing." in page
    assert "IL-6\tcytokine\tx" in page


@pytest.mark.parametrize(("characters", "status"), [(200_001, 400), (10_000_000, 413)])
def test_a_huge_paste_is_refused(world, client, design, characters, status):
    client.force_login(world.sponsor)
    answered = posted(client, design, "paste", paste="x" * characters)

    assert answered.status_code == status
    assert ("at most 200,000 characters" if status == 400 else "too large") in answered.content.decode()


def test_where_the_pk_was_typed_it_stands_across_the_picture(world, client, design):
    client.force_login(world.sponsor)
    pk = {"exposure-interval_d": "7", "exposure-pk-cl_l_per_d": "0.5", "exposure-pk-vc_l": "3"}

    assert "PK assumed</text>" in posted(client, design, **pk).content.decode()
    assert "PK assumed" not in posted(client, design).content.decode()
