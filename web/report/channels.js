// What the links of a sale have brought, as rows: on the board and in the report.

import { h } from "../shop/dom.js";
import { count, moment } from "../shop/words.js";
import { percent } from "./words.js";

// [title, what a row shows].
export const channelColumns = [
  ["Clicks", (row) => row.people === undefined ? "–" : count(row.people)],
  ["Joins", (row) => count(row.joins)],
  ["Units", (row) => count(row.units)],
  ["Per click", (row) => row.conversion === undefined ? "–" : percent(row.conversion)],
];

// Each link, and behind them those who came by none, once anything is counted.
export function channelRows({ links, others, since }) {
  const rows = links.map((each) => ({ ...each, conversion: each.conversion ?? undefined }));
  return since ? [...rows, { short_code: "", ...others }] : rows;
}

export const channelsInWords = ({ since, next }) => `Counted since ${moment(since)}. Clicks are those of people; ` +
  `programs are left out.${next ? " The newest links are shown." : ""}`;

// Of a report; null for a sale that has no links of its own.
export function channels(known) {
  if (!known?.since) return null;
  const cell = (words) => h("td", {}, words);
  return h("section", { class: "channels" }, h("h2", {}, "Where people came from"),
    h("div", { class: "rows" }, h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Link"),
      ...channelColumns.map(([title]) => h("th", { scope: "col" }, title)))),
    h("tbody", {}, ...channelRows(known).map((row) => h("tr", {},
      h("th", { scope: "row" }, row.short_code ? row.title || row.short_code : "No link"),
      ...channelColumns.map(([, words]) => cell(words(row)))))))),
    h("p", { class: "quiet" }, channelsInWords(known)));
}
