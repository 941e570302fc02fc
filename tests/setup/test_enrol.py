"""Site staff enrol on one page: everything or nothing, once however often it is sent, and only where it is ready."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from crsmonitor.audit.acting import acting
from grading.models import PhoneTree
from regimens.models import Measurement, Participant, Stay
from tests.builders import World, dose, kept
from tests.setup.ready import make_ready
from tests.stages import stage

pytestmark = pytest.mark.django_db


@stage
def ready(world) -> World:
    return make_ready(world)


def page(world, site=None) -> str:
    return reverse("setup-enrol", args=[world.study.code, (site or world.site).code])


def typed(world, **changes) -> dict[str, str]:
    """Everything, as a nurse types it now."""
    return {
        "id": str(uuid4()), "opened_at": timezone.now().isoformat(), "when": "0", "reason": "",
        "number": "DEMO-207", "confirm_number": "DEMO-207", "regimen": str(world.regimen.pk),
        "neuro_instrument": "ice", "kind": "ward", "ward": "7B", "bed": "03", "weight": "71.5", "neuro_score": "10",
        "neuro_bank": "zh-hant 1", "language": "zh-hant",
        "sbp": "118", "dbp": "76", "spo2": "97", "oxygen_device": "room_air", "oxygen_flow": "",
        "vasopressors": "none",
    } | changes  # fmt: skip


def measured(participant) -> dict[str, tuple[str, str]]:
    rows = Measurement.objects.filter(participant=participant)
    return {one.kind: ("" if one.value is None else f"{one.value.normalize():f}", one.text) for one in rows}


def test_a_nurse_enrols_with_bed_weight_and_baselines_and_the_banner_says_them(ready, client):
    client.force_login(ready.nurse)
    answer = client.post(page(ready), typed(ready), follow=True)

    made = Participant.objects.get(number="DEMO-207")
    assert (made.site, made.regimen, made.neuro_instrument) == (ready.site, ready.regimen, "ice")
    assert answer.redirect_chain[-1][0] == reverse("participant", args=[made.pk])
    bed = Stay.objects.get(participant=made)
    assert (bed.ward, bed.bed, bed.recorded_by) == ("7B", "03", ready.nurse)
    assert measured(made) == {
        "weight_kg": ("71.5", ""), "baseline_ice": ("10", "zh-hant 1"), "baseline_sbp": ("118", ""),
        "baseline_dbp": ("76", ""),
        "baseline_spo2": ("97", ""), "baseline_oxygen": ("", "room_air"), "baseline_vasopressors": ("", "none"),
        "language": ("", "zh-hant"),
    }  # fmt: skip
    banner = " ".join(answer.content.decode().split())
    for text in ("DEMO-207 is enrolled.", "118/76 mmHg", "97 %", "71.5 kg", "Room air", "Traditional Chinese"):
        assert text in banner, text
    assert "not recorded" not in banner


def test_a_second_tap_enrols_once_and_says_so(ready, client):
    client.force_login(ready.nurse)
    form = typed(ready)
    client.post(page(ready), form)
    again = client.post(page(ready), form, follow=True)

    assert Participant.objects.filter(number="DEMO-207").count() == 1
    assert Measurement.objects.filter(participant__number="DEMO-207").count() == 8
    assert "nothing was saved twice" in again.content.decode()


def test_the_same_form_with_another_bed_is_refused(ready, client):
    client.force_login(ready.nurse)
    form = typed(ready)
    client.post(page(ready), form)
    again = client.post(page(ready), form | {"bed": "04"})

    assert again.status_code == 400
    assert Stay.objects.get(participant__number="DEMO-207").bed == "03"


@pytest.mark.parametrize(
    ("changes", "field", "text"),
    [
        ({"confirm_number": "DEMO-208"}, "confirm_number", "The two do not agree: “DEMO-207” and “DEMO-208”."),
        ({"number": "DEMO 2", "confirm_number": "DEMO 2"}, "number",
         "Letters, digits, dot, dash and underscore only."),
        ({"number": "demo-001", "confirm_number": "demo-001"}, "number",
         "The study has a participant DEMO-001 already."),
        ({"bed": ""}, "bed", "Which bed?"),
        ({"neuro_instrument": ""}, "neuro_instrument", "ICE or CAPD?"),
        ({"neuro_score": "11"}, "neuro_score", "Not possible: a whole number between 0 and 10."),
        ({"neuro_instrument": "capd", "neuro_score": "33"}, "neuro_score",
         "Not possible: a whole number between 0 and 32."),
        ({"sbp": "1180"}, "sbp", "Not possible: between 0 and 300 mmHg."),
        ({"spo2": "970"}, "spo2", "Not possible: between 0 and 100 %."),
        ({"oxygen_device": "", "oxygen_flow": "2"}, "oxygen_device", "By which device?"),
        ({"when": "other", "observed_time": ""}, "observed_time",
         "Write the time as HH:MM, 24-hour clock, such as 03:10."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(ready, client, changes, field, text):
    client.force_login(ready.nurse)
    answer = client.post(page(ready), typed(ready, **changes))

    assert answer.status_code == 400
    assert answer.context["form"].errors[field] == [text]
    assert not Participant.objects.filter(number__in=["DEMO-207", "demo-001", "DEMO 2"]).exists()
    assert not Stay.objects.filter(bed="03").exists()


@pytest.mark.long
def test_an_unusual_weight_is_typed_again_with_a_reason(ready, client):
    client.force_login(ready.nurse)
    form = typed(ready, weight="285")
    first = client.post(page(ready), form)
    assert "weight" in first.context["form"].errors
    assert 'name="again_weight"' in first.content.decode()
    assert not Participant.objects.filter(number="DEMO-207").exists()

    assert client.post(page(ready), form | {"again_weight": "285", "because": "so weighed twice"}).status_code == 302
    assert measured(Participant.objects.get(number="DEMO-207"))["weight_kg"] == ("285", "")


def test_a_child_is_enrolled_with_capd_and_no_age(ready, client):
    client.force_login(ready.charge_nurse)
    client.post(page(ready), typed(ready, neuro_instrument="capd", neuro_score="4"))

    made = Participant.objects.get(number="DEMO-207")
    assert made.neuro_instrument == "capd"
    assert measured(made)["baseline_capd"] == ("4", "")


@pytest.mark.long
def test_what_was_left_out_is_shown_as_not_recorded_with_its_page(ready, client):
    client.force_login(ready.nurse)
    empty = dict.fromkeys(("weight", "neuro_score", "sbp", "dbp", "spo2", "oxygen_device", "vasopressors"), "")
    shown = client.post(page(ready), typed(ready, **empty), follow=True).content.decode()

    made = Participant.objects.get(number="DEMO-207")
    gate = client.get(reverse("gate", args=[made.pk])).content.decode()
    for name in ("baseline-neuro", "baseline-systolic", "baseline-saturation", "baseline-oxygen",
                 "baseline-vasopressors", "weight"):  # fmt: skip
        address = reverse(name, args=[made.pk])
        assert f'href="{address}"' in shown, name
        assert f'href="{address}"' in gate, name
        assert client.get(address).status_code == 200


def test_look_alikes_are_warned_of(ready, client):
    client.force_login(ready.nurse)
    shown = client.post(page(ready), typed(ready, number="X-9-001", confirm_number="X-9-001"), follow=True)

    assert "At this site DEMO-001 ends alike: mind the wristbands." in shown.content.decode()


def test_where_the_site_is_not_ready_the_page_says_why(ready, client):
    with acting(by="test", reason="x"):
        PhoneTree.objects.update(site=ready.other_site)
    client.force_login(ready.nurse)
    shown = client.get(page(ready)).content.decode()
    refused = client.post(page(ready), typed(ready))

    assert "No phone tree for the hour in which messages do not arrive." in shown
    assert 'name="number"' not in shown
    assert "To the checklist" not in shown
    assert refused.status_code == 409
    assert not Participant.objects.filter(number="DEMO-207").exists()
    client.force_login(ready.investigator)
    assert "To the checklist" in client.get(page(ready)).content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("nurse", 200), ("charge_nurse", 200), ("investigator", 200), ("data_manager", 403),
                        ("sponsor", 403), ("outsider", 404)],
)  # fmt: skip
def test_those_who_record_at_the_site_enrol_there(ready, client, who, status):
    client.force_login(getattr(ready, who))

    assert client.get(page(ready)).status_code == status
    assert client.post(page(ready), typed(ready)).status_code == (302 if status == 200 else status)


def test_a_stranger_finds_nothing(ready, client, django_user_model):
    with acting(by="test", reason="a stranger"):
        client.force_login(django_user_model.objects.create_user("stranger", email="s@example.org"))

    assert client.get(page(ready)).status_code == 404


def test_the_board_leads_a_nurse_to_the_page_of_her_site(ready, client):
    client.force_login(ready.nurse)

    assert reverse("enrol") in client.get(reverse("board")).content.decode()
    assert client.get(reverse("enrol")).headers["Location"] == page(ready)


def test_a_baseline_is_from_before_the_first_dose(ready, client):
    kept(dose(ready), ready)
    client.force_login(ready.nurse)
    answer = client.post(reverse("baseline-systolic", args=[ready.participant.pk]), {
        "id": str(uuid4()), "opened_at": timezone.now().isoformat(), "when": "0", "reason": "", "value": "85",
        "confirm_number": "001",
    })  # fmt: skip

    assert answer.status_code == 400
    assert answer.context["form"].errors["when"] == ["A baseline is from before the first dose."]
