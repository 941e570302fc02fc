"""A secret of a webhook goes in, signs, and lies open nowhere: not in the table, the trail, or a form."""

import secrets

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection

from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from crsmonitor.security.sealing import CannotOpen
from grading.alerting.delivery import channels
from grading.alerting.delivery.channels.failure import ChannelFailed
from grading.models import Channel, Delivery, Endpoint
from tests.builders import dose, hour, kept, stay, vitals

SECRET = "nY2vTq8LwZ4rKc7x"  # 16 characters
URL = "https://93.184.215.14/hook"  # no name: nobody is asked


@pytest.fixture
def endpoint(world):
    with acting(by="test", reason="an endpoint"):
        return Endpoint.objects.create(study=world.study, url=URL, secret=SECRET)


def tables_with(text: str) -> list[str]:
    """Those that hold this text in any row."""
    tables = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" t WHERE t::text LIKE %s)', [f"%{text}%"])
            tables += [table] if cursor.fetchone()[0] else []
    return tables


def test_it_signs_and_stands_nowhere_in_the_clear(endpoint):
    assert Endpoint.objects.get(pk=endpoint.pk).secret == SECRET
    assert tables_with(SECRET) == []
    assert AuditEvent.objects.get(table_name="grading_endpoint").after["sealed_secret"] == endpoint.sealed_secret


def test_under_another_key_nothing_is_sent_unsigned(endpoint, world, settings):
    kept(stay(world), world)
    kept(dose(world), world)
    kept(vitals(world, 4, temperature_c=38.6, sbp=85, hypotension=True), world)
    settings.SEALING_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(ChannelFailed, match="webhook_secret_unreadable"):
        channels.send(Delivery.objects.get(channel=Channel.WEBHOOK), at=hour(5))


def test_a_key_is_changed_in_three_steps(endpoint, settings):
    old, new = settings.SEALING_KEYS[0], Fernet.generate_key().decode()
    settings.SEALING_KEYS = [new, old]
    assert Endpoint.objects.get(pk=endpoint.pk).secret == SECRET

    call_command("reseal", reason="a new key")
    settings.SEALING_KEYS = [new]

    assert Endpoint.objects.get(pk=endpoint.pk).secret == SECRET
    assert AuditEvent.objects.filter(table_name="grading_endpoint").latest("seq").reason == "a new key"
    settings.SEALING_KEYS = [old]
    with pytest.raises(CannotOpen):
        Endpoint.objects.get(pk=endpoint.pk).secret  # noqa: B018
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("reseal", reason="a key that is gone")


# --- The form -------------------------------------------------------------------------------------------------


@pytest.fixture
def operator(client, django_user_model):
    with acting(by="test", reason="an operator"):
        client.force_login(django_user_model.objects.create_superuser("root", password="root-password"))
    return client


def send(operator, world, *, pk: int | None = None, **entered: str) -> str:
    """Fill in the form of the administration. Returns its page where it was refused, else empty."""
    address = f"/admin/grading/endpoint/{f'{pk}/change' if pk else 'add'}/"
    form = {"study": world.study.pk, "url": URL, "active": "on", "reason": "set up"}
    answer = operator.post(address, form | entered)
    return "" if answer.status_code == 302 else " ".join(answer.content.decode().split())


@pytest.fixture
def strict(settings):
    """As in production."""
    settings.WEBHOOK_ALLOW_PRIVATE = False


def test_a_secret_is_taken_and_never_shown_again(operator, world, strict):
    assert send(operator, world, secret=SECRET) == ""

    endpoint = Endpoint.objects.get()
    page = operator.get(f"/admin/grading/endpoint/{endpoint.pk}/change/").content.decode()
    assert endpoint.secret == SECRET
    assert SECRET not in page
    assert endpoint.sealed_secret not in page

    assert send(operator, world, pk=endpoint.pk, url=f"{URL}/2") == ""
    again = Endpoint.objects.get()
    assert (again.url, again.secret) == (f"{URL}/2", SECRET)
    assert again.sealed_secret == endpoint.sealed_secret  # the trail says that the address changed, and only that


@pytest.mark.parametrize(
    "secret", ["", "abc", "nY2vTq8LwZ4rKc7", "a" * 40, "abababababababab", "abcdefghabcdefghabcdefgh"]
)
def test_a_secret_that_can_be_guessed_is_refused(operator, world, strict, secret):
    assert "At least 16 characters" in send(operator, world, secret=secret).split("Secret:")[0]
    assert not Endpoint.objects.exists()


def test_one_that_a_program_made_is_taken(operator, world, strict):
    assert send(operator, world, secret=secrets.token_hex(16)) == ""  # of 8 bytes one in a hundred has too few signs


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://127.0.0.1/", "leads inside"),
        ("https://10.1.2.3/hook", "leads inside"),
        ("https://169.254.169.254/latest/", "leads inside"),
        ("https://[::1]/", "leads inside"),
        ("https://localhost/", "leads inside"),
        ("https://93.184.215.14:22/", "Only the ports"),
        ("https://name:word@93.184.215.14/", "No name and password"),
        ("", "An address, or the name of a gateway."),
    ],
)
def test_an_address_that_may_not_be_called_is_refused_on_saving(operator, world, strict, url, words):
    assert words in send(operator, world, url=url, secret=SECRET)
    assert not Endpoint.objects.exists()


def test_one_that_leads_nowhere_any_more_can_be_switched_off(operator, world, endpoint, strict):
    with acting(by="test", reason="its network is gone"):
        Endpoint.objects.filter(pk=endpoint.pk).update(url="https://10.0.0.1/")

    assert send(operator, world, pk=endpoint.pk, url="https://10.0.0.1/", active="") == ""
    assert not Endpoint.objects.get().active


def test_a_gateway_has_no_secret(operator, world, settings):
    settings.GATEWAYS = {"pager": ("json://localhost",)}

    assert "Either a gateway" in send(operator, world, gateway="pager", secret=SECRET)
    assert send(operator, world, gateway="pager", url="") == ""
    assert Endpoint.objects.get().sealed_secret == ""
