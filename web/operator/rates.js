// Shares with their intervals, in words and in tables.

import { h } from "../shop/dom.js";
import { count } from "../shop/words.js";

const digits = (share) => (share < 0.1 ? 2 : 1);
const percentOf = (share) => `${(share * 100).toFixed(digits(share))}`;

// "4.20 % (3.90 to 4.50)"; nothing was counted: "—".
export function rateInWords(rate) {
  return rate ? `${percentOf(rate.value)} % (${percentOf(rate.low)} to ${percentOf(rate.high)})` : "—";
}

// Rows of cells under heads; the first cell of each is what the row is about. Wide ones are pushed sideways.
export function tableOf(caption, heads, rows) {
  const cells = ([first, ...others]) => h("tr", {}, h("th", { scope: "row" }, first),
    others.map((cell) => h("td", {}, cell)));
  return h("div", { class: "rows", tabindex: "0", role: "group", "aria-label": caption }, h("table", {},
    h("caption", {}, caption), h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
    h("tbody", {}, rows.map(cells))));
}

export const countsIn = ({ impressions, clicks, ctr }) => [count(impressions), count(clicks), rateInWords(ctr)];
