// What the page says: money, times, and the server's refusals in words for a customer.

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
  removed: "The shop took this place out of the queue.",
};

export function refusalInWords(refusal) {
  return refusals[refusal.slug] ?? refusal.message;
}

export function money(price) {
  if (!price) return "";
  try {
    const format = new Intl.NumberFormat("en", { style: "currency", currency: price.currency });
    return format.format(price.amount / 10 ** format.resolvedOptions().maximumFractionDigits);
  } catch {
    return `${price.amount} ${price.currency}`;
  }
}

export function count(number) {
  return number.toLocaleString("en");
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

export function badge(sale, now) {
  if (sale.state === "open" && sale.sold === sale.units) return ["sold out", "gone"];
  if (sale.state === "open" && sale.available === 0) return ["all reserved", "gone"];
  if (sale.state === "open") return ["open", "open"];
  if (sale.state === "closed") return ["closed", "gone"];
  if (sale.state === "paused") return ["paused", ""];
  return [`opens in ${left(Date.parse(sale.opens_at) - now)}`, ""];
}
