"""Keys of programs: bound to a study and to what of it may be told, held by nobody, and in the trail step by step."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from django.utils.encoding import force_str

from crsmonitor.accounts.models import ApiToken, User
from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from crsmonitor.errors import Forbidden, InvalidInput, NotFound
from grading.exports.keys.services import Binding, issue, revoke
from grading.exports.rows import rows_of, scope_for, scope_of_key
from grading.exports.trail import record_unblinding
from regimens.blinding import Profile
from regimens.models import Membership, Participant, Study
from tests.builders import build_world, dose, kept, person

pytestmark = pytest.mark.django_db
ALL_OF_ADCRSP = {"sites": None, "datasets": ["adcrsp"], "profile": Profile.DOSES}
DICTIONARY = "/api/v1/studies/{}/datasets/adcrsp/dictionary/"


@pytest.fixture
def world(world):
    """Its data manager is one of the whole study."""
    with acting(by="test", reason="of the whole study"):
        world.data_manager = person("whole.data", world.study, Role.DATA_MANAGER)
    return world


def made(world, *, by=None, name="edc", days=30, at=None, **bound) -> str:
    binding = Binding(**ALL_OF_ADCRSP | bound)
    return issue(world.study, name=name, binding=binding, days=days, by=by or world.data_manager,
                 at=at or timezone.now())  # fmt: skip


def status(key, *, code="DEMO", address="192.0.2.8", path=DICTIONARY, **headers):
    headers = headers or {"authorization": f"Token {key}"}
    return Client(headers=headers).get(path.format(code), REMOTE_ADDR=address).status_code


def newest() -> ApiToken:
    return ApiToken.objects.latest("pk")


def test_a_key_opens_its_study_and_no_other_and_nothing_but_exports(world):
    build_world("OTHER")
    key = made(world)

    assert (status(key), status(key, **{"api-key": key})) == (200, 200)
    assert (status(key, code="OTHER"), status(key, code="NONE")) == (404, 404)
    assert status(key, path="/api/v1/participants/") == 403  # the key is for exports
    token = newest()
    assert (token.scopes, token.user.is_machine, token.issued_by) == (["export"], True, world.data_manager)
    assert key not in str(AuditEvent.objects.values_list("after", flat=True))


def test_a_key_opens_its_data_sets_alone(world):
    assert status(made(world, datasets=["adsl"])) == 404


def test_a_key_is_told_of_its_sites_alone(world):
    with acting(by="test", reason="a second site"):
        there = Participant.objects.create(
            study=world.study, site=world.other_site, number="DEMO-002", regimen=world.regimen
        )
    kept(dose(world), world)
    kept(dose(world, participant=there), world, by=world.outsider)

    def sites_told(sites):
        made(world, sites=sites)
        with connection.cursor() as cursor, cursor.copy(rows_of(scope_of_key(newest()), timezone.now())) as copy:
            return [line.split(",")[3] for line in b"".join(map(bytes, copy)).decode().splitlines()[1:]]

    assert sites_told((world.other_site.pk,)) == ["DEMO-PAR"]
    assert sorted(sites_told(None)) == ["DEMO-PAR", "DEMO-TPE"]


@pytest.mark.parametrize(("networks", "address", "answer"), [
    ([], "198.51.100.1", 200), (["192.0.2.0/24"], "192.0.2.8", 200), (["192.0.2.0/24"], "198.51.100.1", 401),
    (["2001:db8::/32", "192.0.2.8/32"], "192.0.2.8", 200), (["2001:db8::/32"], "192.0.2.8", 401),
    (["192.0.2.0/24"], "", 401),
])  # fmt: skip
def test_a_key_comes_from_its_networks_alone(world, networks, address, answer):
    assert status(made(world, networks=networks), address=address) == answer


def test_a_key_ends(world):
    assert status(made(world, days=1, at=timezone.now() - timedelta(hours=25))) == 401
    key = made(world)
    revoke(world.study, newest().pk, by=world.data_manager, at=timezone.now())
    assert status(key) == 401
    with pytest.raises(NotFound):
        revoke(world.study, newest().pk, by=world.data_manager, at=timezone.now())


def test_the_profile_is_the_keys_and_a_study_that_is_blinded_later_blinds_it(world):
    made(world)
    told_doses = newest()
    made(world, profile=Profile.BLINDED)
    assert [scope_of_key(one).profile for one in (told_doses, newest())] == [Profile.DOSES, Profile.BLINDED]
    made(world, profile=Profile.DMC)
    committee = newest()

    with acting(by="test", reason="protocol"):
        world.study.blinded = True
        world.study.save()
    told_doses.refresh_from_db()
    committee.refresh_from_db()
    assert [scope_of_key(one).profile for one in (told_doses, committee)] == [Profile.BLINDED, Profile.DMC]
    with pytest.raises(InvalidInput):
        made(world, profile=Profile.DOSES)


@pytest.mark.parametrize("wrong", [
    {"sites": ()}, {"sites": (0,)}, {"datasets": []}, {"datasets": ["secrets"]}, {"profile": Profile.OPEN},
    {"days": 0}, {"days": 366},
])  # fmt: skip
def test_what_no_key_is_made_for(world, wrong):
    with pytest.raises(InvalidInput):
        made(world, **wrong)
    assert not ApiToken.objects.exists()


def test_who_makes_keys_and_of_which_sites(world):
    with acting(by="test", reason="people"):
        here = person("here.data", world.study, Role.DATA_MANAGER, world.site)
        operator = User.objects.create_user("operator", is_staff=True)
    for who in (world.nurse, world.investigator, world.sponsor, build_world("OTHER").data_manager):
        with pytest.raises(Forbidden):
            made(world, by=who)
    for sites in (None, (world.other_site.pk,)):
        with pytest.raises(InvalidInput):
            made(world, by=here, sites=sites)
    assert made(world, by=here, sites=(world.site.pk,))
    assert made(world, by=operator)


def test_a_program_is_nobody(world):
    made(world)
    made(world)  # with the same name: the same account
    machine = User.objects.get(is_machine=True)

    assert machine.username == "machine.DEMO.edc"
    with pytest.raises(NotFound):
        scope_for(machine, "DEMO")  # without its key it is a stranger
    refused = [
        lambda: Membership.objects.create(user=machine, study=world.study, role="sponsor"),
        lambda: User.objects.filter(pk=machine.pk).update(password="pbkdf2_sha256$1$x$y"),
        lambda: User.objects.filter(pk=machine.pk).update(is_staff=True),
        lambda: ApiToken.objects.update(scopes=["export", "read"]),
    ]
    for change in refused:
        with pytest.raises(IntegrityError), transaction.atomic(), acting(by="test", reason="a try"):
            change()


def test_making_using_from_elsewhere_and_revoking_are_in_the_trail_of_the_study(world):
    key = made(world)
    for address in ("192.0.2.8", "192.0.2.8", "198.51.100.1", "192.0.2.8"):
        assert status(key, address=address) == 200
    revoke(world.study, newest().pk, by=world.data_manager, at=timezone.now())

    events = AuditEvent.objects.filter(action="EVENT", subject=f"study:{world.study.pk}").order_by("id")
    assert [(one.table_name, one.after.get("address")) for one in events] == [
        ("key_made", None), ("key_used_from_new_address", "192.0.2.8"), ("key_used_from_new_address", "198.51.100.1"),
        ("key_revoked", None),
    ]  # fmt: skip


# --- The page -----------------------------------------------------------------------------------------------------


def at_page(user) -> Client:
    client = Client()
    client.force_login(user)
    client.post("/accounts/reauthenticate/", {"password": f"{user.username}-password"})
    return client


@pytest.mark.long
def test_a_key_is_made_on_the_page_shown_once_and_revoked(world):
    client, page = at_page(world.data_manager), "/exports/DEMO/keys/"
    typed = {"name": "edc", "datasets": ["adcrsp"], "sites": ["*"], "profile": "blinded", "networks": "192.0.2.8",
             "days": 30}  # fmt: skip
    for wrong in ({"networks": "here"}, {"sites": []}, {"datasets": []}, {"days": 366}, {"profile": "open"},
                  {"name": "Ä"}):  # fmt: skip
        assert client.post(page, typed | wrong).status_code == 400
    assert not ApiToken.objects.exists()

    key = client.post(page, typed).context["key"]

    assert (status(key), newest().networks) == (200, ["192.0.2.8/32"])
    with acting(by="test", reason="protocol"):
        Study.objects.update(blinded=True)
    record_unblinding(Study.objects.get(), Profile.DMC, by=world.sponsor, what="adex")
    again = force_str(client.get(page).content)
    assert "192.0.2.8" in again.partition("used last")[2]  # each address that it came from
    assert f"{world.sponsor.username} · adex" in again
    assert "edc" in again
    assert key not in again
    assert client.post(page, {"revoke": newest().pk}).status_code == 302
    assert status(key) == 401


@pytest.mark.parametrize(("who", "answer"), [("nurse", 404), ("sponsor", 404), ("investigator", 403)])
def test_nobody_else_finds_the_page(world, who, answer):
    assert at_page(getattr(world, who)).get("/exports/DEMO/keys/").status_code == answer
    stranger = build_world("OTHER").data_manager
    assert at_page(stranger).get("/exports/DEMO/keys/").status_code == 404
