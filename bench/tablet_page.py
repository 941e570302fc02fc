"""From a tap on the number pad until the grade stands drawn, on the page of vital signs on a CPU four times slowed.

The target is 50 ms (p95). Chromium slows the thread of a page and no other, so that the rules run in two ways: beside
the page, as they do, where only drawing is slowed; and on the page's own thread, where all of it is, which is slower
than any tablet of that speed: there typing and grading share one thread.
"""

import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.engines import engines

SLOWED = 4
SETS = 12
NUMBERS = ("20", "94", "8550", "110", "38.6")  # breaths, saturation, pressures, pulse, degrees
BETWEEN_MS = 160  # two taps of one hand

# In place of a worker: the same engine, on the thread of the page.
ON_THE_PAGE = """window.Worker = class extends EventTarget {
  async postMessage({ id, question, addresses }) {
    if (addresses) {
      const { start } = await import("ENGINE");
      const [bundle, words] = await Promise.all([addresses.rules, addresses.words].map(async (address) =>
        (await fetch(address)).json()));
      this.ask = await start((await import(addresses.engine)).loadMicroPython, addresses.wasm, bundle, words);
      this.say({ ready: bundle.digest });
    } else setTimeout(() => this.say({ id, answer: JSON.parse(this.ask(JSON.stringify(question))) }));
  }
  say(data) { this.dispatchEvent(new MessageEvent("message", { data })); }
  terminate() {}
};"""
# When the grade of what is on the glass was painted after a tap, in ms; those that come with their reasons, later, too.
WATCH = """() => {
  const [preview, answer] = ["preview", "preview-answer"].map((id) => document.getElementById(id));
  window.spans = [];
  let tapped = null;
  addEventListener("click", ({ target, timeStamp }) => {
    if (target instanceof Element && target.closest(".pad-key")) tapped = timeStamp;
  }, true);
  new MutationObserver(() => {
    if (tapped === null || answer.hidden || preview.getAttribute("aria-busy") === "true") return;
    const since = tapped;
    tapped = null;
    requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => window.spans.push(performance.now() - since);
      port2.postMessage(0); });
  }).observe(preview, { childList: true, subtree: true, attributes: true });
}"""


def main() -> None:
    with engines(DB_POOL="0") as running:
        from django.core.management import call_command
        from django.templatetags.static import static

        from bench.post_set import wait_for
        from crsmonitor import embedded

        call_command("collectstatic", interactive=False, verbosity=0)
        address, cookie = _ward()
        port = embedded.free_port()
        web = [sys.executable, "-m", "crsmonitor.web", "--port", str(port), "--log-level", "error"]
        server = subprocess.Popen(web, env=running.environment)
        try:
            wait_for(port)
            for how, script in {
                "beside the page": "",
                "on its thread": ON_THE_PAGE.replace("ENGINE", static("tablet/engine.js")),
            }.items():
                with _tablet(f"http://localhost:{port}", cookie, script) as page:
                    _print(how, sorted(_typed(page, address)))
        finally:
            server.terminate()
            server.wait(20)


def _ward() -> tuple[str, str]:
    """A participant's form, and the session of a nurse."""
    from django.test import Client
    from django.utils import timezone

    from tests.builders import build_world, dose, kept, neuro, stay, vitals

    world, now = build_world(), timezone.now()
    facts = ((stay(world), 7), (dose(world), 6), (vitals(world, 0, temperature_c=37.1), 3), (neuro(world, 0), 3))
    for fact, hours in facts:
        fact.observed_at = now - timedelta(hours=hours)
        kept(fact, world)
    client = Client()
    client.force_login(world.nurse)
    return f"/participants/{world.participant.pk}/vitals/", client.cookies["sessionid"].value


@contextmanager
def _tablet(server: str, cookie: str, script: str) -> Iterator[Page]:
    from tests.browser.pages.icons import chromium

    with sync_playwright() as playwright:
        program = chromium()
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 800, "height": 1280}, base_url=server, has_touch=True)
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": server}])
        if script:
            context.add_init_script(script)
        yield context.new_page()
        browser.close()


def _typed(page: Page, address: str) -> list[float]:
    spans: list[float] = []
    cdp = page.context.new_cdp_session(page)
    for _ in range(SETS):
        page.goto(address)
        page.locator("#entry[data-rules]").wait_for()
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        page.evaluate(WATCH)
        for key in "".join(NUMBERS):
            page.locator(f'.pad [data-key="{key}"]').tap()
            page.wait_for_timeout(BETWEEN_MS)
        page.wait_for_timeout(1000)
        spans += page.evaluate("window.spans")
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return spans


def _print(how: str, spans: list[Any]) -> None:
    p95 = spans[int(len(spans) * 0.95)]
    print(f"{SLOWED}x slowed, rules {how}: tap to grade p50 {statistics.median(spans):.0f} ms, p95 {p95:.0f} ms "
          f"({len(spans)} of {SETS * len(''.join(NUMBERS))} taps)")  # fmt: skip


if __name__ == "__main__":
    main()
