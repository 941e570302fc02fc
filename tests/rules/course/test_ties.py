"""Facts of one instant are ordered by what they say, the same in every process (decisions on ties)."""

import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.rules.course.events import follows, place_of
from grading.rules.drugs.content import content_of
from grading.rules.drugs.devices import OxygenDevice
from grading.rules.grades.crs_inputs import CrsInputs
from grading.rules.grades.icans_inputs import IcansInputs, IcpSign
from tests.rules.course import courses

looks = st.builds(
    CrsInputs,
    temperature_c=st.none() | st.sampled_from([Decimal("36.8"), Decimal("38"), Decimal("38.0")]),
    hypotension=st.none() | st.booleans(),
    vasopressors=st.none() | st.lists(st.sampled_from(["dopamine", "epinephrine"]), max_size=2).map(tuple),
    oxygen_device=st.none() | st.sampled_from(OxygenDevice),
)


@given(looks, looks)
def test_the_order_is_that_of_how_python_writes_them(one, other):
    """As it was before it was spelt out: what is kept of a course goes on."""
    assert (content_of(one) < content_of(other)) == (repr(one) < repr(other))


@given(looks, looks)
def test_two_are_alike_only_where_they_say_the_same(one, other):
    assert (content_of(one) == content_of(other)) == (repr(one) == repr(other))


def test_a_set_of_signs_says_them_in_the_same_order_in_every_process():
    code = (
        "from grading.rules.drugs.content import content_of; from grading.rules.grades.icans_inputs import *; "
        "print(content_of(IcansInputs(pediatric=False, icp_signs=frozenset(IcpSign))))"
    )
    seeds = [
        subprocess.run([sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True)
        for seed in ("1", "2")
    ]

    assert seeds[0].stdout == seeds[1].stdout
    assert content_of(IcansInputs(pediatric=False, icp_signs=frozenset(IcpSign))) in seeds[0].stdout.decode()


def test_what_no_fact_holds_is_refused():
    with pytest.raises(TypeError, match="object"):
        content_of(object())


EVENTS = (
    courses.dose(0), courses.dose(1), courses.drug(0), courses.drug(0, treats=False), courses.mind(0), courses.look(0),
    courses.look(0, **courses.FEVER), courses.look(1), courses.look(0, **courses.SHOCK),
)  # fmt: skip


@pytest.mark.parametrize("one", EVENTS, ids=str)
def test_after_a_place_is_what_sorting_puts_after_it(one):
    """Earlier, then doses before drugs before looks, then by what they say: as `in_order` has them."""
    assert [follows(other, place_of(one)) for other in EVENTS] == [
        sorted([place_of(one), place_of(other)])[0] == place_of(one) != place_of(other) for other in EVENTS
    ]
