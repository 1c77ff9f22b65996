// What a typed number means, and what is asked because it may mean two things.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { amountOf, wholeNumber } from "../../web/operator/numbers.js";
import { minorDigits } from "../../web/shop/iso4217.js";
import { money } from "../../web/shop/words.js";

test("numbers may be grouped, and what is none is for the server to refuse", () => {
  assert.equal(wholeNumber(" 10,000 "), 10000);
  assert.equal(wholeNumber("1'200'000"), 1200000);
  assert.equal(wholeNumber("-50"), -50);
  assert.equal(wholeNumber(""), undefined);
  assert.equal(wholeNumber("many"), "many");
  assert.equal(wholeNumber("1.5"), "1.5");
  assert.equal(wholeNumber("10,00"), "10,00");
});

test("an amount is in the minor units that its currency has", () => {
  for (const [text, code, minor] of [
    ["499", "USD", 49900], ["499.00", "USD", 49900], ["499,00", "EUR", 49900], ["0.5", "USD", 50], [".5", "USD", 50],
    ["1,299", "USD", 129900], ["1,299.00", "USD", 129900], ["1.299,00", "EUR", 129900], ["1 299,50", "EUR", 129950],
    ["1'299.50", "CHF", 129950], ["12,345,678", "USD", 1234567800], ["1.234.567", "EUR", 123456700],
    ["49,900", "JPY", 49900], ["49.900", "JPY", 49900], ["49900", "JPY", 49900], ["49 900", "KRW", 49900],
    ["499", "HUF", 49900], ["12.5", "KWD", 12500], ["1.299", "KWD", 1299], ["1,299.000", "KWD", 1299000],
    ["0", "USD", 0],
  ]) assert.deepEqual(amountOf(text, code), { minor }, `${text} ${code}`);
});

test("what may mean two things, or nothing, is a question", () => {
  for (const [text, code, words] of [
    ["1.299", "USD", /is that 1299\? USD has 2 decimals/], ["1,299", "KWD", /is that 1299 or 1\.299\?/],
    ["4.999", "EUR", /is that 4999/], ["499.00", "JPY", /JPY has no decimals/], ["1.2345", "USD", /USD has 2 decimals/],
    ["1,2,3", "USD", /not a number/], ["12,34,567", "INR", /not a number/], ["1.29.00", "USD", /not a number/],
    ["499.", "USD", /not a number/], ["-1", "USD", /not an amount/], ["1e3", "USD", /not an amount/],
    ["499 USD", "USD", /not an amount/], ["499", "", /in which currency/], ["499", "UDS", /no currency UDS/],
    ["99999999999999999", "USD", /too much/],
  ]) assert.match(amountOf(text, code).question ?? "none", words, `${text} ${code}`);
  assert.deepEqual(amountOf("  ", "USD"), {});
});

test("what will be saved is what was meant, in every currency", () => {
  const header = readFileSync(new URL("../../src/base/iso4217.h", import.meta.url), "utf-8");
  const rows = [...header.slice(header.indexOf("{\n")).matchAll(/((?:\s*"[A-Z ]*")+),/g)];
  let currencies = 0;
  rows.forEach(([, row], digits) => {
    for (const code of row.replace(/[^A-Z]+/g, " ").trim().split(" ").filter(Boolean)) {
      ++currencies;
      assert.equal(minorDigits(code), digits, code);
      const { minor } = amountOf("1234", code);
      assert.equal(minor, 1234 * 10 ** digits, code);
      const shown = `1,234${digits ? `.${"0".repeat(digits)}` : ""}`;
      assert.ok(money({ amount: minor, currency: code }).endsWith(shown), code);
    }
  });
  assert.ok(currencies > 160);
  assert.equal(minorDigits("UDS"), undefined);
});
