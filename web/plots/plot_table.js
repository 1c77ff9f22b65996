// The numbers of a plot as a table, for whoever does not see it or wants to read exactly. It is made when it is opened
// and stands still then: a table that changes while somebody reads it helps nobody.

import { h } from "../shop/dom.js";
import { pickEvenly } from "./stack.js";

const rowsMax = 60;

export class PlotTable {
  #held = h("div", { class: "plot-rows", tabindex: "0", role: "region" });
  #read;

  // `read()` gives { title, x, xs, lines, columns }.
  constructor(title, read) {
    this.#read = read;
    this.#held.setAttribute("aria-label", `${title}, as a table`);
    this.root = h("details", { class: "plot-table", ontoggle: () => this.#fill() },
      h("summary", {}, "Numbers as a table"), this.#held);
  }

  #fill() {
    if (!this.root.open) return;
    const { title, x, xs, lines, columns } = this.#read();
    const { picked, every } = pickEvenly(xs.length, rowsMax);
    const rest = every > 1 ? `; every ${every}th of ${xs.length} points` : "";
    const cell = (line, at) => h("td", {}, columns[line.key][at]?.toLocaleString("en") ?? "–");
    this.#held.replaceChildren(h("table", {}, h("caption", {}, `${title}${rest}`),
      h("thead", {}, h("tr", {}, ["Time", ...lines.map((line) => line.label)].map((text) => h("th", {
        scope: "col" }, text)))),
      h("tbody", {}, picked.map((at) => h("tr", {}, h("th", { scope: "row" }, x(xs[at])),
        lines.map((line) => cell(line, at)))))));
  }
}
