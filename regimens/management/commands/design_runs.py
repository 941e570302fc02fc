"""All runs of the workbench: how many there are; or each that is done held against itself, computed again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count

from regimens.design.contract import kinds
from regimens.models import DesignProgress, DesignResult
from regimens.runs.again import not_as_kept, recompute


class Command(BaseCommand):
    help = (
        "How many runs of the workbench there are, by state; with --verify each that is done is held against its hash "
        "and the audit trail, and computed again where the engine is the same (exit 1: one is not as it was kept)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--verify", action="store_true", help="compute all again; takes as long as they took")

    def handle(self, *, verify: bool, **_: Any) -> None:
        if not verify:
            for state, count in DesignProgress.objects.values_list("state").annotate(Count("pk")).order_by("state"):
                self.stdout.write(f"{state}: {count}")
            return
        engine, same, others, wrong = kinds.engine(), 0, 0, 0
        results = DesignResult.objects.select_related("run").order_by("run__queued_at", "pk")
        for result in results.iterator(chunk_size=10):
            faults = list(not_as_kept(result))
            if result.run.engine != engine:
                others += 1
            elif not (again := recompute(result, engine=engine)).is_same:
                faults.append(again.problem or f"byte {again.byte} differs")
            else:
                same += 1
            if faults:
                wrong += 1
                self.stdout.write(f"{result.run.pk}: {'; '.join(faults)}")
        summary = f"{same} gave the same bytes, {others} were computed with another engine and not again"
        self.stdout.write(f"{summary}, {wrong} are not as they were kept")
        if wrong:
            raise CommandError("not every run is as it was kept")
