// What is on sale: the picture, the state, the numbers. Shown in the list, on the shop page and beside an order.

import { h, setShown, setText } from "./dom.js";
import { badge, count, isNet, money, people } from "./words.js";

// Null if the sale has none, gone if it cannot be loaded.
export function picture(sale) {
  if (!sale.item.image_url) return null;
  const image = h("img", { class: "picture", alt: "", src: sale.item.image_url, width: "400", height: "300" });
  image.addEventListener("error", () => image.remove());
  return image;
}

export class Badge {
  root = h("p", { class: "badge" });
  #countsDown;

  constructor({ countsDown = true } = {}) {
    this.#countsDown = countsDown;
  }

  show(sale, now) {
    const [text, look] = badge(sale, now);
    const isEarly = sale.state === "scheduled" || sale.state === "prequeue";
    setText(this.root, isEarly && !this.#countsDown ? "not open yet" : text);
    this.root.className = `badge ${look}`;
  }
}

// Where the units are. A sale whose operator shows no numbers has none here.
export class Stock {
  #parts = {};
  #bar = h("div", { class: "bar", role: "img" });
  #left = h("b", {});
  #leftWords = h("span", {});
  #waiting = h("span", {});

  constructor() {
    const numbers = h("p", { class: "numbers" }, h("span", {}, this.#left, " ", this.#leftWords));
    for (const name of ["sold", "paying", "held"]) {
      const part = { share: h("span", { class: name }), number: h("b", {}), words: h("span", {}), at: null };
      part.at = h("span", {}, h("i", { class: `dot ${name}` }), part.number, " ", part.words);
      this.#parts[name] = part;
      this.#bar.append(part.share);
      numbers.append(part.at);
    }
    numbers.append(this.#waiting);
    this.root = h("div", { class: "stock" }, this.#bar, numbers);
  }

  show(sale) {
    setShown(this.root, Number.isInteger(sale.available));
    if (this.root.hidden) return;
    const left = `${count(sale.available)} of ${count(sale.units)}`;
    setText(this.#left, left);
    setText(this.#leftWords, isNet(sale) ? "places free" : "left");
    this.#bar.setAttribute("aria-label", `${left} ${isNet(sale) ? "places free" : "units left"}`);
    this.#showPart("sold", sale.sold, sale.units, "sold");
    this.#showPart("paying", sale.paying, sale.units, "being paid");
    this.#showPart("held", sale.held + sale.offered, sale.units, isNet(sale) ? "inside" : "reserved");
    setShown(this.#waiting, sale.waiting > 0);
    setText(this.#waiting, `${people(sale.waiting)} in the queue`);
  }

  #showPart(name, units, all, words) {
    const part = this.#parts[name];
    part.share.style.width = `${((100 * units) / all).toFixed(2)}%`;
    setText(part.number, count(units));
    setText(part.words, words);
    setShown(part.at, units > 0);
  }
}

// One line that says what a place, a unit or an order is of.
export class ItemLine {
  root = h("div", { class: "item-line" });
  #of = null;

  show(sale) {
    if (this.#of === sale.id) return;
    this.#of = sale.id;
    const price = sale.price ? h("span", { class: "quiet" }, money(sale.price)) : null;
    const words = h("p", {}, h("a", { href: `/s/${sale.id}` }, sale.title), price);
    this.root.replaceChildren(...[picture(sale), words].filter(Boolean));
  }
}
