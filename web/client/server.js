// The server: its requests, its clock, whether it answers.

import { backoffSeconds, pause } from "./pause.js";
import { noAnswer, refusalOf } from "./refusal.js";
import { stopped } from "./stopped.js";
import { Visit } from "./visit.js";

const requestSecondsMax = 20;
const patienceSeconds = 45; // of an action that a person has asked for, while nobody answers

function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

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

  constructor({ server = "", token = null, storage = ownStorage() } = {}) {
    super();
    this.server = server;
    this.token = token;
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

  async sales() {
    return (await this.get("/sales")).sales;
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

  // Does what a person has asked for, with the same idempotency key until it is answered or patience ends.
  async act(method, path, body = null) {
    const key = freshKey();
    const until = performance.now() + patienceSeconds * 1000;
    for (let failures = 1; ; failures += 1) {
      try {
        return await this.#ask(method, path, { "Idempotency-Key": key }, body);
      } catch (trouble) {
        const seconds = backoffSeconds(failures, trouble.retryAfterSeconds ?? 0);
        if (!trouble.passing || performance.now() + seconds * 1000 > until) throw trouble;
        await pause(seconds, { orOnline: true });
      }
    }
  }

  // A stream of server-sent events, until the signal aborts.
  async open(path, signal) {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), requestSecondsMax * 1000);
    signal.addEventListener("abort", () => patience.abort(signal.reason));
    try {
      const response = await this.#fetch("GET", path, { Accept: "text/event-stream" }, patience.signal);
      if (!response.ok) throw refusalOf(response, await response.text().catch(() => ""));
      return response;
    } finally {
      clearTimeout(timer);
    }
  }

  async #ask(method, path, more = {}, content = null) {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), requestSecondsMax * 1000);
    try {
      const headers = { Accept: "application/json", ...more };
      const response = await this.#fetch(method, path, headers, patience.signal, content);
      const text = await response.text().catch(() => { throw this.#unanswered(); });
      if (!response.ok) throw refusalOf(response, text);
      return JSON.parse(text);
    } finally {
      clearTimeout(timer);
    }
  }

  async #fetch(method, path, headers, signal, content = null) {
    const token = typeof this.token === "function" ? await this.token() : this.token;
    if (token) headers.Authorization = `Bearer ${token}`;
    if (content) headers["Content-Type"] = "application/json";
    const body = content && JSON.stringify(content);
    let response;
    try {
      const how = { method, headers, body, signal, credentials: "same-origin" };
      response = await fetch(`${this.server}/api/v1${path}`, how);
    } catch {
      throw signal.reason === stopped ? noAnswer() : this.#unanswered();
    }
    this.#learnTime(response);
    this.#tellConnected(true);
    return response;
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
