// A customer's way through a sale with the client, against a real server.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Doorbuster, Refusal } from "../../web/client/doorbuster.js";
import { Memory, ShopServer, until } from "./shop_server.mjs";

let shop;
before(async () => { shop = await ShopServer.start(); });
after(() => shop.close());

function customer(name, options = {}) {
  return new Doorbuster({ server: shop.url, token: shop.token(name), storage: new Memory(), ...options });
}

async function payAt(address) {
  const form = new URLSearchParams({ action: "pay" });
  const answer = await fetch(address, { method: "POST", body: form, redirect: "manual" });
  assert.equal(answer.status, 303);
}

async function walkToTheEnd(client, sale) {
  await shop.newSale(sale);
  const first = client("first").visit(sale);
  assert.equal((await first.join()).kind, "entry");
  assert.equal((await first.wait()).state, "offered");
  assert.equal((await first.claim()).state, "held");
  const second = client("second").visit(sale);
  assert.equal((await second.join()).people_ahead, 0);
  const turn = second.wait();
  await first.leave();
  assert.equal(first.current, null);
  assert.equal((await turn).state, "offered");
  assert.equal(second.offer.id, second.current.id);
  await second.claim();
  await payAt((await second.pay()).redirect_url);
  await until(() => second.current.state === "sold", "the payment is known");
  first.stop();
  second.stop();
}

test("a customer joins, waits, is offered what another gives back, claims and pays", async () => {
  await walkToTheEnd(customer, "way");
});

test("the client that the server serves in one piece does the same", async () => {
  const source = await (await fetch(`${shop.url}/client/doorbuster.js`)).text();
  const served = await import(`data:text/javascript,${encodeURIComponent(source)}`);
  assert.deepEqual(Object.keys(served).sort(), ["ChangeEvent", "Doorbuster", "Refusal", "Visit"]);
  const client = (name) => new served.Doorbuster({ server: shop.url, token: shop.token(name), storage: null });
  await walkToTheEnd(client, "served");
});

test("what is attached to a place, and then to the unit, comes back with it", async () => {
  await shop.newSale("attached");
  const visit = customer("first").visit("attached");
  const place = await visit.join({ client_reference: "R-1", metadata: { desk: "3" } });
  assert.deepEqual([place.client_reference, place.metadata, place.customer_id], ["R-1", { desk: "3" }, null]);
  await visit.wait();
  const unit = await visit.claim({ client_reference: "R-2" });
  assert.deepEqual([unit.client_reference, unit.metadata], ["R-2", { desk: "3" }]);
  assert.equal((await visit.pay()).client_reference, "R-2");
  visit.stop();
});

test("a customer whose turn it is is admitted to the shop's own checkout", async () => {
  await shop.newSale("admitted");
  const visit = customer("guest").visit("admitted");
  await visit.join();
  const early = await visit.admission();
  const left = Date.parse(visit.current.claim_until) - Date.parse(early.expires_at);
  assert.ok(left >= 0 && left < 1000, "until the offer ends, in whole seconds");
  const hold = await visit.claim();
  const { token, entry, sale, return_to } = await visit.admission("https://shop.example/checkout?sku=1");
  const claims = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
  assert.deepEqual([claims.aud, claims.sub, claims.hold], [sale, entry, hold.id]);
  assert.equal(return_to, `https://shop.example/checkout?sku=1&doorbuster_admission=${token}`);
  await assert.rejects(visit.admission("https://evil.example/"), { slug: "return-not-allowed", status: 400 });
  const forgetful = customer("guest").visit("admitted");
  assert.equal((await forgetful.admission()).entry, entry);
  const late = customer("late").visit("admitted");
  await assert.rejects(late.admission(), { slug: "not-your-turn", status: 409 });
});

test("a tab that was closed is another tab's beginning", async () => {
  await shop.newSale("closed-tab");
  await customer("early").visit("closed-tab").join();
  const storage = new Memory();
  const place = await customer("late", { storage }).visit("closed-tab").join();
  const again = customer("late", { storage }).visit("closed-tab");
  assert.equal(again.current, null);
  assert.equal((await again.look()).id, place.id);
  assert.equal(again.current.position, 2);
  assert.ok(again.entryToken);
});

test("a browser that has forgotten everything finds the same place and the same unit", async () => {
  await shop.newSale("forgotten");
  const place = await customer("oblivious").visit("forgotten").join();
  const again = customer("oblivious").visit("forgotten");
  assert.equal((await again.join()).id, place.id);
  const hold = await again.claim();
  const third = customer("oblivious").visit("forgotten");
  assert.equal((await third.reserve()).id, hold.id);
});

test("an offer that is not taken ends, and so does following", async () => {
  await shop.newSale("slow", { claim_seconds: 1 });
  const visit = customer("sleeper").visit("slow");
  await visit.join();
  assert.equal((await visit.wait()).state, "offered");
  await until(() => visit.current.state === "lapsed", "the offer lapses");
  const again = customer("sleeper", { storage: null }).visit("slow");
  assert.equal((await again.join()).state, "offered");
});

test("a hold that runs out is told as expired", async () => {
  await shop.newSale("short", { queue: "none", hold_seconds: 1 });
  const visit = customer("dreamer").visit("short");
  await visit.reserve();
  visit.follow();
  await until(() => visit.current.state === "expired", "the hold expires");
});

test("a refusal carries the server's reason", async () => {
  await shop.newSale("refused", { queue: "none" });
  await customer("quick").visit("refused").reserve();
  await assert.rejects(customer("slow").visit("refused").reserve(), (refusal) => {
    assert.ok(refusal instanceof Refusal);
    assert.equal(refusal.slug, "sold-out");
    assert.equal(refusal.status, 409);
    assert.equal(refusal.problem.units_on_hold, 1);
    return !refusal.passing;
  });
});

test("the time is the server's, whatever the visitor's clock says", async () => {
  const client = customer("timeless");
  const right = Date.now;
  try {
    Date.now = () => right() - 3600_000;
    for (let i = 0; i < 12; i += 1) {
      await client.sales();
      await new Promise((done) => setTimeout(done, 100));
    }
    const late = right() - client.now();
    assert.ok(late > -50 && late < 900, `${late} ms late`);
  } finally {
    Date.now = right;
  }
});

test("waiting can be given up", async () => {
  await shop.newSale("patience");
  await customer("holder").visit("patience").join();
  const visit = customer("impatient").visit("patience");
  await visit.join();
  const giveUp = new AbortController();
  const waiting = visit.wait({ signal: giveUp.signal });
  giveUp.abort();
  await assert.rejects(waiting, { name: "AbortError" });
});
