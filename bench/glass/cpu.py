"""What a page costs in CPU, by Chromium's trace: time that its threads ran, however long other processes kept them.

A machine that is shared makes wall clocks useless. Each event of the trace has the time of its own thread (`tts`, and
`tdur` as long as it lasted, in microseconds), which stands still while another process has the core. A CPU four times
slowed is modelled as four times that. Left out: the threads of the compositor and its pictures, which a tablet gives
to its graphics.
"""

import json
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from playwright.sync_api import Page

SLOWED = 4
MAIN, WORKER = "CrRendererMain", "DedicatedWorker thread"
CATEGORIES = ("devtools.timeline", "disabled-by-default-devtools.timeline", "blink.user_timing")
TASK = "RunTask"
# Into what the work of a page falls; what no name is of is "other".
PARTS: Mapping[str, tuple[str, ...]] = {
    "script": ("EvaluateScript", "v8.evaluateModule", "FunctionCall", "EventDispatch", "TimerFire", "RunMicrotasks",
               "v8.compile", "v8.compileModule", "XHRReadyStateChange"),
    "HTML": ("ParseHTML",),
    "styles": ("UpdateLayoutTree", "ParseAuthorStyleSheet"),
    "layout": ("Layout",),
    "paint": ("PrePaint", "Paint", "Layerize", "Commit", "UpdateLayer"),
}  # fmt: skip

Event = Mapping[str, Any]
Thread = tuple[int, int]


def traced(page: Page, act: Callable[[], None]) -> list[Event]:
    """The events of all that happened while `act` ran."""
    browser = page.context.browser
    assert browser is not None
    browser.start_tracing(page=page, categories=list(CATEGORIES))
    act()
    events: list[Event] = json.loads(browser.stop_tracing())["traceEvents"]
    return events


def threads(events: Iterable[Event]) -> dict[Thread, str]:
    """The name of each thread, by its process and itself."""
    named = (one for one in events if one["name"] == "thread_name")
    return {(one["pid"], one["tid"]): one["args"]["name"] for one in named}


def between(events: Sequence[Event], begin: Event, end: Event) -> dict[str, float]:
    """ms of CPU from one mark of the page to another: of its own thread, of its workers, of both, and of the `path`
    where each has a core: what the page does while its workers are busy counts once. Between two marks of one thread
    its own clock says it.
    """
    names = threads(events)
    page = (begin["pid"], begin["tid"])
    own = (end["tts"] - begin["tts"]) / 1000
    tasks = [
        one
        for one in events
        if one["name"] == TASK and one["pid"] == page[0] and begin["ts"] <= one["ts"] <= end["ts"] and "tdur" in one
    ]
    beside = [one for one in tasks if names.get((one["pid"], one["tid"])) == WORKER]
    workers = sum(one["tdur"] / 1000 for one in beside)
    path = own
    if beside:
        answered = max(one["ts"] + one["dur"] for one in beside)
        mine = sorted((one for one in tasks if (one["pid"], one["tid"]) == page), key=lambda one: one["ts"])
        while_asked = [one for one in mine if beside[0]["ts"] <= one["ts"] < answered]
        after = (one["tts"] for one in mine if one["ts"] >= answered)
        overlapping = sum(one["tdur"] for one in while_asked) / 1000
        # None began after the answer: the page took it up within a task that was running then.
        overlapping = min(overlapping, (next(after, end["tts"]) - begin["tts"]) / 1000)
        path = own - overlapping + max(overlapping, workers)
    return {"page": own, "rules": workers, "both": own + workers, "path": path}


def parts(events: Sequence[Event], thread: Thread, begin: float, end: float) -> dict[str, float]:
    """ms of CPU of a thread between two times of the trace, by PARTS: of each event what none within it took."""
    of_part = {name: part for part, names in PARTS.items() for name in names}
    own = [
        one
        for one in events
        if (one["pid"], one["tid"]) == thread and one["ph"] == "X" and "tdur" in one and begin <= one["ts"] <= end
    ]
    own.sort(key=lambda one: (one["tts"], -one["tdur"]))
    spent: defaultdict[str, float] = defaultdict(float)
    above: list[tuple[float, str]] = []  # the end of each event that is open, and its part
    for one in own:
        while above and above[-1][0] <= one["tts"]:
            above.pop()
        outer = above[-1][1] if above else None
        part = of_part.get(one["name"], outer or "other")
        spent[part] += one["tdur"] / 1000
        if outer is not None:
            spent[outer] -= one["tdur"] / 1000
        above.append((one["tts"] + one["tdur"], part))
    return dict(spent)


def said(what: str, spans: Sequence[float]) -> str:
    """`spans` in ms of CPU, at full speed and slowed."""
    every = sorted(spans)
    p50, p95 = statistics.median(every), every[int(len(every) * 0.95)]
    return (
        f"{what}: p50 {p50:.1f} ms of CPU, p95 {p95:.1f}; {SLOWED}x slowed p50 {p50 * SLOWED:.0f} ms, "
        f"p95 {p95 * SLOWED:.0f} ({len(every)} times)"
    )
