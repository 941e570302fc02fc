"""CPU from a tap until the grade stands painted, on the page of vital signs of an enrolled tablet: a tap on the number
pad, and one on a key of a question.

The target is 50 ms on a CPU four times slowed, which is 12.5 ms as measured here (bench/glass/cpu.py): from where the
finger leaves the key, the page's own thread (key, boxes, styles, layout, paint) and the rules beside it, as if one
thread did both. While the finger rests on the key the rules tell already what it will say (pad.js, preview.js): that is
counted apart, and what of it, slowed, would not be done in HELD_MS counts as if it came after.
What comes after the grade (its reasons, the draft that is sealed and kept) is counted up to the next tap, apart.
"""

import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from playwright.sync_api import Page, sync_playwright

from bench.engines import engines
from bench.glass.cpu import SLOWED, Event, between, parts, said, traced

SETS = 4
NUMBERS = ("20", "94", "8550", "110", "38.6")  # breaths, saturation, pressures, pulse, degrees
PAD = tuple(f'.pad [data-key="{key}"]' for key in "".join(NUMBERS))
CHOSEN = (
    ("oxygen_device", "room_air"), ("oxygen_device", "nasal_cannula"), ("oxygen_device", "room_air"),
    ("hypotension", "no"), ("hypotension", "yes"), ("hypotension", "no"),
)  # fmt: skip
ANSWERS = tuple(f".tap:has([name={name}][value={value}])" for name, value in CHOSEN)
HELD_MS = 80  # a finger on a key
PAUSE_MS = 700  # all that comes after a grade has come

# Marks in the trace: a finger comes on a key and leaves it, and the grade of what is on the glass is painted.
WATCH = """() => {
  const [preview, answer] = ["preview", "preview-answer"].map((id) => document.getElementById(id));
  let isTapped = false;
  const isKey = ({ target }) => target instanceof Element && target.closest(".pad-key, .tap");
  addEventListener("pointerdown", (event) => { if (isKey(event)) performance.mark("down"); }, true);
  addEventListener("pointerup", (event) => {
    if (!isKey(event)) return;
    isTapped = true;
    performance.mark("tap");
  }, true);
  new MutationObserver(() => {
    if (!isTapped || answer.hidden || preview.getAttribute("aria-busy") === "true") return;
    isTapped = false;
    requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => performance.mark("painted");
      port2.postMessage(0); });
  }).observe(preview, { childList: true, subtree: true, attributes: true, characterData: true });
}"""


def main() -> None:
    with engines(DB_POOL="0") as running:
        from django.core.management import call_command

        from bench.processes.served import wait_for
        from crsmonitor import embedded

        call_command("collectstatic", interactive=False, verbosity=0)
        participant, cookies = ward()
        port = embedded.free_port()
        web = [sys.executable, "-m", "crsmonitor.web", "--port", str(port), "--log-level", "error"]
        server = subprocess.Popen(web, env=running.environment)
        try:
            wait_for(port)
            with tablet(f"http://localhost:{port}", cookies) as page:
                for title, keys in (("the number pad", PAD), ("keys of questions", ANSWERS)):
                    print(f"-- {title}")
                    _print(_typed(page, f"/participants/{participant}/vitals/", keys), len(keys))
        finally:
            server.terminate()
            server.wait(20)


def ward(**newest: object) -> tuple[int, dict[str, str]]:
    """A participant with such a newest set, and the cookies of a tablet of the ward with its nurse signed in."""
    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from crsmonitor.devices import cookie
    from tests.builders import build_world, dose, kept, neuro, stay, vitals
    from tests.devices.stages import a_tablet

    world, now = build_world(), timezone.now()
    newest = {"temperature_c": 37.1} | newest
    facts = ((stay(world), 7), (dose(world), 6), (vitals(world, 0, **newest), 3), (neuro(world, 0), 3))
    for fact, hours in facts:
        fact.observed_at = now - timedelta(hours=hours)
        kept(fact, world)
    client = Client()
    key = a_tablet(world).key
    client.cookies[cookie.COOKIE] = key
    client.force_login(world.nurse)
    cookies = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value, cookie.COOKIE: key}
    return world.participant.pk, cookies


@contextmanager
def tablet(server: str, cookies: dict[str, str]) -> Iterator[Page]:
    from tests.browser.pages.icons import chromium

    with sync_playwright() as playwright:
        program = chromium()
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 800, "height": 1280}, base_url=server, has_touch=True)
        context.add_cookies([{"name": name, "value": value, "url": server} for name, value in cookies.items()])
        yield context.new_page()
        browser.close()


def _typed(page: Page, address: str, keys: Sequence[str]) -> list[list[Event]]:
    """The trace of each set. `keys`: selectors, in the order of the taps."""
    finger = page.context.new_cdp_session(page)
    sets = []
    for _ in range(SETS):
        page.goto(address)
        page.locator("#entry[data-rules]").wait_for()
        page.wait_for_timeout(2000)  # all that a page does besides is done
        page.evaluate(WATCH)
        places = {key: _middle(page, key) for key in keys}

        def tap_all(places: dict[str, dict[str, float]] = places) -> None:
            for key in keys:
                finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [places[key]]})
                page.wait_for_timeout(HELD_MS)
                finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
                page.wait_for_timeout(PAUSE_MS)

        sets.append(traced(page, tap_all))
    return sets


def _middle(page: Page, key: str) -> dict[str, float]:
    box = page.locator(key).bounding_box()
    assert box is not None
    return {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}


def _print(sets: list[list[Event]], keys: int) -> None:
    spans: defaultdict[str, list[float]] = defaultdict(list)
    of_parts: defaultdict[str, list[float]] = defaultdict(list)
    for events in sets:
        marks = [one for one in events if one["name"] in ("down", "tap", "painted") and "tts" in one]
        marks.sort(key=lambda one: one["ts"])
        for down, tap, painted, following in zip(marks, marks[1:], marks[2:], [*marks[3:], None], strict=False):
            if (down["name"], tap["name"], painted["name"]) != ("down", "tap", "painted"):
                continue
            held = between(events, down, tap)["both"]
            late = max(0.0, held - HELD_MS / SLOWED)
            spans["held"].append(held)
            for name, span in between(events, tap, painted).items():
                spans[name].append(span + (late if name in ("both", "path") else 0))
            spans["frames"].append(_frames(events, tap, painted))
            if following is not None:
                spans["after"].append(between(events, painted, following)["both"])
            thread = (tap["pid"], tap["tid"])
            for name, span in parts(events, thread, tap["ts"], painted["ts"]).items():
                of_parts[name].append(span)
    print(f"{len(spans['both'])} of {SETS * keys} taps had a grade painted")
    print(said("tap to grade, the page and the rules", spans["both"]))
    print(said("  where the rules have a core of their own", spans["path"]))
    print(said("  the page's own thread", spans["page"]))
    print(said("  the rules beside it", spans["rules"]))
    print(said(f"while the finger rests on the key ({HELD_MS} ms)", spans["held"]))
    print(said("after the grade, up to the next tap", spans["after"]))
    print(f"pictures from the tap to its grade: {statistics.mean(spans['frames']):.1f}")
    print("the page's own thread, p50:", ", ".join(
        f"{name} {statistics.median(some):.1f} ms" for name, some in sorted(of_parts.items())))  # fmt: skip


def _frames(events: list[Event], tap: Event, painted: Event) -> int:
    """How often the page's own thread laid a picture out for the screen."""
    of_page = [one for one in events if (one["pid"], one["tid"]) == (tap["pid"], tap["tid"])]
    return sum(one["name"] == "Commit" and tap["ts"] <= one["ts"] <= painted["ts"] for one in of_page)


if __name__ == "__main__":
    main()
