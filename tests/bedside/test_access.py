"""Who may see which page of the ward."""

import pytest
from django.urls import reverse

from grading.models import VitalSigns
from tests.bedside.posted import text_of, typed, url

pytestmark = pytest.mark.django_db
PAGES = ("participant", "vitals", "neuro", "treatment", "dose", "dose-end", "stay")
ENTRY = PAGES[1:]


@pytest.mark.parametrize("name", ["board", *PAGES])
def test_no_page_answers_without_a_sign_in(client, dosed, name):
    address = reverse(name) if name == "board" else url(dosed, name)
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("login"))


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_finds_nothing(client, dosed, name):
    client.force_login(dosed.outsider)
    assert client.get(url(dosed, name)).status_code == 404


@pytest.mark.parametrize("name", ENTRY)
def test_a_stranger_records_nothing(client, dosed, name):
    client.force_login(dosed.outsider)
    assert client.post(url(dosed, name), typed()).status_code == 404
    assert not VitalSigns.objects.exists()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["nurse", "charge_nurse", "investigator"])
def test_the_ward_sees_every_page(client, dosed, who, name):
    client.force_login(getattr(dosed, who))
    assert client.get(url(dosed, name)).status_code == 200


@pytest.mark.req("R06")
@pytest.mark.parametrize("name", PAGES)
def test_a_sponsor_has_no_ward(client, dosed, name):
    client.force_login(dosed.sponsor)
    assert client.get(url(dosed, name)).status_code == 403


def test_a_sponsor_is_sent_to_the_exports(client, dosed):
    client.force_login(dosed.sponsor)
    assert client.get(reverse("board"))["Location"] == reverse("exports")


def test_a_data_manager_reads_and_does_not_record(client, dosed):
    client.force_login(dosed.data_manager)
    page = client.get(url(dosed, "participant"))
    assert page.status_code == 200
    assert url(dosed, "vitals") not in text_of(page)
    assert client.get(url(dosed, "vitals")).status_code == 403


def test_the_board_shows_only_ones_own_site(client, dosed):
    client.force_login(dosed.outsider)
    assert "DEMO-001" not in text_of(client.get(reverse("board")))
