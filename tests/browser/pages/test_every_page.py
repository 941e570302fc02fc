"""Every page in a real browser: accessible, readable, and whole on a narrow screen and on paper.

Covered is every address of the site that answers one of PEOPLE with a page, and the pages for nobody, in English and in
Chinese. A load shows a page by day and by night: nothing but colours differs by theme, so that by night axe runs the
rules of colours alone. All of them take two minutes of CPU, so that a run opens a part, drawn from the commit: the next
one sees others. CRS_EVERY_PAGE=1 opens all (docs/CONTRIBUTING.md).

Every time: axe-core 4.14 with its rules and that of target size (contrast, names, landmarks ...); text of 18 px (17 on
a form of entry); no sideways scroll at 768 and at 320 CSS pixels, which is 1280 at 400 % and more than 200 % of any
tablet (WCAG 2.2, 1.4.10; a table may scroll in a frame of its own). On pages of the bedside besides: keys of 56 px, 8
px between them, other targets of 44 px. On paper: dark on white without menus, whatever the theme.

Left out: what is no page (streams, downloads, what only takes entries), the administration (Django's own), and what a
page becomes while somebody types, which the tests of its part look at.
"""

import os
import random
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page

from crsmonitor.accounts.models import User
from tests.browser.pages.axe import COLOURS, faults
from tests.project.pages.test_pages import ENDS_THE_SESSION, PAGES, address_of, closed, furnished, people, there  # noqa: F401
from tests.project.security.test_routes import PUBLIC

PEOPLE = ("investigator", "data_manager", "nurse", "root")
OPENED = sorted(route for route in PAGES if route not in ENDS_THE_SESSION and "stream" not in route)
FOR_NOBODY = sorted(f"/{route}" for route in PUBLIC if "<" not in route and route.startswith("accounts/"))
NOWHERE = "/nowhere/"
BEDSIDE = ("/participants/", "/corrections/", "/alerts/")
# Ten pages are kept as pictures where CRS_SCREENSHOTS names a folder (docs/screens/README.md).
PICTURES = {
    "": ("board", "en"), "participants/<int:pk>/": ("participant", "en"), "alerts/": ("alerts", "en"),
    "participants/<int:pk>/vitals/": ("vital-signs", "zh-hant"), "participants/<int:pk>/neuro/": ("neuro", "zh-hant"),
    "participants/<int:pk>/treatment/": ("treatment", "en"), "participants/<int:pk>/gate/": ("gate", "zh-hant"),
    "participants/<int:pk>/window/": ("window", "zh-hant"), "participants/<int:pk>/drugs/": ("drugs", "en"),
    "exports/": ("exports", "zh-hant"),
}  # fmt: skip
LANGUAGES = ("en", "zh-hant")
PORTRAIT, NARROW = {"width": 768, "height": 1024}, {"width": 320, "height": 640}

SIDEWAYS = """() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  const framed = ".scroll, .part-table, .table-responsive, table, .visually-hidden, .skip";
  const over = (one) => one.checkVisibility() && !one.closest(framed)
    && one.getBoundingClientRect().right > clientWidth + 1;
  return scrollWidth <= clientWidth ? [] : [`${scrollWidth} of ${clientWidth} px`,
    ...[...document.querySelectorAll("body *")].filter(over).slice(0, 4).map((one) => one.outerHTML.slice(0, 120))];
}"""
SMALL = """(isBedside) => {
  const KEYS = ".key, .tap, .pad-key", complaints = [];
  const box = (one) => one.getBoundingClientRect();
  const say = (what, one) => complaints.push(`${what}: ${one.outerHTML.replace(/\\s+/g, " ").slice(0, 140)}`);
  const least = document.querySelector(".entry") ? 17 : 18;
  if (parseFloat(getComputedStyle(document.body).fontSize) < least) complaints.push(`text below ${least} px`);
  if (!isBedside) return complaints;
  const isSeen = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const shown = [...document.querySelectorAll("main :is(a[href], button, select, summary, input:not([type=hidden]))")]
    .filter((one) => isSeen(one) && !one.matches(".tap input"));
  for (const one of shown) {
    const target = one.matches("[type=checkbox], [type=radio]") ? one.closest("label") ?? one : one;
    const { width, height } = box(target), least = one.matches(KEYS + ", .box") ? 56 : 44;
    if (height < least - 0.5 || width < 44 - 0.5) say(`${Math.round(width)} x ${Math.round(height)}`, one);
  }
  const keys = [...document.querySelectorAll(`main :is(${KEYS})`)].filter(isSeen);
  for (const [i, one] of keys.entries()) for (const other of keys.slice(i + 1)) {
    if (one.contains(other) || one.closest(".save-bar") !== other.closest(".save-bar")) continue;
    const a = box(one), b = box(other);
    const beside = Math.max(a.left - b.right, b.left - a.right), below = Math.max(a.top - b.bottom, b.top - a.bottom);
    const apart = Math.max(beside, below);
    if (apart < 8 - 0.5) say(`${apart.toFixed(1)} px to ${one.textContent.trim().slice(0, 20)}`, other);
  }
  return complaints.slice(0, 6);
}"""
PRINTED = """() => {
  const light = (one) => Math.max(...getComputedStyle(one).color.match(/[0-9.]+/g).slice(0, 3).map(Number));
  const own = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const faults = [...document.querySelectorAll("main *")].filter((one) => own(one) && one.checkVisibility()
    && !one.closest(".grade, [class*=grade-], button, .key, .alerts-open") && light(one) > 170);
  const menus = [...document.querySelectorAll(".top, .dock")].filter((one) => one.checkVisibility());
  const paper = getComputedStyle(document.body).backgroundColor;
  return [...(paper === "rgb(255, 255, 255)" ? [] : [`paper ${paper}`]),
    ...[...faults, ...menus].slice(0, 4).map((one) => `printed: ${one.outerHTML.slice(0, 120)}`)];
}"""


def complaints_about(page: Page, address: str) -> list[str]:
    complaints = [*faults(page, targets=True), *page.evaluate(SIDEWAYS)]
    complaints += page.evaluate(SMALL, address == "/" or address.startswith(BEDSIDE))
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    complaints += [f"by night: {fault}" for fault in faults(page, only=COLOURS)]
    page.set_viewport_size(NARROW)
    complaints += page.evaluate(SIDEWAYS)
    page.emulate_media(media="print")
    complaints += page.evaluate(PRINTED)
    page.emulate_media(media="screen")
    page.set_viewport_size(PORTRAIT)
    return complaints


def is_page(client: Client, address: str) -> bool:
    """Whether whoever is signed in finds a page there: asked first, since a browser would download what is none."""
    answer = client.get(address)
    closed(answer)
    assert "/reauthenticate/?next=" not in answer.headers.get("location", ""), f"{address} was not opened"
    is_shown = answer.status_code == 200 and "content-disposition" not in answer.headers
    return is_shown and answer.headers["content-type"].startswith("text/html") and b"<html" in answer.content


def sign_in(context: BrowserContext, user: User, server: str) -> Client:
    """By name and password, and proven again, as what changes factors, PIN, badge and keys asks for."""
    client, name = Client(), settings.SESSION_COOKIE_NAME
    password = {"root": "root-password-long"}.get(user.username, f"{user.username}-password")
    client.post(reverse("login"), {"username": user.username, "password": password})
    assert client.post(reverse("account_reauthenticate"), {"password": password}).status_code == 302
    context.clear_cookies()
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": server}])
    return client


def commit() -> str:
    """Empty where there is no repository: then the draw is always the same."""
    answer = subprocess.run(["git", "rev-parse", "HEAD"], cwd=Path(__file__).parent, capture_output=True, text=True)
    return answer.stdout.strip()


def part_of(pages: Sequence[str], seed: str | None) -> dict[str, list[str]]:
    """The languages in which each page is opened: one page in three, in either, by the seed. Without a seed all."""
    every = [(page, language) for page in pages for language in LANGUAGES]
    drawn = every if seed is None else random.Random(seed).sample(every, len(every) // 3)
    return {page: languages for page in pages if (languages := [one for one in LANGUAGES if (page, one) in drawn])}


def test_every_page_is_opened_in_both_languages_within_some_commits():
    every = part_of(OPENED, seed=None)
    seen = {(page, one) for day in range(40) for page, some in part_of(OPENED, f"{day}").items() for one in some}

    assert every == {page: ["en", "zh-hant"] for page in OPENED}
    assert seen == {(page, language) for page, both in every.items() for language in both}
    assert sum(map(len, part_of(OPENED, "7").values())) == 2 * len(OPENED) // 3
    assert part_of(OPENED, "7") == part_of(OPENED, "7") != part_of(OPENED, "8")


@pytest.fixture
def context(browser: Browser, server: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=server, reduced_motion="reduce", viewport=PORTRAIT)
    yield context
    context.close()


@pytest.mark.browser
@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("half", [0, 1])
@override_settings(ACCOUNT_REAUTHENTICATION_TIMEOUT=86_400)  # however long the walk takes
def test_every_page_is_accessible_and_whole(context: BrowserContext, server: str, furnished, half):  # noqa: F811
    context.set_default_timeout(120_000)
    page, complaints, broken = context.new_page(), {}, []
    page.on("pageerror", lambda error: broken.append(f"{page.url}: {error}"))
    part = part_of([*FOR_NOBODY, *OPENED, NOWHERE][half::2], None if "CRS_EVERY_PAGE" in os.environ else commit())
    folder = os.environ.get("CRS_SCREENSHOTS")

    def look_at(addresses: dict[str, str], client: Client) -> dict[str, str]:
        """Those that were no page for whoever is signed in, by their routes."""
        others = {}
        for route, address in addresses.items():
            if address != NOWHERE and not is_page(client, address):
                others[route] = address
                continue
            for language in part[route]:
                context.add_cookies([{"name": "django_language", "value": language, "url": server},
                                     {"name": "theme", "value": "light", "url": server}])  # fmt: skip
                page.goto(address, wait_until="load")
                if folder and PICTURES.get(route, ("", ""))[1] == language:
                    page.screenshot(path=f"{folder}/{PICTURES[route][0]}.png")
                if faulty := complaints_about(page, address):
                    complaints[f"{address} ({language})"] = faulty
        return others

    named = there(furnished)
    look_at({address: address for address in FOR_NOBODY if address in part}, Client())
    waiting = {route: address_of(route, named) for route in OPENED if route in part}
    waiting |= {NOWHERE: NOWHERE} if NOWHERE in part else {}
    everything = len(waiting)
    for who in PEOPLE:
        waiting = look_at(waiting, sign_in(context, people(furnished)[who], server))

    assert not complaints, "\n".join(f"{page}: {faulty}" for page, faulty in complaints.items())
    assert broken == []
    assert everything - len(waiting) > len(part) // 4
