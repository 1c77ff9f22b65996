// The parts of a report that are words and bars.

import { h } from "../shop/dom.js";
import { count, isNet, moment, roundOf } from "../shop/words.js";
import { cohorts } from "./cohorts.js";
import { arrivalsInWords, drawInWords, orderInWords, pace, percent, span } from "./words.js";

function tile(value, label, note = "") {
  return h("div", { class: "tile" }, h("b", {}, value), h("span", {}, label), note && h("small", {}, note));
}

function share(of, all) {
  return all > 0 ? of / all : null;
}

function onTheWhole(velocity) {
  return `on the whole ${pace(velocity.per_second)}`;
}

function untilAllHeld({ sale, seconds_to_all_held: seconds }) {
  if (seconds !== null) return span(seconds);
  return sale.state === "closed" ? "never" : "not yet";
}

function tilesOfSale(report) {
  const { sale, velocity } = report;
  const { offers_lapsed: lapsed, holds_expired: expired } = report.no_shows;
  const isSold = report.seconds_to_all_sold !== null;
  return [
    tile(untilAllHeld(report), "until all were reserved"),
    isSold
      ? tile(span(report.seconds_to_all_sold), "until all were sold")
      : tile(`${count(sale.sold)} of ${count(sale.units)}`, "were sold", percent(share(sale.sold, sale.units))),
    tile(count(velocity.held.best_second), "reserved in the best second", onTheWhole(velocity.held)),
    tile(count(velocity.sold.best_second), "sold in the best second", onTheWhole(velocity.sold)),
    tile(percent(report.funnel.sold_of_holds), "of reservations were paid"),
    lapsed === null ? tile(percent(expired), "of reservations ran out")
      : tile(percent(lapsed), "of offers were not taken"),
  ];
}

function tilesOfNet(report) {
  const { sale, velocity, funnel: steps, no_shows: noShows } = report;
  return [
    tile(count(steps.holds), steps.holds === 1 ? "visit" : "visits"),
    tile(count(sale.units), sale.units === 1 ? "place inside" : "places inside"),
    tile(count(velocity.held.best_second), "came in within the best second", onTheWhole(velocity.held)),
    tile(count(steps.entries), "stood in line"),
    tile(percent(noShows.offers_lapsed), "of those called did not come"),
    tile(percent(noShows.holds_expired), "of visits lasted until their time was up"),
  ];
}

export function headline(report) {
  return h("section", { class: "tiles", "aria-label": "Headline figures" },
    ...(isNet(report.sale) ? tilesOfNet : tilesOfSale)(report));
}

function step(name, number, widest, note) {
  const bar = h("i", {});
  const width = widest > 0 ? Math.max(0.5, (100 * number) / widest) : 0;
  bar.style.width = `${width}%`; // by the object model: the policy refuses style attributes
  return h("li", {}, h("span", { class: "name" }, name), h("b", {}, count(number)),
    h("span", { class: "track", "aria-hidden": "true" }, bar), h("small", {}, note));
}

function stepsOfSale({ funnel: steps, sale, left, removed }, widest) {
  const queued = sale.queue !== "none";
  const of = (part, what) => part === null ? "" : `${percent(part)} ${what}`;
  return [
    queued && step("Places in line", steps.entries, widest, givenUp(left + removed)),
    queued && step("Offers", steps.offers, widest, of(steps.offered_of_entries, "of the places in line")),
    step("Reservations", steps.holds, widest, queued ? of(steps.held_of_offers, "of the offers were taken") : ""),
    step("Sold", steps.sold, widest, of(steps.sold_of_holds, "of the reservations")),
  ];
}

function stepsOfNet({ funnel: steps, left, removed }, widest) {
  const of = (part, what) => part === null ? "" : `${percent(part)} ${what}`;
  return [
    step("Places in line", steps.entries, widest, givenUp(left + removed)),
    step("Called", steps.offers, widest, of(steps.offered_of_entries, "of the places in line")),
    step("Visits", steps.holds, widest, of(steps.held_of_offers, "of those called came")),
  ];
}

function givenUp(number) {
  return number > 0 ? `${count(number)} of them given up or taken out` : "";
}

export function funnel(report) {
  const { funnel: steps, sale } = report;
  const widest = Math.max(steps.entries, steps.offers, steps.holds, steps.sold);
  const rows = isNet(sale) ? stepsOfNet(report, widest) : stepsOfSale(report, widest);
  return h("section", {}, h("h2", {}, isNet(sale) ? "From the line to the inside" : "From the line to the till"),
    h("ol", { class: "funnel" }, rows),
    h("p", { class: "quiet" }, lost(report)));
}

const lostBySales = {
  offers_lapsed: ["offer was not taken in time", "offers were not taken in time"],
  holds_expired: ["reservation ran out unpaid", "reservations ran out unpaid"],
  holds_released: ["was given back", "were given back"],
  payments_failed: ["payment was declined", "payments were declined"],
  payments_late: ["payment came too late and goes back", "payments came too late and go back"],
};
const lostByNets = {
  offers_lapsed: ["did not come when called", "did not come when called"],
  holds_expired: ["visit lasted until its time was up", "visits lasted until their time was up"],
  holds_released: ["visit ended before", "visits ended before"],
};

function lost(report) {
  const net = isNet(report.sale);
  const parts = Object.entries(net ? lostByNets : lostBySales).filter(([name]) => report[name] > 0)
    .map(([name, [one, many]]) => `${count(report[name])} ${report[name] === 1 ? one : many}`);
  const next = net ? "Their places went to the next." : "What came back was offered to the next.";
  return parts.length > 0 ? `On the way: ${parts.join(", ")}. ${next}` : "";
}

function finding(title, [look, sentence], figure) {
  return h("li", { class: look === "good" ? "right" : "wrong" },
    h("span", { class: "check", "aria-hidden": "true" }, look === "good" ? "✓" : "!"),
    h("div", {}, h("h3", {}, title), h("p", {}, sentence), figure && h("p", { class: "quiet" }, figure)));
}

function testFigure(test) {
  return `Chi-square ${test.chi_square.toFixed(1)} with ${test.degrees_of_freedom} degrees of freedom over ` +
    `${count(test.tested)} of ${count(test.entries)} places: p = ${test.p_value.toPrecision(2)}.`;
}

function jainFigure({ jain_index: jain, jain_index_by_chance: byChance }) {
  return `Jain's index of the chances of ten groups by arrival: ${jain.toFixed(3)}, where 1 is exactly even; chance ` +
    `alone makes it about ${byChance.toFixed(3)}.`;
}

export function fairness(report) {
  const found = report.fairness;
  if (report.sale.queue === "none") {
    return h("section", {}, h("h2", {}, "Fairness"),
      h("p", {}, "This sale had no queue: whoever came first was served first, and there was no order to keep."));
  }
  const drawn = report.sale.draw !== null;
  const test = found.uniformity;
  return h("section", {}, h("h2", {}, "Was it fair?"), h("ol", { class: "steps" },
    finding("The order was kept", orderInWords(found),
      found.kendall_tau !== null && `Kendall's tau of places and offers: ${found.kendall_tau}; 1 is exactly in order.`),
    drawn && finding("The draw was chance", drawInWords(found), test && testFigure(test)),
    drawn && finding("Early or late made no difference", arrivalsInWords(found),
      found.jain_index !== null && jainFigure(found))),
    found.by_arrival && tenths(found.by_arrival), found.cohorts && cohorts(found.cohorts));
}

function tenths(groups) {
  const best = Math.max(...groups.map((group) => group.offered_of_stayed), 1e-9);
  const column = (group, at) => {
    const bar = h("i", {});
    bar.style.height = `${(100 * group.offered_of_stayed) / best}%`;
    return h("li", {}, h("span", { class: "track" }, bar), h("b", {}, percent(group.offered_of_stayed)),
      h("span", { class: "unseen" }, ` of group ${at + 1} of 10 by arrival`));
  };
  return h("figure", { class: "tenths" }, h("figcaption", {}, h("strong", {}, "Who was offered a unit"),
    h("span", { class: "quiet" }, "by when they came, of those who stayed")),
    h("ol", {}, ...groups.map(column)),
    h("p", { class: "ends quiet", "aria-hidden": "true" },
      h("span", {}, "the first to join"), h("span", {}, "the last")));
}

const promises = {
  units_add_up: "Every unit is somewhere, exactly once: free, offered, reserved, being paid or sold.",
  holds_end_once: "Every reservation ended once at most, and none is missing.",
  offers_in_order: "No offer went out of turn.",
};

export function invariants(report) {
  const one = ([name, words]) => h("li", { class: report.invariants[name] ? "right" : "wrong" },
    h("span", { class: "check", "aria-hidden": "true" }, report.invariants[name] ? "✓" : "✗"),
    h("p", {}, h("span", { class: "unseen" }, report.invariants[name] ? "Kept: " : "Broken: "), words));
  return h("section", {}, h("h2", {}, "Promises kept"),
    h("p", { class: "quiet" }, "Counted again from the log of what happened, beside the server's own books."),
    h("ul", { class: "steps promises" }, ...Object.entries(promises).map(one)));
}

function undrawn({ state, draw: { beacon } }) {
  if (state === "closed") {
    return beacon ? `Nothing was drawn: the sale was closed before it had the value of ${roundOf(beacon)}, public ` +
      `${moment(beacon.published_at)}.` : "Nothing was drawn: the sale was closed before it opened.";
  }
  return beacon ? `Nothing is drawn yet: the places wait for ${roundOf(beacon)}, public ${moment(beacon.published_at)}.`
    : "Nothing is drawn before the opening.";
}

export function proof({ sale }) {
  if (!sale.draw) return null;
  const { beacon } = sale.draw;
  const row = ([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value));
  const numbers = [["Seal, published before the first place was taken", sale.draw.commitment],
    ["Secret, shown once the list was closed", sale.draw.secret], ["Fingerprint of the list", sale.draw.root],
    ["Places on the list", count(sale.draw.entries)], [beacon && `Value of ${roundOf(beacon)}`, beacon?.value ?? null]];
  const transcript = sale.draw.transcript;
  return h("section", {}, h("h2", {}, "The draw's proof"),
    h("p", {}, transcript ? "The seal fits the secret, the secret and the list make the key, and the key makes the " +
      "order. Anybody can check all of it without us:" : undrawn(sale)),
    transcript && beacon && h("p", {}, `The key also holds a number that the world learned only ` +
      `${moment(beacon.published_at)}, after the list was closed. That it is ${roundOf(beacon)} only ` +
      `${beacon.source} can tell: compare.`),
    h("dl", { class: "hex" }, ...numbers.filter(([, value]) => value !== null).map(row)),
    transcript && h("p", { class: "links" },
      h("a", { href: transcript, download: `${sale.id}.txt` }, "The whole record"),
      h("a", { href: "/draw/verify.py", download: true }, "verify.py"),
      h("a", { href: "/draw/format.md" }, "The format, to the byte"),
      h("a", { href: `/s/${sale.id}/draw` }, "How it works")),
    transcript && h("pre", { tabindex: "0" }, `python3 verify.py ${sale.id}.txt`));
}
