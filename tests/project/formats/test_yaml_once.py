"""A file that a person wrote: what is wrong with its YAML is a code at its line, never the parser's own English."""

import pytest

from crsmonitor.error_words import text_of
from crsmonitor.formats.yaml_once import UnreadableYAML, parse_yaml


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("a: 1\n\tb: 2", "line 2", "yaml_tab"),
        ("a: b: c", "line 1", "yaml_colon"),
        ("a: 1\nb\nc: 2", "line 3", "yaml_no_colon"),
        ("a: [1 2", "line 1", "yaml_bracket"),
        ("a: {b: 1", "line 1", "yaml_bracket"),
        ('a: "x', "line 1", "yaml_quote"),
        ("a:\n  - 1\n b: 2", "line 3", "yaml_indentation"),
        ("a: *b", "line 1", "yaml_alias"),
        ("a: !!python/object/apply:os.system [true]", "line 1", "yaml_tag"),
        ("a: 1\na: 2", "line 2", "yaml_given_twice"),
        ("a: 2026-13-45", "file", "yaml_syntax"),
        ("? [a]\n: 1", "line 1", "yaml_syntax"),
    ],
)
def test_each_slip_has_its_code_and_its_line(text, place, code):
    with pytest.raises(UnreadableYAML) as refused:
        parse_yaml(text)

    assert (refused.value.place, refused.value.message.code) == (place, code)
    assert text_of(refused.value.message) != code
