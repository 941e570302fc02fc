"""How long somebody waits: from Save to the grade with and without a network, and for a board of sixty beds.

Printed at the end of the run (tests/browser/figures.py), and held to nothing: how fast a machine is, is no fault. Each
is waited for once; CRS_WAITS=9 for the median of so many.
"""

import os
import statistics
import time

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from bench.glass.board import copies
from tests.browser.bedside.test_outbox import BUSY_MS, save, tablet  # noqa: F401
from tests.builders import World

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]

SAVES, BEDS, SLOWED = int(os.environ.get("CRS_WAITS", "1")), 60, 4
ANY = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
# Poor Wi-Fi: 400 ms there and back, 400 kbit/s either way (the "slow 3G" of Lighthouse).
POOR = {"latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
SEEN_BY = {"online": ".saved .grade", "slow": ".saved .grade", "offline": "[data-entries] li"}
# From the request for the page until it stands: its scripts have run, and its content was painted.
STANDS = """() => Math.max(performance.getEntriesByType("navigation")[0].loadEventEnd,
  ...performance.getEntriesByType("paint").map(({ startTime }) => startTime))"""


def under(cdp: CDPSession, network: str) -> None:
    """A service worker has a connection of its own, which nothing slows: then the page does without."""
    cdp.send("Network.setBypassServiceWorker", {"bypass": network == "slow"})
    cdp.send("Network.emulateNetworkConditions", {"offline": False} | (POOR if network == "slow" else ANY))


def waits_ms(page: Page, ward: World, network: str) -> float:
    page.goto(f"/participants/{ward.participant.pk}/vitals/")
    page.locator("#entry[data-rules]").wait_for()
    page.fill("#id_sbp", "118")
    expect(page.locator("#preview")).to_have_attribute("aria-busy", "false")
    began = time.perf_counter()
    save(page)
    page.locator(SEEN_BY[network]).first.wait_for(timeout=BUSY_MS)
    return (time.perf_counter() - began) * 1000


def test_from_save_to_the_grade_and_until_the_board_stands(tablet: BrowserContext, ward, record_property):  # noqa: F811
    page = tablet.pages[0]
    expect(page.locator("#outbox")).to_have_attribute("data-ward-kept", "", timeout=BUSY_MS)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    cdp = tablet.new_cdp_session(page)
    cdp.send("Network.enable")
    figures: dict[str, dict[str, float]] = {}
    for network in SEEN_BY:
        under(cdp, network)
        tablet.set_offline(network == "offline")
        spans = [waits_ms(page, ward, network) for _ in range(SAVES)]
        figures[f"save to grade, {network}"] = {"ms (p50)": round(statistics.median(spans))}
    tablet.set_offline(False)
    under(cdp, "online")

    copies(ward.participant.pk, 2, BEDS)
    page.goto("/healthz")
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    page.goto("/", wait_until="load")
    expect(page.locator(".place")).to_have_count(BEDS)
    figures[f"board of {BEDS} beds, CPU {SLOWED}x slowed"] = {"ms": round(page.evaluate(STANDS))}
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": 1})

    record_property("waits", figures)
