"""A tablet, held either way, for tests that need nothing else of it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

SIZES = {"portrait": (768, 1024), "landscape": (1024, 768)}


@pytest.fixture(params=SIZES)
def tablet(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[Page]:
    """A tablet on which nothing may be said on the console: a refused style or script is."""
    width, height = SIZES[request.param]
    context = browser.new_context(viewport={"width": width, "height": height}, base_url=server, has_touch=True)
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda line: broken.append(line.text) if "Content Security Policy" in line.text else None)
    yield page
    context.close()
    assert broken == []
