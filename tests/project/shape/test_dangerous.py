"""Ways of writing that open a door are used where they are listed here, with the reason, and nowhere else."""

import re

import pytest

from tests.project.shape.sources import ROOT, SOURCES, named

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = [path for path in sorted((ROOT / "crsmonitor/static").rglob("*.js")) if "vendor" not in path.parts]

# What is looked for -> where it stands all the same.
IN_SOURCES = {
    # Text that is put into a page as it is: all hold what a template of ours gave, or a mark for it.
    r"\b(mark_safe|SafeString|format_html_join)\(": {
        "crsmonitor/pages/parts.py",
        "grading/alerting/views/drawn.py",
        "grading/alerting/drawn_cards.py",
        "grading/bedside/drawn_board.py",
    },
    r"(?<![\w.])(eval|exec)\(": set(),
    r"\bos\.(system|popen)\(|shell=True": set(),
    r"(?<![\w.])(Template|Engine)\(|\.from_string\(": set(),
    # From the process that started this one, by their own pipe.
    r"\b(pickle|marshal|shelve)\.loads?\(": {"crsmonitor/web/drawing.py"},
    r"\byaml\.(load|full_load|unsafe_load)\(": {"crsmonitor/formats/yaml_once.py"},  # its loaders are SafeLoaders
    # Texts of our own with values as parameters: the trail's JSON is compared in the database, a page of it read.
    r"\.raw\(|RawSQL\(|\.extra\(": {"grading/review/trail/selectors.py"},
    r"\bhashlib\.(md5|sha1|new)\(": set(),
    # Drawn patients, not secrets: the same seed makes the same trial.
    r"^from random import|^import random": {
        "grading/simulation/habits.py",
        "grading/simulation/story.py",
        "grading/simulation/vitals.py",
    },
    r"verify=False|CERT_NONE|check_hostname\s*=\s*False|follow_redirects=True": set(),
    # XML is written, for define.xml; none is read: a parser follows what a stranger wrote.
    r"\b(xml|lxml|ldap3?|jinja2|paramiko)\b.*import|^import (xml|lxml|ldap3?|jinja2|paramiko)\b": {
        "grading/exports/formats/define/document.py",
        "grading/exports/formats/define/page.py",
    },
    r"\b(ET|ElementTree)\.(parse|iterparse|fromstring\w*|XML\w*|XMLPullParser)\b": set(),
    # Who inserts a row that names one of these holds its key, and waits for ever for who holds it whole and waits for
    # that row. Without its key it is held by one at a time as well.
    r"\b(Participant|Study|Site|User)\.objects\.select_for_update\((?!no_key=True)": set(),
    r"csrf_exempt": {"grading/alerting/views/watchdog.py"},
    r"fields\s*=\s*[\"']__all__[\"']": set(),
}
IN_TEMPLATES = {
    r"\|\s*safe\b|\|\s*safeseq\b|autoescape\s+off": set(),
    r"<\w[^>]*\son\w+\s*=": set(),
    r"https?://(?!www\.w3\.org)": set(),
    r"javascript:": set(),
}
IN_SCRIPTS = {
    r"\.(innerHTML|outerHTML)\s*=|insertAdjacentHTML": {  # a template of ours
        "crsmonitor/static/crsmonitor/redraw.js",
        "crsmonitor/static/devices/lock.js",
    },
    r"\beval\(|new Function\(|document\.write|setTimeout\(\s*[\"']": set(),
    r"postMessage|addEventListener\(\s*[\"']message[\"']\s*,\s*window": {
        "crsmonitor/static/crsmonitor/idle.js",  # a BroadcastChannel: only tabs of this very site hear it
        "crsmonitor/static/devices/lock.js",  # the same
        "crsmonitor/static/tablet/outbox.js",  # as well; it says that something changed, and nothing of it
        "crsmonitor/static/tablet/rules.js",  # a worker of this very page, and nobody else
        "crsmonitor/static/tablet/worker.js",
    },
    r"__proto__|\bprototype\b|\bwith \(": set(),
    r"localStorage|indexedDB|document\.cookie": {
        "crsmonitor/static/alerting/room.js",  # the same, before a module can
        "crsmonitor/static/alerting/sounds.js",  # whether this device rings: of no person and no participant
        "crsmonitor/static/tablet/network.js",  # since when the server is not heard
        "crsmonitor/static/tablet/session.js",  # asks whether there is a store
        "crsmonitor/static/tablet/shell.js",  # in which language and light the shell is kept
        "crsmonitor/static/tablet/store.js",  # what is of a participant is sealed: docs/security.md
    },
}
LOOKED_FOR = [
    (pattern, allowed, kind, paths)
    for kind, table, paths in (
        ("sources", IN_SOURCES, SOURCES), ("templates", IN_TEMPLATES, TEMPLATES), ("scripts", IN_SCRIPTS, SCRIPTS),
    )
    for pattern, allowed in table.items()
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "allowed", "kind", "paths"), LOOKED_FOR, ids=[each[0] for each in LOOKED_FOR])
def test_it_stands_where_it_is_listed_and_nowhere_else(pattern, allowed, kind, paths):
    assert len(paths) > 20, kind
    places = {named(path) for path in paths if re.search(pattern, path.read_text(), re.MULTILINE)}

    assert places == allowed


@pytest.mark.parametrize(
    "written",
    [
        "return mark_safe(note)", "eval(text)", "subprocess.run(command, shell=True)", "Template(typed).render()",
        "pickle.loads(body)", "yaml.load(text)", "Participant.objects.raw(sql)", "hashlib.md5(key)", "import random",
        "httpx.get(url, verify=False)", "{{ note|safe }}", '<p onclick="go()">', "box.innerHTML = note",
        "<script src='https://cdn.example.org/x.js'>", "localStorage.setItem(key, value)", "fields = '__all__'",
        "@csrf_exempt", "window.postMessage(note)", "from lxml import etree", "ET.fromstring(body)",
        "Study.objects.select_for_update().get(pk=1)",
    ],
)  # fmt: skip
def test_the_guard_sees_a_bad_example(written):
    assert any(re.search(pattern, written, re.MULTILINE) for pattern, *_ in LOOKED_FOR)
