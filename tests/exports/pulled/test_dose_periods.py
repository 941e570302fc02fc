"""Dose periods pulled as they change: what was kept, with what came since, is what a whole pull gives."""

import json
import re
import threading
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.signing import Signer
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from grading.exports.datasets.adcrsp.query import ADCRSP
from grading.exports.keys.services import Binding, issue
from grading.exports.pulled.periods import changes
from grading.exports.pulled.periods.cursor import Cursor
from grading.models import DataQuery, DosePeriod, PeriodChange
from grading.rules.queries.thread import QueryMove
from regimens.blinding import Profile
from regimens.models import Disposition, Dose, DoseStatus
from regimens.moving import transfer
from tests.builders import build_world, dose, draft, hour, kept, person, vitals
from tests.exports.packet.random_trial import RandomTrial
from tests.queries.moves import asks, moved

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/api/v1/studies/DEMO/dose-periods/"


@dataclass
class Program:
    """Keeps the rows as the description of the API says."""

    client: Client
    cursor: str = ""
    rows: dict = field(default_factory=dict)
    sent: int = 0

    def call(self, **parameters):
        answer = self.client.get(ADDRESS, parameters)
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content)

    def pull(self, **parameters):
        """One pull, page by page; returns how many rows came."""
        self.sent, more = 0, True
        while more:
            page = self.call(**parameters, **({"cursor": self.cursor} if self.cursor else {}))
            for gone in page["deleted"]:
                self.rows.pop((gone["USUBJID"], gone["DOSENUM"]), None)
            for row in page["upserts"]:
                named = dict(zip(page["columns"], row, strict=True))
                self.rows[named["USUBJID"], named["DOSENUM"]] = named
            self.sent += len(page["upserts"])
            self.cursor, more = page["cursor"], page["more"]
        return self.sent


def program(world, name="edc", *, sites=None, profile=Profile.DOSES):
    with acting(by="test", reason="of the whole study"):
        manager = person(f"{name}.data", world.study, Role.DATA_MANAGER)
    binding = Binding(sites=sites, datasets=["adcrsp"], profile=profile)
    key = issue(world.study, name=name, binding=binding, days=1, by=manager, at=timezone.now())
    return Program(Client(headers={"api-key": key}))


@pytest.fixture
def world(transactional_db, monkeypatch):
    """What was written just now is not sent again for that alone: the numbers of transactions have to do."""
    monkeypatch.setattr(changes, "CLOCKS_DIFFER", timedelta(days=-1))
    return build_world()


def over(world, participant):
    """Nothing of her depends on the clock any more."""
    kept(draft(Disposition, world, 24 * 30, kind="completed", participant=participant), world, by=world.investigator)


def without_clock(rows):
    """What goes on is counted to the instant of the pull: two pulls are never of one instant."""
    return {
        key: {name: value for name, value in row.items() if name not in ("ASPREDTM", "PERDURH")}
        if row["PERENDC"] == "DATA CUT" else row
        for key, row in rows.items()
    }  # fmt: skip


# Hours of an episode that goes on are counted to the instant of the pull, also where the period is over.
TO_THE_PULL = ("CRSDURH", "CRSDUR1H", "ICNDURH")


def about(rows):
    """Of a pull within three minutes of the one that is held against it."""
    return {
        key: {
            name: pytest.approx(value, abs=0.05) if name in TO_THE_PULL and value is not None else value
            for name, value in row.items()
        }
        for key, row in without_clock(rows).items()
    }


@pytest.mark.long
def test_a_replay_of_pulls_is_a_whole_pull(world):
    """Late entries, corrections, withdrawals, moves, answers and judgements, pulled in between, in pages and whole."""
    trial = RandomTrial(world, seed=5)
    trial.begin(world.participant)
    over(world, world.participant)
    every, here = program(world), program(world, "site", sites=(world.site.pk,))
    pulls = 0
    for fact in range(1, 46):
        if fact in (4, 8):
            trial.enrol()
            trial.begin(trial.participants[-1])
            over(world, trial.participants[-1])
        if fact == 24:
            trial.move()
        trial.happen()
        if fact % 9 == 0:
            trial.settle()
            trial.answer()
            for one, name in ((every, "every"), (here, "here")):
                one.pull(limit=1 if pulls % 2 else 5000)
                whole = Program(one.client)
                whole.pull()
                assert without_clock(one.rows) == about(whole.rows), (name, fact)
            pulls += 1
    assert pulls == 5
    assert len({key[0] for key in every.rows}) > len({key[0] for key in here.rows}) > 0


@pytest.mark.long
def test_a_dose_that_is_taken_back_and_one_that_was_not_given_are_told(world):
    first = kept(dose(world, 0), world).fact
    second = kept(dose(world, 168, step=1), world, at=hour(168)).fact
    ours = program(world)
    ours.pull()
    assert sorted(number for _, number in ours.rows) == [1, 2]

    taken_back = dose(world, 168, step=1, supersedes=second, root=second.root, reason="never hung", withdrawn=True)
    kept(taken_back, world, at=hour(170))
    ours.pull()
    assert sorted(number for _, number in ours.rows) == [1]

    not_given = dose(world, 0, supersedes=first, root=first.root, reason="never hung", status=DoseStatus.NOT_GIVEN,
                     amount=None, planned_at=hour(0), not_given_because="fever")  # fmt: skip
    kept(not_given, world, at=hour(171))
    ours.pull()
    whole = Program(ours.client)
    whole.pull()
    assert ours.rows == whole.rows
    assert [row["DOSSTAT"] for row in ours.rows.values()] == ["NOT GIVEN"]


def test_who_leaves_the_sites_of_a_key_is_gone_there_and_stays_elsewhere(world):
    kept(dose(world, 0), world)
    over(world, world.participant)
    here, there = program(world, sites=(world.site.pk,)), program(world, "there", sites=(world.other_site.pk,))
    here.pull()
    there.pull()
    assert (len(here.rows), len(there.rows)) == (1, 0)

    transfer(participant_id=world.participant.pk, to=world.other_site, because="moved", by=world.charge_nurse,
             at=timezone.now())  # fmt: skip
    here.pull()
    there.pull()
    assert (len(here.rows), len(there.rows)) == (0, 1)
    assert next(iter(there.rows)) == ("DEMO-DEMO-TPE-DEMO-001", 1)  # as it was before, at the site of enrolment


def blind(world):
    world.study.blinded = True
    with acting(by="test", reason="protocol"):
        world.study.save()


def quiet(world):
    kept(dose(world, 0), world)
    over(world, world.participant)


def as_if_alone(text):
    """The cursor that it would be were no other test at work: what it has is below the oldest transaction at work."""
    scope = Signer(salt="grading.exports.pulled").unsign_object(text)[0]
    cursor = Cursor.read(text, scope=scope)
    with connection.cursor() as asked_of:
        asked_of.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        (newest,) = asked_of.fetchone()
    return replace(cursor, since=replace(cursor.since, xact=newest)).text()


@pytest.mark.long
def test_what_did_not_change_is_not_sent_again(world):
    quiet(world)
    ours = program(world)
    assert ours.pull() == 1
    ours.cursor = as_if_alone(ours.cursor)
    assert ours.pull() == 0
    kept(vitals(world, 3, temperature_c=38.4, reason="from paper"), world, at=hour(800))
    assert (ours.pull(), next(iter(ours.rows.values()))["TEMPMAX"]) == (1, 38.4)
    assert Program(ours.client).pull(since=(timezone.now() - timedelta(hours=1)).isoformat()) == 1


def test_what_is_derived_anew_without_a_fact_is_sent(world):
    """As an update of the rules does: nobody records anything."""
    quiet(world)
    ours = program(world)
    ours.pull()
    DosePeriod.objects.update(crs_max_grade=2)
    ours.pull()
    assert next(iter(ours.rows.values()))["CRSMAXAG"] == 2


def test_what_commits_after_a_pull_that_began_later_is_not_missed(world):
    """It was begun, and looked at the clock, before; other transactions end in between."""
    quiet(world)
    ours = program(world)
    begun, go_on = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            DosePeriod.objects.update(crs_max_grade=3)
            begun.set()
            assert go_on.wait(30)
        connection.close()

    writer = threading.Thread(target=slow)
    writer.start()
    try:
        assert begun.wait(30)
        with acting(by="test", reason="another"):
            build_world("OTHER")
        ours.pull()
        assert next(iter(ours.rows.values()))["CRSMAXAG"] != 3
    finally:
        go_on.set()
        writer.join()
    ours.pull()
    assert next(iter(ours.rows.values()))["CRSMAXAG"] == 3


def test_a_query_that_is_opened_and_closed_is_pulled(world):
    given = kept(dose(world, 0), world).fact
    ours = program(world)
    for act, waiting in (
        (lambda: None, 0), (lambda: asks(world, given), 1),
        (lambda: moved(DataQuery.objects.get(), QueryMove.CLOSED, world.data_manager, 6), 0),
    ):  # fmt: skip
        act()
        assert ours.pull() == 1
        assert next(iter(ours.rows.values()))["QRYOPENN"] == waiting


def test_a_cursor_is_of_its_key_and_of_its_database(world):
    kept(dose(world, 0), world)
    ours, blinded = program(world), program(world, "blind", profile=Profile.BLINDED)
    ours.pull()

    def refused(client, **parameters):
        answer = client.get(ADDRESS, parameters)
        body = json.loads(answer.content)
        return answer.status_code, *body.get("errors", {})

    assert refused(blinded.client, cursor=ours.cursor) == (410,)
    assert refused(ours.client, cursor=ours.cursor[:-1]) == (400, "cursor")
    blind(world)  # bears on every row
    assert refused(ours.client, cursor=ours.cursor) == (410,)
    now = timezone.now()
    for wrong, where in (
        ({"since": "yesterday"}, "since"), ({"since": "2026-03-02T09:00:00"}, "since"), ({"limit": "0"}, "limit"),
        ({"since": (now + timedelta(hours=1)).isoformat()}, "since"), ({"limit": "5001"}, "limit"),
        ({"since": now.isoformat(), "cursor": ours.cursor}, "since"), ({"after": "7"}, "after"), ({"cut": "x"}, "cut"),
    ):  # fmt: skip
        assert refused(ours.client, **wrong) == (400, where), wrong


def test_each_pull_is_in_the_trail_and_is_packed(world):
    kept(dose(world, 0), world)
    ours = program(world)
    ours.pull()
    assert ours.client.get(ADDRESS, headers={"accept-encoding": "gzip"})["content-encoding"] == "gzip"
    begun = AuditEvent.objects.filter(table_name="export_begun").latest("id")
    ended = AuditEvent.objects.filter(table_name="export_ended").latest("id")
    assert (begun.after["format"], begun.after["profile"], ended.after["limit"]) == ("changes", "doses", 1000)


def test_every_table_that_a_row_is_made_of_says_whose_row_it_changed(world):
    texts = [ADCRSP.source, *(column.sql for column in ADCRSP.columns)]
    read = {name for text in texts for name in re.findall(r"\b(?:FROM|JOIN) ([a-z]+_[a-z_]+)", text)}
    tables = read & {model._meta.db_table for model in apps.get_models()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'period_changed'")
        told_by = {table for (table,) in cursor.fetchall()}
    assert len(tables) > 15
    assert tables - told_by == set()
    assert PeriodChange.app_may == "SELECT"  # triggers write it, and nobody else
    assert Dose._meta.db_table in told_by
