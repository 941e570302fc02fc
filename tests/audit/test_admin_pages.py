"""Every page of the administration is opened and posted, whatever is registered: none breaks (case D1)."""

import uuid
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from grading.models import Endpoint, EscalationStep, PhoneTree
from regimens.facts import Fact
from regimens.models import Membership, Participant, Regimen, Site, Step, Study
from tests.setup.ready import make_ready
from tests.stages import stage

pytestmark = pytest.mark.django_db

OURS = ("crsmonitor", "grading", "regimens")
NASTY = {"NUL": "a\x00b", "markup": "<img src=x onerror=alert(1)>", "long": "x" * 5000, "empty": ""}
WHY = dict.fromkeys(("reason", "change_reason"), "seen through")
REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)


@stage
def furnished(world):
    """At least one row of everything that is registered and ours."""
    with acting(by="test", reason="something to change"):
        User.objects.create_superuser("root", "root@example.org", "root-password-long")
        Endpoint.objects.create(study=world.study, url="https://receiver.example.org/", secret="x" * 32)
        PhoneTree.objects.create(study=world.study, text="Ward 7B: 0800")
        EscalationStep.objects.create(study=world.study, position=1, on_call_role="assigned_nurse", wait_minutes=5)
        Group.objects.create(name="readers")
    return make_ready(world)  # a participant is added where the study may enrol


@pytest.fixture
def operator(furnished):
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(username="root"))
    client.post(reverse("account_reauthenticate"), {"password": "root-password-long"})
    return client


def page(model: type, what: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}", args=args)


def as_posted(form: Any) -> dict[str, Any]:
    """What a browser sends of a form that nobody touched."""
    sent: dict[str, Any] = {"_save": "Save"}
    for bound in form:
        value = bound.value()
        widgets = getattr(bound.field.widget, "widgets", None)
        if widgets:  # day and time apart
            for at, part in enumerate(bound.field.widget.decompress(value)):
                sent[f"{bound.html_name}_{at}"] = "" if part is None else part
        elif value is True:
            sent[bound.html_name] = "on"
        elif value not in (None, False):
            sent[bound.html_name] = [getattr(one, "pk", one) for one in value] if isinstance(value, list) else value
    return sent


def form_of(answer: Any) -> Any:
    return answer.context["adminform"].form


@pytest.mark.long
@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_every_page_opens_and_takes_what_is_posted(operator, model):
    pages: dict[str, int] = {"list": operator.get(page(model, "changelist")).status_code}
    rows = list(model._default_manager.all()[:3])
    addresses = [page(model, "change", row.pk) for row in rows]
    if admin.site._registry[model].has_add_permission(operator.get(page(model, "changelist")).wsgi_request):
        addresses.append(page(model, "add"))
    for address in addresses:
        opened = operator.get(address)
        pages[address] = opened.status_code
        if opened.status_code == 200:
            untouched = as_posted(form_of(opened))
            pages[f"{address} posted"] = operator.post(address, untouched | WHY).status_code
            pages[f"{address} empty"] = operator.post(address, {}).status_code
            for name, text in NASTY.items():
                sent = {field: text for field in untouched if field != "_save"}
                pages[f"{address} {name}"] = operator.post(address, sent).status_code

    assert {where: status for where, status in pages.items() if status not in (200, 302, 400, 403)} == {}
    assert rows or not model.__module__.startswith(OURS), "nothing of it was opened: add one to `furnished`"


@pytest.mark.long
def test_what_is_posted_as_it_stands_is_saved(operator, furnished):
    """Or the test above would see forms that are refused, and nothing behind them."""
    for row in (furnished.study, furnished.site, furnished.participant, furnished.regimen, furnished.steps[0],
                furnished.nurse, Endpoint.objects.get(), PhoneTree.objects.get(), Group.objects.get(),
                Membership.objects.first()):  # fmt: skip
        address = page(type(row), "change", row.pk)
        answer = operator.post(address, as_posted(form_of(operator.get(address))) | WHY)
        assert answer.status_code == 302, (address, form_of(answer).errors)


def added(study: Study, site: Site, regimen: Regimen, nurse: User) -> list[tuple[type, dict[str, Any]]]:
    return [
        (Study, {"code": "NEW", "title": "New", "resolution_hours": 24, "concurrence_days": 7,
                 "late_after_minutes": 30}),
        (Site, {"code": "NEW", "name": "New", "country": "TWN", "time_zone": "Asia/Taipei"}),
        (Regimen, {"study": study.pk, "code": "NEW", "version": 1, "title": "New", "drug": "x", "resolution_hours": 24,
                   "grace_minutes": 30}),
        (Step, {"regimen": regimen.pk, "position": 9, "label": "EXTRA", "kind": "target", "planned_dose": 1,
                "unit": "mg", "inpatient_clock": "administration", "opens_period": "on", "vitals_every_h": 4,
                "neuro_every_h": 8, "risk_window_h": 168}),
        (Participant, {"study": study.pk, "site": site.pk, "number": "DEMO-777", "neuro_instrument": "ice",
                       "regimen": regimen.pk}),
        (Membership, {"user": nurse.pk, "study": study.pk, "site": site.pk, "role": "charge_nurse"}),
        (User, {"username": "new.one", "usable_password": "true", "password1": "a long one here",
                "password2": "a long one here"}),
    ]  # fmt: skip


def test_everything_is_added_by_page(operator, furnished):
    for model, values in added(furnished.study, furnished.site, furnished.regimen, furnished.nurse):
        before = model._default_manager.count()
        answer = operator.post(page(model, "add"), values)
        assert answer.status_code == 302, (model, form_of(answer).errors)
        assert model._default_manager.count() == before + 1


def test_no_clinical_fact_is_edited_here():
    assert [model for model in REGISTERED if issubclass(model, Fact)] == []


# --- Rights -------------------------------------------------------------------------------------------------


@pytest.fixture
def staff(furnished):
    """An operator who may change accounts and groups, and is no superuser."""
    with acting(by="test", reason="a helper"):
        user = User.objects.create_user("helper", password="helper-password-long", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=["change_user", "view_user", "change_group"]))
    client = Client(raise_request_exception=False)
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": "helper-password-long"})
    client.user = user
    return client


def test_staff_do_not_make_themselves_or_others_superuser(staff, furnished):
    """Case M4."""
    for user in (staff.user, furnished.nurse):
        address = page(User, "change", user.pk)
        sent = {"username": user.username, "is_superuser": "on", "is_staff": "on", "is_active": "on",
                "date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}  # fmt: skip
        staff.post(address, sent)
        user.refresh_from_db()
        assert not user.is_superuser
    assert not User.objects.get(pk=furnished.nurse.pk).is_staff


def test_staff_change_no_password_and_no_address_of_an_operator(staff):
    root = User.objects.get(username="root")

    for address in (page(User, "change", root.pk), f"/admin/accounts/user/{root.pk}/password/"):
        sent = {"email": "mine@example.org", "password1": "a long one here", "password2": "a long one here"}
        assert staff.post(address, sent).status_code == 403


def test_staff_give_their_own_group_no_rights(staff):
    group = Group.objects.get()

    assert staff.post(page(Group, "change", group.pk), {"name": "readers", "reason": "mine"}).status_code == 403


def test_nobody_gives_rights_to_herself(operator):
    root = User.objects.get(username="root")
    shown = form_of(operator.get(page(User, "change", root.pk))).fields

    assert {"is_staff", "is_superuser", "groups", "user_permissions"}.isdisjoint(shown)


def events(table: str) -> list[tuple[str, str]]:
    from crsmonitor.audit.models import AuditEvent

    return list(AuditEvent.objects.filter(table_name=table).order_by("id").values_list("action", "actor"))


@pytest.mark.long
@pytest.mark.req("R03")
def test_rights_that_are_given_and_taken_away_are_audited(operator, furnished):
    """Cases A7 and M4: no trace, and taking one away answered 500."""
    group, root = Group.objects.get(), User.objects.get(username="root")
    right = Permission.objects.get(codename="view_study")
    person = page(User, "change", furnished.nurse.pk)
    members = page(Group, "change", group.pk)
    untouched = as_posted(form_of(operator.get(person)))
    for sent in ({"groups": [group.pk], "user_permissions": [right.pk]}, {"groups": [], "user_permissions": []}):
        assert operator.post(person, untouched | sent).status_code == 302
    for rights in ([right.pk], []):
        sent = {"name": "readers", "permissions": rights, "reason": "seen through"}
        assert operator.post(members, sent).status_code == 302

    by = f"user:{root.pk}:root"
    for table in ("accounts_user_groups", "accounts_user_user_permissions", "auth_group_permissions"):
        assert events(table) == [("INSERT", by), ("DELETE", by)]
    assert ("INSERT", "test") in events("auth_group")


def test_a_right_is_given_by_nobody_in_secret(furnished):
    from django.db import IntegrityError, connection

    with pytest.raises(IntegrityError, match="nobody said who"), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.actor', '', true)")
        furnished.nurse.groups.add(Group.objects.get())


def test_an_unknown_row_is_not_found_and_breaks_nothing(operator):
    for model in REGISTERED:
        for key in ("0", "abc", str(uuid.uuid4()), "_5F"):
            assert operator.get(page(model, "change", key)).status_code in (302, 403, 404)
