"""An investigator names another cause and takes it back; masked temperatures, the waiver, and why a grade is so."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from grading.bedside.selectors.course import course_page
from grading.models import Attribution, Episode, Grade
from grading.words.wording import WOULD
from tests.builders import World, dose, hour, kept, neuro, stay, treatment, vitals
from tests.pages import as_read
from tests.stages import stage

pytestmark = pytest.mark.django_db


@stage
def feverish(world: World) -> World:
    """Dosed two hours ago, febrile and hypotensive ten minutes ago: grade 2."""
    now = timezone.now()
    kept(stay(world, observed_at=now - timedelta(hours=3)), world)
    kept(dose(world, observed_at=now - timedelta(hours=2)), world)
    kept(vitals(world, 0, observed_at=now - timedelta(minutes=10), temperature_c=38.6, hypotension=True), world)
    return world


@pytest.fixture
def doctor(client, feverish):
    client.force_login(feverish.investigator)
    return client


def url(world: World, name: str = "attribution") -> str:
    return reverse(name, args=[world.participant.pk])


def typed(**changes: object) -> dict[str, object]:
    values = {
        "id": str(uuid4()), "opened_at": timezone.now().isoformat(), "when": "15", "confirm_number": "001",
        "sign": "hypotension", "until": "", "cause": "bleeding", "because": "Haemoglobin fell by 4",
    }  # fmt: skip
    return values | changes


def text_of(page) -> str:
    return as_read(page.content.decode())


def crs_grade() -> int:
    return Grade.objects.get(kind="crs").grade


# --- another cause ---


def test_an_attribution_derives_the_course_again_and_is_listed(doctor, feverish):
    assert crs_grade() == 2

    page = doctor.post(url(feverish), typed(), follow=True)

    text = text_of(page)
    for phrase in ("Saved", "Attributed to another cause", "bleeding", "Haemoglobin fell by 4", "demo.investigator"):
        assert phrase in text
    assert (crs_grade(), Attribution.objects.get().recorded_by) == (1, feverish.investigator)
    for phrase in ("What this changed", "Before", "<td>Grade 2</td><td><strong>Grade 1</strong></td>"):
        assert phrase in text


def test_undoing_it_gives_the_grade_back(doctor, feverish):
    doctor.post(url(feverish), typed())
    one = Attribution.objects.get()
    address = reverse("correct", args=["attribution", one.pk])
    assert address in text_of(doctor.get(url(feverish, "participant")))
    assert "It never happened: withdraw" in text_of(doctor.get(address))

    undone = doctor.post(address, typed(when="same", withdrawn="on", reason="The source was found elsewhere"))

    assert undone.status_code == 302
    assert (crs_grade(), Attribution.objects.count(), Attribution.objects.standing().count()) == (2, 2, 0)


def test_undoing_says_why(doctor, feverish):
    doctor.post(url(feverish), typed())
    address = reverse("correct", args=["attribution", Attribution.objects.get().pk])

    page = doctor.post(address, typed(when="same", withdrawn="on"))

    assert (page.status_code, list(page.context["form"].errors)) == (400, ["reason"])
    assert crs_grade() == 1


def test_it_counts_only_until_its_end(doctor, feverish):
    zone = timezone.now() - timedelta(minutes=12)
    local = zone + timedelta(hours=8)  # Taipei

    done = doctor.post(url(feverish), typed(until=f"{local:%Y-%m-%d %H:%M}"))

    assert done.status_code == 302
    assert (crs_grade(), Attribution.objects.get().until.replace(second=0)) == (
        2, zone.replace(second=0, microsecond=0))  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sign", ""), ("sign", "headache"), ("cause", ""), ("because", ""), ("until", "tomorrow"),
        ("until", "2026-02-30 10:00"), ("until", "2020-01-01 10:00"), ("confirm_number", "002"),
    ],
)  # fmt: skip
def test_what_is_unclear_comes_back_at_its_field(doctor, feverish, field, value):
    page = doctor.post(url(feverish), typed(**{field: value}))

    assert (page.status_code, list(page.context["form"].errors)) == (400, [field])
    assert not Attribution.objects.exists()


SIGNS = ("fever", "hypotension", "hypoxia", "consciousness", "seizure", "motor", "oedema")


@pytest.mark.parametrize("sign", SIGNS)
def test_each_sign_can_be_attributed(doctor, feverish, sign):
    assert doctor.post(url(feverish), typed(sign=sign)).status_code == 302
    assert Attribution.objects.get().sign == sign


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("who", "status"),
    [("nurse", 403), ("charge_nurse", 403), ("data_manager", 403), ("sponsor", 403), ("outsider", 404)],
)
def test_only_an_investigator_names_another_cause(client, feverish, who, status, method):
    client.force_login(getattr(feverish, who))

    assert getattr(client, method)(url(feverish), typed()).status_code == status
    assert not Attribution.objects.exists()


def test_a_nurse_reads_it_and_cannot_undo_it(client, feverish):
    client.force_login(feverish.investigator)
    client.post(url(feverish), typed())
    address = reverse("correct", args=["attribution", Attribution.objects.get().pk])
    client.force_login(feverish.nurse)

    text = text_of(client.get(url(feverish, "participant")))

    assert "bleeding" in text
    assert address not in text
    assert url(feverish) not in text
    assert client.post(address, typed(when="same", withdrawn="on", reason="no")).status_code == 403
    assert crs_grade() == 1


# --- masking and the waiver ---


@stage
def treated(world: World) -> World:
    kept(dose(world), world)
    kept(vitals(world, 4, temperature_c=38.6), world)
    kept(treatment(world, 5, "paracetamol", "antipyretic", "crs"), world)
    kept(vitals(world, 6, temperature_c=37.2), world)
    kept(vitals(world, 13, temperature_c=37.1), world)  # eight hours after: over
    return world


def test_a_temperature_under_an_antipyretic_is_marked_masked(client, treated):
    client.force_login(treated.nurse)

    text = text_of(client.get(url(treated, "participant")))

    # Hour 13 is 22:00 UTC, 06:00 of the next day in Taipei.
    assert text.count("masked until Tue 06:00: paracetamol") == 1
    assert text.count("masked-dot") == 1


def test_only_sets_with_a_temperature_taken_meanwhile_are_masked(treated):
    kept(vitals(treated, 7, temperature_c=None), treated)

    page = course_page(treated.nurse, treated.participant.pk)

    assert [looked.fact.observed_at for looked in page.vitals if looked.mask] == [hour(6)]


def test_the_waiver_is_told_with_its_drug_and_since_when(client, treated):
    client.force_login(treated.nurse)

    text = text_of(client.get(url(treated, "participant")))

    assert "fever no longer required since Mon 2026-03-02 22:00: paracetamol for CRS" in text


def test_premedication_masks_and_opens_no_waiver(client, world):
    kept(treatment(world, -1, "paracetamol", "antipyretic", "premedication"), world)
    kept(dose(world), world)
    kept(vitals(world, 4, temperature_c=38.6), world)
    client.force_login(world.nurse)

    text = text_of(client.get(url(world, "participant")))

    assert "masked until" in text
    assert "no longer required" not in text


# --- why this grade ---


def test_the_line_names_what_decides_and_what_one_change_would_do(client, feverish):
    client.force_login(feverish.nurse)

    text = text_of(client.get(url(feverish, "participant")))

    for phrase in (
        "Decided by: Hypotension not requiring a vasopressor.",
        "Lower without fever: grade 0; without hypotension, bolus or vasopressor: grade 1.",
        "Higher on one vasopressor: grade 3; on high-flow oxygen or a mask: grade 3.",
    ):
        assert phrase in text


def test_the_line_says_what_is_missing(client, feverish):
    kept(vitals(feverish, 0, observed_at=timezone.now(), temperature_c=38.6, spo2=None, oxygen_device=None), feverish)
    client.force_login(feverish.nurse)

    assert "Not assessed: oxygen, oxygen saturation" in text_of(client.get(url(feverish, "participant")))


def test_every_stored_grade_can_be_put_together_again(world):
    """What lower and higher are told from is the look as it was graded, history included."""
    kept(treatment(world, -1, "dexamethasone", "corticosteroid", "premedication"), world)
    kept(dose(world), world)
    kept(vitals(world, 1, hypotension=True), world)  # masked
    kept(vitals(world, 4, temperature_c=38.6), world)
    kept(vitals(world, 5, hypotension=True), world)  # earlier fever
    kept(treatment(world, 6, "tocilizumab", "anticytokine", "crs"), world)
    kept(vitals(world, 7, oxygen_device="nasal_cannula", oxygen_flow_l_min=2), world)  # waived
    kept(vitals(world, 8, temperature_c=None, sbp=None, hypotension=None), world)
    kept(Attribution(id=uuid4(), participant=world.participant, observed_at=hour(9), source="api", sign="hypoxia",
                     cause="effusion", because="seen"), world, by=world.investigator)  # fmt: skip
    kept(vitals(world, 10, oxygen_device="face_mask", oxygen_flow_l_min=8), world)
    kept(vitals(world, 11), world)
    kept(vitals(world, 36), world)  # over
    kept(vitals(world, 40, hypotension=True), world)
    kept(neuro(world, 41, consciousness="voice"), world)

    page = course_page(world.nurse, world.participant.pk, sets=50)

    looks = [*page.vitals, *page.neuro]
    assert len(looks) == 10
    assert [looked.fact.observed_at for looked in looks if looked.why is None] == []
    assert Episode.objects.filter(kind="crs", provisional="").count() == 1


def test_every_change_has_its_words():
    from grading.rules.grades import why

    steps = [*why._CRS.values(), *why._ICANS.values(), why._ICE, why._CAPD]

    assert {code for step in steps for code, _ in step} == set(WOULD)
