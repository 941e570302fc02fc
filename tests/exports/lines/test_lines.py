"""Lines that were written before: an export that takes them is, byte for byte, the one that makes every row anew."""

import io
import threading
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Replace
from django.test import Client
from django.utils import timezone

from crsmonitor.accounts.models import ApiToken
from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from grading.exports.lines.keeping import keep_all_lines
from grading.exports.lines.reading import download_with_lines
from grading.exports.lines.sets import usable_set
from grading.exports.rows import rows_of, scope_for, scope_of_key
from grading.exports.writers import Download
from grading.models import Alert, DosePeriod, ExportLine, LineSet
from grading.rules.queries.thread import QueryMove
from regimens.blinding import Profile
from regimens.models import Disposition, Dose
from regimens.moving import transfer
from tests.builders import build_world, dose, draft, hour, kept, person, vitals
from tests.exports.packet.random_trial import RandomTrial
from tests.exports.reading import raw
from tests.queries.moves import asks, moved

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Exports:
    """What a sponsor takes away, both ways."""

    world: object
    taken: int = 0  # lines that exports took as they lay there

    def keep(self):
        """As if no other test were at work: what is written has ended, and its number is below all that come."""
        keep_all_lines(clock=timezone.now)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
            (newest,) = cursor.fetchone()
        LineSet.objects.update(xact=newest)
        ExportLine.objects.update(xact=newest)

    def stored(self):
        """How many of the lines count now."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM grading_exportline line JOIN grading_lineset ls ON ls.id = line.line_set_id"
                " WHERE ls.id = %s AND NOT EXISTS (SELECT FROM grading_periodchange change"
                " WHERE change.participant_id = line.participant_id AND change.xact >= line.xact)",
                [usable_set(self.scope.study, self.scope.profile).pk],
            )
            return cursor.fetchone()[0]

    @property
    def scope(self):
        self.world.study.refresh_from_db()
        return scope_for(self.world.sponsor, self.world.study.code)

    def agree(self):
        cut = timezone.now()
        download = download_with_lines(self.scope, cut, user_id=self.world.sponsor.pk)
        assert b"".join(download) == raw(self.world, cut)
        self.taken += self.stored()


@pytest.fixture
def world(transactional_db):
    return build_world()


def over(world, participant):
    kept(draft(Disposition, world, 24 * 30, kind="completed", participant=participant), world, by=world.investigator)


@pytest.mark.long
def test_whatever_happens_the_bytes_are_the_same(world):
    """Late entries, corrections, withdrawals, judgements, moves and answers, before lines are written and after."""
    trial, exports = RandomTrial(world, seed=11), Exports(world)
    trial.begin(world.participant)
    over(world, world.participant)
    trial.settle()
    exports.keep()
    exports.agree()
    assert exports.taken == 3  # nothing of her waits for anything
    for fact in range(1, 25):
        if fact == 6:
            trial.enrol()
            trial.begin(trial.participants[-1])
        if fact == 16:
            trial.move()
        trial.happen()
        if fact % 6 == 0:
            trial.settle()
            trial.answer()
            exports.agree()  # of lines that nobody wrote again
            exports.keep()
            exports.agree()
    assert exports.taken > 10
    assert ExportLine.objects.count() < DosePeriod.objects.count()  # one goes on


@pytest.mark.long
def test_each_way_in_voids_a_line_and_it_is_written_again(world):
    """What is no fact of a set: an answer, a query, a derivation without a fact, a move, a study that is blinded."""
    given = kept(dose(world, 0), world).fact
    ill = kept(vitals(world, 3, temperature_c=38.6), world).fact
    for h in (6, 18, 31):  # observed free: an episode that goes on counts to the cut
        kept(vitals(world, h), world, at=hour(h))
    over(world, world.participant)
    alert = Alert.objects.first()
    exports = Exports(world)

    def corrected():
        right = vitals(world, 3, temperature_c=39.6, supersedes=ill, root=ill.root, reason="misread")
        kept(right, world, at=timezone.now())

    def moved_away():
        transfer(participant_id=world.participant.pk, to=world.other_site, because="moved", by=world.charge_nurse,
                 at=timezone.now())  # fmt: skip

    def as_an_older_program_does():
        with connection.cursor() as cursor:
            cursor.execute("UPDATE grading_doseperiod SET crs_max_grade = 4, step_label = 'A \"b\", c'")

    ways = (
        lambda: alert.events.create(state="acknowledged", by=world.nurse, at=timezone.now()), corrected,
        lambda: asks(world, given), lambda: moved(asks(world, ill), QueryMove.CLOSED, world.data_manager, 6),
        as_an_older_program_does, moved_away,
    )  # fmt: skip
    for way in ways:
        exports.keep()
        assert exports.stored() == 1
        exports.agree()
        way()
        assert exports.stored() == 0
        exports.agree()
    exports.keep()
    world.study.blinded = True
    with acting(by="test", reason="protocol"):
        world.study.save()
    assert usable_set(world.study, exports.scope.profile) is None
    exports.keep()
    exports.agree()
    assert exports.stored() == 1


@pytest.mark.long
def test_what_commits_while_lines_are_written_is_in_no_line_and_in_the_export(world):
    kept(dose(world, 0), world)
    over(world, world.participant)
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
        keep_all_lines(clock=timezone.now)
    finally:
        go_on.set()
        writer.join()
    assert ExportLine.objects.count() == 1
    Exports(world).agree()
    keep_all_lines(clock=timezone.now)
    Exports(world).agree()


def test_a_line_feed_and_our_own_signs_leave_as_they_are(world):
    kept(dose(world, 0), world)
    over(world, world.participant)
    DosePeriod.objects.update(step_label="a\nb\r\x01\x02\x03\"'\\")
    exports = Exports(world)
    exports.keep()
    exports.agree()
    assert exports.stored() == 1


@pytest.mark.long
def test_the_page_takes_them(world):
    kept(dose(world, 0), world)
    over(world, world.participant)
    with acting(by="test", reason="of the whole study"):
        manager = person("all.data", world.study, Role.DATA_MANAGER)
    client = Client()
    client.force_login(manager)
    Exports(world).keep()
    ExportLine.objects.update(before="taken,")  # none else could say so
    body = b"".join(client.get("/exports/DEMO/adcrsp.csv").streaming_content)
    assert body.splitlines()[1].startswith(b"taken,")
    assert Dose.objects.count() == 1


@pytest.mark.long
def test_a_key_that_is_told_something_else_takes_lines_of_its_own(world):
    """The committee is told the cohort, a blinded key no dose: whatever changes bears on each of them."""
    kept(dose(world, 0), world)
    over(world, world.participant)
    until = timezone.now() + timedelta(days=9)
    for name, profile in (("dmc", Profile.DMC), ("edc", Profile.BLINDED), ("tables", Profile.DOSES)):
        bound = {"sites": None, "datasets": ["adcrsp"], "profile": profile.value, "study": world.study}
        with acting(by="test", reason="a key"):
            ApiToken.issue(
                user=world.sponsor, label=name, scopes=["export"], at=timezone.now(), expires_at=until, **bound
            )  # fmt: skip
    scopes = [scope_of_key(key) for key in ApiToken.objects.order_by("pk")]
    exports = Exports(world)

    def agree():
        for scope in scopes:
            cut = timezone.now()
            by_lines = b"".join(download_with_lines(scope, cut, user_id=world.sponsor.pk))
            assert by_lines == b"".join(Download(rows_of(scope, cut), user_id=world.sponsor.pk))

    exports.keep()
    agree()
    DosePeriod.objects.update(cohort="B")  # as is derived where it was changed
    agree()
    exports.keep()
    agree()
    assert ExportLine.objects.count() == len({scope.profile for scope in scopes}) == 3
    assert [",B," in line.before for line in ExportLine.objects.order_by("line_set__profile")] == [False, True, False]
    with acting(by="test", reason="revoked"):
        ApiToken.objects.filter(label="dmc").update(revoked_at=timezone.now())
    LineSet.objects.update(kept_at=timezone.now() - timedelta(days=2))  # when nobody looked after any of them
    exports.keep()
    assert {*LineSet.objects.values_list("profile", flat=True)} == {"doses", "blinded"}


@pytest.mark.long
def test_rederive_knows_a_line_that_says_something_else_and_makes_it_again(world):
    kept(dose(world, 0), world)
    over(world, world.participant)
    exports = Exports(world)
    exports.keep()
    ExportLine.objects.update(before=Replace("before", Value(",GIVEN,"), Value(",PARTIAL,")))
    seen = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("rederive", check=True, jobs=1, stdout=seen)
    assert "DEMO: ExportLine DEMO-DEMO-TPE-DEMO-001 1 DOSSTAT: stored 'PARTIAL', derived 'GIVEN'" in seen.getvalue()
    call_command("rederive", jobs=1, stdout=seen)
    exports.agree()
    assert ExportLine.objects.filter(before__contains=",GIVEN,").count() == 1
