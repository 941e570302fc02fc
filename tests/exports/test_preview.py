"""The pages before an export: its rows and warnings, what is new since a cut, and what the columns mean."""

from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone, translation

from crsmonitor.audit.acting import acting
from grading.exports.datasets import ALL
from grading.exports.packet.building import build_next
from grading.exports.preview.period_changes import PeriodFate, compared
from grading.exports.preview.steps import StepRows
from tests.builders import hour, kept, vitals
from tests.exports.datasets.conftest import trial  # noqa: F401  # the stage
from tests.exports.packet.test_packets import later, made
from tests.exports.packet.test_packets import packed as packed
from tests.stages import stage

pytestmark = pytest.mark.django_db
STUDY, DICTIONARY = "/exports/DEMO/", "/exports/DEMO/dictionary/"


@stage(lasts_s=600)
def cut_on_day_2(trial):  # noqa: F811
    """A cut of hour 30, while dose 1 of both is watched. Since then 001 has dose 2, and a temperature was corrected."""
    cut = made(trial, label="day-2", cut=hour(30))
    build_next(clock=later)
    wrong = trial.participant.vitalsigns_facts.get(observed_at=hour(27))
    right = vitals(trial, 27, temperature_c=39.1, sbp=85, hypotension=True, heart_rate=110, spo2=93, supersedes=wrong,
                   reason="read again")  # fmt: skip
    kept(right, trial, at=timezone.now())
    return trial, cut


def page_of(user, address):
    client = Client()
    client.force_login(user)
    answer = client.get(address)
    return answer, answer.content.decode()


@pytest.mark.long
def test_what_is_new_since_the_cut_are_the_doses_after_it_and_what_was_corrected(cut_on_day_2):
    world, _cut = cut_on_day_2
    answer, text = page_of(world.sponsor, STUDY)

    changes = {(one.usubjid[-8:], one.dose_number): one for one in answer.context["periods"].shown}
    assert {key: one.kind for key, one in changes.items()} == {
        ("DEMO-001", 1): PeriodFate.CHANGED, ("DEMO-001", 2): PeriodFate.NEW, ("DEMO-002", 2): PeriodFate.NEW,
    }  # fmt: skip
    values = {name: (was, now) for name, was, now in changes[("DEMO-001", 1)].values}
    assert (Decimal(values["TEMPMAX"][0]), Decimal(values["TEMPMAX"][1])) == (Decimal("38.6"), Decimal("39.1"))
    newest = answer.context["corrections"].shown[0]
    assert (newest.record, newest.field, newest.was, newest.becomes, newest.reason, newest.role_code) == (
        "VITALSIGNS", "TEMPERATURE_C", "38.600", "39.100", "read again", "nurse")  # fmt: skip
    assert world.nurse.username not in text.partition("<main")[2]  # a sponsor hears of roles
    counts = {one.dataset.name: (one.then, one.now, one.more) for one in answer.context["row_counts"]}
    assert counts["adcrsp"] == (2, 4, "+2")
    assert counts["ho"] == (1, 1, "0")
    assert counts.keys() == {one.name for one in ALL}


@pytest.mark.long
def test_a_cut_that_nothing_came_after_has_nothing_new_however_late_it_is_looked_at(packed):
    world, cut = packed
    answer, _text = page_of(world.sponsor, STUDY)

    assert answer.context["since"].label == cut.label
    assert (answer.context["periods"].in_all, answer.context["corrections"].in_all) == (0, 0)
    assert {one.more for one in answer.context["row_counts"]} == {"0"}


@pytest.mark.long
def test_without_a_packet_there_is_nothing_to_compare_with_and_warnings_are_counted(trial):  # noqa: F811
    answer, text = page_of(trial.sponsor, STUDY)

    assert answer.context["since"] is None
    assert "nothing to compare with" in text
    assert "1 dose periods without a set of vital signs" in text  # dose 2 of 001
    steps = {(step.label, step.crs, step.none, step.so_far, step.unknown, step.not_given)
             for step in answer.context["picture"].steps}  # fmt: skip
    labels = list(trial.regimen.steps.order_by("position").values_list("short_label", "label"))
    first, second = (short or label for short, label in labels[:2])
    # 001: CRS, then nobody looked. 002: a fever that has another cause, and a dose that was not given, which ends
    # no period: that one goes on, and is no period without CRS yet.
    assert steps == {(first, 1, 0, 1, 0, 0), (second, 0, 0, 0, 1, 1)}
    for shown in ("<desc", "steps-hatch", "CRS is not known"):
        assert shown in text


@pytest.mark.long
def test_who_is_blinded_is_told_no_step_and_which_columns_are_empty(trial):  # noqa: F811
    with acting(by="test", reason="blinded"):
        trial.study.blinded = True
        trial.study.save()
    labels = set(trial.regimen.steps.values_list("label", flat=True)) | {trial.regimen.code}

    answer, text = page_of(trial.sponsor, STUDY)
    columns, words = page_of(trial.sponsor, f"{DICTIONARY}?dataset=adcrsp")

    assert [label for label in labels if label in text.partition("<main")[2]] == []
    assert [(step.label, step.number) for step in answer.context["picture"].steps] == [("", 1), ("", 2)]
    empty = {one.column.name for one in columns.context["columns"] if one.withheld}
    assert {"COHORT", "REGIMEN", "ADOSE", "ASPERC"} <= empty
    assert "empty for you: blinded" in words


@pytest.mark.long
def test_who_finds_them(world):
    statuses = {
        name: [page_of(getattr(world, name), address)[0].status_code for address in (STUDY, DICTIONARY)]
        for name in ("sponsor", "investigator", "data_manager", "nurse")
    }

    assert statuses == {"sponsor": [200, 200], "investigator": [200, 200], "data_manager": [200, 200],
                        "nurse": [403, 403]}  # fmt: skip
    assert page_of(world.sponsor, "/exports/OTHER/")[0].status_code == 404
    assert page_of(world.sponsor, f"{STUDY}?since=none")[0].status_code == 404


def test_the_dictionary_is_searched_by_every_word_of_a_column(world):
    def columns_of(query):
        answer, _text = page_of(world.sponsor, f"{DICTIONARY}?{query}")
        return {(one.dataset.name, one.column.name) for one in answer.context["columns"]}

    assert columns_of("") == set()
    assert columns_of("dataset=adcrsp&words=") >= {("adcrsp", "CRSMAXGR"), ("adcrsp", "STERDXMG")}
    assert columns_of("words=dexamethasone+CUMULATIVE") == {("adcrsp", "STERDXMG")}
    assert ("adcrs", "USUBJID") in columns_of("words=usubjid")
    assert columns_of("words=nowhere-at-all") == set()


def test_each_data_set_has_a_name_in_chinese_and_is_found_by_it(world):
    with translation.override("zh-hant"):
        assert [one.label for one in ALL if translation.gettext(one.label) == one.label] == []
    client = Client()
    client.force_login(world.sponsor)
    client.cookies["django_language"] = "zh-hant"

    answer = client.get(DICTIONARY, {"words": "生命徵象分析"})

    assert {one.dataset.name for one in answer.context["columns"]} == {"advs"}


def row(dose_number, **columns):
    return {"USUBJID": "S-1", "DOSENUM": str(dose_number), "ASPERC": "STEP", "CUTDTM": "x", "LSTMODTM": "y"} | columns


def test_rows_are_compared_by_their_keys_in_number_order():
    packed = [row(2, A="1", OLD="2"), row(9, A="1"), row(10, A="1", CUTDTM="before")]
    now = [row(2, A="2", NEW="3"), row(3, A="1"), row(10, A="1")]

    changes = [(one.dose_number, one.kind, one.values) for one in compared(packed, now)]

    assert changes == [
        (2, PeriodFate.CHANGED, (("A", "1", "2"),)), (3, PeriodFate.NEW, ()), (9, PeriodFate.GONE, ())]  # fmt: skip


def test_a_bar_is_as_long_as_its_rows_and_names_each_part():
    bar = StepRows(label="STEP", number=1, crs=2, none=3, so_far=0, unknown=0, not_given=1, scale=100)

    assert [(part.kind, part.rows, part.x, part.width) for part in bar.parts] == [
        ("crs", 2, 0, 200), ("none", 3, 200, 300), ("not_given", 1, 500, 100)]  # fmt: skip
    assert (bar.rows, bar.end) == (6, 608)
