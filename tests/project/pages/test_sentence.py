"""A sentence of a template may be written over several lines and is read in one."""

import pytest
from django.template import engines


def rendered(text: str, **values: object) -> str:
    return engines["django"].from_string("{% load grading i18n sentence %}" + text).render(values)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{% sentence %}\n  a\n  b\n{% endsentence %}", "ab"),
        ("{% sentence %}\n  a{{ ' ' }}\n  b\n{% endsentence %}", "a b"),
        ("{% sentence %}a b{% endsentence %}", "a b"),
        ("{% sentence %}\n  {% if yes %}\n    a\n  {% else %}\n    b\n  {% endif %}\n  c\n{% endsentence %}", "ac"),
        ("{% sentence %}\n  {% for one in two %}\n    {{ one }}\n  {% endfor %}\n{% endsentence %}", "xy"),
        ("{% sentence %}\n  a\n{% endsentence %}\nb", "a\nb"),
        ('{% sentence %}\n  <b id="1"\n    class="2">\n    c\n  </b>\n{% endsentence %}', '<b id="1" class="2">c</b>'),
        ("{% sentence %}<b{% if yes %}\n id=1{% endif %}\n class=2>\n{% endsentence %}", "<b id=1 class=2>"),
    ],
)
def test_a_line_break_in_a_sentence_counts_for_nothing(text, expected):
    assert rendered(text, yes=True, two=["x", "y"]) == expected


def test_what_somebody_typed_keeps_its_lines():
    assert rendered("{% sentence %}\n  {{ typed }}\n{% endsentence %}", typed="one\ntwo") == "one\ntwo"


@pytest.mark.parametrize(("language", "expected"), [("en", "Bed 3, none"), ("zh-hant", "Bed 3，none")])
def test_marks_are_followed_by_what_the_language_has_behind_them(language, expected):
    from django.utils import translation

    with translation.override(language):
        assert rendered("{% sentence %}\n  Bed 3{% comma %}\n  none\n{% endsentence %}") == expected
