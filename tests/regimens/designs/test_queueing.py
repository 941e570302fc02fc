"""A run is queued with its whole input, or refused at the field that is at fault."""

from uuid import uuid4

import pytest

from crsmonitor.error_words import text_of
from crsmonitor.errors import DomainError, InvalidInput, KeyReused, NotFound
from regimens.design.contract import kinds
from regimens.models import DesignProgress, DesignRun
from regimens.rules.canonical import text_of_json
from regimens.services.design_runs import WAITING_MOST, queue_run
from regimens.services.designs import save_version
from tests.builders import build_world, hour
from tests.regimens.designs.builders import BOIN, TRIAL, design_of, run_row

pytestmark = pytest.mark.django_db


def queued(world, version, *, kind="comparator", fields=BOIN, **more) -> DesignRun:
    return queue_run(
        design_id=version.design_id, kind=kind, fields=fields, by=more.pop("by", world.sponsor), at=hour(0), **more
    )  # fmt: skip


def test_a_run_keeps_its_whole_input_its_engine_and_a_digest_and_waits(world):
    version = design_of(world)

    run = queued(world, version)

    assert (run.version, run.fields, run.engine, run.size) == (version, BOIN, kinds.engine(), 1)
    assert (run.queued_by, run.queued_at, run.progress.state) == (world.sponsor, hour(0), "queued")
    assert len(run.digest) == 64


def test_the_digest_is_that_of_kind_input_and_engine_whatever_the_order_of_the_names(world):
    version = design_of(world)
    turned = dict(reversed(BOIN.items()))

    assert queued(world, version).digest == queued(world, version, fields=turned).digest
    assert queued(world, version).digest != queued(world, version, fields=BOIN | {"target": 0.3}).digest


def test_the_same_key_and_input_is_the_same_run_and_another_input_is_refused(world):
    version, key = design_of(world), uuid4()

    first = queued(world, version, key=key)

    assert queued(world, version, key=key) == first
    with pytest.raises(KeyReused):
        queued(world, version, key=key, fields=BOIN | {"target": 0.3})
    with pytest.raises(KeyReused):
        queued(world, version, key=key, by=world.data_manager)
    assert DesignProgress.objects.count() == 1


def test_what_is_sent_again_is_the_same_run_whatever_changed_here_since(world):
    version, key = design_of(world), uuid4()
    first = run_row(
        version, id=key, kind="comparator", input=text_of_json(BOIN), engine="before", queued_by=world.sponsor
    )
    save_version(design_id=version.design_id, contents={"comparator": BOIN | {"n": [3]}}, by=world.sponsor, at=hour(1))

    assert queued(world, version, key=key) == first
    assert queued(world, version, key=key, number=1) == first
    with pytest.raises(KeyReused):
        queued(world, version, key=key, number=2)


@pytest.mark.parametrize(
    ("kind", "change", "field", "code"),
    [
        ("gone", {}, "kind", "unknown_value"),
        ("comparator", {"target": None}, "target", "missing_field"),
        ("comparator", {"target": "a"}, "target", "invalid_type"),
        ("comparator", {"target": float("nan")}, "target", "invalid_value"),
        ("comparator", {"n": []}, "n", "invalid_value"),
        ("comparator", {"participant": "007"}, "participant", "unknown_field"),
    ],
)
def test_what_the_contract_refuses_is_refused_at_its_field_and_nothing_waits(world, kind, change, field, code):
    version = design_of(world)

    with pytest.raises(InvalidInput) as refused:
        queued(world, version, kind=kind, fields=BOIN | change)
    assert [(at, [one.code for one in all_]) for at, all_ in refused.value.fields.items()] == [(field, [code])]
    assert not DesignRun.objects.exists()


def test_what_is_too_large_is_told_with_its_size_and_time_before_it_waits(world):
    regimens = [{**TRIAL["regimens"][0], "name": f"r{n}"} for n in range(2)]
    fields = TRIAL | {"patients": 10_001, "draws": 1_000, "regimens": regimens}

    with pytest.raises(InvalidInput) as refused:
        queued(world, design_of(world), kind="trial", fields=fields)

    [message] = refused.value.fields["patients"]
    # 10,001 x 2 x 1,000 people at 65,000 a second are 307.7 s
    assert (message.code, message.values) == (
        "run_too_large", {"size": 20_002_000, "minutes": 6, "most": 20_000_000},
    )  # fmt: skip
    assert "6 min" in text_of(message)


def test_who_may_not_design_and_a_stranger_queue_nothing(world):
    version = design_of(world)

    for user in (world.nurse, build_world("AWAY").sponsor):
        with pytest.raises(NotFound):
            queued(world, version, by=user)


def test_one_study_does_not_queue_without_end(world):
    version = design_of(world)
    for _ in range(WAITING_MOST):
        run_row(version)

    with pytest.raises(DomainError, match="runs_wait"):
        queued(world, version)
