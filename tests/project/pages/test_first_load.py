"""What a tablet loads before it shows a page for the first time: less than 300 kB, compressed as it is sent.

The page itself, stylesheets, and scripts with what they import. Left out: icons, which a stylesheet loads one by one,
and what a worker loads after the page stands.
"""

import gzip
import re
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone

from tests.builders import dose, kept, stay

LINKED = re.compile(r'<(?:script|link)\b[^>]*?(?:src|href)="/static/([^"]+\.(?:js|css))"')
IMPORTED = re.compile(r'(?:^|\n)\s*(?:import|export)\b[^;"]*?"(\.{1,2}/[^"]+)"')
MOST_KB = 300


def loaded_by(page: str) -> set[str]:
    waiting, files = LINKED.findall(page), set()
    while waiting:
        name = waiting.pop()
        if name not in files and finders.find(name):
            files.add(name)
            script = Path(finders.find(name)).read_text() if name.endswith(".js") else ""
            waiting += [normpath(join(dirname(name), one)) for one in IMPORTED.findall(script)]
    return files


def kb(content: bytes) -> float:
    return len(gzip.compress(content, 6)) / 1000


@pytest.mark.django_db
def test_a_first_page_is_less_than_300_kb(client, world, record_property):
    now = timezone.now()
    for fact in (stay(world, observed_at=now), dose(world, observed_at=now)):
        kept(fact, world)
    client.force_login(world.nurse)
    figures = {}
    for name, address in {"board": "/", "vital signs": f"/participants/{world.participant.pk}/vitals/"}.items():
        page = client.get(address).content
        files = {file: kb(Path(finders.find(file)).read_bytes()) for file in loaded_by(page.decode())}
        figures[name] = {"kB": round(kb(page) + sum(files.values())), "files": len(files)}

    record_property("first_load", figures)
    assert len(files) > 15  # those that are imported, too
    assert max(one["kB"] for one in figures.values()) < MOST_KB
