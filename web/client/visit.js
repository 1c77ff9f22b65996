// What one customer has in one sale, and how to get more.

import { listen } from "./listen.js";
import { pause, backoffSeconds, withJitter } from "./pause.js";
import { Refusal } from "./refusal.js";
import { stopped } from "./stopped.js";

const heldBackSeconds = 120; // polls only, where something on the way keeps streams back
const nearPollSeconds = 2; // who is told to ask so often is near the front, and listens instead

const endStates = new Set(["bought", "sold", "expired", "released", "lapsed", "left", "removed", "missed"]);

// The customer's own part in a draw: without it a leaf would be made of what the server knows alone.
function freshNonce() {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// Told when what the customer has has changed: `before` and `now` are as `visit.current`.
export class ChangeEvent extends Event {
  constructor(before, now) {
    super("change");
    this.before = before;
    this.now = now;
  }
}

// Events: "change" (ChangeEvent) and "trouble", when following meets `trouble`, a
// Refusal that will be tried again.
export class Visit extends EventTarget {
  #server;
  #ids;
  #dueAt = 0; // by performance.now()
  #streamsFrom = 0; // no stream before that time: the server has too many
  #following = null; // the AbortController of the loop

  constructor(server, sale) {
    super();
    this.#server = server;
    this.sale = sale;
    this.current = null;
    this.trouble = null;
    this.joinsAt = null;
    this.#ids = this.#read();
    globalThis.addEventListener?.("storage", (event) => event.key === this.#storageKey && this.#meetOtherTab());
  }

  // The offer, if it is this customer's turn.
  get offer() {
    return this.current?.kind === "entry" && this.current.state === "offered" ? this.current : null;
  }

  // By which the entry can be looked at from anywhere (`?token=...`), while this browser remembers the place.
  get entryToken() {
    return this.#ids.token ?? null;
  }

  // What the server gave for the place when it was taken, in a sale with a draw.
  get receipt() {
    return this.#ids.receipt ?? null;
  }

  // What the sale says of its draw now. Where the list is closed before the places are drawn, because they wait for a
  // beacon, this browser keeps the list's fingerprint: nobody can exchange the list for another one later.
  keep(draw) {
    if (!draw?.root || draw.drawn || !this.#ids.receipt || this.#ids.root) return;
    this.#replaceIds({ ...this.#ids, root: draw.root });
  }

  // What a draw can be held to: what this browser has kept since the join, beside what the server says now. Null
  // without a place; refused with "no-receipt" where the place has no part in a draw.
  async proof() {
    const { entry, token, nonce, root, receipt: kept } = this.#ids;
    if (!entry) return null;
    const path = this.#path(`/queue/${entry}`);
    const query = token ? `?token=${encodeURIComponent(token)}` : "";
    const receipt = await this.#server.get(`${path}/receipt${query}`);
    const { position } = await this.#server.get(path + query);
    return { entry, nonce: nonce ?? null, kept: kept ?? null, keptRoot: root ?? null, receipt, position };
  }

  // Takes a place in the queue, or finds the place that the customer has. What is attached to it comes back with it.
  // Where the guard lets people join shortly before the draw only, this waits until then, and `joinsAt` says when that
  // is, by the server's clock in milliseconds ("change" tells of it).
  async join(attached = {}) {
    try {
      for (;;) {
        try {
          return await this.#joinNow(attached);
        } catch (refusal) {
          if (refusal.slug !== "join-later") throw refusal;
          this.#tellJoinsAt(this.#server.now() + refusal.retryAfterSeconds * 1000);
          await pause(refusal.retryAfterSeconds);
        }
      }
    } finally {
      this.#tellJoinsAt(null);
    }
  }

  #tellJoinsAt(moment) {
    if (this.joinsAt === moment) return;
    this.joinsAt = moment;
    this.dispatchEvent(new ChangeEvent(this.current, this.current));
  }

  async #joinNow({ client_reference, metadata }) {
    const nonce = this.#ids.nonce ?? freshNonce();
    this.#replaceIds({ ...this.#ids, nonce }); // before the answer, which may get lost
    const wanted = { nonce, client_reference, metadata };
    const { token, receipt, ...entry } = await this.#server.act("POST", this.#path("/queue"), wanted);
    const isOurs = receipt?.nonce === nonce; // or the place was taken before, on another device
    const root = entry.id === this.#ids.entry ? this.#ids.root : undefined;
    const ours = isOurs ? nonce : undefined;
    this.#replaceIds({ entry: entry.id, token, receipt: receipt ?? undefined, nonce: ours, root });
    this.#set({ ...entry, kind: "entry" });
    return entry.hold ? this.look() : this.current;
  }

  // Reserves a unit. Whoever has all they may have already, and a browser that has forgotten it, are brought together.
  async reserve({ client_reference, metadata } = {}) {
    try {
      const hold = await this.#server.act("POST", this.#path("/holds"), { client_reference, metadata });
      this.#replaceIds({ ...this.#ids, hold: hold.id, order: undefined });
      return this.#set({ ...hold, kind: "hold" });
    } catch (refusal) {
      if (refusal.slug !== "one-per-customer" || !refusal.problem.hold) throw refusal;
      this.#replaceIds({ ...this.#ids, hold: refusal.problem.hold.split("/").pop(), order: undefined });
      return this.look();
    }
  }

  // Takes what is offered.
  claim(attached) {
    return this.reserve(attached);
  }

  // Starts the payment; the order says where to go (`redirect_url`).
  async pay() {
    const order = await this.#server.act("POST", `/holds/${this.#ids.hold}/payment`);
    return this.adopt(order);
  }

  // What shows at the shop's own door that it is this customer's turn: { token, expires_at, sale, entry }. With
  // `returnTo`, one of the addresses that the server lists, `return_to` is where to go with it.
  async admission(returnTo) {
    if (!this.#ids.entry) await this.join();
    return this.#server.act("POST", this.#path(`/queue/${this.#ids.entry}/admission`),
      returnTo && { return_to: returnTo });
  }

  // Gives back what the customer has: the place, or the unit.
  async leave() {
    if (this.#ids.hold) await this.#server.act("DELETE", `/holds/${this.#ids.hold}`);
    else if (this.#ids.entry) await this.#server.act("DELETE", this.#path(`/queue/${this.#ids.entry}`));
    this.forget();
  }

  // An order that was found some other way, as on the way back from the payment.
  adopt(order) {
    this.#replaceIds({ ...this.#ids, hold: order.hold, order: order.id });
    return this.#set({ ...order, kind: "order" });
  }

  // What ended is remembered until something new begins or the page has told it.
  forget() {
    this.#replaceIds({});
    this.#set(null);
  }

  // Asks how things stand, and how they stood when the tab was closed.
  async look() {
    try {
      return this.#set(await this.#find());
    } catch (refusal) {
      if (refusal.slug === "hold-expired" || refusal.slug === "hold-released") {
        return this.#set({ kind: "hold", id: this.#ids.hold, sale: this.sale, state: refusal.slug.slice(5) });
      }
      if (refusal.status !== 404 && refusal.status !== 401) throw refusal;
      this.forget();
      return null;
    }
  }

  // Keeps `current` as it is at the server until stop() or the end.
  follow() {
    if (this.#following) return;
    const following = new AbortController();
    this.#following = following;
    this.#run(following.signal).finally(() => {
      if (this.#following === following) this.#following = null;
    });
  }

  stop() {
    this.#following?.abort(stopped);
    this.#following = null;
  }

  // Follows until the customer does not wait any more; resolves with what is there then.
  wait({ signal } = {}) {
    const waiting = () => this.current?.kind === "entry" && this.current.state === "waiting";
    return new Promise((resolve, reject) => {
      const finish = (settle, value) => {
        this.removeEventListener("change", look);
        signal?.removeEventListener("abort", abort);
        settle(value);
      };
      const look = () => waiting() || finish(resolve, this.current);
      const abort = () => { this.stop(); finish(reject, signal.reason); };
      if (signal?.aborted) return abort();
      this.addEventListener("change", look);
      signal?.addEventListener("abort", abort);
      if (this.current) look();
      this.follow();
    });
  }

  async #find() {
    const { order, hold, entry } = this.#ids;
    if (order) return { ...await this.#server.order(order), kind: "order" };
    if (hold) return this.#findHold(hold);
    if (!entry) return null;
    const found = await this.#server.get(this.#path(`/queue/${entry}`));
    return found.hold ? this.#findHold(found.hold) : { ...found, kind: "entry" };
  }

  async #findHold(id) {
    this.#replaceIds({ ...this.#ids, hold: id });
    const hold = await this.#server.get(`/holds/${id}`);
    if (!hold.order) return { ...hold, kind: "hold" };
    this.#replaceIds({ ...this.#ids, order: hold.order });
    return { ...await this.#server.order(hold.order), kind: "order" };
  }

  async #run(signal) {
    for (let failures = 0; !signal.aborted;) {
      try {
        await this.#turn(signal);
        failures = 0;
        if (!this.current || endStates.has(this.current.state)) return;
      } catch (trouble) {
        if (signal.aborted) return;
        if (!(trouble instanceof Refusal)) throw trouble;
        this.trouble = trouble;
        this.dispatchEvent(new Event("trouble"));
        failures += 1;
        await pause(backoffSeconds(failures, trouble.retryAfterSeconds), { signal, orOnline: true });
      }
    }
  }

  // One look at the time for it, or a stream until it ends.
  async #turn(signal) {
    if (this.#isNear() && await this.#streamAlone(signal)) return;
    await pause((this.#dueAt - performance.now()) / 1000, { signal });
    if (!signal.aborted) await this.look();
  }

  #isNear() {
    const { kind, state, next_poll_seconds: seconds } = this.current ?? {};
    return kind === "entry" && (state === "waiting" || state === "offered") && seconds <= nearPollSeconds &&
      performance.now() >= this.#streamsFrom;
  }

  // Browsers open six connections to a server at most, so of many tabs one streams and the others poll. Whether it was
  // this one.
  async #streamAlone(signal) {
    const locks = globalThis.navigator?.locks;
    if (!locks) return this.#stream(signal);
    const how = { ifAvailable: true };
    return locks.request(`${this.#storageKey}:stream`, how, (lock) => lock !== null && this.#stream(signal));
  }

  // Whether there was a stream that could be trusted.
  async #stream(signal) {
    const path = this.#path(`/queue/${this.#ids.entry}/events`);
    try {
      const trusted = await listen((ending) => this.#server.open(path, ending), signal, {
        tell: (entry) => Boolean(this.#set({ ...entry, kind: "entry" }).hold),
        look: () => this.#lookForChange(),
      });
      // One look between two streams, so that a cut one is no storm.
      this.#streamsFrom = performance.now() + (trusted ? 1 : heldBackSeconds) * 1000;
      if (trusted && this.current?.hold) await this.look(); // claimed in another tab or on another device
      return trusted;
    } catch (trouble) {
      if (trouble.status === 0) throw trouble;
      this.#streamsFrom = performance.now() + Math.max(30, trouble.retryAfterSeconds ?? 0) * 1000;
      return false;
    }
  }

  async #lookForChange() {
    const before = JSON.stringify(this.current);
    return JSON.stringify(await this.look()) !== before;
  }

  #set(now) {
    const before = this.current;
    this.current = now;
    this.trouble = null;
    this.#dueAt = performance.now() + withJitter(this.#secondsUntilNextLook()) * 1000;
    if (JSON.stringify(before) !== JSON.stringify(now)) this.dispatchEvent(new ChangeEvent(before, now));
    return now;
  }

  #secondsUntilNextLook() {
    const { kind, state, expires_at: end, next_poll_seconds: seconds } = this.current ?? {};
    if (kind === "entry") return Math.max(1, seconds);
    if (state !== "held") return 1; // paying: the result may be there any moment
    const left = (Date.parse(end) - this.#server.now()) / 1000;
    return left > 0 ? Math.min(10, left + 0.2) : 1;
  }

  #meetOtherTab() {
    this.#ids = this.#read();
    this.look().then(() => this.follow(), () => {});
  }

  #path(rest) {
    return `/sales/${encodeURIComponent(this.sale)}${rest}`;
  }

  get #storageKey() {
    return `doorbuster:${this.#server.server}:${this.sale}`;
  }

  #read() {
    try {
      return JSON.parse(this.#server.storage?.getItem(this.#storageKey) ?? "{}");
    } catch {
      return {};
    }
  }

  #replaceIds(ids) {
    this.#ids = ids;
    try {
      if (Object.keys(ids).length > 0) this.#server.storage?.setItem(this.#storageKey, JSON.stringify(ids));
      else this.#server.storage?.removeItem(this.#storageKey);
    } catch {
      // Full or forbidden: the ids live as long as the page.
    }
  }
}
