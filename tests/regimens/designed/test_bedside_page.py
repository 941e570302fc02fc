"""A design is brought to the bedside by page: seen, drafted by a data manager, approved by another person."""

import pytest
from django.urls import reverse

from regimens.models import DesignedRegimen, PredictedBand, Regimen
from regimens.services.designs import save_version
from regimens.services.versions import adopt
from tests.builders import build_world, hour
from tests.regimens.designed.builders import CONTENTS, WHOLE, designed_version, windowed
from tests.regimens.designs.builders import run_row
from tests.regimens.test_draft_pages import OWN

pytestmark = pytest.mark.django_db
DOSES = [{"t_d": 7 * week, "mg": mg} for week, mg in enumerate((0.16, 0.8, 24, 24))]
LADDER = [{"name": name, "doses": [*DOSES[:2], *({"t_d": one["t_d"], "mg": mg} for one in DOSES[2:])]}
          for name, mg in (("6 mg", 6), ("48 mg", 48))]  # fmt: skip
SIX_FORTY_EIGHT = {
    "comparison": {"drug": "epcoritamab", "regimens": LADDER},
    "escalation": {"drug": "epcoritamab", "regimens": LADDER, "data": [], "ladder": ["6 mg", "48 mg"],
                   "current": "6 mg", "grade3": {"events": 0, "of": 0}},
}  # fmt: skip
LOWER = {"comparison": {"drug": "epcoritamab", "regimens": [{"name": "24 mg", "doses": DOSES}]}}
KEPT = OWN | {"variant": "US", "window_h": "24", "band_from": "prior"}


def address(version, /, **chosen: str) -> str:
    return reverse("design-bedside", args=[version.design_id], query=chosen or {"base": "library:epcoritamab_LBCL"})


def looked(client, user, version, /, **chosen: str):
    client.force_login(user)
    return client.get(address(version, **chosen))


def drafted(client, user, version, **typed: str):
    client.force_login(user)
    return client.post(address(version), KEPT | typed)


def approved(client, user, regimen: Regimen, **typed: str):
    client.force_login(user)
    signature = {"name": user.username, "password": f"{user.username}-password"}
    return client.post(
        reverse("regimen", args=[regimen.pk]), {"do": "approve", "because": "chosen"} | signature | typed
    )


@pytest.mark.long
def test_a_data_manager_drafts_it_and_an_investigator_brings_it_into_force_with_its_band(client, world):
    version = designed_version(world, LOWER)

    answer = drafted(client, world.data_manager, version)
    made = Regimen.objects.get(code="epcoritamab_LBCL")
    assert (answer.status_code, answer["Location"]) == (302, reverse("regimen", args=[made.pk]))
    assert [str(step.planned_dose.normalize()) for step in made.steps.order_by("position")] == [
        "0.16", "0.8", "24", "24", "24"
    ]  # fmt: skip
    assert (made.designed.version, made.designed.rungs) == (version, {"": "24 mg"})
    page = client.get(reverse("regimen", args=[made.pk]))
    assert page.context["designed"] == made.designed
    assert b"a band of what is predicted is frozen when it comes into force" in page.content
    assert approved(client, world.data_manager, made).status_code == 403
    assert not PredictedBand.objects.exists()

    assert approved(client, world.investigator, made).status_code == 302

    assert (PredictedBand.objects.get().designed, len(PredictedBand.objects.get().draws)) == (made.designed, 400)
    page = looked(client, world.sponsor, version)
    assert [(str(one), str(state)) for one, state in page.context["brought"]] == [("epcoritamab_LBCL v1", "in force")]

    client.force_login(world.sponsor)
    listed = client.get(reverse("designs")).content.decode()
    assert f'href="{reverse("regimen", args=[made.pk])}">epcoritamab_LBCL v1</a>' in listed


def test_the_page_shows_what_it_becomes_what_it_does_not_say_and_what_it_changes(client, world):
    version = designed_version(world, LOWER)

    page = looked(client, world.data_manager, version).context

    assert [(one.label, one.day, one.doses, bool(one.remark)) for one in page["steps"]] == [
        ("step-up 1", "1", ("0.16 mg",), False), ("step-up 2", "8", ("0.8 mg",), False),
        ("first full dose", "15", ("24 mg",), True), ("C1D22", "22", ("24 mg",), True),
        ("C2-3 d1,8,15,22; C4-9 d1,15; C10+ d1", "", ("24 mg",), True),
    ]  # fmt: skip
    assert "Schedule, first full dose, dose: 48 mg -> 24 mg" in "\n".join(map(str, page["changes"]))
    assert any("grade 3" in text for text in page["unsaid"])
    assert [str(part) for part, _of in page["read_again"]] == [
        "Restart after a delay", "Observation", "Premedication",
    ]  # fmt: skip


def test_a_ladder_is_brought_as_cohorts_and_each_regimen_alone_can_be(client, world):
    version = designed_version(world, SIX_FORTY_EIGHT)

    page = looked(client, world.data_manager, version)
    assert page.context["cohorts"] == [("6 mg", "6 mg"), ("48 mg", "48 mg")]
    assert page.context["steps"][2].doses == ("6 mg", "48 mg")
    alone = looked(client, world.data_manager, version, what="regimen:48 mg", base="library:epcoritamab_LBCL")
    assert alone.context["cohorts"] == []
    assert alone.context["steps"][2].doses == ("48 mg",)


def test_of_the_version_in_force_all_else_is_kept_and_it_is_what_is_compared_with(client, world):
    before = adopt(
        study=world.study, document=windowed(), variant="US", by="operator", reason="", at=hour(-300), own=WHOLE
    )
    version = designed_version(world, LOWER)

    page = looked(client, world.data_manager, version, what="regimen:24 mg").context
    assert (page["before"], str(page["against"])) == (before, str(before))
    client.post(address(version, base=f"version:{before.pk}"), KEPT)

    made = Regimen.objects.get(amends=before)
    kept = ("restart", "grade_rules", "premedication", "variants", "notes", "published", "not_found")
    assert {name: made.document[name] for name in kept} == {name: before.document[name] for name in kept}
    assert f"version {version.number}" in made.document["sources"][f"DESIGN_{version.design_id}_V1"]["what"]


@pytest.mark.parametrize("who", ["sponsor", "investigator"])
def test_who_may_design_and_not_draft_sees_what_it_becomes_and_has_no_form(client, world, who):
    version, user = designed_version(world, LOWER), getattr(world, who)

    page = looked(client, user, version)

    assert (page.status_code, "made" in page.context, page.context["may_draft"]) == (200, True, False)
    assert drafted(client, user, version).status_code == 403
    assert not DesignedRegimen.objects.exists()


def test_a_nurse_and_a_stranger_find_no_such_page(client, world):
    version = designed_version(world, LOWER)

    for user in (world.nurse, build_world("AWAY").data_manager):
        assert looked(client, user, version).status_code == 404


def test_a_design_that_changed_since_is_refused_at_the_draft_and_at_the_approval(client, world):
    version = designed_version(world, LOWER)
    drafted(client, world.data_manager, version)
    waiting = Regimen.objects.get(code="epcoritamab_LBCL")
    save_version(design_id=version.design_id, contents=CONTENTS, by=world.sponsor, at=hour(0))

    refused = approved(client, world.investigator, waiting)
    assert b"this draft cannot be approved" in refused.content
    pinned = client.get(address(version, version="1"))
    client.force_login(world.data_manager)
    again = client.post(address(version, version="1", base="library:epcoritamab_LBCL"), KEPT)

    assert (refused.status_code, again.status_code, pinned.status_code) == (400, 400, 200)
    for answer in (refused, again):
        assert "Bring that one to the bedside." in answer.content.decode()
    assert Regimen.objects.filter(code="epcoritamab_LBCL").count() == 1
    assert not PredictedBand.objects.exists()


def test_a_run_that_is_none_of_this_version_is_refused_and_a_cancelled_one_is_not_named(client, world):
    version = designed_version(world, LOWER)
    run = run_row(version)  # queued, not finished

    assert looked(client, world.data_manager, version).context["run"] is None
    answer = drafted(client, world.data_manager, version, run=str(run.pk))

    assert answer.status_code == 400
    assert not DesignedRegimen.objects.exists()


@pytest.mark.parametrize(
    ("doses", "words"),
    [
        ([{"t_d": 0, "mg": 1}, {"t_d": 7.25, "mg": 2}], "has a dose on day 8.25"),
        ([{"t_d": 0, "mg_per_kg": 0.01}, {"t_d": 7, "mg_per_kg": 0.02}], "in another kind of unit"),
        ([{"t_d": 0, "mg": 0.12345}, {"t_d": 7, "mg": 2}], "A dose is never rounded here."),
    ],
)
def test_what_no_document_can_say_is_told_in_words(client, world, doses, words):
    contents = {"comparison": {"drug": "epcoritamab", "regimens": [{"name": "odd", "doses": doses}]}}

    page = looked(client, world.data_manager, designed_version(world, contents))

    assert words in page.content.decode()
    assert "made" not in page.context


def test_an_own_molecule_grows_from_nothing_once_the_study_says_its_name(client, world):
    pk = {"cl_l_per_d": 0.3, "vc_l": 4}
    hazard = {"smax_per_d": 1, "s50_ug_ml": 0.1}
    contents = {"comparison": {"pk": pk, "hazard": hazard, "regimens": [{"name": "first", "doses": DOSES}]}}
    version = designed_version(world, contents)

    assert set(looked(client, world.data_manager, version, base="nothing").context["choice"].errors) == {
        "code", "title", "drug", "route"
    }  # fmt: skip
    head = {"base": "nothing", "code": "OWN-1", "title": "ABC-1 first in human", "drug": "ABC-1", "route": "SC"}
    page = looked(client, world.data_manager, version, **head)
    assert page.context["made"].document.id == "OWN-1"
    answer = client.post(address(version, **head), OWN | {"window_h": "48"})

    assert answer.status_code == 302
    assert Regimen.objects.get(code="OWN-1").designed.band_from == ""
