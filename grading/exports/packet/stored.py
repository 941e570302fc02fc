"""The bytes of a packet that was kept, whole or a range of them."""

from collections.abc import Iterator
from typing import BinaryIO

from grading.exports.packet.building import PART
from grading.models import Packet, PacketPart


def bytes_of(packet: Packet, first: int, last: int) -> Iterator[bytes]:
    """Bytes `first` to `last`, both in, part by part: one part is in memory at a time."""
    for number in range(first // PART, last // PART + 1):
        data = bytes(PacketPart.objects.values_list("data", flat=True).get(packet=packet, number=number))
        yield data[max(first - number * PART, 0) : last + 1 - number * PART]


def read_into(packet: Packet, out: BinaryIO) -> None:
    """All of a packet that is done."""
    for data in bytes_of(packet, 0, (packet.size or 0) - 1):
        out.write(data)
