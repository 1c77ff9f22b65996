// A report's numbers in words for somebody who was not there.

import { count } from "../shop/words.js";

// "0.8 s", "48 s", "4 min 10 s", "2 h 5 min", "3 days"
export function span(seconds) {
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  const all = Math.round(seconds);
  if (all < 60) return `${all} s`;
  const [minutes, hours, days] = [Math.floor(all / 60), Math.floor(all / 3600), Math.floor(all / 86400)];
  if (hours < 1) return all % 60 ? `${minutes} min ${all % 60} s` : `${minutes} min`;
  if (days < 1) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return days === 1 ? "1 day" : `${days} days`;
}

export function percent(share) {
  if (share === null) return "–";
  const value = share * 100;
  return `${value > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} %`;
}

// A pace with no more digits than it is worth.
export function pace(perSecond) {
  if (perSecond === null) return "–";
  if (perSecond >= 10) return `${count(Math.round(perSecond))} a second`;
  if (perSecond >= 0.1) return `${perSecond.toFixed(1)} a second`;
  const perMinute = perSecond * 60;
  return perMinute >= 1 ? `${perMinute.toFixed(1)} a minute` : `${(perMinute * 60).toFixed(1)} an hour`;
}

// [good or odd, sentence]
export function orderInWords(fairness) {
  if (fairness.kendall_tau === null) return ["good", "Fewer than two offers went out, so there was no order to keep."];
  if (fairness.offers_in_order) {
    return ["good", "Every unit was offered strictly in the order of the places: nobody was passed, nobody jumped " +
      "ahead."];
  }
  return ["odd", "Some offers did not go out in the order of the places. That must never happen: ask the operator " +
    "why."];
}

export function drawInWords({ uniformity }) {
  if (!uniformity) return ["good", "Too few took part in a draw to tell chance from anything else."];
  const cases = uniformity.p_value * 100;
  if (cases < 0.1) {
    return ["odd", "The places look less mixed than chance would make them in 999 of 1,000 fair draws. That alone " +
      "proves nothing, but check the record below."];
  }
  const often = cases < 1 ? "fewer than 1 of 100" : `about ${Math.min(99, Math.round(cases))} of 100`;
  return ["good", `The places look like pure chance: ${often} fair draws would look at least as uneven as this one.`];
}

export function arrivalsInWords({ jain_index: jain, jain_index_by_chance: byChance }) {
  if (jain === null) return ["good", "Nobody was drawn, or nothing was offered, so there are no chances to compare."];
  const unevenness = (1 - jain) / Math.max(1 - byChance, 1e-4);
  if (unevenness < 3 || jain > 0.99) {
    return ["good", "It made no difference when people came: the first and the last to join were offered units about " +
      "equally often, as far as chance lets them."];
  }
  return ["odd", "When people came seems to have mattered more than chance explains. Check the record below."];
}

// By network, device and country: whom the guard takes for a bot may well be offered less.
export function cohortsInWords(jain) {
  if (jain === null) return "Too few were offered a unit to compare networks, devices and countries.";
  const even = jain > 0.95 ? "about equally often" : "not equally often: look at the tables";
  return `Customers of all networks, devices and countries were offered units ${even} (Jain's index ` +
    `${jain.toFixed(3)}, where 1 is exactly even).`;
}

// Where anything is known of those who came.
export function peopleInWords({ entries, human_share_estimate: people }) {
  return `Of ${count(entries)} entries something is known. By the guard's score, which is an estimate, ` +
    `${percent(people.entries)} of them were people's` +
    (people.units === null ? "." : `, and ${percent(people.units)} of the units sold went to people.`);
}
