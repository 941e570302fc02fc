"""Static files that are built rather than kept: collected, and served while developing, like any other."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage

from crsmonitor.tablet.bundle import FOLDER, bundle

RULES = "tablet/rules.json"
SOURCES = ("grading", "regimens", "crsmonitor/tablet")


class Built(BaseFinder):
    """The rules for tablets, made again where a source is newer."""

    def find(self, path: str, find_all: bool = False, **options: Any) -> str | list[str]:
        if path != RULES:
            return []
        built = str(build())
        return [built] if find_all else built

    def list(self, ignore_patterns: list[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        if not matches_patterns(RULES, ignore_patterns or []):
            build()
            yield RULES, FileSystemStorage(location=folder())


def folder() -> Path:
    return Path(settings.STATE_DIR) / "built"


def build() -> Path:
    """Where it is. It appears at once and whole, whoever builds at the same time."""
    path = folder() / RULES
    if path.exists() and path.stat().st_mtime > _newest():
        return path
    content = bundle(*settings.TABLET_RULES)
    path.parent.mkdir(parents=True, exist_ok=True)
    own = path.with_name(f"{path.name}.{os.getpid()}")
    own.write_text(content, encoding="utf-8")
    own.replace(path)
    return path


def _newest() -> float:
    return max(source.stat().st_mtime for name in SOURCES for source in (FOLDER / name).rglob("*.py"))
