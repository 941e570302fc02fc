"""A ward tablet locks over the open form, shows the ward's alarms, and is taken over by PIN and by badge."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from crsmonitor.devices import cookie
from crsmonitor.devices.enrolling import set_rules
from tests.browser.keystrokes import Hand
from tests.builders import build_world, dose, kept, stay, vitals
from tests.devices.stages import BADGE, OTHER_PIN, PIN, a_tablet, sign_in, with_badge, with_pin
from tests.faults.rig.stack import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEY_PX = 56
WITHIN_S = 2
PIN_S = 3  # modelled: whose PIN it is is not thought of
RINGS = "navigator.vibrate = (times) => (window.rings = [...(window.rings ?? []), times]);"


def tap_pin(page: Page, pin: str) -> None:
    for digit in pin:
        page.locator(f"[data-digit='{digit}']").tap()


def small_keys(page: Page) -> list[str]:
    """Keys of the lock below the size of a gloved finger."""
    keys = page.locator("#lock-cover .key:visible").all()
    assert len(keys) > 12
    sizes = [(key.inner_text(), key.bounding_box()) for key in keys]
    return [text for text, box in sizes if box is None or min(box["width"], box["height"]) < KEY_PX - 0.5]


def test_it_locks_over_the_form_and_is_taken_over(browser: Browser, server: str, record_property):
    world, now = build_world(), timezone.now()
    kept(stay(world, observed_at=now - timedelta(hours=7), bed="05"), world)
    kept(dose(world, observed_at=now - timedelta(hours=6)), world)
    kept(vitals(world, 0, observed_at=now, temperature_c=39.2), world)
    on = a_tablet(world)
    sign_in(on.client, with_badge(with_pin(world.charge_nurse, OTHER_PIN)))
    set_rules(world.site.pk, lock_after_s=120, badge_alone=True, by=world.charge_nurse)
    with_pin(world.nurse)
    form = f"/participants/{world.participant.pk}/vitals/"
    context = browser.new_context(viewport={"width": 768, "height": 1024}, base_url=server, has_touch=True)
    context.add_cookies([{"name": cookie.COOKIE, "value": on.key, "url": server, "httpOnly": True}])
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.add_init_script(RINGS)
    page.clock.install()
    page.goto("/accounts/login/")
    page.fill("[name=username]", world.nurse.username)
    page.fill("[name=password]", f"{world.nurse.username}-password")
    page.locator(".key-save").tap()
    expect(page.locator(".board")).to_be_visible()

    # Nobody touches it for two minutes: covered, and the server refuses the session.
    page.goto(form)
    page.fill("#id_temperature_c", "38.7")
    page.clock.run_for(121_000)
    cover = page.locator("#lock-cover")
    expect(cover.locator("[data-lock-pad]")).to_be_visible()
    expect(page.locator("main")).to_be_hidden()
    expect(cover.locator("[data-alarm]")).to_contain_text("Bed 05")
    expect(cover.locator("[data-alarm] .grade")).to_contain_text("Grade 1")
    expect(cover).not_to_contain_text(world.participant.number)
    expect(page).to_have_title("Locked")
    assert page.request.get(form, max_redirects=0).status == 302
    assert small_keys(page) == []

    # An alarm that comes now is there within 2 s, heard or felt once; no key moves, and nobody is named.
    expect(cover.locator("[data-untouched]")).to_be_hidden()  # she typed before it locked
    keys, rings = cover.locator("[data-digit]").last.bounding_box(), page.evaluate("(window.rings ?? []).length")
    kept(vitals(world, 0, observed_at=now, temperature_c=39.3, sbp=80, vasopressors=["norepinephrine"]), world)
    until(lambda: "Grade 3" in cover.locator("[data-alarm] .grade").inner_text(), WITHIN_S, "the new grade is shown")
    expect(cover.locator("[data-new]")).to_have_text("New alarm: bed 05, CRS Grade 3")
    assert page.evaluate("window.rings.length") == rings + 1
    assert cover.locator("[data-digit]").last.bounding_box() == keys
    expect(cover).not_to_contain_text(world.participant.number)

    # Her PIN, her name being chosen: a wrong one first. The form is as she left it.
    five = page.locator("[data-digit='5']")
    before = five.bounding_box()
    tap_pin(page, "111111")
    expect(cover.locator("[data-lock-wrong]")).to_have_text("This PIN is wrong.")
    assert five.bounding_box() == before  # no key moves under a finger
    expect(cover.locator("[name=pin]")).to_have_value("")
    hand = Hand(page)
    for digit in PIN:
        hand.press(page.locator(f"[data-digit='{digit}']"))
    expect(cover).to_be_hidden()
    expect(page.locator("#id_temperature_c")).to_have_value("38.7")
    record_property("bedside", {"unlocked by PIN": hand.figures})
    assert hand.seconds < PIN_S

    # Another's badge, by a reader that types: she begins at the board, and finds nothing of the first.
    page.locator("[data-lock-now] button").tap()
    expect(cover.locator("[data-lock-pad]")).to_be_visible()
    page.keyboard.type(BADGE)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{server}/")
    expect(page.locator(".who")).to_contain_text(world.charge_nurse.username)
    page.goto(form)
    expect(page.locator("#id_temperature_c")).to_have_value("")
    expect(page.locator(".draft")).to_have_count(0)

    # The first comes back by name and PIN, and is offered what she typed.
    page.locator("[data-lock-now] button").tap()
    cover.get_by_text(world.nurse.username, exact=True).tap()
    tap_pin(page, PIN)
    page.wait_for_url(f"{server}/")
    page.goto(form)
    expect(page.locator(".draft")).to_be_visible()
    context.close()
    assert broken == []
