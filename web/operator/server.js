// The server as an operator's page speaks to it: a session by cookie, its token with every call, and the server's own
// words when it says no.

import { backoffSeconds, pause } from "../client/pause.js";
import { noAnswer, refusalOf } from "../client/refusal.js";

const requestSecondsMax = 20;
const patienceSeconds = 30; // of an action, while nobody answers

function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Events: "connection", when `connected` has changed; "session", when somebody has logged in or is logged out.
export class OperatorServer extends EventTarget {
  connected = true;
  session = null; // { operator: { key, name }, expires_at, csrf_token } or null
  #leadMs = 0; // of the server's clock before this machine's

  // The server's time in milliseconds since 1970, about.
  now() {
    return Date.now() + this.#leadMs;
  }

  // Whether somebody is logged in.
  async look() {
    this.#take(await this.get("/session"));
    return this.session !== null;
  }

  async logIn(key) {
    this.#take(await this.#ask("POST", "/session", { key }));
  }

  async logOut() {
    await this.#ask("DELETE", "/session");
    this.#take({ operator: null });
  }

  get(path) {
    return this.#ask("GET", path);
  }

  // Does what the operator has asked for, once, however often it must be sent until it is answered.
  async act(method, path, body = {}) {
    const key = randomKey();
    const until = performance.now() + patienceSeconds * 1000;
    for (let failures = 1; ; failures += 1) {
      try {
        return await this.#ask(method, path, body, { "Idempotency-Key": key });
      } catch (trouble) {
        const seconds = backoffSeconds(failures, trouble.retryAfterSeconds ?? 0);
        if (!trouble.passing || performance.now() + seconds * 1000 > until) throw trouble;
        await pause(seconds, { orOnline: true });
      }
    }
  }

  #take(answer) {
    this.session = answer.operator ? answer : null;
    this.dispatchEvent(new Event("session"));
  }

  async #ask(method, path, body = null, more = {}) {
    const headers = { Accept: "application/json", ...more };
    if (body) headers["Content-Type"] = "application/json";
    if (this.session) headers["X-CSRF-Token"] = this.session.csrf_token;
    const { response, text } = await this.#fetch(method, path, headers, body && JSON.stringify(body));
    this.#leadMs = (Date.parse(response.headers.get("Date") ?? "") || Date.now()) - Date.now();
    this.#tellConnected(true);
    if (response.ok) return text ? JSON.parse(text) : {};
    const refusal = refusalOf(response, text);
    if (refusal.status === 401 && this.session) this.#take({ operator: null });
    throw refusal;
  }

  async #fetch(method, path, headers, body) {
    const signal = AbortSignal.timeout(requestSecondsMax * 1000);
    try {
      const response = await fetch(`/api/v1${path}`, { method, headers, body, signal, cache: "no-store" });
      return { response, text: await response.text() };
    } catch {
      this.#tellConnected(false);
      throw noAnswer();
    }
  }

  #tellConnected(connected) {
    if (this.connected === connected) return;
    this.connected = connected;
    this.dispatchEvent(new Event("connection"));
  }
}
