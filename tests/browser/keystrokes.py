"""Taps are counted and their time is modelled while they are made: the keystroke-level model.

Card SK, Moran TP, Newell A. The keystroke-level model for user performance time with interactive systems. Commun ACM
1980;23(7):396-410: M, to think of the next thing, once a unit of thought (what is read from a monitor at once, a
question that is answered, Save); P, to point at something elsewhere; K, another key under the same hand, of "average
non-secretary typist". Written for mouse and keyboard; a touch is taken as P where the finger travels, as K on the pad.
"""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

M, P, K = 1.35, 1.1, 0.28  # seconds
BOUNCE_MS = 80  # crsmonitor/static/bedside/pad/taps.js: no finger taps twice within them


@dataclass
class Hand:
    """One finger at a tablet."""

    page: Page
    taps: int = 0
    seconds: float = 0
    is_on_pad: bool = False

    def think(self) -> None:
        self.seconds += M

    def tap(self, target: Locator) -> None:
        target.tap()
        self._count(on_pad=False)

    def type(self, keys: str) -> None:
        """On the pad, one tap a sign."""
        for key in keys:
            self.page.wait_for_function("(until) => performance.now() > until", arg=self._may_tap_at)
            self.page.locator(f'.pad [data-key="{key}"]').tap()
            self._may_tap_at = self.page.evaluate("performance.now()") + BOUNCE_MS
            self._count(on_pad=True)

    def press(self, key: Locator) -> None:
        """A key of another pad, as that of the lock."""
        key.tap()
        self._count(on_pad=True)

    def type_without_pad(self, keys: str) -> None:
        """On the tablet's own keyboard."""
        for key in keys:
            self.page.keyboard.type(key)
            self._count(on_pad=True)

    def _count(self, *, on_pad: bool) -> None:
        self.taps += 1
        self.seconds += K if on_pad and self.is_on_pad else P
        self.is_on_pad = on_pad

    _may_tap_at: float = 0

    @property
    def figures(self) -> dict[str, float]:
        return {"taps": self.taps, "modelled seconds": round(self.seconds, 1)}
