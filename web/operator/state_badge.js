// A sale's state in a word or two.

import { h, setText } from "../shop/dom.js";
import { isSoldOut, left } from "../shop/words.js";

const looks = { open: "open", closed: "gone", paused: "held-up" };

export function stateInWords(sale, now) {
  if (sale.state === "open" && isSoldOut(sale)) return "open, sold out";
  const opensIn = left(Date.parse(sale.opens_at) - now);
  if (sale.state === "scheduled") return `scheduled, opens in ${opensIn}`;
  if (sale.state === "prequeue") return `pre-queue, opens in ${opensIn}`;
  return sale.state;
}

export class StateBadge {
  root = h("span", { class: "badge" });

  show(sale, now) {
    setText(this.root, stateInWords(sale, now));
    this.root.className = `badge ${looks[sale.state] ?? ""}`;
  }
}
