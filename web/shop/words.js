// What the pages say: money, times, chances, and the server's refusals in words for a customer.

import { minorDigits } from "./iso4217.js";

const refusals = {
  "sold-out": "Every unit is sold or reserved at this moment. Reservations that are not paid come back: try again.",
  "one-per-customer": "You have as many as one customer may have.",
  "not-your-turn": "It is not your turn yet.",
  "sale-not-open": "The sale is not open yet.",
  "sale-paused": "The sale is paused for a moment. Places and reservations are kept.",
  "sale-closed": "The sale is over.",
  "hold-expired": "Your reservation has run out, and the unit went back on sale.",
  "hold-released": "Your unit went back on sale.",
  "payment-in-flight": "A payment is under way. Its result has to be known first.",
  "already-sold": "This unit is paid for already.",
  "too-many-payments": "Too many payments were declined. Give the unit back, or let the time run out.",
  "too-many-entries": "You have come and gone too often: this sale takes no more places of yours.",
  "token-needed": "This sale is for customers with an account of the shop.",
  "return-not-allowed": "The shop has not listed the address that you wanted to go back to. You can go on here.",
  "no-answer": "The shop does not answer. Is your connection there? Nothing is lost: try again in a moment.",
  removed: "The shop took this place out of the queue.",
};

export function refusalInWords(refusal) {
  return refusals[refusal.slug] ?? refusal.message;
}

export function money(price) {
  if (!price) return "";
  const digits = minorDigits(price.currency);
  if (digits === undefined) return `${price.amount} of the smallest unit of ${price.currency}`;
  return wholeMoney(price.amount / 10 ** digits, price.currency);
}

// 19.9 of "EUR"; nothing where that is no currency.
export function wholeMoney(amount, currency) {
  const digits = minorDigits(currency);
  if (digits === undefined || amount === undefined) return "";
  return new Intl.NumberFormat("en", { style: "currency", currency, minimumFractionDigits: digits,
    maximumFractionDigits: digits }).format(amount);
}

const numbers = new Intl.NumberFormat("en");

export function count(number) {
  return numbers.format(number);
}

export function people(number) {
  return number === 1 ? "one person" : `${count(number)} people`;
}

// "2:05", "1:00:00", "3 days 4:05:06"
export function left(milliseconds) {
  const all = Math.max(0, Math.ceil(milliseconds / 1000));
  const days = Math.floor(all / 86400);
  const hours = Math.floor((all % 86400) / 3600);
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor((all % 3600) / 60);
  const clock = hours || days ? `${hours}:${two(minutes)}` : String(minutes);
  return `${days ? `${days} ${days === 1 ? "day" : "days"} ` : ""}${clock}:${two(all % 60)}`;
}

const moments = new Intl.DateTimeFormat("en", { weekday: "short", month: "short", day: "numeric", hour: "numeric",
  minute: "2-digit", timeZoneName: "short" });

// A moment on the visitor's calendar, with its zone: "Fri, Nov 27, 10:00 AM GMT+1".
export function moment(text) {
  return moments.format(new Date(text));
}

// The time of day on the visitor's clock: "10:01:00 AM".
export function timeOf(text) {
  return new Intl.DateTimeFormat("en", { timeStyle: "medium" }).format(new Date(text));
}

// Of a public source of chance.
export function roundOf({ round, source }) {
  return `round ${round} of ${source}`;
}

// No more exact than an estimate is: seconds only below a minute, by tens; minutes below two hours.
function roughly(seconds) {
  if (seconds < 60) return [Math.max(10, Math.ceil(seconds / 10) * 10), "seconds"];
  if (seconds < 7200) return [Math.ceil(seconds / 60), "minutes"];
  return [Math.ceil(seconds / 3600), "hours"];
}

// "under 10 seconds", "2 to 5 minutes", "40 seconds to 2 minutes"
export function waitInWords(wait) {
  if (!wait) return "nobody can say yet";
  if (wait.p90_seconds <= 10) return "a few seconds";
  const [low, lowUnit] = roughly(wait.p10_seconds);
  const [high, highUnit] = roughly(wait.p90_seconds);
  if (lowUnit !== highUnit) return `${unit(low, lowUnit)} to ${unit(high, highUnit)}`;
  return low === high ? `about ${unit(low, lowUnit)}` : `${low} to ${unit(high, highUnit)}`;
}

function unit(number, name) {
  return `${number} ${number === 1 ? name.slice(0, -1) : name}`;
}

export function oddsInWords(odds) {
  if (odds === null || odds === undefined) return "known once the sale is open";
  if (odds >= 0.995) return "very good";
  if (odds === 0) return "none right now";
  if (odds < 0.01) return "less than 1 in 100";
  return `about ${Math.round(odds * 100)} in 100`;
}

// A safety net: nothing is sold, its units are places inside, its holds are visits.
export function isNet(sale) {
  return sale.queue === "pass";
}

export function isSoldOut(sale) {
  return sale.sold === sale.units;
}

// [text, look]
export function badge(sale, now) {
  if (sale.state === "open" && isSoldOut(sale)) return ["sold out", "gone"];
  if (sale.state === "open" && sale.available === 0) return [isNet(sale) ? "full" : "all reserved", "gone"];
  if (sale.state === "open") return ["open", "open"];
  if (sale.state === "closed") return ["closed", "gone"];
  if (sale.state === "paused") return ["paused", ""];
  return [`opens in ${left(Date.parse(sale.opens_at) - now)}`, ""];
}
