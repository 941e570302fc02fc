"""Whoever was paged hears once, on the same way, that nobody needs to come (Rulings 2, "Stand-down")."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.rules.alerting.lifecycle import ActionKind
from grading.rules.alerting.stand_down import Message, Way, Why, to_stand_down

NURSE, DOCTOR = Way(channel="email", recipient=1), Way(channel="email", recipient=2)
PHONE = Way(channel="gateway", recipient=2, contact=9)
WARD, HOOK = Way(channel="gateway", endpoint=3), Way(channel="webhook", endpoint=4, machine=True)


def page(way: Way, occurrence: int = 1) -> Message:
    return Message(way=way, occurrence=occurrence)


def word(way: Way, why: Why, occurrence: int = 1) -> Message:
    return Message(way=way, occurrence=occurrence, why=why)


def test_everybody_paged_but_who_answered():
    assert to_stand_down([page(NURSE), page(DOCTOR), page(PHONE)], why=Why.ANSWERED, but=[1]) == [DOCTOR, PHONE]


def test_nobody_who_was_not_paged():
    assert to_stand_down([], why=Why.OVER) == []


def test_paged_again_and_again_it_is_told_once():
    assert to_stand_down([page(NURSE)] * 3, why=Why.OVER) == [NURSE]


@pytest.mark.parametrize("later", [Why.TREATMENT, Why.AT_BEDSIDE, Why.DECLINED, Why.OVER])
def test_who_was_stood_down_hears_no_more_of_it(later):
    assert to_stand_down([page(NURSE), word(NURSE, Why.ANSWERED)], why=later) == []


def test_a_withdrawal_is_told_to_who_was_stood_down_and_to_who_answered():
    sent = [page(NURSE), page(DOCTOR), word(DOCTOR, Why.ANSWERED)]

    assert to_stand_down(sent, why=Why.WITHDRAWN) == [NURSE, DOCTOR]
    assert to_stand_down([*sent, word(DOCTOR, Why.WITHDRAWN)], why=Why.WITHDRAWN) == [NURSE]


def test_called_again_after_a_lapse_she_hears_again():
    sent = [page(NURSE), word(NURSE, Why.ANSWERED), page(NURSE, 2)]

    assert to_stand_down(sent, why=Why.ANSWERED) == [NURSE]
    assert to_stand_down([*sent, word(NURSE, Why.ANSWERED, 2)], why=Why.TREATMENT) == []


def test_whose_answer_lapsed_hears_who_answers_next():
    """The first was going; another was called after the lapse and answers."""
    sent = [page(NURSE), page(DOCTOR), word(DOCTOR, Why.ANSWERED), page(WARD, 2)]

    assert to_stand_down(sent, why=Why.ANSWERED) == [NURSE, WARD]


def test_a_machine_hears_each_reason_once():
    sent = [page(HOOK), word(HOOK, Why.ANSWERED)]

    assert to_stand_down(sent, why=Why.ANSWERED) == []
    assert to_stand_down(sent, why=Why.TREATMENT, but=[1]) == [HOOK]


def test_every_action_has_its_word():
    assert {action.value for action in ActionKind} <= {why.value for why in Why}


@given(
    st.lists(st.sampled_from([page(NURSE), page(DOCTOR), page(DOCTOR, 2), page(HOOK), page(HOOK, 2)])),
    st.lists(st.tuples(st.sampled_from(Why), st.lists(st.sampled_from([1, 2])))),
)
def test_each_reason_is_told_at_most_once_an_opening_and_each_person_two_words_at_most(pages, closings):
    sent, occurrence = list(pages), max((one.occurrence for one in pages), default=1)
    for why, but in closings:
        sent += [word(way, why, occurrence) for way in to_stand_down(sent, why=why, but=but)]

    for way in (NURSE, DOCTOR, HOOK):
        words = [one.why for one in sent if one.way == way and one.why is not None]
        assert len(words) == len(set(words))
        assert way.machine or len(set(words) - {Why.WITHDRAWN}) <= 1
        assert not words or page(way) in pages or page(way, 2) in pages
