"""What is searched for in a text is found in what people read there, never in an id."""

import pytest

from tests.pages import undrawn

TOKEN = "38bed7B" * 9 + "1"


@pytest.mark.parametrize(
    "text",
    [
        "/alerts/01938bed-7b38-7bed-8bed-38bed7b38bed/",
        '{"sha256": "%s"}' % ("38bed7b0" * 8),
        f'<input type="hidden" name="csrfmiddlewaretoken" value="{TOKEN}">',
        f"""hx-headers='{{"X-CSRFToken": "{TOKEN}"}}'""",
        "at 2026-03-02T13:00:38.638600+00:00",
        "?cut=2026-03-02T13%3A00%3A38.638600%2B00%3A00",
        "at 1796079638.638",
        'boundary="===============7338638638638638638=="',
    ],
)
def test_what_is_drawn_at_random_goes(text):
    assert not any(short in undrawn(text).lower() for short in ("bed", "38", "7b"))
    assert len(undrawn(text)) > 1


@pytest.mark.parametrize("text", ["Bed 12, 38.6 C", "DEMO-001, ward 7B", "2026-03-02 13:38", "bed" * 10, "1001"])
def test_what_people_read_stays(text):
    assert undrawn(text) == text
