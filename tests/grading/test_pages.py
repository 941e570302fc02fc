"""The bedside pages, through Django's client: who may see what, and that every page works without JavaScript."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from crsmonitor.audit.acting import acting
from grading.models import NeuroAssessment, Treatment, VitalSigns
from regimens.models import Dose, DoseEnd, DoseStatus, Participant, Stay
from tests.builders import World, dose, kept, neuro, stay, vitals

pytestmark = pytest.mark.django_db
PAGES = ("participant", "vitals", "neuro", "treatment", "dose", "dose-end", "stay")
ENTRY = PAGES[1:]


@pytest.fixture
def dosed(world: World) -> World:
    """A participant in bed 12, dosed two hours ago."""
    now = timezone.now()
    for fact in (stay(world, observed_at=now - timedelta(hours=3)), dose(world, observed_at=now - timedelta(hours=2))):
        kept(fact, world)
    return world


@pytest.fixture
def nurse(client, dosed):
    client.force_login(dosed.nurse)
    return client


def url(world: World, name: str) -> str:
    return reverse(name, args=[world.participant.pk])


def common(**changes: object) -> dict[str, object]:
    values = {"id": str(uuid4()), "opened_at": timezone.now().isoformat(), "when": "0", "confirm_number": "001"}
    return {name: value for name, value in (values | changes).items() if value is not None}


def typed(**changes: object) -> dict[str, object]:
    """What a browser posts for a febrile, hypotensive set on 2 L/min by nasal cannula."""
    values = {
        "temperature_c": "38.6", "sbp": "85", "dbp": "50", "heart_rate": "110", "respiratory_rate": "20", "spo2": "94",
        "oxygen_device": "nasal_cannula", "oxygen_flow_l_min": "2", "hypotension": "yes", "fluid_bolus": "no",
        "vasopressors": ["none"],
    }  # fmt: skip
    return common(**(values | changes))


def text_of(answer) -> str:
    return answer.content.decode()


# --- who may see what ---


@pytest.mark.parametrize("name", ["board", *PAGES])
def test_no_page_answers_without_a_sign_in(client, dosed, name):
    address = reverse(name) if name == "board" else url(dosed, name)
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("login"))


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_finds_nothing(client, dosed, name):
    client.force_login(dosed.outsider)
    assert client.get(url(dosed, name)).status_code == 404


@pytest.mark.parametrize("name", ENTRY)
def test_a_stranger_records_nothing(client, dosed, name):
    client.force_login(dosed.outsider)
    assert client.post(url(dosed, name), typed()).status_code == 404
    assert not VitalSigns.objects.exists()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["nurse", "charge_nurse", "investigator"])
def test_the_ward_sees_every_page(client, dosed, who, name):
    client.force_login(getattr(dosed, who))
    assert client.get(url(dosed, name)).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_a_sponsor_has_no_ward(client, dosed, name):
    client.force_login(dosed.sponsor)
    assert client.get(url(dosed, name)).status_code == 403


def test_a_sponsor_is_sent_to_the_exports(client, dosed):
    client.force_login(dosed.sponsor)
    assert client.get(reverse("board"))["Location"] == reverse("exports")


def test_a_data_manager_reads_and_does_not_record(client, dosed):
    client.force_login(dosed.data_manager)
    page = client.get(url(dosed, "participant"))
    assert page.status_code == 200
    assert url(dosed, "vitals") not in text_of(page)
    assert client.get(url(dosed, "vitals")).status_code == 403


def test_the_board_shows_only_ones_own_site(client, dosed):
    client.force_login(dosed.outsider)
    assert "DEMO-001" not in text_of(client.get(reverse("board")))


# --- the board ---


def test_the_board_tells_who_where_and_what_is_due(nurse, dosed):
    kept(vitals(dosed, 0, observed_at=timezone.now() - timedelta(minutes=10), temperature_c=38.2), dosed)
    text = text_of(nurse.get(reverse("board")))
    for said in (
        "DEMO-001",
        "12",
        "STEP-UP 1",
        "Grade 1",
        "nobody looked yet",
        "38.2",
        "Vitals due in 3 h",
        "1 open alert",
    ):
        assert said in text


def test_no_sign_inside_an_open_episode_is_not_no_crs(nurse, dosed):
    now = timezone.now()
    for minutes, temperature in ((9, 38.6), (5, 37.0)):
        seen = vitals(
            dosed, 0, temperature_c=temperature, source="import", observed_at=now - timedelta(minutes=minutes)
        )
        kept(seen, dosed, at=now)

    page = nurse.get("/").content.decode()

    assert "no sign now" in page
    assert "the episode is not over" in page
    assert "No CRS" not in page


def test_the_board_says_late_in_words(client, world):
    now = timezone.now()
    for fact in (stay(world, observed_at=now - timedelta(hours=6)), dose(world, observed_at=now - timedelta(hours=5))):
        kept(fact, world)
    client.force_login(world.nurse)
    assert "Vitals 1 h 0 min late" in text_of(client.get(reverse("board")))


def test_a_refresh_by_the_page_itself_gets_the_rows_alone(nurse):
    text = text_of(nurse.get(reverse("board"), headers={"X-By-Itself": "1"}))
    assert "DEMO-001" in text
    assert "<html" not in text


def test_somebody_enrolled_without_a_fact_is_offered_a_bed(nurse, dosed):
    with acting(by="test", reason="enrolled"):
        newcomer = Participant.objects.create(
            study=dosed.study, site=dosed.site, number="DEMO-009", regimen=dosed.regimen
        )
    assert "DEMO-009" in text_of(nurse.get(reverse("board")))
    address = reverse("stay", args=[newcomer.pk])
    assert nurse.get(address).status_code == 200
    answer = nurse.post(address, common(confirm_number="009", kind="ward", ward="7B", bed="14"))
    assert answer.status_code == 302
    assert (
        Stay.objects.get(participant=newcomer).bed,
        nurse.get(reverse("participant", args=[newcomer.pk])).status_code,
    ) == ("14", 200)


# --- vital signs ---


def test_a_set_is_saved_and_its_grade_shown_with_reasons(nurse, dosed):
    page = nurse.post(url(dosed, "vitals"), typed(), follow=True)
    text = text_of(page)
    assert "Saved" in text
    for said in ("Grade 2", "Fever: 38.6 °C", "Hypotension not requiring a vasopressor"):
        assert said in text
    one = VitalSigns.objects.get()
    assert (one.vasopressors, one.fluid_bolus, one.source, one.recorded_by) == ([], False, "page", dosed.nurse)


def test_a_double_tap_saves_once_and_answers_the_same(nurse, dosed):
    once = typed()
    first, second = nurse.post(url(dosed, "vitals"), once), nurse.post(url(dosed, "vitals"), once)
    assert (first.status_code, first["Location"]) == (302, second["Location"])
    assert VitalSigns.objects.count() == 1


def test_the_same_form_with_another_value_is_not_taken_for_the_first(nurse, dosed):
    once = typed()
    nurse.post(url(dosed, "vitals"), once)
    answer = nurse.post(url(dosed, "vitals"), once | {"temperature_c": "37.0"})
    assert answer.status_code == 400
    assert "already saved" in text_of(answer)
    assert VitalSigns.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("temperature_c", "61"), ("temperature_c", "38.4.1"), ("sbp", "1,200"), ("sbp", "310"), ("spo2", "104"),
        ("dbp", "99"),
        ("heart_rate", "abc"), ("respiratory_rate", "-3"), ("oxygen_flow_l_min", "80"), ("confirm_number", "7"),
        ("oxygen_device", "hood"), ("vasopressors", ["none", "dopamine"]),
    ],
)  # fmt: skip
def test_a_bad_value_comes_back_at_its_field_with_all_that_was_typed(nurse, dosed, field, value):
    answer = nurse.post(url(dosed, "vitals"), typed(**{field: value}))
    assert answer.status_code == 400
    at = "sbp" if field == "dbp" else field
    assert list(answer.context["form"].errors) == [at]
    text = text_of(answer)
    assert "Not saved yet" in text
    assert 'value="94"' in text or 'value="110"' in text  # what was right is still there
    assert not VitalSigns.objects.exists()


def test_an_unusual_value_is_typed_again_blind_and_then_kept(nurse, dosed):
    once = typed(temperature_c="41.8")
    asked = nurse.post(url(dosed, "vitals"), once)
    assert asked.status_code == 400
    assert 'name="again_temperature_c"' in text_of(asked)
    assert "type it again" in text_of(asked)
    assert not VitalSigns.objects.exists()

    wrong = nurse.post(url(dosed, "vitals"), once | {"again_temperature_c": "38.1"})
    assert "Look once more" in text_of(wrong)

    right = nurse.post(url(dosed, "vitals"), once | {"again_temperature_c": "41,8"}, follow=True)
    assert "Saved" in text_of(right)
    assert VitalSigns.objects.get().retyped == ["temperature_c"]


def test_a_dangerous_value_is_kept_at_once_and_confirmed_afterwards(nurse, dosed):
    page = nurse.post(url(dosed, "vitals"), typed(sbp="55", dbp="30"), follow=True)
    assert "Type again to confirm" in text_of(page)
    one = VitalSigns.objects.get()
    address = reverse("correct", args=["vitals", one.pk])
    assert 'name="again_sbp"' in text_of(nurse.get(address))
    again = typed(sbp="55", dbp="30", again_sbp="55", when="same", reason="typed again")
    page = nurse.post(address, again, follow=True)
    assert "Type again to confirm" not in text_of(page)
    assert VitalSigns.objects.standing().get().retyped == ["sbp"]


def test_a_late_entry_says_why(nurse, dosed):
    early = (timezone.now() - timedelta(minutes=45)).isoformat()
    once = typed(opened_at=early)
    refused = nurse.post(url(dosed, "vitals"), once)
    assert list(refused.context["form"].errors) == ["reason"]
    assert nurse.post(url(dosed, "vitals"), once | {"reason": "network was down"}).status_code == 302
    assert VitalSigns.objects.get().reason == "network was down"


def test_a_time_in_the_future_is_refused(nurse, dosed):
    answer = nurse.post(url(dosed, "vitals"), typed(opened_at=(timezone.now() + timedelta(hours=1)).isoformat()))
    assert list(answer.context["form"].errors) == ["when"]


def test_not_done_is_never_normal_and_asks_for_completion(nurse, dosed):
    once = typed(oxygen_device=None, oxygen_flow_l_min=None, spo2=None, not_done_oxygen_device="equipment")
    page = nurse.post(url(dosed, "vitals"), once, follow=True)
    text = text_of(page)
    assert "at least 2" in text
    assert "oxygen, oxygen saturation not assessed" in text
    assert "Complete the set now" in text
    assert "oxygen: equipment" in text


def test_hypotension_without_fever_is_no_bare_zero(nurse, dosed):
    page = nurse.post(
        url(dosed, "vitals"), typed(temperature_c="36.8", oxygen_device="room_air", oxygen_flow_l_min=None), follow=True
    )
    text = text_of(page)
    assert "no CRS by definition" in text
    assert "if CRS: grade 2" in text
    assert "No CRS<" not in text


# --- preview ---


def test_the_preview_is_the_grade_that_saving_gives_and_writes_nothing(nurse, dosed):
    kept(vitals(dosed, 0, observed_at=timezone.now() - timedelta(minutes=30), temperature_c=38.4), dosed)
    now_well = typed(temperature_c="37.2", sbp="120", hypotension="no")  # fever earlier in the episode still counts
    shown = text_of(nurse.post(url(dosed, "vitals-preview"), now_well))
    assert "Grade 2" in shown
    assert VitalSigns.objects.count() == 1
    assert "Grade 2" in text_of(nurse.post(url(dosed, "vitals"), now_well, follow=True))


def test_the_preview_bears_a_half_typed_form(nurse, dosed):
    answer = nurse.post(url(dosed, "vitals-preview"), common(temperature_c="38.", confirm_number=""))
    assert answer.status_code == 200
    assert "cannot be told" in text_of(answer)


def test_the_preview_of_a_correction_knows_the_course(nurse, dosed):
    now = timezone.now()
    kept(vitals(dosed, 0, observed_at=now - timedelta(minutes=30), temperature_c=38.4), dosed)
    second = vitals(dosed, 0, observed_at=now - timedelta(minutes=10), temperature_c=37, oxygen_device=None, spo2=None)
    kept(second, dosed)
    answer = nurse.post(reverse("correct-preview", args=["vitals", second.pk]), typed(when="same", temperature_c="37"))
    assert "Grade 2" in text_of(answer)
    assert VitalSigns.objects.count() == 2


@pytest.mark.parametrize("name", ["vitals-preview", "neuro-preview"])
def test_a_stranger_previews_nothing(client, dosed, name):
    client.force_login(dosed.outsider)
    assert client.post(url(dosed, name), typed()).status_code == 404


# --- corrections ---


def test_a_correction_is_a_new_version_and_says_why(nurse, dosed):
    nurse.post(url(dosed, "vitals"), typed())
    one = VitalSigns.objects.get()
    address = reverse("correct", args=["vitals", one.pk])
    page = text_of(nurse.get(address))
    assert 'value="38.6"' in page  # as typed, not 38.600

    unsaid = nurse.post(address, typed(when="same", temperature_c="37.1"))
    assert list(unsaid.context["form"].errors) == ["reason"]

    page = nurse.post(address, typed(when="same", temperature_c="37.1", reason="misread"), follow=True)
    assert "corrected" in text_of(page)
    standing = VitalSigns.objects.standing().get()
    assert (standing.root, str(standing.temperature_c), standing.observed_at) == (one.root, "37.100", one.observed_at)


def test_the_second_to_correct_is_told_so_in_words(nurse, dosed):
    nurse.post(url(dosed, "vitals"), typed())
    address = reverse("correct", args=["vitals", VitalSigns.objects.get().pk])
    nurse.post(address, typed(when="same", reason="first"))
    answer = nurse.post(address, typed(when="same", reason="second"))
    assert answer.status_code == 400
    assert "corrected this first" in text_of(answer)


def test_a_set_of_somebody_else_is_withdrawn(nurse, dosed):
    nurse.post(url(dosed, "vitals"), typed())
    address = reverse("correct", args=["vitals", VitalSigns.objects.get().pk])
    nurse.post(address, typed(when="same", reason="wrong bed", withdrawn="on"))
    assert not VitalSigns.objects.standing().exists()
    assert "No set yet" in text_of(nurse.get(url(dosed, "participant")))


def test_a_stranger_corrects_nothing(client, dosed):
    one = vitals(dosed, 0, observed_at=timezone.now())
    kept(one, dosed)
    client.force_login(dosed.outsider)
    assert client.get(reverse("correct", args=["vitals", one.pk])).status_code == 404
    assert client.get(reverse("correct", args=["vitals", uuid4()])).status_code == 404
    assert client.get(reverse("correct", args=["secrets", one.pk])).status_code == 404


# --- neuro ---

CLEAR = {
    **{f"ice_{item}": "yes" for item in ("year", "month", "city", "hospital", "command", "writing", "attention")},
    "ice_naming": "3", "consciousness": "awake", "seizure": "none", "motor": "none", "icp_signs": ["none"],
}  # fmt: skip


def test_ice_is_entered_item_by_item(nurse, dosed):
    page = nurse.post(url(dosed, "neuro"), common(**CLEAR | {"ice_writing": "no", "ice_naming": "1"}), follow=True)
    assert "7/10" in text_of(page)
    assert "Grade 1" in text_of(page)


def test_an_item_not_attempted_never_counts_as_0(nurse, dosed):
    page = nurse.post(
        url(dosed, "neuro"), common(**CLEAR | {"ice_writing": "", "not_done_ice": "refused"}), follow=True
    )
    assert NeuroAssessment.objects.get().ice_writing is None
    assert "9/10" not in text_of(page)
    assert "ICE score 9" not in text_of(page)


def test_a_neuro_assessment_is_corrected(nurse, dosed):
    one = neuro(dosed, 0, observed_at=timezone.now(), icp_signs=[])
    kept(one, dosed)
    address = reverse("correct", args=["neuro", one.pk])
    assert nurse.get(address).context["form"]["icp_signs"].value() == ["none"]
    nurse.post(address, common(**CLEAR, when="same", reason="again") | {"consciousness": "voice"})
    assert NeuroAssessment.objects.standing().get().consciousness == "voice"


# --- treatments, doses, beds ---


def test_a_treatment_is_recorded_with_its_indication(nurse, dosed):
    given = {"drug": "tocilizumab", "drug_class": "anticytokine", "dose": "560", "unit": "mg", "indication": "crs"}
    assert nurse.post(url(dosed, "treatment"), common(**given)).status_code == 302
    one = Treatment.objects.get()
    assert (one.drug, one.dose, one.indication) == ("tocilizumab", 560, "crs")
    assert nurse.get(reverse("correct", args=["treatment", one.pk])).status_code == 200
    missing = nurse.post(url(dosed, "treatment"), common(drug="tocilizumab", dose="560"))
    assert set(missing.context["form"].errors) == {"drug_class", "indication", "unit"}


def test_a_dose_starts_from_the_plan(nurse, dosed):
    form = nurse.get(url(dosed, "dose")).context["form"]
    assert (form["step"].value(), form["amount"].value(), form["unit"].value()) == (str(dosed.steps[1].pk), "25", "mg")
    assert dict(form.fields["unit"].choices)["mg"] == "mg"
    given = {"step": str(dosed.steps[1].pk), "status": "GIVEN", "amount": "25", "unit": "mg", "route": "INTRAVENOUS"}
    assert nurse.post(url(dosed, "dose"), common(**given)).status_code == 302
    assert Dose.objects.filter(amount=25).count() == 1


def test_a_dose_not_given_says_why_and_has_no_amount(nurse, dosed):
    held = {"step": str(dosed.steps[1].pk), "status": "NOT GIVEN", "amount": "25", "unit": "mg", "route": "INTRAVENOUS"}
    refused = nurse.post(url(dosed, "dose"), common(**held))
    assert list(refused.context["form"].errors) == ["not_given_because"]
    assert nurse.post(url(dosed, "dose"), common(**held, not_given_because="CRS grade 2")).status_code == 302
    one = Dose.objects.get(status=DoseStatus.NOT_GIVEN)
    assert (one.amount, one.not_given_because) == (None, "CRS grade 2")


@pytest.mark.parametrize("amount", ["", "0"])
def test_a_dose_given_has_an_amount(nurse, dosed, amount):
    given = {"step": str(dosed.steps[1].pk), "status": "GIVEN", "amount": amount, "unit": "mg", "route": "INTRAVENOUS"}
    assert list(nurse.post(url(dosed, "dose"), common(**given)).context["form"].errors) == ["amount"]


def test_the_end_of_an_infusion_is_recorded_once(nurse, dosed):
    assert nurse.post(url(dosed, "dose-end"), common()).status_code == 302
    assert DoseEnd.objects.count() == 1
    assert nurse.get(url(dosed, "dose-end")).status_code == 404


def test_a_move_to_another_bed(nurse, dosed):
    nurse.post(url(dosed, "stay"), common(kind="icu", ward="ICU", bed="3"))
    assert "Bed 3, ward ICU" in text_of(nurse.get(url(dosed, "participant")))
