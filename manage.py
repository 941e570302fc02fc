#!/usr/bin/env python3
"""Django's command line for this project."""

import importlib.util
import os
import sys
from pathlib import Path

# They read no secret, no database and no broker, so they need no settings, and a tool that calls them none either.
STATELESS = {"grade": "grading.management.commands.grade", "gate": "regimens.management.commands.gate",
             "design": "regimens.management.commands.design",
             "gate_sweep": "regimens.management.commands.gate_sweep",
             "verify_packet": "grading.management.commands.verify_packet"}  # fmt: skip


def main() -> None:
    """Run one management command; a wrong setting is one line, not a traceback."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name in STATELESS:
        importlib.import_module(STATELESS[name]).Command().run_from_argv(sys.argv)
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crsmonitor.settings")
    from django.core.management import execute_from_command_line

    from crsmonitor.env import BadSetting

    try:
        execute_from_command_line(sys.argv)
    except BadSetting as wrong:
        sys.exit(f"crsmonitor: {wrong}")


def with_packages() -> None:
    """Go on in this project's own environment where this Python has no packages; else say how to get one."""
    own = Path(__file__).resolve().parent / ".venv"
    if importlib.util.find_spec("django") is not None:
        return
    python = own / "bin" / "python"
    if python.exists() and Path(sys.prefix).resolve() != own.resolve():
        os.execv(python, [str(python), *sys.argv])  # noqa: S606  the same program, its packages beside it
    sys.exit("manage.py: the packages are not installed. Run python3 dev.py test or python3 dev.py up first.")


if __name__ == "__main__":
    with_packages()
    main()
