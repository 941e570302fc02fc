"""Tocilizumab is entered: the page and the API ask the same, and refuse the same."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from crsmonitor.audit.acting import acting
from grading.models import AlertPolicy, Treatment
from regimens.facts import Source
from regimens.models import Measurement
from tests.bedside.posted import common, text_of, url
from tests.builders import kept, treatment
from tests.treatment.conftest import post, toci, typed, weigh

pytestmark = pytest.mark.django_db


def test_the_dose_for_the_weight_is_kept_at_once(nurse, weighed):
    assert nurse.post(url(weighed, "treatment"), typed(weighed)).status_code == 302
    one = Treatment.objects.get()
    assert (one.dose, one.checked_by, one.unusual, one.because) == (560, "demo.charge", [], "")


REFUSED = [
    ({"unit": "mg/kg", "dose": "8"}, "unit", "enter the amount given in mg"),
    ({"unit": "g", "dose": "0.56"}, "unit", "enter the amount given in mg"),
    ({"dose": "5600"}, "dose", "for 70 kg it would be 560 mg"),
    ({"dose": "56"}, "dose", "for 70 kg it would be 560 mg"),
    ({"drug": "Actemra", "dose": "5600"}, "dose", "for 70 kg it would be 560 mg"),
    ({"checked_by": ""}, "checked_by", "checked by a second person"),
    ({"checked_by": "demo.nurse"}, "checked_by", "somebody else"),
    ({"checked_by": "nobody"}, "checked_by", "Nobody of this site"),
    ({"checked_by": "demo.outsider"}, "checked_by", "Nobody of this site"),
    ({"checked_by": "demo.data"}, "checked_by", "Nobody of this site"),
    ({"checked_by": "demo.sponsor"}, "checked_by", "Nobody of this site"),
]


NAMED = [  # the drug, the class that was tapped, the class it is
    ("dexamethasone", "other", "corticosteroid"),
    ("Panadol", "other", "antipyretic"),
    ("anakinra", "corticosteroid", "anticytokine"),
    ("norepinephrine", "fluid", "vasopressor"),
    ("furosemide", "vasopressor", "other"),
    ("BiPAP", "other", "oxygen"),
]


@pytest.mark.parametrize(("drug", "tapped", "drug_class"), NAMED)
def test_the_name_decides_the_class_by_page_and_api_and_the_answer_says_so(nurse, weighed, drug, tapped, drug_class):
    """Rulings 2: it is kept as what it is, and says that the class is not the one that was sent."""
    sent = {"drug": drug, "drug_class": tapped, "dose": "1", "unit": "mg", "checked_by": ""}
    page = nurse.post(url(weighed, "treatment"), typed(weighed, **sent))
    answer = post(nurse, weighed, **sent)
    again = post(nurse, weighed, **sent | {"id": answer.json()["id"], "observed_at": answer.json()["observed_at"]})

    assert (page.status_code, answer.status_code, answer.json()["flags"]) == (302, 201, ["class_from_name"])
    assert {(one.drug_class, *one.unusual) for one in Treatment.objects.all()} == {(drug_class, "class_from_name")}
    assert (again.status_code, again.json()["flags"]) == (200, ["class_from_name"])


def test_a_class_that_is_the_drugs_own_is_not_flagged(nurse, weighed):
    answer = post(nurse, weighed, drug="dexamethasone", drug_class="corticosteroid", dose="10", checked_by="")

    assert (answer.status_code, answer.json()["flags"]) == (201, [])


@pytest.mark.parametrize(("changes", "field", "why"), REFUSED, ids=[str(change) for change, _, _ in REFUSED])
def test_page_and_api_refuse_the_same_at_the_same_field(nurse, weighed, changes, field, why):
    page = nurse.post(url(weighed, "treatment"), typed(weighed, **changes))
    answer = post(nurse, weighed, **changes)

    assert (page.status_code, answer.status_code, answer.json()["title"]) == (400, 400, "invalid")
    assert why in str(page.context["form"].errors[field])
    assert any(why in message for message in answer.json()["errors"][field])
    assert not Treatment.objects.exists()


def test_the_investigator_may_be_the_second_person(nurse, weighed):
    assert post(nurse, weighed, checked_by="demo.investigator").status_code == 201


def test_somebody_who_was_deactivated_is_no_second_person(nurse, weighed):
    with acting(by="test", reason="left"):
        weighed.charge_nurse.is_active = False
        weighed.charge_nurse.save()

    assert "checked_by" in post(nurse, weighed).json()["errors"]


def test_without_a_weight_it_is_weight_first(nurse, dosed):
    page = nurse.post(url(dosed, "treatment"), typed(dosed))
    assert "Weight first" in str(page.context["form"].errors["dose"])
    assert "Weight first" in str(post(nurse, dosed).json()["errors"]["dose"])

    weigh(dosed, "70", timezone.now() + timedelta(seconds=60))  # after the dose is not before it
    assert "Weight first" in str(post(nurse, dosed).json()["errors"]["dose"])


def test_the_last_weight_before_the_dose_counts(nurse, weighed):
    weigh(weighed, "80", timezone.now() - timedelta(hours=1))

    assert post(nurse, weighed, dose="640").status_code == 201


def test_another_dose_is_typed_again_and_says_why(nurse, weighed):
    once = typed(weighed, dose="400")
    response = nurse.post(url(weighed, "treatment"), once)
    assert 'name="again_dose"' in text_of(response)
    assert set(response.context["form"].errors) == {"dose", "because"}

    wrong = nurse.post(url(weighed, "treatment"), once | {"again_dose": "40", "because": "half the bag"})
    assert "Typed again, it was different" in str(wrong.context["form"].errors["dose"])
    unsaid = nurse.post(url(weighed, "treatment"), once | {"again_dose": "400"})
    assert list(unsaid.context["form"].errors) == ["because"]

    right = nurse.post(url(weighed, "treatment"), once | {"again_dose": "400", "because": "half the bag"})
    assert right.status_code == 302
    one = Treatment.objects.get()
    assert (one.retyped, one.unusual, one.because) == (["dose"], ["other_dose"], "half the bag")


def test_the_api_takes_a_second_typing_the_same_way(nurse, weighed):
    response = post(nurse, weighed, dose="400")
    assert (response.status_code, response.json()["title"], set(response.json()["errors"])) == (
        400, "confirm", {"dose", "because"})  # fmt: skip

    other = post(nurse, weighed, dose="400", retyped={"dose": "40"}, because="half the bag")
    assert "Not the same as before." in str(other.json()["errors"])
    kept_one = post(nurse, weighed, dose="400", retyped={"dose": "400"}, because="half the bag")
    assert kept_one.status_code == 201
    shown = nurse.get(f"/api/v1/participants/{weighed.participant.pk}/treatments/{kept_one.json()['id']}/").json()
    assert (shown["retyped"], shown["unusual"], shown["because"]) == (["dose"], ["other_dose"], "half the bag")


@pytest.mark.parametrize(
    ("hours_ago", "unusual"),
    [((7.9,), ["too_early"]), ((8.1,), None), ((24.1, 30, 40), None), ((24.1, 30, 40, 50), ["too_many_in_all"])],
)
def test_a_dose_too_early_or_beyond_the_most_is_recorded_as_such(nurse, weighed, hours_ago, unusual):
    weigh(weighed, "70", timezone.now() - timedelta(hours=60))
    for h in hours_ago:
        earlier = treatment(weighed, 0, "tocilizumab", "anticytokine", "crs", dose=560, unit="mg",
                            observed_at=timezone.now() - timedelta(hours=h))  # fmt: skip
        kept(earlier, weighed)

    at_once = post(nurse, weighed)

    if unusual is None:
        assert at_once.status_code == 201
    else:
        assert at_once.json()["title"] == "confirm"
        assert post(nurse, weighed, retyped={"dose": "560"}, because="investigator's order").status_code == 201
        assert Treatment.objects.latest("recorded_at").unusual == unusual


def test_the_same_dose_sent_again_is_the_first_answer(nurse, weighed):
    body = toci(weighed)
    address = f"/api/v1/participants/{weighed.participant.pk}/treatments/"
    first = nurse.post(address, body, content_type="application/json")
    second = nurse.post(address, body, content_type="application/json")

    assert (first.status_code, second.status_code) == (201, 200)
    assert Treatment.objects.count() == 1


def test_a_correction_of_something_else_asks_nothing_again(nurse, weighed):
    before = treatment(weighed, 0, "tocilizumab", "anticytokine", "crs", dose=300, unit="mg",
                       observed_at=timezone.now())  # fmt: skip
    kept(before, weighed)
    same = typed(weighed, dose="300", route="subcutaneous", when="same", reason="wrong route", checked_by="")
    assert nurse.post(reverse("correct", args=["treatment", before.pk]), same).status_code == 302

    newest = Treatment.objects.standing().get()
    other = typed(weighed, dose="200", when="same", reason="misread")
    answer = nurse.post(reverse("correct", args=["treatment", newest.pk]), other)
    assert set(answer.context["form"].errors) == {"dose", "because"}


def test_an_import_is_not_asked(weighed):
    one = treatment(weighed, 0, "tocilizumab", "anticytokine", "crs", dose=8, unit="mg/kg", source=Source.IMPORT,
                    observed_at=timezone.now())  # fmt: skip

    assert kept(one, weighed).fact.unusual == []


def test_without_drug_rules_in_the_policy_any_dose_is_kept(nurse, weighed):
    with acting(by="test", reason="no rules"):
        weighed.study.policies.filter(version=2).update(drugs=None)

    assert post(nurse, weighed, dose="5600").status_code == 201


@pytest.mark.parametrize(("minutes", "status"), [(-1, 201), (0, 201), (1, 400)])
def test_an_order_is_not_later_than_its_start(nurse, weighed, minutes, status):
    now = timezone.now()
    answer = post(
        nurse, weighed, observed_at=now.isoformat(), ordered_at=(now + timedelta(minutes=minutes)).isoformat()
    )

    assert answer.status_code == status
    if status == 400:
        assert "ordered_at" in answer.json()["errors"]


def test_the_database_refuses_an_order_after_the_start(weighed):
    one = kept(treatment(weighed, 1, "paracetamol", "antipyretic", "crs"), weighed).fact
    later = {"ordered_at": one.observed_at + timedelta(hours=5), "recorded_at": one.observed_at, "digest": "x"}
    two = treatment(weighed, 2, "paracetamol", "antipyretic", "crs", recorded_by=weighed.nurse, **later)
    with pytest.raises(IntegrityError, match="treatment_ordered_before_start"), transaction.atomic():
        two.save()


def test_the_page_reads_the_clock_time_of_an_order(nurse, weighed):
    local = timezone.now().astimezone(ZoneInfo("Asia/Taipei"))
    later = (local + timedelta(minutes=10)).strftime("%H:%M")  # today not yet: so it was yesterday
    sooner = (local - timedelta(minutes=10)).strftime("%H%M")
    for typed_time, span in ((sooner, timedelta(minutes=15)), (later, timedelta(hours=24))):
        body = {"drug": "paracetamol", "drug_class": "antipyretic", "indication": "crs", "ordered_time": typed_time}
        assert nurse.post(url(weighed, "treatment"), common(**body)).status_code == 302
        one = Treatment.objects.latest("recorded_at")
        assert timedelta(0) < one.observed_at - one.ordered_at <= span


def test_the_second_typing_stays_with_the_version_that_repeats_it(nurse, weighed):
    once = typed(weighed, dose="400", again_dose="400", because="half the bag")
    nurse.post(url(weighed, "treatment"), once)
    one = Treatment.objects.get()
    again = typed(weighed, dose="400", when="same", reason="other bag", because="half the bag", indication="icans")

    assert nurse.post(reverse("correct", args=["treatment", one.pk]), again).status_code == 302
    assert Treatment.objects.standing().get().unusual == ["other_dose"]


def test_the_page_says_the_dose_before_anything_is_typed(nurse, weighed):
    page = text_of(nurse.get(url(weighed, "treatment")))

    assert "Weight 70 kg" in page
    assert "Tocilizumab for this weight: 560 mg." in page
    assert "The next dose may be given now." in page


@pytest.mark.parametrize(("kg", "status"), [("1.9", 400), ("35", 302), ("71,5", 302), ("150", 302), ("400.1", 400)])
def test_a_weight_is_entered_and_one_that_nobody_has_is_refused(nurse, dosed, kg, status):
    answer = nurse.post(url(dosed, "weight"), common(value=kg))

    assert answer.status_code == status
    assert Measurement.objects.filter(kind="weight_kg").count() == (status == 302)
    if status == 302:
        assert answer["Location"].startswith(url(dosed, "drugs"))


def test_only_a_weight_is_corrected_as_one(nurse, dosed):
    body = {"id": "11111111-1111-4111-8111-111111111111", "observed_at": timezone.now().isoformat(),
            "kind": "baseline_sbp", "value": "120"}  # fmt: skip
    address = f"/api/v1/participants/{dosed.participant.pk}/measurements/"
    nurse.post(address, body, content_type="application/json")

    assert nurse.get(reverse("correct", args=["weight", body["id"]])).status_code == 404


def test_an_old_policy_without_drug_rules_still_loads(world):
    assert AlertPolicy.objects.get().drugs is None
