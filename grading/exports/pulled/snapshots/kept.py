"""A data set of a cut, whole or in parts, as it stands in the packet that was kept: nothing is read anew."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast
from zipfile import ZipFile

from grading.exports.datasets.dataset import Dataset
from grading.exports.formats.dataset_json import DEFINE
from grading.exports.packet.stored import PacketFile
from grading.exports.packet.verifying import manifest_in
from grading.exports.pulled.answer import IN_MEMORY, RowRange
from grading.exports.pulled.snapshots.shifting import HEAD_ENDS, DateShift, records_of, rows_in
from grading.models import DataCut


@contextmanager
def archive_of(cut: DataCut) -> Iterator[ZipFile]:
    """Its packet, opened once for all that an answer tells of it."""
    with ZipFile(cast(BinaryIO, PacketFile(cut.packet))) as archive:
        yield archive


def entries_in(archive: ZipFile) -> dict[str, dict[str, Any]]:
    """What the manifest says of each Dataset-JSON file, by the name of the data set."""
    files = manifest_in(archive)["files"]
    return {entry["name"].removesuffix(".json"): entry for entry in files if entry["name"].endswith(".json")}


def define_in(archive: ZipFile) -> str:
    return archive.read(DEFINE).decode()


def part_in(
    archive: ZipFile, dataset: Dataset, part: RowRange, *, words: bool, rows: bool, shift: DateShift | None = None
) -> tuple[Any, int]:
    """A file with the bytes asked for, at its begin, and how many they are. `words`: what stands before the rows."""
    out: Any = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # the answer closes it
    with archive.open(f"{dataset.name}.json") as file:
        lines = iter(io.BufferedReader(cast(io.RawIOBase, file)))
        head, each = next(lines).removesuffix(HEAD_ENDS), rows_in(lines)
        if shift is not None:
            about = json.loads(head + b"}")
            about["records"] = records_of(archive, dataset, shift)
            head = json.dumps(about, ensure_ascii=False, separators=(",", ":")).encode()[:-1]
            each = shift.rows(about["columns"], each)
        out.write(head if words else b"{")
        if rows:
            out.write(HEAD_ENDS if words else HEAD_ENDS[1:])
            last = None if part.limit is None else part.offset + part.limit
            for number, row in enumerate(islice(each, part.offset, last)):
                out.write(b",\n" + row if number else row)
            out.write(b"\n]")
        out.write(b"}\n")
    size = out.tell()
    out.seek(0)
    return out, size
