"""Issue 13, section 4: what the ICE asks of a site, on the page of the site, and what a participant's says without."""

import pytest

from crsmonitor.audit.acting import acting
from regimens.models import Site
from tests.bedside.posted import text_of, url
from tests.builders import kept, stay
from tests.setup.test_pages import page

pytestmark = pytest.mark.django_db

ADDRESS = "/setup/DEMO/sites/DEMO-TPE/"
SITE = {"code": "DEMO-TPE", "name": "Taipei", "country": "TWN", "time_zone": "Asia/Taipei", "reason": "for the ICE"}
ICE = {"city": "臺北市, Taipei", "hospital": "示範醫院", "language": "zh-hant"}
MISSING = "not in the site's record"


@pytest.fixture
def bare(world):
    with acting(by="test", reason="nobody knows it yet"):
        Site.objects.filter(pk=world.site.pk).update(city="", hospital="", language="")
    kept(stay(world), world)
    return world


def test_its_page_asks_for_city_hospital_and_language_and_names_the_objects(client, bare):
    shown = page(client, bare.data_manager, ADDRESS).content.decode()
    for words in ('name="city"', 'name="hospital"', 'name="language"', "pen, watch, key", "筆"):
        assert words in shown, words
    assert (
        "not on record: what the ICE asks for here"
        in page(client, bare.data_manager, "/setup/DEMO/sites/").content.decode()
    )

    assert page(client, bare.data_manager, ADDRESS, **SITE | ICE).status_code == 302

    site = Site.objects.get(pk=bare.site.pk)
    assert (site.city, site.hospital, site.language) == tuple(ICE.values())


@pytest.mark.parametrize("name", ICE)
def test_each_that_is_missing_is_refused_at_its_field(client, bare, name):
    answer = page(client, bare.data_manager, ADDRESS, **SITE | ICE | {name: ""})

    assert answer.status_code == 400
    assert {field: list(errors) for field, errors in answer.context["form"].errors.items()} == {
        name: [
            {
                "city": "The ICE asks in which city we are: write it as participants say it here.",
                "hospital": "The ICE asks in which hospital we are: write it as participants say it here.",
                "language": "The ICE is asked in a language: choose that of most participants here.",
            }[name]
        ]
    }


def test_a_participant_is_asked_all_the_same_and_the_page_says_which_answers_are_not_known(client, bare):
    client.force_login(bare.nurse)
    without = text_of(client.get(url(bare, "neuro")))
    assert without.count(MISSING) == 2  # city and hospital; the objects are the bank's
    assert "What city are we in?" in without  # in English where no language is known
    assert "Show: pen, watch, key" in without

    page(client, bare.data_manager, ADDRESS, **SITE | ICE)

    client.force_login(bare.nurse)
    after = text_of(client.get(url(bare, "neuro")))
    assert MISSING not in after
    assert "臺北市, Taipei" in after
