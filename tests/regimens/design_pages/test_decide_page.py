"""Decide: the contract's answer in words, each fault at its box, and a rule that goes with its regimens or says why."""

import pytest

from regimens.charts.figures import chance, figure
from regimens.design.contract.kinds import answer
from regimens.models import DesignRun, DesignVersion
from regimens.services.designs import create_design
from tests.builders import hour
from tests.pages import as_read
from tests.regimens.design_pages.ladders import COMPARISON, ESCALATION, NAMES, counts, ladder_design
from tests.stages import stage

pytestmark = pytest.mark.django_db
TYPED = {
    "after": "1", "of": "1", "current": "6 mg", **{f"ladder-{place}": name for place, name in enumerate(NAMES)},
    "prior-ln_smax-mean": "0.0539", "prior-ln_smax-sd": "1", "prior-ln_s50-mean": "-2.3613", "prior-ln_s50-sd": "1",
    "prior-ln_kin-mean": "-0.832", "prior-ln_kin-sd": "0.5",
}  # fmt: skip
OBSERVED = {f"data-0-{period}-n": "3" for period in (1, 2, 3, 4)} | {
    f"data-0-{period}-events": str(events) for period, events in enumerate([0, 1, 0, 0], start=1)
}


@stage
def design(world) -> int:
    return ladder_design(world).design_id


@pytest.fixture
def page_of(client, world, design):
    """A POST of what was typed, as it is read."""
    client.force_login(world.sponsor)

    def post(changes, name="decide", **headers):
        return client.post(f"/design/{design}/{name}/", TYPED | changes, **headers)

    return post


def newest(design):
    return DesignVersion.objects.filter(design=design).order_by("-number").first()


def test_counts_that_are_typed_are_answered_as_the_contract_does(page_of):
    page = as_read(page_of(OBSERVED | {"grade3-events": "0", "grade3-of": "1"}).content.decode())
    fields = ESCALATION | {
        "data": counts("6 mg", 3, [0, 1, 0, 0]),
        "grade3": {"events": 0, "of": 1},
        "prior": {"ln_smax": [0.0539, 1], "ln_s50": [-2.3613, 1], "ln_kin": [-0.832, 0.5]},
    }
    given = answer("escalation", fields)

    assert given["recommended"] == "12 mg"
    assert "The rule recommends to go up to 12 mg." in page
    for one in given["regimens"]:
        for shown in (chance(one["over_grade2"]), chance(one["over_grade3"]), figure(one["value_ug_d_ml"])):
            assert f'<td class="n">{shown}</td>' in page
    assert "2 rungs above 6 mg: at most 1 at a time." in page
    assert "Research software" in page


def test_a_design_without_a_rule_shows_a_proposal_and_says_so(client, world):
    bare = create_design(study=world.study, name="bare", contents={"comparison": COMPARISON}, by=world.data_manager,
                         at=hour(-1))  # fmt: skip
    client.force_login(world.data_manager)
    page = client.get(f"/design/{bare.design_id}/decide/").content.decode()

    assert "Not saved yet: a proposal" in page
    assert "The rule recommends to stay on 6 mg." in page
    assert "Save the rule first" in page
    assert "No regimens yet" in client.get(f"/design/{empty(world)}/decide/").content.decode()


def empty(world):
    contents = {"starting_dose": None, "comparison": None}
    return create_design(study=world.study, name="empty", contents=contents, by=world.data_manager,
                         at=hour(-1)).design_id  # fmt: skip


def test_what_is_saved_is_the_input_of_the_contract_and_both_rules(page_of, design):
    answered = page_of(OBSERVED | {"do": "save", "rule-stop_after": "9", "evidence-any_below": "0.2"})
    contents = newest(design).contents

    assert answered.status_code == 302
    assert contents["escalation"]["rule"] == {"stop_after": 9}
    assert contents["escalation"]["data"] == counts("6 mg", 3, [0, 1, 0, 0])
    assert contents["evidence_rule"] == {"any_below": 0.2}
    assert contents["comparison"] == COMPARISON
    emptied = {f"ladder-{place}": "" for place in range(3)}
    assert page_of(emptied | {"do": "save", "after": "2", "of": "2"}).status_code == 302
    assert newest(design).contents["escalation"] is None


@pytest.mark.parametrize(("changes", "box", "words"), [
    ({"data-0-1-n": "3", "data-0-1-events": "4"}, "data-0-1-events", "More with an event than were observed."),
    ({"data-2-4-n": "3"}, "data-2-4-events", "This is missing."),
    ({"data-0-1-n": "-1", "data-0-1-events": "0"}, "data-0-1-n", "From 0 to 10,000."),
    ({"data-0-1-n": "2.5", "data-0-1-events": "0"}, "data-0-1-n", "This value cannot be read here."),
    ({"data-0-1-n": "three", "data-0-1-events": "0"}, "data-0-1-n", "is not a number"),
    ({"grade3-events": "2", "grade3-of": "1"}, "grade3-events", "More with an event than were observed."),
    ({"grade3-events": "2"}, "grade3-of", "This is missing."),
    ({"ladder-1": "6 mg"}, "ladder-1", "This regimen stands on the ladder twice."),
    ({"ladder-1": "nobody's"}, "ladder-1", "No regimen that is compared has this name."),
    ({"current": "48 mg", "ladder-2": ""}, "current", "The regimen that is given now stands on the ladder."),
    ({"prior-ln_s50-sd": "0"}, "prior-ln_s50-sd", "Above 0, and at most 5."),
    ({"prior-ln_kin-mean": ""}, "prior-ln_kin-mean", "This is missing."),
    ({"rule-grade2_above": "25"}, "rule-grade2_above", "Above 0 and below 1."),
    ({"rule-stop_at": "NaN"}, "rule-stop_at", "is not a number"),
    ({"rule-most_fold": "1e999"}, "rule-most_fold", "Above 0, and at most 1,000,000,000,000."),
    ({"rule-share_a": "0.8"}, "rule-share_b", "This is missing."),
    ({"rule-share_a": "0.8", "rule-share_b": "-1"}, "rule-share_b", "Above 0, and at most 1,000,000."),
    ({"rule-value_until_d": "inf"}, "rule-value_until_d", "is not a number"),
    ({"evidence-any_below": "5"}, "evidence-any_below", "From 0 to 1."),
    ({"evidence-grade2_below": "5 %"}, "evidence-grade2_below", "is not a number"),
])  # fmt: skip
def test_a_fault_stands_at_its_box_and_nothing_is_saved(page_of, design, changes, box, words):
    answered = page_of(changes | {"do": "save"})
    page = answered.content.decode()

    assert answered.status_code == 400
    wrong = page.split(f'id="id_{box}_wrong"', 1)[1].split("</p>", 1)[0]
    assert words in as_read(wrong)
    assert newest(design).number == 1


def test_a_huge_paste_is_refused_at_its_box(page_of):
    answered = page_of({"data-0-1-n": "9" * 100_000, "data-0-1-events": "0"})

    assert answered.status_code == 400
    assert "At most 500 characters." in answered.content.decode()
    assert page_of({"note": "9" * 10_000_000}).status_code in (400, 413)


def test_by_script_there_is_the_result_alone(page_of, design):
    page = page_of(OBSERVED, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in page
    assert "recommends to go up" in page
    assert newest(design).number == 1


def test_somebody_else_saved_meanwhile_so_nothing_is_covered_up(page_of, design):
    assert page_of({"do": "save", "rule-stop_after": "9"}).status_code == 302
    answered = page_of({"do": "save", "rule-stop_after": "12"})

    assert answered.status_code == 400
    assert "saved version 2 since you opened this page" in answered.content.decode()
    assert newest(design).number == 2


@pytest.mark.long
def test_what_a_program_said_and_no_box_shows_stays_when_the_page_saves(client, world):
    """Posterior of nine people instead of the typical one, with a slope of their own."""
    own = {"pk_patients": 9, "seed": 4, "hill": 1.2, "population": {"pk_variability": False}}
    version = ladder_design(world, "by program", escalation=ESCALATION | own)
    client.force_login(world.data_manager)
    for address, typed in (("decide", TYPED | {"rule-stop_after": "9"}), ("compare", COLUMNS | {"after": "2"})):
        changed = typed | {"do": "save", "horizon_d": "36" if address == "compare" else ""}
        assert client.post(f"/design/{version.design_id}/{address}/", changed).status_code == 302
    contents = newest(version.design_id).contents

    assert (contents["escalation"]["horizon_d"], contents["escalation"]["rule"]) == (36, {"stop_after": 9})
    assert {name: contents["escalation"][name] for name in own} == own


@pytest.mark.parametrize(("drug", "box", "words"), [
    ("mosunetuzumab", "prior-ln_smax-mean", "This is missing."), ("tarlatamab", "prior-ln_smax-sd", 'value="2"'),
])  # fmt: skip
def test_a_prior_is_proposed_where_there_is_a_hazard_and_asked_for_where_not(client, world, drug, box, words):
    """A hazard that was carried over is believed half as firmly: its standard deviations are twice those published."""
    comparison = {"drug": drug, "regimens": [{"name": "one", "doses": [{"t_d": 0, "mg": 1}]}]}
    made = create_design(study=world.study, name=drug, contents={"comparison": comparison}, by=world.data_manager,
                         at=hour(-1))  # fmt: skip
    client.force_login(world.data_manager)
    answered = client.get(f"/design/{made.design_id}/decide/")

    assert answered.status_code == 200
    assert words in answered.content.decode().split(f'name="{box}"', 1)[1].split("</div>", 1)[0]


@pytest.mark.parametrize("number", ["x", "7", "99999999999999999999"])
def test_a_version_that_there_is_not_is_not_found(page_of, number):
    assert page_of({"of": number}).status_code == 404


COLUMNS = {"drug": "epcoritamab", "horizon_d": "35", "do": "save", "after": "1"} | {
    f"regimen-{place}-{name}": value
    for place, mg in enumerate((6, 12, 48))
    for name, value in {"name": f"{mg} mg", "days": "0 7 14 21", "doses": f"0.16 0.8 {mg} {mg}", "unit": "mg"}.items()
}


def test_a_rule_goes_with_the_regimens_that_are_changed(client, world, design):
    client.force_login(world.data_manager)
    assert client.post(f"/design/{design}/compare/", COLUMNS | {"regimen-2-doses": "0.16 0.8 24 24"}).status_code == 302
    contents = newest(design).contents

    assert contents["escalation"]["regimens"] == contents["comparison"]["regimens"]
    assert contents["escalation"]["regimens"][2]["doses"][3] == {"t_d": 21, "mg": 24}
    assert contents["escalation"]["ladder"] == NAMES


@pytest.mark.parametrize(("changes", "words"), [
    ({"regimen-0-name": "six"}, "The escalation rule of this design is about 6 mg."),
    ({"drug": "tarlatamab"}, "believes something of another molecule or hazard"),
    ({"regimen-0-doses": "0.16 0.8 3 3"}, "Counts of 6 mg are typed on the page Decide"),
])  # fmt: skip
def test_a_rule_that_cannot_go_along_is_not_lost_unsaid(client, world, changes, words):
    version = ladder_design(world, "counted", escalation=ESCALATION | {"data": counts("6 mg", 3, [0, 0, 0, 0])})
    client.force_login(world.data_manager)
    answered = client.post(f"/design/{version.design_id}/compare/", COLUMNS | {"confirm": "on"} | changes)

    assert answered.status_code == 400
    assert words in as_read(answered.content.decode())
    assert newest(version.design_id).number == 1


def test_nurse_and_stranger_find_no_such_pages(client, world, design):
    for user in (world.nurse, world.outsider):
        client.force_login(user)
        for address in ("decide/", "pathways/"):
            assert client.get(f"/design/{design}/{address}").status_code in (403, 404)
        assert client.post(f"/design/{design}/operating/", {}).status_code in (403, 404)
    assert not DesignRun.objects.exists()
