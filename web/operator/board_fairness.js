// Whether a sale is fair so far: whether offers kept the order, and who is offered a unit, by who they seem to be.

import { cohortTables } from "../report/cohorts.js";
import { cohortsInWords, orderInWords, peopleInWords, percent } from "../report/words.js";
import { h, setChildren, setText } from "../shop/dom.js";
import { Facts } from "./facts.js";

export class BoardFairness {
  #facts = new Facts();
  #order = h("p", { class: "quiet" });
  #tables = h("div", { class: "cohorts" });
  #known = h("details", {}, h("summary", {}, "By who they seem to be"), this.#tables);

  constructor() {
    this.root = h("section", { class: "panel fairness" }, h("h2", {}, "Fairness so far"), this.#facts.root, this.#order,
      this.#known);
  }

  show({ sale, fairness }) {
    const { cohorts } = fairness;
    this.root.hidden = sale.queue === "none";
    this.#facts.show([
      ["Evenness (Jain’s index)", cohorts?.jain_index?.toFixed(3) ?? "–"],
      ["People, of entries", percent(cohorts?.human_share_estimate.entries ?? null)],
      ["People, of units sold", percent(cohorts?.human_share_estimate.units ?? null)],
    ]);
    setText(this.#order, orderInWords(fairness)[1]);
    this.#known.hidden = cohorts === null;
    if (cohorts === null) return;
    setChildren(this.#tables, cohorts, () => [h("p", {}, cohortsInWords(cohorts.jain_index)),
      h("p", { class: "quiet" }, peopleInWords(cohorts)), ...cohortTables(cohorts)]);
  }
}
