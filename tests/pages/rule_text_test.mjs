// Rules and variants as lines: what is read from the lines that they are shown as is the same again.

import assert from "node:assert/strict";
import test from "node:test";

import { rulesIn, textOfRules, textOfVariants, variantsIn } from "../../web/operator/rule_text.js";

test("a line is a rule", () => {
  const text = "country: DE, AT; device: phone -> https://shop.example/de\n\n  query: a=b->https://x.example";
  assert.deepEqual(rulesIn(text), [
    { when: { country: ["DE", "AT"], device: ["phone"] }, long_url: "https://shop.example/de" },
    { when: { query: ["a=b"] }, long_url: "https://x.example" },
  ]);
  assert.deepEqual(rulesIn("since: 2026-11-27T10:00:00Z -> https://x.example/"),
    [{ when: { since: "2026-11-27T10:00:00Z" }, long_url: "https://x.example/" }]);
  assert.deepEqual(rulesIn(""), []);
});

test("rules are shown as they are read", () => {
  const rules = [
    { when: { device: ["phone", "tablet"], address: ["2001:db8::/32"], query: ['a,b="c"; ->', " x ", "q"],
      since: "2026-11-27T10:00:00.000Z" }, long_url: "https://shop.example/?a=b,c;d:e#->" },
    { when: { language: ["de-CH"] }, long_url: "https://shop.example/" },
  ];
  assert.deepEqual(rulesIn(textOfRules(rules)), rules);
  assert.equal(textOfRules([]), "");
});

test("variants are shown as they are read", () => {
  const variants = [{ name: "old", long_url: "https://old.example/", weight: 70 },
    { name: 'the "new", one: ->', long_url: "https://new.example/?a->b", weight: 0 }];
  assert.deepEqual(variantsIn(textOfVariants(variants)), variants);
  assert.deepEqual(variantsIn("a -> https://a.example/"), [{ name: "a", long_url: "https://a.example/", weight: 1 }]);
});

test("what can't be understood goes to the server as it is", () => {
  assert.deepEqual(rulesIn("https://x.example/"), [{ when: {}, long_url: "https://x.example/" }]);
  assert.deepEqual(variantsIn("a: many -> https://a.example/"),
    [{ name: "a", long_url: "https://a.example/", weight: "many" }]);
});
