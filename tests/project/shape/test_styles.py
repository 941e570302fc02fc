"""No rule of style asks what much of a page has: with each tap the browser would look at all of that again.

Seen on the page of vital signs: 16 elements styled anew and the whole page laid out, twice a tap, for a box that was
written. What a page is of stands in the class of <html> (templates/base.html).
"""

import re

import pytest

from tests.project.pages.test_scripts import STATIC

# What is small enough: a key of its own, a paragraph of keys, the times of a form, one folded part.
MAY_ASK = {"p", ".tap", ".tap:not(.tap-empty)", ".tap-empty", ".when:not(", ".handwriting", ".others",
           ".when:not(.is-wrong, .is-correction, ", ".when.is-correction:not(.is-wrong, "}  # fmt: skip
ASKS = re.compile(r"([^\s{},]*(?:\([^()]*)?):has\(")


def askers(css: str) -> set[str]:
    """What stands before each `:has(`, from the last space outside of parentheses on."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return {match[1] for match in ASKS.finditer(css)}


@pytest.mark.parametrize("path", sorted(STATIC.glob("*/**/*.css")), ids=lambda path: path.name)
def test_no_rule_asks_what_a_whole_page_has(path):
    if "vendor" not in path.parts:
        assert askers(path.read_text(encoding="utf-8")) <= MAY_ASK


def test_a_rule_that_asks_is_seen():
    assert askers("body:has(.entry) .foot { } /* html:has(x) */ .when:not(:has(a), .b) { }") == {"body", ".when:not("}
