// How recommendations fare as a whole: how much of the catalogue is ever shown, whether it is always the same items,
// how fresh they are, and which table takes how much memory.

import { h, setChildren } from "../shop/dom.js";
import { count, moment } from "../shop/words.js";
import { Facts } from "./facts.js";

const tables = {
  items: "Catalogue",
  users: "Users' histories",
  sessions: "Visits' histories",
  bought_together: "What was bought together",
  viewed_together: "What was looked at together",
  visits: "Visits by their items",
  lately: "What is done lately, for trends",
  by_country: "What is done in each country",
  responses: "What was seen and followed",
  documents: "Rules, surfaces, users' details",
};

export function bytesInWords(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  const units = ["KiB", "MiB", "GiB", "TiB"];
  const at = Math.min(Math.floor(Math.log2(bytes) / 10), units.length) - 1;
  return `${(bytes / 1024 ** (at + 1)).toPrecision(3)} ${units[at]}`;
}

export function shareInWords(share) {
  if (share === 0) return "0 %";
  if (share < 0.0001) return "≈ 0 %";
  return share < 0.1 ? `${(share * 100).toPrecision(2)} %` : `${Math.round(share * 100)} %`;
}

// Ranked rows with a track each: [name, number, words].
export function tracks(rows) {
  const most = Math.max(...rows.map(([, number]) => number), 1);
  const whole = rows.reduce((sum, [, number]) => sum + number, 0) || 1;
  return rows.map(([name, number, words]) => {
    const track = h("i", {});
    track.style.width = `${(number / most) * 100}%`;
    return h("li", {}, h("span", { class: "name" }, name), h("b", {}, words), h("span", { class: "quiet" },
      shareInWords(number / whole)), h("span", { class: "track" }, track));
  });
}

function tilesOf({ recommended, entries, freshness_ms }) {
  const { coverage, popular_share, popular_share_of_interactions, new_share, new_share_of_items } = recommended;
  return [
    ["Shown of the catalogue", shareInWords(Math.min(coverage, 1)),
      `${count(recommended.items)} of ${count(recommended.items_shown)} items`],
    ["Places of the most popular 1 %", shareInWords(popular_share),
      `${shareInWords(popular_share_of_interactions)} of what visitors do is with them`],
    ["Places of new items", shareInWords(new_share),
      `${shareInWords(new_share_of_items)} of the items are of the last 30 days`],
    ["Behind", `${count(freshness_ms)} ms`, `${count(entries.interactions)} interactions are known`],
  ];
}

export class RecsNumbers {
  #tiles = h("dl", { class: "tiles four" });
  #lately = h("p", { class: "quiet" });
  #sources = h("ul", { class: "ranked" });
  #memory = h("ul", { class: "ranked" });
  #entries = new Facts();

  constructor() {
    this.root = h("div", { class: "stack" }, h("section", { "aria-label": "Numbers" }, this.#tiles, this.#lately),
      h("div", { class: "breakdowns" },
        h("section", { class: "panel" }, h("h2", {}, "Places by source"), this.#sources),
        h("section", { class: "panel" }, h("h2", {}, "Memory"), this.#memory),
        h("section", { class: "panel" }, h("h2", {}, "What is known"), this.#entries.root)));
  }

  show(usage) {
    const { recommended, memory, entries, model_version } = usage;
    setChildren(this.#tiles, tilesOf(usage), () => tilesOf(usage).map(([term, number, more]) =>
      h("div", { class: "tile" }, h("dt", {}, term), h("dd", {}, h("b", {}, number)),
        h("dd", { class: "quiet" }, more))));
    this.#lately.textContent = recommended.answers === 0 ? "Nothing was recommended since the start." :
      `Of the ${count(recommended.answers)} newest answers, since ${moment(recommended.since)}.`;
    const sources = [...recommended.by_source].sort((a, b) => b.places - a.places)
      .map(({ source, places }) => [source, places, count(places)]);
    setChildren(this.#sources, sources, () => tracks(sources));
    const rows = memory.map(({ table, bytes }) => [tables[table] ?? table, bytes, bytesInWords(bytes)]);
    setChildren(this.#memory, rows, () => tracks(rows));
    this.#entries.show([["Items", count(entries.items)], ["Users", count(entries.users)],
      ["Visits", count(entries.sessions)], ["Interactions", count(entries.interactions)],
      ["Made by", model_version]]);
  }
}
