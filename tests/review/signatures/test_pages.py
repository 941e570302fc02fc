"""Signatures on pages: beside what is signed, on a page of their own, and asked for again where they are void."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from grading.models import DosePeriod
from regimens.models import Signature, WindowCompletion
from tests.builders import hour, kept, person, signature, vitals
from tests.review.signatures.conftest import signed  # noqa: F401

pytestmark = pytest.mark.django_db
SIGN = reverse("signatures")


def reader(user):
    client = Client()
    client.force_login(user)
    return client


def address(kind, record):
    return f"{SIGN}?kind={kind}&record={record}"


def form(page, user, **changes):
    seen = re.search(r'name="seen" value="(\w+)"', page.content.decode())
    return {"id": str(uuid.uuid4()), "seen": seen[1] if seen else "x"} | signature(user) | changes


def late_set(world):
    kept(vitals(world, 20, reason="forgotten"), world, at=hour(31))


@pytest.mark.long
def test_a_period_whose_signature_is_void_is_signed_again_once_and_by_who_may(signed):  # noqa: F811
    root, client = DosePeriod.objects.get(dose_number=1).dose.root, reader(signed.investigator)
    held = client.get(address("period", root))
    assert b'name="password"' not in held.content  # it holds
    late_set(signed)
    page = client.get(address("period", root))
    sent = form(page, signed.investigator)
    assert "something was entered late" in page.content.decode()
    assert "Void since" in page.content.decode()

    for wrong in ({"password": "guess"}, {"name": signed.nurse.username}, {"seen": "0" * 64}):
        assert client.post(address("period", root), sent | wrong).status_code == 400
    nurse = reader(signed.nurse)
    assert nurse.post(address("period", root), form(page, signed.nurse)).status_code == 403
    assert client.post(address("period", root), sent).status_code == 302
    # The same form once more is no second signature, and another page of before signs nothing.
    assert client.post(address("period", root), sent).status_code == 400
    assert client.post(address("period", root), sent | {"id": str(uuid.uuid4())}).status_code == 400

    rows = Signature.objects.filter(kind="period").order_by("at")
    assert [hasattr(one, "void") for one in rows] == [True, False]


@pytest.mark.long
def test_the_list_asks_for_what_is_void_again_and_shows_all(signed):  # noqa: F811
    late_set(signed)

    page = reader(signed.investigator).get(SIGN)

    kinds = [line.signature.kind for line in page.context["again"]]
    assert sorted(kinds) == ["period", "release", "window"]
    assert len(page.context["lines"]) == 4
    assert signed.investigator.username in page.content.decode()
    inbox = reader(signed.investigator).get(reverse("inbox_list")).content.decode()
    assert inbox.count("To be signed again</") == 3
    assert "To be signed again</" not in reader(signed.data_manager).get(reverse("inbox_list")).content.decode()


def test_strangers_and_sponsors_find_no_record_of_a_participant(signed):  # noqa: F811
    record = WindowCompletion.objects.get().pk
    with acting(by="test", reason="a reviewer"):
        central = person("demo.central", signed.study, Role.CENTRAL)

    for user, status in ((signed.outsider, 404), (signed.sponsor, 404), (signed.nurse, 200), (central, 404)):
        assert reader(user).get(address("window", record)).status_code == status, user
    for wrong in ("window", "assessment", "nothing"):
        assert reader(signed.nurse).get(address(wrong, "nothing")).status_code == 404
    assert reader(signed.sponsor).get(SIGN).context["lines"] == []
    assert reader(signed.outsider).get(SIGN).status_code == 200


@pytest.mark.req("R17")
def test_a_signature_stands_beside_what_is_signed(signed):  # noqa: F811
    client, pk = reader(signed.nurse), signed.participant.pk
    for name, kind in (("window", "window"), ("gate", "release")):
        text = client.get(reverse(name, args=[pk])).content.decode()
        assert Signature.objects.get(kind=kind).hash[:12] in text, name
