"""What is printed of a record is dark on light, also where the screen shows night: by the colours that are painted."""

import uuid
from contextlib import closing

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser

from grading.copies.making import make_copy
from grading.models import Episode, GradeAssessment
from tests.builders import build_world, dose, draft, hour, kept, stay, vitals

LEAST = 4.5  # WCAG 2.2, 1.4.3
# The text that stands on the page itself: contrast with what is painted behind it, and which of both is darker. A grade
# has a colour of its own, which is printed as it is, and its contrast is tested where it is made.
PRINTED = """(least) => {
  const parts = (colour) => { const [r, g, b, a = 1] = colour.match(/[0-9.]+/g).map(Number); return { r, g, b, a }; };
  const light = (c) => [c.r, c.g, c.b].map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
  const behind = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const paint = parts(getComputedStyle(at).backgroundColor);
      if (paint.a > 0.5) return paint;
    }
    return { r: 255, g: 255, b: 255, a: 1 };
  };
  const own = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const texts = [...document.querySelectorAll("main *")]
    .filter((one) => own(one) && one.checkVisibility() && !one.closest("[class*=grade], svg, script"));
  const faults = texts.flatMap((one) => {
    const ink = light(parts(getComputedStyle(one).color)), paper = light(behind(one));
    const contrast = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    return ink < paper && contrast >= least ? [] : [`${contrast.toFixed(1)}: ${one.outerHTML.slice(0, 100)}`];
  });
  return { texts: texts.length, faults: faults.slice(0, 4), paper: getComputedStyle(document.body).backgroundColor };
}"""


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_record_prints_dark_on_light_by_night(browser: Browser, server: str):
    world = build_world()
    kept(stay(world), world)
    kept(dose(world), world)
    fever = kept(vitals(world, 4, temperature_c=39.6), world).fact
    kept(vitals(world, 4, temperature_c=38.6, supersedes=fever, reason="mistyped"), world, at=hour(5))
    about = {"about": "set", "about_root": fever.root, "kind": "crs", "ledger": "investigator", "agrees": True}
    kept(draft(GradeAssessment, world, 6, **about), world, by=world.investigator)
    key, pk = uuid.uuid4(), world.participant.pk
    copy = make_copy(world.investigator, pk, because="paper", language="en", at=timezone.now(), key=key)
    episode = Episode.objects.get(participant=pk)
    client = Client()
    client.force_login(world.investigator)
    name = settings.SESSION_COOKIE_NAME
    with closing(browser.new_context(base_url=server)) as context:
        context.add_cookies([
            {"name": name, "value": client.cookies[name].value, "url": server},
            {"name": "theme", "value": "dark", "url": server},
        ])  # fmt: skip
        page = context.new_page()
        page.emulate_media(media="print")
        printed = {}

        for address in (
            reverse("history", args=[pk]), reverse("episode", args=[pk, "crs", episode.root]),
            f"{reverse('audit')}?participant={pk}", reverse("copies", args=[pk]), reverse("signatures"),
            reverse("copy-verify"),
        ):  # fmt: skip
            page.goto(address)
            assert page.locator("html").get_attribute("data-bs-theme") == "dark"
            printed[address] = page.evaluate(PRINTED, LEAST)
        page.emulate_media(media="screen")  # what is not printed is filled in on the screen
        page.fill("[name=sha256]", copy.files.get(form="pdf").sha256)
        page.locator("main form button").click()
        page.get_by_role("status").filter(has_text=str(copy.pk)).wait_for()
        page.emulate_media(media="print")
        printed["a copy that is known"] = page.evaluate(PRINTED, LEAST)

    assert {address: one["faults"] for address, one in printed.items() if one["faults"]} == {}
    assert {one["paper"] for one in printed.values()} == {"rgb(255, 255, 255)"}
    assert min(one["texts"] for one in printed.values()) > 1
