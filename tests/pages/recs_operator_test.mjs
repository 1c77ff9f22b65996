// What the operator's pages of recommendations make of what is typed, and of what the server counts.

import assert from "node:assert/strict";
import test from "node:test";

const { documentInWords, documentOf, documents, typedOf, unknownIn } =
  await import("../../web/operator/recs_documents.js");

const fields = documents.rules.fields;

test("what is typed becomes a document, and what is empty is left out", () => {
  const typed = { action: "pin", items: "camera, , card ", factor: "", surfaces: "home", position: " 2 ",
    loosen: "yes" };
  assert.deepEqual(documentOf(fields, typed),
    { action: "pin", items: ["camera", "card"], surfaces: ["home"], position: 2, loosen: true });
});

test("what can't be understood is for the server to refuse", () => {
  assert.deepEqual(documentOf(fields, { factor: "a lot", loosen: "perhaps" }), { factor: "a lot", loosen: "perhaps" });
  assert.deepEqual(documentOf(documents.experiments.fields, { variants: "[{" }), { variants: "[{" });
});

test("a document that is changed by nobody stays what it is", () => {
  const kept = [
    ["rules", { action: "boost", filter: "brand = \"A, B\"", factor: 1.5, surfaces: ["home", "cart"] }],
    ["rules", { action: "cap", by: "brand", most: 2, loosen: false }],
    ["surfaces", { n: 4, lambda: 0, filter: "in_stock" }],
    ["experiments", { kind: "ab", variants: [{ name: "usual" }, { name: "other", share: 0.5 }] }],
  ];
  for (const [kind, document] of kept)
    assert.deepEqual(documentOf(documents[kind].fields, typedOf(documents[kind].fields, document)), document);
});

test("members that no field shows are known", () => {
  assert.deepEqual(unknownIn(fields, { action: "pin", shade: "blue" }), ["shade"]);
  assert.equal(documentInWords({ action: "pin", items: ["a"] }), "action: pin, items: [\"a\"]");
  assert.equal(documentInWords({}), "as it comes");
});

const { questionsOf } = await import("../../web/operator/recs_ask.js");
const { countsOf } = await import("../../web/operator/recs_list.js");
const { bytesInWords, shareInWords } = await import("../../web/operator/recs_numbers.js");
const { busiest, ratesByDay } = await import("../../web/operator/recs_surfaces.js");
const { rateInWords } = await import("../../web/operator/rates.js");
const { comparisonInWords } = await import("../../web/operator/recs_experiments.js");
const { figuresInWords } = await import("../../web/operator/recs_models.js");

test("an item, a user and a visit are asked about by the calls that pages use", () => {
  const asked = questionsOf({ item: "a/b", user: "ann", session: undefined, n: 3, filter: "price < 5" });
  assert.deepEqual(asked.map(([title]) => title), ["Bought together", "Looked at together", "Similar", "For the user"]);
  assert.equal(asked[0][1], "/recs/items/a%2Fb/also-bought?user=ann&n=3&filter=price+%3C+5");
  assert.equal(asked[3][1], "/recs/recommendations?user=ann&n=3&filter=price+%3C+5");
  assert.deepEqual(questionsOf({ n: 6 }).map(([, path]) => path),
    ["/recs/trending?n=6", "/recs/popular?n=6", "/recs/recommendations?n=6"]);
});

test("counts that say nothing are left out", () => {
  const plain = countsOf({ bought_by: 1200, viewed_by: 3 });
  assert.deepEqual(plain, [["Bought by", "1,200"], ["Looked at by", "3"]]);
  const paired = countsOf({ bought_by: 1, viewed_by: 1, because: "tent", pair_weight_bought: 0.01234,
    pair_weight_viewed: 0 });
  assert.deepEqual(paired.slice(2), [["Because of", "tent"], ["Weight: bought with that", "0.0123"]]);
});

test("shares and sizes are told with the digits that they are worth", () => {
  assert.deepEqual([0, 2e-6, 0.0042, 0.31, 1].map(shareInWords),
    ["0 %", "≈ 0 %", "0.42 %", "31 %", "100 %"]);
  assert.deepEqual([512, 1536, 4843860, 3 * 2 ** 30].map(bytesInWords), ["512 B", "1.50 KiB", "4.62 MiB", "3.00 GiB"]);
  assert.equal(rateInWords({ value: 0.042, low: 0.039, high: 0.045 }), "4.20 % (3.90 to 4.50)");
  assert.equal(rateInWords(null), "—");
});

test("a day on which nothing was seen is a gap in the plot", () => {
  const { xs, columns } = ratesByDay([{ day: "2026-11-01", ctr: null },
    { day: "2026-11-02", ctr: { value: 0.05, low: 0.04, high: 0.0612 } }]);
  assert.equal(xs[1] - xs[0], 86_400);
  assert.deepEqual(columns, { value: [null, 5], low: [null, 4], high: [null, 6.12] });
});

test("the surface that is looked at first is the one that most was seen on", () => {
  const seen = (surface, impressions) => ({ surface, impressions });
  assert.equal(busiest([seen("cart", 0), seen("home", 7), seen("item", 7), seen("*", 2)]), "home");
  assert.equal(busiest([seen("*", 0)]), "*");
});

test("what an experiment has shown is a sentence, also before there is anything", () => {
  const compared = { variant: "varied", against: "usual", p_value: 0.034, sample: 1200, sample_needed: 5000,
    difference: { value: -0.004, low: -0.01, high: 0.002 } };
  assert.equal(comparisonInWords(compared), "varied to usual: -0.40 points (-1.00 to 0.20), p 0.034, of 1,200 each; " +
    "a test of a fixed size would need 5,000.");
  assert.match(comparisonInWords({ ...compared, difference: null, sample_needed: null, p_value: 1, sample: 0 }),
    /nothing to compare yet, p 1\.0, of 0 each\.$/);
});

test("of a model the kinds of questions are told that were asked", () => {
  assert.equal(figuresInWords({ visits: { cases: 1200, hit_rate_at_20: 0.41234, mrr_at_20: 0.1 },
    users: { cases: 0, hit_rate_at_20: 0, mrr_at_20: 0 } }), "visits 0.412 of 1,200");
  assert.equal(figuresInWords({}), "not compared");
});
