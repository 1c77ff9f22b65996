// What a report says to somebody who was not there.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  arrivalsInWords, cohortsInWords, drawInWords, orderInWords, pace, peopleInWords, percent, span,
} from "../../web/report/words.js";

test("a span of time has the units that people would use", () => {
  assert.equal(span(0.84), "0.8 s");
  assert.equal(span(9.96), "10 s");
  assert.equal(span(48.2), "48 s");
  assert.equal(span(59.7), "1 min");
  assert.equal(span(250), "4 min 10 s");
  assert.equal(span(3600), "1 h");
  assert.equal(span(7500), "2 h 5 min");
  assert.equal(span(90_000), "1 day");
  assert.equal(span(200_000), "2 days");
});

test("a share is as exact as it is worth", () => {
  assert.equal(percent(0.4567), "46 %");
  assert.equal(percent(0.0123), "1.2 %");
  assert.equal(percent(0), "0 %");
  assert.equal(percent(1), "100 %");
  assert.equal(percent(null), "–");
});

test("a pace is told a second, a minute or an hour", () => {
  assert.equal(pace(1234.5), "1,235 a second");
  assert.equal(pace(2.04), "2.0 a second");
  assert.equal(pace(0.81), "0.8 a second");
  assert.equal(pace(0.05), "3.0 a minute");
  assert.equal(pace(0.001), "3.6 an hour");
  assert.equal(pace(null), "–");
});

test("an order that was not kept is never called kept", () => {
  assert.equal(orderInWords({ kendall_tau: 1, offers_in_order: true })[0], "good");
  assert.equal(orderInWords({ kendall_tau: 0.99999, offers_in_order: false })[0], "odd");
  assert.match(orderInWords({ kendall_tau: null, offers_in_order: true })[1], /Fewer than two/);
});

test("a draw is told by how often chance looks like it", () => {
  const words = (p_value) => drawInWords({ uniformity: { p_value } });
  assert.match(words(0.43)[1], /about 43 of 100 fair draws/);
  assert.match(words(0.9999)[1], /about 99 of 100/);
  assert.match(words(0.005)[1], /fewer than 1 of 100/);
  assert.equal(words(0.005)[0], "good");
  assert.equal(words(0.0005)[0], "odd");
  assert.match(drawInWords({ uniformity: null })[1], /Too few/);
});

test("chances by arrival are compared with what chance alone does", () => {
  const look = (jain_index, jain_index_by_chance) => arrivalsInWords({ jain_index, jain_index_by_chance })[0];
  assert.equal(look(0.94, 0.96), "good");
  assert.equal(look(0.995, 0.9999), "good");
  assert.equal(look(0.5, 0.96), "odd");
  assert.equal(look(0.1, 0.6), "good", "with one offer in ten groups nothing can be said");
  assert.match(arrivalsInWords({ jain_index: null, jain_index_by_chance: null })[1], /no chances to compare/);
});

test("cohorts that fared alike are called so, and others are not", () => {
  assert.match(cohortsInWords(0.99), /about equally often .*0\.990/);
  assert.match(cohortsInWords(0.6), /not equally often/);
  assert.match(cohortsInWords(null), /Too few/);
});

test("what is only estimated is called an estimate, and of units only where some were sold", () => {
  const some = { entries: 1200, human_share_estimate: { entries: 0.45, units: null } };
  assert.equal(peopleInWords(some), "Of 1,200 entries something is known. By the guard's score, which is an " +
    "estimate, 45 % of them were people's.");
  some.human_share_estimate.units = 0.92;
  assert.match(peopleInWords(some), /, and 92 % of the units sold went to people\.$/);
});
