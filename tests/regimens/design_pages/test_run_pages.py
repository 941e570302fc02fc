"""A virtual trial by its pages: queued, watched, cancelled, run again; its page reads what is stored."""

import json
import re
import uuid

import pytest
from django.urls import reverse

from regimens.charts.figures import percent
from regimens.models import DesignRun
from regimens.services.design_runs import cancel_run
from regimens.services.designs import save_version
from tests.builders import hour
from tests.regimens.design_pages.builders import COMPARISON, claimed, finished_trial, queued_trial, whole_design
from tests.stages import stage

pytestmark = pytest.mark.django_db
ASKED_FOR = {"patients": "100", "seed": "5", "interval_pct": "90", "draws": "0", "pk_variability": "on"}


@stage
def version(world):
    return whole_design(world)


@stage
def done(version):
    return finished_trial(version)


def run_page(client, run, **headers) -> str:
    return client.get(reverse("design-run", args=[run.pk]), headers=headers).content.decode()


def test_a_run_is_queued_of_the_saved_version_with_its_whole_input(world, client, version):
    client.force_login(world.sponsor)
    answered = client.post(f"/design/{version.design_id}/runs/", ASKED_FOR | {"n": "12", "prior_car_t_pct": "20"})
    run = DesignRun.objects.get()

    assert answered.url == reverse("design-run", args=[run.pk])
    assert run.fields == COMPARISON | {
        "patients": 100, "seed": 5, "interval_pct": 90, "draws": 0, "n": 12, "population": {"prior_car_t_pct": 20},
    }  # fmt: skip
    assert "waits for its turn" in run_page(client, run)


def test_a_run_that_nobody_computes_says_so_until_somebody_does(world, client, version):
    """By the judgement of /readyz: it has waited for a minute, and none is computed."""
    run, words = queued_trial(version), "Nobody computes runs at present"
    client.force_login(world.sponsor)

    assert words in run_page(client, run)
    assert words in run_page(client, run, HX_Request="true")
    assert "目前沒有工作程序在計算虛擬試驗" in run_page(client, run, accept_language="zh-hant")
    claimed()
    assert words not in run_page(client, run)


def test_a_key_that_is_tapped_twice_queues_one_run(world, client, version):
    client.force_login(world.sponsor)
    page = client.get(f"/design/{version.design_id}/compare/").content.decode()
    address, key = re.search(
        r'action="(/design/\d+/runs/[^"]*)".*?name="key" value="([^"]+)"', page, re.DOTALL
    ).groups()
    twice = [client.post(address, ASKED_FOR | {"key": key}).url for _ in range(2)]

    assert len(set(twice)) == DesignRun.objects.count() == 1
    page = client.get(twice[0]).content.decode()
    assert "again/" not in page
    cancel_run(run_id=DesignRun.objects.get().pk, by=world.sponsor, at=hour(0))
    page = client.get(twice[0]).content.decode()
    address, key = re.search(r'action="([^"]*/again/)".*?name="key" value="([^"]+)"', page, re.DOTALL).groups()
    assert len({client.post(address, {"key": key}).url for _ in range(2)}) == 1
    assert DesignRun.objects.count() == 2


def test_a_run_is_of_the_version_that_was_looked_at_also_where_somebody_saved_since(world, client, version):
    client.force_login(world.sponsor)
    page = client.get(f"/design/{version.design_id}/compare/").content.decode()
    [address] = re.findall(r'action="(/design/\d+/runs/[^"]*)"', page)
    other = {"comparison": COMPARISON | {"regimens": COMPARISON["regimens"][:1]}}
    save_version(design_id=version.design_id, contents=other, by=world.investigator, at=hour(0))

    client.post(address, ASKED_FOR)

    run = DesignRun.objects.get()
    assert (run.version, run.fields["regimens"]) == (version, COMPARISON["regimens"])


@pytest.mark.parametrize(("box", "typed", "fault"), [
    ("patients", "0", "From 1 to 100,000."), ("patients", "x", "“x” is not a number"),
    ("patients", "", "This is missing."),
    ("n", "10001", "From 0 to 10,000."), ("draws", "1001", "From 0 to 1,000."), ("seed", "-1", "From 0 to"),
    ("interval_pct", "100", "Above 0 and below 100."), ("prior_car_t_pct", "101", "From 0 to 100."),
])  # fmt: skip
def test_a_fault_stands_at_its_box_and_nothing_is_queued(world, client, version, box, typed, fault):
    client.force_login(world.sponsor)
    answered = client.post(f"/design/{version.design_id}/runs/", ASKED_FOR | {box: typed})
    page = answered.content.decode()

    assert answered.status_code == 400
    assert fault in page.split(f'id="id_{box}_wrong">')[1].split("</p>")[0]
    assert 'name="seed" id="id_seed"' in page
    assert not DesignRun.objects.exists()


def test_too_large_a_run_is_refused_with_its_size_and_time(world, client, version):
    client.force_login(world.sponsor)
    page = client.post(f"/design/{version.design_id}/runs/", ASKED_FOR | {"patients": "100000", "draws": "1000"})

    assert "200,000,000" in page.content.decode().split('id="id_patients_wrong">')[1].split("</p>")[0]


@pytest.mark.long
def test_a_finished_run_shows_what_is_stored_and_computes_nothing(world, client, done, django_assert_max_num_queries):
    client.force_login(world.sponsor)
    page = run_page(client, done)
    stored = json.loads(done.result.answer)

    for regimen in stored["regimens"]:
        for period in [*regimen["periods"], regimen["total"]]:
            assert f"<strong>{percent(period['mean'])}</strong>" in page
    for words in ("between people", "not knowing the parameters", "chance in n people", "Chance in 20 people: events"):
        assert words in page
    assert done.digest in page
    assert done.result.sha256 in page
    with django_assert_max_num_queries(30):
        run_page(client, done)


def test_by_script_progress_is_told_until_it_is_done_and_then_the_page_is_loaded_anew(world, client, version):
    client.force_login(world.sponsor)
    waits = queued_trial(version)
    page = run_page(client, waits, HX_Request="true")

    assert "<html" not in page
    assert 'hx-trigger="every 1s"' in page  # one that had no answer does not end it
    assert "aria-live" not in page  # it would speak every second
    assert "Cancel the run" not in page  # no key is taken from under a finger every second
    assert "Cancel the run" in run_page(client, waits)
    gone = client.get(reverse("design-run", args=[uuid.uuid4()]), headers={"HX-Request": "true"})
    assert "not there any more" in gone.content.decode()
    assert "hx-get" not in gone.content.decode()


def test_of_a_run_that_is_done_the_script_is_sent_to_the_page(world, client, done):
    client.force_login(world.sponsor)
    answered = client.get(reverse("design-run", args=[done.pk]), headers={"HX-Request": "true"})

    assert answered.headers["HX-Refresh"] == "true"


def test_cancelling_leaves_no_result_and_after_done_changes_nothing(world, client, version, done):
    client.force_login(world.sponsor)
    waits = queued_trial(version, seed=8)

    for run in (waits, waits, done):
        assert client.post(reverse("design-run-cancel", args=[run.pk])).status_code == 302
    assert "cancelled" in run_page(client, waits)
    assert done.result.sha256 in run_page(client, done)


def test_run_again_says_whether_the_bytes_are_the_same(world, client, version, done):
    client.force_login(world.data_manager)
    assert client.post(reverse("design-run-again", args=[done.pk])).status_code == 302
    again = DesignRun.objects.exclude(pk=done.pk).get()

    assert (again.digest, again.fields) == (done.digest, done.fields)
    assert "waits for its turn" in run_page(client, done)


def test_two_runs_of_the_same_input_gave_the_same_bytes(world, client, version, done):
    other = finished_trial(version)
    client.force_login(world.data_manager)

    assert "run again: the same bytes" in run_page(client, done)
    assert "run again: the same bytes" in run_page(client, other)


@pytest.mark.parametrize("who", ["nurse", "charge_nurse", "outsider"])
def test_nobody_else_finds_a_run(world, client, done, who):
    client.force_login(getattr(world, who))
    addresses = [reverse(name, args=[done.pk]) for name in ("design-run-cancel", "design-run-again")]

    assert client.get(reverse("design-run", args=[done.pk])).status_code == 404
    assert {client.post(address).status_code for address in addresses} == {404}
