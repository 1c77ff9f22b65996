// One of a few, each with a sentence that says what it means.

import { h, setText } from "../shop/dom.js";

export class Choice {
  #wrong = h("p", { class: "wrong" });

  // `choices` are [value, words, sentence].
  constructor({ name, legend, choices, value }) {
    this.name = name;
    const one = ([each, words, sentence]) => h("label", { class: "choice" },
      h("input", { type: "radio", name, value: each, checked: each === value }),
      h("span", {}, words, h("small", {}, sentence)));
    this.root = h("div", { class: "choices", role: "radiogroup", "aria-label": legend }, choices.map(one), this.#wrong);
    this.control = this.root.querySelector("input");
  }

  read() {
    return this.root.querySelector("input:checked")?.value;
  }

  say(wrong) {
    setText(this.#wrong, wrong);
  }
}
