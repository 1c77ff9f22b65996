// The sale's counts over time, on top of each other, up to this moment.

import { h } from "../shop/dom.js";
import { flowColumns, flowLines } from "../plots/flow_columns.js";
import { Plot } from "../plots/plot.js";
import { terms } from "./terms.js";

const spans = [["all", "All"], ["opening", "From the opening"], ["recent", "10 minutes"]];

export class BoardFlow {
  #plot = null;
  #lines = [];
  #span = "all";
  #flow = null;
  #sale = null;
  #now = 0;

  constructor() {
    const one = ([value, words]) => h("button", { type: "button", "aria-pressed": String(value === this.#span), value,
      onclick: (event) => this.#choose(event.currentTarget) }, words);
    this.root = h("section", { class: "panel flow" },
      h("div", { class: "spans", role: "group", "aria-label": "Time shown" }, spans.map(one)));
  }

  #choose(button) {
    this.#span = button.value;
    for (const each of button.parentElement.children) each.setAttribute("aria-pressed", String(each === button));
    this.#draw();
  }

  // What the server knows of the past.
  showFlow(flow) {
    this.#flow = flow;
    this.#draw();
  }

  // The present is the plot's right end, fresher than the past.
  showNow(sale, now) {
    this.#sale = sale;
    this.#now = now;
    if (!this.#plot) this.#begin();
    this.#draw();
  }

  #begin() {
    this.#lines = flowLines(terms(this.#sale));
    this.#plot = new Plot({ title: "Flow", stacked: true, lines: this.#lines, height: 280 });
    this.root.append(this.#plot.root);
  }

  #draw() {
    if (!this.#flow || !this.#plot) return;
    const names = this.#lines.map((line) => line.key);
    const isOver = this.#sale.state === "closed";
    const { xs, columns } = flowColumns(this.#flow, names, { from: this.#from(),
      until: isOver ? null : Math.floor(this.#now / 1000) });
    const last = xs.length - 1;
    if (!isOver && last >= 0) for (const name of names) columns[name][last] = this.#sale[name];
    this.#plot.show(xs, columns);
  }

  #from() {
    const opened = Date.parse(this.#flow.opened_at ?? "") / 1000;
    if (this.#span === "recent") return Math.floor(this.#now / 1000) - 600;
    return this.#span === "opening" && opened ? Math.floor(opened) - 1 : -Infinity;
  }

  stop() {
    this.#plot?.stop();
  }
}
