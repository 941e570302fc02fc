"""A tablet in a real browser."""

from collections.abc import Iterator
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
