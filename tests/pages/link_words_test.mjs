// How a link is told on the operator's pages, and by which calls.

import assert from "node:assert/strict";
import test from "node:test";

globalThis.document = {};
const { callOfLink, keyOfLink, pathOfLink } = await import("../../web/operator/link_words.js");

test("a link of the usual domain is told by its code", () => {
  const key = keyOfLink({ short_code: "mail", domain: null });
  assert.equal(key, "mail");
  assert.equal(pathOfLink(key), "/operator/links/mail");
  assert.equal(callOfLink("urls", key), "/urls/mail");
  assert.equal(callOfLink("analytics", key, "?unit=hour"), "/analytics/mail?unit=hour");
});

test("a link of another domain is told with its host", () => {
  const key = keyOfLink({ short_code: "mail", domain: "brand.example" });
  assert.equal(pathOfLink(key), "/operator/links/brand.example%2Fmail");
  assert.equal(callOfLink("urls", key), "/urls/mail?domain=brand.example");
  assert.equal(callOfLink("analytics", key, "?unit=hour"), "/analytics/mail?unit=hour&domain=brand.example");
  assert.equal(callOfLink("analytics", key, "/live"), "/analytics/mail/live?domain=brand.example");
});
