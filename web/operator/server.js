// The server as an operator's page speaks to it: a session by cookie, its token with every call, and the server's own
// words when it says no.

import { exchange, persist } from "../client/exchange.js";
import { refusalOf } from "../client/refusal.js";
import { wholeList } from "../client/whole_list.js";

const patienceSeconds = 30; // of an action, while nobody answers

// Events: "connection", when `connected` has changed; "session", when somebody has logged in or is logged out.
export class OperatorServer extends EventTarget {
  connected = true;
  session = null; // { operator: { key, name }, expires_at, csrf_token } or null
  #there = new Map(); // by path: whether it is answered
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

  // Of all pages.
  list(path, name) {
    return wholeList((page) => this.get(page), path, name);
  }

  // Does what the operator has asked for, once, however often it must be sent until it is answered.
  act(method, path, body = {}) {
    return persist(patienceSeconds, (headers) => this.#ask(method, path, body, headers));
  }

  // What is there, and the ETag by which a change says what it is a change of: { answer, etag }.
  getTagged(path) {
    return this.#send("GET", path);
  }

  // Of what takes no idempotency key: sent once, whatever becomes of it. With an ETag only if it is that one still.
  change(method, path, { body = null, etag = null } = {}) {
    return this.#send(method, path, body, etag ? { "If-Match": etag } : {});
  }

  // Whether there are short links here, and whether something is recommended.
  hasLinks() {
    return this.#answers("/urls?limit=0");
  }

  hasRecs() {
    return this.#answers("/recs/surfaces?limit=0");
  }

  #answers(path) {
    if (!this.#there.has(path)) this.#there.set(path, this.get(path).then(() => true, (refusal) => {
      if (refusal.status === 0) this.#there.delete(path); // nobody knows
      return refusal.status !== 0 && refusal.status !== 404;
    }));
    return this.#there.get(path);
  }

  #take(answer) {
    this.session = answer.operator ? answer : null;
    this.dispatchEvent(new Event("session"));
  }

  async #ask(...request) {
    return (await this.#send(...request)).answer;
  }

  async #send(method, path, body = null, more = {}) {
    const headers = { Accept: "application/json", ...more };
    if (body) headers["Content-Type"] = "application/json";
    if (this.session) headers["X-CSRF-Token"] = this.session.csrf_token;
    const how = { method, headers, body: body && JSON.stringify(body), cache: "no-store" };
    const { response, text } = await exchange(`/api/v1${path}`, how).catch((silence) => {
      this.#tellConnected(false);
      throw silence;
    });
    this.#leadMs = (Date.parse(response.headers.get("Date") ?? "") || Date.now()) - Date.now();
    this.#tellConnected(true);
    if (response.ok) return { answer: text ? JSON.parse(text) : {}, etag: response.headers.get("ETag") };
    const refusal = refusalOf(response, text);
    if (refusal.status === 401 && this.session) this.#take({ operator: null });
    throw refusal;
  }

  #tellConnected(connected) {
    if (this.connected === connected) return;
    this.connected = connected;
    this.dispatchEvent(new Event("connection"));
  }
}
