"""A tablet in a real browser."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

SIZES = {"portrait": (768, 1024), "landscape": (1024, 768)}


@contextmanager
def held(browser: Browser, server: str, size: tuple[int, int] = SIZES["portrait"]) -> Iterator[Page]:
    """One on which nothing may be said on the console: a refused style or script is."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, base_url=server, has_touch=True)
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda line: broken.append(line.text) if "Content Security Policy" in line.text else None)
    yield page
    context.close()
    assert broken == []


def turned(page: Page, sizes: Mapping[str, tuple[int, int]] = SIZES) -> Iterator[str]:
    """The same page held either way: what differs by size is where everything stands, and not what it does."""
    for way, (width, height) in sizes.items():
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        yield way


def sign_in(page: Page, name: str) -> None:
    """Through the sign-in page and with all of its cookies: only that neither it nor the page after it is drawn.

    Both are where they are part of what is tested, as by `sign_in_by_hand` in bedside/test_bedside.py.
    """
    door, tablet = "/accounts/login/", page.context.request
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', tablet.get(door).text())
    assert token, "the sign-in page has no form"
    typed = {"csrfmiddlewaretoken": token[1], "username": name, "password": f"{name}-password"}
    answer = tablet.post(door, form=typed, max_redirects=0)
    assert answer.status == 302, answer.text()
