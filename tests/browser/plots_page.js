// What plots_test.py opens: one plot of each sort.

import { Plot } from "../../web/plots/plot.js";

const flow = new Plot({ title: "Flow", note: "units and people", stacked: true, lines: [
  { key: "sold", label: "Sold", colour: "--sold", kind: "area" },
  { key: "held", label: "Held", colour: "--held", kind: "area" },
  { key: "waiting", label: "Waiting", colour: "--paying", kind: "area" },
] });
const speed = new Plot({ title: "Velocity", x: "elapsed", lines: [
  { key: "held", label: "Held a second", colour: "--held", kind: "bars" },
  { key: "target", label: "Target", colour: "--accent", kind: "dashes" },
] });
const none = new Plot({ title: "None", lines: [{ key: "one", label: "One", colour: "--sold" }] });
document.querySelector("main").append(flow.root, speed.root, none.root);

const seconds = Array.from({ length: 300 }, (_, at) => at);
flow.show(seconds.map((at) => 1764237600 + at), {
  sold: seconds.map((at) => Math.min(900, at * 4)), held: seconds.map((at) => 300 - at),
  waiting: seconds.map((at) => 4 * (300 - at)),
});
const first = seconds.slice(0, 120);
speed.show(first, { held: first.map((at) => 20 + ((at * 7) % 13)), target: first.map(() => 25) });
none.show([], { one: [] });
