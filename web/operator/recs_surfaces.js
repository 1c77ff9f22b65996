// What each surface has shown and what was clicked there: the share with its interval, by day, source and place.

import { Plot } from "../plots/plot.js";
import { h, setChildren, setShown } from "../shop/dom.js";
import { count } from "../shop/words.js";
import { Facts } from "./facts.js";
import { xOf } from "./link_clicks.js";
import { countsIn, rateInWords, tableOf } from "./rates.js";

const everywhereElse = "*";
const surfacesShown = 20;
const nameOf = (surface) => (surface === everywhereElse ? "all others" : surface);
const policies = { logged: "as it was drawn", greedy: "never drawing", uniform: "always drawing" };

// { xs, columns } of shares in percent; a day on which nothing was shown has none.
export function ratesByDay(days) {
  const column = (name) => days.map(({ ctr }) => (ctr ? Number((ctr[name] * 100).toFixed(2)) : null));
  return { xs: days.map(({ day }) => xOf(day)),
    columns: { value: column("value"), low: column("low"), high: column("high") } };
}

function estimate(one) {
  return one ? `${one.value.toPrecision(3)} ± ${one.standard_error.toPrecision(2)}` : "—";
}

// The one that most was seen on.
export function busiest(reports) {
  return reports.reduce((most, each) => (each.impressions > most.impressions ? each : most)).surface;
}

export class RecsSurfaces {
  #all = h("div", {});
  #choice = h("select", { id: "surface-shown" });
  #facts = new Facts();
  #tables = h("div", { class: "breakdowns" });
  #plot = new Plot({ title: "Followed, of what was seen", x: "day", whole: false, height: 220,
    note: "percent, days in UTC", lines: [{ key: "value", label: "Share", colour: "--clicks-people", kind: "bars" },
      { key: "low", label: "At least", colour: "--clicks-all", kind: "dashes" },
      { key: "high", label: "At most", colour: "--clicks-all", kind: "dashes" }] });
  #server;
  #reports = [];
  #isThere = true;

  constructor({ server }) {
    this.#server = server;
    this.#choice.addEventListener("change", () => this.#showChosen());
    this.root = h("section", { class: "panel", "aria-label": "Surfaces", hidden: true },
      h("h2", {}, "What is followed"), this.#all, h("div", { class: "field one-surface" },
        h("label", { for: "surface-shown" }, "One surface"), this.#choice),
      this.#facts.root, this.#plot.root, this.#tables);
  }

  async look() {
    if (!this.#isThere) return;
    try {
      const put = await this.#server.list("/recs/surfaces", "documents");
      const names = [...put.slice(0, surfacesShown).map(({ name }) => name), everywhereElse];
      this.#reports = await Promise.all(names.map((name) =>
        this.#server.get(`/recs/surfaces/${encodeURIComponent(name)}/report?days=28`)));
    } catch (refusal) {
      if (refusal.status !== 404) throw refusal;
      this.#isThere = false; // a server that counts nothing of it
      return;
    }
    this.#showAll();
    setShown(this.root, true);
    this.#showChosen();
  }

  #showAll() {
    const rows = this.#reports.map((each) => [nameOf(each.surface), ...countsIn(each)]);
    setChildren(this.#all, rows, () => tableOf("In 28 days", ["Surface", "Seen", "Followed", "Share"], rows));
    const names = this.#reports.map(({ surface }) => surface);
    const chosen = this.#choice.value;
    setChildren(this.#choice, names, () => names.map((name) => h("option", { value: name }, nameOf(name))));
    this.#choice.value = names.includes(chosen) ? chosen : busiest(this.#reports);
  }

  #showChosen() {
    const report = this.#reports.find(({ surface }) => surface === this.#choice.value);
    if (report) this.#show(report);
  }

  #show(report) {
    this.#facts.show([["Followed, of what was seen", rateInWords(report.ctr)],
      report.unattributed_clicks > 0 && ["Clicks that name no answer", count(report.unattributed_clicks)]]);
    const { xs, columns } = ratesByDay(report.by_day);
    this.#plot.show(xs, columns);
    setChildren(this.#tables, [report.by_source, report.by_position, report.policies], () => this.#tablesOf(report));
  }

  #tablesOf({ by_source, by_position, policies: estimates }) {
    const heads = ["Seen", "Followed", "Share"];
    const place = ({ first, last }) => (first === last ? String(first) : `${first} to ${last}`);
    const drawn = estimates.filter(({ impressions }) => impressions > 0);
    return [
      by_source.length > 0 && tableOf("By source", ["Source", ...heads],
        by_source.map((each) => [each.source, ...countsIn(each)])),
      by_position.length > 0 && tableOf("By place", ["Place", ...heads],
        by_position.map((each) => [place(each), ...countsIn(each)])),
      drawn.length > 0 && tableOf("Where items are drawn, clicks for one that is seen", ["Policy", "Seen", "SNIPS"],
        drawn.map((each) => [policies[each.policy], count(each.impressions), estimate(each.snips)])),
    ];
  }

  stop() {
    this.#plot.stop();
  }
}
