"""Build a packet again from the facts of then, and compare it with the one that was kept."""

from argparse import ArgumentParser
from tempfile import TemporaryFile
from typing import Any
from uuid import UUID
from zipfile import ZipFile

from django.core.management.base import BaseCommand, CommandError

from grading.exports.packet.building import build_into
from grading.exports.packet.stored import read_into
from grading.exports.packet.verifying import file_at, first_difference
from grading.models import DataCut


class Command(BaseCommand):
    help = "Build a packet again and name the first byte that differs from the one that was kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=UUID, help="of the data cut: `id` in its manifest")

    def handle(self, *, id: UUID, **_: Any) -> None:  # noqa: A002  # the argument's name
        cut = DataCut.objects.select_related("study", "packet").filter(pk=id, packet__state="done").first()
        if cut is None:
            raise CommandError("there is no packet of this cut")
        with TemporaryFile() as kept, TemporaryFile() as again:
            read_into(cut.packet, kept)
            build_into(cut, again, step=lambda done, of: None)
            kept.seek(0)
            again.seek(0)
            offset = first_difference(kept, again)
            if offset is None:
                self.stdout.write(f"{cut.label}: the same {cut.packet.size} bytes, SHA-256 {cut.packet.sha256}")
                return
            with ZipFile(kept) as archive:
                where = file_at(archive, offset)
        raise CommandError(f"{cut.label}: byte {offset} differs, in {where}")
