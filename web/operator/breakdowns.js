// What the clicks of a short link are made of, in bars: by country, by referrer and so on. Each is a line of the table
// below; what a server does not tell is not there.

import { button, h, setChildren, setShown, setText } from "../shop/dom.js";
import { count } from "../shop/words.js";

const rowsFirst = 8;
const regions = new Intl.DisplayNames(["en"], { type: "region" });

function countryName(code) {
  if (code === "ZZ") return "Not known";
  try {
    return regions.of(code);
  } catch {
    return code;
  }
}

// `member` of GET /analytics/{code}: { name: clicks } or [{ ..., clicks }]; `rest`: members that count what is none of
// them, in words; `name`: what a name is called, if not by itself; `isOptional`: not shown while it has no name.
const breakdowns = [
  { member: "geographic_distribution", title: "Countries", name: countryName },
  { member: "top_referrers", title: "Referrers", rest: { other_referrers: "Others", no_referrer: "Not named" } },
  { member: "browsers", title: "Browsers" },
  { member: "systems", title: "Systems" },
  { member: "devices", title: "Devices" },
  { member: "variants", title: "Variants", rest: { other_variants: "Earlier ones", no_variant: "None" },
    isOptional: true },
];

// [name, clicks] of a row, whatever it calls its name.
function pairOf({ clicks, ...named }) {
  return [Object.values(named).find((value) => typeof value === "string"), clicks];
}

// [words, clicks] each, the most first, the rest last; null for what the server does not tell.
function rowsOf({ member, rest = {}, name = (each) => each, isOptional = false }, analytics) {
  const told = analytics[member];
  if (told === undefined || (isOptional && told.length === 0)) return null;
  const pairs = Array.isArray(told) ? told.map(pairOf) : Object.entries(told);
  const named = pairs.map(([each, clicks]) => [name(each), clicks]).sort(([, a], [, b]) => b - a);
  const others = Object.entries(rest).map(([key, words]) => [words, analytics[key] ?? 0]);
  return [...named, ...others.filter(([, clicks]) => clicks > 0)];
}

class Breakdown {
  #rows = h("ol", { class: "ranked" });
  #none = h("p", { class: "quiet" }, "Nothing to show yet.");
  #all = button("", () => this.#toggle(), "small");
  #isWhole = false;
  #analytics = null;
  #how;

  constructor(how) {
    this.#how = how;
    this.#all.setAttribute("aria-expanded", "false");
    this.root = h("section", { class: "panel breakdown", "data-breakdown": how.member }, h("h2", {}, how.title),
      this.#none, this.#rows, this.#all);
  }

  show(analytics) {
    this.#analytics = analytics;
    const rows = rowsOf(this.#how, analytics);
    setShown(this.root, rows !== null);
    if (rows !== null) this.#showRows(rows, analytics.total_clicks);
  }

  #showRows(rows, total) {
    setShown(this.#none, rows.length === 0);
    setShown(this.#rows, rows.length > 0);
    setShown(this.#all, rows.length > rowsFirst);
    setText(this.#all, this.#isWhole ? "Show fewer" : `Show all ${count(rows.length)}`);
    const shown = this.#isWhole ? rows : rows.slice(0, rowsFirst);
    setChildren(this.#rows, shown.map(([words]) => words), () => shown.map(([words]) => h("li", {},
      h("span", { class: "name" }, words), h("b", {}), h("span", { class: "quiet" }),
      h("span", { class: "track", "aria-hidden": "true" }, h("i", {})))));
    const most = Math.max(...rows.map(([, clicks]) => clicks), 1);
    shown.forEach(([, clicks], at) => this.#fill(this.#rows.children[at], clicks, total, most));
  }

  #fill(row, clicks, total, most) {
    const [, number, share, { firstChild: bar }] = row.children;
    setText(number, count(clicks));
    setText(share, `${Math.round((100 * clicks) / Math.max(total, 1))}\u00a0%`);
    bar.style.width = `${(100 * clicks) / most}%`; // by the object model: the policy refuses style attributes
  }

  #toggle() {
    this.#isWhole = !this.#isWhole;
    this.#all.setAttribute("aria-expanded", String(this.#isWhole));
    this.show(this.#analytics);
  }
}

export class Breakdowns {
  #each = breakdowns.map((how) => new Breakdown(how));
  root = h("div", { class: "breakdowns" }, this.#each.map(({ root }) => root));

  show(analytics) {
    for (const each of this.#each) each.show(analytics);
  }
}
