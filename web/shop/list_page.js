// Everything that is on sale.

import { h, heading, link, setChildren } from "./dom.js";
import { Badge, picture, Stock } from "./item.js";
import { money } from "./words.js";

const order = ["open", "paused", "prequeue", "scheduled", "closed"];

function byInterest(a, b) {
  const states = order.indexOf(a.state) - order.indexOf(b.state);
  return states || Date.parse(a.opens_at) - Date.parse(b.opens_at) || a.title.localeCompare(b.title);
}

class Card {
  #badge = new Badge();
  #stock = new Stock();

  constructor(sale) {
    const image = picture(sale);
    const about = h("div", { class: "about" }, this.#badge.root,
      h("h2", {}, link(sale.title, `/s/${sale.id}`, "whole")),
      h("p", { class: "description" }, sale.item.description),
      sale.price && h("p", {}, h("b", { class: "price" }, money(sale.price))), this.#stock.root);
    this.root = h("article", { class: image ? "card pictured" : "card", "data-sale": sale.id }, image, about);
  }

  show(sale, now) {
    this.#badge.show(sale, now);
    this.#stock.show(sale);
  }
}

export class ListPage {
  title = "On sale";
  #context;
  #cards = new Map();
  #sales = [];
  #timer;
  #stopped = false;
  #list = h("div", { class: "list" });

  constructor(context) {
    this.#context = context;
    this.root = h("div", {}, heading("On sale"), this.#list);
    this.#ask();
  }

  async #ask() {
    let seconds = 5;
    try {
      this.#sales = (await this.#context.shop.sales()).sort(byInterest);
      this.#place();
    } catch {
      seconds = 3; // the line at the top says that nobody answers
    }
    if (!this.#stopped) this.#timer = setTimeout(() => this.#ask(), (document.hidden ? 30 : seconds) * 1000);
  }

  #place() {
    for (const sale of this.#sales) if (!this.#cards.has(sale.id)) this.#cards.set(sale.id, new Card(sale));
    const nothing = h("p", {}, "Nothing is on sale yet.");
    setChildren(this.#list, this.#sales.map((sale) => sale.id), () =>
      this.#sales.length ? this.#sales.map((sale) => this.#cards.get(sale.id).root) : nothing);
    this.update();
  }

  update() {
    for (const sale of this.#sales) this.#cards.get(sale.id).show(sale, this.#context.shop.now());
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }
}
