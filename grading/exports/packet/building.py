"""A packet is built in the background and kept: the archive in a file of its own first, then its bytes in the table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from tempfile import TemporaryFile
from typing import BinaryIO

import psycopg
from django.db import connection, transaction

from grading.exports.packet.contents import write_packet
from grading.exports.packet.cuts import next_packet
from grading.exports.packet.known_at import known_at
from grading.exports.writers import connection_parameters
from grading.models import DataCut, Packet, PacketPart, PacketState

LEASE = timedelta(minutes=10)  # renewed at each step; a killed worker's packet is begun again after it
PART = 4 << 20  # bytes of a packet in one row

Clock = Callable[[], datetime]
_GO_ON = """
UPDATE grading_packet SET steps = %s, steps_in_all = %s, claimed_until = %s WHERE cut_id = %s AND state = 'running'
"""


class Stopped(Exception):
    """Somebody cancelled it, or another worker took it over."""


def build_into(cut: DataCut, out: BinaryIO, *, step: Callable[[int, int], None]) -> None:
    """The bytes of the cut's packet, as it was known then."""
    with known_at(cut.study, cut.cut, progress=lambda done, of: step(0, 0)), connection.cursor() as cursor:
        write_packet(cut, out, cursor.cursor, step=step)


def build_next(*, clock: Clock) -> Packet | None:
    """Take one that waits, build it and keep it. None: none waits."""
    packet = next_packet(at=clock(), lease=LEASE)
    if packet is None:
        return None
    with BuildProgress(packet, clock) as steps, TemporaryFile() as file:
        try:
            build_into(packet.cut, file, step=steps.step)
        except Stopped:
            return packet
        except Exception as error:
            Packet.objects.filter(pk=packet.pk, state=PacketState.RUNNING.value).update(
                state=PacketState.FAILED.value, finished_at=clock(), problem=type(error).__name__[:60]
            )
            raise
        keep(packet, file, at=clock())
    return packet


def keep(packet: Packet, file: BinaryIO, *, at: datetime) -> None:
    """The bytes and their hash, unless it was cancelled meanwhile: all or none."""
    with transaction.atomic():
        held = Packet.objects.select_for_update().get(pk=packet.pk)
        if held.state != PacketState.RUNNING.value:
            return
        digest, number = sha256(), 0
        file.seek(0)
        while data := file.read(PART):
            digest.update(data)
            PacketPart.objects.create(packet=held, number=number, data=data)
            number += 1
        held.state, held.finished_at, held.claimed_until = PacketState.DONE.value, at, None
        held.size, held.sha256 = file.tell(), digest.hexdigest()
        held.save()


@dataclass
class BuildProgress:
    """How far it is, on a connection of its own: that of the build is in a transaction which is taken back."""

    packet: Packet
    clock: Clock

    def __enter__(self) -> "BuildProgress":
        # Where the row is not committed, as in a test, nobody else can see it: nothing is told.
        self.connection = None if connection.in_atomic_block else psycopg.connect(
            **connection_parameters(read_only=False), autocommit=True
        )  # fmt: skip
        return self

    def __exit__(self, *error: object) -> None:
        if self.connection is not None:
            self.connection.close()

    def step(self, done: int, of: int) -> None:
        """Raises Stopped where it is no longer ours to go on with."""
        if self.connection is not None:
            result = self.connection.execute(_GO_ON, [done, of, self.clock() + LEASE, self.packet.pk])
            if result.rowcount == 0:
                raise Stopped
