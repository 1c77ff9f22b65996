// One answer of recommendations: what it recommends, from which source, with its reason, and on demand by which counts.

import { h, setChildren } from "../shop/dom.js";
import { count, wholeMoney } from "../shop/words.js";

const short = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

function scoreWords(score) {
  if (score >= 100_000) return short.format(score);
  return score >= 100 ? count(Math.round(score)) : String(Number(score.toPrecision(3)));
}

// What is counted of an item, as [term, words]; `one` is a row of an explanation.
export function countsOf(one) {
  const { bought_by, viewed_by, because, pair_weight_bought, pair_weight_viewed, propensity } = one;
  return [
    ["Bought by", count(bought_by)],
    ["Looked at by", count(viewed_by)],
    ...(because ? [["Because of", because]] : []),
    ...(pair_weight_bought > 0 ? [["Weight: bought with that", scoreWords(pair_weight_bought)]] : []),
    ...(pair_weight_viewed > 0 ? [["Weight: looked at with that", scoreWords(pair_weight_viewed)]] : []),
    ...(propensity ? [["How likely it was there", scoreWords(propensity)]] : []),
  ];
}

export class RecsList {
  #list = h("ol", { class: "recommended" });
  #note = h("p", { class: "quiet" });
  #server;
  #ask;

  // `ask(item)` asks about an item of it.
  constructor(title, server, ask) {
    this.#server = server;
    this.#ask = ask;
    this.root = h("section", { class: "panel", "aria-label": title }, h("h2", {}, title), this.#list, this.#note);
  }

  show(answer) {
    const { items, recommendation, model_version, freshness_ms } = answer;
    setChildren(this.#list, answer, () => items.map((one) => this.#row(one)));
    const why = h("details", { class: "why" }, h("summary", {}, "Why, by which counts"));
    why.addEventListener("toggle", () => why.open && why.childElementCount === 1 && this.#explain(recommendation, why));
    this.#note.replaceChildren(items.length > 0 ? `Model: ${model_version}; ${count(freshness_ms)} ms behind.` :
      "Nothing that may be shown.", items.length > 0 ? why : "");
  }

  fail(words) {
    this.#list.replaceChildren();
    this.#note.replaceChildren(words);
  }

  #row(one) {
    const name = one.title ?? one.item;
    const about = h("button", { type: "button", class: "link", onclick: () => this.#ask(one.item) }, name);
    return h("li", {}, one.image && h("img", { src: one.image, alt: "", width: "48", height: "36", loading: "lazy" }),
      h("div", {}, about, h("span", { class: "quiet" }, ` ${wholeMoney(one.price, one.currency)}`),
        h("p", { class: "reason" }, one.reason),
        h("p", { class: "quiet source" }, `${one.source}, score ${scoreWords(one.score)}`)));
  }

  async #explain(recommendation, why) {
    const told = await this.#server.get(`/recs/explain?recommendation=${recommendation}`).catch((refusal) => refusal);
    if (!told.items) return why.append(h("p", {}, told.message));
    const from = told.from.length > 0 && h("p", {}, `From: ${told.from.join(", ")}.`);
    why.append(...[from].filter(Boolean), ...told.items.map((one) => h("div", {}, h("h3", {}, one.item),
      h("dl", { class: "facts" }, countsOf(one).map(([term, words]) => h("div", {}, h("dt", {}, term),
        h("dd", {}, words)))))));
  }
}
