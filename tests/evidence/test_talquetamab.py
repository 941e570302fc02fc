"""What 2 of 50 supports, on the page of a simulated trial at talquetamab's published rates, in both languages."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from grading.exports.packet.known_at import known_at
from grading.simulation.trial import INVESTIGATOR
from regimens.models import Study
from tests.exports.packet.test_published_table import talquetamab_packet  # noqa: F401  # the stage
from tests.pages import as_read

pytestmark = [pytest.mark.django_db, pytest.mark.long]
# adaptive.md: fifty people with 2 events support "below 10 %" (0.93) and not "below 5 %" (0.59).
SENTENCES = {
    "en": [
        "2 of 50 with CRS of any grade: the counts alone do not support “below 5 %” (probability 0.59)",
        "they support “below 10 %” (probability 0.93)",
    ],
    "zh-hant": ["不支持「低於 5 %」", "0.59", "支持「低於 10 %」", "0.93"],
}


def test_what_two_of_fifty_supports_is_said_on_the_page(talquetamab_packet):  # noqa: F811
    study = Study.objects.get(code="TALQ")
    client = Client()
    client.force_login(study.memberships.get(user__username=INVESTIGATOR).user)
    pages = {}
    with known_at(study, timezone.now()):  # who works in the study was taken in just now
        for language in SENTENCES:
            client.cookies["django_language"] = language
            answer = client.get("/evidence/TALQ/")
            pages[language] = as_read(answer.content.decode())
    counts = [(one.any.given, one.any.known, one.any.event, one.grade2.event) for one in answer.context["page"].rows]

    assert counts[3] == (50, 50, 2, 0)
    assert len(counts) == 4
    for language, parts in SENTENCES.items():
        assert [part for part in parts if part not in pages[language]] == []
    assert re.search(r"[Oo]utpatient[^<]*model-free", pages["en"])
