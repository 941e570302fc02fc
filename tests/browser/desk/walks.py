"""Somebody at the desk, with what it takes counted: clicks and page loads."""

from django.conf import settings
from django.test import Client
from playwright.sync_api import Locator, Page, Request

from crsmonitor.accounts.models import User


class Walk:
    """One task, from the page that the menu leads to until it is done; several people may have a part in it.

    A field that is written in or chosen from counts as a click too: it has to be gone to.
    """

    def __init__(self, page: Page, server: str) -> None:
        self.page, self._server = page, server
        self.clicks = self.loads = 0
        page.on("request", self._asked_for)

    def _asked_for(self, request: Request) -> None:
        """A page is counted once it is asked for, which is before anything of it can be seen; with where it leads."""
        self.loads += request.is_navigation_request() and request.redirected_from is None

    def begins(self, who: User, address: str) -> None:
        """She has signed in, and opens a page."""
        client = Client()
        client.force_login(who)
        name = settings.SESSION_COOKIE_NAME
        self.page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self._server}])
        self.page.goto(f"{self._server}{address}")

    def click(self, target: Locator) -> None:
        self.clicks += 1
        target.click()

    def press(self, target: Locator) -> None:
        """A button by keyboard, which counts as a click."""
        self.clicks += 1
        target.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        self.clicks += 1
        field.fill(text)

    def choose(self, field: Locator, value: str) -> None:
        self.clicks += 1
        field.select_option(value)

    def sign(self, who: User) -> None:
        """By name and password."""
        self.write(self.page.locator("[name=name]"), who.username)
        self.write(self.page.locator("[name=password]"), f"{who.username}-password")

    def ends(self) -> dict[str, int]:
        self.page.remove_listener("request", self._asked_for)
        return {"clicks": self.clicks, "loads": self.loads}
