"""How many snapshot cases a second `manage.py grade` answers on one core: python3 bench/grade_snapshots.py [cases]

Prints the rules alone, a line to a line, and the whole command with its start.
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
DEVICES = ("room_air", "nasal_cannula", "high_flow_nasal_cannula", "face_mask", "cpap", None)
PRESSORS = ([], [], ["norepinephrine"], ["norepinephrine", "vasopressin"], ["norepinephrine", "epinephrine"])


def case(at: int) -> dict[str, object]:
    """A case of either kind, each field seen, unseen and abnormal in turn."""
    if at % 4 == 3:
        items = dict.fromkeys(("year", "month", "city", "hospital", "command", "writing", "attention"), at % 3 > 0)
        seen = {"ice": items | {"naming": at % 4}, "consciousness": "awake", "seizure": "none", "motor": "none"}
        return {"id": f"case-{at}", "kind": "icans", "inputs": seen | {"oedema": "none", "icp_signs": []}}
    seen = {
        "temperature_c": None if at % 17 == 0 else 36.5 + at % 40 / 10,
        "antipyretic_or_anticytokine_since_onset": at % 5 == 0,
        "prior_crs_fever_this_episode": at % 7 == 0,
        "sbp": None if at % 13 == 0 else 70 + at % 80,
        "dbp": 45,
        "hypotension": None,
        "fluid_bolus": at % 11 == 0,
        "vasopressors": PRESSORS[at % len(PRESSORS)],
        "spo2": 85 + at % 15,
        "oxygen_device": DEVICES[at % len(DEVICES)],
        "oxygen_flow_l_min": None if at % 6 == 0 else at % 12,
    }
    return {"id": f"case-{at}", "kind": "crs", "inputs": seen}


def main() -> None:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    lines = [json.dumps(case(at)).encode() for at in range(cases)]

    from crsmonitor.formats.jsonl_command import ENCODER
    from grading.management.commands.grade import answer_line
    from grading.rules.contract.inputs import parse_crs
    from grading.rules.grades.crs import grade_crs

    observations = [parse_crs(json.loads(line)["inputs"]) for line in lines if b'"crs"' in line]
    for name, count, run in (
        ("rules alone (crs)", len(observations), lambda: [grade_crs(observation) for observation in observations]),
        ("line to line", cases, lambda: [ENCODER.encode(answer_line(line)[0]) for line in lines]),
    ):
        began, wall = time.process_time(), time.perf_counter()
        run()
        report(name, count, time.process_time() - began, time.perf_counter() - wall)

    command = [sys.executable, str(ROOT / "manage.py"), "grade"]
    before, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, input=b"\n".join(lines), capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    report("manage.py grade, with its start", cases, spent, time.perf_counter() - wall)
    if done.stdout.count(b"\n") != cases:
        raise SystemExit("answers are missing")


def report(name: str, cases: int, processor: float, wall: float) -> None:
    """The processor's time is the figure: the wall clock also measures who else is at work."""
    print(f"{name}: {cases} cases, {processor:.2f} s of processor ({wall:.2f} s), {cases / processor:,.0f} a second")


if __name__ == "__main__":
    main()
