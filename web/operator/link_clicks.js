// How often a short link was followed: the numbers in total, and a plot of the days.

import { Plot } from "../plots/plot.js";
import { h, setChildren, setText } from "../shop/dom.js";
import { count } from "../shop/words.js";
import { datedMoment } from "./link_words.js";

// What the server does not tell is left out.
const totals = [["total_clicks", "Clicks"], ["people", "People"], ["bots", "Programs"],
  ["unique_clicks", "Different people"]];
// Different people are told with how sure that is, and how many clicks could not be told apart.
const numberIn = (analytics, name) => analytics[name]?.visitors ?? analytics[name];
const daySpans = [["30", "30 days"], ["90", "90 days"], ["", "All"]];
const daysLeast = 14;
const dayMs = 86_400_000;

// The day in UTC, which the server counts by, `days` later.
function dayOf(ms, days = 0) {
  return new Date(ms + days * dayMs).toISOString().slice(0, 10);
}

// Where a plot in the viewer's zone has that day's begin.
export function xOf(day) {
  const [year, month, date] = day.split("-").map(Number);
  return new Date(year, month - 1, date).getTime() / 1000;
}

// { xs, columns } of every day from `first` or the first with a click, whichever is earlier, to `last`: the server
// leaves out the days without any.
function everyDay(counted, first, last) {
  const known = new Map(counted.map((each) => [each.date, each]));
  const begin = Math.min(Date.parse(first), Date.parse(counted[0]?.date ?? first));
  const end = Math.max(Date.parse(last), Date.parse(counted.at(-1)?.date ?? last));
  const days = Array.from({ length: Math.round((end - begin) / dayMs) + 1 }, (_, at) => dayOf(begin, at));
  const column = (name) => days.map((day) => known.get(day)?.[name] ?? 0);
  return { xs: days.map(xOf), columns: { clicks: column("clicks"), people: column("people") } };
}

// The first click here and the last, and how many came before the link did.
function whenOf(analytics) {
  const here = analytics.first_at === null ? "Nobody has followed it yet." :
    `First ${datedMoment(analytics.first_at)}, last ${datedMoment(analytics.last_at)}`;
  const before = analytics.imported?.clicks ?? 0;
  return before > 0 ? `${here} (${count(before)} clicks are from before it came here)` : here;
}

export class LinkClicks {
  #numbers = new Map();
  #tiles = h("dl", { class: "tiles" });
  #when = h("p", { class: "quiet" });
  #days = daySpans[0][0];
  #plot = new Plot({ title: "Clicks by day", x: "day", height: 240, note: "days in UTC", lines: [
    { key: "clicks", label: "All", colour: "--clicks-all", kind: "bars" },
    { key: "people", label: "People", colour: "--clicks-people", kind: "bars" }] });

  // `refresh()` asks the server again.
  constructor(refresh) {
    const one = ([value, words]) => h("button", { type: "button", "aria-pressed": String(value === this.#days), value,
      onclick: (event) => this.#choose(event.currentTarget, refresh) }, words);
    this.tiles = h("section", { "aria-label": "Numbers" }, this.#tiles, this.#when);
    this.root = h("section", { class: "panel flow" },
      h("div", { class: "spans", role: "group", "aria-label": "Time shown" }, daySpans.map(one)), this.#plot.root);
  }

  // What the server is asked for.
  query(now) {
    return this.#days ? `?from=${dayOf(now, 1 - Number(this.#days))}` : "";
  }

  show(analytics, now) {
    const known = totals.filter(([name]) => typeof numberIn(analytics, name) === "number");
    this.#tiles.className = `tiles ${known.length === 4 ? "four" : "three"}`;
    setChildren(this.#tiles, known.map(([name]) => name), () => known.map((tile) => this.#tile(tile)));
    for (const [name] of known) setText(this.#numbers.get(name), count(numberIn(analytics, name)));
    setText(this.#when, whenOf(analytics));
    const first = dayOf(now, 1 - (Number(this.#days) || daysLeast));
    const { xs, columns } = everyDay(analytics.clicks_by_date, first, dayOf(now));
    this.#plot.show(xs, columns);
  }

  #tile([name, words]) {
    const number = h("b", { "data-count": name });
    this.#numbers.set(name, number);
    return h("div", { class: `tile ${name}` }, h("dt", {}, words), h("dd", {}, number));
  }

  #choose(button, refresh) {
    this.#days = button.value;
    for (const each of button.parentElement.children) each.setAttribute("aria-pressed", String(each === button));
    refresh();
  }

  stop() {
    this.#plot.stop();
  }
}
