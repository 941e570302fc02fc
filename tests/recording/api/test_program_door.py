"""What a program sends goes through a door of its own, and is answered as through the one that is everybody's."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework import serializers

from crsmonitor.accounts.models import ApiToken
from crsmonitor.api import program_door
from crsmonitor.audit.acting import acting
from grading.bedside.kinds import AT_EDGE
from grading.models import VitalSigns
from tests.bodies import ATTRIBUTION, BODIES, FEVER
from tests.sizes import sized

COOKIE = {"cookie": "theme=dark"}  # of no session; with it a request is not a program's alone
OF_EACH = {"x-request-id", "expires", "date"}


def send(api, address, sent, **headers):
    content = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    return api.client.post(f"/api/v1/{address}", content, content_type="application/json", headers=headers)


def by_the_door(answer):
    return not hasattr(answer.wsgi_request, "session")


def answer_of(answer):
    headers = {name.lower(): value for name, value in answer.items() if name.lower() not in OF_EACH}
    headers["vary"] = set(headers["vary"].split(", "))
    return answer.status_code, headers, answer.content


@pytest.mark.django_db
def test_the_same_is_answered_alike_through_both(api, dosed, address, well, ago):
    nurse, first = api(dosed.nurse), well(**FEVER)
    kept = send(nurse, address, first)
    bodies = {
        "again": first,
        "another under its id": first | {"sbp": 86},
        "nothing": {},
        "no object": [1],
        "no JSON": b"{",
        "half a letter": b'{"id": "\\ud800"}',
        "unknown field": well(grade=0),
        "not a number": well(temperature_c="warm"),
        "null where nothing may be": well(id=None),
        "a code": well(oxygen_device="tube"),
        "two at once": well(sbp=True, withdrawn=True),
        "in the future": well(observed_at=ago(hours=-1).isoformat()),
        "late": well(observed_at=ago(hours=5).isoformat()),
        "of nothing": well(supersedes=well()["id"], reason="misread"),
    }
    pairs = {name: (send(nurse, address, sent), send(nurse, address, sent, **COOKIE)) for name, sent in bodies.items()}

    assert (kept.status_code, by_the_door(kept)) == (201, True)
    assert {name: (by_the_door(one), by_the_door(two)) for name, (one, two) in pairs.items()} == dict.fromkeys(
        pairs, (True, False)
    )
    assert {name: answer_of(one) for name, (one, _) in pairs.items()} == {
        name: answer_of(two) for name, (_, two) in pairs.items()
    }
    assert {one.status_code for one, _ in pairs.values()} == {200, 400, 404, 409}
    assert VitalSigns.objects.count() == 1


@pytest.mark.django_db
def test_a_fact_is_kept_alike_through_both(api, dosed, address, well):
    nurse, one, two = api(dosed.nurse), well(), well()
    answers = send(nurse, address, one), send(nurse, address, two, **COOKIE)
    first, second = (
        answer.json() | {"id": None, "root": None, "observed_at": None, "recorded_at": None} for answer in answers
    )

    assert [by_the_door(answer) for answer in answers] == [True, False]
    assert first == second
    rows = VitalSigns.objects.order_by("recorded_at")
    own = {"id", "root_id", "root", "digest", "observed_at", "recorded_at", "_state"}
    kept = [{name: value for name, value in vars(row).items() if name not in own} for row in rows]
    assert kept[0] == kept[1]


@pytest.mark.django_db
def test_what_is_not_plain_goes_on(api, dosed, address, well):
    """Each is answered by whoever looks at it: a key that is wrong, in a cookie's company, for reading, used first."""
    nurse, at = api(dosed.nurse), timezone.now()
    with acting(by="test", reason="a key for a test"):
        life = {"at": at, "expires_at": at + timedelta(days=1)}
        _, reads = ApiToken.issue(user=dosed.nurse, label="reads", scopes=["read"], **life)
        _, new = ApiToken.issue(user=dosed.nurse, label="new", **life)
    answers = {
        "wrong key": send(nurse, address, well(), authorization="Token wrong"),
        "two keys": send(nurse, address, well(), authorization="Token a b"),
        "for reading": send(nurse, address, well(), authorization=f"Token {reads}"),
        "used first": send(nurse, address, well(), authorization=f"Token {new}"),
        "a space that is none": send(nurse, address, well(), authorization=f"Token {new}\xa0"),
        "cookie": send(nurse, address, well(), **COOKIE),
        "parameter": send(nurse, f"{address}?since=x", well()),
        "other host": send(nurse, address, well(), host="elsewhere.example"),
        "takes no JSON": send(nurse, address, well(), accept="text/csv"),
        "too large": send(nurse, address, b" " * (1024 * 1024 + 1)),
        "empty": send(nurse, address, b""),
        "not for keys": send(nurse, address.replace("vital-signs", "attributions"), ATTRIBUTION),
    }

    remembered = program_door._door_at.cache_info().currsize
    answers["an address of a stranger"] = api(dosed.nurse).client.post(
        f"/api/v1/{'x' * 60_000}", b"{}", content_type="application/json", headers={"authorization": "Token wrong"}
    )
    assert program_door._door_at.cache_info().currsize == remembered  # else some thousand of them fill the memory

    assert [name for name, answer in answers.items() if by_the_door(answer)] == []
    assert {name: answer.status_code for name, answer in answers.items()} == {
        "wrong key": 401, "two keys": 401, "for reading": 403, "used first": 201, "a space that is none": 401,
        "cookie": 201, "parameter": 400,
        "other host": 400, "takes no JSON": 406, "too large": 413, "empty": 400, "not for keys": 403,
        "an address of a stranger": 404,
    }  # fmt: skip
    assert ApiToken.objects.get(label="new").last_used_at is not None


@pytest.mark.django_db
def test_whoever_may_not_is_refused_there_too(api, dosed, address, well):
    answers = [send(api(one), address, well()) for one in (dosed.outsider, dosed.data_manager)]

    assert [(by_the_door(one), one.status_code) for one in answers] == [(True, 404), (True, 403)]
    assert not VitalSigns.objects.exists()


# --- Two ways of reading a body ---------------------------------------------------------------------------------

SHAPES = [one.shape for one in AT_EDGE if one.shape is not None]
LIKELY = [
    "2026-11-24T10:00:00Z", "2026-11-24T10:00:00", "00000000-0000-4000-8000-000000000000", "", " ", "left", "mg",
    "36.8", "room_air", "high", "a\x00b", "1e5", 0, 3, -1, 37, 400, True, False, None, [], ["dopamine"], ["x", "x"],
    {}, {"sbp": 1}, *(value for body in BODIES.values() for value in body.values()),
]  # fmt: skip


def outcome(validate, data):
    try:
        return validate(data)
    except serializers.ValidationError as error:
        return error.detail


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: type(shape).__name__)
@settings(max_examples=sized(60, sample=25), suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_was_sent_is_read_as_rest_framework_reads_it(shape, data):
    names = sorted(shape.fields)
    good = {"id": LIKELY[2], "observed_at": LIKELY[0]}
    drawn = st.dictionaries(st.sampled_from([*names, "grade"]), st.sampled_from(LIKELY), max_size=8)
    sent = (good if data.draw(st.booleans()) else {}) | data.draw(drawn)

    whole = outcome(lambda body: serializers.Serializer.run_validation(shape, body), sent)

    assert outcome(shape.run_validation, sent) == whole
