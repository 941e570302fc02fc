"""The sweep of the library: it holds only where a source says so, or where a number is not in any source."""

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from regimens.library import names, plan_named
from regimens.library.swept import as_markdown, sweep
from regimens.rules.gate.sweep import WAYS

ROOT = Path(__file__).resolve().parents[4]
LATER_FL = "mono: C2-3 weekly, C4-9 d1,15, C10+ d1; with R2: C2-3 weekly, C4-12 d1"
FIRST_THREE = ("dose 1", "dose 2", "dose 3")
MOSUNETUZUMAB = ("C1D1", "C1D8", "C1D15", "C2D1", "C3+ D1")
GLOFITAMAB = ("step-up 1", "step-up 2", "C2D1 first target")
# regimens.yaml: how long to observe after these is null, or the region's label was not read for it
NO_WINDOW = {
    ("blinatumomab_RR_ALL", "US"): ("C1 d1-7, >=45 kg",),  # RR: null
    ("epcoritamab_FL", "US"): ("step-up 1", "step-up 2", "step-up 3", "first full dose", LATER_FL),  # outpatient
    ("glofitamab", "US"): GLOFITAMAB,  # null
    ("glofitamab", "EU"): (*GLOFITAMAB, "C3-C12 d1"),
    ("linvoseltamab", "US"): ("first treatment dose",),  # first_200_h: null
    ("mosunetuzumab_IV", "US"): MOSUNETUZUMAB,  # not mandatory
    ("mosunetuzumab_IV", "CH"): MOSUNETUZUMAB,  # only after grade 2 or more
    ("odronextamab_DLBCL", None): ("C1D1", "C1D2", "C1D8", "C1D9", "C1D15", "C2-C4 D1,8,15", "every 2 weeks"),
    ("tebentafusp", "EU"): FIRST_THREE,  # "hospitalisation recommended", no length
}
# Days that no source prints, or a plan that ends: what follows day 28 of blinatumomab, C12 of glofitamab
OTHERS = {
    ("blinatumomab_RR_ALL", "US", "C1 d8-28, >=45 kg", 1, "ask_for_the_step"),
    *(("glofitamab", region, "C3-C12 d1", 10, "ask_for_the_step") for region in ("CH", "EU", "US")),
    # after C4 d1 alone and with R2 differ; the length of a cycle in DLBCL was not found
    ("epcoritamab_FL", "US", LATER_FL, 9, "set_interval"),
    ("odronextamab_DLBCL", None, "C1D16", 1, "set_interval"),
    ("odronextamab_DLBCL", None, "C2-C4 D1,8,15", 9, "set_window"),
}


@cache
def transitions():
    return sweep()


def held(way):
    return {
        (one.plan.id, one.variant, one.last, one.doses, one.answers[way].to_do.code)
        for one in transitions()
        if way in one.answers and one.answers[way].decision != "go"
    }


def test_the_table_in_docs_is_what_the_sweep_finds():
    assert (ROOT / "docs/gate_sweep.md").read_text(encoding="utf-8") == as_markdown(transitions())


def test_on_the_printed_day_it_holds_only_for_numbers_that_no_source_has():
    windows = {(*where, last, "set_window") for where, lasts in NO_WINDOW.items() for last in lasts}
    others = {(*where, code) for *where, _, code in OTHERS}

    assert {(*where, code) for *where, _, code in held("on the day")} == windows | others


def test_a_resolved_grade_1_holds_nothing_more():
    """Every label that was found says withhold until resolved; without a row it is a convention."""
    assert held("CRS 1") == held("ICANS 1") == held("ICANS 2") == held("on the day")


def test_a_resolved_grade_2_holds_glofitamab_alone():
    """Its row says withhold, and what follows was truncated. A pretreatment is followed by no CRS of the drug."""
    more = {(name, last) for name, _, last, _, _ in held("CRS 2") - held("on the day")}

    assert {name for name, _ in more} == {"glofitamab"}
    assert "obinutuzumab pre-treatment (no glofitamab)" not in {last for _, last in more}


def test_a_resolved_grade_3_goes_on_only_where_a_label_says_so():
    """Tebentafusp resumes at the same dose after severe CRS (management.yaml)."""
    goes = {
        one.plan.id for one in transitions() if one.answers["CRS 3"].decision == "go" and one.next_step != "step-up 1"
    }

    assert goes == {"tebentafusp"}


def test_the_slack_is_no_delay():
    assert {row[:4] for row in held("late")} <= {row[:4] for row in held("on the day")}


def test_every_regimen_region_and_step_is_asked_in_every_way():
    combinations = {(one.plan.id, one.variant, one.last) for one in transitions()}
    wanted = {
        (name, code, step.label)
        for name in names()
        for code in [v.code for v in plan_named(name).variants] or [None]
        for step in plan_named(name).steps
    }

    assert combinations == wanted
    assert all(set(WAYS[:-1]) <= set(one.answers) for one in transitions())


@pytest.mark.long
def test_the_command_needs_no_setting():
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "gate_sweep"], capture_output=True, env={"PATH": "/usr/bin:/bin"},
        cwd=ROOT, timeout=600,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == (ROOT / "docs/gate_sweep.md").read_text(encoding="utf-8")
