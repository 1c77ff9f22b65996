// What a page of a shop does with recommendations: the script that stands on it by one tag.

import assert from "node:assert/strict";
import test from "node:test";

const { Offers, priceInWords } = await import("../../web/client/offers.js");
const { visitOf, webAddress } = await import("../../web/client/visits.js");

class Element extends EventTarget {
  children = [];
  attributes = {};
  constructor(name) {
    super();
    this.name = name;
  }
  setAttribute(name, value) { this.attributes[name] = String(value); }
  append(...children) { this.children.push(...children); }
  replaceChildren(...children) { this.children = children; }
  after(element) { this.behind = element; }
  all(name) {
    const elements = this.children.filter((each) => each.all);
    return elements.flatMap((each) => [...(each.name === name ? [each] : []), ...each.all(name)]);
  }
  get text() { return this.children.map((each) => each.text ?? each).join(" "); }
}

const server = "https://recs.example";

const camera = {
  recommendation: "rec_0123456789abcdef",
  items: [
    { item: "card", title: "<b>Card</b>", url: "/card", image: "https://img.example/card.png", price: 19.9,
      currency: "EUR", reason: "it was bought together with camera" },
    { item: "camera", url: "/camera" },
    { item: "evil", title: "Evil", url: "javascript:alert(1)" },
    { item: "bag 1" },
  ],
};

// A page with the tag on it, and what it asked of the server.
function page(dataset, answer = camera, more = {}) {
  const target = new Element("div");
  const script = Object.assign(new Element("script"), { src: `${server}/client/recommendations.js`, dataset });
  const stored = new Map();
  const calls = [];
  const document = new EventTarget();
  Object.assign(document, {
    baseURI: "https://shop.example/p/camera",
    documentElement: { lang: "en" },
    createElement: (name) => new Element(name),
    querySelector: (selector) => (selector === "#more" ? target : null),
  });
  const window = {
    document,
    crypto,
    sessionStorage: { getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => stored.set(key, value) },
    setTimeout: (call) => { window.later = call; return 1; },
    clearTimeout: () => {},
    IntersectionObserver: class {
      constructor(heard) {
        window.see = (...targets) => heard(targets.map((target) => ({ target, isIntersecting: true })));
      }
      observe() {}
      unobserve() {}
    },
    fetch: async (url, options = {}) => {
      calls.push({ url, ...options, events: options.body && JSON.parse(options.body) });
      if (answer instanceof Error) throw answer;
      return { ok: true, json: async () => (options.body ? {} : answer) };
    },
    ...more,
  };
  return { window, script, target, calls, stored };
}

async function shown(dataset, ...how) {
  const made = page(dataset, ...how);
  await new Offers(made.script, made.window).show().catch(() => {});
  return made;
}

test("what goes with the page's item is shown in the element that is named, with what it says as text", async () => {
  const asked = { item: "camera", n: "8", surface: "product", target: "#more", heading: "More" };
  const { target, calls } = await shown(asked);
  assert.deepEqual(calls[0].events.map(({ type, item }) => [type, item]), [["view", "camera"]]);
  const session = calls[0].events[0].session;
  assert.match(session, /^[0-9a-f]{32}$/);
  const path = `/items/camera/also-bought?n=8&surface=product&session=${session}`;
  assert.equal(calls[1].url, `${server}/api/v1/recs${path}`);
  assert.ok(calls.every((call) => call.credentials === "omit"));
  assert.ok(calls.every((call) => call.headers === undefined), "a header would have to be asked for first");
  const [section] = target.children;
  assert.equal(section.attributes["aria-label"], "More");
  const [link] = section.all("a");
  assert.equal(section.all("a").length, 1, "neither the item itself, nor what leads nowhere");
  assert.equal(link.attributes.href, "https://shop.example/card");
  assert.equal(link.text.replace(/\s+/g, " "), " <b>Card</b> €19.90 it was bought together with camera");
  const { alt, src } = section.all("img")[0].attributes;
  assert.deepEqual([alt, src], ["", "https://img.example/card.png"]);
});

test("what has no address gets one where the tag says how", async () => {
  const { script } = await shown({ item: "camera", link: "/p/{item}" });
  const addresses = script.behind.all("a").map((link) => link.attributes.href);
  assert.deepEqual(addresses, ["https://shop.example/card", "https://shop.example/p/bag%201"]);
});

test("without an item it is for the visit, and its item is told first", async () => {
  assert.match((await shown({})).calls[0].url, /\/recs\/recommendations\?session=[0-9a-f]{32}$/);
  const told = await shown({ item: "camera", kind: "for-you" });
  assert.equal(told.calls[0].method, "POST");
  assert.match(told.calls[1].url, /\/recommendations\?session=/);
  const popular = await shown({ kind: "popular", category: "a&b" });
  assert.match(popular.calls[0].url, /\/popular\?session=\w+&category=a%26b$/);
  const trending = await shown({ kind: "trending", category: "shoes" });
  assert.match(trending.calls[0].url, /\/trending\?session=\w+&category=shoes$/);
});

test("several tags of a page are about one item, and tell once that somebody looks at it", async () => {
  const { window, script, calls } = page({ item: "camera" });
  const other = { ...script, dataset: { item: "camera", kind: "similar" } };
  const another = { ...script, dataset: { item: "bag 1" } };
  for (const tag of [script, other, another]) await new Offers(tag, window).show().catch(() => {});
  const told = calls.filter((call) => call.events).map((call) => call.events.map(({ item }) => item));
  assert.deepEqual(told, [["camera"], ["bag 1"]]);
});

test("what was seen and what was followed is told once each, with the answer that it came from", async () => {
  const { window, script, calls } = await shown({ item: "camera", surface: "product" });
  const [card] = script.behind.all("li");
  window.see(card, card);
  window.later();
  const [seen] = calls.at(-1).events;
  assert.equal(calls.at(-1).events.length, 1);
  assert.deepEqual([seen.type, seen.item, seen.recommendation, seen.surface, seen.id],
    ["impression", "card", camera.recommendation, "product", "rec_0123456789abcdef/0/impression"]);
  card.all("a")[0].dispatchEvent(new Event("click"));
  assert.deepEqual(calls.at(-1).events.map(({ type, id }) => [type, id]), [["click", "rec_0123456789abcdef/0/click"]]);
  assert.equal(calls.at(-1).keepalive, true);
});

test("where there is no service the page is as it was", async () => {
  for (const answer of [new TypeError("no network"), null, { items: [] }]) {
    const { script, target } = await shown({ item: "camera", target: "#more" }, answer);
    assert.deepEqual([script.behind, target.children], [undefined, []]);
  }
  const { script } = await shown({ item: "camera", target: "#nowhere" });
  assert.equal(script.behind, undefined);
});

test("who asks not to be followed is shown what there is, and nothing is told or kept", async () => {
  const navigator = { globalPrivacyControl: true };
  const { script, calls, stored } = await shown({ item: "camera" }, camera, { navigator });
  assert.equal(script.behind.all("a").length, 1);
  assert.deepEqual(calls.map((call) => call.url), [`${server}/api/v1/recs/items/camera/also-bought?`]);
  assert.equal(stored.size, 0);
});

test("a visit has one number, and none where nothing may be stored", () => {
  const { window } = page({});
  assert.equal(visitOf(window), visitOf(window));
  assert.equal(visitOf({ crypto, get sessionStorage() { throw new Error("forbidden"); } }), null);
});

test("addresses lead to the web only, and prices are in words", () => {
  assert.equal(webAddress("data:text/html,x", "https://shop.example"), null);
  assert.equal(webAddress(undefined, "no base"), null);
  assert.equal(priceInWords(5, "", "de"), "5,00");
  assert.equal(priceInWords(5, "XX", "en"), "5 XX");
  assert.equal(priceInWords(undefined, "EUR"), null);
});
