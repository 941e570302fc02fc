"""The faults that axe-core finds on a page: the version that is vendored beside, for tests alone."""

from pathlib import Path

from playwright.sync_api import Page

SCRIPT = (Path(__file__).parent / "vendor/axe-core-4.14.1/axe.min.js").read_text()
RUN = """(targets) => axe.run({ resultTypes: ["violations"], rules: { "target-size": { enabled: targets } } })
  .then(({ violations }) => violations.map(({ id, nodes }) =>
    `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160))}`))"""


def faults(page: Page, *, targets: bool = False) -> list[str]:
    """The rules that are broken, each with the first elements that break it.

    `targets`: also that of targets of 24 CSS pixels (WCAG 2.2, 2.5.8), which does not run unasked.
    """
    if not page.evaluate("window.axe !== undefined"):
        page.evaluate(SCRIPT)
    return page.evaluate(RUN, targets)
