"""Facts in a database of their own, by a process of their own: `python -m tests.faults.rig.recorded write|read`.

`write`: a participant with a fever, then its instant on standard output, then a second set with one worse.
`read`: what `docs/operating/backup.md` has a recovered server asked, and how many sets there are, as JSON.
"""

import io
import json
import os
import sys
from typing import Any


def main(act: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "crsmonitor.settings"
    import django

    django.setup()
    print(json.dumps({"write": write, "read": read}[act]()), flush=True)


def write() -> dict[str, Any]:
    from django.db import connection, connections

    from crsmonitor.audit.grants import grant
    from tests.builders import build_world, dose, kept, stay, vitals

    grant(connections["owner"], role=connection.settings_dict["USER"])  # as an upgrade does
    world = build_world("WAL")
    for fact in (stay(world), dose(world), vitals(world, 1, temperature_c=38.6)):
        kept(fact, world)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()::text")
        (instant,) = cursor.fetchone()
    kept(vitals(world, 2, temperature_c=39.6), world)
    return {"instant": instant}


def read() -> dict[str, Any]:
    from django.core.management import call_command

    from grading.models import VitalSigns

    answers: dict[str, Any] = {"sets": VitalSigns.objects.count()}
    output = io.StringIO()
    call_command("held_messages", "hold", reason="recovered to an instant", stdout=output)
    for words in (["verify_audit"], ["rederive", "--check"]):
        call_command(*words, stdout=output)
    return answers | {"output": output.getvalue()}


if __name__ == "__main__":
    main(sys.argv[1])
