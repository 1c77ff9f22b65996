// Who was offered a unit, by who they seem to be: for a report, and for an operator while it goes on.

import { h } from "../shop/dom.js";
import { count } from "../shop/words.js";
import { cohortsInWords, peopleInWords, percent } from "./words.js";

const dimensions = { score: "Guard's score", network: "Network", device: "Device", country: "Country" };

function cohortRow(by, { name, entries, offered, sold, offered_of_stayed: rate }) {
  const from = Number(name);
  const label = by === "score" ? `${name} to ${(from + 0.1).toFixed(1)}` : name.replaceAll("_", " ");
  return h("tr", {}, h("th", { scope: "row" }, label),
    ...[count(entries), count(offered), count(sold), percent(rate)].map((value) => h("td", {}, value)));
}

function dimensionTable({ by, p_value: p, jain_index: jain, cohorts: rows }) {
  const heads = [dimensions[by], "Entries", "Offers", "Sold", "Share"];
  const figure = p === null ? "Too few to compare." : `Chi-square: p = ${p.toPrecision(2)}. Jain's index: ` +
    `${jain === null ? "–" : jain.toFixed(3)}.`;
  return h("div", { class: "rows", tabindex: "0", role: "region", "aria-label": dimensions[by] }, h("table", {},
    h("caption", { class: "quiet" }, figure),
    h("thead", {}, h("tr", {}, heads.map((words) => h("th", { scope: "col" }, words)))),
    h("tbody", {}, rows.map((row) => cohortRow(by, row)))));
}

export function cohortTables({ dimensions: tables }) {
  return [h("p", { class: "quiet" }, "Share: of those who stayed, how many were offered a unit."),
    ...tables.map(dimensionTable)];
}

export function cohorts(found) {
  return h("details", { class: "cohorts" }, h("summary", {}, "Who was offered a unit, by who they seem to be"),
    h("p", {}, cohortsInWords(found.jain_index)), h("p", { class: "quiet" }, peopleInWords(found)),
    cohortTables(found));
}
