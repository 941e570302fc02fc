"""What a page says in Chinese holds no English: no phrase of ours, and no step by its English name.

Left out: what is in English by intent. The texts of labels in the library, the appendix of a protocol; ICE, which is
asked in the participant's language; titles that a study gave; names and units; what somebody wrote, quoted.
"""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.project.pages.test_pages import ENDS_THE_SESSION, PAGES, address_of, closed, furnished, people, there  # noqa: F401

ENGLISH_BY_INTENT = {"regimens/library/<str:name>/", "regimens/<int:pk>/protocol/", "participants/<int:pk>/neuro/"}
NAMES = (  # of studies, files, drugs, and of devices that are called by both names
    "Demo trial", "Test policy", r"\w+ (every 2 weeks |weekly |IV )?in (relapsed|extensive|uveal).*",
    "hydroxyethyl starch", "sodium chloride", "fluid bolus", "Face mask", "Nasal cannula", r"Ordspono \(EU.*",
    r"(C1D1 step-up, )?C1D8", r"design \d+, parameters sha256:\w+",
)  # fmt: skip
PHRASE = re.compile(r"[A-Za-z]{3,} [a-z]{2,}")
STEP = re.compile(r"\b(step-up \d|full dose \d|c\d+d\d+ step-up|first full dose)", re.IGNORECASE)
# q: what somebody wrote; and texts of a regimen's document, which say of themselves that they are English
NO_TEXT = re.compile(r"<(script|style|template|q)\b.*?</\1>|<td lang=\"en\">.*?</td>", re.DOTALL)
SPOKEN = re.compile(r'(?<![\w-])(?:aria-label|title|placeholder|alt)="([^"]*)"')


def english_in(page: str) -> list[str]:
    """Lines with two English words in a row, but for names; and steps that are called in English."""
    text = NO_TEXT.sub(" ", page)
    lines = [html.unescape(one).strip() for one in [*SPOKEN.findall(text), *re.sub(r"<[^>]*>", "\n", text).split("\n")]]
    named = re.compile("|".join(NAMES))
    return [line for line in lines if PHRASE.search(named.sub("", line)) or STEP.search(line)]


def test_the_search_finds_a_phrase_and_a_step():
    page = """<p title="Not done">體溫</p><p>Give STEP-UP 2</p><script>var no = "not this one"</script>
    <p>STEP v1：STEP-UP 1、STEP-UP 2</p><b>Tarlatamab in extensive-stage lung cancer</b>
    <i>CRS 3 級</i><i>38.6 °C mmHg</i>"""

    assert english_in(page) == ["Not done", "Give STEP-UP 2", "STEP v1：STEP-UP 1、STEP-UP 2"]


@pytest.mark.long
@pytest.mark.django_db
def test_no_page_of_the_ward_and_of_a_study_says_anything_in_english(furnished):  # noqa: F811
    named, left, waiting = (
        there(furnished),
        {},
        [one for one in PAGES if one not in ENDS_THE_SESSION | ENGLISH_BY_INTENT],
    )
    for who in ("investigator", "data_manager", "nurse"):
        client, again = Client(), []
        user = people(furnished)[who]
        client.post(reverse("login"), {"username": user.username, "password": f"{user.username}-password"})
        client.cookies["django_language"] = "zh-hant"
        for route in waiting:
            answer = client.get(address_of(route, named))
            closed(answer)
            if answer.status_code != 200 or not answer.headers["content-type"].startswith("text/html"):
                again += [route] * (answer.status_code in (403, 404))
            elif lines := english_in(answer.content.decode()):
                left[route] = sorted(set(lines))
        waiting = again

    assert left == {}
