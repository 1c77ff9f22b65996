// Who stands in line: a look at any place, a search for a customer, and taking an entry out.

import { button, h, setText } from "../shop/dom.js";
import { count } from "../shop/words.js";
import { askReason } from "./ask_reason.js";
import { wholeNumber } from "./numbers.js";

const pageSize = 15;

export class BoardLine {
  #customer = h("input", { id: "customer", type: "text", autocomplete: "off", spellcheck: "false" });
  #place = h("input", { id: "place", type: "text", inputmode: "numeric", autocomplete: "off" });
  #review = h("p", { class: "note", role: "status", hidden: true }, "This is the review: nobody has been offered a " +
    "unit yet. Take out whom you do not want, and resume the sale.");
  #summary = h("p", { class: "quiet", role: "status" });
  #rows = h("tbody", {});
  #table;
  #pages;
  #from = 1;
  #query = null; // what was asked last

  constructor(context, id, refresh) {
    this.context = context;
    this.path = `/sales/${encodeURIComponent(id)}/queue`;
    this.refresh = refresh;
    const heads = ["Place", "State", "Customer", "Score", "Why", "From", h("span", { class: "unseen" }, "Action")]
      .map((words) => h("th", { scope: "col" }, words));
    this.#table = h("div", { class: "rows", hidden: true, tabindex: "0", role: "region", "aria-label": "The line" },
      h("table", {}, h("thead", {}, h("tr", {}, heads)), this.#rows));
    this.#pages = h("p", { class: "buttons", hidden: true }, button("Earlier", () => this.#turn(-pageSize)),
      button("Later", () => this.#turn(pageSize)));
    const ask = (doing) => (event) => {
      event.preventDefault();
      doing();
    };
    this.root = h("section", { class: "panel line" }, h("h2", {}, "The line"), this.#review,
      h("div", { class: "fields columns" },
      h("form", { class: "field", onsubmit: ask(() => this.#search()) },
        h("label", { for: "customer" }, "Customer (the shop’s id)"),
        h("div", { class: "inline" }, this.#customer, h("button", {}, "Find"))),
      h("form", { class: "field", onsubmit: ask(() => this.#go(wholeNumber(this.#place.value) ?? 1)) },
        h("label", { for: "place" }, "From place"),
        h("div", { class: "inline" }, this.#place, h("button", {}, "Look")))),
    this.#summary, this.#table, this.#pages);
  }

  // Its first places, too, once it begins.
  showReview({ review, state, now_serving: serving }) {
    const isOn = review && state === "paused" && serving === 0;
    if (isOn && this.#review.hidden) this.#go(1);
    this.#review.hidden = !isOn;
  }

  #search() {
    const who = this.#customer.value.trim();
    this.#query = who ? `?customer=${encodeURIComponent(who)}` : null;
    if (this.#query) this.#look();
    else this.#customer.focus();
  }

  #go(from) {
    this.#from = Number.isInteger(from) ? Math.max(1, from) : from;
    this.#query = `?from=${encodeURIComponent(this.#from)}&limit=${pageSize}`;
    this.#look();
  }

  #turn(by) {
    this.#go(this.#from + by);
  }

  #look() {
    return this.context.act(async () => this.#show(await this.context.server.get(this.path + this.#query)));
  }

  #show(page) {
    const isSearch = this.#query.startsWith("?customer");
    this.#pages.hidden = isSearch;
    this.#table.hidden = page.entries.length === 0;
    const [earlier, later] = this.#pages.children;
    earlier.hidden = this.#from <= 1;
    later.hidden = this.#from + pageSize > page.total;
    setText(this.#summary, this.#inWords(page, isSearch));
    this.#rows.replaceChildren(...page.entries.map((entry) => this.#row(entry)));
  }

  #inWords(page, isSearch) {
    if (isSearch) return page.entries.length ? "All that this customer has or had in this line:" :
      "This customer has no place in this line.";
    const drawn = page.by === "arrival" ? " The draw is still to come: these are in the order of arrival." : "";
    return `${count(page.total)} have joined so far.${drawn}`;
  }

  #row(entry) {
    const isHere = entry.state === "waiting" || entry.state === "offered";
    const place = entry.position ?? entry.arrival ?? 0;
    const remove = button("Remove …", () => this.#remove(entry, place), "small");
    remove.setAttribute("aria-label", place > 0 ? `Remove place ${place} …` : "Remove this entry …");
    return h("tr", {}, h("th", { scope: "row" }, place > 0 ? count(place) : "none yet"),
      h("td", {}, entry.delayed ? `${entry.state}, delayed` : entry.state),
      h("td", { class: "mono", title: `${entry.customer}, entry ${entry.id}` }, entry.customer.slice(0, 8),
        entry.guest ? " (guest)" : ""), ...this.#thoughts(entry),
      h("td", {}, isHere ? remove : ""));
  }

  // What the guard thought of them when they joined.
  #thoughts({ assessment: found }) {
    if (!found) return [h("td", {}, "–"), h("td", {}, ""), h("td", {}, "")];
    const words = (name) => name.replaceAll("_", " ");
    return [h("td", {}, found.score.toFixed(2)), h("td", {}, found.reasons.map(words).join(", ")),
      h("td", {}, `${words(found.network)}, ${words(found.device)}, ${found.country}`)];
  }

  async #remove(entry, place) {
    const what = place > 0 ? `place ${count(place)}` : "this entry";
    const reason = await askReason({ question: `Take ${what} out of the line?`, isReasonNeeded: true,
      text: "The customer is told, and can't join this sale again.", yes: "Take it out" });
    if (reason === null) return;
    const doing = () => this.context.server.act("DELETE", `${this.path}/${entry.id}`, { reason });
    const done = `${what[0].toUpperCase()}${what.slice(1)} is out of the line.`;
    if (await this.context.act(doing, done)) await this.#lookAgain();
    this.refresh();
  }

  // The list follows the log some milliseconds behind.
  async #lookAgain() {
    await new Promise((done) => setTimeout(done, 150));
    const page = await this.context.server.get(this.path + this.#query);
    this.#show(page);
  }
}
