// How fast and how well it goes: offers against their target, who buys, who is refused and why, how long requests take.

import { h, setChildren, setText } from "../shop/dom.js";
import { count } from "../shop/words.js";

const refusalTypes = {
  "sold-out": "Sold out at that moment", "one-per-customer": "Had as many as allowed",
  "not-your-turn": "Not their turn",
  "sale-not-open": "Not open yet", "sale-paused": "Paused", "sale-closed": "Closed", removed: "Taken out of the line",
  "hold-expired": "Their time was up", "hold-released": "Had given it back", "already-sold": "Already paid for",
  "payment-in-flight": "A payment was under way", "too-many-payments": "Too many payments failed",
  "too-many-entries": "Too many entries came to nothing", "idempotency-key-reused": "A key used twice",
  "nothing-to-pay": "A visit is not paid for", "wrong-state": "Not possible in that state",
  "units-in-use": "Units were in use",
};

function share(part, whole) {
  return whole === 0 ? "–" : `${((100 * part) / whole).toFixed(part === whole ? 0 : 1)} %`;
}

function milliseconds(value) {
  if (value === 0) return "–";
  return value < 10 ? `${value.toFixed(1)} ms` : `${count(Math.round(value))} ms`;
}

class Facts {
  #values = new Map();

  constructor(facts) {
    this.root = h("dl", { class: "facts" }, facts.map(([key, words]) => {
      const value = h("dd", {});
      this.#values.set(key, value);
      return h("div", {}, h("dt", {}, words), value);
    }));
  }

  show(values) {
    for (const [key, text] of Object.entries(values)) setText(this.#values.get(key), text);
  }
}

export class BoardPace {
  #speed = h("b", { class: "digits", "data-count": "speed" });
  #target = h("span", { class: "quiet" });
  #meter = h("span", {});
  #facts = new Facts([["taken", "Offers taken"], ["bought", "Reserved units paid for"], ["joined", "Joined"],
    ["left", "Left by themselves"], ["removed", "Taken out"], ["ended", "Given back · time run out"]]);
  #requests = new Facts([["rate", "Requests a second"], ["p50", "Half answered within"], ["p99", "99 of 100 within"]]);
  #refused = h("div", {});

  constructor() {
    const section = (title, ...children) => h("section", { class: "panel" }, h("h2", {}, title), ...children);
    this.roots = {
      pace: section("Pace", h("p", { class: "speed" }, this.#speed, this.#target),
        h("div", { class: "rest", "aria-hidden": "true" }, this.#meter), this.#facts.root),
      refused: section("Refused", this.#refused),
      requests: section("Server", this.#requests.root,
        h("p", { class: "quiet" }, "Requests of all sales, over the last seconds.")),
    };
  }

  show(board) {
    const { sale } = board;
    const hasQueue = sale.queue !== "none";
    const speed = hasQueue ? board.offers_in_last_minute : board.holds_in_last_minute;
    const target = hasQueue ? sale.outflow_per_minute : null;
    setText(this.#speed, count(speed));
    const what = hasQueue ? "offers in the last minute" : "reserved in the last minute";
    setText(this.#target, target ? `${what}, of ${count(target)} allowed` : what);
    this.#meter.style.width = target ? `${Math.min(100, (100 * speed) / target)}%` : "0%";
    this.#meter.parentElement.hidden = !target;
    this.#facts.show({ taken: hasQueue ? share(board.holds, board.holds + board.lapsed) : "–",
      bought: share(sale.sold, board.holds), joined: count(board.joined), left: count(board.left),
      removed: count(board.removed), ended: `${count(board.released)} · ${count(board.expired)}` });
    this.#showRequests(board.requests);
    this.#showRefusals(board.refusals);
  }

  #showRequests(requests) {
    const { per_second: rate = 0, p50_ms: p50 = 0, p99_ms: p99 = 0 } = requests ?? {};
    this.#requests.show({ rate: count(Math.round(rate)), p50: milliseconds(p50), p99: milliseconds(p99) });
  }

  #showRefusals(list) {
    const sorted = [...list].sort((a, b) => b.count - a.count);
    setChildren(this.#refused, sorted, () => (sorted.length === 0 ? h("p", { class: "quiet" }, "Nobody, so far.") :
      h("dl", { class: "facts" }, sorted.map((each) => h("div", {},
        h("dt", {}, refusalTypes[each.type] ?? each.type), h("dd", {}, count(each.count)))))));
  }
}
