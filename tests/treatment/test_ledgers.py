"""The drug ledgers on the page and in the API, and the clock beside an alert."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from crsmonitor.audit.acting import acting
from grading.alerting.services.answers import acknowledge
from grading.models import Alert, Delivery, Treatment, TreatmentEnd
from regimens.facts import Source
from regimens.library import as_json, read
from regimens.models import Measurement, Regimen
from tests.bedside.posted import text_of, url
from tests.builders import dose, draft, kept, treatment, vitals
from tests.treatment.conftest import toci as drug_body
from tests.treatment.conftest import weigh

pytestmark = pytest.mark.django_db


def ago(**span):
    return timezone.now() - timedelta(**span)


def give(world, when, drug, drug_class, indication="crs", **columns):
    return kept(treatment(world, 0, drug, drug_class, indication, observed_at=when, **columns), world).fact


def toci(world, when, mg=560, indication="crs", **columns):
    return give(world, when, "tocilizumab", "anticytokine", indication, dose=mg, unit="mg", **columns)


def drugs_data(client, world):
    ledger = client.get(f"/api/v1/participants/{world.participant.pk}/drugs/")
    assert ledger.status_code == 200
    return ledger.json()


def test_before_any_drug(nurse, weighed):
    ledger = drugs_data(nurse, weighed)

    assert (ledger["policy"], ledger["tocilizumab"]["doses"], ledger["tocilizumab"]["is_eligible"]) == (
        "With drugs v2", [], True)  # fmt: skip
    assert ledger["tocilizumab"]["standing"] == {
        "left_in_24_h": 3, "left_in_all": 4, "next_at": None, "is_reached": False}  # fmt: skip
    assert ledger["tocilizumab"]["expected"] == {"mg": "560", "why": None, "capped": False}
    assert "ASCO_I1" in ledger["tocilizumab"]["limits"]["sources"]["per_24_h"]
    assert (ledger["steroids"]["doses"], ledger["running"], ledger["clocks"], ledger["premedication"]) == (
        [],
        [],
        [],
        [],
    )
    assert nurse.get(url(weighed, "drugs")).status_code == 200


def test_the_tocilizumab_ledger(nurse, weighed):
    weigh(weighed, "70", ago(hours=40))
    toci(weighed, ago(hours=30), indication="prophylaxis")
    weigh(weighed, "70", ago(hours=1))
    body = drug_body(weighed, dose="400", retyped={"dose": "400"}, because="half the bag", reason="late",
                     observed_at=ago(minutes=50).isoformat())  # fmt: skip
    address = f"/api/v1/participants/{weighed.participant.pk}/treatments/"
    assert nurse.post(address, body, content_type="application/json").status_code == 201
    last = Treatment.objects.get(dose=400)
    ledger = drugs_data(nurse, weighed)["tocilizumab"]

    assert [(d["given"]["dose"], d["mg_per_kg"], d["counted"]) for d in ledger["doses"]] == [
        ("560", "8", True), ("400", "5.71", True)]  # fmt: skip
    assert (ledger["standing"]["left_in_24_h"], ledger["standing"]["left_in_all"], ledger["is_eligible"]) == (
        2,
        2,
        False,
    )
    assert ledger["standing"]["next_at"] == (last.observed_at + timedelta(hours=8)).isoformat().replace("+00:00", "Z")

    page = text_of(nurse.get(url(weighed, "drugs")))
    for phrase in ("5.71", "demo.charge", "another dose than for the weight", "half the bag", "Next dose not before"):
        assert phrase in page


def test_a_used_up_limit_is_said_in_words(nurse, weighed):
    for h in (90, 60, 40, 20):
        toci(weighed, ago(hours=h))

    assert drugs_data(nurse, weighed)["tocilizumab"]["standing"]["is_reached"] is True
    assert "all doses are used up" in text_of(nurse.get(url(weighed, "drugs")))


def test_without_drug_rules_nothing_is_computed(nurse, weighed):
    with acting(by="test", reason="no rules"):
        weighed.study.policies.filter(version=2).update(drugs=None)
    toci(weighed, ago(hours=1))
    ledger = drugs_data(nurse, weighed)["tocilizumab"]

    assert (ledger["limits"], ledger["expected"], ledger["standing"], ledger["is_eligible"]) == (None, None, None, None)
    assert (ledger["doses"][0]["counted"], ledger["doses"][0]["mg_per_kg"]) == (None, "8")
    assert "nothing is computed" in text_of(nurse.get(url(weighed, "drugs")))


def test_doses_on_site_where_somebody_counted_them(nurse, weighed):
    one = draft(Measurement, weighed, 0, observed_at=ago(hours=1), kind="tocilizumab_on_site", value=Decimal(2),
                source=Source.IMPORT)  # fmt: skip
    kept(one, weighed)

    assert drugs_data(nurse, weighed)["tocilizumab"]["on_site"]["value"] == "2"
    assert "Doses on site" in text_of(nurse.get(url(weighed, "drugs")))


def test_steroids_by_indication_with_the_ladder_and_the_reminder(nurse, weighed):
    kept(vitals(weighed, 0, observed_at=ago(hours=1.5), temperature_c=38.8, vasopressors=["norepinephrine"],
                hypotension=True), weighed)  # fmt: skip
    give(weighed, ago(minutes=80), "dexamethasone", "corticosteroid", dose=10, unit="mg")
    give(weighed, ago(minutes=20), "methylprednisolone", "corticosteroid", "icans", dose=16, unit="mg")  # 3 mg
    give(weighed, ago(hours=2.5), "dexamethasone", "corticosteroid", "premedication", dose=16, unit="mg")
    ledger = drugs_data(nurse, weighed)["steroids"]

    assert [(t["bucket"], t["dexamethasone_mg"]) for t in ledger["totals"]] == [
        ("crs", "10"), ("icans", "3"), ("premedication", "16")]  # fmt: skip
    assert [(one["kind"], one["grade"], [s["drug"] for s in one["steps"]]) for one in ledger["ladders"]] == [
        ("crs", 3, ["dexamethasone"])]  # fmt: skip
    assert ledger["keep_ice_checks"] is True
    page = text_of(nurse.get(url(weighed, "drugs")))
    assert "ICE checks go on" in page
    assert "dexamethasone 10 mg every 6 h" in page


def test_premedication_alone_is_no_taper(nurse, weighed):
    give(weighed, ago(hours=2.5), "dexamethasone", "corticosteroid", "premedication", dose=16, unit="mg")

    assert drugs_data(nurse, weighed)["steroids"]["keep_ice_checks"] is False
    assert "ICE checks go on" not in text_of(nurse.get(url(weighed, "drugs")))


def test_premedication_beside_its_dose_and_the_regimen(client, ruled):
    client.force_login(ruled.nurse)
    printed_rows = [
        {"drug": "dexamethasone", "dose": "16 mg", "timing": "1-3 h before", "steps": ["STEP-UP 1"], "source": "x"},
        {"drug": "paracetamol", "dose": "1000 mg", "steps": ["STEP-UP 2"], "source": "x"},
    ]
    with acting(by="test", reason="a document"):
        document = as_json(read("linvoseltamab").data) | {"premedication": printed_rows}
        Regimen.objects.filter(pk=ruled.regimen.pk).update(document=document)
    given = ago(hours=2)
    kept(dose(ruled, observed_at=given), ruled)
    give(ruled, given - timedelta(hours=1), "dexamethasone", "corticosteroid", "premedication", dose=16, unit="mg")
    give(ruled, ago(hours=1), "dexamethasone", "corticosteroid", "premedication", dose=16, unit="mg")
    before, after = drugs_data(client, ruled)["premedication"][::-1]

    assert (before["minutes_before"], before["step"]) == (60, "STEP-UP 1")
    assert [row["drug"] for row in before["regimen_says"]] == ["dexamethasone"]
    assert (after["minutes_before"], after["dose_at"], after["regimen_says"]) == (None, None, [])
    assert "1-3 h before" in text_of(client.get(url(ruled, "drugs")))


def test_what_runs_with_start_stop_and_hours(nurse, weighed):
    one = give(weighed, ago(hours=4), "norepinephrine", "vasopressor", dose=5, unit="ug/min")
    give(weighed, ago(hours=3), "oxygen", "oxygen", dose=2, unit="L/min")
    end = one.observed_at + timedelta(hours=2)
    kept(draft(TreatmentEnd, weighed, 0, treatment=one, observed_at=end), weighed)
    ledger = drugs_data(nurse, weighed)

    assert [(r["given"]["drug"], r["stopped_at"] is None, r["hours"]) for r in ledger["running"]] == [
        ("oxygen", True, "3"), ("norepinephrine", False, "2")]  # fmt: skip
    assert {t["drug_class"]: t["hours"] for t in ledger["run_totals"]} == {"vasopressor": "2", "oxygen": "3"}
    assert "no stop recorded" in text_of(nurse.get(url(weighed, "drugs")))


def test_the_policy_s_advice_while_the_episode_is_open(nurse, weighed):
    low = {"temperature_c": 38.8, "hypotension": True, "sbp": 86, "dbp": 50}
    kept(vitals(weighed, 0, observed_at=ago(minutes=100), **low), weighed)
    toci(weighed, ago(minutes=90))
    assert drugs_data(nurse, weighed)["refractory"] == []

    kept(vitals(weighed, 0, observed_at=ago(minutes=10), **low), weighed)
    assert [rule["code"] for rule in drugs_data(nurse, weighed)["refractory"]] == ["steroid_after_anti_il6"]
    assert "a corticosteroid, at the latest after 2" in text_of(nurse.get(url(weighed, "drugs")))

    give(weighed, ago(minutes=5), "dexamethasone", "corticosteroid", dose=10, unit="mg")
    assert drugs_data(nurse, weighed)["refractory"] == []


def test_the_clock_from_the_threshold_to_the_drug(client, nurse, weighed):
    crossed = ago(minutes=60)
    raised = kept(vitals(weighed, 0, observed_at=crossed, temperature_c=38.8, hypotension=True), weighed,
                  at=crossed + timedelta(minutes=3)).alerts[0]  # fmt: skip
    assert Delivery.objects.filter(alert=raised).update(state="sent", sent_at=crossed + timedelta(minutes=4))
    acknowledge(str(raised.pk), by=weighed.nurse, at=crossed + timedelta(minutes=9))
    toci(weighed, crossed + timedelta(minutes=40), ordered_at=crossed + timedelta(minutes=15))

    [clock] = drugs_data(nurse, weighed)["clocks"]
    assert [(t["stage"], t["minutes_since_crossed"]) for t in clock["ticks"]] == [
        ("crossed", 0), ("entered", 3), ("paged", 4), ("answered", 9), ("ordered", 15), ("started", 40)]  # fmt: skip
    page = text_of(nurse.get(reverse("alert", args=[raised.pk])))
    assert "From the threshold to the drug" in page
    assert "40 min" in page
    assert str(raised.pk) in text_of(nurse.get(url(weighed, "drugs")))


def test_an_alert_that_asks_for_no_drug_has_no_clock(nurse, weighed):
    kept(vitals(weighed, 0, observed_at=ago(minutes=30), temperature_c=38.8), weighed)

    assert drugs_data(nurse, weighed)["clocks"] == []
    page = text_of(nurse.get(reverse("alert", args=[Alert.objects.get().pk])))
    assert "From the threshold to the drug" not in page


@pytest.mark.parametrize(
    ("who", "status"),
    [("nurse", 200), ("charge_nurse", 200), ("investigator", 200), ("data_manager", 200), ("sponsor", 403),
     ("outsider", 404)],
)  # fmt: skip
def test_who_sees_the_ledgers(client, weighed, who, status):
    client.force_login(getattr(weighed, who))

    assert client.get(f"/api/v1/participants/{weighed.participant.pk}/drugs/").status_code == status
    assert client.get(url(weighed, "drugs")).status_code == status


def test_who_may_not_record_gets_no_key(client, weighed):
    client.force_login(weighed.data_manager)

    assert url(weighed, "treatment") not in text_of(client.get(url(weighed, "drugs")))


def test_the_participant_page_leads_there(nurse, weighed):
    assert url(weighed, "drugs") in text_of(nurse.get(url(weighed, "participant")))
