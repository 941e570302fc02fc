// @ts-check
// The course on one time axis. The table on the page has the same facts, and is what a touch reads out.

import { readColours } from "./colours.js";
import { nearest } from "./data.js";
import { followFingers } from "./fingers.js";
import { buildPanels } from "./panels.js";
import { readOut } from "./reading.js";
import { View } from "./view.js";

class Chart {
  /**
   * @param {HTMLElement} holder
   * @param {import("./data.js").Course} course
   */
  constructor(holder, course) {
    this.holder = holder;
    this.course = course;
    this.panels = /** @type {HTMLElement} */ (holder.querySelector(".panels"));
    this.place = /** @type {HTMLElement} */ (holder.querySelector("[data-read]"));
    this.rows = [.../** @type {NodeListOf<HTMLTableRowElement>} */ (document.querySelectorAll("#course-rows tr"))];
    this.times = [...new Set(course.rows)].sort((a, b) => a - b);
    this.view = new View(course.from, course.to);
    this.touched = /** @type {number | null} */ (null); // the time that is read out
    this.colours = readColours(holder);
    this.plots = /** @type {UPlot[]} */ ([]);
    this.isWaiting = false;
  }

  /** Anew, with the colours and the sharpness of now. */
  build() {
    if (!this.holder.isConnected) return; // another stretch took its place
    this.colours = readColours(this.holder);
    for (const old of this.plots) old.destroy();
    this.plots = buildPanels(this.holder, this);
    this.redraw();
  }

  /** Once, before the screen is drawn the next time. */
  redraw() {
    if (this.isWaiting) return;
    this.isWaiting = true;
    requestAnimationFrame(() => {
      this.isWaiting = false;
      this.drawNow();
    });
  }

  drawNow() {
    const { view, plots, holder } = this;
    for (const u of plots) u.setScale("x", { min: view.from, max: view.to });
    for (const u of plots) u.redraw(false);
    holder.dataset.from = String(Math.round(view.from));
    holder.dataset.to = String(Math.round(view.to));
    const isWhole = view.atStart && view.atEnd;
    this.disable({ out: isWhole, all: isWhole, in: view.isClosest, earlier: view.atStart, later: view.atEnd });
  }

  /** @param {Record<string, boolean>} keys */
  disable(keys) {
    for (const [name, isDisabled] of Object.entries(keys)) {
      const key = /** @type {HTMLButtonElement} */ (this.holder.querySelector(`[data-do="${name}"]`));
      key.disabled = isDisabled;
    }
  }

  /** @param {string} name  of a key */
  press(name) {
    const { view } = this;
    /** @type {Record<string, () => void>} */
    const acts = {
      in: () => view.zoom(0.5, this.touched),
      out: () => view.zoom(2, this.touched),
      earlier: () => view.move(-0.5),
      later: () => view.move(0.5),
      all: () => view.showAll(),
      before: () => this.step(-1),
      after: () => this.step(1),
    };
    acts[name]();
    this.redraw();
  }

  /**
   * Reads out the entry that is nearest.
   * @param {number} t
   */
  readAt(t) {
    if (!this.times.length) return;
    const at = nearest(this.times, t);
    this.touched = at;
    this.view.bring(at);
    readOut(
      this.place,
      this.rows.filter((_row, i) => this.course.rows[i] === at),
    );
    this.disable({ before: at === this.times[0], after: at === this.times.at(-1) });
    this.redraw();
  }

  /** @param {-1 | 1} by  entries */
  step(by) {
    if (!this.times.length) return;
    const outside = by > 0 ? -1 : this.times.length;
    const from = this.touched === null ? outside : this.times.indexOf(this.touched);
    this.readAt(this.times[Math.min(Math.max(from + by, 0), this.times.length - 1)]);
  }

  follow() {
    this.holder.addEventListener("click", ({ target }) => {
      const key = /** @type {Element} */ (target).closest("[data-do]");
      if (key instanceof HTMLElement) this.press(key.dataset.do ?? "");
    });
    followFingers(this.panels, {
      view: this.view,
      box: () => this.plots[0].over.getBoundingClientRect(),
      show: (from, to) => {
        this.view.show(from, to);
        this.redraw();
      },
      readAt: (t) => this.readAt(t),
    });
    this.followWidth();
    this.followTheme();
    this.followPrint();
    this.followSharpness();
  }

  /** The tablet was turned. */
  followWidth() {
    let width = this.panels.clientWidth;
    new ResizeObserver(() => {
      if (this.panels.clientWidth === width) return;
      width = this.panels.clientWidth;
      for (const u of this.plots) u.setSize({ width: u.root.parentElement?.clientWidth ?? width, height: u.height });
      this.redraw();
    }).observe(this.panels);
  }

  followTheme() {
    const watcher = new MutationObserver(() => this.build());
    watcher.observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
  }

  /** On paper it is day, whatever the screen shows. The canvas has no time to wait for its next frame. */
  followPrint() {
    matchMedia("print").addEventListener("change", () => {
      this.build();
      this.drawNow();
    });
  }

  /** The page was zoomed, or moved to another screen. */
  followSharpness() {
    const now = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    const changed = () => {
      this.build();
      this.followSharpness();
    };
    now.addEventListener("change", changed, { once: true });
  }
}

function draw() {
  const holder = document.getElementById("chart");
  const source = document.getElementById("course-data");
  if (!holder || !source || typeof uPlot === "undefined") return;
  const chart = new Chart(holder, JSON.parse(source.textContent ?? ""));
  holder.hidden = false; // first: a hidden panel has no width
  chart.build();
  chart.follow();
}

draw();
// All of the stretch was asked for, and took the place of what was there.
document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (!(target instanceof Element) || target.id !== "course-section") return;
  draw();
  document.getElementById("course")?.focus({ preventScroll: true });
});
