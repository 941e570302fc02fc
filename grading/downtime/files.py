"""The newest sheets of each ward as one file, for a machine that prints them while this one is down."""

import os
import re
from collections.abc import Iterable
from io import BytesIO
from itertools import groupby
from pathlib import Path

from grading.models import DowntimeSheet

OURS = "downtime-*.pdf"


def together(sheets: Iterable[DowntimeSheet]) -> bytes:
    """One after the other; each keeps its own count of pages."""
    from pypdf import PdfReader, PdfWriter  # read by whoever prints, not by every process

    writer, out = PdfWriter(), BytesIO()
    for sheet in sheets:
        writer.append(PdfReader(BytesIO(bytes(sheet.pdf))), import_outline=False)
    writer.write(out)
    return out.getvalue()


def lay(sheets: Iterable[DowntimeSheet], folder: Path) -> list[Path]:
    """A file for each site and ward of `sheets`, in their order; a file of ours that is of none of them goes.

    Each is put in the place of the one before at once, so that who prints never has half of one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    laid = []
    for (site, ward), some in groupby(sheets, key=lambda one: (one.participant.site.code, one.ward)):
        file = folder / f"downtime-{_plain(site)}-{_plain(ward) or 'no-ward'}.pdf"
        part = file.with_suffix(".part")
        part.write_bytes(together(some))
        os.chmod(part, 0o640)
        part.replace(file)
        laid.append(file)
    for file in folder.glob(OURS):
        if file not in laid:
            file.unlink()
    return laid


def _plain(text: str) -> str:
    return re.sub(r"[^\w-]+", "-", text).strip("-")
