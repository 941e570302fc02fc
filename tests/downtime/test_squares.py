"""A phone that reads the squares on a printed sheet: each opens the form that its part of the sheet is for."""

from urllib.parse import urlsplit

import pypdfium2
import pytest
import zxingcpp
from django.utils import timezone

from grading.downtime import making
from grading.downtime.facts import in_care
from tests.bedside.posted import text_of, url

pytestmark = pytest.mark.django_db

DPI = 150  # a cheap printer's, and no more than a phone sees of it
POINTS = 72  # an inch of PDF


def squares_on(pdf: bytes) -> list[str]:
    """What stands in each, in the order of the sheet, page by page from its top."""
    texts = []
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        codes = zxingcpp.read_barcodes(page.render(scale=DPI / POINTS).to_pil())
        texts += [code.text for code in sorted(codes, key=lambda code: code.position.top_left.y)]
    document.close()
    return texts


@pytest.mark.long
def test_each_square_is_read_back_and_opens_back_entry_of_its_kind(nurse, dosed):
    sheet = making.make(in_care().get(pk=dosed.participant.pk), at=timezone.now())

    squares = squares_on(bytes(sheet.pdf))

    kinds = ["vitals", "neuro", "treatment", "dose"]
    answers = [nurse.get(urlsplit(address).path, follow=True) for address in squares]
    assert [answer.redirect_chain for answer in answers] == [[(f"{url(dosed, kind)}?paper=1", 302)] for kind in kinds]
    assert all('name="from_paper"' in text_of(answer) for answer in answers)
