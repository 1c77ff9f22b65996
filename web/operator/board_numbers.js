// The numbers of a sale that an operator looks at first, and where its units are.

import { h, setText } from "../shop/dom.js";
import { count } from "../shop/words.js";

const tiles = [
  ["waiting", "Waiting"], ["offered", "Offered"], ["held", "Held"], ["paying", "Paying"], ["sold", "Sold"],
  ["available", "Available"],
];
const shares = ["sold", "paying", "held", "offered"];

export class BoardNumbers {
  #numbers = new Map();
  #shares = new Map();
  #bar = h("div", { class: "bar", role: "img" });

  constructor() {
    const tile = ([name, words]) => {
      const number = h("b", { "data-count": name });
      this.#numbers.set(name, number);
      return h("div", { class: `tile ${name}` }, h("dt", {}, words), h("dd", {}, number));
    };
    for (const name of shares) {
      const share = h("span", { class: `share ${name}` });
      this.#shares.set(name, share);
      this.#bar.append(share);
    }
    this.root = h("section", { "aria-label": "Numbers" }, h("dl", { class: "tiles" }, tiles.map(tile)), this.#bar);
  }

  show(sale) {
    for (const [name, number] of this.#numbers) setText(number, count(sale[name]));
    for (const [name, share] of this.#shares) share.style.width = `${(100 * sale[name]) / sale.units}%`;
    this.#bar.setAttribute("aria-label", `${count(sale.sold)} of ${count(sale.units)} units sold, ` +
      `${count(sale.available)} available`);
  }
}
