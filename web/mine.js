// What this person has in each sale: a place in the queue, a unit on hold, an order. Only the ids are remembered in the
// browser; what they are worth is asked from the server, so a reload, a closed tab or a second tab change nothing.

import { api, Refusal } from "./api.js";

const storageKey = "doorbuster.mine";
const over = new Set(["expired", "released", "lapsed", "left", "removed", "missed"]);

function read() {
  try {
    return JSON.parse(localStorage.getItem(storageKey) ?? "{}");
  } catch {
    return {};
  }
}

// sale id -> { entry, hold, order }: ids
let ids = read();
// sale id -> { kind: "entry" | "hold" | "order", ...what the server said }
const seen = new Map();
// sale id -> when to ask again, by performance.now()
const due = new Map();

addEventListener("storage", (event) => {
  if (event.key !== storageKey) return;
  ids = read();
  for (const sale of [...seen.keys()]) if (!ids[sale]) seen.delete(sale);
  due.clear();
});

function remember(sale, more) {
  ids = { ...read(), [sale]: { ...ids[sale], ...more } };
  try {
    localStorage.setItem(storageKey, JSON.stringify(ids));
  } catch {
    // A browser that stores nothing still shops until it is reloaded.
  }
}

export function forget(sale) {
  ids = read();
  delete ids[sale];
  seen.delete(sale);
  due.delete(sale);
  try {
    localStorage.setItem(storageKey, JSON.stringify(ids));
  } catch {
    // As above.
  }
}

export function mineOf(sale) {
  return seen.get(sale);
}

function secondsUntilNextLook(mine) {
  if (mine.kind === "entry") return mine.state === "offered" ? 2 : Math.max(1, mine.next_poll_seconds ?? 2);
  if (mine.state === "paying") return 1;
  return mine.state === "held" ? 3 : 3600;
}

function keep(sale, mine) {
  seen.set(sale, mine);
  due.set(sale, performance.now() + secondsUntilNextLook(mine) * 1000);
  return mine;
}

function keepOrder(order) {
  remember(order.sale, { hold: order.hold, order: order.id });
  return keep(order.sale, { ...order, kind: "order" });
}

function keepHold(hold) {
  remember(hold.sale, { hold: hold.id, order: hold.order ?? undefined });
  return keep(hold.sale, { ...hold, kind: "hold", hold: hold.id });
}

function keepEntry(entry) {
  remember(entry.sale, { entry: entry.id });
  return keep(entry.sale, { ...entry, kind: "entry" });
}

async function lookAt(sale) {
  const { order, hold, entry } = ids[sale] ?? {};
  if (order) return keepOrder(await api.order(order));
  if (hold) {
    const found = keepHold(await api.hold(hold));
    return found.order ? keepOrder(await api.order(found.order)) : found;
  }
  if (!entry) return undefined;
  const place = keepEntry(await api.entry(sale, entry));
  return place.hold ? keepHold(await api.hold(place.hold)) : place;
}

// Asks how things stand, and forgets what is over. Returns what changed, for the news: { before, now, refusal }.
export async function look(sale) {
  const before = seen.get(sale);
  try {
    const now = await lookAt(sale);
    if (now && over.has(now.state) && now.refund !== "due") forget(sale);
    return { before, now };
  } catch (refusal) {
    if (!(refusal instanceof Refusal) || refusal.slug === "no-answer") throw refusal;
    if (refusal.problem.status !== 503 && refusal.problem.status !== 429) forget(sale);
    return { before, refusal };
  }
}

// The sales about which the server should be asked now.
export function lookingDue() {
  return Object.keys(ids).filter((sale) => (due.get(sale) ?? 0) <= performance.now());
}

export function lookSoon() {
  due.clear();
}

export async function join(sale) {
  const entry = keepEntry(await api.join(sale));
  return entry.hold ? lookAt(sale) : entry;
}

export async function reserve(sale) {
  try {
    return keepHold(await api.reserve(sale));
  } catch (refusal) {
    // Somebody who has a unit already, and a browser that has forgotten it, are brought together.
    if (refusal.slug !== "one-per-customer" || !refusal.problem.hold) throw refusal;
    remember(sale, { hold: refusal.problem.hold.split("/").pop() });
    return lookAt(sale);
  }
}

export async function pay(sale) {
  return keepOrder(await api.pay(ids[sale].hold));
}

export async function giveBack(sale) {
  const { hold, entry } = ids[sale] ?? {};
  if (hold) await api.release(hold);
  else await api.leave(sale, entry);
  forget(sale);
}

export async function returnedWith(order) {
  return keepOrder(await api.order(order));
}
