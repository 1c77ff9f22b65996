// The calls of /api/v1 that the page makes. A guest is known by a cookie that the server gives with the first call.

const base = "/api/v1";

// What the server refused, in its own words (RFC 9457), or what kept us from asking.
export class Refusal extends Error {
  constructor(slug, detail, problem) {
    super(detail);
    this.slug = slug;
    this.problem = problem;
  }
}

// By how much the server's clock is ahead of ours. A Date header is rounded down to the second, so each answer gives
// two bounds; the best lower one of many answers is right within the way of a packet.
const clock = { lower: null };

function learnTime(response, sent, got) {
  const date = Date.parse(response.headers.get("Date") ?? "");
  if (Number.isNaN(date)) return;
  const lower = date - got;
  const upper = date + 1000 - sent;
  const fits = clock.lower !== null && clock.lower <= upper;
  clock.lower = fits ? Math.max(clock.lower, lower) : lower;
}

export function serverNow() {
  return Date.now() + (clock.lower ?? 0);
}

async function send(method, path, key) {
  const headers = { Accept: "application/json" };
  if (key) headers["Idempotency-Key"] = key;
  const sent = Date.now();
  let response;
  try {
    response = await fetch(base + path, { method, headers, cache: "no-store", credentials: "same-origin" });
  } catch {
    throw new Refusal("no-answer", "The shop does not answer. Is the connection there?", {});
  }
  learnTime(response, sent, Date.now());
  return response;
}

function pause(seconds) {
  return new Promise((done) => setTimeout(done, seconds * 1000));
}

async function call(method, path) {
  const key = method === "POST" ? freshKey() : null;
  for (let tries = 1; ; tries += 1) {
    const response = await send(method, path, key);
    const body = await response.json().catch(() => ({}));
    if (response.ok) return body;
    const busy = response.status === 429 || response.status === 503;
    if (busy && tries < 4) {
      await pause(Math.min(Number(response.headers.get("Retry-After")) || 1, 5));
      continue;
    }
    const slug = String(body.type ?? "").split("/").pop() || `status-${response.status}`;
    throw new Refusal(slug, body.detail || body.title || `The shop answered with status ${response.status}.`, body);
  }
}

function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const part = encodeURIComponent;

export const api = {
  sales: () => call("GET", "/sales"),
  join: (sale) => call("POST", `/sales/${part(sale)}/queue`),
  entry: (sale, id) => call("GET", `/sales/${part(sale)}/queue/${part(id)}`),
  leave: (sale, id) => call("DELETE", `/sales/${part(sale)}/queue/${part(id)}`),
  reserve: (sale) => call("POST", `/sales/${part(sale)}/holds`),
  hold: (id) => call("GET", `/holds/${part(id)}`),
  release: (id) => call("DELETE", `/holds/${part(id)}`),
  pay: (id) => call("POST", `/holds/${part(id)}/payment`),
  order: (id) => call("GET", `/orders/${part(id)}`),
};
