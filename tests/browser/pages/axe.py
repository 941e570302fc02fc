"""The faults that axe-core finds on a page: the version that is vendored beside, for tests alone."""

from pathlib import Path

from playwright.sync_api import Page

SCRIPT = (Path(__file__).parent / "vendor/axe-core-4.14.1/axe.min.js").read_text()
# Without `preload` no stylesheet is fetched again, a third of the time: for rules of media that play, which no page
# has, and of a lock of the orientation, which is not among those that run.
RUN = """([only, targets]) => axe.run(document, {
    resultTypes: ["violations"], preload: false,
    ...(only.length ? { runOnly: only } : { rules: { "target-size": { enabled: targets } } }),
  }).then(({ violations }) => violations.map(({ id, nodes }) =>
    `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160))}`))"""
# The rules that read colours: all that can differ where nothing but the theme does.
COLOURS = ("color-contrast", "link-in-text-block")


def faults(page: Page, *, targets: bool = False, only: tuple[str, ...] = ()) -> list[str]:
    """The rules that are broken, each with the first elements that break it.

    `targets`: also that of targets of 24 CSS pixels (WCAG 2.2, 2.5.8), which does not run unasked. `only`: these rules.
    """
    if not page.evaluate("window.axe !== undefined"):
        page.evaluate(SCRIPT)
    return page.evaluate(RUN, [list(only), targets])
