"""Keys stay where they are, whatever is tapped: of the set they are looked at in tests/browser/test_pad.py."""

from itertools import product

import pytest

from tests.browser.bedside.test_bedside import sign_in
from tests.browser.bedside.test_entry_kept import ANSWERED

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEYS = """() => [...document.querySelectorAll("#entry .tap, #entry .box")].filter((e) => e.checkVisibility())
  .map((e) => {
    const box = e.getBoundingClientRect();
    const at = [box.x, e.closest(".save-bar") ? box.y : box.y + scrollY, box.width, box.height];
    const { name, value } = e.querySelector("input") ?? e;  // no text: the clock goes on
    return [name, e.matches(".tap") ? value : "", ...at.map(Math.round)].join(" ");
  })"""
# Each key in turn, with what moved after it: two frames later, so that what a page does about a tap is done. "Other
# time" asks for room, for its boxes.
MOVED = f"""async (stood) => {{
  const keys = {KEYS}, moved = [];
  const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const all = [...document.querySelectorAll("#entry .tap:not(:has([name=when][value=other]))")];
  const taps = all.filter((one) => one.checkVisibility());
  document.documentElement.style.opacity = 0;  // as in test_pad.py
  for (const tap of taps) {{
    tap.click();
    await drawn();
    const now = keys();
    for (const key of stood) if (!now.includes(key)) moved.push(`${{key}} after ${{tap.textContent.trim()}}`);
  }}
  document.documentElement.style.opacity = "";
  return [taps.length, moved];
}}"""


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_nothing_moves_after_a_tap(tablet, ward, language, server):
    sign_in(tablet, ward)
    tablet.context.add_cookies([{"name": "django_language", "value": language, "url": server}])
    for size, page in product([(768, 1024), (1280, 800)], ("neuro/", "treatment/", "dose/")):  # the set: test_pad.py
        tablet.set_viewport_size({"width": size[0], "height": size[1]})
        tablet.goto(f"/participants/{ward.participant.pk}/{page}")
        tablet.wait_for_function(ANSWERED)
        stood = tablet.evaluate(KEYS)
        tapped, moved = tablet.evaluate(MOVED, stood)
        assert tapped > 3
        assert moved == [], (page, size)
        tablet.wait_for_function(ANSWERED)
        now = tablet.evaluate(KEYS)
        assert [key for key in stood if key not in now] == [], (page, size)
        tablet.evaluate("sessionStorage.clear()")  # no draft is offered where it is opened again
