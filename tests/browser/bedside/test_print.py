"""What is printed of a page in the night theme is dark on white (case A17)."""

import pytest

from tests.browser.bedside.test_bedside import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The least readable text of the page: its lightest colour, 0 black to 255 white. A grade has a paper of its own.
LIGHTEST = """() => {
  const light = (one) => Math.max(...getComputedStyle(one).color.match(/[0-9]+/g).slice(0, 3).map(Number));
  const own = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const shown = [...document.querySelectorAll("main *")].filter(
    (one) => own(one) && one.checkVisibility() && !one.closest(".grade, [class*=grade-], button, .key, .key-primary"));
  return Math.max(...shown.map(light));
}"""

# What the chart is painted with: the darkest of what stands out of its own paper, which is transparent.
INK = """() => {
  const canvas = document.querySelector("#chart canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let darkest = 255;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] > 200) darkest = Math.min(darkest, Math.max(data[i], data[i + 1], data[i + 2]));
  }
  return darkest;
}"""


@pytest.mark.parametrize("address", ["/", "/participants/{}/"])
def test_in_the_night_theme_too(browser, server, ward, address):
    context = browser.new_context(base_url=server)
    context.add_cookies([{"name": "theme", "value": "dark", "url": server}])
    page = context.new_page()
    sign_in(page, ward)
    page.goto(address.format(ward.participant.pk))
    page.wait_for_function(f"() => ({LIGHTEST})() > 200")  # as it is on the screen at night

    page.emulate_media(media="print")

    page.wait_for_function("() => getComputedStyle(document.body).backgroundColor === 'rgb(255, 255, 255)'")
    page.wait_for_function(f"() => ({LIGHTEST})() < 170")
    if page.locator("#chart").count():
        page.wait_for_function(f"() => ({INK})() < 100")
    context.close()
