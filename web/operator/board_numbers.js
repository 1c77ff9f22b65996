// The numbers of a sale that an operator looks at first, and where its units are.

import { h, setChildren, setText } from "../shop/dom.js";
import { count, isNet } from "../shop/words.js";
import { terms } from "./terms.js";

const shares = ["sold", "paying", "held", "offered"];

export class BoardNumbers {
  #numbers = new Map();
  #shares = new Map();
  #tiles = h("dl", { class: "tiles" });
  #bar = h("div", { class: "bar", role: "img" });

  constructor() {
    for (const name of shares) {
      const share = h("span", { class: `share ${name}` });
      this.#shares.set(name, share);
      this.#bar.append(share);
    }
    this.root = h("section", { "aria-label": "Numbers" }, this.#tiles, this.#bar);
  }

  show(sale) {
    this.#tiles.classList.toggle("four", isNet(sale));
    setChildren(this.#tiles, isNet(sale), () => Object.entries(terms(sale)).map((tile) => this.#tile(tile)));
    for (const [name, number] of this.#numbers) setText(number, count(sale[name]));
    for (const [name, share] of this.#shares) share.style.width = `${(100 * sale[name]) / sale.units}%`;
    const what = isNet(sale) ? `${count(sale.held)} of ${count(sale.units)} places taken` :
      `${count(sale.sold)} of ${count(sale.units)} units sold`;
    this.#bar.setAttribute("aria-label", `${what}, ${count(sale.available)} ${isNet(sale) ? "free" : "available"}`);
  }

  #tile([name, words]) {
    const number = h("b", { "data-count": name });
    this.#numbers.set(name, number);
    return h("div", { class: `tile ${name}` }, h("dt", {}, words), h("dd", {}, number));
  }
}
