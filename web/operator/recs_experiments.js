// Experiments with what they have shown so far, and what may be said of it.

import { h, setChildren, setShown } from "../shop/dom.js";
import { count, moment } from "../shop/words.js";
import { rateInWords, tableOf } from "./rates.js";

const states = { "too-early": "", undecided: "", decided: "open", "sample-ratio-mismatch": "gone" };

function rowOf(each, kind) {
  return [each.variant, count(kind === "holdout" ? each.visitors : each.visitors_exposed), count(each.clicks),
    count(each.purchases), kind === "interleave" ? `${count(each.wins)} wins` : rateInWords(each.rate)];
}

// What each variant is compared with, in a sentence.
export function comparisonInWords({ variant, against, p_value, difference, sample, sample_needed }) {
  const points = (share) => (share * 100).toFixed(2);
  const sign = difference?.value > 0 ? "+" : "";
  const by = difference ? `${sign}${points(difference.value)} points (${points(difference.low)} to ` +
    `${points(difference.high)})` : "nothing to compare yet";
  const needed = sample_needed ? `; a test of a fixed size would need ${count(sample_needed)}` : "";
  return `${variant} to ${against}: ${by}, p ${p_value.toPrecision(2)}, of ${count(sample)} each${needed}.`;
}

export class RecsExperiments {
  #list = h("div", { class: "stack" });
  #server;
  #isThere = true;

  constructor({ server }) {
    this.#server = server;
    this.root = h("section", { class: "panel", "aria-label": "Experiments", hidden: true },
      h("h2", {}, "Experiments"), this.#list);
  }

  async look() {
    if (!this.#isThere) return;
    try {
      const put = await this.#server.list("/recs/experiments", "documents");
      const reports = await Promise.all(put.map(({ name }) =>
        this.#server.get(`/recs/experiments/${encodeURIComponent(name)}/report`)));
      setChildren(this.#list, reports, () => (reports.length > 0 ? reports.map((report) => this.#card(report)) :
        h("p", { class: "quiet" }, "There is none. Rules and surfaces has a form for one.")));
      setShown(this.root, true);
    } catch (refusal) {
      if (refusal.status !== 404) throw refusal;
      this.#isThere = false; // a server without experiments
    }
  }

  #card(report) {
    const { experiment, kind, state, since, variants, verdict, sample_ratio } = report;
    const heads = ["Variant", "Visitors", "Clicks", "Purchases", kind === "interleave" ? "Preferred" : "Share"];
    return h("article", { "aria-label": experiment },
      h("h3", {}, experiment, " ", h("span", { class: `badge ${states[verdict.state]}` }, verdict.state)),
      h("p", {}, verdict.text), h("p", { class: "quiet" }, `${kind}, ${state}, since ${moment(since)}`),
      sample_ratio?.is_mismatch && h("p", { class: "wrong" },
        "The variants do not have the visitors that their shares say. Nothing here can be believed."),
      tableOf(`Variants of ${experiment}`, heads, variants.map((each) => rowOf(each, kind))),
      verdict.comparisons.map((each) => h("p", { class: "quiet" }, comparisonInWords(each))));
  }

  stop() {}
}
