// How many offers a minute go out: a slider in steps that people think in, and a field for an exact number.

import { button, h, setText } from "../shop/dom.js";
import { count, isNet } from "../shop/words.js";
import { wholeNumber } from "./numbers.js";

const steps = [1, 2, 5, 10, 20, 30, 60, 100, 150, 200, 300, 400, 500, 600, 800, 1000, 1500, 2000, 3000, 5000, 10000,
  null];

function nearestStep(outflow) {
  if (outflow === null) return steps.length - 1;
  const numbers = steps.slice(0, -1).map((step) => Math.abs(Math.log(step / outflow)));
  return numbers.indexOf(Math.min(...numbers));
}

export class Outflow {
  #slider = h("input", { type: "range", id: "outflow", min: "0", max: String(steps.length - 1), step: "1" });
  #exact = h("input", { type: "text", id: "outflow-exact", inputmode: "numeric", autocomplete: "off",
    placeholder: "no limit" });
  #label = h("label", { for: "outflow" });
  #apply;
  #sale = null;
  #touched = false;

  // `change(outflow)` asks the server, and resolves to whether it was done.
  constructor(change) {
    this.#apply = button("Set", () => this.#set(change), "main");
    this.#slider.addEventListener("input", () => this.#slide());
    this.#exact.addEventListener("input", () => this.#touch());
    this.root = h("div", { class: "field" }, this.#label, this.#slider,
      h("div", { class: "inline" }, this.#exact, this.#apply));
  }

  show(sale) {
    this.#sale = sale;
    const words = `${isNet(sale) ? "Called" : "Offers"} a minute`;
    setText(this.#label, words);
    this.#exact.setAttribute("aria-label", `${words}, exactly`);
    if (this.#touched) return;
    this.#slider.value = String(nearestStep(sale.outflow_per_minute));
    this.#exact.value = sale.outflow_per_minute === null ? "" : count(sale.outflow_per_minute);
    this.#tell();
  }

  #slide() {
    const step = steps[Number(this.#slider.value)];
    this.#exact.value = step === null ? "" : count(step);
    this.#touch();
  }

  #touch() {
    this.#touched = true;
    this.#tell();
  }

  #tell() {
    this.#slider.setAttribute("aria-valuetext", this.#exact.value || "no limit");
    const wanted = wholeNumber(this.#exact.value) ?? null;
    this.#apply.setAttribute("aria-disabled", String(wanted === this.#sale?.outflow_per_minute));
    setText(this.#apply, wanted === null ? "Lift the limit" : "Set");
  }

  async #set(change) {
    if (this.#apply.getAttribute("aria-disabled") === "true") return;
    if (await change(wholeNumber(this.#exact.value) ?? null)) this.#touched = false;
  }
}
