"""ADTTE (ADaM BDS for time to event): AVAL in hours from STARTDTM to ADTM, CNSR 0 for an event and above for none."""

import pytest

from grading.evidence.counts import rows_of
from grading.evidence.outcomes import outcomes
from grading.evidence.predicted.fitting import whole_scope
from tests.builders import hour, kept, vitals
from tests.evidence.conftest import cases  # noqa: F401  # the stage
from tests.exports.datasets.conftest import CUT
from tests.exports.datasets.reading import listed
from tests.exports.datasets.test_adam import ONE, TWO

pytestmark = pytest.mark.django_db
NAMES = ("ASPER", "PARAMCD", "AVAL", "CNSR", "EVNTDESC", "CNSDTDSC")


def of_one(trial, *names):
    return [row[1:] for row in listed(trial, "adtte", CUT, "USUBJID", *names) if row[0] == ONE]


def test_each_dose_has_the_hours_to_an_onset_or_those_without_one(trial):
    """CRS began 27 h and ICANS 28 h after dose 1. Nobody looked after dose 2: it is no period without CRS."""
    assert of_one(trial, *NAMES) == [
        ("1", "TTCRS", "27.00", "0", "ONSET OF CRS", ""), ("1", "TTICANS", "28.00", "0", "ONSET OF ICANS", ""),
    ]  # fmt: skip
    for h in (170, 190):
        kept(vitals(trial, h), trial)

    # Looked at up to 22 h, and left 72 h after dose 2; no neuro assessment was made.
    assert of_one(trial, *NAMES)[2:] == [("2", "TTCRS", "22.00", "1", "NO ONSET", "LAST LOOK")]


def test_where_and_when_it_comes_from(trial):
    kept(vitals(trial, 170), trial)

    assert of_one(trial, "STARTDTM", "ADTM", "SRCDOM", "SRCVAR", "AVALU") == [
        ("2026-03-02T17:00:00+08:00", "2026-03-03T20:00:00+08:00", "ADCRS", "ASTDTM", "HOURS"),
        ("2026-03-02T17:00:00+08:00", "2026-03-03T21:00:00+08:00", "ADICANS", "ASTDTM", "HOURS"),
        ("2026-03-09T17:00:00+08:00", "2026-03-09T19:00:00+08:00", "ADSET", "ADTM", "HOURS"),
    ]  # fmt: skip


def test_it_agrees_with_adcrsp_and_adset(trial):
    kept(vitals(trial, 170), trial)
    periods = {row[:2]: row[2:] for row in listed(trial, "adcrsp", CUT, "USUBJID", "DOSENUM", "CRSFL", "CRSONH")}
    last = {row[:2]: row[2] for row in listed(trial, "adset", CUT, "USUBJID", "ASPER", "HDOSE")}  # in order of time

    crs = listed(trial, "adtte", CUT, "USUBJID", "ASPER", "PARAMCD", "CNSR", "AVAL")
    for subject, number, code, censored, value in crs:
        if code == "TTCRS":
            flag, onset = periods[subject, number]
            assert (censored, value) == (("0", onset) if flag == "Y" else ("1", last[subject, number]))
    known = {key for key, (flag, *_) in periods.items() if flag}
    assert {row[:2] for row in crs if row[2] == "TTCRS"} == known
    assert (TWO, "1") in periods


def test_it_is_the_curve_of_the_evidence_page(cases):  # noqa: F811
    """Kaplan-Meier of who was at risk from the first dose on, counted here, beside the table of the page."""
    rows = listed(cases, "adtte", hour(2000), "ASPER", "PARAMCD", "ANL01FL", "AVAL", "CNSR")
    times = [(float(row[3]), row[4] == "0") for row in rows if row[:3] == ("1", "TTCRS", "Y")]
    free, expected = 1.0, []
    for at in sorted({t for t, event in times if event}):
        at_risk, events = sum(t >= at for t, _ in times), sum(t == at and event for t, event in times)
        free *= 1 - events / at_risk
        expected.append((at, at_risk, events, pytest.approx(free)))

    seen = outcomes(whole_scope(cases.study), cut=None, at=hour(2000))
    row = next(one for one in rows_of(seen.periods, by_label=True) if one.place == 1)
    assert [(one.t_h, one.at_risk, one.events, one.free) for one in row.onset.curve] == expected
    assert [one[:3] for one in expected] == [(20, 3, 1), (27, 2, 1), (160, 1, 1)]


def test_who_still_had_crs_at_the_dose_was_not_at_risk_from_it_on(trial):
    """A fever before dose 2 that goes on over it: CRS of dose 1, and no onset after dose 2."""
    for h in (160, 164, 172):
        kept(vitals(trial, h, temperature_c=38.5), trial)

    assert [row for row in of_one(trial, "ASPER", "PARAMCD", "CNSR", "ANL01FL") if row[1] == "TTCRS"] == [
        ("1", "TTCRS", "0", "Y"), ("2", "TTCRS", "1", "")]  # fmt: skip
