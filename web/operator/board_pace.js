// How fast and how well it goes: offers against their target, who buys, who is refused and why, how long requests take.

import { h, setChildren, setText } from "../shop/dom.js";
import { count, isNet } from "../shop/words.js";
import { Facts } from "./facts.js";

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

export class BoardPace {
  #speed = h("b", { class: "digits", "data-count": "speed" });
  #target = h("span", { class: "quiet" });
  #meter = h("span", {});
  #facts = new Facts();
  #requests = new Facts();
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
    const what = `${isNet(sale) ? "called" : hasQueue ? "offers" : "reserved"} in the last minute`;
    setText(this.#target, target ? `${what}, of ${count(target)} allowed` : what);
    this.#meter.style.width = target ? `${Math.min(100, (100 * speed) / target)}%` : "0%";
    this.#meter.parentElement.hidden = !target;
    const ended = `${count(board.released)} · ${count(board.expired)}`;
    const came = share(board.holds, board.holds + board.lapsed);
    this.#facts.show(isNet(sale) ? [["Came in when called", came], ["Visits so far", count(board.holds)],
      ...this.#ofLine(board), ["Visits left · run out", ended]] : [hasQueue && ["Offers taken", came],
      ["Reserved units paid for", share(sale.sold, board.holds)], ...(hasQueue ? this.#ofLine(board) : []),
      ["Given back · time run out", ended]]);
    this.#showRequests(board.requests);
    this.#showRefusals(board.refusals);
  }

  #ofLine({ joined, left, removed }) {
    return [["Joined", count(joined)], ["Left by themselves", count(left)], ["Taken out", count(removed)]];
  }

  #showRequests(requests) {
    const { per_second: rate = 0, p50_ms: p50 = 0, p99_ms: p99 = 0 } = requests ?? {};
    this.#requests.show([["Requests a second", count(Math.round(rate))], ["Half answered within", milliseconds(p50)],
      ["99 of 100 within", milliseconds(p99)]]);
  }

  #showRefusals(list) {
    const sorted = [...list].sort((a, b) => b.count - a.count);
    setChildren(this.#refused, sorted, () => (sorted.length === 0 ? h("p", { class: "quiet" }, "Nobody, so far.") :
      h("dl", { class: "facts" }, sorted.map((each) => h("div", {},
        h("dt", {}, refusalTypes[each.type] ?? each.type), h("dd", {}, count(each.count)))))));
  }
}
