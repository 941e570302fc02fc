"""What a password may be, and how it is asked for (ASVS 5.0 V6.2)."""

import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from crsmonitor.accounts.sign_in.context_words import ContextWordsValidator
from tests.accounts.sign_in.test_guessing import right, sign_in

pytestmark = pytest.mark.django_db


@pytest.mark.req("R04")
@pytest.mark.parametrize(
    "password", ["crsmonitor2026!", "Nurse-Ward-2026-07", "Tocilizumab1234", "ICANS-study-99-", "HOSPITAL-winter26"]
)
def test_one_of_words_of_the_place_is_refused(password):
    with pytest.raises(ValidationError) as refused:
        ContextWordsValidator().validate(password)

    assert refused.value.code == "password_of_context_words"
    with pytest.raises(ValidationError):
        validate_password(password)


def test_an_organisation_has_words_of_its_own():
    ContextWordsValidator().validate("Charité-Berlin1")
    with pytest.raises(ValidationError):
        ContextWordsValidator(["Charité", "berlin"]).validate("Charité-Berlin1")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",  # spaces, small letters alone
        "nursery rhymes of the trial judges",  # a word of ours in a sentence is no fault
        "全部都是中文字的一個密碼，沒有數字",
        " leading and trailing blanks ",
        "x7" * 40 + "Q",  # 81 characters
    ],
)
def test_any_other_composition_is_taken_as_it_is(world, password):
    client = Client()
    assert sign_in(client, world.nurse.username, right(world.nurse.username))
    typed = {"oldpassword": right(world.nurse.username), "password1": password, "password2": password}
    assert client.post(reverse("account_change_password"), typed).status_code == 302

    assert sign_in(Client(), world.nurse.username, password)
    for other in (password.strip(), password.upper(), password[:72]):
        if other != password:
            assert not sign_in(Client(), world.nurse.username, other)


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("login", {"current-password"}),
        ("account_change_password", {"current-password", "new-password"}),
        ("account_reauthenticate", {"current-password"}),
    ],
)
def test_it_is_masked_and_password_managers_may_help(world, name, kinds):
    client = Client()
    if name != "login":
        assert sign_in(client, world.nurse.username, right(world.nurse.username))
    page = client.get(reverse(name)).content.decode()
    boxes = [box for box in re.findall(r"<input[^>]*>", page) if 'type="password"' in box]

    assert {re.search(r'autocomplete="([\w-]+)"', box)[1] for box in boxes} == kinds
    assert len(boxes) == len([box for box in re.findall(r"<input[^>]*>", page) if re.search(r'name="\w*password', box)])
    assert not re.search(r"onpaste|oncopy", page)
