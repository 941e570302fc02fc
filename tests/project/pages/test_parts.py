"""Pages get what they do not have yet."""

import json

from hypothesis import given
from hypothesis import strategies as st

from crsmonitor.pages.parts import CUT, HERE, Shelf, changes, list_event, parts_of

PARTS = st.lists(st.sampled_from(["a", "b", "c", "d\ne", "", '"', "等待"]), max_size=9).map(tuple)


def applied(earlier: tuple[str, ...], change: list) -> tuple[str, ...]:
    """As the page's script does it."""
    return tuple(part for one in change for part in ([one] if isinstance(one, str) else earlier[one[0] : one[1]]))


@given(earlier=PARTS, now=PARTS)
def test_a_page_has_what_was_drawn_whatever_it_had_before(earlier, now):
    assert applied(earlier, json.loads(changes(earlier, now))) == now


@given(parts=PARTS)
def test_of_what_stays_no_text_is_sent(parts):
    assert not [one for one in json.loads(changes(parts, parts)) if isinstance(one, str)]


def test_one_changed_card_is_one_text():
    before = tuple(f"card {n}" for n in range(100))
    now = ("head", *before[:40], "card 40 answered", *before[41:])

    assert json.loads(changes(before, now)) == ["head", [0, 40], "card 40 answered", [41, 100]]


def test_the_same_age_in_many_rows_is_each_time_that_of_its_row():
    before = ("row 1", "5 min", "row 2", "5 min", "row 3", "5 min")

    assert json.loads(changes(before, before)) == [[0, 6]]
    assert json.loads(changes(before, (*before[:3], "6 min", *before[4:]))) == [[0, 3], "6 min", [4, 6]]


@given(earlier=PARTS, now=PARTS)
def test_an_event_is_two_lines(earlier, now):
    event = list_event(earlier, now).decode()
    assert event.endswith("\n\n")
    assert event.count("\n") == 3


def test_parts_make_the_text():
    drawn = f"<h2>2</h2>{CUT}<p>one</p>{CUT}{CUT}<p>two</p>{CUT}"
    assert "".join(parts_of(drawn)) == "<h2>2</h2><p>one</p><p>two</p>"


def test_what_was_drawn_before_stands_where_the_drawing_says_and_is_not_cut_again():
    before = ("<li>one", f"{CUT}", "</li>")
    assert parts_of(f"<ul>{CUT}{HERE}{CUT}</ul>", before) == ("<ul>", "", *before, "", "</ul>")
    assert "".join(parts_of(f"<p>{HERE}</p>")) == "<p></p>"


def test_what_was_not_asked_for_the_longest_gives_way():
    shelf: Shelf[str, int] = Shelf(2)
    shelf.put("a", 1)
    shelf.put("b", 2)
    assert shelf.get("a") == 1
    shelf.put("c", 3)
    assert (shelf.get("a"), shelf.get("b"), shelf.get("c"), len(shelf)) == (1, None, 3, 2)
