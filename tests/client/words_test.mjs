// What the pages say: honest, and never more exact than it is known.

import assert from "node:assert/strict";
import { test } from "node:test";

import { badge, left, money, oddsInWords, people, refusalInWords, roundOf, waitInWords } from "../../web/shop/words.js";

test("a time that is left is rounded up, so that it is over when it says so", () => {
  assert.equal(left(0), "0:00");
  assert.equal(left(1), "0:01");
  assert.equal(left(125_000), "2:05");
  assert.equal(left(3_600_000), "1:00:00");
  assert.equal(left(90_061_000), "1 day 1:01:01");
  assert.equal(left(-5), "0:00");
});

test("a wait is a range in round numbers", () => {
  const wait = (p10_seconds, p90_seconds) => waitInWords({ p10_seconds, p90_seconds });
  assert.equal(wait(0, 1), "a few seconds");
  assert.equal(wait(12, 34), "20 to 40 seconds");
  assert.equal(wait(40, 95), "40 seconds to 2 minutes");
  assert.equal(wait(61, 110), "about 2 minutes");
  assert.equal(wait(130, 290), "3 to 5 minutes");
  assert.equal(wait(3000, 8000), "50 minutes to 3 hours");
  assert.equal(waitInWords(null), "nobody can say yet");
});

test("a chance is never told as certain, and not at all before it is known", () => {
  assert.equal(oddsInWords(1), "very good");
  assert.equal(oddsInWords(0.93), "about 93 in 100");
  assert.equal(oddsInWords(0.004), "less than 1 in 100");
  assert.equal(oddsInWords(0), "none right now");
  assert.equal(oddsInWords(null), "known once the sale is open");
});

test("money has the digits of its currency", () => {
  assert.equal(money({ amount: 49900, currency: "USD" }), "$499.00");
  assert.equal(money({ amount: 500, currency: "JPY" }), "¥500");
  assert.equal(money({ amount: 49900, currency: "HUF" }), "HUF\u00a0499.00", "a browser's own digits would be 49,900");
  assert.equal(money({ amount: 7, currency: "nonsense" }), "7 of the smallest unit of nonsense");
  assert.equal(money(null), "");
});

test("a badge tells what one can do", () => {
  const sale = { state: "open", units: 3, sold: 0, available: 1, opens_at: "2026-11-27T10:00:00Z" };
  assert.equal(badge(sale, 0)[0], "open");
  assert.equal(badge({ ...sale, available: 0 }, 0)[0], "all reserved");
  assert.equal(badge({ ...sale, available: 0, sold: 3 }, 0)[0], "sold out");
  assert.equal(badge({ ...sale, state: "scheduled" }, Date.parse(sale.opens_at) - 61_000)[0], "opens in 1:01");
});

test("people are counted as people speak", () => {
  assert.equal(people(1), "one person");
  assert.equal(people(12345), "12,345 people");
});

test("a refusal without words of its own is told in the server's", () => {
  assert.match(refusalInWords({ slug: "sold-out", message: "x" }), /come back: try again/);
  assert.equal(refusalInWords({ slug: "something-new", message: "The server's words." }), "The server's words.");
});

test("a round of a beacon is told as one looks it up", () => {
  assert.equal(roundOf({ source: "drand-quicknet", round: 14212345 }), "round 14212345 of drand-quicknet");
});
