// Types of Doorbuster's client. Times are RFC 3339 in UTC, money is integer minor units.

export interface Price {
  amount: number;
  currency: string;
}

export type SaleState = "scheduled" | "prequeue" | "open" | "paused" | "closed";
export type EntryState =
  "waiting" | "offered" | "holding" | "paying" | "bought" | "lapsed" | "left" | "removed" | "missed";
export type HoldState = "held" | "paying" | "sold" | "released" | "expired";

export interface Sale {
  id: string;
  title: string;
  state: SaleState;
  units: number;
  available: number;
  offered: number;
  held: number;
  paying: number;
  sold: number;
  waiting: number;
  now_serving: number;
  all_held_at: string | null;
  all_sold_at: string | null;
  item: { sku: string; title: string; image_url: string; description: string };
  price: Price | null;
  queue: "none" | "fifo" | "draw" | "pass";
  per_customer: number;
  guests: boolean;
  prequeue_opens_at: string | null;
  opens_at: string;
  closes_at: string | null;
  claim_seconds: number;
  hold_seconds: number;
  payment_grace_seconds: number;
  outflow_per_minute: number | null;
  /** At the opening, or behind the draw, the sale pauses until an operator has looked at the queue. */
  review: boolean;
  /** ISO 3166-1 alpha-2, "ZZ" for unknown: empty lists say nothing. */
  allowed_countries: string[];
  denied_countries: string[];
  /** Of the operator, to those who wait. */
  message: string | null;
  draw: {
    commitment: string;
    entries: number;
    drawn: boolean;
    root: string | null;
    secret: string | null;
    /** The round of a public source of chance that the places wait for; `value` is null until it is given. */
    beacon: { source: string; round: number; published_at: string; value: string | null } | null;
    transcript: string | null;
  } | null;
}

/**
 * What is attached to a place or a unit for the shop to know it by (docs/who-bought.md). In a browser these are the
 * visitor's words; what a shop relies on belongs into the token.
 */
export interface Attached {
  /** 1 to 128 bytes. */
  client_reference?: string | null;
  /** At most 512 bytes as JSON. */
  metadata?: Record<string, string> | null;
}

/** A place in the queue. Before a draw there is no `position` yet. */
export interface Entry {
  kind: "entry";
  id: string;
  sale: string;
  state: EntryState;
  position: number | null;
  people_ahead: number | null;
  /** When a place is given that there is not yet: behind the others of the minute, or behind the draw. */
  delayed_until: string | null;
  /** Of getting a unit, 0 to 1: an estimate. */
  odds: number | null;
  /** Eight in ten of those who are offered a unit wait for as long as from p10 to p90. */
  estimated_wait: { p10_seconds: number; p50_seconds: number; p90_seconds: number } | null;
  next_poll_seconds: number;
  claim_until: string | null;
  hold: string | null;
  client_reference: string | null;
  metadata: Record<string, string> | null;
  /** The shop's own, where the server keeps it. */
  customer_id: string | null;
}

/** A unit that is the customer's until `expires_at`. Once it is over, only its id, sale and state are known. */
export interface Hold {
  kind: "hold";
  id: string;
  sale: string;
  state: HoldState;
  expires_at?: string;
  price?: Price | null;
  order?: string | null;
  client_reference?: string | null;
  metadata?: Record<string, string> | null;
  customer_id?: string | null;
}

export interface Order {
  kind: "order";
  id: string;
  sale: string;
  hold: string;
  state: HoldState;
  /** Of money that came when the hold was over already. */
  refund: "none" | "due" | "done";
  attempts: number;
  expires_at: string;
  price: Price | null;
  /** Where to pay; null while the provider has not answered. */
  redirect_url: string | null;
  client_reference: string | null;
  metadata: Record<string, string> | null;
  customer_id: string | null;
}

/** Shows at the shop's own door that it is the customer's turn. */
export interface Admission {
  /** A JWT, to be checked with the server's /.well-known/jwks.json; its `aud` is the sale. */
  token: string;
  expires_at: string;
  sale: string;
  entry: string;
  /** The address that was asked for, with `doorbuster_admission=<token>` in its query. */
  return_to?: string;
}

export type Mine = Entry | Hold | Order;

/**
 * What proves an entry's part in a draw (docs/formats/draw.md). Null until the list is closed, at the opening: entries,
 * root, proof.
 */
export interface Receipt {
  index: number;
  nonce: string;
  leaf: string;
  commitment: string;
  entries: number | null;
  root: string | null;
  proof: string[] | null;
}

export interface Proof {
  /** The entry's id. */
  entry: string;
  /** What this browser has added to its leaf; null if the place was taken elsewhere. */
  nonce: string | null;
  /** The receipt as it was given at the join. */
  kept: Receipt | null;
  /** The list's fingerprint, if this browser saw it before the places were drawn. */
  keptRoot: string | null;
  /** The receipt as it is now. */
  receipt: Receipt;
  position: number | null;
}

/**
 * What the server refused (RFC 9457); without an answer `slug` is "no-answer" and `status` 0. Where a guest's browser
 * keeps no cookies nothing is asked of the server: "cookies-needed" and 403.
 */
export class Refusal extends Error {
  readonly slug: string;
  readonly status: number;
  readonly problem: Record<string, unknown>;
  readonly retryAfterSeconds: number;
  /** Whether the same request may do better later. */
  readonly passing: boolean;
}

export class ChangeEvent extends Event {
  readonly before: Mine | null;
  readonly now: Mine | null;
}

export interface Options {
  /** "https://sale.example"; the page's own origin if it is left out. */
  server?: string;
  /** A customer's token, signed by the shop; without it the customer is a guest, known by a cookie. */
  token?: string | null | (() => string | null | Promise<string | null>);
  /** Where ids are kept: localStorage, unless another one is given; null keeps nothing. */
  storage?: Pick<Storage, "getItem" | "setItem" | "removeItem"> | null;
  /**
   * Where the server wants this machine to work before it gives something: gets a challenge of ALTCHA's from the
   * address, and returns what its widget made of it (the event "verified"). Without it such a refusal is thrown, or
   * waited out.
   */
  solve?: (address: string) => Promise<string>;
  /**
   * How a person has used the page until now, as in the field Doorbuster-Page, without spaces:
   * "first=1830,presses=1,moves=41,keys=3,touches=0,focus=1". Without it the guard knows nothing of the page, and
   * counts that.
   */
  pageUse?: () => string;
}

/** A server. Events: "connection", when `connected` has changed. */
export class Doorbuster extends EventTarget {
  constructor(options?: Options);
  readonly connected: boolean;
  /** The server's time in milliseconds since 1970, whatever the visitor's clock says. */
  now(): number;
  sales(): Promise<Sale[]>;
  sale(id: string): Promise<Sale>;
  order(id: string): Promise<Omit<Order, "kind">>;
  /** The same visit every time. */
  visit(sale: string): Visit;
}

/** What one customer has in one sale. Events: "change" (ChangeEvent), "trouble". */
export class Visit extends EventTarget {
  readonly sale: string;
  readonly current: Mine | null;
  readonly offer: Entry | null;
  /** What keeps `follow` from hearing anything new; it tries again by itself. */
  readonly trouble: Refusal | null;
  readonly entryToken: string | null;
  readonly receipt: Receipt | null;
  /** What the sale says of its draw: where the list is closed before the draw, its fingerprint is kept. */
  keep(draw: Sale["draw"]): void;
  /** What the draw can be held to; null without a place. */
  proof(): Promise<Proof | null>;
  /** While `join` waits until shortly before a draw, which the guard may ask for: when that is, by `shop.now()`. */
  readonly joinsAt: number | null;
  /** Takes a place in the queue, or finds the one that the customer has. */
  join(attached?: Attached): Promise<Mine>;
  /** Reserves a unit; in a sale with a queue, once it is offered. */
  reserve(attached?: Attached): Promise<Mine>;
  /** Takes what is offered. */
  claim(attached?: Attached): Promise<Mine>;
  /** Starts the payment; the order's `redirect_url` says where to go. */
  pay(): Promise<Order>;
  /** Lets the customer in at the shop's own door, while the entry is offered, holding or paying. */
  admission(returnTo?: string): Promise<Admission>;
  /** Gives back the place, or the unit. */
  leave(): Promise<void>;
  /** Asks how things stand: after a reload, on a new tab. */
  look(): Promise<Mine | null>;
  /** Keeps `current` as it is at the server until stop(), or until it has ended. */
  follow(): void;
  stop(): void;
  /** Follows until the customer does not wait any more; resolves with what is there then. */
  wait(options?: { signal?: AbortSignal }): Promise<Mine | null>;
  /** Takes over an order that was found some other way. */
  adopt(order: Omit<Order, "kind">): Order;
  /** Forgets, in this browser only, what the customer has. */
  forget(): void;
}
