"""A regimen file that cannot be used says where, and why."""

from decimal import Decimal

import pytest
import yaml

from regimens.library import BadDocument, as_json, document_from, names, plan_of, read
from regimens.library.checks import check

GOOD = """\
id: fih-1
drug: XY-1
title: First-in-human step-up
route: IV
steps:
- {label: priming, day: 1, dose: 0.06, unit: mg/kg, step_up: true, split_with: second half, source: P}
- {label: second half, day: 2, dose: 0.3, unit: mg/kg, step_up: true, split_with: priming, source: P}
- label: full
  day: 8
  dose: 1
  unit: mg/kg
  target: true
  repeats: true
  interval: {min_d: 5, planned_d: 7, source: P}
  source: P
variants:
  EU:
    days: {planned: {priming: 1, second half: 3, full: 9}, source: P}
    observation:
    - {steps: [priming], hours: 24, clock: infusion_end, setting: hospital, text: one day, source: P}
restart:
  rows:
  - {last: [full], from_d: 0, to_d: 28, text: go on, source: P}
  - {last: [full], from_d: 29, restart_at: priming, text: start again, source: P}
grade_rules:
- {after: crs, grades: [1, 2], outcome: when_resolved, resolved_h: 24, text: hold, source: P}
cohorts:
- {name: A, ladder: {full: 0.5}, staggering_h: 48, sentinel: true}
- {name: B, ladder: {full: 1}}
sources:
  P: {what: protocol 1.0, url: null}
"""


@pytest.fixture
def regimen_file(tmp_path):
    def write(text):
        path = tmp_path / "regimen.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_a_study_may_write_its_own(regimen_file):
    plan = plan_of(read(regimen_file(GOOD)))

    assert plan.step("priming").dose == Decimal("0.06")
    assert [(c.name, c.ladder["full"], c.staggering_h, c.sentinel) for c in plan.cohorts] == [
        ("A", Decimal("0.5"), Decimal(48), True),
        ("B", Decimal(1), None, False),
    ]


@pytest.mark.parametrize(
    ("was", "becomes", "problem"),
    [
        ("drug: XY-1", "drug: [", "line 4: not YAML"),
        ("drug: XY-1", "drug: XY-1\ndrug: XY-2", "line 3: drug is given twice"),
        ("dose: 0.06", "dose: 0.06, dose: 0.6", "line 6: dose is given twice"),
        ("day: 8", "day: 010", "line 9: 010 is not a plain whole number"),
        ("day: 8", "day: 1:30", "line 9: 1:30 is not a plain whole number"),
        ("dose: 0.06", "dose: .inf", "line 6: .inf is not a plain decimal number"),
        ("drug: XY-1\n", "", "drug: is needed"),
        ("drug: XY-1", "drug: XY-1\ncolour: red", "colour: unknown field"),
        ("drug: XY-1", "drug: XY-1\n7: red", "file: 7 is no name"),
        ("id: fih-1", "id: fih 1", "id: 1 to 20 letters, digits"),
        ("dose: 0.06", "dose: 0", "steps[0].dose: a number above 0 is needed"),
        ("dose: 0.06", "dose: -0.06", "steps[0].dose: a number above 0 is needed"),
        ("dose: 0.06", "dose: two", "steps[0].dose: a number above 0 is needed"),
        ("dose: 0.06", "dose: 0.00006", "steps[0].dose: more than 4 decimals"),
        ("dose: 0.06", "dose: 100000000", "steps[0].dose: below 100000000 is needed"),
        ("dose: 0.06, ", "", "steps[0].dose: is needed"),
        ("dose: 0.06, unit: mg/kg", "dose: 0.06, unit: mg/m2", "steps[0].unit: one of mg, ug, mg/kg"),
        ("day: 8", "day: 8.0", "steps[2].day: a whole number is needed"),
        ("day: 8", "day: true", "steps[2].day: a whole number is needed"),
        ("day: 8", "day: 0", "steps[2].day: 1 or more is needed"),
        ("day: 8", "day: 1", "steps[2].day: day 1 is before day 2 of 'second half'"),
        ("full: 9}", "full: 2}", "variants.EU.days.planned.full: day 2 is before day 3"),
        ("full: 9}", "fulll: 9}", "variants.EU.days.planned.fulll: no step 'fulll'"),
        ("label: second half", "label: priming", "steps[1].label: 'priming' is given twice"),
        ("split_with: priming", "split_with: full", "steps[1].split_with: 'full' is not split with 'second half'"),
        ("split_with: priming, ", "", "steps[0].split_with: 'second half' is not split with 'priming'"),
        ("repeats: true", "times: 3\n  repeats: true", None),
        ("repeats: true", "times: 3", "steps[2].times: only of a step that repeats"),
        ("min_d: 5", "min_d: 8", "steps[2].interval.planned_d: 7 is less than min_d 8"),
        ("target: true", "target: true\n  pretreatment: true", "steps[2].pretreatment: neither a step-up"),
        ("sentinel: true", "sentinel: maybe", "cohorts[0].sentinel: true or false is needed"),
        ("name: B", "name: A", "cohorts[1].name: 'A' is given twice"),
        ("{full: 1}", "{fall: 1}", "cohorts[1].ladder.fall: no step 'fall'"),
        ("{full: 1}", "{full: 0}", "cohorts[1].ladder.full: a number above 0"),
        ("restart_at: priming", "restart_at: prime", "restart.rows[1].restart_at: no step 'prime'"),
        ("last: [full], from_d: 0", "last: [ful], from_d: 0", "restart.rows[0].last[0]: no step 'ful'"),
        ("from_d: 29", "from_d: 28", "restart.rows[1].from_d: after 'full', day 28 has two rows"),
        ("from_d: 29", "from_d: 30", "restart.rows[1].from_d: after 'full', no row holds day 29"),
        (", to_d: 28", "", "restart.rows[1].from_d: after 'full', day 29 has two rows"),
        ("from_d: 0, to_d: 28", "from_d: 29, to_d: 28", "restart.rows[0].to_d: before from_d 29"),
        ("restart_at: priming", "restart_at: priming, known: false", "restart.rows[1].restart_at: said of a row"),
        (
            "sources:",
            "on_site: {steps: [full], doses: 1, variants: [EU], text: t, source: P}\nsources:",
            None,
        ),
        (
            "sources:",
            "on_site: {steps: [full], doses: 1, variants: [US], text: t, source: P}\nsources:",
            "on_site.variants[0]: no variant 'US'",
        ),
        # A restart goes back: a later step would be an escalation.
        ("restart_at: priming", "restart_at: full", None),  # the last dose again
        (
            "last: [full], from_d: 29, restart_at: priming",
            "last: [priming], from_d: 29, restart_at: full",
            "restart.rows[1].restart_at: 'full' is later than 'priming'",
        ),
        (
            "last: [full], from_d: 29, restart_at: priming",
            "last: [full, priming], from_d: 29, restart_at: second half",
            "restart.rows[1].restart_at: 'second half' is later than 'priming'",
        ),
        ("outcome: when_resolved", "outcome: restart, step: priming", None),
        (
            "outcome: when_resolved",
            "outcome: restart, step: full",
            "grade_rules[0].step: 'full' is later than 'priming', after which this may hold: name next_steps",
        ),
        ("outcome: when_resolved", "outcome: restart, step: second half, next_steps: [full]", None),
        (
            "outcome: when_resolved",
            "outcome: restart, step: full, next_steps: [full]",
            "grade_rules[0].step: 'full' is later than 'second half'",
        ),
        (
            "outcome: when_resolved",
            "outcome: restart, step: second half, next_steps: [full, second half]",
            "grade_rules[0].step: 'second half' is later than 'priming'",
        ),
        ("repeats: true", "cycles: [{from: 2, days: [1]}]", "steps[2].cycles: only of a step that repeats"),
        ("grades: [1, 2]", "grades: [2, 1]", "grade_rules[0].grades: 2 is above 1"),
        ("grades: [1, 2]", "grades: [1]", "grade_rules[0].grades: at least 2 needed"),
        ("grades: [1, 2]", "grades: [1, 6]", "grade_rules[0].grades[1]: at most 4"),
        ("outcome: when_resolved", "outcome: restart", "grade_rules[0].step: needed where the outcome is restart"),
        ("resolved_h: 24", "variants: [US]", "grade_rules[0].variants[0]: no variant 'US'"),
        ("clock: infusion_end", "clock: noon", "variants.EU.observation[0].clock: one of infusion_start"),
        ("text: one day, source: P", "text: one day, source: Q", "variants.EU.observation[0].source: Q is not in"),
        ("text: one day, source: P", "text: ' ', source: P", "variants.EU.observation[0].text: a text is needed"),
        ("text: go on, source: P", "text: go on", "restart.rows[0].source: is needed"),
        ("P: {what: protocol 1.0, url: null}", "{}", "sources: at least 1 needed"),
    ],
)
def test_a_file_that_cannot_be_used_says_where(regimen_file, was, becomes, problem):
    assert was in GOOD

    path = regimen_file(GOOD.replace(was, becomes, 1))

    if problem is None:
        read(path)
        return
    with pytest.raises(BadDocument) as bad:
        read(path)
    assert any(str(line).startswith(problem) for line in bad.value.problems)


CYCLES = [
    ("[{from: 2, to: 3, days: [1, 8]}, {from: 4, days: [1]}]", "", None),
    ("[{from: 2, to: 3, days: [1, 8]}]", "times: 4", None),
    ("[{from: 2, to: 3, days: [1, 8]}]", "times: 3", "steps[2].times: the cycles have 4 days"),
    ("[{from: 3, to: 2, days: [1, 8]}]", "", "steps[2].cycles[0].to: before from 3"),
    ("[{from: 2, to: 3, days: [1]}, {from: 5, days: [1]}]", "", "steps[2].cycles[1].from: the cycle after"),
    ("[{from: 2, days: [1]}, {from: 3, days: [1]}]", "", "steps[2].cycles[1].from: the cycle after"),
    ("[{from: 2, days: [8, 1]}]", "", "steps[2].cycles[0].days: days in order"),
    ("[{from: 2, days: [1, 1]}]", "", "steps[2].cycles[0].days: days in order"),
    ("[{from: 2, days: [22]}]", "", "steps[2].cycles[0].days: a cycle has 21 days"),
    ("[{from: 2, days: [21]}]", "", None),
    ("[{from: 2, days: [1]}]", "interval: {planned_d: 7, source: P}", "steps[2].interval.planned_d: said of a step"),
]


@pytest.mark.parametrize(("cycles", "more", "problem"), CYCLES)
def test_days_of_cycles(regimen_file, cycles, more, problem):
    was = "interval: {min_d: 5, planned_d: 7, source: P}"
    text = GOOD.replace(was, f"cycles: {cycles}\n  {more}".rstrip()) + "cycle_d: 21\n"

    if problem is None:
        read(regimen_file(text))
        return
    with pytest.raises(BadDocument) as bad:
        read(regimen_file(text))
    assert [str(line).startswith(problem) for line in bad.value.problems] == [True]


def test_a_rule_after_a_grade_may_restart_at_the_first_dose_after_a_pretreatment(regimen_file):
    """After the pretreatment itself there is no event yet."""
    text = GOOD.replace("step_up: true, split_with: second half", "pretreatment: true")
    text = text.replace("split_with: priming, ", "")
    text = text.replace("outcome: when_resolved", "outcome: restart, step: second half")

    read(regimen_file(text))
    with pytest.raises(BadDocument, match="'full' is later than 'second half'"):
        read(regimen_file(text.replace("outcome: restart, step: second half", "outcome: restart, step: full")))


def test_every_problem_is_told_at_once(regimen_file):
    with pytest.raises(BadDocument) as bad:
        read(
            regimen_file(
                GOOD.replace("restart_at: priming", "restart_at: prime").replace("grades: [1, 2]", "grades: [2, 1]")
            )
        )

    assert [p.place for p in bad.value.problems] == ["restart.rows[1].restart_at", "grade_rules[0].grades"]


@pytest.mark.parametrize("text", [b"\xff\xfe", "", "- 1", "7", "a: !!python/object/apply:os.system [true]"])
def test_what_is_no_regimen_at_all_is_refused(regimen_file, text):
    with pytest.raises(BadDocument):
        read(regimen_file(text))


def test_a_dose_may_go_down(regimen_file):
    doses = [step.dose for step in plan_of(read("mosunetuzumab_IV")).steps]

    assert doses == [1, 2, 60, 60, 30]
    read(regimen_file(GOOD.replace("dose: 1\n", "dose: 0.1\n")))


def test_an_id_is_never_taken_for_a_path(regimen_file):
    with pytest.raises(KeyError):
        read(str(regimen_file(GOOD)))


@pytest.mark.parametrize("regimen_id", names())
def test_every_regimen_round_trips_through_yaml(regimen_file, regimen_id):
    data = read(regimen_id).data
    as_text = yaml.safe_load(yaml.safe_dump(as_json(data), allow_unicode=True))

    assert check(as_text) == []
    assert plan_of(document_from(as_text)) == plan_of(read(regimen_id))


def as_windows_writes_it(text: str) -> bytes:
    return ("\ufeff" + text + "\n\n").replace("\n", "\r\n").encode()


def test_a_file_that_a_windows_editor_wrote_says_the_same(tmp_path):
    """A byte-order mark, its line ends, empty lines at the end."""
    (tmp_path / "own.yaml").write_bytes(as_windows_writes_it(GOOD))
    (tmp_path / "plain.yaml").write_text(GOOD)

    assert read(tmp_path / "own.yaml").data == read(tmp_path / "plain.yaml").data
