"""One run of the workbench: how far it is; or computed again, and compared with what was kept."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from regimens.design.contract import kinds
from regimens.models import DesignResult, DesignRun
from regimens.runs.again import recompute


class Command(BaseCommand):
    help = (
        "How far a run of the workbench is; with --again, whether it gives the very bytes again (exit 1: it does not)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=UUID, help="of the run, as its page and the API show it")
        parser.add_argument("--again", action="store_true", help="compute it again and compare every byte")

    def handle(self, *, id: UUID, again: bool, **_: Any) -> None:  # noqa: A002  # the argument's name
        run = DesignRun.objects.select_related("progress").filter(pk=id).first()
        if run is None:
            raise CommandError("there is no such run")
        progress = run.progress
        if not again:
            self.stdout.write(f"{run.kind} {run.pk}: {progress.state}, {progress.done} of {progress.of}; {run.engine}")
            return
        result = DesignResult.objects.select_related("run").filter(run=run).first()
        if result is None:
            raise CommandError(f"it is {progress.state}: there is nothing to compare with")
        recomputed = recompute(result, engine=kinds.engine())
        if recomputed.engine is not None:
            self.stdout.write(f"the engine is another: it was computed with {run.engine}, here is {recomputed.engine}")
        if not recomputed.is_same:
            raise CommandError(recomputed.problem or f"byte {recomputed.byte} differs")
        self.stdout.write(f"the same {len(result.answer.encode())} bytes, SHA-256 {result.sha256}")
