"""What a machine without a network needs to run this program: `python3 dev.py bundle FOLDER`.

The software bill of materials is our own, because cyclonedx-bom reads an installed environment or a plain list of
requirements: of locks with markers and hashes it lists what another machine would install, and not the scripts that
pages carry. Ours lists every pin of the lock, with its marker, and those.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crsmonitor import __version__
from crsmonitor.operating import release

ROOT = release.BASE
LOCK = "requirements-run.lock"  # production, and the engines' programs for backups and for a trial run
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?$", re.MULTILINE)
INSTALL = """crsmonitor {version}, commit {commit}: everything that a machine without a network needs.

1. sha256sum --check SHA256SUMS
2. tar -xzf crsmonitor.tar.gz && cd crsmonitor
3. python3.11 -m venv .venv
   .venv/bin/pip install --no-index --find-links ../wheels --no-deps --require-hashes -r requirements-run.lock
4. A look at it: CRS_MODE=demo .venv/bin/python manage.py up
   Production: docs/operating.md. docker-compose.yml needs the images named in it and in Dockerfile
   (docker save on a machine with a network, docker load here); to build its own, give pip the same two options.
sbom.cdx.json lists what is inside (CycloneDX 1.6).
"""


def components(root: Path = ROOT) -> Iterator[dict[str, Any]]:
    """Every pin of the lock, and what pages load that others wrote."""
    for name, version, marker in PIN.findall((root / LOCK).read_text()):
        purl = f"pkg:pypi/{re.sub(r'[-_.]+', '-', name).lower()}@{version}"
        one = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
        yield one | ({"properties": [{"name": "python:marker", "value": marker}]} if marker else {})
    vendor = root / "crsmonitor/static/vendor"
    manifest = json.loads((vendor / "MANIFEST.json").read_text())
    scoped = {f"{one['name']}-{one['version']}": one["npm"] for one in manifest if "npm" in one}
    for folder in sorted(vendor.iterdir()):
        if folder.is_dir():
            name, _, version = folder.name.rpartition("-")
            purl = f"pkg:npm/{scoped.get(folder.name, name.lower()).replace('@', '%40')}@{version}"
            yield {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


def bill_of_materials() -> dict[str, Any]:
    """CycloneDX 1.6, JSON."""
    ours = {"type": "application", "bom-ref": "crsmonitor", "name": "crsmonitor", "version": __version__}
    listed = list(components())
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "metadata": {"component": ours, "properties": [{"name": "commit", "value": release.commit()}]},
        "components": listed,
        "dependencies": [{"ref": "crsmonitor", "dependsOn": [one["bom-ref"] for one in listed]}],
    }  # fmt: skip


def make(folder: Path, *, wheels: bool) -> None:
    """Fill `folder`, which must not be there. Raises CalledProcessError where git or pip fails."""
    folder.mkdir(parents=True)
    source = ["git", "-C", str(ROOT), "archive", "--format=tar.gz", "--prefix=crsmonitor/", "HEAD"]
    with (folder / "crsmonitor.tar.gz").open("wb") as file:
        subprocess.run(source, stdout=file, check=True)
    if wheels:
        download(folder / "wheels")
    (folder / "sbom.cdx.json").write_text(json.dumps(bill_of_materials(), indent=1) + "\n")
    (folder / "INSTALL.txt").write_text(INSTALL.format(version=__version__, commit=release.commit()))
    sums = [f"{digest(path)}  {path.relative_to(folder)}\n" for path in sorted(folder.rglob("*")) if path.is_file()]
    (folder / "SHA256SUMS").write_text("".join(sums))


def download(folder: Path) -> None:
    """For this machine's Python and processor; each file is held to the lock's hashes."""
    with tempfile.TemporaryDirectory() as place:
        tool = Path(place) / "bin/python"
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        subprocess.run(
            [tool, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes",
             "--only-binary", ":all:", "--dest", folder, "--requirement", ROOT / LOCK], check=True,
        )  # fmt: skip


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(prog="dev.py bundle", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--no-wheels", action="store_true", help="without packages, for a look at it")
    arguments = parser.parse_args()
    if arguments.folder.exists():
        parser.error(f"{arguments.folder} is there already")
    make(arguments.folder, wheels=not arguments.no_wheels)
    print(arguments.folder)


if __name__ == "__main__":
    main()
