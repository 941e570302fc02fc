"""Every page in a real browser: accessible, readable, and whole on a narrow screen and on paper.

Covered is every address of the site that answers one of PEOPLE with a page, and the pages for nobody. Each is opened
twice: in English and in Chinese, by day and by night, so that of any four neighbours in the list of addresses one is
opened in each pair of language and theme, and each page in both languages and both themes, but not in all four pairs.

Every time: axe-core 4.14 with its rules and that of target size (contrast, names, landmarks ...); text of 18 px (17 on
a form of entry); no sideways scroll at 768 and at 320 CSS pixels, which is 1280 at 400 % and more than 200 % of any
tablet (WCAG 2.2, 1.4.10; a table may scroll in a frame of its own). On pages of the bedside besides: keys of 56 px, 8
px between them, other targets of 44 px. On paper: dark on white without menus, whatever the theme.

Left out: what is no page (streams, downloads, what only takes entries), the administration (Django's own), and what a
page becomes while somebody types, which the tests of its part look at.

Asked for by CRS_EVERY_PAGE=1 until the last pages that it complains about are mended: 1 px beside the pictures of
oxygen devices at 320 px, the handover at 320 px, a warning of the exports in print.
"""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page

from crsmonitor.accounts.models import User
from tests.browser.pages.axe import faults
from tests.project.pages.test_pages import ENDS_THE_SESSION, PAGES, address_of, closed, furnished, people, there  # noqa: F401
from tests.project.security.test_routes import PUBLIC
from tests.sizes import sized

PEOPLE = ("investigator", "data_manager", "nurse", "root")
OPENED = sorted(route for route in PAGES if route not in ENDS_THE_SESSION and "stream" not in route)
FOR_NOBODY = sorted(f"/{route}" for route in PUBLIC if "<" not in route and route.startswith("accounts/"))
NOWHERE = "/nowhere/"
BEDSIDE = ("/participants/", "/corrections/", "/alerts/")
# Ten pages are kept as pictures where CRS_SCREENSHOTS names a folder (docs/screens/README.md).
PICTURES = {
    "": "board", "participants/<int:pk>/": "participant", "participants/<int:pk>/vitals/": "vital-signs",
    "participants/<int:pk>/neuro/": "neuro", "participants/<int:pk>/treatment/": "treatment",
    "participants/<int:pk>/gate/": "gate", "participants/<int:pk>/window/": "window",
    "participants/<int:pk>/drugs/": "drugs", "alerts/": "alerts", "exports/": "exports",
}  # fmt: skip
LANGUAGES, THEMES = ("en", "zh-hant"), ("light", "dark")
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


def complaints_about(page: Page, address: str, *, printed: bool) -> list[str]:
    page.set_viewport_size(PORTRAIT)
    complaints = [*faults(page, targets=True), *page.evaluate(SIDEWAYS)]
    complaints += page.evaluate(SMALL, address == "/" or address.startswith(BEDSIDE))
    page.set_viewport_size(NARROW)
    complaints += page.evaluate(SIDEWAYS)
    if printed:
        page.emulate_media(media="print")
        complaints += page.evaluate(PRINTED)
        page.emulate_media(media="screen")
    return complaints


def is_page(client: Client, address: str) -> bool:
    """Whether whoever is signed in finds a page there: asked first, since a browser would download what is none."""
    answer = client.get(address)
    closed(answer)
    is_shown = answer.status_code == 200 and "content-disposition" not in answer.headers
    return is_shown and answer.headers["content-type"].startswith("text/html") and b"<html" in answer.content


def sign_in(context: BrowserContext, user: User, server: str) -> Client:
    """By name and password, so that no page asks for them again."""
    client, name = Client(), settings.SESSION_COOKIE_NAME
    password = {"root": "root-password-long"}.get(user.username, f"{user.username}-password")
    client.post(reverse("login"), {"username": user.username, "password": password})
    context.clear_cookies()
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": server}])
    return client


def look_of(number: int, turn: int) -> tuple[str, str]:
    """Language and theme of a page: in the other turn it has the others."""
    return LANGUAGES[(number + turn) % 2], THEMES[(number // 2 + turn) % 2]


def test_each_page_is_opened_in_each_language_and_theme_and_neighbours_in_each_pair():
    pairs = {(language, theme) for language in LANGUAGES for theme in THEMES}
    for number in range(8):
        (one, by), (other, at) = look_of(number, 0), look_of(number, 1)
        assert (one != other, by != at) == (True, True)
        assert {look_of(number + more, 0) for more in range(4)} == pairs


@pytest.fixture
def context(browser: Browser, server: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=server, reduced_motion="reduce")
    yield context
    context.close()


@pytest.mark.skipif("CRS_EVERY_PAGE" not in os.environ, reason="asked for by CRS_EVERY_PAGE=1")
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", sized([0, 1], sample=[0]))
def test_every_page_is_accessible_and_whole(context: BrowserContext, server: str, furnished, turn):  # noqa: F811
    context.set_default_timeout(120_000)
    page, complaints, broken = context.new_page(), {}, []
    page.on("pageerror", lambda error: broken.append(f"{page.url}: {error}"))

    def look_at(addresses: dict[int, str], client: Client) -> dict[int, str]:
        """Those that were no page for whoever is signed in."""
        others = {}
        for number, address in addresses.items():
            if address != NOWHERE and not is_page(client, address):
                others[number] = address
                continue
            language, theme = look_of(number, turn)
            context.add_cookies([{"name": "django_language", "value": language, "url": server},
                                 {"name": "theme", "value": theme, "url": server}])  # fmt: skip
            page.goto(address, wait_until="load")
            if (folder := os.environ.get("CRS_SCREENSHOTS")) and turn == 0 and number in pictured:
                page.set_viewport_size(PORTRAIT)
                page.screenshot(path=f"{folder}/{pictured[number]}.png")
            if faulty := complaints_about(page, address, printed=turn == 1):
                complaints[f"{address} ({language}, {theme})"] = faulty
        return others

    pictured = {number: PICTURES[route] for number, route in enumerate(OPENED) if route in PICTURES}
    look_at({-number: address for number, address in enumerate(FOR_NOBODY, start=1)}, Client())
    named = there(furnished)
    waiting = dict(enumerate([*(address_of(route, named) for route in OPENED), NOWHERE]))
    everything = len(waiting)
    for who in PEOPLE:
        waiting = look_at(waiting, sign_in(context, people(furnished)[who], server))

    assert not complaints, "\n".join(f"{page}: {faulty}" for page, faulty in complaints.items())
    assert broken == []
    assert everything - len(waiting) > 80
