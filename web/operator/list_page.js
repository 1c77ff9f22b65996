// All sales, drafts too.

import { h, heading, link, setChildren, setText } from "../shop/dom.js";
import { Stock } from "../shop/item.js";
import { moment } from "../shop/words.js";
import { Poll } from "./poll.js";
import { StateBadge } from "./state_badge.js";

const order = ["open", "paused", "prequeue", "scheduled", "draft", "closed"];

function byState(a, b) {
  return order.indexOf(a.state) - order.indexOf(b.state) || Date.parse(a.opens_at) - Date.parse(b.opens_at) ||
    a.title.localeCompare(b.title);
}

class Card {
  #badge = new StateBadge();
  #stock = new Stock();
  #when = h("span", { class: "quiet" });

  constructor(sale) {
    this.root = h("article", { class: "card" }, h("div", { class: "about" },
      h("p", { class: "card-line" }, this.#badge.root, this.#when),
      h("h2", {}, link(sale.title, `/operator/s/${sale.id}`, "whole")),
      h("p", { class: "quiet mono" }, sale.id), this.#stock.root));
  }

  show(sale, now) {
    this.#badge.show(sale, now);
    setText(this.#when, `${Date.parse(sale.opens_at) < now ? "opened" : "opens"} ${moment(sale.opens_at)}`);
    this.#stock.show(sale);
  }
}

export class ListPage {
  title = "Sales";
  #cards = new Map();
  #list = h("div", { class: "list" });
  #links = link("Short links", "/operator/links", "button");
  #recs = link("Recommendations", "/operator/recs", "button");
  #context;
  #poll;

  constructor(context) {
    this.#context = context;
    this.root = h("div", {}, h("div", { class: "title-line" }, heading("Sales"),
      h("p", { class: "buttons" }, link("Archived", "/operator/archived", "button"),
        this.#links, this.#recs, link("Webhooks", "/operator/webhooks", "button"),
        link("New sale", "/operator/new", "button main"))), this.#list);
    this.#links.hidden = true;
    this.#recs.hidden = true;
    context.server.hasRecs().then((has) => { this.#recs.hidden = !has; });
    context.server.hasLinks().then((has) => { this.#links.hidden = !has; });
    this.#poll = new Poll(3, async () => this.#show(await context.server.list("/sales", "sales")));
  }

  #show(sales) {
    const sorted = [...sales].sort(byState);
    for (const sale of sorted) if (!this.#cards.has(sale.id)) this.#cards.set(sale.id, new Card(sale));
    setChildren(this.#list, sorted.map((sale) => sale.id), () => (sorted.length ?
      sorted.map((sale) => this.#cards.get(sale.id).root) : h("p", { class: "note" }, "There is no sale yet.")));
    for (const sale of sorted) this.#cards.get(sale.id).show(sale, this.#context.server.now());
  }

  stop() {
    this.#poll.stop();
  }
}
