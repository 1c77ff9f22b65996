// What the colours mean, with the numbers under the pointer or else the last ones. A click hides a line and shows it
// again.

import { h, setText } from "../shop/dom.js";

export class Legend {
  #values = new Map();
  hidden = new Set();

  constructor(lines, onchange) {
    this.root = h("ul", { class: "plot-legend" }, lines.map((line) => this.#entry(line, onchange)));
  }

  #entry(line, onchange) {
    const swatch = h("i", { class: `swatch ${line.kind ?? "line"}`, "aria-hidden": "true" });
    swatch.style.background = `var(${line.colour})`; // by the object model: the policy refuses style attributes
    const value = h("b", {});
    this.#values.set(line.key, value);
    const button = h("button", { type: "button", "aria-pressed": "true", title: "Show or hide" }, swatch,
      h("span", {}, line.label), value);
    button.addEventListener("click", () => {
      const hides = !this.hidden.delete(line.key);
      if (hides) this.hidden.add(line.key);
      button.setAttribute("aria-pressed", String(!hides));
      onchange();
    });
    return h("li", {}, button);
  }

  show(columns, at) {
    for (const [key, value] of this.#values) setText(value, columns[key]?.[at]?.toLocaleString("en") ?? "–");
  }
}
