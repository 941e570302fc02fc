"""`python3 dev.py validation FILE`: what whoever validates an installation takes away, in one zip.

Requirements, risks, the matrix of the last run of all tests, how an installation is tried, notes of the release, what
is inside (SBOM) and what is known not to hold. Facts stand once, in docs/validation; this writes them out.
"""

import argparse
import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crsmonitor import __version__
from crsmonitor.formats.yaml_once import read_yaml
from crsmonitor.operating import release
from crsmonitor.operating.bundle import bill_of_materials
from tests.proof.matrix import FOLDER, KEPT, ROOT, requirements

RESULTS = ROOT / ".pytest_cache/v" / KEPT
SPECIFICATION = ("conventions", "alerting", "tablet", "export", "intake", "security", "operating", "glossary")
Risk = dict[str, Any]


def risks() -> list[Risk]:
    """The greatest first."""
    return sorted(read_yaml(FOLDER / "risks.yaml"), key=lambda risk: (-product(risk), risk["id"]))  # type: ignore[call-overload]


def product(risk: Risk) -> int:
    return int(risk["severity"]) * int(risk["likely"]) * int(risk["unnoticed"])


def last_run(path: Path = RESULTS) -> dict[str, Any]:
    """Of everything, in this checkout. Empty results where none was."""
    return json.loads(path.read_text()) if path.exists() else {"commit": "", "at": "", "results": {}}


def user_requirements() -> str:
    rows = [f"| {one['id']} | {one['says']} | {one['of']} | {one.get('open', '')} |" for one in requirements()]
    return "\n".join(["# User requirements", "", "| id | says | asked by | open |", "|---|---|---|---|", *rows, ""])


def failure_modes() -> str:
    head = [
        "# Failure modes and effects",
        "",
        "| id | hazard | how | S x L x U | control | shown by |",
        "|---|---|---|---|---|---|",
    ]
    rows = [
        f"| {one['id']} | {one['hazard']} | {one['how']} | {one['severity']} x {one['likely']} x {one['unnoticed']} = "
        f"{product(one)} | {one['control']} | {'; '.join(one['shown_by'])} |"
        for one in risks()
    ]
    return "\n".join([*head, *rows, ""])


def matrix(run: dict[str, Any]) -> str:
    """CSV: a row for each test of each requirement; one without a test where there is none."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["requirement", "says", "test", "result", "commit", "at"])
    for one in requirements():
        shown = run["results"].get(one["id"]) or {"": "open" if "open" in one else "no result"}
        table.writerows([one["id"], one["says"], test, came, run["commit"], run["at"]] for test, came in shown.items())
    return out.getvalue()


def release_notes() -> str:
    """The newest section of the changelog, with the schema that it brings."""
    newest = re.split(r"^## ", (ROOT / "CHANGELOG.md").read_text(), maxsplit=2, flags=re.MULTILINE)[1]
    return (
        f"# Release notes\n\nVersion {__version__}, commit {release.commit()}, schema {release.schema()}\n\n## {newest}"
    )


def documents(run: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "user_requirements.md", user_requirements()
    yield "failure_modes.md", failure_modes()
    yield "traceability.csv", matrix(run)
    yield "installation_and_operation.md", (FOLDER / "README.md").read_text()
    yield "known_issues.md", (FOLDER / "known_issues.md").read_text()
    yield "release_notes.md", release_notes()
    yield "sbom.cdx.json", json.dumps(bill_of_materials(), indent=1)
    for name in SPECIFICATION:
        yield f"specification/{name}.md", (ROOT / f"docs/{name}.md").read_text()


def write(file: Path, run: dict[str, Any]) -> list[str]:
    """Raises FileExistsError: one that somebody signed is not written over."""
    hashes = []
    with file.open("xb") as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in documents(run):
            archive.writestr(name, text)
            hashes.append(f"{hashlib.sha256(text.encode()).hexdigest()}  {name}")
        archive.writestr("SHA256SUMS", "\n".join([*hashes, ""]))
    return hashes


def main() -> None:
    parser = argparse.ArgumentParser(prog="dev.py validation", description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path, help="where to write it; it must not exist")
    file, run = parser.parse_args().file, last_run()
    try:
        count = len(write(file, run))
    except OSError as problem:
        parser.exit(1, f"{file}: {problem.strerror}\n")
    print(
        f"{file}: {count} documents; results "
        + (f"of {run['commit']}, {run['at']}" if run["at"] else "of no run: `python3 dev.py test` first")
    )


if __name__ == "__main__":
    main()
