"""A study's versions of a regimen: adopted, amended, frozen by the first dose."""

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from crsmonitor.errors import DomainError, InvalidInput
from grading.bedside.selectors.course import next_step
from grading.models import DosePeriod
from regimens.library import FOLDER, document_from, names, plan_of, read
from regimens.models import Dose, Regimen, StepKind
from regimens.selectors import missing_for_enrolment
from regimens.services.versions import adopt, amend, document_of
from tests.builders import RISK_WINDOWS, dose, draft, hour, kept, vitals

pytestmark = pytest.mark.django_db
WINDOW = ["--risk-window-h", "168"]
REGION = {"odronextamab_DLBCL": "", "odronextamab_FL": "EU"}


def adopted(world, regimen_id="teclistamab", variant="US") -> Regimen:
    return adopt(
        study=world.study, document=read(regimen_id), variant=variant, by=world.data_manager, reason="", at=hour(-100),
        looks=RISK_WINDOWS,
    )  # fmt: skip


def with_dose(regimen_id, label, amount):
    """The document with another dose at one step."""
    data = dict(read(regimen_id).data)
    data["steps"] = [dict(s, dose=amount) if s["label"] == label else s for s in data["steps"]]
    return document_from(data)


@pytest.mark.parametrize("regimen_id", names())
def test_every_regimen_is_kept_exactly_with_its_steps(world, regimen_id):
    made = adopted(world, regimen_id, REGION.get(regimen_id, "US"))
    plan = plan_of(read(regimen_id))

    kept_document = document_of(Regimen.objects.get(pk=made.pk))
    assert kept_document is not None
    assert plan_of(kept_document) == plan
    assert (made.code, made.version, made.library_id) == (regimen_id, 1, regimen_id)
    for row, step in zip(made.steps.order_by("position"), plan.steps, strict=True):
        assert (row.label, row.planned_dose, row.unit, row.planned_day) == (step.label, step.dose, step.unit, step.day)
        assert (row.interval_min_d, row.repeats, row.times) == (step.interval.min_d, step.repeats, step.times)
        assert (row.opens_period, row.split_with) == (step.opens_period, step.split_with or "")


# regimen, region, step: day, hours of the window, its clock, where
WINDOWS = [
    ("teclistamab", "US", "step-up 2", 4, 48, "administration", "hospital"),
    ("teclistamab", "EU", "step-up 2", 3, 48, "administration", "near_facility"),
    ("teclistamab", "EU", "weekly", None, None, "administration", ""),
    ("linvoseltamab", "US", "first treatment dose", 15, None, "administration", "hospital"),
    ("tarlatamab", "US", "C1D8", 8, 24, "infusion_start", "hospital"),
    ("glofitamab", "CH", "step-up 1", 8, 24, "infusion_end", "hospital"),
    ("tebentafusp", "US", "weekly", None, 1, "infusion_end", ""),  # 30 min, in whole hours
    ("teclistamab", "", "step-up 2", 4, None, "administration", ""),
]


@pytest.mark.parametrize(("regimen_id", "region", "label", "day", "hours", "clock", "place"), WINDOWS)
def test_the_region_decides_day_and_window(world, regimen_id, region, label, day, hours, clock, place):
    step = adopted(world, regimen_id, region).steps.get(label=label)

    assert (step.planned_day, step.inpatient_h, step.inpatient_clock, step.observed_in) == (day, hours, clock, place)


def test_a_pretreatment_is_a_kind_of_its_own(world):
    steps = adopted(world, "glofitamab", "CH").steps

    assert list(steps.values_list("kind", flat=True)) == [
        StepKind.PRETREATMENT, StepKind.STEP_UP, StepKind.STEP_UP, StepKind.TARGET, StepKind.TARGET,
    ]  # fmt: skip


def test_a_region_that_the_regimen_has_not_is_refused(world):
    with pytest.raises(InvalidInput, match=r"no_such_variant.*EU, US"):
        adopted(world, "linvoseltamab", "CH")

    assert not Regimen.objects.filter(code="linvoseltamab").exists()


def test_twice_adopted_is_refused(world):
    adopted(world)

    with pytest.raises(DomainError, match="has_it_already"):
        adopted(world)


def test_an_amendment_is_a_new_version_and_leaves_the_old_one(world):
    first = adopted(world)
    changed = with_dose("teclistamab", "step-up 2", Decimal("0.2"))

    second = amend(
        regimen=first, document=changed, variant="EU", by=world.data_manager, reason="amendment 3", at=hour(0)
    )

    assert (second.version, second.amends, second.reason, second.variant) == (2, first, "amendment 3", "EU")
    assert [r.steps.get(label="step-up 2").planned_dose for r in (first, second)] == [Decimal("0.3"), Decimal("0.2")]
    event = AuditEvent.objects.get(table_name="regimens_regimen", row_id=str(second.pk))
    assert event.reason == "amendment 3"
    assert event.actor.endswith(world.data_manager.username)


def test_an_amendment_has_a_reason_and_amends_the_newest_of_the_same_regimen(world):
    first = adopted(world)
    again = {"document": read("teclistamab"), "variant": "US", "by": world.data_manager, "at": hour(0)}
    amend(regimen=first, reason="amendment 1", **again)

    with pytest.raises(DomainError, match="not_the_newest"):
        amend(regimen=first, reason="amendment 2", **again)
    newest = Regimen.objects.get(code="teclistamab", version=2)
    with pytest.raises(InvalidInput, match="say_why_amended"):
        amend(regimen=newest, reason=" ", **again)
    with pytest.raises(DomainError, match="file_of_another"):
        amend(regimen=newest, reason="x", **again | {"document": read("elranatamab")})


def test_how_often_to_look_goes_on_in_the_next_version(world):
    first = adopted(world)
    with acting(by="test", reason="site set-up"):
        first.steps.filter(label="step-up 2").update(vitals_every_h=4, neuro_every_h=8)

    second = amend(
        regimen=first, document=read("teclistamab"), variant="EU", by="test", reason="amendment 1", at=hour(0)
    )

    looks = second.steps.order_by("position").values_list("vitals_every_h", "neuro_every_h")
    assert list(looks)[:3] == [(None, None), (4, 8), (None, None)]


def test_a_step_made_of_a_file_changes_by_hand_only_in_how_often_to_look(world, client, django_user_model):
    step = adopted(world).steps.get(label="step-up 2")
    with acting(by="test", reason="an administrator"):
        client.force_login(django_user_model.objects.create_superuser("root", password="root-password"))

    answer = client.post(
        f"/admin/regimens/step/{step.pk}/change/",
        {"vitals_every_h": "4", "risk_window_h": "168", "planned_dose": "9", "label": "other", "reason": "site set-up"},
    )

    assert answer.status_code == 302
    step.refresh_from_db()
    assert (step.label, step.planned_dose, step.vitals_every_h) == ("step-up 2", Decimal("0.3"), 4)


def follow(world, regimen: Regimen) -> None:
    with acting(by="test", reason="another regimen"):
        world.participant.regimen = regimen
        world.participant.save()


def given(world, h, step, **columns) -> Dose:
    values = {"step": step, "amount": step.planned_dose, "unit": step.unit, "route": "INTRAVENOUS"}
    return kept(draft(Dose, world, h, **values | columns), world).fact


def test_the_first_dose_freezes_the_document(world):
    made = adopted(world)
    follow(world, made)
    given(world, 0, made.steps.first())

    with pytest.raises(DatabaseError, match="is frozen"), transaction.atomic(), acting(by="test", reason="cheat"):
        Regimen.objects.filter(pk=made.pk).update(document={})
    with pytest.raises(DatabaseError, match="is frozen"), transaction.atomic(), acting(by="test", reason="cheat"):
        made.steps.update(repeats=True)


def test_each_dose_keeps_the_version_it_was_given_under(world):
    first = adopted(world)
    follow(world, first)
    before = given(world, 0, first.steps.get(label="step-up 1"))
    second = amend(
        regimen=first, document=with_dose("teclistamab", "step-up 2", Decimal("0.2")), variant="US",
        by=world.data_manager, reason="amendment 1", at=hour(10),
    )  # fmt: skip
    follow(world, second)

    after = given(world, 72, second.steps.get(label="step-up 2"))

    assert [d.step.regimen.version for d in (before, after)] == [1, 2]
    assert list(DosePeriod.objects.order_by("dose_number").values_list("dose_number", flat=True)) == [1, 2]


def test_a_pretreatment_opens_no_dose_period(world):
    made = adopted(world, "glofitamab", "CH")
    follow(world, made)
    steps = list(made.steps.order_by("position"))
    given(world, -168, steps[0])
    kept(vitals(world, -160, temperature_c=38.6), world)
    assert DosePeriod.objects.count() == 0
    assert next_step(world.participant) == steps[1]

    given(world, 0, steps[1])
    kept(vitals(world, 5, temperature_c=38.6), world)

    period = DosePeriod.objects.get()
    assert (period.step, period.dose_number, period.started_at) == (steps[1], 1, hour(0))
    world.participant.current_state.refresh_from_db()
    assert (world.participant.current_state.dose_number, world.participant.current_state.step) == (1, steps[1])


def test_a_pretreatment_entered_late_changes_no_number(world):
    made = adopted(world, "glofitamab", "CH")
    follow(world, made)
    steps = list(made.steps.order_by("position"))
    given(world, 0, steps[1])
    given(world, 168, steps[2])

    late = {"step": steps[0], "amount": 1000, "unit": "mg", "route": "INTRAVENOUS", "reason": "found on paper"}
    kept(draft(Dose, world, 60, **late), world, at=hour(170))

    periods = DosePeriod.objects.order_by("started_at")
    assert [(p.dose_number, p.started_at, p.ended_at) for p in periods] == [
        (1, hour(0), hour(168)), (2, hour(168), None),
    ]  # fmt: skip


def test_a_step_that_repeats_is_next_again(world):
    made = adopted(world, "odronextamab_DLBCL", "")
    follow(world, made)
    nine_times = made.steps.get(label="C2-C4 D1,8,15")

    for place in range(9):
        given(world, 168 * place, nine_times)
        step = next_step(world.participant)
        assert step is not None
        assert step.label == ("C2-C4 D1,8,15" if place < 8 else "every 2 weeks")


# --- Commands -----------------------------------------------------------------------------------------------


def test_load_regimen_drafts_then_says_that_nothing_changes_then_drafts_the_next(world, tmp_path, capsys):
    own = tmp_path / "own.yaml"
    text = (FOLDER / "teclistamab.yaml").read_text()
    own.write_text(text.replace("dose: 0.3", "dose: 0.2"))

    call_command("load_regimen", "teclistamab", "--study", "DEMO", "--variant", "US", *WINDOW)
    call_command("load_regimen", "teclistamab", study="DEMO", variant="US")
    call_command("load_regimen", str(own), *WINDOW, "--study", "DEMO", "--variant", "US", "--check")
    assert Regimen.objects.filter(code="teclistamab").count() == 1
    call_command("load_regimen", str(own), *WINDOW, "--study", "DEMO", "--variant", "US", "--reason", "amendment 1")

    lines = capsys.readouterr().out.splitlines()
    change = "~ Schedule, step-up 2, dose: 0.3 mg/kg -> 0.2 mg/kg"
    assert [line for line in lines if not line.startswith("! not ready")] == [
        "DEMO: teclistamab v1 drafted, 5 steps; an investigator approves it",
        "DEMO: nothing changes, teclistamab v1 stays a draft",
        change, "DEMO: checked, nothing written",
        change, "DEMO: teclistamab v2 drafted, 5 steps; an investigator approves it",
    ]  # fmt: skip
    assert Regimen.objects.get(code="teclistamab", version=2).library_id == ""


STEPS = "step-up 1, step-up 2, first treatment dose, weekly, every 2 weeks"
NO_LABEL_SAYS = [
    f"! not ready to enrol: vitals_every_h of {STEPS} (--vitals-every-h, or in the file)",
    f"! not ready to enrol: neuro_every_h of {STEPS} (--neuro-every-h, or in the file)",
]


def test_adopting_asks_for_what_no_label_prints(world, capsys):
    call_command("load_regimen", "teclistamab", "--study", "DEMO", "--variant", "US", *WINDOW)

    assert capsys.readouterr().out.splitlines()[1:] == NO_LABEL_SAYS


def test_what_is_said_when_adopting_is_set_for_every_step(world, capsys):
    hours = ["--vitals-every-h", "4", "--neuro-every-h", "8.5", "--risk-window-h", "168"]
    call_command("load_regimen", "teclistamab", "--study", "DEMO", "--variant", "US", *hours)

    made = Regimen.objects.get(code="teclistamab")
    assert {(s.vitals_every_h, s.neuro_every_h, s.risk_window_h) for s in made.steps.all()} == {
        (4, Decimal("8.5"), 168)
    }
    assert "not ready" not in capsys.readouterr().out
    assert missing_for_enrolment(made) == {}


def test_it_may_be_said_later_and_then_is_a_new_version(world, capsys):
    call_command("load_regimen", "teclistamab", "--study", "DEMO", "--variant", "US", *WINDOW)
    call_command("load_regimen", "teclistamab", "--study", "DEMO", "--variant", "US", "--reason", "plan",
                 "--vitals-every-h", "4", *WINDOW)  # fmt: skip

    made = Regimen.objects.get(code="teclistamab", version=2)
    assert list(missing_for_enrolment(made)) == ["neuro_every_h"]


@pytest.mark.parametrize("hours", ["0", "-1", "x", "1.005", "NaN", "1000000"])
def test_hours_that_are_none_are_refused(world, hours):
    with pytest.raises(CommandError, match="hours above 0"):
        call_command("load_regimen", "teclistamab", "--study", "DEMO", "--vitals-every-h", hours)


# regimens.yaml: how long to observe is null, or the region's label was not read
WINDOWS = [
    ("teclistamab", "US", []), ("teclistamab", "", STEPS.split(", ")),
    ("linvoseltamab", "US", ["first treatment dose"]),
    ("mosunetuzumab_IV", "US", ["C1D1", "C1D8", "C1D15", "C2D1", "C3+ D1"]),
    ("glofitamab", "US", ["step-up 1", "step-up 2", "C2D1 first target"]), ("glofitamab", "CH", []),
]  # fmt: skip


@pytest.mark.parametrize(("regimen_id", "region", "steps"), WINDOWS)
def test_a_window_that_the_library_does_not_know_is_asked_for(world, regimen_id, region, steps):
    made = adopted(world, regimen_id, region)

    assert missing_for_enrolment(made).get("window_h", []) == steps


def test_a_file_of_the_study_s_own_sets_the_window(world):
    """The gate then waits for it, and the bedside watches for it."""
    data = dict(read("mosunetuzumab_IV").data)
    labels = [step["label"] for step in data["steps"]]
    rows = [{"steps": labels, "hours": 24, "text": "protocol 6.2", "source": "MOS_US"}]
    data["variants"] = {"US": {"observation": rows}}
    data["grade_rules"] = [rule for rule in data["grade_rules"] if "variants" not in rule]
    made = adopt(
        study=world.study, document=document_from(data), variant="US", by="t", reason="t", at=hour(-1),
        looks={"vitals_every_h": 4, "neuro_every_h": 8, "risk_window_h": 168},
    )  # fmt: skip

    assert missing_for_enrolment(made) == {}
    assert {step.inpatient_h for step in made.steps.all()} == {24}


def test_a_bad_file_writes_nothing_and_names_the_place(world, tmp_path):
    bad = tmp_path / "bad.yaml"
    text = (FOLDER / "teclistamab.yaml").read_text()
    bad.write_text(text.replace("dose: 0.3", "dose: 0").replace("step_up: true", "stepup: true", 1))

    with pytest.raises(CommandError) as refused:
        call_command("load_regimen", str(bad), study="DEMO")

    assert "steps[1].dose: a number above 0 is needed" in str(refused.value)
    assert "steps[0].stepup: unknown field" in str(refused.value)
    assert not Regimen.objects.filter(code="teclistamab").exists()


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (["nowhere.yaml"], {"study": "DEMO"}, "nowhere.yaml: No such file"),
        (["teclistamab"], {"study": "NONE"}, "no study 'NONE'; there are: DEMO"),
        (["teclistamab"], {"study": "DEMO", "variant": "XX"}, "no variant 'XX'; there are: CH, EU, US"),
        (["teclistamab"], {}, "say for which --study"),
        (["teclistamab"], {"study": "DEMO"}, "the labels differ, say with --variant which is followed: CH, EU, US"),
    ],
)
def test_load_regimen_refuses(world, arguments, options, message):
    with pytest.raises(CommandError, match=message):
        call_command("load_regimen", *arguments, **options)


def test_the_protocol_of_a_version_and_of_two(world, tmp_path, capsys):
    first = adopted(world)
    amend(
        regimen=first, document=with_dose("teclistamab", "step-up 2", Decimal("0.2")), variant="US",
        by=world.data_manager, reason="amendment 1", at=hour(0),
    )  # fmt: skip

    call_command("protocol", "teclistamab", study="DEMO")
    appendix = capsys.readouterr().out
    call_command("protocol", "teclistamab", study="DEMO", against="teclistamab:1")
    changes = capsys.readouterr().out

    assert appendix.startswith("# Teclistamab in relapsed or refractory multiple myeloma, DEMO teclistamab v2")
    assert "| step-up 2 | 4 | 0.2 mg/kg |" in appendix
    assert "days 1, 3, 5" not in appendix.split("## Remarks")[0]
    assert "- \\~ Schedule, step-up 2, dose: 0.3 mg/kg -\\> 0.2 mg/kg" in changes.replace("- ~", "- \\~")


def test_a_regimen_set_up_by_hand_has_no_document_and_an_appendix_all_the_same(world, capsys):
    assert document_of(world.regimen) is None

    call_command("protocol", "STEP", study="DEMO")

    assert "| STEP-UP 2 | 25 mg |" in capsys.readouterr().out


def test_a_builder_regimen_still_takes_doses(world):
    assert kept(dose(world), world).fact.step.opens_period
