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
from crsmonitor.tablet.words import words_of

RULES = "tablet/rules.json"
SOURCES = ("grading", "regimens", "crsmonitor/tablet")
CATALOGUES = "crsmonitor/locale"


def words_file(language: str) -> str:
    """Where the words of a language are."""
    return f"tablet/words-{language}.json"


WORDS = {words_file(code): code for code, _ in settings.LANGUAGES}


class Built(BaseFinder):
    """The rules for tablets and their words, made again where a source is newer."""

    def find(self, path: str, find_all: bool = False, **options: Any) -> str | list[str]:
        if path not in (RULES, *WORDS):
            return []
        built = str(build() / path)
        return [built] if find_all else built

    def list(self, ignore_patterns: list[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        for path in (RULES, *WORDS):
            if not matches_patterns(path, ignore_patterns or []):
                yield path, FileSystemStorage(location=build())


def build() -> Path:
    """The folder they are in. Each appears at once and whole, whoever builds at the same time; the rules last."""
    folder = Path(settings.STATE_DIR) / "built"
    rules = folder / RULES
    if rules.exists() and rules.stat().st_mtime > _newest() and all((folder / path).exists() for path in WORDS):
        return folder
    content = bundle(*settings.TABLET_RULES)
    for path, language in WORDS.items():
        _write(folder / path, words_of(content, language))
    _write(rules, content)
    return folder


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    own = path.with_name(f"{path.name}.{os.getpid()}")
    own.write_text(content, encoding="utf-8")
    own.replace(path)


def _newest() -> float:
    sources = [source for name in SOURCES for source in (FOLDER / name).rglob("*.py")]
    return max(source.stat().st_mtime for source in [*sources, *(FOLDER / CATALOGUES).rglob("*.mo")])
