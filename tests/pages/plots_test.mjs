// What the plots draw and say, as far as it needs no page.

import assert from "node:assert/strict";
import { test } from "node:test";

import { flowColumns } from "../../web/plots/flow_columns.js";
import { pickEvenly, stackColumns } from "../../web/plots/stack.js";
import { atClock, shortNumber, sinceStart } from "../../web/plots/ticks.js";

const flow = { begins_at: "1970-01-01T00:01:40.000Z", stretch_seconds: 1, seconds: [0, 1, 10], sold: [0, 2, 5],
  waiting: [9, 7, 0] };

test("a stretch without a change is level, not a slope", () => {
  const { xs, columns } = flowColumns(flow, ["sold", "waiting"]);
  assert.deepEqual(xs, [100, 101, 109, 110]);
  assert.deepEqual(columns, { sold: [0, 2, 2, 5], waiting: [9, 7, 7, 0] });
});

test("the last counts hold until now", () => {
  const { xs, columns } = flowColumns(flow, ["sold"], { until: 130 });
  assert.deepEqual(xs, [100, 101, 109, 110, 130]);
  assert.deepEqual(columns.sold, [0, 2, 2, 5, 5]);
});

test("a later begin shows what held then", () => {
  const { xs, columns } = flowColumns(flow, ["sold"], { from: 105, until: 111 });
  assert.deepEqual(xs, [105, 109, 110, 111]);
  assert.deepEqual(columns.sold, [2, 2, 5, 5]);
});

test("a flow without points is no trouble", () => {
  const empty = { begins_at: "1970-01-01T00:00:00.000Z", stretch_seconds: 1, seconds: [], sold: [] };
  assert.deepEqual(flowColumns(empty, ["sold"], { until: 5 }), { xs: [], columns: { sold: [] } });
});

test("areas stand on each other, and what is hidden takes no room", () => {
  const columns = { a: [1, 2], b: [10, 20], c: [100, 200] };
  assert.deepEqual(stackColumns(columns, ["a", "b", "c"], new Set()), [[1, 2], [11, 22], [111, 222]]);
  assert.deepEqual(stackColumns(columns, ["a", "b", "c"], new Set(["b"])), [[1, 2], [1, 2], [101, 202]]);
});

test("a long table leaves out rows evenly, and never the last", () => {
  assert.deepEqual(pickEvenly(3, 10), { picked: [0, 1, 2], every: 1 });
  assert.deepEqual(pickEvenly(10, 4), { picked: [0, 3, 6, 9], every: 3 });
  assert.equal(pickEvenly(800, 60).picked.at(-1), 799);
  assert.ok(pickEvenly(800, 60).picked.length <= 60);
});

test("times and numbers are short", () => {
  assert.deepEqual([0, 65, 3600, -10].map(sinceStart), ["0:00", "1:05", "1:00:00", "-0:10"]);
  assert.equal(shortNumber(1500), "1.5K");
  assert.match(atClock(0, 1), /^\d\d:\d\d:\d\d$/);
  assert.match(atClock(0, 60), /^\d\d:\d\d$/);
});
