"""A page in Chinese has the marks of Chinese; ": " and ", " between Chinese words come from a template or a code."""

import re

import pytest
from django.urls import reverse

from tests.bedside.posted import text_of, typed, url

pytestmark = pytest.mark.django_db
HAN = "[\u4e00-\u9fff]"
HALF_WIDTH = re.compile(rf"{HAN}(?:</[a-z]+>)?[:,;](?: |$)|{HAN} ?\({HAN}")


def half_width(page) -> list[str]:
    """Where a mark of English stands between Chinese words, with what is around it; not in scripts or attributes."""
    [main] = re.findall(r"<main.*</main>", text_of(page), re.S)
    text = re.sub(r"<script.*?</script>|<svg.*?</svg>", "", main, flags=re.S)
    text = re.sub(r"<[^>]+>", "", text)
    return [text[max(0, m.start() - 15) : m.end() + 15] for m in HALF_WIDTH.finditer(text)]


@pytest.fixture
def ill(nurse, dosed):
    nurse.post(url(dosed, "vitals"), typed(temperature_c="", confirm_number="001"))
    nurse.post(url(dosed, "vitals"), typed())
    nurse.cookies["django_language"] = "zh-hant"
    return nurse


@pytest.mark.req("R08")
@pytest.mark.parametrize("name", ["participant", "vitals", "neuro", "treatment", "dose", "gate", "window", "drugs"])
def test_the_pages_of_a_participant(ill, dosed, name):
    assert half_width(ill.get(url(dosed, name))) == []


def test_the_board_and_the_alerts(ill, dosed):
    alerts = dosed.participant.alerts.all()
    for address in (reverse("board"), reverse("alerts"), *(reverse("alert", args=[one.pk]) for one in alerts)):
        assert half_width(ill.get(address)) == [], address
    assert alerts
