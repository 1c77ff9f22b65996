// A plot of numbers over time: stacked areas, lines, bars. Light and dark (on paper light), resized with its page; a
// legend that hides and shows; the numbers as a table beside it. The drawing is uPlot's, which the page loads by a
// script of its own.
//
//   const plot = new Plot({ title: "Flow", x: "clock", stacked: true, lines: [
//     { key: "sold", label: "Sold", colour: "--sold", kind: "area" }, ...] });
//   page.append(plot.root);
//   plot.show([1764237600, ...], { sold: [0, ...], ... });   // seconds since 1970 ("clock") or a start ("elapsed"), or
//                                                            // those of the viewer's midnights ("day")
//   plot.stop();
//
// `colour` is the name of a CSS property of six hexadecimal digits; `kind` is "area", "line", "dashes" or "bars".

import { h, setShown } from "../shop/dom.js";
import { Legend } from "./legend.js";
import { PlotTable } from "./plot_table.js";
import { stackColumns } from "./stack.js";
import { atClock, daySteps, onDay, shortNumber, sinceStart, timeSteps, wholeSteps } from "./ticks.js";

export class Plot {
  #how;
  #xs = [];
  #columns = {};
  #drawing = null;
  #empty = h("p", { class: "plot-empty quiet" }, "Nothing to show yet.");
  #canvas = h("div", { class: "plot-canvas", role: "img" });
  #legend;
  #sizes = new ResizeObserver(() => this.#resize());
  #scheme = matchMedia("screen and (prefers-color-scheme: dark)");
  #recolour = () => this.#drawing?.redraw(false);

  constructor(how) {
    this.#how = { x: "clock", stacked: false, whole: true, height: 240, ...how };
    this.#legend = new Legend(how.lines, () => this.#redraw());
    const table = new PlotTable(how.title, () => ({ title: how.title, x: (value) => this.#words(value), xs: this.#xs,
      lines: how.lines, columns: this.#columns }));
    const note = how.note ? h("span", { class: "quiet" }, how.note) : null;
    this.root = h("figure", { class: "plot" }, h("figcaption", {}, h("strong", {}, how.title), note),
      this.#legend.root, this.#empty, this.#canvas, table.root);
    this.#canvas.hidden = true;
    this.#sizes.observe(this.root);
    this.#scheme.addEventListener("change", this.#recolour);
  }

  show(xs, columns) {
    this.#xs = xs;
    this.#columns = columns;
    setShown(this.#empty, xs.length === 0);
    setShown(this.#canvas, xs.length > 0);
    this.#legend.show(columns, this.#drawing?.cursor.idx ?? xs.length - 1);
    this.#canvas.setAttribute("aria-label", this.#inWords());
    this.#redraw();
  }

  stop() {
    this.#sizes.disconnect();
    this.#scheme.removeEventListener("change", this.#recolour);
    this.#drawing?.destroy();
    this.#drawing = null;
  }

  #words(x, step) {
    if (this.#how.x === "day") return onDay(x, step);
    return this.#how.x === "clock" ? atClock(x, step) : sinceStart(x);
  }

  #inWords() {
    const last = this.#xs.length - 1;
    if (last < 0) return this.#how.title;
    const parts = this.#how.lines.map((line) => `${line.label} ${this.#columns[line.key][last] ?? "unknown"}`);
    const at = this.#how.x === "day" ? "On" : "At";
    return `${this.#how.title}. ${at} ${this.#words(this.#xs[last])}: ${parts.join(", ")}. The table has all numbers.`;
  }

  #data() {
    const { lines, stacked } = this.#how;
    const { hidden } = this.#legend;
    const areas = lines.filter((line) => stacked && line.kind === "area").map((line) => line.key);
    const sums = stackColumns(this.#columns, areas, hidden);
    return [this.#xs, ...lines.map((line) => {
      const at = areas.indexOf(line.key);
      return at >= 0 ? sums[at] : this.#columns[line.key].map((value) => (hidden.has(line.key) ? null : value));
    })];
  }

  #redraw() {
    const width = this.#canvas.clientWidth;
    if (this.#xs.length === 0 || width === 0) return;
    if (this.#drawing) this.#drawing.setData(this.#data());
    else this.#drawing = new globalThis.uPlot(this.#options(width), this.#data(), this.#canvas);
  }

  #resize() {
    const width = this.#canvas.clientWidth;
    if (width === 0) return;
    if (!this.#drawing) this.#redraw();
    else if (this.#drawing.width !== width) this.#drawing.setSize({ width, height: this.#how.height });
  }

  #colour(name) {
    return getComputedStyle(this.root).getPropertyValue(name).trim();
  }

  #options(width) {
    const { lines, stacked, height } = this.#how;
    const areas = lines.flatMap((line, at) => (line.kind === "area" ? [at + 1] : []));
    return {
      width, height, legend: { show: false }, padding: [12, 28, 0, 0],
      cursor: { y: false, points: { size: 7 }, drag: { x: false, y: false, setScale: false } },
      series: [{}, ...lines.map((line) => this.#series(line))],
      bands: stacked ? areas.slice(1).map((at, below) => ({ series: [at, areas[below]] })) : [],
      scales: { x: { time: this.#how.x !== "elapsed", range: (_, low, high) => this.#xRange(low, high) },
        y: { range: (_, low, high) => [Math.min(0, low ?? 0), this.#top(high ?? 0)] } },
      axes: [this.#xAxis(), this.#yAxis()],
      hooks: { setCursor: [(drawing) => this.#legend.show(this.#columns, drawing.cursor.idx ?? this.#xs.length - 1)] },
    };
  }

  #series(line) {
    const colour = () => (this.#legend.hidden.has(line.key) ? "transparent" : this.#colour(line.colour));
    const bars = line.kind === "bars" ? { paths: globalThis.uPlot.paths.bars({ size: [0.85, 24] }) } : {};
    const isFilled = line.kind === "area" || line.kind === "bars";
    return { label: line.label, stroke: colour, width: line.kind === "bars" ? 0 : 1.5, points: { show: false },
      fill: isFilled ? () => (colour() === "transparent" ? "transparent" : `${colour()}cc`) : undefined,
      dash: line.kind === "dashes" ? [6, 5] : undefined, ...bars };
  }

  // Bars at the ends are whole; a single point stands at the begin of a minute.
  #xRange(low, high) {
    if (low === high) return [low, low + 60];
    const isBars = this.#how.lines.some((line) => line.kind === "bars");
    const half = isBars ? (this.#xs[1] - this.#xs[0]) / 2 : 0;
    return [low - half, high + half];
  }

  #top(high) {
    return this.#how.whole ? Math.max(4, high * 1.08) : high * 1.08 || 1;
  }

  #axis(more) {
    return { stroke: () => this.#colour("--quiet"), font: "12px system-ui, sans-serif", ...more,
      grid: { stroke: () => this.#colour("--edge"), width: 1 }, ticks: { show: false } };
  }

  #xAxis() {
    const isDay = this.#how.x === "day";
    return this.#axis({ space: this.#how.x === "clock" ? 76 : 60, size: 28, incrs: isDay ? daySteps : timeSteps,
      values: (_, splits, axis, space, step) => splits.map((value) => this.#words(value, step)) });
  }

  #yAxis() {
    return this.#axis({ size: 48, space: 36, gap: 6, ...(this.#how.whole ? { incrs: wholeSteps } : {}),
      values: (_, splits) => splits.map(shortNumber) });
  }
}
