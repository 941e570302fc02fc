"""Each row of ADCRSP, counted again from the companions of the same packet by a script that shares no code with us."""

import ast
import random
from decimal import Decimal
from pathlib import Path

import pytest

from crsmonitor.audit.acting import acting
from regimens.facts import Source
from regimens.models import DoseStatus, Participant
from tests.builders import build_world, dose, hour, kept, neuro, stay, treatment, vitals
from tests.exports.datasets import recount
from tests.exports.datasets.conftest import CUT, WEEK
from tests.exports.datasets.reading import rows
from tests.stages import stage

pytestmark = pytest.mark.django_db
COMPANIONS = ("adex", "adcrs", "adicans", "adset", "adneuro", "advs", "adcm", "adsched", "adalert", "adds", "adho")
LATER = hour(4 * WEEK)
SEED = 14  # another number is another trial


@stage(lasts_s=600)
def drawn():
    """Three participants and whatever a seeded draw has them go through: fevers, low pressures, drugs, late sets."""
    world, draw = build_world("DRAWN"), random.Random(SEED)
    for number in range(3):
        with acting(by="test", reason="another participant"):
            who = Participant.objects.create(
                study=world.study, site=world.site, number=f"D-{number}", regimen=world.regimen
            )
        _course(world, who, draw)
    return world


def _course(world, who, draw) -> None:
    kept(stay(world, -3, participant=who), world)
    for week, step in enumerate(range(draw.choice((2, 3)))):
        at = week * WEEK
        if draw.random() < 0.7:
            given = {"dose": draw.choice((8, 16)), "unit": "mg", "participant": who}
            kept(treatment(world, at - 1, "dexamethasone", "corticosteroid", "premedication", **given), world)
        kept(dose(world, at, step=step, participant=who), world)
        for h in sorted(draw.sample(range(2, 96), 12)):
            _look(world, who, at + h + draw.choice((0, 0.25, 0.5)), draw)
    not_given = {"status": DoseStatus.NOT_GIVEN, "amount": None, "not_given_because": "infection"}
    if draw.random() < 0.5:
        planned = {"planned_at": hour(3 * WEEK - 24)}
        kept(dose(world, 3 * WEEK - 24, step=2, participant=who, **planned, **not_given), world)


def _look(world, who, at, draw) -> None:
    sick = draw.random() < 0.4
    values = {"temperature_c": draw.choice((38.1, 38.9, 39.4)) if sick else draw.choice((36.4, 37.2))}
    if sick and draw.random() < 0.5:
        values |= {"sbp": draw.choice((82, 88)), "hypotension": True, "spo2": draw.choice((91, 95))}
    kept(vitals(world, at, participant=who, source=Source.IMPORT, **values), world)
    if draw.random() < 0.3:
        kept(neuro(world, at, participant=who, ice_naming=draw.choice((1, 3)), ice_month=draw.random() < 0.7), world)
    if sick and draw.random() < 0.4:
        drug, drug_class, mg = draw.choice((
            ("tocilizumab", "anticytokine", 480), ("methylprednisolone", "corticosteroid", 80),
            ("dexamethasone", "corticosteroid", 10),
        ))  # fmt: skip
        given = {"dose": mg, "unit": "mg", "participant": who}
        kept(treatment(world, at + 0.1, drug, drug_class, "crs", **given), world)


def differences(world, cut=CUT) -> list[tuple[str, str, str, str, str]]:
    packet = {name: rows(world, name, cut) for name in COMPANIONS}
    counted, exported = recount.recounted(packet, cut=cut), rows(world, "adcrsp", cut)
    assert len(counted) == len(exported)
    return [
        (row["USUBJID"], row["DOSENUM"], name, value, row[name])
        for row in exported
        for name, value in counted[row["USUBJID"], row["DOSENUM"]].items()
        if not _same(value, row[name])
    ]


def _same(ours: str, theirs: str) -> bool:
    if ours and theirs and ours.replace(".", "").isdigit() and theirs.replace(".", "").isdigit():
        return Decimal(ours) == Decimal(theirs)
    return ours == theirs


def test_the_script_shares_no_code_with_the_project():
    tree = ast.parse(Path(recount.__file__).read_text())
    imported = {node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert imported <= {"collections", "datetime", "decimal", "fractions"}
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import)]


def test_the_small_trial_is_counted_again_row_for_row(trial):
    assert differences(trial) == []


@pytest.mark.long
def test_a_drawn_trial_is_counted_again_row_for_row(drawn):
    assert differences(drawn, LATER) == []
    first = rows(drawn, "adcrsp", LATER)
    assert {row["CRSFL"] for row in first} >= {"Y"}  # the draw has what is counted
    assert sum(int(row["TOCIN"] or 0) for row in first) > 0
