// The client when the network, a proxy or the server fails it; the server is a real one.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Doorbuster } from "../../web/client/doorbuster.js";
import { Between } from "./between.mjs";
import { Memory, ShopServer, until } from "./shop_server.mjs";

let shop;
let between;
before(async () => {
  shop = await ShopServer.start();
  between = await Between.before(shop);
});
after(async () => {
  await between.cut();
  await shop.close();
});

function customer(name, server = between.url) {
  return new Doorbuster({ server, token: shop.token(name), storage: new Memory() });
}

// Somebody who has the only unit, and somebody who waits for it.
async function holderAndWaiter(sale) {
  await shop.newSale(sale);
  const holder = customer("holder", shop.url).visit(sale);
  await holder.join();
  await holder.claim();
  const client = customer("waiter");
  const waiter = client.visit(sale);
  await waiter.join();
  return { holder, client, waiter };
}

function passEverything() {
  between.refuse = () => null;
  between.passed = () => Infinity;
  between.seen = [];
}

test("who is near the front listens, and does not poll", async () => {
  passEverything();
  const { holder, waiter } = await holderAndWaiter("near");
  const turn = waiter.wait();
  await until(() => between.requests("GET", "/events").length === 1, "it listens");
  await new Promise((done) => setTimeout(done, 3000));
  assert.equal(between.requests("GET", "/near/queue/").length, 1);
  await holder.leave();
  assert.equal((await turn).state, "offered");
  waiter.stop();
});

test("where no stream can be had, polling goes on", async () => {
  passEverything();
  const { holder, waiter } = await holderAndWaiter("streamless");
  between.refuse = (method, path) => path.endsWith("/events") ? { status: 503, headers: { "Retry-After": "1" } } : null;
  const turn = waiter.wait();
  await until(() => between.requests("GET", "/streamless/queue/").length > 3, "it polls");
  assert.equal(between.requests("GET", "/events").length, 1);
  await holder.leave();
  assert.equal((await turn).state, "offered");
  waiter.stop();
});

for (const [words, passed] of [["from its first byte", 0], ["after its first piece", 1]]) {
  test(`a stream that something keeps back ${words} is given up, and the turn is heard within 5 s`, async () => {
    passEverything();
    const { holder, waiter } = await holderAndWaiter(`kept-${passed}`);
    between.passed = (path) => path.endsWith("/events") ? passed : Infinity;
    const turn = waiter.wait();
    await until(() => between.requests("GET", "/events").length === 1, "it listens");
    await new Promise((done) => setTimeout(done, 1000));
    const left = performance.now();
    await holder.leave();
    assert.equal((await turn).state, "offered");
    assert.ok(performance.now() - left < 5000, `${performance.now() - left} ms`);
    waiter.follow();
    await new Promise((done) => setTimeout(done, 5000));
    assert.equal(between.requests("GET", "/events").length, 1, "it polls from then on");
    waiter.stop();
  });
}

test("who is far away asks as often as the server wants, never earlier", async () => {
  passEverything();
  await shop.newSale("far");
  for (const token of shop.tokens("crowd", 1002)) {
    const headers = { Authorization: `Bearer ${token}` };
    assert.ok((await fetch(`${shop.url}/api/v1/sales/far/queue`, { method: "POST", headers })).ok);
  }
  const visit = customer("last").visit("far");
  assert.equal((await visit.join()).next_poll_seconds, 3);
  visit.follow();
  await until(() => between.requests("GET", "/far/queue/").length >= 3, "three polls");
  visit.stop();
  const [first, second, third] = between.requests("GET", "/far/queue/").map(({ at }) => at);
  for (const gap of [second - first, third - second]) assert.ok(gap >= 2990 && gap < 6000, `${gap} ms`);
  assert.equal(between.requests("GET", "/events").length, 0);
});

for (const status of [429, 503]) {
  test(`an action is tried again after ${status} once Retry-After has passed, with the same key`, async () => {
    passEverything();
    await shop.newSale(`busy-${status}`);
    let refused = 0;
    between.refuse = () => refused++ < 2 ? { status, headers: { "Retry-After": "1" } } : null;
    const entry = await customer("patient").visit(`busy-${status}`).join();
    assert.equal(entry.state, "offered");
    const tries = between.requests("POST", "/queue");
    const at = tries.map((each) => each.at);
    assert.equal(at.length, 3);
    assert.ok(tries[0].key);
    for (const each of tries) assert.equal(each.key, tries[0].key);
    for (const gap of [at[1] - at[0], at[2] - at[1]]) assert.ok(gap >= 990 && gap < 4000, `${gap} ms`);
  });
}

test("a lost network is told, waited out and recovered from", async () => {
  passEverything();
  const { holder, client, waiter } = await holderAndWaiter("offline");
  const told = [];
  client.addEventListener("connection", () => told.push(client.connected));
  const turn = waiter.wait();
  await until(() => between.requests("GET", "/events").length === 1, "it listens");
  await between.cut();
  await until(() => client.connected === false, "it is known");
  await holder.leave();
  await between.open();
  assert.equal((await turn).state, "offered");
  assert.deepEqual(told, [false, true]);
  assert.equal(waiter.trouble, null);
  waiter.stop();
});

test("a server that is killed and starts again is waited for, and the place is kept", async () => {
  passEverything();
  const { holder, client, waiter } = await holderAndWaiter("killed");
  const place = waiter.current.position;
  const turn = waiter.wait();
  await until(() => between.requests("GET", "/events").length === 1, "it listens");
  await shop.kill();
  await until(() => waiter.trouble !== null, "it is known");
  await shop.restart();
  await holder.leave();
  const offered = await turn;
  assert.equal(offered.state, "offered");
  assert.equal(offered.position, place);
  assert.equal(client.connected, true);
  waiter.stop();
});
