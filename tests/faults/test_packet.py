"""A worker dies while it builds a packet, and another makes it whole."""

import os
import signal
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from crsmonitor.accounts.proof import Proof
from grading.exports.packet.building import LEASE, build_next
from grading.exports.packet.cuts import make_cut, next_packet
from grading.exports.rows import scope_for
from grading.models import Packet, PacketPart
from tests.builders import build_world, dose, hour, kept, vitals
from tests.faults.rig.stack import START, until

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]


def test_a_packet_whose_worker_is_killed_is_made_whole_by_another_after_the_lease(stack, capsys):
    world = build_world()
    kept(dose(world), world)
    kept(vitals(world, 27, temperature_c=38.6), world)
    make_cut(scope_for(world.sponsor, "DEMO"), label="dmc-1", because="safety", cut=hour(50), by=world.sponsor,
             at=timezone.now(), proof=Proof.PASSWORD)  # fmt: skip
    builder = stack.start("builder", "tests.faults.rig.builder")
    until(lambda: Packet.objects.get().steps > 2, START, "the first files are written")

    os.killpg(builder.pid, signal.SIGKILL)
    builder.wait()

    packet = Packet.objects.get()
    assert (packet.state, packet.steps < packet.steps_in_all) == ("running", True)
    assert not PacketPart.objects.exists()  # all of it or nothing
    assert next_packet(at=timezone.now(), lease=LEASE) is None  # it may be at work still, for all that anybody knows
    build_next(clock=lambda: timezone.now() + LEASE + timedelta(seconds=1))
    made = Packet.objects.get()
    assert (made.state, made.claimed_until) == ("done", None)
    call_command("replay_packet", str(made.pk))  # as a worker that nobody disturbed would have made it
    assert made.sha256 in capsys.readouterr().out
