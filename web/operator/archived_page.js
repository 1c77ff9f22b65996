// The sales that are archived, the newest first, a page at a time. Each has its board and its report as before.

import { button, h, heading, link, setChildren, setText } from "../shop/dom.js";
import { count } from "../shop/words.js";
import { Poll } from "./poll.js";

const onAPage = 50;
const days = new Intl.DateTimeFormat("en", { dateStyle: "long" });

function row({ id, archived_at }) {
  const name = encodeURIComponent(id);
  return h("tr", {}, h("th", { scope: "row" }, link(id, `/operator/s/${name}`)),
    h("td", {}, h("time", { datetime: archived_at }, days.format(new Date(archived_at)))),
    h("td", {}, link("Report", `/reports/${name}`)));
}

export class ArchivedPage {
  title = "Archived sales";
  #heading = heading("Archived sales");
  #rows = h("tbody", {});
  #table = h("div", { class: "rows", tabindex: "0", role: "region", "aria-label": "Archived sales" }, h("table", {},
    h("thead", {}, h("tr", {}, ["Sale", "Archived", "Report"].map((name) => h("th", { scope: "col" }, name)))),
    this.#rows));
  #none = h("p", { class: "note" }, "A sale is archived 30 days after it is closed. There is none yet.");
  #where = h("p", { class: "quiet" });
  #newer = button("Newer", () => this.#turn(this.#newer, -onAPage), "small");
  #older = button("Older", () => this.#turn(this.#older, onAPage), "small");
  #pages = h("p", { class: "buttons" }, this.#newer, this.#older);
  // The buttons stay where they are, however long a page is.
  #panel = h("section", { class: "panel" }, this.#where, this.#pages, this.#table);
  #offset = 0;
  #server;
  #poll;

  constructor({ server }) {
    this.#server = server;
    const title = h("div", { class: "title-line" }, this.#heading, link("All sales", "/operator", "button"));
    this.#none.hidden = this.#panel.hidden = true; // until it is known
    this.root = h("div", { class: "stack" }, title, this.#none, this.#panel);
    this.#poll = new Poll(30, () => this.#load());
  }

  async #load() {
    const offset = this.#offset;
    const page = await this.#server.get(`/archived-sales?offset=${offset}&limit=${onAPage}`);
    if (offset === this.#offset) this.#show(page);
  }

  #turn(button, by) {
    if (button.getAttribute("aria-disabled") === "true") return;
    this.#offset = Math.max(0, this.#offset + by);
    this.#heading.focus();
    this.#poll.now();
  }

  #show({ total, sales }) {
    const first = this.#offset + 1;
    setText(this.#where, `${count(first)} to ${count(this.#offset + sales.length)} of ${count(total)}`);
    setChildren(this.#rows, sales.map(({ id }) => id), () => sales.map(row));
    this.#none.hidden = total > 0;
    this.#panel.hidden = total === 0;
    this.#newer.setAttribute("aria-disabled", String(this.#offset === 0));
    this.#older.setAttribute("aria-disabled", String(this.#offset + sales.length >= total));
    this.#pages.hidden = total <= onAPage;
  }

  stop() {
    this.#poll.stop();
  }
}
