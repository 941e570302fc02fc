"""A regimen is drafted by page (library, file, typed, amended) and approved on its page, with a signature."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from regimens.library import FOLDER, read
from regimens.models import Regimen
from regimens.selectors import missing_for_enrolment
from regimens.services.versions import version_in_force
from tests.builders import build_world

pytestmark = pytest.mark.django_db
OWN = {
    "vitals_every_h": "4", "neuro_every_h": "8", "risk_window_h": "168", "grace_minutes": "30", "shorter": "never",
    "untightened_because": "protocol 6.3", "source": "protocol 6", "reason": "protocol 2",
}  # fmt: skip
LIBRARY = "/studies/DEMO/regimens/library/{}/"


def sent(client, user, address, **typed):
    client.force_login(user)
    return client.post(address, OWN | typed)


def errors(answer) -> dict[str, list[str]]:
    assert answer.status_code == 400
    return {name: list(texts) for name, texts in answer.context["form"].errors.items()}


def newest(code: str) -> Regimen:
    return Regimen.objects.filter(code=code).order_by("-version").first()


def test_a_library_regimen_is_taken_over_and_approved_with_a_signature(client, world):
    sent(client, world.data_manager, LIBRARY.format("teclistamab"), variant="US")
    version = newest("teclistamab")
    assert (version.approved_at, version.variant, version.library_id) == (None, "US", "teclistamab")
    assert missing_for_enrolment(version) == {}

    signature = {"name": world.investigator.username, "password": f"{world.investigator.username}-password"}
    answer = sent(client, world.investigator, f"/regimens/{version.pk}/", do="approve", because="as agreed",
                  **signature)  # fmt: skip

    assert answer.status_code == 302
    assert version_in_force(world.study, "teclistamab").approved_by == world.investigator


@pytest.mark.parametrize(("name", "password"), [("", ""), ("demo.investigator", "wrong"), ("demo.data", "x")])
def test_without_a_right_signature_it_stays_a_draft(client, world, name, password):
    sent(client, world.data_manager, LIBRARY.format("teclistamab"), variant="US")
    version = newest("teclistamab")

    answer = sent(client, world.investigator, f"/regimens/{version.pk}/", do="approve", because="as agreed", name=name,
                  password=password)  # fmt: skip

    assert answer.status_code == 400
    assert b"Sign with your own user name and password." in answer.content
    assert version_in_force(world.study, "teclistamab") is None


def test_the_label_is_asked_for_where_labels_differ(client, world):
    answer = sent(client, world.data_manager, LIBRARY.format("teclistamab"), variant="")

    assert errors(answer) == {"variant": ["The labels differ: say which is followed. CH, EU, US"]}
    assert newest("teclistamab") is None


def test_all_that_is_wrong_is_told_at_once(client, world):
    nothing = dict.fromkeys(OWN, "")

    answer = sent(client, world.data_manager, LIBRARY.format("linvoseltamab"), variant="US", **nothing)

    assert set(errors(answer)) == {*OWN} - {"untightened_because"} | {"window_h"}


DOSES = "step-up 1, step-up 2, first treatment dose, weekly, every 2 weeks"


@pytest.mark.parametrize("field", ["vitals_every_h", "neuro_every_h", "risk_window_h"])
def test_what_no_label_prints_is_asked_for(client, world, field):
    answer = sent(client, world.data_manager, LIBRARY.format("teclistamab"), variant="US", **{field: ""})

    assert errors(answer) == {field: [f"No label prints this: {DOSES}"]}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"untightened_because": ""}, "untightened_because"), ({"shorter": ""}, "shorter"), ({"source": ""}, "source"),
        ({"shorter": "own"}, "triggers"), ({"shorter": "own", "triggers": ["treatment"]}, "tier_every_0"),
        ({"grace_minutes": ""}, "grace_minutes"), ({"reason": ""}, "reason"),
    ],
)  # fmt: skip
def test_what_the_study_has_to_decide_is_asked_for(client, world, changes, field):
    answer = sent(client, world.data_manager, LIBRARY.format("teclistamab"), variant="US", **changes)

    assert field in errors(answer)


def test_hours_that_the_label_does_not_print_become_the_study_s_own(client, world):
    """docs/sources/regimens.yaml: linvoseltamab US, hospital after the first 200 mg, the length was not found."""
    address = LIBRARY.format("linvoseltamab")
    answer = sent(client, world.data_manager, address, variant="US")
    assert errors(answer) == {"window_h": ["Neither label nor file says how long: first treatment dose"]}

    sent(client, world.data_manager, address, variant="US", window_h="48", window_clock="infusion_end")

    version = newest("linvoseltamab")
    hours = {step.label: (step.inpatient_h, step.inpatient_clock, step.observed_in) for step in version.steps.all()}
    assert hours["step-up 1"] == (24, "administration", "hospital")  # as the label has it
    assert hours["first treatment dose"] == (48, "administration", "hospital")  # but for the hours
    assert hours["weekly"] == (None, "administration", "")  # the label names no window
    assert (missing_for_enrolment(version), version.library_id) == ({}, "")
    assert version.document["sources"]["STUDY_PLAN"] == {"what": "protocol 6"}


def test_a_regimen_of_which_no_label_was_read_gets_a_label_of_the_study(client, world):
    address = LIBRARY.format("odronextamab_DLBCL")
    sent(client, world.data_manager, address, window_h="24", window_clock="infusion_end")

    version = newest("odronextamab_DLBCL")
    assert (version.variant, missing_for_enrolment(version)) == ("OWN", {})
    assert {(step.inpatient_h, step.inpatient_clock) for step in version.steps.all()} == {(24, "infusion_end")}


def test_shorter_intervals_are_kept_as_the_rule_reads_them(client, world):
    tiers = {"tier_every_0": "0.5", "tier_for_0": "2", "tier_every_1": "4"}
    sent(client, world.data_manager, LIBRARY.format("teclistamab"), variant="EU", shorter="own",
         triggers=["crs_grade", "treatment"], from_grade="2", **tiers)  # fmt: skip

    assert newest("teclistamab").tightening == {
        "source": "protocol 6", "triggers": ["crs_grade", "treatment"], "from_grade": 2,
        "tiers": [{"every_h": 0.5, "for_h": 2}, {"every_h": 4}],
    }  # fmt: skip


FILE = "/studies/DEMO/regimens/file/"


def test_a_file_is_drafted_and_what_is_wrong_with_it_is_told_at_its_line(client, world):
    text = (FOLDER / "teclistamab.yaml").read_text()
    bad = text.replace("dose: 0.3", "dose: 0")
    line = next(n for n, one in enumerate(bad.splitlines(), start=1) if "dose: 0," in one or one.endswith("dose: 0"))

    answer = sent(client, world.data_manager, FILE, text=bad, variant="US")
    assert errors(answer) == {"text": [f"steps[1].dose (line {line}): a number above 0 is needed"]}

    file = SimpleUploadedFile("own.yaml", text.replace("dose: 0.3", "dose: 0.2").encode())
    assert sent(client, world.data_manager, FILE, file=file, variant="US").status_code == 302
    assert str(newest("teclistamab").steps.get(label="step-up 2").planned_dose) == "0.2000"


def test_in_chinese_it_is_told_in_chinese(client, world):
    text = (FOLDER / "teclistamab.yaml").read_text()
    bad = text.replace("dose: 0.3", "dose: 0").replace("title:", "titel:")
    client.cookies["django_language"] = "zh-hant"

    answer = sent(client, world.data_manager, FILE, text=bad, variant="US")

    places = dict(text.split(": ", 1) for text in errors(answer)["text"])
    assert set(places.values()) == {"須為大於 0 的數字", "必填", "不認得的欄位"}
    assert all("第" in place for place in places if place.startswith("steps"))


# --- Single steps -------------------------------------------------------------------------------------------


@pytest.mark.long
def test_a_single_step_is_looked_at_otherwise_and_that_is_corrected_by_page(client, world):
    first_hourly = {"look_0_vitals_every_h": "1", "look_0_risk_window_h": "240"}
    assert (
        sent(client, world.data_manager, LIBRARY.format("teclistamab"), variant="US", **first_hourly).status_code == 302
    )
    made = newest("teclistamab")
    plan = [(one.vitals_every_h, one.neuro_every_h, one.risk_window_h) for one in made.steps.order_by("position")]
    assert plan == [(1, 8, 240), *[(4, 8, 168)] * 4]

    signature = {"name": world.investigator.username, "password": f"{world.investigator.username}-password"}
    sent(client, world.investigator, f"/regimens/{made.pk}/", do="approve", because="as agreed", **signature)
    client.force_login(world.data_manager)
    page = client.get(f"/regimens/{made.pk}/amend/")
    shown = page.context["form"].initial
    assert {name: value for name, value in shown.items() if name.startswith("look_") or name.endswith("_every_h")} == {
        "vitals_every_h": 4, "neuro_every_h": 8, "look_0_vitals_every_h": 1, "look_0_risk_window_h": 240}  # fmt: skip
    sent(client, world.data_manager, f"/regimens/{made.pk}/amend/", text=page.context["text"], variant="US",
         look_0_vitals_every_h="", look_0_risk_window_h="240", look_4_neuro_every_h="12")  # fmt: skip

    after = newest("teclistamab")
    plan = [(one.vitals_every_h, one.neuro_every_h, one.risk_window_h) for one in after.steps.order_by("position")]
    assert plan == [(4, 8, 240), *[(4, 8, 168)] * 3, (4, 12, 168)]
    changes = client.get(f"/regimens/{after.pk}/changes/").context["changes"]
    assert [(one.place, one.was, one.becomes) for one in changes] == [
        ("What the study sets, step-up 1, vital signs every … h", "1", "4"),
        ("What the study sets, every 2 weeks, neuro assessment every … h", "8", "12"),
    ]


def test_an_emptied_row_says_nothing_and_a_wrong_number_is_marked_there(client, world):
    address, usual = LIBRARY.format("teclistamab"), {"vitals_every_h": ""}
    rows = {f"look_{row}_vitals_every_h": "2" for row in range(4)}
    answer = sent(client, world.data_manager, address, variant="US", **usual, **rows)
    assert errors(answer) == {"vitals_every_h": ["No label prints this: every 2 weeks"]}

    answer = sent(client, world.data_manager, address, variant="US", look_1_neuro_every_h="0")
    assert list(errors(answer)) == ["look_1_neuro_every_h"]
    page = answer.content.decode()
    assert page.count("<details open>") == 1
    assert 'name="look_1_neuro_every_h"' in page
    assert sent(client, world.data_manager, address, variant="US", **usual, **rows,
                look_4_vitals_every_h="0.5").status_code == 302  # fmt: skip


@pytest.mark.parametrize("text", ["", "steps: [", "- a\n- b\n", "id: x\nid: y\n"])
def test_what_is_no_regimen_is_refused(client, world, text):
    assert "text" in errors(sent(client, world.data_manager, FILE, text=text))


HAND = "/studies/DEMO/regimens/by-hand/"


def typed_steps(*rows) -> dict[str, str]:
    fields = {"step-TOTAL_FORMS": "8", "step-INITIAL_FORMS": "0"}
    for place in range(8):
        row = rows[place] if place < len(rows) else {}
        fields |= {f"step-{place}-{name}": value for name, value in ({"kind": "step_up", "unit": "mg"} | row).items()}
    return fields


HEAD = {"code": "fih-01", "title": "First in human", "drug": "x-101", "route": "SC", "window_h": "48"}


def test_a_regimen_is_typed_step_by_step(client, world):
    steps = typed_steps(
        {"label": "step-up 1", "dose": "0.1", "day": "1"},
        {"label": "target", "dose": "10", "kind": "target", "planned_d": "7", "min_d": "6", "repeats": "on"},
    )
    assert sent(client, world.data_manager, HAND, **HEAD, **steps).status_code == 302

    version = newest("fih-01")
    first, target = version.steps.order_by("position")
    assert (str(first.planned_dose), first.planned_day, first.kind, first.inpatient_h) == ("0.1000", 1, "step_up", 48)
    assert (target.repeats, target.interval_planned_d, target.interval_min_d, target.kind) == (True, 7, 6, "target")
    assert (missing_for_enrolment(version), version.approved_at) == ({}, None)


def test_a_typed_step_that_is_wrong_is_marked(client, world):
    answer = sent(client, world.data_manager, HAND, **HEAD, **typed_steps({"label": "step-up 1", "dose": "x"}))

    assert answer.status_code == 400
    assert list(answer.context["steps"].errors[0]) == ["dose"]


def test_days_that_go_back_are_told(client, world):
    steps = typed_steps({"label": "1", "dose": "1", "day": "8"}, {"label": "2", "dose": "2", "day": "1"})

    answer = sent(client, world.data_manager, HAND, **HEAD, **steps)

    assert answer.status_code == 400
    assert [dict(row) for row in answer.context["steps"].errors[:2]] == [
        {}, {"day": ["day 1 is before day 8 of '1'"]}]  # fmt: skip


def test_a_regimen_without_a_step_is_none(client, world):
    assert "__all__" in errors(sent(client, world.data_manager, HAND, **HEAD, **typed_steps()))


@pytest.mark.long
def test_an_amendment_starts_with_what_stands_and_is_a_draft_again(client, world):
    sent(client, world.data_manager, LIBRARY.format("teclistamab"), variant="US")
    first = newest("teclistamab")
    signature = {"name": world.investigator.username, "password": f"{world.investigator.username}-password"}
    sent(client, world.investigator, f"/regimens/{first.pk}/", do="approve", because="as agreed", **signature)
    client.force_login(world.data_manager)
    page = client.get(f"/regimens/{first.pk}/amend/")
    text, shown = page.context["text"], page.context["form"].initial

    assert (shown["variant"], shown["vitals_every_h"], shown["shorter"]) == ("US", 4, "never")
    only_looks = sent(client, world.data_manager, f"/regimens/{first.pk}/amend/", text=text, variant="US",
                      vitals_every_h="2")  # fmt: skip

    second = newest("teclistamab")
    assert only_looks.status_code == 302
    assert (second.version, second.amends, second.library_id, second.approved_at) == (2, first, "teclistamab", None)
    assert {step.vitals_every_h for step in second.steps.all()} == {2}
    assert version_in_force(world.study, "teclistamab") == first
    assert second.document == first.document

    other = sent(client, world.data_manager, f"/regimens/{first.pk}/amend/", text=text.replace("0.3", "0.2"),
                 variant="US")  # fmt: skip
    assert other.status_code == 302
    assert newest("teclistamab").library_id == ""


def test_an_amendment_of_another_regimen_is_refused(client, world):
    sent(client, world.data_manager, LIBRARY.format("teclistamab"), variant="US")
    text = (FOLDER / "elranatamab.yaml").read_text()

    answer = sent(client, world.data_manager, f"/regimens/{newest('teclistamab').pk}/amend/", text=text, window_h="48")

    assert errors(answer) == {"__all__": ["The file is of elranatamab, not of teclistamab."]}


PAGES = ["", "library/teclistamab/", "file/", "by-hand/"]
SEES = {"nurse": 403, "investigator": 403, "data_manager": 200, "sponsor": 403}


@pytest.mark.parametrize("page", PAGES[1:])
def test_only_a_data_manager_of_the_study_drafts(client, world, page):
    answers = {}
    for who in SEES:
        client.force_login(getattr(world, who))
        answers[who] = client.get(f"/studies/DEMO/regimens/{page}").status_code
    client.force_login(build_world("AWAY").data_manager)

    assert answers == SEES
    assert client.get(f"/studies/DEMO/regimens/{page}").status_code == 404


def test_a_data_manager_finds_the_way_from_the_library(client, world):
    leads = {}
    for who in ("data_manager", "investigator"):
        client.force_login(getattr(world, who))
        leads[who] = LIBRARY.format("teclistamab") in client.get("/regimens/library/teclistamab/").content.decode()

    assert leads == {"data_manager": True, "investigator": False}


def test_programs_see_which_version_is_a_draft(client, world):
    sent(client, world.data_manager, LIBRARY.format("teclistamab"), variant="US")

    versions = client.get("/api/v1/studies/DEMO/regimens/").json()

    assert {one["code"]: one["approved_at"] is None for one in versions} == {"STEP": False, "teclistamab": True}


def test_the_study_s_regimens_say_how_each_stands(client, world):
    sent(client, world.data_manager, LIBRARY.format("teclistamab"), variant="US")
    client.force_login(world.investigator)

    page = client.get("/studies/DEMO/regimens/").content.decode()

    assert "teclistamab v1" in page
    assert "From the library" not in page
    assert [state for _, state in client.get("/studies/DEMO/regimens/").context["versions"]] == ["in_force", "draft"]
    assert read("teclistamab").data["title"] in page
