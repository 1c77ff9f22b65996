// A list of terms and values that changes while it is looked at.

import { h, setChildren, setText } from "../shop/dom.js";

// [words, value] each; what is false is left out.
export class Facts {
  #values = [];
  root = h("dl", { class: "facts" });

  show(facts) {
    const shown = facts.filter(Boolean);
    setChildren(this.root, shown.map(([words]) => words), () => {
      this.#values = shown.map(() => h("dd", {}));
      return shown.map(([words], at) => h("div", {}, h("dt", {}, words), this.#values[at]));
    });
    shown.forEach(([, value], at) => setText(this.#values[at], value));
  }
}
