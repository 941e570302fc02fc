"""Who is answered at the doors of a tablet, and how: JSON for a script, precise, and never more than she may see."""

import base64
import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from django.utils import timezone

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from crsmonitor.devices.enrolling import revoke
from grading.alerting.services.on_call.reaching import keep_phone_tree
from grading.models import VitalSigns
from regimens.models import Participant
from tests.builders import build_world, dose, kept, stay
from tests.devices.stages import OTHER_PIN, PIN, a_tablet, lock, open_by_pin, sign_in, with_pin
from tests.stages import stage
from tests.tablet.server.entries import OUTBOX, answers_to, entry, send

pytestmark = pytest.mark.django_db
WARD, KEY, SIGNING = "/tablet/ward/", "/tablet/key/", "/tablet/signing-key/"
DOORS = [("post", OUTBOX), ("post", KEY), ("get", WARD), ("get", SIGNING)]


@stage
def on(ward):
    """The nurse's tablet; the charge nurse signed in on it before her."""
    one = a_tablet(ward)
    for user, pin in ((ward.charge_nurse, OTHER_PIN), (ward.nurse, PIN)):
        sign_in(one.client, with_pin(user, pin))
    return one


def refusal(client, method, address):
    answer = getattr(client, method)(address, *([] if method == "get" else [{}]), content_type="application/json")
    return answer.status_code, answer.json()["title"]


def bytes_of(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def ward_of(client):
    answer = client.get(WARD)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.json()["ward"])


# --- Who is refused -----------------------------------------------------------------------------------------


def test_a_stranger_a_locked_tablet_and_a_revoked_one_are_told_apart(ward, on):
    assert {refusal(Client(), *door) for door in DOORS} == {(401, "not_authenticated")}
    lock(on.client)
    assert {refusal(on.client, *door) for door in DOORS} == {(401, "tablet_locked")}
    open_by_pin(on.client, ward.nurse)
    revoke(on.tablet.pk, reason="lost", by=ward.data_manager, at=timezone.now())
    assert refusal(on.client, "post", OUTBOX) == (403, "tablet_revoked")
    assert refusal(on.client, "post", OUTBOX) == (401, "not_authenticated")
    assert not VitalSigns.objects.exists()


def test_without_the_pages_key_for_forms_nothing_is_taken_and_it_is_no_revocation(ward):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ward.nurse)
    assert refusal(client, "post", OUTBOX) == (401, "csrf_failed")
    assert refusal(client, "post", KEY) == (401, "csrf_failed")


def test_who_has_something_else_to_do_first_is_no_revoked_tablet(ward, client):
    client.force_login(ward.nurse)
    with acting(by="test", reason="set by somebody else"):
        User.objects.filter(pk=ward.nurse.pk).update(must_change_password=True)
    assert refusal(client, "post", OUTBOX) == (401, "own_password_first")


# --- What cannot be read ------------------------------------------------------------------------------------


def body_of(ward, **changes):
    return json.dumps({"entries": [entry(ward) | changes]})


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"id": 7}, "id"), ({"id": "7"}, "id"), ({"kind": "stay"}, "kind"), ({"kind": None}, "kind"),
        ({"participant": "1"}, "participant"), ({"participant": True}, "participant"),
        ({"participant": 2**70}, "participant"), ({"participant": 1.0}, "participant"), ({"person": 0}, "person"),
        ({"fields": []}, "fields"), ({"fields": {"sbp": "85"}}, "fields.sbp"),
        ({"fields": {"sbp": [85]}}, "fields.sbp"),
        ({"fields": {"id": ["00000000-0000-0000-0000-000000000000"]}}, "fields.id"),
        ({"fields": {"sbp": ["8\x00"]}}, "fields.sbp"), ({"fields": {"sbp": ["\ud800"]}}, "fields.sbp"),
        ({"fields": {f"f{n}": [] for n in range(200)}}, "fields"), ({"kept_at": "02:10"}, "kept_at"),
        ({"kept_at": "2026-03-02T02:10:00"}, "kept_at"), ({"opened_at": 5}, "opened_at"),
        ({"tablet_now": "0001-01-01T00:00:00+14:00"}, "tablet_now"), ({"rules": "x" * 101}, "rules"),
        ({"shown": {"grade": 2}}, "shown.at_least"), ({"shown": {"grade": 9, "at_least": 0, "at_most": 0, "flags": []}},
        "shown.grade"), ({"gate": {"answer": "go", "as_of": "2026-03-02T02:10:00Z", "tapped_again": True}}, "gate"),
        ({"more": 1}, "more"),
    ],
)  # fmt: skip
def test_a_wrong_type_is_told_at_its_place(client, ward, changes, place):
    client.force_login(ward.nurse)

    answer = client.post(OUTBOX, body_of(ward, **changes), content_type="application/json")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [f"entries[0].{place}"])


@pytest.mark.parametrize(
    "body", [" ", "[]", "{", "null", '{"entries": {}}', '{"entries": [], "x": 1}', '{"entries": [], "entries": []}',
             '{"entries": [NaN]}', b'{"entries": ["\xff"]}', '{"entries": [1]}', "[" * 100_000],
)  # fmt: skip
def test_what_is_no_outbox_is_refused(client, ward, body):
    client.force_login(ward.nurse)

    answer = client.post(OUTBOX, body, content_type="application/json")

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_other_types_and_too_much_at_once_are_refused(client, ward):
    client.force_login(ward.nurse)

    assert client.post(OUTBOX, {"entries": "[]"}).status_code == 415
    assert client.post(OUTBOX, b"entries=", content_type="application/x-www-form-urlencoded").status_code == 415
    assert client.post(OUTBOX, b"1" * 1_000_001, content_type="application/json").status_code == 413
    assert client.get(OUTBOX).status_code == client.post(WARD).status_code == client.get(KEY).status_code == 405


def test_no_answer_is_kept_by_a_cache(client, ward):
    client.force_login(ward.nurse)

    answers = [client.get(WARD), client.get(SIGNING), client.post(KEY), send(client, [])]

    assert [(answer.status_code, answer["Cache-Control"]) for answer in answers] == [(200, "no-store")] * 4


# --- The key ------------------------------------------------------------------------------------------------


def test_the_key_is_of_the_person_the_tablet_and_the_shift(ward, on):
    def key():
        answer = on.client.post(KEY).json()
        assert datetime.fromisoformat(answer["until"]) > timezone.now()
        return answer["key"]

    hers = key()
    assert len(bytes_of(hers)) == 32
    assert key() == hers
    lock(on.client)
    open_by_pin(on.client, ward.charge_nurse, OTHER_PIN)
    assert key() != hers
    lock(on.client)
    open_by_pin(on.client, ward.nurse)
    assert key() == hers  # she goes on in the same shift, and reads what she kept
    sign_in(on.client, ward.nurse)
    assert key() != hers
    issued = AuditEvent.objects.filter(table_name="store_key_issued")
    assert {event.after["tablet"] for event in issued} == {on.tablet.pk}
    assert hers not in str([event.after for event in issued])


# --- The ward -----------------------------------------------------------------------------------------------


def test_the_ward_is_signed_to_the_byte(client, ward):
    client.force_login(ward.nurse)
    answer, key = client.get(WARD).json(), client.get(SIGNING).json()
    x, y = (int.from_bytes(bytes_of(key[name]), "big") for name in ("x", "y"))
    public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    both = bytes_of(answer["signature"])
    signature = encode_dss_signature(int.from_bytes(both[:32], "big"), int.from_bytes(both[32:], "big"))

    public.verify(signature, answer["ward"].encode(), ec.ECDSA(SHA256()))
    assert answer["key_id"] == key["kid"]


def test_the_ward_has_what_a_night_without_a_network_needs(ward, on):
    keep_phone_tree(ward.study, "Charge nurse 7B: 5512", site=ward.site, by=ward.data_manager)
    seen = ward_of(on.client)
    pk = str(ward.participant.pk)

    assert (seen["person"], seen["site"]["zone"], [row["bed"] for row in seen["rows"]]) == (
        ward.nurse.pk, "Asia/Taipei", ["12"],
    )  # fmt: skip
    assert seen["phone_tree"] == [{"study": "DEMO", "site": "DEMO-TPE", "text": "Charge nurse 7B: 5512"}]
    assert datetime.fromisoformat(seen["expires_at"]) > datetime.now(UTC)
    one = seen["participants"][pk]
    assert (one["number"], one["bed"], one["rules"]["zone"]) == ("DEMO-001", "12", "Asia/Taipei")
    assert {look["kind"] for look in one["plan"]} == {"vitals", "neuro"}
    assert (one["gate"]["answer"], one["gate"]["as_of"]) == ("hold", seen["as_of"])  # no rules are on file
    assert one["forms"]["dose"] == f"/participants/{pk}/dose/"


def test_nobody_is_given_more_than_she_sees(ward, client, on):
    client.force_login(ward.data_manager)  # sees the ward, and records nothing
    [one] = ward_of(client)["participants"].values()
    assert (one["forms"], one["gate"]) == ({}, None)
    client.force_login(ward.outsider)  # at the other site
    seen = ward_of(client)
    assert (seen["participants"], seen["rows"]) == ({}, [])
    client.force_login(build_world("AWAY").nurse)  # of another study
    assert str(ward.participant.pk) not in ward_of(client)["participants"]
    client.force_login(ward.sponsor)
    assert refusal(client, "get", WARD) == (404, "not_found")
    elsewhere = a_tablet(ward, "Paris 1", site=ward.other_site)
    sign_in(elsewhere.client, ward.investigator)  # of the whole study: on a tablet she sees its site alone
    assert ward_of(elsewhere.client)["participants"] == {}


def test_what_a_tablet_fetches_by_itself_keeps_nobody_signed_in(ward, on):
    before = on.client.session["seen_at"]
    on.client.get(WARD)
    on.client.post(KEY)
    assert on.client.session["seen_at"] == before


def test_an_entry_from_an_enrolled_tablet_keeps_it_as_its_source(ward, on):
    now = timezone.now()
    [answer] = answers_to(on.client, entry(ward, kept_at=now, now=now))
    assert answer["state"] == "kept"
    assert VitalSigns.objects.get().tablet == on.tablet


def test_every_bed_is_on_the_tablet(client, ward):
    with acting(by="test", reason="more beds"):
        more = [
            Participant.objects.create(study=ward.study, site=ward.site, number=f"DEMO-01{n}", regimen=ward.regimen)
            for n in range(3)
        ]
    for bed, one in enumerate(more[:2], start=13):
        kept(stay(ward, participant=one, bed=str(bed)), ward)
        kept(dose(ward, participant=one), ward)
    client.force_login(ward.nurse)

    seen = ward_of(client)

    assert sorted(one["bed"] for one in seen["participants"].values()) == ["", "12", "13", "14"]
    assert [row["bed"] for row in seen["rows"]] == ["12", "13", "14"]  # the last one has no place on the board yet
