"""The outbox in a real store, with tabs that are killed at each of its steps, two tabs, no room, and a lost tablet."""

from typing import Any

import pytest
from django.templatetags.static import static
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, Route, expect

from crsmonitor.audit.acting import acting
from crsmonitor.devices.enrolling import revoke
from crsmonitor.devices.models import Tablet
from grading.models import VitalSigns
from regimens.models import Participant
from tests.browser.bedside.test_outbox import BUSY_MS, ROOM_BYTES, tablet  # noqa: F401
from tests.builders import World, kept, stay
from tests.tablet.server.entries import entry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BARE = "/healthz"  # a page of the site without a script: the modules are loaded into it by hand
OUTBOX = "**/tablet/outbox/"
TOKEN = "JSON.parse(document.body.getAttribute('hx-headers'))['X-CSRFToken']"
KEEP = "async ([outbox, entry]) => { const { keep } = await import(outbox); await keep(entry); }"
SEND = """async ([outbox, token]) => {
  const { send } = await import(outbox);
  const { outcome, answers } = await send(token);
  return [outcome, [...answers.values()].map(({ state }) => state)];
}"""
ROWS = "async (outbox) => (await (await import(outbox)).rows()).map(({ id }) => id)"
OPEN = "async (outbox) => (await (await import(outbox)).open()).map(({ row }) => row.id)"
# Until nothing more fits into what the browser gives this site (test_outbox.ROOM_BYTES); noise, which cannot be packed.
FILL = """async () => {
  const db = await new Promise((done) => {
    const asked = indexedDB.open("noise", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("noise", { autoIncrement: true });
    asked.onsuccess = () => done(asked.result);
  });
  const noise = (bytes) => Uint8Array.from({ length: bytes }, () => Math.random() * 256);
  const fits = (bytes) => new Promise((done) => {
    const writing = db.transaction("noise", "readwrite", { durability: "strict" });
    writing.oncomplete = () => done(true);
    writing.onabort = () => done(false);
    writing.objectStore("noise").put(noise(bytes));
  });
  for (const bytes of [4_000_000, 500_000, 60_000, 8_000, 1_000, 200]) while (await fits(bytes));
  db.close();
}"""
NOTHING_HELD = "async () => { await (await caches.open('crs-room')).delete('/tablet/room'); }"
LEFT = """async (store) => {
  const { all, session } = await import(store);
  return [(await session()) ?? null, (await all("ward")).length];
}"""
# What a killed tab never comes back from.
NO_SEAL = "crypto.subtle.encrypt = () => { window.reached = true; return new Promise(() => {}); }; 0"
NO_ANSWER = "Response.prototype.json = () => { window.reached = true; return new Promise(() => {}); }; 0"


def begin(page: Page, script: str, *values: Any) -> None:
    """Does not wait for its end."""
    page.evaluate(f"(values) => {{ ({script})(values).catch(() => {{}}); }}", list(values))


def waited(page: Page, routes: list[Route]) -> None:
    """Until a request is on its way."""
    while not routes:
        page.evaluate("0")


class Bed:
    """A nurse's tablet: entries of its outbox, and bare pages in which its modules run."""

    def __init__(self, context: BrowserContext, world: World) -> None:
        self.context, self.world = context, world
        self.token = context.pages[0].evaluate(TOKEN)
        self.outbox = static("tablet/outbox.js")

    def page(self) -> Page:
        page = self.context.new_page()
        page.goto(BARE)
        return page

    def entry(self) -> dict[str, Any]:
        one = entry(self.world, kept_at=timezone.now())
        del one["tablet_now"]
        return one | {"here": {"page": "/", "label": "", "grade": ""}}

    def keep(self, page: Page) -> dict[str, Any]:
        one = self.entry()
        page.evaluate(KEEP, [self.outbox, one])
        return one

    def send(self, page: Page) -> list[Any]:
        outcome: list[Any] = page.evaluate(SEND, [self.outbox, self.token])
        return outcome

    def rows(self, page: Page) -> list[str]:
        ids: list[str] = page.evaluate(ROWS, self.outbox)
        return ids


def killed_before_it_is_kept(bed: Bed) -> tuple[str, int]:
    page, one = bed.page(), bed.entry()
    page.evaluate(NO_SEAL)
    begin(page, KEEP, bed.outbox, one)
    page.wait_for_function("() => window.reached")
    page.close()
    return one["id"], 0


def killed_before_it_is_sent(bed: Bed) -> tuple[str, int]:
    page = bed.page()
    one = bed.keep(page)
    page.close()
    return one["id"], 1


def killed_while_it_is_sent(bed: Bed, *, arrives: bool) -> tuple[str, int]:
    page, held = bed.page(), list[Route]()
    one = bed.keep(page)
    page.route(OUTBOX, lambda route: held.append(route))
    begin(page, SEND, bed.outbox, bed.token)
    waited(page, held)
    if arrives:
        assert held[0].fetch().json()["answers"][0]["state"] == "kept"
    page.close()
    return one["id"], 1


def killed_before_it_is_marked(bed: Bed) -> tuple[str, int]:
    page = bed.page()
    one = bed.keep(page)
    page.evaluate(NO_ANSWER)
    begin(page, SEND, bed.outbox, bed.token)
    page.wait_for_function("() => window.reached")
    page.close()
    return one["id"], 1


def test_a_tab_that_is_killed_at_any_step_loses_nothing_and_keeps_nothing_twice(tablet, ward):  # noqa: F811
    bed = Bed(tablet, ward)
    tablet.pages[0].close()
    steps = [
        killed_before_it_is_kept(bed), killed_before_it_is_sent(bed), killed_while_it_is_sent(bed, arrives=False),
        killed_while_it_is_sent(bed, arrives=True), killed_before_it_is_marked(bed),
    ]  # fmt: skip
    there = [key for key, expected in steps if expected]
    page = bed.page()

    assert sorted(bed.rows(page)) == sorted(there)
    assert bed.send(page) == ["sent", ["kept"] * len(there)]
    assert bed.rows(page) == []
    for key, expected in steps:
        assert VitalSigns.objects.filter(pk=key).count() == expected

    # Two tabs: the second waits for the first, and then there is nothing left to send.
    sent, other = list[Route](), bed.page()
    bed.keep(page)
    tablet.route(OUTBOX, lambda route: sent.append(route))
    begin(page, SEND, bed.outbox, bed.token)
    waited(page, sent)
    begin(other, f"async (values) => {{ window.outcome = await ({SEND})(values); }}", bed.outbox, bed.token)
    waits = "async () => (await navigator.locks.query()).pending.some(({ name }) => name === 'crs-outbox')"
    other.wait_for_function(waits)
    assert len(sent) == 1
    sent[0].continue_()
    other.wait_for_function("() => window.outcome")
    assert (other.evaluate("window.outcome"), len(sent)) == (["sent", []], 1)
    tablet.unroute(OUTBOX)

    # The tablet was lost, and revoked while nobody heard of it.
    key = bed.keep(page)["id"]
    revoke(Tablet.objects.get().pk, reason="lost", by=ward.data_manager, at=timezone.now())
    assert bed.send(page)[0] == "revoked"
    assert page.evaluate(OPEN, bed.outbox) == []
    assert page.evaluate(LEFT, static("tablet/store.js")) == [None, 0]
    assert bed.rows(page) == [key]  # sealed, for its owner
    assert not VitalSigns.objects.filter(pk=key).exists()


@pytest.fixture
def another_bed(ward: World) -> Participant:
    with acting(by="test", reason="another bed"):
        other = Participant.objects.create(study=ward.study, site=ward.site, number="DEMO-777", regimen=ward.regimen)
    kept(stay(ward, participant=other, bed="13", observed_at=timezone.now()), ward)
    return other


def test_a_form_without_a_network_says_whose_wristband_it_is_and_what_is_not_saved(another_bed, tablet, ward):  # noqa: F811
    bed, page = Bed(tablet, ward), tablet.pages[0]
    page.goto(f"/participants/{ward.participant.pk}/treatment/")
    expect(page.locator("#outbox")).to_have_attribute("data-ward-kept", "", timeout=BUSY_MS)
    tablet.set_offline(True)
    page.locator('.tap:has(input[name="known"][value="paracetamol"])').first.tap()

    page.fill("#id_confirm_number", "777")
    page.locator(".key-save").tap()
    expect(page.locator(".confirm")).to_contain_text("DEMO-777: another participant", timeout=BUSY_MS)
    assert bed.rows(page) == []

    # The disk is full. What is held back for that makes room for what is saved then.
    others = [another_form(tablet, ward) for _ in range(2)]
    page.evaluate(FILL)
    leave_no_room(page)
    page.fill("#id_confirm_number", "001")
    page.locator(".key-save").tap()
    expect(page.locator("[data-entries] li")).to_have_count(1, timeout=BUSY_MS)

    # Where nothing can be held back the next page says so. Pages kept for reading alone make room; the ward does not.
    page.evaluate(NOTHING_HELD)
    page.evaluate(FILL)
    page.reload()
    expect(page.locator("#outbox")).to_contain_text("nearly full", timeout=BUSY_MS)
    save_paracetamol(others[0])
    expect(others[0].locator("[data-entries] li")).to_have_count(2, timeout=BUSY_MS)
    assert page.evaluate("async (ward) => (await import(ward)).ward()", static("tablet/ward.js")) is not None

    # Where nothing fits whatever is given up, what is saved stays on the glass, and what was kept stays kept.
    kept_before, form = bed.rows(page), others[1]
    of_origin(page, "Storage.overrideQuotaForOrigin", quotaSize=1)
    page.evaluate(FILL)  # what is refused has the browser count anew: there is less than nothing left
    save_paracetamol(form)
    expect(form.locator("#outbox")).to_contain_text("NOT saved", timeout=BUSY_MS)
    expect(form.locator("#id_confirm_number")).to_have_value("001")
    assert bed.rows(page) == kept_before

    # There is room again: the same form is saved by the next tap.
    of_origin(page, "Storage.overrideQuotaForOrigin", quotaSize=2 * ROOM_BYTES)
    form.locator(".key-save").tap()
    expect(form.locator("[data-entries] li")).to_have_count(3, timeout=BUSY_MS)


def another_form(tablet: BrowserContext, ward: World) -> Page:  # noqa: F811
    page = tablet.new_page()
    page.goto(f"/participants/{ward.participant.pk}/treatment/")
    page.locator("#entry").wait_for()
    return page


def save_paracetamol(page: Page) -> None:
    page.locator('.tap:has(input[name="known"][value="paracetamol"])').first.tap()
    page.fill("#id_confirm_number", "001")
    page.locator(".key-save").tap()


def of_origin(page: Page, method: str, **more: int) -> dict[str, Any]:
    answer: dict[str, Any] = page.context.new_cdp_session(page).send(
        method, {"origin": page.evaluate("location.origin")} | more
    )
    return answer


def leave_no_room(page: Page) -> None:
    """IndexedDB counts by itself for a while and lets more in than the browser gives."""
    used = of_origin(page, "Storage.getUsageAndQuota")["usage"]
    of_origin(page, "Storage.overrideQuotaForOrigin", quotaSize=used)
