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

test("reports are told with their reasons", async () => {
  const { reportsInWords } = await import("../../web/operator/link_reports.js");
  const reasons = { phishing: 2, malware: 0, spam: 1, illegal: 0, other: 0 };
  assert.equal(reportsInWords({ reports: 3, reasons }), "3 reports: 2 phishing, 1 spam");
  assert.equal(reportsInWords({ reports: 1, reasons: { illegal: 1 } }), "1 report: 1 against the law");
});

test("a link of another domain is told with its host", () => {
  const key = keyOfLink({ short_code: "mail", domain: "brand.example" });
  assert.equal(pathOfLink(key), "/operator/links/brand.example%2Fmail");
  assert.equal(callOfLink("urls", key), "/urls/mail?domain=brand.example");
  assert.equal(callOfLink("analytics", key, "?unit=hour"), "/analytics/mail?unit=hour&domain=brand.example");
  assert.equal(callOfLink("analytics", key, "/live"), "/analytics/mail/live?domain=brand.example");
});
