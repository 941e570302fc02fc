"""The configuration pages: audited, with a reason, nothing deleted, frozen versions closed."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from crsmonitor.accounts.models import User
from crsmonitor.audit.models import AuditEvent
from regimens.models import Study
from tests.builders import dose, kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_client(world, client):
    call_command("createsuperuser", username="root", email="root@example.org", interactive=False)
    client.force_login(User.objects.get(username="root"))
    return client


def change_study(client, study, **changes):
    values = {"code": study.code, "title": "Renamed", "resolution_hours": 24, "concurrence_days": 7,
              "late_after_minutes": 30, "reason": "protocol amendment 2"}  # fmt: skip
    return client.post(reverse("admin:regimens_study_change", args=[study.pk]), values | changes)


def test_the_first_administrator_is_audited(admin_client):
    event = AuditEvent.objects.filter(table_name="accounts_user", after__username="root").first()

    assert event.actor == "command:createsuperuser"


@pytest.mark.req("R10")
def test_a_change_leaves_who_and_why(admin_client, world):
    assert change_study(admin_client, world.study).status_code == 302

    event = AuditEvent.objects.filter(table_name="regimens_study").last()
    assert (event.after["title"], event.reason) == ("Renamed", "protocol amendment 2")
    assert event.actor.endswith(":root")


def test_a_change_without_a_reason_is_sent_back(admin_client, world):
    answer = change_study(admin_client, world.study, reason="")

    assert answer.status_code == 200
    assert "reason" in answer.context["adminform"].form.errors
    assert Study.objects.get().title == "Demo trial"


def test_a_time_zone_that_is_none_is_refused_at_the_field(admin_client, world):
    values = {"code": "X", "name": "X", "country": "TWN", "time_zone": "Taipei time", "reason": ""}

    answer = admin_client.post(reverse("admin:regimens_site_add"), values)

    assert "time_zone" in answer.context["adminform"].form.errors


@pytest.mark.req("R22")
@pytest.mark.req("R01")
def test_nothing_is_deleted(admin_client, world):
    assert admin_client.post(reverse("admin:regimens_study_delete", args=[world.study.pk])).status_code == 403


def test_a_regimen_that_was_dosed_under_is_read_only(admin_client, world):
    kept(dose(world), world)

    answer = admin_client.post(
        reverse("admin:regimens_regimen_change", args=[world.regimen.pk]), {"title": "other", "reason": "why not"}
    )

    assert answer.status_code == 403


def test_a_nurse_has_no_configuration_pages(world, client):
    client.force_login(world.nurse)

    assert client.get(reverse("admin:index")).status_code == 302
