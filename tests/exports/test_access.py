"""Who gets which rows: by page and by API."""

import hashlib
from datetime import timedelta

import psycopg
import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from crsmonitor import __version__
from crsmonitor.accounts.models import ApiToken
from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from crsmonitor.operating import release
from grading.exports.rows import rows_of, scope_for
from grading.exports.writers import Download
from regimens.models import Participant
from tests.builders import build_world, dose, kept, person
from tests.stages import stage

URL = "/api/v1/studies/DEMO/datasets/adcrsp/"
pytestmark = pytest.mark.django_db
streams = pytest.mark.django_db(transaction=True)  # rows leave over a connection of their own


@stage(lasts_s=600)
def two_sites(world):
    """A dosed participant at each site."""
    with acting(by="test", reason="a second site"):
        there = Participant.objects.create(
            study=world.study, site=world.other_site, number="DEMO-002", regimen=world.regimen
        )
    kept(dose(world), world)
    kept(dose(world, participant=there), world, by=world.outsider)
    return world


def client_of(user, **changes):
    now = timezone.now()
    with acting(by="test", reason="a token"):
        token, key = ApiToken.issue(user=user, label="test", at=now, expires_at=now + timedelta(days=1))
        if changes:
            ApiToken.objects.filter(pk=token.pk).update(**changes)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {key}")
    return client


def sites_in(answer):
    assert answer.status_code == 200
    return sorted({line.split(",")[3] for line in answer.getvalue().decode().splitlines()[1:]})


@pytest.mark.req("R02")
@pytest.mark.parametrize(
    ("who", "status"),
    [("sponsor", 200), ("investigator", 200), ("data_manager", 200), ("nurse", 403), ("charge_nurse", 403)],
)
@pytest.mark.parametrize("url", [URL, f"{URL}dictionary/"])
@streams
def test_by_role(two_sites, who, status, url):
    answer = client_of(getattr(two_sites, who)).get(url)
    answer.getvalue()

    assert answer.status_code == status


@streams
def test_the_rows_say_which_program_made_them(two_sites):
    answer = client_of(two_sites.sponsor).get(URL)
    answer.getvalue()

    assert answer["X-Program-Version"] == f"crsmonitor {__version__}"
    assert answer["X-Program-Commit"] == release.commit()


@pytest.mark.parametrize("url", [URL, f"{URL}dictionary/"])
def test_a_stranger_and_a_missing_study_get_the_same_404(two_sites, url):
    stranger = client_of(build_world("OTHER").sponsor)

    refused, missing = stranger.get(url), stranger.get(url.replace("DEMO", "NONE"))

    assert refused.status_code == missing.status_code == 404
    assert refused.json() == missing.json()
    assert refused["Content-Type"] == "application/problem+json"


def test_no_token_is_401(two_sites):
    assert APIClient().get(URL).status_code == 401


@pytest.mark.parametrize("change", [{"expires_at": timezone.now()}, {"revoked_at": timezone.now()}])
def test_an_expired_or_revoked_token_is_401(two_sites, change):
    assert client_of(two_sites.sponsor, **change).get(URL).status_code == 401


def test_an_inactive_user_is_401(two_sites):
    client = client_of(two_sites.sponsor)
    two_sites.sponsor.is_active = False
    with acting(by="test", reason="left"):
        two_sites.sponsor.save()

    assert client.get(URL).status_code == 401


@streams
def test_a_sponsor_gets_all_sites(two_sites):
    assert sites_in(client_of(two_sites.sponsor).get(URL)) == ["DEMO-PAR", "DEMO-TPE"]


@pytest.mark.parametrize("role", [Role.INVESTIGATOR, Role.DATA_MANAGER])
@streams
def test_others_get_their_own_site(two_sites, role):
    with acting(by="test", reason="a person"):
        here = person("here", two_sites.study, role, two_sites.other_site)

    assert sites_in(client_of(here).get(URL)) == ["DEMO-PAR"]


@streams
def test_a_client_may_ask_for_csv_and_gets_refusals_as_problems(two_sites):
    accepting = {"HTTP_ACCEPT": "text/csv"}

    assert sites_in(client_of(two_sites.sponsor).get(URL, **accepting)) == ["DEMO-PAR", "DEMO-TPE"]
    assert client_of(two_sites.nurse).get(URL, **accepting).json()["status"] == 403


@pytest.mark.long
@streams
def test_one_export_of_a_user_at_a_time(two_sites):
    running = Download(rows_of(scope_for(two_sites.sponsor, "DEMO"), timezone.now()), user_id=two_sites.sponsor.pk)
    try:
        assert client_of(two_sites.sponsor).get(URL).status_code == 429
    finally:
        running.close()
    assert sites_in(client_of(two_sites.sponsor).get(URL)) == ["DEMO-PAR", "DEMO-TPE"]


@pytest.mark.parametrize("cut", ["2999-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-03-02T09:00:00", "soon"])
def test_a_cut_that_cannot_be_honoured_is_refused(two_sites, cut):
    answer = client_of(two_sites.sponsor).get(URL, {"cut": cut})

    assert answer.status_code == 400
    assert "cut" in answer.json()["errors"]


def test_an_unknown_variant_is_refused(two_sites):
    assert client_of(two_sites.sponsor).get(URL, {"format_variant": "xml"}).status_code == 400


@streams
def test_the_page_streams_the_same_bytes_as_the_api(two_sites, client):
    client.force_login(two_sites.sponsor)
    query = {"cut": "2026-03-02T10:00:00Z"}

    page = client.get("/exports/DEMO/adcrsp.csv", query)
    by_page = page.getvalue()

    assert by_page == client_of(two_sites.sponsor).get(URL, query).getvalue()
    assert page["Content-Disposition"] == 'attachment; filename="adcrsp-DEMO-20260302T100000Z.csv"'


def test_the_page_lists_what_may_be_exported(two_sites, client):
    client.force_login(two_sites.sponsor)

    assert "/exports/DEMO/adcrsp.csv" in client.get("/exports/").content.decode()


def test_a_nurse_finds_no_study_on_the_page(two_sites, client):
    client.force_login(two_sites.nurse)

    assert "adcrsp.csv" not in client.get("/exports/").content.decode()
    assert client.get("/exports/DEMO/adcrsp.csv").status_code == 403
    assert 'href="/exports/"' not in client.get("/").content.decode()
    client.force_login(two_sites.sponsor)
    assert 'href="/exports/"' in client.get("/exports/").content.decode()


def test_a_parameter_that_no_export_knows_is_refused_on_the_page_too(two_sites, client):
    """`since` would be believed, and all rows taken for the new ones."""
    client.force_login(two_sites.sponsor)

    answer = client.get("/exports/DEMO/adcrsp.csv", {"since": "2026-03-01"})

    assert answer.status_code == 400
    assert "since" in answer.content.decode()


@streams
def test_a_download_frees_its_connection_at_the_end(two_sites, client):
    client.force_login(two_sites.sponsor)

    # The second would be refused, were the first one's connection still open.
    assert [client.get("/exports/DEMO/adcrsp.csv").getvalue().count(b"\n") for _ in range(2)] == [3, 3]


@streams
def test_a_reader_who_goes_away_frees_the_connection(two_sites):
    query = rows_of(scope_for(two_sites.sponsor, "DEMO"), timezone.now())
    left = Download(query, user_id=two_sites.sponsor.pk)
    next(iter(left))

    left.close()

    assert left.turn.connection.closed


@streams
def test_the_variant_for_a_spreadsheet_begins_with_the_mark_of_utf_8_and_no_other_does(two_sites):
    client = client_of(two_sites.sponsor)

    assert client.get(URL, {"format_variant": "excel"}).getvalue().startswith(b"\xef\xbb\xbfSTUDYID,")
    assert client.get(URL).getvalue().startswith(b"STUDYID,")


@pytest.mark.parametrize("address", [URL, "/exports/DEMO/adcrsp.csv"])
@streams
def test_without_a_free_connection_it_is_busy_and_not_broken(two_sites, client, superuser, settings, address):
    client.force_login(two_sites.sponsor)
    database = psycopg.sql.Identifier(settings.DATABASES["default"]["NAME"])
    limit = psycopg.sql.SQL("ALTER DATABASE {} CONNECTION LIMIT {}")
    client.get("/exports/")  # the session's own connection is there
    superuser.execute(limit.format(database, psycopg.sql.Literal(1)))
    try:
        answer = client.get(address)
    finally:
        superuser.execute(limit.format(database, psycopg.sql.Literal(-1)))

    assert (answer.status_code, answer["retry-after"]) == (503, "3")


# --- The trail ----------------------------------------------------------------------------------------------


def pulls():
    events = AuditEvent.objects.filter(action="EVENT", table_name__startswith="export_").order_by("id")
    return [(event.table_name, event.actor.rpartition(":")[2], event.subject, event.after) for event in events]


@pytest.mark.req("R11")
@pytest.mark.parametrize("by_token", [True, False])
@streams
def test_every_pull_is_in_the_trail_with_its_profile_and_its_hash(two_sites, client, by_token):
    """Case A5: neither by page nor by token."""
    study = f"study:{two_sites.study.pk}"
    client.force_login(two_sites.sponsor)
    answer = client_of(two_sites.sponsor).get(URL) if by_token else client.get("/exports/DEMO/adcrsp.csv")
    content = answer.getvalue()
    answer.close()

    (begun, *by_begun, first), (ended, *by_ended, second) = pulls()
    assert (begun, ended) == ("export_begun", "export_ended")
    assert by_begun == by_ended == ["demo.sponsor", study]
    assert (first["dataset"], first["profile"], first["by_token"]) == ("adcrsp", "doses", by_token)
    assert second.items() >= first.items()
    assert second["sha256"] == hashlib.sha256(content).hexdigest()
    assert (second["complete"], second["bytes"]) == (True, len(content))


@streams
def test_one_that_was_broken_off_says_so(two_sites):
    answer = client_of(two_sites.sponsor).get(URL)
    next(iter(answer.streaming_content))
    answer.close()

    assert [(kind, details.get("complete")) for kind, *_by, details in pulls()] == [
        ("export_begun", None), ("export_ended", False)]  # fmt: skip


def test_one_that_was_refused_leaves_no_event(two_sites):
    assert client_of(two_sites.nurse).get(URL).status_code == 403
    assert client_of(two_sites.sponsor).get(f"{URL}?cut=tomorrow").status_code == 400

    assert pulls() == []
