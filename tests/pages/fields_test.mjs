// Which field of the operator's form the server's words belong to.

import assert from "node:assert/strict";
import { test } from "node:test";

import { placeOf } from "../../web/operator/fields.js";

const fields = ["title", "units", "price", "item.sku", "opens_at", "closes_at"].map((name) => ({ name }));
const name = (words) => placeOf(words, fields).field?.name;

test("words with a pointer belong to the field that it points at", () => {
  assert.deepEqual(placeOf("/units: 0 is too small: a sale needs 1 to 10,000,000 units", fields),
    { field: fields[1], words: "0 is too small: a sale needs 1 to 10,000,000 units" });
  assert.equal(name("/item/sku: is too long"), "item.sku");
  assert.equal(name("/price/currency: a currency is three capital letters"), "price");
  assert.equal(placeOf("/units: must be a whole number, but is a string", fields).words, "must be a whole number");
});

test("words that name fields belong to the first of them", () => {
  assert.equal(name("closes_at has to be later than opens_at"), "closes_at");
  assert.equal(name("units has to be 1 to 10,000,000"), "units");
});

test("words that name none belong to nobody, and are whole", () => {
  const words = "/colour: is not known";
  assert.deepEqual(placeOf(words, fields), { field: undefined, words });
  assert.equal(name("The server is starting."), undefined);
});
