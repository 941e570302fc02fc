// The course on one time axis. The table on the page has the same facts, and is what a touch reads out.
// Null is "nobody looked": a line breaks there, and nothing is drawn through it.
(() => {
  const holder = document.getElementById("chart");
  const source = document.getElementById("course-data");
  if (!holder || !source || typeof uPlot === "undefined") return;
  const course = JSON.parse(source.textContent);
  const rows = [...document.querySelectorAll("#course-rows tr")];
  const readOut = holder.querySelector("[data-read]");
  const panels = holder.querySelector(".panels");
  const margin = Math.max((course.to - course.from) * 0.02, 600);
  const whole = { from: course.from - margin, to: course.to + margin };
  const view = { ...whole };
  const SHORTEST = 1800; // seconds: nothing is recorded closer than this often enough to need more
  const AXIS = 46;
  const TILE = 26;
  let touched = null; // the time that is read out
  let colour = {};
  let tones = {};

  // --- Colours: those of the stylesheet, day or night ---

  function readColours() {
    const style = getComputedStyle(holder);
    const names = ["ink", "paper", "quiet", "grid", "edge", "limit", "accent", "bar", "bar-high", "bar-high-ink", "crs", "icans", "hatch", "alert"];
    colour = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--c-${name}`).trim()]));
    colour.font = style.fontFamily;
    tones = {};
    for (const tone of ["0", "1", "2", "3", "4", "5", "open", "unexplained", "unseen"]) {
      const probe = document.createElement("i");
      probe.className = `grade-${tone}`;
      holder.append(probe);
      const own = getComputedStyle(probe);
      tones[tone] = Object.fromEntries(["paper", "ink", "edge"].map((name) => [name, own.getPropertyValue(`--grade-${name}`).trim()]));
      probe.remove();
    }
  }

  // --- Drawing helpers; everything on a canvas is in its own pixels ---

  const px = () => uPlot.pxRatio;
  const xOf = (u, t) => u.valToPos(t, "x", true);
  const yOf = (u, value) => u.valToPos(value, "y", true);
  const font = (size, weight = 400) => `${weight} ${size * px()}px ${colour.font}`;

  function inside(u, draw) {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    draw(ctx, bbox);
    ctx.restore();
  }

  function hatch(ctx) {
    const size = Math.round(8 * px());
    const tile = document.createElement("canvas");
    tile.width = tile.height = size;
    const pen = tile.getContext("2d");
    pen.strokeStyle = colour.hatch;
    pen.lineWidth = 1.5 * px();
    pen.beginPath();
    for (const shift of [-size, 0, size]) {
      pen.moveTo(shift, size);
      pen.lineTo(shift + size, 0);
    }
    pen.stroke();
    return ctx.createPattern(tile, "repeat");
  }

  const until = (episode) => (episode.to === null ? course.to : episode.to);

  function shadeEpisodes(u, kind) {
    inside(u, (ctx, box) => {
      ctx.fillStyle = colour[kind];
      for (const episode of course.episodes.filter((one) => one.kind === kind)) {
        const left = xOf(u, episode.from);
        ctx.fillRect(left, box.top, Math.max(xOf(u, until(episode)) - left, 2 * px()), box.height);
      }
    });
  }

  function shadeUnseen(u, stretches, say) {
    inside(u, (ctx, box) => {
      for (const [from, to] of stretches) {
        const left = xOf(u, from);
        const wide = xOf(u, to) - left;
        ctx.fillStyle = hatch(ctx);
        ctx.fillRect(left, box.top, wide, box.height);
        if (!say) continue;
        ctx.font = font(13, 600);
        const text = ctx.measureText(course.words.nobody).width;
        const shown = Math.min(left + wide, box.left + box.width) - Math.max(left, box.left);
        if (shown < text + 12 * px()) continue;
        const middle = Math.max(left, box.left) + shown / 2;
        const level = box.top + box.height * 0.66; // off the line of the limit
        ctx.fillStyle = colour.paper;
        ctx.fillRect(middle - text / 2 - 4 * px(), level - 10 * px(), text + 8 * px(), 20 * px());
        ctx.fillStyle = colour.ink;
        ctx.textAlign = "center";
        ctx.textBaseline = "middle";
        ctx.fillText(course.words.nobody, middle, level);
      }
    });
  }

  function lineAt(ctx, box, x, style, width, dash = []) {
    ctx.strokeStyle = style;
    ctx.lineWidth = width * px();
    ctx.setLineDash(dash.map((part) => part * px()));
    ctx.beginPath();
    ctx.moveTo(x, box.top);
    ctx.lineTo(x, box.top + box.height);
    ctx.stroke();
    ctx.setLineDash([]);
  }

  function overAll(u) {
    inside(u, (ctx, box) => {
      for (const dose of course.doses) lineAt(ctx, box, xOf(u, dose.t), colour.accent, 2, dose.given ? [] : [3, 4]);
      if (touched !== null) lineAt(ctx, box, xOf(u, touched), colour.ink, 1, [5, 3]);
    });
  }

  // --- Panels ---

  function limit(u, value) {
    inside(u, (ctx, box) => {
      const y = yOf(u, value);
      ctx.strokeStyle = colour.limit;
      ctx.lineWidth = 1.5 * px();
      ctx.setLineDash([6 * px(), 4 * px()]);
      ctx.beginPath();
      ctx.moveTo(box.left, y);
      ctx.lineTo(box.left + box.width, y);
      ctx.stroke();
      ctx.setLineDash([]);
    });
  }

  function points(u, times, values, hollow, unrecordable) {
    inside(u, (ctx, box) => {
      const across = u.bbox.width / Math.max((view.to - view.from) / 3600, 1);
      const radius = (across < 4 * px() ? 2.5 : 4.5) * px();
      let lastMark = -Infinity;
      times.forEach((t, i) => {
        const x = xOf(u, t);
        if (x < box.left - radius || x > box.left + box.width + radius) return;
        if (values[i] === null) {
          if (x - lastMark < 9 * px()) return;
          lastMark = x;
          ctx.fillStyle = colour.ink;
          ctx.font = font(14, 800);
          ctx.textAlign = "center";
          ctx.textBaseline = "alphabetic";
          ctx.fillText(unrecordable && unrecordable[i] ? "↓" : "?", x, box.top + box.height - 3 * px());
          return;
        }
        ctx.beginPath();
        ctx.arc(x, yOf(u, values[i]), radius, 0, 2 * Math.PI);
        ctx.fillStyle = hollow && hollow[i] ? colour.paper : colour.ink;
        ctx.fill();
        ctx.strokeStyle = colour.ink;
        ctx.lineWidth = 2 * px();
        ctx.stroke();
      });
    });
  }

  // A value seen at one look stands for itself until the next; where nobody looked in time, it stops.
  function bars(u, { times, values, words, top }) {
    inside(u, (ctx, box) => {
      times.forEach((t, i) => {
        const left = xOf(u, t);
        const gap = course.nobodyLooked.find(([from]) => from === t);
        const next = i + 1 < times.length && !gap ? xOf(u, times[i + 1]) : left + 8 * px();
        if (next < box.left || left > box.left + box.width) return;
        const wide = Math.max(next - left, 3 * px());
        ctx.textBaseline = "middle";
        ctx.textAlign = "left";
        if (values[i] === null) {
          ctx.fillStyle = colour.ink;
          ctx.font = font(14, 800);
          ctx.fillText("?", left, box.top + box.height / 2);
          return;
        }
        const share = values[i] === 0 ? 0 : 0.35 + (0.65 * Math.min(values[i], top)) / top;
        const high = values[i] === 0 ? 3 * px() : share * (box.height - 4 * px());
        const strong = values[i] / top > 0.3;
        ctx.fillStyle = values[i] === 0 ? colour.edge : strong ? colour["bar-high"] : colour.bar;
        ctx.fillRect(left, box.top + box.height - high, wide, high);
      });
      let free = -Infinity;
      times.forEach((t, i) => {
        if (!values[i] || (i > 0 && words[i - 1] === words[i] && values[i - 1] !== null)) return;
        const x = Math.max(xOf(u, t), box.left) + 4 * px();
        if (x > box.left + box.width || x < free) return;
        let last = i;
        while (last + 1 < times.length && words[last + 1] === words[i] && values[last + 1] !== null) last += 1;
        if (last + 1 < times.length && xOf(u, times[last + 1]) < box.left) return;
        ctx.font = font(13, 600);
        const wide = ctx.measureText(words[i]).width;
        const from = Math.min(x, box.left + box.width - wide - 4 * px());
        if (from < free) return;
        free = from + wide + 8 * px();
        ctx.fillStyle = colour.paper;
        ctx.fillRect(from - 2 * px(), box.top + 3 * px(), wide + 4 * px(), 17 * px());
        ctx.fillStyle = colour.ink;
        ctx.fillText(words[i], from, box.top + 12 * px());
      });
    });
  }

  const SHAPES = {
    ring: (ctx, r) => ctx.arc(0, 0, r * 0.86, 0, 2 * Math.PI),
    dot: (ctx, r) => ctx.arc(0, 0, r * 0.9, 0, 2 * Math.PI),
    triangle: (ctx, r) => polygon(ctx, [[0, -r], [r, r * 0.85], [-r, r * 0.85]]),
    square: (ctx, r) => polygon(ctx, [[-r * 0.82, -r * 0.82], [r * 0.82, -r * 0.82], [r * 0.82, r * 0.82], [-r * 0.82, r * 0.82]]),
    diamond: (ctx, r) => polygon(ctx, [[0, -r], [r, 0], [0, r], [-r, 0]]),
    cross: (ctx, r) => polygon(ctx, [[-0.4, -0.95], [0.4, -0.95], [0.95, -0.4], [0.95, 0.4], [0.4, 0.95], [-0.4, 0.95], [-0.95, 0.4], [-0.95, -0.4]].map(([x, y]) => [x * r, y * r])),
    none: () => {},
  };

  function polygon(ctx, corners) {
    corners.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
    ctx.closePath();
  }

  function tile(ctx, x, y, grade) {
    const tone = tones[grade.tone] || tones.unseen;
    const half = (TILE / 2) * px();
    ctx.save();
    ctx.translate(x, y);
    ctx.fillStyle = tone.paper;
    ctx.strokeStyle = tone.edge;
    ctx.lineWidth = 2 * px();
    if (grade.open) ctx.setLineDash([4 * px(), 3 * px()]);
    ctx.beginPath();
    ctx.roundRect(-half, -half, 2 * half, 2 * half, 5 * px());
    ctx.fill();
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.beginPath();
    (SHAPES[grade.shape] || SHAPES.none)(ctx, half * 0.82);
    const hollow = grade.shape === "ring" || grade.shape === "none";
    if (hollow) {
      ctx.strokeStyle = tone.ink;
      ctx.lineWidth = 1.5 * px();
      ctx.stroke();
    } else {
      ctx.fillStyle = tone.ink;
      ctx.fill();
    }
    ctx.fillStyle = hollow ? tone.ink : tone.paper;
    ctx.font = font(grade.digit.length > 1 ? 11 : 13, 800);
    ctx.textAlign = "center";
    ctx.textBaseline = "alphabetic";
    ctx.fillText(grade.digit, 0, (grade.shape === "triangle" ? 7 : 4.5) * px());
    ctx.restore();
  }

  // Where tiles would lie on each other, the worst of them stands for all, with their number under it.
  function tiles(u, kind) {
    inside(u, (ctx, box) => {
      const room = (TILE + 3) * px();
      const groups = [];
      for (const grade of course.grades[kind]) {
        const x = xOf(u, grade.t);
        const last = groups[groups.length - 1];
        if (last && x - last.from < room) {
          last.n += 1;
          if (grade.rank > last.worst.rank || (grade.rank === last.worst.rank && grade.open)) last.worst = grade;
        } else groups.push({ from: x, n: 1, worst: grade });
      }
      for (const group of groups) {
        if (group.from < box.left - room || group.from > box.left + box.width + room) continue;
        tile(ctx, group.from, box.top + (TILE / 2 + 3) * px(), group.worst);
        if (group.n < 2) continue;
        ctx.fillStyle = colour.ink;
        ctx.font = font(12);
        ctx.textAlign = "center";
        ctx.textBaseline = "top";
        ctx.fillText(`×${group.n}`, group.from, box.top + (TILE + 5) * px());
      }
    });
  }

  function episodeBars(u, kind) {
    inside(u, (ctx, box) => {
      const high = 17 * px();
      const top = box.top + box.height - high - 1 * px();
      for (const episode of course.episodes.filter((one) => one.kind === kind)) {
        const left = Math.max(xOf(u, episode.from), box.left - 4 * px());
        const right = Math.min(xOf(u, until(episode)), box.left + box.width + 4 * px());
        if (right < box.left || left > box.left + box.width) continue;
        ctx.fillStyle = colour[kind];
        ctx.strokeStyle = colour.ink;
        ctx.lineWidth = 1.5 * px();
        ctx.setLineDash(episode.provisional ? [5 * px(), 4 * px()] : []);
        ctx.beginPath();
        ctx.rect(left, top, Math.max(right - left, 4 * px()), high);
        ctx.fill();
        ctx.stroke();
        ctx.setLineDash([]);
        ctx.font = font(13, 600);
        const wide = ctx.measureText(episode.label).width;
        const start = Math.max(left, box.left) + 5 * px();
        const inBar = right - start > wide;
        const roomAfter = right + 5 * px() + wide < box.left + box.width;
        const beside = inBar ? start : roomAfter ? right + 5 * px() : left - 5 * px() - wide;
        if (beside < box.left) continue;
        ctx.fillStyle = colour.ink;
        ctx.textAlign = "left";
        ctx.textBaseline = "middle";
        ctx.fillText(episode.label, beside, top + high / 2 + 1 * px());
      }
    });
  }

  // Marks that would lie on each other are one, with the words of all.
  function together(u, marks) {
    const found = [];
    for (const mark of marks) {
      const last = found[found.length - 1];
      if (last && xOf(u, mark.t) - xOf(u, last.t) < 15 * px()) {
        last.labels.add(mark.label);
        last.label = last.labels.size > 2 ? `×${last.labels.size}` : [...last.labels].join(course.words.and);
      } else found.push({ ...mark, labels: new Set([mark.label]) });
    }
    return found;
  }

  // One lane each for doses, treatments and alerts: a sign, and the words where there is room for them.
  function lanes(u) {
    inside(u, (ctx, box) => {
      const lane = box.height / 3;
      [course.doses, course.treatments, course.alerts].forEach((all, which) => {
        const marks = together(u, all);
        const y = box.top + lane * (which + 0.5);
        let free = -Infinity;
        marks.forEach((mark, i) => {
          const x = xOf(u, mark.t);
          if (x < box.left - 8 * px() || x > box.left + box.width + 8 * px()) return;
          sign(ctx, which, x, y, mark);
          ctx.font = font(13, 600);
          const wide = ctx.measureText(mark.label).width;
          const next = i + 1 < marks.length ? xOf(u, marks[i + 1].t) - 8 * px() : Infinity;
          let from = x + 9 * px();
          if (from + wide > box.left + box.width) from = x - 9 * px() - wide;
          if (from < free || from < box.left || (from > x && from + wide > next)) {
            free = Math.max(free, x + 9 * px());
            return;
          }
          free = Math.max(from + wide, x) + 9 * px();
          ctx.fillStyle = colour.ink;
          ctx.textAlign = "left";
          ctx.textBaseline = "middle";
          ctx.fillText(mark.label, from, y + 1 * px());
        });
      });
    });
  }

  function sign(ctx, which, x, y, mark) {
    const r = 7 * px();
    ctx.save();
    ctx.translate(x, y);
    ctx.lineWidth = 2 * px();
    ctx.beginPath();
    if (which === 0) {
      polygon(ctx, [[-r, -r * 0.7], [r, -r * 0.7], [0, r * 0.8]]);
      ctx.fillStyle = mark.given ? colour.accent : colour.paper;
      ctx.strokeStyle = colour.accent;
    } else if (which === 1) {
      ctx.roundRect(-r * 0.55, -r, r * 1.1, r * 2, r * 0.55);
      ctx.fillStyle = colour.paper;
      ctx.strokeStyle = colour.ink;
    } else {
      polygon(ctx, [[0, -r], [r, r * 0.85], [-r, r * 0.85]]);
      ctx.fillStyle = ctx.strokeStyle = colour.alert;
    }
    ctx.fill();
    ctx.stroke();
    if (which === 2) {
      ctx.fillStyle = colour.paper;
      ctx.font = font(11, 800);
      ctx.textAlign = "center";
      ctx.textBaseline = "alphabetic";
      ctx.fillText("!", 0, r * 0.75);
    }
    ctx.restore();
  }

  // --- The plots ---

  const { sets, minds } = course;
  const known = (values) => values.filter((value) => value !== null);
  const reach = (values, low, high, pad) => [Math.min(low, ...known(values).map((v) => v - pad)), Math.max(high, ...known(values).map((v) => v + pad))];
  const scoreTop = course.capd ? 32 : 10;
  const NUMBERS = {
    temperature: { height: 102, times: sets.t, values: sets.temperature, range: reach(sets.temperature, 35.5, 40.6, 0.6), splits: [36, 38, 40, 42], limit: 38, hollow: sets.masked, digits: 1 },
    sbp: { height: 78, times: sets.t, values: sets.sbp, range: reach(sets.sbp, 75, 145, 8), splits: [60, 90, 120, 150, 180, 210], limit: 90, unrecordable: sets.unrecordable },
    spo2: { height: 68, times: sets.t, values: sets.spo2, range: [Math.min(85, ...known(sets.spo2).map((v) => v - 2)), 101.5], splits: [60, 70, 80, 90, 100], limit: 90 },
    score: { height: 56, times: minds.t, values: minds.score, range: [course.capd ? -2 : -1.2, scoreTop * 1.13], splits: course.capd ? [0, 9, 20, 32] : [0, 5, 10], limit: course.capd ? 9 : null, neuro: true },
  };
  const tall = (kind) => (course.episodes.some((one) => one.kind === kind) ? 62 : 48);
  const STRIPS = {
    marks: { height: 72, draw: lanes },
    oxygen: { height: 38, draw: (u) => bars(u, { times: sets.t, values: sets.oxygen, words: sets.oxygenWord, top: 6 }), unseen: true },
    pressors: { height: 38, draw: (u) => bars(u, { times: sets.t, values: sets.pressors, words: sets.pressorWord, top: 2 }), unseen: true },
    crs: { height: tall("crs"), draw: (u) => { episodeBars(u, "crs"); tiles(u, "crs"); } },
    icans: { height: tall("icans"), draw: (u) => { episodeBars(u, "icans"); tiles(u, "icans"); }, last: true },
  };

  // The line breaks at a value that is missing, and where nobody looked in time.
  function lineData(times, values, stretches) {
    const at = [whole.from];
    const value = [null];
    times.forEach((t, i) => {
      const gap = stretches.find(([, to]) => to === t);
      if (gap && i > 0) {
        at.push((gap[0] + t) / 2);
        value.push(null);
      }
      at.push(t);
      value.push(values[i]);
    });
    at.push(whole.to);
    value.push(null);
    return [at, value];
  }

  const language = document.documentElement.lang;
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone: course.zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const date = new Intl.DateTimeFormat("en-CA", { timeZone: course.zone, year: "numeric", month: "2-digit", day: "2-digit" }); // 2026-03-02
  const weekday = new Intl.DateTimeFormat(language, { timeZone: course.zone, weekday: "short" });

  function timeLabels(u, splits, axis, space, increment) {
    let shown = "";
    return splits.map((t) => {
      const at = new Date(t * 1000);
      const today = `${weekday.format(at)} ${date.format(at).slice(5)}`;
      if (increment >= 86400) return today;
      const text = today === shown ? clock.format(at) : `${clock.format(at)}\n${today}`;
      shown = today;
      return text;
    });
  }

  const plots = [];

  function build() {
    readColours();
    for (const old of plots.splice(0)) old.destroy();
    for (const panel of holder.querySelectorAll(".panel")) {
      const name = panel.dataset.panel;
      const number = NUMBERS[name];
      const strip = STRIPS[name];
      const place = panel.querySelector(".plot");
      const last = Boolean(strip && strip.last);
      const unseen = number && number.neuro ? course.nobodyAsked : course.nobodyLooked;
      const x = {
        show: true, size: last ? 44 : 0, stroke: colour.ink, font: `13px ${colour.font}`, space: 64, gap: 4,
        grid: { stroke: colour.grid, width: 1 }, ticks: { show: last, stroke: colour.edge, size: 5 },
        values: last ? timeLabels : (u, splits) => splits.map(() => ""),
      };
      const y = {
        show: true, size: AXIS, stroke: colour.ink, font: `13px ${colour.font}`, gap: 4,
        grid: { show: Boolean(number), stroke: colour.grid, width: 1 }, ticks: { show: false },
        splits: () => (number ? number.splits.filter((v) => v >= number.range[0] && v <= number.range[1]) : []),
        values: (u, splits) => splits.map((v) => (number && number.digits ? v.toFixed(number.digits) : String(v))),
      };
      const options = {
        width: place.clientWidth,
        height: (number || strip).height + (last ? 44 : 0),
        padding: [0, 26, 0, 0],
        tzDate: (t) => uPlot.tzDate(new Date(t * 1000), course.zone),
        cursor: { show: false },
        legend: { show: false },
        scales: { x: { time: true, auto: false, min: view.from, max: view.to }, y: { auto: false, range: () => (number ? number.range : [0, 1]) } },
        axes: [x, y],
        series: [{}, { stroke: colour.ink, width: 1.5, points: { show: false }, spanGaps: false }],
        hooks: {
          drawClear: [
            (u) => {
              if (number && !number.neuro) shadeEpisodes(u, "crs");
              if (number && number.neuro) shadeEpisodes(u, "icans");
              if (number || (strip && strip.unseen)) shadeUnseen(u, unseen, name === "temperature" || name === "score");
            },
          ],
          draw: [
            (u) => {
              if (number && number.limit !== null) limit(u, number.limit);
              overAll(u);
              if (number) points(u, number.times, number.values, number.hollow, number.unrecordable);
              if (strip) strip.draw(u);
            },
          ],
        },
      };
      const data = number ? lineData(number.times, number.values, unseen) : [[whole.from, whole.to], [null, null]];
      plots.push(new uPlot(options, data, place));
    }
  }

  let waiting = false;
  function redraw() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      for (const u of plots) u.setScale("x", { min: view.from, max: view.to });
      for (const u of plots) u.redraw(false);
      holder.dataset.from = Math.round(view.from);
      holder.dataset.to = Math.round(view.to);
      const full = view.from <= whole.from && view.to >= whole.to;
      key("out").disabled = key("all").disabled = full;
      key("in").disabled = view.to - view.from <= SHORTEST;
      key("earlier").disabled = view.from <= whole.from;
      key("later").disabled = view.to >= whole.to;
    });
  }

  // --- Moving in time ---

  const key = (name) => holder.querySelector(`[data-do="${name}"]`);

  function show(from, to) {
    const span = Math.min(Math.max(to - from, SHORTEST), whole.to - whole.from);
    const middle = (from + to) / 2;
    view.from = Math.min(Math.max(middle - span / 2, whole.from), whole.to - span);
    view.to = view.from + span;
    redraw();
  }

  function zoom(factor) {
    const inView = touched !== null && touched > view.from && touched < view.to;
    const about = inView ? touched : (view.from + view.to) / 2;
    show(about - (about - view.from) * factor, about + (view.to - about) * factor);
  }

  const move = (share) => show(view.from + share * (view.to - view.from), view.to + share * (view.to - view.from));
  const DOES = {
    in: () => zoom(0.5), out: () => zoom(2), earlier: () => move(-0.5), later: () => move(0.5),
    all: () => show(whole.from, whole.to), before: () => step(-1), after: () => step(1),
  };
  holder.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-do]");
    if (pressed) DOES[pressed.dataset.do]();
  });

  // --- Fingers: one moves, two zoom, a tap reads out ---

  const fingers = new Map();
  let grip = null;

  function plotBox() {
    return plots[0].over.getBoundingClientRect();
  }

  function take() {
    const spots = [...fingers.values()];
    grip = { from: view.from, to: view.to, spots: spots.map((spot) => spot.x) };
  }

  panels.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    fingers.set(event.pointerId, { x: event.clientX, startX: event.clientX, startY: event.clientY, y: event.clientY });
    panels.setPointerCapture(event.pointerId);
    take();
    if (fingers.size > 1) grip.tap = false;
    else grip.tap = true;
  });
  panels.addEventListener("pointermove", (event) => {
    const finger = fingers.get(event.pointerId);
    if (!finger) return;
    finger.x = event.clientX;
    if (grip.tap && Math.hypot(event.clientX - finger.startX, event.clientY - finger.startY) < 8) return;
    grip.tap = false;
    const box = plotBox();
    const span = grip.to - grip.from;
    const now = [...fingers.values()].map((spot) => spot.x);
    if (now.length === 1) {
      const shift = ((grip.spots[0] - now[0]) / box.width) * span;
      show(grip.from + shift, grip.to + shift);
    } else if (now.length === 2) {
      const [a, b] = [0, 1].map((i) => grip.from + ((grip.spots[i] - box.left) / box.width) * span);
      const apart = now[1] - now[0];
      if (Math.abs(apart) < 24 || Math.sign(apart) !== Math.sign(grip.spots[1] - grip.spots[0])) return;
      const perPixel = (b - a) / apart;
      const from = a - (now[0] - box.left) * perPixel;
      show(from, from + perPixel * box.width);
    }
  });
  const letGo = (event) => {
    const finger = fingers.get(event.pointerId);
    if (!finger) return;
    const tapped = grip.tap && event.type === "pointerup";
    fingers.delete(event.pointerId);
    if (fingers.size) take();
    if (!tapped) return;
    const box = plotBox();
    readAt(view.from + ((event.clientX - box.left) / box.width) * (view.to - view.from));
  };
  panels.addEventListener("pointerup", letGo);
  panels.addEventListener("pointercancel", letGo);

  // --- Reading out ---

  const times = [...new Set(course.rows)].sort((a, b) => a - b);

  function readAt(t) {
    if (!times.length) return;
    const nearest = times.reduce((best, one) => (Math.abs(one - t) < Math.abs(best - t) ? one : best));
    touched = nearest;
    if (nearest < view.from || nearest > view.to) {
      const half = (view.to - view.from) / 2;
      if (nearest >= whole.from) show(nearest - half, nearest + half);
    }
    const told = rows.filter((row, i) => course.rows[i] === nearest).map((row, i) => {
      const line = document.createElement("div");
      line.className = "read-one";
      const [at, what, said, grade] = row.cells;
      const head = document.createElement("strong");
      head.append(...(i === 0 ? [at.firstChild.textContent.trim(), " "] : []), what.textContent);
      line.append(head);
      const shown = grade.querySelector(".grade");
      if (shown) line.append(shown.cloneNode(true));
      const words = document.createElement("span");
      words.textContent = said.firstChild.textContent;
      line.append(words, ...[...said.querySelectorAll(".ledger-row")].map((ledgers) => ledgers.cloneNode(true)));
      return line;
    });
    readOut.replaceChildren(...told);
    key("before").disabled = nearest === times[0];
    key("after").disabled = nearest === times[times.length - 1];
    redraw();
  }

  function step(by) {
    if (!times.length) return;
    const from = touched === null ? (by > 0 ? -1 : times.length) : times.indexOf(touched);
    readAt(times[Math.min(Math.max(from + by, 0), times.length - 1)]);
  }

  // --- Start ---

  holder.hidden = false;
  build();
  redraw();
  let width = panels.clientWidth;
  new ResizeObserver(() => {
    if (panels.clientWidth === width) return;
    width = panels.clientWidth;
    for (const u of plots) u.setSize({ width: u.root.parentElement.clientWidth, height: u.height });
    redraw();
  }).observe(panels);
  new MutationObserver(() => {
    build();
    redraw();
  }).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
  const sharper = () => matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener("change", () => { build(); redraw(); sharper(); }, { once: true });
  sharper();
})();
