"""manage.py drug_dictionary [--write]: check the dictionary of drugs and whether the rules have it as it stands."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from grading.treatment.dictionary import FILE, WRITTEN, BadDictionary, module_of, read_dictionary


class Command(BaseCommand):
    help = "Checks the dictionary of drugs (treatment/dictionary/agents.yaml), and with --write hands it to the rules."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help="write the rules' module from the file")

    def handle(self, *args: Any, write: bool, **options: Any) -> None:
        try:
            agents = read_dictionary()
        except BadDictionary as error:
            raise CommandError(f"{FILE.name}: {error}") from None
        text = module_of(agents)
        if write:
            WRITTEN.write_text(text, encoding="utf-8")
        elif WRITTEN.read_text(encoding="utf-8") != text:
            raise CommandError(f"{WRITTEN.name} is not {FILE.name}: manage.py drug_dictionary --write")
        names = sum(1 + len(agent.names) + len(agent.ambiguous) for agent in agents)
        self.stdout.write(f"{len(agents)} drugs, {names} names")
