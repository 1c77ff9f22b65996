// What the script tag of recommendations.js does: asks, shows, tells. Nothing is kept but the number of a visit, which
// ends with the browser's tab, and not even that where a browser asks not to be followed. No cookie is set or sent.

import { visitOf, webAddress } from "./visits.js";

const askedAtMost = 50; // what is told of in one request without a key
const patienceMs = 4000;
const seenFrom = 0.5; // of a card
const kinds = ["also-bought", "also-viewed", "similar", "for-you", "popular", "trending"];
const ofEverybody = ["popular", "trending"]; // of a category, or of all
const told = Symbol.for("doorbuster-views-told"); // of a page, by all of its tags

// As people of the page's language write it.
export function priceInWords(price, currency, language) {
  if (typeof price !== "number") return null;
  try {
    const options = currency ? { style: "currency", currency } : { minimumFractionDigits: 2 };
    return new Intl.NumberFormat(language || undefined, options).format(price);
  } catch {
    return currency ? `${price} ${currency}` : String(price);
  }
}

export class Offers {
  #page; // window, or what stands for it
  #script;
  #server;
  #wishes;
  #visit;
  #waiting = []; // events that nobody was told of yet
  #timer = null;

  constructor(script, page) {
    const { item, surface, n, kind, category, target, heading, link } = script.dataset;
    this.#script = script;
    this.#page = page;
    this.#server = new URL(script.src, page.document.baseURI).origin;
    const count = Math.min(Math.max(Number.parseInt(n, 10) || 0, 0), askedAtMost);
    const about = kinds.includes(kind) ? kind : item ? "also-bought" : "for-you";
    this.#wishes = { item, surface, count, kind: about, category, target, heading: heading ?? "Recommended", link };
    this.#visit = visitOf(page);
  }

  // What is recommended for a visit follows from what it looks at, this page, too.
  async show() {
    const { item, kind } = this.#wishes;
    const looked = item ? this.#tellOnce(item) : null;
    if (kind === "for-you") await looked;
    const found = await this.#ask(this.#path());
    const cards = (found?.items ?? []).filter((one) => one.item !== item).map((one, place) =>
      this.#card(one, place, found.recommendation)).filter(Boolean);
    if (cards.length > 0) this.#put(cards);
  }

  // That somebody looks at it, however many tags of the page are about it.
  #tellOnce(item) {
    const views = (this.#page[told] ??= new Map());
    if (!views.has(item)) views.set(item, this.#send([{ type: "view", item }]));
    return views.get(item);
  }

  #path() {
    const { item, surface, count, kind, category } = this.#wishes;
    const query = new URLSearchParams();
    if (count > 0) query.set("n", count);
    if (surface) query.set("surface", surface);
    if (this.#visit) query.set("session", this.#visit);
    if (ofEverybody.includes(kind) && category) query.set("category", category);
    const path = ofEverybody.includes(kind) ? `/${kind}`
      : kind === "for-you" || !item ? "/recommendations" : `/items/${encodeURIComponent(item)}/${kind}`;
    return `${path}?${query}`;
  }

  async #ask(path) {
    const answer = await this.#page.fetch(`${this.#server}/api/v1/recs${path}`,
      { credentials: "omit", signal: AbortSignal.timeout(patienceMs) });
    return answer.ok ? answer.json() : null;
  }

  // A text of no type is what a page may send anywhere without asking first; it is sent though the page is left.
  async #send(events) {
    if (!this.#visit || events.length === 0) return;
    const told = events.map((event) => ({ ...event, session: this.#visit }));
    await this.#page.fetch(`${this.#server}/api/v1/recs/events`,
      { method: "POST", body: JSON.stringify(told), credentials: "omit", keepalive: true }).catch(() => {});
  }

  #element(name, members, ...children) {
    const element = this.#page.document.createElement(name);
    for (const [member, value] of Object.entries(members)) element.setAttribute(member, value);
    element.append(...children.filter((child) => child !== null));
    return element;
  }

  // Of what has no address there is nowhere to lead.
  #card(one, place, recommendation) {
    const { document } = this.#page;
    const own = this.#wishes.link?.replaceAll("{item}", encodeURIComponent(one.item));
    const href = webAddress(one.url ?? own, document.baseURI);
    if (!href) return null;
    const image = webAddress(one.image, document.baseURI);
    const price = priceInWords(one.price, one.currency, document.documentElement?.lang);
    const text = (name, words) => (words ? this.#element("span", { class: `doorbuster-${name}` }, words) : null);
    const parts = [text("title", one.title ?? one.item), text("price", price), text("reason", one.reason)];
    const link = this.#element("a", { href },
      image && this.#element("img", { src: image, alt: "", loading: "lazy", width: "160", height: "120" }),
      ...parts.filter(Boolean).flatMap((part) => [" ", part]));
    const event = { item: one.item, recommendation, id: `${recommendation}/${place}/` };
    link.addEventListener("click", () => this.#tellNow(this.#event("click", event)));
    return { root: this.#element("li", {}, link), event };
  }

  #event(type, { item, recommendation, id }) {
    const { surface } = this.#wishes;
    return { type, item, recommendation, id: id + type, ...(surface && { surface }) };
  }

  // In the element that the tag names, or behind the tag.
  #put(cards) {
    const { target, heading } = this.#wishes;
    const { document } = this.#page;
    const place = target ? document.querySelector(target) : null;
    if (target && !place) return;
    const list = this.#element("ul", {}, ...cards.map((card) => card.root));
    const section = this.#element("section", { class: "doorbuster-recommendations", "aria-label": heading },
      this.#element("h2", {}, heading), list);
    place ? place.replaceChildren(section) : this.#script.after(section);
    this.#watch(cards);
  }

  // A card that stood in the window, half of it at least, was seen.
  #watch(cards) {
    const { IntersectionObserver, document } = this.#page;
    if (!this.#visit || !IntersectionObserver) return;
    const events = new Map(cards.map((card) => [card.root, card.event]));
    const observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting || !events.has(target)) continue;
        this.#tellSoon(this.#event("impression", events.get(target)));
        events.delete(target);
        observer.unobserve(target);
      }
    }, { threshold: seenFrom });
    for (const card of cards) observer.observe(card.root);
    document.addEventListener("visibilitychange", () => this.#tellWaiting());
  }

  #tellSoon(event) {
    this.#waiting.push(event);
    this.#timer ??= this.#page.setTimeout(() => this.#tellWaiting(), 1000);
  }

  #tellNow(event) {
    this.#waiting.push(event);
    this.#tellWaiting();
  }

  #tellWaiting() {
    this.#page.clearTimeout(this.#timer);
    this.#timer = null;
    const events = this.#waiting;
    this.#waiting = [];
    this.#send(events.slice(0, askedAtMost));
    if (events.length > askedAtMost) this.#send(events.slice(askedAtMost));
  }
}
