"""What a tablet installs: a manifest, a worker for the whole site, and a shell that says nothing of anybody."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from PIL import Image

from crsmonitor.pages import installed
from crsmonitor.pages.icons import PNG_SIZES, SVG_ICONS, png_of
from tests.browser.pages.icons import DIGEST, STATIC, digest_of

pytestmark = pytest.mark.django_db
# The worker asks for these without knowing their names.
IN_WORKER = {"shell-files": "/tablet/shell.json", "offline": "/tablet/offline/"}
DOORS = ("manifest", "service-worker", "shell-files", "offline")


def text_of(client: Client, name: str) -> str:
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    return re.sub(r'nonce="[^"]*"', "", answer.content.decode())


def test_the_manifest_has_what_a_browser_asks_before_it_installs(client):
    manifest = client.get(reverse("manifest")).json()

    assert (manifest["display"], manifest["scope"], manifest["start_url"]) == ("standalone", "/", "/")
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    assert all(finders.find(icon["src"].removeprefix("/static/")) for icon in manifest["icons"])
    sizes = {(icon["type"], icon["sizes"], icon["purpose"]) for icon in manifest["icons"]}
    assert {("image/png", "192x192", "any"), ("image/png", "512x512", "any")} <= sizes
    assert {("image/png", "192x192", "maskable"), ("image/png", "512x512", "maskable")} <= sizes


@pytest.mark.parametrize("size", PNG_SIZES)
@pytest.mark.parametrize("name", SVG_ICONS)
def test_each_icon_is_drawn_from_its_svg(name, size):
    """`python3 dev.py icons` draws them anew."""
    with Image.open(STATIC / png_of(name, size)) as icon:
        assert icon.size == (size, size)
        assert icon.text[DIGEST] == digest_of(STATIC / name)
        pixels = icon.convert("RGBA")
        corner, white = pixels.getpixel((0, 0)), pixels.getcolors(maxcolors=size * size)
    assert corner[3] == (255 if "maskable" in name else 0)  # a mask cuts into what fills the whole square
    assert (255, 255, 255, 255) in {colour for _count, colour in white}


def test_the_worker_sees_the_whole_site_and_is_asked_for_anew(client):
    answer = client.get(reverse("service-worker"))

    assert answer["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer["Cache-Control"]
    assert reverse("service-worker").count("/") == 1  # from the root
    source = answer.content.decode()
    assert [name for name, address in IN_WORKER.items() if reverse(name) != address or address not in source] == []


@pytest.mark.long
def test_the_worker_keeps_static_files_and_the_shell_alone(client):
    kept = client.get(reverse("shell-files")).json()

    assert kept["page"] == reverse("offline")
    assert len(kept["files"]) > 60
    assert [file for file in kept["files"] if not file.startswith("/static/")] == []
    assert [file for file in kept["files"] if not finders.find(file.removeprefix("/static/"))] == []


def test_another_version_of_a_file_is_another_worker(client, monkeypatch):
    before = client.get(reverse("service-worker")).content
    installed.shell_version.cache_clear()
    monkeypatch.setattr(installed, "files_kept", lambda: ("/static/tablet/page.0123456789ab.js",))

    assert client.get(reverse("service-worker")).content != before
    installed.shell_version.cache_clear()


@pytest.mark.parametrize("name", DOORS)
def test_it_is_the_same_for_everybody(world, name):
    stranger, nurse = Client(), Client()
    nurse.force_login(world.nurse)

    assert text_of(nurse, name) == text_of(stranger, name)


def test_the_shell_speaks_the_language_of_the_tablet(client):
    client.cookies["django_language"] = "zh-hant"

    assert "沒有網路" in text_of(client, "offline")
