"""What is carried to a machine without a network. The wheels themselves need one, so they are left out here."""

import json
import re
import subprocess
import sys
import tarfile

import pytest

from crsmonitor import __version__
from crsmonitor.operating import bundle
from tests.project.shape.sources import ROOT


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundles") / "one"
    command = [sys.executable, "-m", "crsmonitor.operating.bundle", "--no-wheels", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.mark.long
def test_the_checksums_hold_and_miss_nothing(made):
    assert subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=made).returncode == 0
    listed = {line.split("  ")[1] for line in (made / "SHA256SUMS").read_text().splitlines()}
    assert listed == {path.name for path in made.iterdir()} - {"SHA256SUMS"}


@pytest.mark.long
def test_the_source_of_the_commit_is_inside_with_what_builds_an_image(made):
    with tarfile.open(made / "crsmonitor.tar.gz") as source:
        names = set(source.getnames())

    wanted = ("manage.py", "Dockerfile", "docker-compose.yml", ".env.example", "requirements-run.lock")
    assert {f"crsmonitor/{name}" for name in wanted} <= names
    assert "crsmonitor/.env" not in names


@pytest.mark.long
def test_the_bill_of_materials_lists_every_pin_of_the_lock_and_the_scripts(made):
    bill = json.loads((made / "sbom.cdx.json").read_text())

    lock = (ROOT / bundle.LOCK).read_text()
    pins = re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)
    names = [one["name"] for one in bill["components"]]
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["version"] == __version__
    assert names[: len(pins)] == pins
    assert {"bootstrap", "bootstrap-icons", "uPlot"} <= set(names)
    assert "pkg:pypi/django@" in " ".join(one["purl"] for one in bill["components"])
    assert len({one["bom-ref"] for one in bill["components"]}) == len(names)


@pytest.mark.long
def test_nothing_is_written_over(made):
    again = subprocess.run(
        [sys.executable, "-m", "crsmonitor.operating.bundle", "--no-wheels", str(made)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert again.returncode == 2
    assert "is there already" in again.stderr
