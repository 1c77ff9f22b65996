// The server: its requests, its clock, whether it answers.

import { exchange, persist, requestSecondsMax } from "./exchange.js";
import { cookiesNeeded, noAnswer, refusalOf } from "./refusal.js";
import { heldBack, stopped } from "./stopped.js";
import { Visit } from "./visit.js";
import { wholeList } from "./whole_list.js";

const worksMax = 2; // before a request is given up

const patienceSeconds = 45; // of an action that a person has asked for, while nobody answers

function ownStorage() {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null; // forbidden: a browser that stores nothing still shops until it is reloaded
  }
}

// Events: "connection", when `connected` has changed.
export class Doorbuster extends EventTarget {
  #visits = new Map();
  #leadMs = null; // of the server's clock before performance.now()

  // `solve(address)` is asked where the server wants this machine to work before it gives something: it gets a
  // challenge from the address and returns what ALTCHA's widget made of it. `pageUse()` tells how a person has used the
  // page until now (docs/guard.md).
  constructor({ server = "", token = null, storage = ownStorage(), solve = null, pageUse = null } = {}) {
    super();
    this.server = server;
    this.token = token;
    this.solve = solve;
    this.pageUse = pageUse;
    this.storage = storage;
    this.connected = true;
  }

  // The server's time in milliseconds since 1970; the visitor's clock only before the first answer. A Date header is
  // rounded down to the second and takes its time, so each answer gives a lower bound, and the best of many is right
  // within the way of a packet. performance.now() is not moved by whoever sets a clock.
  now() {
    return this.#leadMs === null ? Date.now() : performance.now() + this.#leadMs;
  }

  // The same visit every time.
  visit(sale) {
    if (!this.#visits.has(sale)) this.#visits.set(sale, new Visit(this, sale));
    return this.#visits.get(sale);
  }

  sales() {
    return wholeList((path) => this.get(path), "/sales", "sales");
  }

  sale(id) {
    return this.get(`/sales/${encodeURIComponent(id)}`);
  }

  order(id) {
    return this.get(`/orders/${encodeURIComponent(id)}`);
  }

  get(path) {
    return this.#ask("GET", path);
  }

  // Does what a person has asked for, with the same idempotency key until it is answered or patience ends. A guest
  // whose browser keeps no cookies would take a place that they cannot find again.
  async act(method, path, body = null) {
    if (!this.token && globalThis.navigator?.cookieEnabled === false) throw cookiesNeeded();
    const use = this.pageUse ? { "Doorbuster-Page": this.pageUse() } : {};
    return persist(patienceSeconds, (headers) => this.#askOrWork(method, path, { ...headers, ...use }, body));
  }

  // A stream of server-sent events, until the signal aborts.
  async open(path, signal) {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), requestSecondsMax * 1000);
    signal.addEventListener("abort", () => patience.abort(signal.reason));
    try {
      const how = await this.#how("GET", { Accept: "text/event-stream" });
      const response = await fetch(this.#address(path), { ...how, signal: patience.signal })
        .catch(() => {
          throw [stopped, heldBack].includes(patience.signal.reason) ? noAnswer() : this.#unanswered();
        });
      this.#hear(response);
      if (!response.ok) throw refusalOf(response, await response.text().catch(() => ""));
      return response;
    } finally {
      clearTimeout(timer);
    }
  }

  // Somebody whom the guard suspects may be asked for more work than the first time.
  async #askOrWork(method, path, headers, body) {
    const given = { ...headers };
    for (let works = 0; ; works += 1) {
      try {
        return await this.#ask(method, path, { ...given }, body);
      } catch (refusal) {
        if (!this.solve || !refusal.problem?.challenge || works === worksMax) throw refusal;
        given.Altcha = await this.solve(this.server + refusal.problem.challenge);
      }
    }
  }

  async #ask(method, path, more = {}, content = null) {
    const how = await this.#how(method, { Accept: "application/json", ...more }, content);
    const { response, text } = await exchange(this.#address(path), how).catch(() => { throw this.#unanswered(); });
    this.#hear(response);
    if (!response.ok) throw refusalOf(response, text);
    return JSON.parse(text);
  }

  #address(path) {
    return `${this.server}/api/v1${path}`;
  }

  async #how(method, headers, content = null) {
    const token = typeof this.token === "function" ? await this.token() : this.token;
    if (token) headers.Authorization = `Bearer ${token}`;
    if (content) headers["Content-Type"] = "application/json";
    return { method, headers, body: content && JSON.stringify(content), credentials: "same-origin" };
  }

  #hear(response) {
    this.#learnTime(response);
    this.#tellConnected(true);
  }

  #unanswered() {
    this.#tellConnected(false);
    return noAnswer();
  }

  #learnTime(response) {
    const leadMs = Date.parse(response.headers.get("Date") ?? "") - performance.now();
    if (leadMs > (this.#leadMs ?? -Infinity)) this.#leadMs = leadMs;
  }

  #tellConnected(connected) {
    if (this.connected === connected) return;
    this.connected = connected;
    this.dispatchEvent(new Event("connection"));
  }
}
