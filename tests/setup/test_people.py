"""People come into a study by page: one by a form, many by a file, with an account and a link by mail."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from grading.alerting import tasks
from grading.models import Invitation
from regimens.models import Membership
from tests.builders import build_world

pytestmark = pytest.mark.django_db
HEADER = "name,email,role,site\n"
NINE = HEADER + "".join(
    f"{name},{name}@example.org,{role},{site}\n"
    for name, role, site in [
        ("ann", "nurse", "DEMO-TPE"), ("bo", "nurse", "DEMO-PAR"), ("cy", "charge_nurse", "DEMO-TPE"),
        ("di", "charge_nurse", "DEMO-PAR"), ("ed", "investigator", ""), ("flo", "investigator", ""),
        ("gus", "data_manager", ""), ("hal", "sponsor", ""), ("ida", "central_reviewer", ""),
    ]
)  # fmt: skip


@pytest.fixture
def manager(client, world):
    client.force_login(world.data_manager)
    client.raise_request_exception = False
    return client


def page(name: str = "setup-people", *more) -> str:
    return reverse(name, args=["DEMO", *more])


def add(client, **changes):
    typed = {"add": "", "name": "ann", "email": "ann@example.org", "role": "nurse", "site": "DEMO-TPE"}
    return client.post(page(), typed | changes)


def load(client, text: str, *, sure: bool = False):
    if sure:
        return client.post(page(), {"load": "", "sure": "1", "text": text})
    return client.post(page(), {"load": "", "file": SimpleUploadedFile("people.csv", text.encode())})


def link_in_mail(to: str) -> str:
    for row in Invitation.objects.filter(state="queued"):
        tasks.deliver(str(row.pk))
    [sent] = [one for one in mail.outbox if one.to == [to]][-1:]
    return re.search(r"http://localhost:8000(\S+)", sent.body)[1]


# --- One person -------------------------------------------------------------------------------------------------


def test_a_new_person_gets_an_account_that_only_she_can_open(manager, client):
    assert add(manager).status_code == 302

    ann = User.objects.get(username="ann")
    assert [(one.role, one.site.code) for one in ann.memberships.all()] == [("nurse", "DEMO-TPE")]
    assert not ann.has_usable_password()
    assert "invited, has not signed in yet" in manager.get(page()).content.decode()

    link = link_in_mail("ann@example.org")
    client.logout()
    chosen = client.get(link, follow=True)
    form = {"new_password1": "a long password of ann", "new_password2": "a long password of ann"}
    assert client.post(chosen.redirect_chain[-1][0], form)["Location"] == reverse("board")
    assert client.session["_auth_user_id"] == str(ann.pk)
    client.logout()
    assert "used already or is too old" in client.get(link, follow=True).content.decode()


def test_the_link_is_kept_nowhere_and_a_wrong_one_opens_nothing(manager, client):
    add(manager)
    link = link_in_mail("ann@example.org")
    token = link.rstrip("/").split("/")[-1]
    [row] = Invitation.objects.values()

    assert token not in str(row)
    manager.logout()
    for wrong in (
        link.replace(token, "x-y"),
        reverse("invitation", args=["zz", token]),
        reverse("invitation", args=["MQ", token]),
    ):
        assert "used already or is too old" in client.get(wrong, follow=True).content.decode()


def test_the_mail_says_how_long_the_link_lasts_and_so_long_it_does(manager, client):
    add(manager)
    made_at = timezone.now()
    link = link_in_mail("ann@example.org")

    assert "Choose a password within 7 days:" in mail.outbox[-1].body
    for days, opens in ((6.9, True), (7.1, False)):
        with time_machine.travel(made_at + timedelta(days=days)):
            assert ("new_password1" in client.get(link, follow=True).content.decode()) is opens


def test_who_signs_in_elsewhere_has_taken_her_account_up(manager, client):
    """Without a password of her own: her address is hers, and no link sets a password."""
    add(manager)
    link = link_in_mail("ann@example.org")
    with acting(by="test", reason="single sign-on"):
        User.objects.filter(username="ann").update(last_login=timezone.now())

    assert "used already or is too old" in client.get(link, follow=True).content.decode()
    assert "account of this name with another address" in add(manager, email="thief@example.org").content.decode()
    assert manager.post(page("setup-invite", User.objects.get(username="ann").pk)).status_code == 404


def test_a_password_too_easy_is_refused_at_its_field(manager, client):
    add(manager)
    address = client.get(link_in_mail("ann@example.org"), follow=True).redirect_chain[-1][0]

    refused = client.post(address, {"new_password1": "ann", "new_password2": "ann"})

    assert 'id="second_wrong"' in refused.content.decode()
    assert not User.objects.get(username="ann").has_usable_password()


def test_a_page_that_was_only_opened_says_nothing_is_wrong(manager):
    page_shown = manager.get(page()).content.decode()

    assert "wrong" not in page_shown[page_shown.index("<main") : page_shown.index("</main")]


def test_who_has_an_account_keeps_it_and_gets_the_role(manager, world):
    before = User.objects.count()
    answer = add(manager, name=world.outsider.username, email="", role="investigator", site="")

    assert answer.status_code == 302
    assert world.outsider.memberships.filter(study=world.study, role="investigator", site=None).exists()
    assert (User.objects.count(), Invitation.objects.count()) == (before, 0)


def test_adding_twice_adds_once(manager):
    for _ in range(2):
        assert add(manager).status_code == 302

    assert (Membership.objects.filter(user__username="ann").count(), Invitation.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"name": "a b"}, "name", "A sign-in name has letters"),
        ({"name": ""}, "name", "This field is required."),
        ({"name": "x" * 151}, "name", "at most 150 characters"),
        ({"name": "\x00"}, "name", "Null characters"),
        ({"email": "nowhere"}, "email", "This is no e-mail address."),
        ({"email": ""}, "email", "A new account needs an e-mail address."),
        ({"email": "demo.nurse@example.org"}, "email", "This address is that of demo.nurse"),
        ({"name": "demo.nurse"}, "email", "There is an account of this name with another address"),
        ({"name": "demo.data", "email": ""}, "name", "Nobody gives a role to themselves"),
        ({"role": "king"}, "role", "Select a valid choice."),
        ({"site": "MARS"}, "site", "Select a valid choice."),
        ({"site": ""}, "site", "A nurse is of one site: say of which."),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(manager, world, typed, field, sentence):
    with acting(by="test", reason="an address"):
        User.objects.filter(pk=world.nurse.pk).update(email="demo.nurse@example.org")
    before = (User.objects.count(), Membership.objects.count())

    answer = add(manager, **typed)

    text = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in text[text.index(f'id="person_{field}_wrong"') :].replace("&#x27;", "'")
    assert (User.objects.count(), Membership.objects.count(), Invitation.objects.count()) == (*before, 0)


def test_nobody_comes_back_through_a_closed_account(manager, world):
    with acting(by="test", reason="left"):
        User.objects.filter(pk=world.outsider.pk).update(is_active=False)

    assert "This account is closed" in add(manager, name=world.outsider.username, email="").content.decode()


def test_an_address_that_was_wrong_is_put_right_until_the_account_is_taken_up(manager, client, world):
    add(manager, email="wrong@example.org")
    assert add(manager, email="right@example.org").status_code == 302
    link = link_in_mail("right@example.org")

    address = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(address, {"new_password1": "a long password of ann", "new_password2": "a long password of ann"})
    manager.force_login(world.data_manager)
    assert "account of this name with another address" in add(manager, email="third@example.org").content.decode()


def test_another_study_cannot_take_an_invitation_over(manager, client, world):
    add(manager)
    away = build_world("AWAY")
    client.force_login(away.data_manager)

    typed = {"add": "", "name": "ann", "email": "thief@example.org", "role": "nurse", "site": "AWAY-TPE"}
    assert client.post(reverse("setup-people", args=["AWAY"]), typed).status_code == 400
    assert User.objects.get(username="ann").email == "ann@example.org"


# --- Many -------------------------------------------------------------------------------------------------------


def test_nine_people_by_a_file_after_its_dry_run(manager):
    tried = load(manager, NINE).content.decode()
    assert tried.count("new account, invited by mail") == 9
    assert (User.objects.filter(username="ann").exists(), Invitation.objects.count()) == (False, 0)

    assert load(manager, NINE, sure=True).status_code == 302
    assert Invitation.objects.count() == 9
    assert load(manager, NINE).content.decode().count("is here already") == 9
    assert load(manager, NINE, sure=True).status_code == 302
    assert Invitation.objects.count() == 9


@pytest.mark.long
def test_one_person_in_two_lines_is_one_person(manager):
    text = HEADER + "ann,ann@example.org,nurse,DEMO-TPE\nAnn,ann@example.org,nurse,DEMO-PAR\n"

    load(manager, text, sure=True)
    assert (User.objects.filter(username__iexact="ann").count(), Invitation.objects.count()) == (1, 1)
    assert Membership.objects.filter(user__username="ann").count() == 2


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("bo,bo@example.org,king,", "Line 3, role: No such role."),
        ("bo,bo@example.org,investigator,MARS", "Line 3, site: No such site."),
        ("bo,ann@example.org,investigator,", "Line 3, email: This address is that of ann"),
        ("ann,other@example.org,investigator,", "Line 3, email: Two lines give this person two addresses."),
        (",bo@example.org,investigator,", "Line 3, name: A sign-in name has letters"),
        ("bo,,investigator,", "Line 3, email: A new account needs an e-mail address."),
    ],
)
def test_a_wrong_line_is_named_and_nobody_comes(manager, line, sentence):
    text = HEADER + "ann,ann@example.org,nurse,DEMO-TPE\n" + line + "\n"
    for sure in (False, True):
        answer = load(manager, text, sure=sure)
        assert answer.status_code == 400
        assert sentence in answer.content.decode()
    assert not User.objects.filter(username="ann").exists()


# --- Again, and out again -----------------------------------------------------------------------------------------


def test_an_invitation_is_sent_again_once_an_hour(manager, world):
    add(manager)
    ann = User.objects.get(username="ann")
    Invitation.objects.update(key="invitation of an hour ago")

    assert [manager.post(page("setup-invite", ann.pk)).status_code for _ in range(2)] == [302, 302]
    assert Invitation.objects.count() == 2
    assert manager.post(page("setup-invite", world.nurse.pk)).status_code == 404  # has her password


def test_a_membership_ends_with_a_reason_and_another_may_follow(manager, world):
    [mine] = world.nurse.memberships.all()
    assert "Say why it is changed." in manager.post(page("setup-end", mine.pk), {"reason": " "}).content.decode()
    mine.refresh_from_db()
    assert mine.ended_at is None

    assert manager.post(page("setup-end", mine.pk), {"reason": "left the ward"}).status_code == 302
    mine.refresh_from_db()
    assert mine.ended_at is not None
    assert manager.post(page("setup-end", mine.pk), {"reason": "again"}).status_code == 404
    assert add(manager, name="demo.nurse", email="", site="DEMO-PAR").status_code == 302


def test_nobody_ends_a_role_of_their_own(manager, world):
    [mine] = world.data_manager.memberships.all()

    assert manager.post(page("setup-end", mine.pk), {"reason": "tired"}).status_code == 400
    mine.refresh_from_db()
    assert mine.ended_at is None


WHO = {"nurse": 404, "charge_nurse": 403, "investigator": 403, "data_manager": 200, "sponsor": 404, "outsider": 404}


def test_who_sees_the_people_of_a_study(client, world):
    seen = {}
    for who in WHO:
        client.force_login(getattr(world, who))
        seen[who] = client.get(page()).status_code
    assert seen == WHO


def test_a_data_manager_of_another_study_ends_nothing_here(client, world):
    client.force_login(build_world("AWAY").data_manager)
    [member] = world.nurse.memberships.all()

    assert client.post(page("setup-end", member.pk), {"reason": "x"}).status_code == 404
    assert client.post(reverse("setup-end", args=["AWAY", member.pk]), {"reason": "x"}).status_code == 404
